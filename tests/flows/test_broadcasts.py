"""Two staff tell fifty attendees and three chairs something: the ledger says exactly who read what."""

import asyncio
import re
import struct
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from staffed import EVENING, Office, at, button, office, slot
from telegram_bot import NO_LIMITS, all_settled

from bot.app import App
from bot.channels.telegram.pacing import Rates
from bot.sandbox.box import sandbox
from bot.sandbox.ledger import Entry
from bot.sandbox.seen import Seen
from bot.sandbox.state import User as Person
from bot.services import acquaintance, delivery, languages
from bot.store import roles

HEAD = {"zh": "📢 会务组通知", "en": "📢 From the organisers"}
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 64, 48)
BUS = "大巴 17:30 出发"
BOTH = f"{BUS}\n---\nThe bus leaves at 17:30"


@asynccontextmanager
async def opened(app: App, rates: Rates = NO_LIMITS) -> AsyncIterator[Office]:
    """The evening before; every second attendee reads English, the first three are chairs of A3, A1 and A8."""
    app.clock.set(now=at(app, EVENING))
    async with sandbox() as box, office(app, box, rates=rates) as desk:
        for n, person in enumerate(desk.crowd):
            user = await acquaintance.meet(app.db, "telegram", str(person.id), "zh", now=app.clock.now())
            await languages.choose(app.db, user, "en" if n % 2 else "zh")
            if n < 3:
                async with app.db.transaction() as tx:
                    await roles.grant(tx, user.id, "chair", slot(app, ("A3", "A1", "A8")[n]).id, now=app.clock.now())
        yield desk


@pytest.fixture
async def desk(app: App) -> AsyncIterator[Office]:
    async with opened(app) as desk:
        yield desk


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


async def in_turn(desk: Office, zh: str, en: str) -> Seen:
    """The preview of a broadcast to all whose two texts are too long for one message of its author."""
    await desk.press(desk.qin, await desk.ask(desk.qin, f"/broadcast all {zh}"), "＋ English")
    return await desk.ask(desk.qin, en)


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
    picture = desk.box.send_photo(desk.qin, PNG)
    await desk.box.reply(desk.qin, after=picture)
    said = desk.box.say(desk.qin, f"/broadcast {audience} {BOTH}", reply_to=picture)
    await desk.press(desk.qin, await desk.box.reply(desk.qin, after=said), "✅")
    await desk.settled()

    people = sorted(wanted(desk), key=desk.crowd.index)
    assert told(desk) == read(desk, people, BUS, "The bus leaves at 17:30")
    assert {entry.params["photo"] for entry in files(desk)} == {picture["photo"][0]["file_id"]}


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


async def test_a_pdf_without_a_word_is_no_programme_and_the_answer_says_how_to_send_it(desk: Office) -> None:
    sent = desk.box.send_file(desk.qin, "map.pdf", b"%PDF-1.7 \xff")
    refused = await desk.box.reply(desk.qin, after=sent)
    preview = await desk.box.reply(desk.qin, after=desk.box.say(desk.qin, "/broadcast 会务组", reply_to=sent))
    await desk.press(desk.qin, preview, "✅")
    await desk.settled()

    assert refused.text.splitlines()[-1] == "若是想把这个文件发给大家，请回复它，写上 /broadcast。"
    assert told(desk) == {person.first_name: [HEAD["en" if n % 2 else "zh"]] for n, person in enumerate(desk.crowd[:3])}
    assert {entry.params["document"] for entry in files(desk)} == {sent["document"]["file_id"]}


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


async def test_words_that_are_answered_are_said(desk: Office) -> None:
    words = desk.box.say(desk.qin, "大巴停在南门")
    await desk.box.reply(desk.qin, after=words)
    preview = await desk.box.reply(desk.qin, after=desk.box.say(desk.qin, "/broadcast staff", reply_to=words))

    assert preview.text.splitlines()[-2:] == [HEAD["zh"], "大巴停在南门"]


async def test_the_progress_is_one_message_that_follows(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "PROGRESS", 0.0)
    async with opened(app, Rates(overall=40, private=0, group=0)) as desk:
        done = await desk.do(desk.qin, f"/broadcast all {BUS}")
        await desk.settled()
        drawn = [entry.text or "" for entry in desk.box.requests("editMessageText", chat=desk.qin)]
        left = [int(found[1]) for text in drawn if (found := re.search(r"还剩 (\d+) 人", text))]

        assert {entry.params["message_id"] for entry in desk.box.requests("editMessageText", chat=desk.qin)} == {
            done.message_id
        }
        assert (left, len(left) > 1) == (sorted(left, reverse=True), True)
        assert drawn[-1].splitlines()[1:] == ["✅ 发完了。", "送达 52"]


