"""Two staff tell fifty attendees and three chairs something: the ledger says exactly who read what."""

import asyncio
import struct
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta

import pytest
from staffed import EVENING, Office, at, button, office, slot

from bot.app import App
from bot.sandbox.box import sandbox
from bot.sandbox.ledger import Entry
from bot.sandbox.seen import Seen
from bot.sandbox.state import User as Person
from bot.services import acquaintance, languages
from bot.store import roles

HEAD = {"zh": "📢 会务组通知", "en": "📢 From the organisers"}
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 64, 48)
BUS = "大巴 17:30 出发"
BOTH = f"{BUS}\n---\nThe bus leaves at 17:30"


@pytest.fixture
async def desk(app: App) -> AsyncIterator[Office]:
    """The evening before; every second attendee reads English, the first three are chairs of A3, A1 and A8."""
    app.clock.set(now=at(app, EVENING))
    async with sandbox() as box, office(app, box) as opened:
        for n, person in enumerate(opened.crowd):
            user = await acquaintance.meet(app.db, "telegram", str(person.id), "zh", now=app.clock.now())
            await languages.choose(app.db, user, "en" if n % 2 else "zh")
            if n < 3:
                async with app.db.transaction() as tx:
                    await roles.grant(tx, user.id, "chair", slot(app, ("A3", "A1", "A8")[n]).id, now=app.clock.now())
        yield opened


def told(desk: Office) -> dict[str, list[str]]:
    """What attendees were told, with or without a file, by name."""
    found: dict[str, list[str]] = {}
    names = {person.id: person.first_name for person in desk.crowd}
    for entry in desk.box.ledger:
        if entry.method in ("sendMessage", "sendPhoto", "sendDocument") and entry.applied and entry.chat_id in names:
            found.setdefault(names[int(entry.chat_id)], []).append(entry.text or "")
    return found


def read(desk: Office, people: Iterable[Person], zh: str, en: str | None = None) -> dict[str, list[str]]:
    """Each of these people read it in their language."""
    words = {"zh": zh, "en": zh if en is None else en}
    found = {}
    for person in people:
        lang = "en" if desk.crowd.index(person) % 2 else "zh"
        found[person.first_name] = [f"{HEAD[lang]}\n{words[lang]}"]
    return found


async def send(desk: Office, text: str) -> Seen:
    """A broadcast in one message and one press, all of it delivered. The progress as it is then."""
    done = await desk.do(desk.qin, text)
    await desk.settled()
    return seen(desk, desk.qin, done)


def seen(desk: Office, who: Person, message: Seen) -> Seen:
    """A message as it is now."""
    return next(one for one in desk.box.messages(who) if one.message_id == message.message_id)


def files(desk: Office) -> list[Entry]:
    return [entry for entry in desk.box.ledger if entry.method in ("sendPhoto", "sendDocument")]


async def test_what_is_said_to_all_is_seen_before_and_told_to_all_once_confirmed(desk: Office) -> None:
    preview = await desk.ask(desk.qin, f"/broadcast 全体 {BUS}")
    before = told(desk)
    done = await desk.press(desk.qin, preview, "✅")
    await desk.settled()

    assert preview.text.splitlines() == ["群发　→ 全体", "52 人，约 2 秒发完。", "", "大家将看到", HEAD["zh"], BUS]
    assert before == {}
    assert told(desk) == read(desk, desk.crowd, BUS)
    assert seen(desk, desk.qin, done).text.splitlines() == ["群发　→ 全体", "✅ 发完了。", "送达 52"]


async def test_each_reads_their_own_language_and_the_only_one_there_is(desk: Office) -> None:
    await send(desk, f"/broadcast all {BOTH}")

    assert told(desk) == read(desk, desk.crowd, BUS, "The bus leaves at 17:30")


@pytest.mark.parametrize(
    ("audience", "wanted"),
    [
        ("A3", lambda desk: [*desk.of_a3, *desk.of_a3_2]),
        ("A3-2", lambda desk: [*desk.of_a3, *desk.of_a3_2]),
        ("A1", lambda desk: desk.of_a1),
        ("中文", lambda desk: desk.crowd[0::2]),
        ("English", lambda desk: desk.crowd[1::2]),
        ("会务组", lambda desk: desk.crowd[:3]),
        ("友谊宫 1 号", lambda desk: [*desk.of_a3, *desk.of_a3_2]),
        ("Room 5", lambda desk: desk.of_a1),
    ],
)
async def test_an_audience_is_told_and_nobody_else(desk: Office, audience: str, wanted) -> None:
    await send(desk, f"/broadcast {audience} {BUS}\n---\nThe bus leaves at 17:30")

    people = sorted(wanted(desk), key=desk.crowd.index)
    assert told(desk) == read(desk, people, BUS, "The bus leaves at 17:30")


