"""Answers and notices write in the same messages, sometimes at the same time; what stays is what is true."""

import asyncio
import random

import pytest
from chaired import Afternoon, afternoon
from staffed import at, button
from telegram_bot import all_settled, running_bot

from bot.app import App
from bot.channels.telegram import running
from bot.channels.telegram.pacing import Rates
from bot.replies.words import word
from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.seen import Seen
from bot.sandbox.state import User as Person
from bot.services import acquaintance, control, live, pinned, stars

A3 = {"Chen": "A3"}
LATE, FULL = "⏱ 晚约 5 分钟", "🚫 会场已满，同时段还有 A1、A2、A4、A5、A6、A7、A8"


def stands(card: Seen) -> list[str]:
    """What a control card says of how the session stands."""
    return [line for line in card.text.splitlines()[2:] if line and not line.startswith(("接下来", "≈", "到会场"))]


async def states(app: App, table: str, where: str) -> set[str]:
    async with app.db.snapshot() as conn:
        found = await conn.execute_fetchall(f"SELECT DISTINCT state FROM {table} WHERE {where}")  # noqa: S608 - ours
    return {row["state"] for row in found}


async def reach(app: App, table: str, where: str, state: str) -> None:
    async with asyncio.timeout(20):
        while state not in await states(app, table, where):
            pass  # each look goes to the database's thread and back


async def says(day: Afternoon, said: live.Word) -> None:
    """Somebody else says something of A3, under a message that is not Chen's."""
    session = day.app.edition.timetable.session("A3")
    assert session is not None
    user = await acquaintance.meet(day.app.db, "telegram", str(day.office.qin.id), "zh", now=day.app.clock.now())
    await control.say(day.app.db, session.id, said, by=user, message=None, now=day.app.clock.now())
    day.app.alarm.ring()


async def test_a_card_whose_edit_is_under_way_while_more_is_said_shows_that_too(app: App) -> None:
    async with sandbox() as box, afternoon(app, box, A3) as day:
        chen = day.chairs["Chen"]
        await day.until("13:20")
        box.fault("delay", "editMessageText", chat=chen, count=1, seconds=1.0)
        await says(day, live.late(0, 5))
        await box.until(lambda: box.requests("editMessageText", chat=chen))
        await says(day, live.full)
        await box.until(lambda: stands(day.card("Chen")) == [LATE, FULL])


async def test_a_late_answer_to_a_press_does_not_stay_over_what_others_said_meanwhile(app: App) -> None:
    async with sandbox() as box, afternoon(app, box, A3) as day:
        chen = day.chairs["Chen"]
        await day.until("13:20")
        card = day.card("Chen")
        box.fault("delay", "answerCallbackQuery", count=1, seconds=1.0)
        box.press(chen, card.message_id, button(card, "晚 +5"))
        await reach(app, "updates", "outcome IS NOT NULL", "applied")
        await says(day, live.full)
        await all_settled(box, app)
        await day.office.settled()

        drawn = [
            [line for line in (LATE, FULL) if line in (entry.text or "")]
            for entry in box.requests("editMessageText", chat=chen)
            if entry.applied and (entry.text or "").startswith("A3")
        ]
        assert (drawn, stands(day.card("Chen"))) == ([[LATE], [LATE, FULL]], [LATE, FULL])


async def test_an_answer_of_a_process_that_died_does_not_stay_over_what_was_said_since(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "FINISH", 0.1)
    async with sandbox() as box:
        async with afternoon(app, box, A3) as day:
            await day.until("13:20")
            card = day.card("Chen")
            box.fault("drop-before", "editMessageText", chat=day.chairs["Chen"])
            box.press(day.chairs["Chen"], card.message_id, button(card, "晚 +5"))
            await reach(app, "updates", "outcome IS NOT NULL", "applied")
        await says(day, live.full)
        await app.refresh()
        session = app.edition.timetable.session("A3")
        assert session is not None
        async with app.db.transaction() as tx:  # this was on the card when the process died
            shown = control.shown(app.edition.timetable, session)
            await tx.execute_fetchall("UPDATE outbox SET shown = ? WHERE kind = 'control'", (shown,))
        box.clear_faults()
        async with running_bot(app, box):
            await box.until(lambda: stands(day.card("Chen")) == [LATE, FULL])