async def test_the_progress_waits_for_an_answer_that_is_late_in_its_place(desk: Office) -> None:
    preview = await desk.ask(desk.qin, f"/broadcast all {BUS}")
    desk.box.fault("delay", "answerCallbackQuery", count=1, seconds=1.0)
    done = await desk.press(desk.qin, preview, "✅")
    await all_settled(desk.box, desk.app)
    await desk.settled()

    drawn = [entry.text or "" for entry in desk.box.requests("editMessageText", chat=desk.qin) if entry.applied]
    assert [text.splitlines()[1] for text in drawn] == ["正在发：还剩 52 人，约 2 秒。", "✅ 发完了。"]
    assert seen(desk, desk.qin, done).text.splitlines()[1:] == ["✅ 发完了。", "送达 52"]


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
    assert [one.text for row in nobody.buttons for one in row] == [
        "🕒 定时",
        "＋ English",
        "✏️ 改文字",
        "👥 改对象",
        "放弃",
    ]
    assert left.text == "已退出，什么都没有变。"
    assert told(desk) == {}


async def test_an_attendee_who_tries_learns_nothing(desk: Office) -> None:
    who = desk.crowd[4]
    unknown = (await desk.ask(who, "/nonsense")).text
    tried = ("broadcast", "audience", "words", "later", "send", "stop", "again", "draft", "progress")

    assert [(await desk.ask(who, f"/{name} 1 all")).text for name in tried] == [
        unknown.replace("nonsense", name) for name in tried
    ]


async def rows(desk: Office, kind: str = "broadcast") -> dict[str, set[str]]:
    """Users by the state of their row, by address."""
    async with desk.app.db.snapshot() as conn:
        found = await conn.execute_fetchall(
            "SELECT state, address FROM outbox JOIN users ON users.id = user_id WHERE kind = ?", (kind,)
        )
    states: dict[str, set[str]] = {}
    for row in found:
        states.setdefault(row["state"], set()).add(row["address"])
    return states


def reached(desk: Office) -> list[str]:
    """Whom the broadcast reached, by address, as often as it did."""
    return [
        str(entry.chat_id)
        for entry in desk.box.ledger
        if entry.method == "sendMessage" and entry.applied and (entry.text or "").startswith(tuple(HEAD.values()))
    ]


async def test_stopped_half_way_nothing_more_leaves_and_the_report_says_whom_it_reached(app: App) -> None:
    async with opened(app, Rates(overall=10, private=0, group=0)) as desk:
        away = desk.crowd[0]
        desk.box.fault("error", chat=away, code=403, count=1)
        preview = await desk.ask(desk.qin, f"/broadcast all {BUS}")
        sending = await desk.press(desk.qin, preview, "✅")
        await desk.box.until(lambda: len(reached(desk)) >= 4)
        stopped = await desk.press(desk.qin, sending, "⏹")
        there = reached(desk)
        await desk.settled()
        report = seen(desk, desk.qin, preview)
        await desk.box.reply(away, after=desk.box.start(away))
        await desk.settled()

        assert stopped.text.splitlines()[1] == "⏹ 已停止，没发出的都撤回了。"
        assert report.text.splitlines()[2] == f"送达 {len(there)} · 屏蔽 1 · 撤回 {51 - len(there)}"
        assert [one.text for row in report.buttons for one in row] == ["刷新"]
        left = _everybody(desk) - set(there) - {str(away.id)}
        assert await rows(desk) == {"sent": set(there), "dropped": left, "failed": {str(away.id)}}
        assert reached(desk) == there


def _everybody(desk: Office) -> set[str]:
    return {str(person.id) for person in (desk.qin, desk.li, *desk.crowd)}