async def test_step_by_step_with_buttons_and_the_words_at_the_end(desk: Office) -> None:
    step = await desk.ask(desk.qin, "/broadcast")
    for label in ("某场的收藏者", "A3", "A3 整场"):
        step = await desk.press(desk.qin, step, label)
    preview = await desk.ask(desk.qin, BUS)
    english = await desk.press(desk.qin, preview, "＋ English")
    preview = await desk.ask(desk.qin, "The bus leaves at 17:30")
    await desk.press(desk.qin, preview, "✅")
    await desk.settled()

    assert step.text.splitlines()[0] == "群发：要说什么？可以带一张图片或一个文件。"
    assert english.text.splitlines()[0] == "群发：英文怎么说？"
    people = sorted([*desk.of_a3, *desk.of_a3_2], key=desk.crowd.index)
    assert told(desk) == read(desk, people, BUS, "The bus leaves at 17:30")


async def test_a_picture_that_is_answered_goes_along_under_the_words(desk: Office) -> None:
    picture = desk.box.send_photo(desk.qin, PNG)
    await desk.box.reply(desk.qin, after=picture)
    preview = await desk.box.reply(desk.qin, after=desk.box.say(desk.qin, f"/broadcast all {BOTH}", reply_to=picture))
    await desk.press(desk.qin, preview, "✅")
    await desk.settled()

    assert preview.text.splitlines()[2] == "📎 带一张图片"
    assert told(desk) == read(desk, desk.crowd, BUS, "The bus leaves at 17:30")
    assert {entry.params["photo"] for entry in files(desk)} == {picture["photo"][0]["file_id"]}


async def test_a_pdf_with_the_command_under_it_is_told_and_not_taken_for_a_programme(desk: Office) -> None:
    sent = desk.box.send_file(desk.qin, "map.pdf", b"%PDF-1.7 \xff", caption=f"/broadcast 会务组 {BUS}")
    preview = await desk.box.reply(desk.qin, after=sent)
    await desk.press(desk.qin, preview, "✅")
    await desk.settled()

    assert told(desk) == read(desk, desk.crowd[:3], BUS)
    assert {entry.params["document"] for entry in files(desk)} == {sent["document"]["file_id"]}


async def test_a_picture_answers_the_question_what_to_say(desk: Office) -> None:
    await desk.ask(desk.qin, "/broadcast staff")
    preview = await desk.box.reply(desk.qin, after=desk.box.send_photo(desk.qin, PNG, caption=BUS))
    await desk.press(desk.qin, preview, "✅")
    await desk.settled()

    assert told(desk) == read(desk, desk.crowd[:3], BUS)
    assert len(files(desk)) == 5


async def test_of_an_album_one_picture_goes_along_and_staff_are_told_so(desk: Office) -> None:
    first = desk.box.send_photo(desk.qin, PNG, caption=f"/broadcast staff {BUS}", album="7")
    desk.box.send_photo(desk.qin, PNG, album="7")
    preview = await desk.box.reply(desk.qin, after=first)

    assert preview.text.splitlines()[0] == "相册里的图片只能带一张，就是这一张。"


async def test_who_confirms_twice_sends_once_and_so_does_an_update_that_comes_twice(desk: Office) -> None:
    preview = await desk.ask(desk.qin, f"/broadcast all {BUS}")
    label = button(preview, "✅")
    pressed = [desk.box.press(desk.qin, preview.message_id, label) for _ in range(2)]
    number = desk.box.pending[-1]["update_id"]
    await asyncio.gather(*map(desk.box.answered, pressed))
    desk.box.duplicate(number)
    await desk.box.heard()
    await desk.settled()

    assert told(desk) == read(desk, desk.crowd, BUS)


async def test_what_is_dropped_or_too_long_or_for_nobody_is_told_to_nobody(desk: Office) -> None:
    dropped = await desk.do(desk.qin, f"/broadcast all {BUS}", "放弃")
    long = await desk.ask(desk.qin, "/broadcast all " + "长" * 3501)
    nobody = await desk.ask(desk.qin, f"/broadcast E5 {BUS}")
    left = await desk.ask(desk.qin, "/cancel")
    await desk.pass_(timedelta(hours=1))

    assert dropped.text.splitlines()[1] == "已放弃，谁也没有收到。"
    assert long.text == "太长了：3501 个字符，最多 3500。请分成两则发。"
    assert "✅" not in "".join(one.text for row in nobody.buttons for one in row)
    assert left.text == "已退出，日程没有变动。"
    assert told(desk) == {}


async def test_an_attendee_who_tries_learns_nothing(desk: Office) -> None:
    who = desk.crowd[4]
    unknown = (await desk.ask(who, "/nonsense")).text
    tried = ("broadcast", "audience", "words", "later", "send", "stop", "again", "draft", "progress")

    assert [(await desk.ask(who, f"/{name} 1 all")).text for name in tried] == [
        unknown.replace("nonsense", name) for name in tried
    ]
