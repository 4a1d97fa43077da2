"""Stars set and taken away from cards and lists, over real HTTP, in both languages."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import editing
import pytest
from telegram_bot import running_bot

from bot.app import App
from bot.commands.dispatch import pressed as button
from bot.domain.model import LANGS, Lang
from bot.domain.timetable import Timetable
from bot.replies import lists
from bot.replies import stars as starring
from bot.replies.reply import plain
from bot.replies.voice import Voice
from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.seen import Seen
from bot.sandbox.state import User
from bot.services import acquaintance
from bot.store import told


@pytest.fixture
async def box(app: App) -> AsyncIterator[Sandbox]:
    async with sandbox() as opened, running_bot(app, opened):
        yield opened


async def asked(box: Sandbox, who: User, text: str) -> Seen:
    return await box.reply(who, after=box.say(who, text))


async def pressed(box: Sandbox, who: User, shown: Seen, label: str) -> tuple[str, Seen]:
    """The toast, and the message as it is then."""
    toast = await box.answered(box.press(who, shown.message_id, label))
    before = (shown.text, labels(shown))

    def changed() -> Seen | None:
        now = next(one for one in box.messages(who) if one.message_id == shown.message_id)
        return now if (now.text, labels(now)) != before else None

    return str(toast["text"]), await box.until(changed)


def labels(shown: Seen) -> list[list[str]]:
    return [[button.text for button in row] for row in shown.buttons]


def starry(shown: Seen) -> list[str]:
    return [label for row in labels(shown) for label in row if label[0] in "☆⭐"]


@pytest.mark.parametrize("lang", LANGS)
async def test_a_talk_is_starred_on_its_card_and_shown_by_my_day(box: Sandbox, lang: Lang) -> None:
    an = box.user("An", language_code=lang)
    card = await asked(box, an, "/talk A3-3")
    toast, starred = await pressed(box, an, card, {"zh": "☆ 收藏", "en": "☆ Star"}[lang])
    day = await asked(box, an, "/mine")
    gone, plain = await pressed(box, an, starred, {"zh": "⭐ 已收藏", "en": "⭐ Starred"}[lang])

    assert (toast, gone) == TALK[lang]
    assert (starred.text, plain.text, labels(plain)) == (card.text, card.text, labels(card))
    assert starry(day)[:1] == ["⭐ A3-3"]


TALK = {
    "zh": ("⭐ 已收藏 A3-3（≈14:30，友谊宫 1 号），开始前会提醒您。", "已取消收藏 A3-3。"),
    "en": (
        "⭐ A3-3 is starred (≈14:30, Friendship Palace Room 1). I'll remind you before it starts.",
        "A3-3 is no longer starred.",
    ),
}


@pytest.mark.parametrize("lang", LANGS)
async def test_a_session_is_starred_whole_and_a_talk_of_it_left_out(box: Sandbox, lang: Lang) -> None:
    an = box.user("An", language_code=lang)
    card = await asked(box, an, "/session B3")
    toast, whole = await pressed(box, an, card, starry(card)[0])
    gone, without = await pressed(box, an, whole, "⭐ B3-2")
    again, part = await pressed(box, an, without, starry(without)[0])

    assert (toast, gone, again) == SESSION[lang]
    assert [starry(one)[1:] for one in (card, whole, without, part)] == [
        ["☆ B3-1", "☆ B3-2", "☆ B3-3", "☆ B3-4"],
        ["⭐ B3-1", "⭐ B3-2", "⭐ B3-3", "⭐ B3-4"],
        ["⭐ B3-1", "☆ B3-2", "⭐ B3-3", "⭐ B3-4"],
        ["☆ B3-1", "☆ B3-2", "☆ B3-3", "☆ B3-4"],
    ]


SESSION = {
    "zh": ("⭐ 已收藏 B3 整场（16:00，友谊宫 11 号），开始前会提醒您。", "已取消收藏 B3-2。", "已取消收藏 B3 整场。"),
    "en": (
        "⭐ All of B3 is starred (16:00, Friendship Palace Room 11). I'll remind you before it starts.",
        "B3-2 is no longer starred.",
        "All of B3 is no longer starred.",
    ),
}


@pytest.mark.parametrize("lang", LANGS)
async def test_a_list_of_sessions_has_a_star_for_each_and_shows_itself_again(box: Sandbox, lang: Lang) -> None:
    an = box.user("An", language_code=lang)
    shown = await asked(box, an, "/next")
    _, starred = await pressed(box, an, shown, "☆ A3")

    assert starry(shown) == [f"☆ A{n}" for n in range(1, 9)]
    assert starry(starred) == [f"{'⭐' if n == 3 else '☆'} A{n}" for n in range(1, 9)]
    assert max(len(row) for row in starred.buttons) == 4


@pytest.mark.parametrize("lang", LANGS)
async def test_what_a_search_found_keeps_its_words_and_its_order(box: Sandbox, lang: Lang) -> None:
    an = box.user("An", language_code=lang)
    found = await asked(box, an, "diffusion")
    one = starry(found)[1]
    toast, starred = await pressed(box, an, found, one)
    _, back = await pressed(box, an, starred, one.replace("☆", "⭐"))

    assert starred.text == found.text
    assert starry(starred) == [label.replace("☆", "⭐") if label == one else label for label in starry(found)]
    assert (one[2:] in toast, labels(back)) == (True, labels(found))


@pytest.mark.parametrize("lang", LANGS)
async def test_a_star_in_a_list_from_before_a_change_says_where_it_is_now(app: App, box: Sandbox, lang: Lang) -> None:
    an = box.user("An", language_code=lang)
    found = await asked(box, an, "diffusion")
    timetable = app.edition.timetable
    session, hall = timetable.session("A1"), timetable.room("友谊宫 聚英厅")
    assert session is not None
    assert hall is not None
    await editing.move(app.db, session.id, hall.id, by=None, now=app.clock.now())
    await app.refresh()
    toast, starred = await pressed(box, an, found, "☆ A1-1")
    user = await acquaintance.known(app.db, "telegram", str(an.id))
    assert user is not None
    (seen,) = (await told.of_users(app.db.reader, [user.id]))[user.id].values()

    assert (toast, starred.text, seen.room_id) == (MOVED[lang], found.text, hall.id)


MOVED = {
    "zh": "⭐ 已收藏 A1-1（≈13:30，友谊宫 聚英厅）。10 分钟后就开始了，不再另行提醒。",
    "en": (
        "⭐ A1-1 is starred (≈13:30, Friendship Palace Juying Hall). It starts in 10 min, so no reminder will follow."
    ),
}


@pytest.mark.parametrize(
    ("thing", "at", "says"),
    [
        ("A3-2", "9 13:57", "⭐ A3-2 is starred (≈14:00, {room}). It starts in 3 min, so no reminder will follow."),
        ("A3", "9 13:25", "⭐ All of A3 is starred (13:30, {room}). A3-1 starts in 5 min; {after}."),
        ("A3", "9 14:55", "⭐ All of A3 is starred (13:30, {room}). A3-4 starts in 5 min, so no reminder will follow."),
        ("A3", "8 20:00", "⭐ All of A3 is starred (9 Aug 13:30, {room}). I'll remind you before it starts."),
        ("A3-2", "10 9:00", "⭐ A3-2 is starred (9 Aug ≈14:00, {room})."),
        ("A3-1", "9 12:00", "⭐ A3-1 is starred (cancelled)."),
        ("Lunch", "9 11:00", "⭐ Lunch is starred (12:00). I'll remind you before it starts."),
    ],
)
async def test_what_a_star_is_confirmed_with(app: App, thing: str, at: str, says: str) -> None:
    timetable = app.edition.timetable
    if "cancelled" in says:
        one = timetable.event_by_code(thing)
        assert one is not None
        await editing.cancel(app.db, "talk", one.talk.id, by=None, now=app.clock.now())
        await app.refresh()
    event = timetable.event_by_code(thing)
    slot = timetable.session(thing) or next(one for one in timetable.slots if one.titles.within("en") == "Lunch")
    name = f"t{event.talk.id}" if event else f"s{slot.id}"
    user = await acquaintance.meet(app.db, "telegram", "7", "en", now=app.clock.now())
    day, _, clock = at.partition(" ")
    now = datetime.strptime(f"2025-08-{day} {clock}", "%Y-%m-%d %H:%M").replace(tzinfo=timetable.zone)
    reply = await app.answer(button(f"star {name} 1"), "en", user=user, at=now)

    said = says.format(room="Friendship Palace Room 1", after="I'll remind you of the talks after it")
    assert (reply.toast, [plain(line) for block in reply.blocks for line in block.lines]) == (said, [said])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("count", "says"), [(36, False), (37, True)])
async def test_a_list_too_long_for_stars_says_how_to_set_one(app: App, lang: Lang, count: int, says: bool) -> None:
    plan = app.edition.timetable.programme
    one = next(slot for slot in plan.slots if slot.code == "A1")
    many = [one.model_copy(update={"id": 1000 + n, "code": f"K{n}"}) for n in range(count)]
    crowded = Timetable(plan.model_copy(update={"slots": tuple(many)}))
    day = crowded.local(one.start).date()
    shown = [lists.day(Voice(lang, crowded, public=public), day) for public in (False, True)]
    lines = [[plain(line) for block in reply.blocks for line in block.lines] for reply in shown]
    starred = [any(button.ask.startswith("star ") for row in reply.rows for button in row) for reply in shown]

    hint = {"zh": "要收藏哪一场，先点开它。", "en": "Open one to star it."}[lang]
    assert ([hint in said for said in lines], starred) == ([says, False], [not says, False])


async def test_nobody_is_promised_a_reminder_where_none_can_reach_them(app: App) -> None:
    user = await acquaintance.meet(app.db, "terminal", "local", "en", now=app.clock.now(), reachable=False)
    session = app.edition.timetable.session("B3")
    assert session is not None
    reply = await app.answer(button(f"star s{session.id} 1"), "en", user=user)

    assert plain(reply.blocks[0].lines[0]) == "⭐ All of B3 is starred (16:00, Friendship Palace Room 11)."


async def test_a_long_title_leaves_room_for_when_and_where(app: App) -> None:
    timetable = app.edition.timetable
    slot = next(one for one in timetable.slots if one.kind == "panel")
    long = slot.model_copy(update={"title": "关于人工智能与数学" * 9, "translation": ""})
    reply = starring.confirmed(
        Voice("zh", timetable), long, "", starred=True, soon=None, reminded=True, reachable=True, now=app.clock.now()
    )
    name = f"{('关于人工智能与数学' * 9)[:39]}…"
    assert reply.toast == f"⭐ 已收藏 {name}（10:30，友谊宫 聚英厅），开始前会提醒您。"


async def test_a_session_among_what_was_found_takes_its_talks_along(box: Sandbox) -> None:
    an = box.user("An", language_code="zh")
    found = await asked(box, an, "大模型训练")
    _, starred = await pressed(box, an, found, "☆ A8")

    assert starry(starred) == ["⭐ A8", "☆ C4-4", "☆ B1-2", "☆ INV-4", "☆ INV-2", "☆ B8-1", "⭐ A8-1", "⭐ A8-2"]


@pytest.mark.parametrize("lang", LANGS)
async def test_a_star_on_a_turned_page_shows_that_page_again(app: App, box: Sandbox, lang: Lang) -> None:
    an = box.user("An", language_code=lang)
    for code in codes(app, day=9):
        shown = await asked(box, an, f"/session {code}")
        await pressed(box, an, shown, starry(shown)[0])
    first = await asked(box, an, "/mine")
    await box.answered(box.press(an, first.message_id, first.buttons[-1][-1].text))
    second = await box.until(lambda: turned(box, an, first))
    label = next(label for label in starry(second) if "-" in label)
    _, after = await pressed(box, an, second, label)

    assert after.buttons[-1][0].text == second.buttons[-1][0].text


def codes(app: App, day: int) -> Sequence[str]:
    slots = app.edition.timetable.slots
    return [slot.code for slot in slots if slot.is_session and app.edition.timetable.local(slot.start).day == day][:8]


def turned(box: Sandbox, who: User, first: Seen) -> Seen | None:
    now = next(one for one in box.messages(who) if one.message_id == first.message_id)
    return now if now.text != first.text else None


@pytest.mark.parametrize("lang", LANGS)
async def test_panels_and_meals_are_starred_too(box: Sandbox, lang: Lang) -> None:
    an = box.user("An", language_code=lang)
    panel = await asked(box, an, {"zh": "圆桌论坛", "en": "panel"}[lang])
    toast, starred = await pressed(box, an, panel, starry(panel)[0])
    lunch = await asked(box, an, {"zh": "午餐", "en": "lunch"}[lang])
    tea = await asked(box, an, {"zh": "茶歇", "en": "coffee"}[lang])
    _, lunched = await pressed(box, an, lunch, starry(lunch)[1])

    assert (
        toast
        == {
            "zh": "⭐ 已收藏 圆桌论坛（10:30，友谊宫 聚英厅）。",
            "en": "⭐ Panel Discussion is starred (10:30, Friendship Palace Juying Hall).",
        }[lang]
    )
    assert starry(starred)[0][0] == "⭐"
    assert starry(lunched) == {
        "zh": ["☆ 午餐 8月9日", "⭐ 午餐 8月10日"],
        "en": ["☆ Lunch 9 Aug", "⭐ Lunch 10 Aug"],
    }[lang]  # fmt: skip
    assert (
        starry(tea)
        == {
            "zh": ["☆ 茶歇 8月9日 10:10", "☆ 茶歇 8月9日 15:30", "☆ 茶歇 8月10日"],
            "en": ["☆ Tea Break 9 Aug 10:10", "☆ Tea Break 9 Aug 15:30", "☆ Tea Break 10 Aug"],
        }[lang]
    )


@pytest.mark.parametrize("lang", LANGS)
async def test_in_a_group_everybody_stars_for_themselves_and_nobody_sees_it(box: Sandbox, lang: Lang) -> None:
    an, bo = box.user("An", language_code=lang, started=True), box.user("Bo", language_code=lang, started=True)
    group = box.group("Friends", an, bo)
    await box.reply(bo, after=box.start(bo))
    alone = await asked(box, an, "/talk A3-3")
    await pressed(box, an, alone, starry(alone)[0])

    card = await box.reply(group, after=box.say(an, "/talk A3-3", chat=group))
    lists = [await box.reply(group, after=box.say(an, one, chat=group)) for one in ("/next", "/day", "/session A3")]
    toasts = [await box.answered(box.press(bo, card.message_id, starry(card)[0], chat=group)) for _ in range(2)]
    days = [await asked(box, who, "/mine") for who in (an, bo)]
    after = next(one for one in box.messages(group) if one.message_id == card.message_id)

    assert [toast["text"] for toast in toasts] == [TALK[lang][0]] * 2
    assert [starry(one) for one in days] == [["⭐ A3-3"]] * 2
    assert (labels(after), after.edited) == (labels(card), False)
    assert [starry(one) for one in (card, *lists)] == GROUP[lang]


GROUP = {"zh": [["☆ 收藏"], [], [], ["☆ 收藏整场"]], "en": [["☆ Star"], [], [], ["☆ Star all of it"]]}


@pytest.mark.parametrize("lang", LANGS)
async def test_whoever_never_spoke_to_the_bot_is_told_how_reminders_can_reach_them(box: Sandbox, lang: Lang) -> None:
    an = box.user("An", language_code=lang)
    group = box.group("Friends", an)
    card = await box.reply(group, after=box.say(an, "/talk A3-3", chat=group))
    toast = await box.answered(box.press(an, card.message_id, starry(card)[0], chat=group))
    day = await box.reply(an, after=box.start(an, "mine"))

    assert (toast["text"], starry(day)) == (UNREACHABLE[lang], ["⭐ A3-3"])


UNREACHABLE = {
    "zh": "⭐ 已收藏 A3-3（≈14:30，友谊宫 1 号）。我还不能给您发消息：请点我的头像，在私聊里点“开始”，提醒才送得到。",
    "en": (
        "⭐ A3-3 is starred (≈14:30, Friendship Palace Room 1). I can't write to you yet: "
        "open our private chat and press Start, so that reminders reach you."
    ),
}