async def test_the_report_tells_delivered_blocked_failed_and_doubtful_which_are_resent_once(
    desk: Office,
) -> None:
    away, poison, doubt = desk.crowd[:3]
    desk.box.deactivate(away)
    desk.box.fault("error", "sendMessage", chat=poison, code=400)
    desk.box.fault("drop-after", "sendMessage", chat=doubt, count=1)
    done = await desk.do(desk.qin, f"/broadcast all {BUS}")
    await desk.box.until(lambda: "存疑 1" in seen(desk, desk.qin, done).text)
    report = seen(desk, desk.qin, done)
    again = await desk.press(desk.qin, report, "重发")
    await desk.box.until(lambda: "送达 50" in seen(desk, desk.qin, done).text)
    late = await desk.ask(desk.li, "/broadcast")

    assert report.text.splitlines() == [
        "群发　→ 全体", "✅ 发完了。", "送达 49 · 屏蔽 1 · 失败 1 · 存疑 1",
        "存疑的 1 人可能收到了，也可能没有，不会自动重发。",
    ]  # fmt: skip
    assert again.text.splitlines()[0] == "群发　→ 全体"
    assert sorted(reached(desk)) == sorted([*_everybody(desk) - {str(away.id), str(poison.id)}, str(doubt.id)])
    assert late.text.splitlines()[-1] == "#1 → 全体：已发"


async def test_who_had_blocked_the_bot_and_comes_back_the_same_day_reads_it(desk: Office) -> None:
    who = desk.crowd[4]
    desk.box.fault("error", chat=who, code=403, count=1)
    await desk.do(desk.qin, f"/broadcast all {BUS}")
    await desk.settled()
    before = told(desk)
    await desk.box.reply(who, after=desk.box.start(who))
    await desk.settled()

    rest = [person for person in desk.crowd if person is not who]
    assert before == read(desk, rest, BUS)
    assert reached(desk).count(str(who.id)) == 1


async def test_scheduled_it_goes_out_at_its_time_and_may_be_taken_back_before(desk: Office) -> None:
    asked = await desk.press(desk.qin, await desk.ask(desk.qin, f"/broadcast A1 {BUS}"), "🕒")
    preview = await desk.ask(desk.qin, "明天 8:00")
    scheduled = await desk.press(desk.qin, preview, "✅")
    other = await desk.do(desk.li, "/broadcast all 取消的")  # at once
    await desk.settled()
    later = await desk.press(desk.li, await desk.ask(desk.li, f"/broadcast all {BUS}"), "🕒")
    taken = await desk.press(desk.li, await desk.press(desk.li, await desk.press(desk.li, later, "30"), "✅"), "↩️")
    once = told(desk)
    await desk.pass_(timedelta(hours=11))
    early = told(desk)
    await desk.pass_(timedelta(hours=1))
    await desk.box.until(lambda: "送达 10" in desk.box.messages(desk.qin)[-1].text)

    assert asked.text.splitlines()[0] == "什么时候发？比如 17:30、明天 8:00。"
    assert preview.text.splitlines()[:3] == ["群发　→ A1 的收藏者", "10 人，约 1 秒发完。", "🕒 8月9日 周六 08:00 发出"]
    assert scheduled.text.splitlines()[1] == "🕒 8月9日 周六 08:00 发出，按现在算发给 10 人。"
    assert taken.text.splitlines()[1] == "已放弃，谁也没有收到。"
    assert other.message_id != later.message_id
    assert (once, early) == (read(desk, desk.crowd, "取消的"), once)
    expected = dict(once)
    for name, texts in read(desk, desk.of_a1, BUS).items():
        expected[name] = [*once[name], *texts]
    assert told(desk) == expected
    assert desk.box.messages(desk.qin)[-1].text.splitlines() == ["群发　→ A1 的收藏者", "✅ 发完了。", "送达 10"]


async def test_a_time_that_is_over_or_not_understood_is_asked_for_again(desk: Office) -> None:
    preview = await desk.ask(desk.qin, f"/broadcast all {BUS}")
    await desk.press(desk.qin, preview, "🕒")
    over = await desk.ask(desk.qin, "8月7日 9:00")
    unclear = await desk.ask(desk.qin, "再说吧")
    fine = await desk.ask(desk.qin, "明天 8:00")

    assert over.text == "这个时间已经过了。请换一个以后的时间。"
    assert unclear.text == "没看懂是几点。请写成 17:30、明天 8:00 或 8月10日 12:00。"
    assert fine.text.splitlines()[2] == "🕒 8月9日 周六 08:00 发出"