async def test_a_chair_who_has_asked_for_another_card_has_two_that_are_true(app: App) -> None:
    async with sandbox() as box, afternoon(app, box, A3) as day:
        await day.until("13:20")
        sent = day.card("Chen")
        brought = await day.office.ask(day.chairs["Chen"], "/chair")
        await day.office.press(day.chairs["Chen"], brought, button(brought, "晚 +5"))
        await day.settled()
        await says(day, live.full)
        await day.settled()
        cards = [
            one for one in box.messages(day.chairs["Chen"]) if one.message_id in (sent.message_id, brought.message_id)
        ]

        assert [stands(card) for card in cards] == [[LATE, FULL]] * 2


async def test_a_chair_who_has_pressed_before_the_card_was_due_gets_no_other(app: App) -> None:
    async with sandbox() as box, afternoon(app, box, A3) as day:
        await day.until("13:16")
        brought = await day.office.ask(day.chairs["Chen"], "/chair")
        await day.office.press(day.chairs["Chen"], brought, "我到了")
        day.heard()
        await day.until("13:20")
        await day.until("13:29")

        assert "Chen" not in day.heard()


@pytest.mark.parametrize("seed", [5, 16, 18])
async def test_whatever_is_pressed_at_once_on_a_line_that_breaks_every_card_shows_the_same_in_the_end(
    app: App, seed: int
) -> None:
    """A chair with two cards and two staff with one each press what they see; requests are slow, lost or refused."""
    rng = random.Random(seed)  # noqa: S311 - chance for a test, and it must repeat
    async with sandbox() as box, afternoon(app, box, A3) as day:
        await day.until("13:25")
        chen, qin, li = day.chairs["Chen"], day.office.qin, day.office.li
        cards = [(chen, day.card("Chen").message_id)]
        cards += [(who, (await day.office.ask(who, "/chair A3")).message_id) for who in (chen, qin, li)]

        def now(who: Person, number: int) -> Seen:
            return next(one for one in box.messages(who) if one.message_id == number)

        box.fault("delay", "editMessageText", chance=0.3, seconds=0.1)
        box.fault("delay", "answerCallbackQuery", chance=0.7, seconds=0.5)
        box.fault("drop-after", "editMessageText", chance=0.1)
        box.fault("drop-before", "editMessageText", chance=0.1)
        box.fault("error", "editMessageText", code=500, chance=0.1)
        kept_true = cards[:1]  # of those that were brought, the ones that somebody has pressed a button of
        for _ in range(2):
            for who, number in (pressed := rng.sample(cards, rng.randint(2, 4))):
                there = [one.text for row in now(who, number).buttons for one in row]
                box.press(who, number, rng.choice([one for one in there if "结束" not in one]))
            await box.heard()
            kept_true += [one for one in pressed if one not in kept_true]
        box.clear_faults()
        await all_settled(box, app)
        fresh = await day.office.ask(li, "/chair A3")

        await box.until(lambda: all(now(*one).text == fresh.text for one in kept_true))
        assert [now(*one).buttons for one in kept_true] == [fresh.buttons] * len(kept_true)


async def star(app: App, who: Person, code: str) -> None:
    event = app.edition.timetable.event_by_code(code)
    user = await acquaintance.meet(app.db, "telegram", str(who.id), "zh", now=app.clock.now())
    assert event is not None
    await stars.mark(app.db, app.edition.timetable, user, event, starred=True, now=app.clock.now())


async def has_card(app: App, box: Sandbox, who: Person) -> Seen:
    user = await acquaintance.meet(app.db, "telegram", str(who.id), "zh", now=app.clock.now())
    await pinned.ask(app.db, user, now=app.clock.now())
    app.alarm.ring()
    return await box.until(lambda: next((one for one in box.messages(who) if one.pinned), None))


async def test_a_pinned_card_that_is_let_go_while_its_edit_waits_for_its_turn_stays_let_go(app: App) -> None:
    """Two messages a second: an answer goes first, and what was put into words before it is not sent after it."""
    app.clock.set(now=at(app, "2025-08-09T12:00"))
    async with sandbox() as box, running_bot(app, box, Rates(overall=2, private=0, group=0)):
        an, bo = (box.user(name, language_code="zh", started=True) for name in ("An", "Bo"))
        await star(app, an, "A3-1")
        card = await has_card(app, box, an)
        for _ in range(2):
            await box.reply(bo, after=box.say(bo, "/help"))
        await star(app, an, "A3-2")
        app.alarm.ring()
        await reach(app, "outbox", "kind = 'card'", "sending")
        box.press(an, card.message_id, button(card, word("zh", "button.take_down")))
        await all_settled(box, app)
        async with asyncio.timeout(20):
            while await states(app, "outbox", "true") & {"waiting", "sending", "doubtful"}:
                pass  # as above

        assert [entry.text for entry in box.requests("editMessageText", chat=an) if entry.applied] == [
            word("zh", "card.off")
        ]