async def test_what_goes_to_all_is_confirmed_by_a_second_member_of_staff(app: App) -> None:
    app.terms = replace(app.terms, second=True)
    async with opened(app) as desk:
        first = await desk.do(desk.qin, f"/broadcast all {BUS}")
        list_ = await desk.ask(desk.qin, "/broadcast")
        desk.box.press(desk.qin, list_, "#1")
        mine = await desk.box.reply(desk.qin, after=list_)
        await desk.settled()
        before = told(desk)
        asked = desk.box.messages(desk.li)[-1]
        await desk.press(desk.li, asked, "✅")
        await desk.settled()

        assert first.text.splitlines()[1] == "等另一位工作人员确认，确认后发出。"
        assert mine.text == first.text
        assert asked.text.splitlines()[:2] == ["有一则发给全体的通知，请您确认：", "群发　→ 全体"]
        assert (before, told(desk)) == ({}, read(desk, desk.crowd, BUS))
        done = ["群发　→ 全体", "✅ 发完了。", "送达 52"]
        assert [seen(desk, who, one).text.splitlines() for who, one in ((desk.qin, first), (desk.li, asked))] == [
            done, done,
        ]  # fmt: skip
        # What goes to some needs nobody else.
        await desk.do(desk.qin, "/broadcast staff 开会")
        await desk.settled()
        assert len(told(desk)["n0"]) == 2


async def test_a_long_one_is_read_page_by_page_by_whoever_is_asked_to_confirm(app: App) -> None:
    app.terms = replace(app.terms, second=True)
    async with opened(app) as desk:
        await desk.press(desk.qin, await in_turn(desk, "大巴" * 1000, "the bus " * 400), "✅")
        await desk.settled()
        asked = desk.box.messages(desk.li)[-1]
        second = await desk.press(desk.li, asked, "第 2")

        assert second.text.splitlines()[0] == "英文用户将看到"
        assert [one.text for row in second.buttons[:2] for one in row] == ["✅ 确认发送", "不发"]


async def test_the_second_member_of_staff_may_say_no(app: App) -> None:
    app.terms = replace(app.terms, second=True)
    async with opened(app) as desk:
        first = await desk.do(desk.qin, f"/broadcast all {BUS}")
        await desk.settled()
        declined = await desk.press(desk.li, desk.box.messages(desk.li)[-1], "不发")
        await desk.settled()

        assert told(desk) == {}
        assert declined.text == seen(desk, desk.qin, first).text == "群发　→ 全体\n已放弃，谁也没有收到。"


async def test_what_goes_to_all_is_also_posted_in_the_channel_in_both_languages(app: App) -> None:
    app.terms = replace(app.terms, mirror="@csml")
    async with opened(app) as desk:
        channel = desk.box.channel("CSML", desk.qin, username="csml")
        done = await desk.do(desk.qin, f"/broadcast all {BOTH}")
        await desk.settled()
        await desk.do(desk.li, "/broadcast staff 开会")
        await desk.settled()

        assert [message.text for message in desk.box.messages(channel)] == [
            f"{HEAD['zh']}\n{BUS}\n\n{HEAD['en']}\nThe bus leaves at 17:30"
        ]
        assert seen(desk, desk.qin, done).text.splitlines() == [
            "群发　→ 全体", "✅ 发完了。", "送达 52", "群或频道里也发了。",
        ]  # fmt: skip


async def test_where_both_languages_do_not_fit_one_is_posted_and_the_preview_says_so(app: App) -> None:
    app.terms = replace(app.terms, mirror="@csml")
    async with opened(app) as desk:
        channel = desk.box.channel("CSML", desk.qin, username="csml")
        long = "大巴" * 900, "the bus " * 400
        preview = await in_turn(desk, *long)
        await desk.press(desk.qin, preview, "✅")
        await desk.settled()

        assert preview.text.splitlines()[2] == "也会发到会议的群或频道，那里放不下两种语言，只发中文。"
        assert [message.text for message in desk.box.messages(channel)] == [f"{HEAD['zh']}\n{long[0]}"]
        assert told(desk) == read(desk, desk.crowd, long[0], long[1].strip())


async def test_where_the_bot_may_not_post_everybody_is_told_all_the_same(app: App) -> None:
    app.terms = replace(app.terms, mirror="-1002000000099")
    async with opened(app) as desk:
        done = await desk.do(desk.qin, f"/broadcast all {BUS}")
        await desk.settled()

        assert told(desk) == read(desk, desk.crowd, BUS)
        assert seen(desk, desk.qin, done).text.splitlines()[3].startswith("⚠️ 群或频道里没能发出")
