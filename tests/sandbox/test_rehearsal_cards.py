"""A rehearsal finds out a bot that leaves chairs without a card, staff without a report, or a reminder as it was."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.rehearsal.board import Board, Thing
from bot.sandbox.rehearsal.cards import Cards, Post
from bot.sandbox.rehearsal.changes import Told
from bot.sandbox.rehearsal.reminders import Count, Starring
from bot.sandbox.rehearsal.stage import Stage
from bot.sandbox.rehearsal.standing import mended

NOON = datetime(2025, 8, 9, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ONE, TWO = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
SESSION = Thing("s1", ONE, "", TWO, "R", "A1")
TALKS = [Thing("t1", ONE, "s1", ONE + 30 * MINUTE, "R", "A1-1"), Thing("t2", ONE + 30 * MINUTE, "s1", TWO, "R", "A1-2")]


class Signs:
    """A card begins with `card`, a report with `silent`; a session by its number follows."""

    def carded(self, entry):
        return int(entry.text.split()[1]) if (entry.text or "").startswith("card") else None

    def reported(self, entry):
        return [int(one) for one in entry.text.split()[1:]] if (entry.text or "").startswith("silent") else []


@pytest.fixture
def told(box):
    stage = Stage(box, patience=0.05, reminded=lambda entry: ["t2"] if "⏰" in entry.text else [])
    board = Board(TALKS, [SESSION])
    return Told(stage, board, Count(stage, Starring(TALKS, 10, lambda _: None), board), ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def cards(told, box):
    chair, one, two = (box.user(name, started=True).id for name in ("Chair", "Staff 1", "Staff 2"))
    told.stage.workers |= {chair, one, two}
    return Cards(told.stage, Signs(), told, (one, two), [Post(1, "s1", chair, NOON - timedelta(days=1))])


async def hold(box, cards, *, minutes):
    """The look that the rehearsal takes so many minutes before the start."""
    moment = ONE - minutes * MINUTE
    box.clock.set(moment, 0)
    for act in cards.acts([moment], TWO):
        if act.at == moment:
            await act.do()


async def look_back(cards):
    *_, last = cards.acts([], TWO)
    await last.do()


@pytest.mark.parametrize(
    ("minutes", "said", "unkept"), [(11, [], []), (10, [], ["no card for s1"]), (10, ["card 1"], [])]
)
async def test_a_chair_without_a_card_is_found(api, box, told, cards, minutes, said, unkept):
    for text in said:
        await api("sendMessage", chat_id=cards.posts[0].user, text=text)

    await hold(box, cards, minutes=minutes)

    assert told.stage.record.unkept == unkept


async def test_a_card_is_due_again_for_another_start_and_not_when_nothing_takes_place(api, box, told, cards):
    await api("sendMessage", chat_id=cards.posts[0].user, text="card 1")
    await hold(box, cards, minutes=10)
    told.board.apply(told.board.delay("s1", 5 * MINUTE))
    await hold(box, cards, minutes=5)
    told.board.apply(told.board.off("s1", cancelled=True))
    told.board.apply(told.board.delay("s1", 5 * MINUTE))
    await hold(box, cards, minutes=0)

    assert told.stage.record.unkept == ["no card for s1"]


@pytest.mark.parametrize(
    ("minutes", "pressed", "heard", "unkept"),
    [
        (6, False, ["", ""], 0),
        (5, False, ["silent 1", "silent 1"], 0),
        (5, False, ["silent 1", ""], 1),
        (5, False, ["silent 1 2", "silent 1"], 2),
        (5, True, ["", ""], 0),
        (5, True, ["silent 1", ""], 1),
    ],
)
async def test_what_staff_hear_of_silent_chairs_is_held_against_what_they_said(
    api, box, cards, minutes, pressed, heard, unkept
):
    await api("sendMessage", chat_id=cards.posts[0].user, text="card 1")
    told = cards.told
    if pressed:
        told.count.courses.hear("s1", "here", 0, at=ONE - 8 * MINUTE)
    for number, text in zip(cards.staff, heard, strict=True):
        if text:
            await api("sendMessage", chat_id=number, text=text)

    await hold(box, cards, minutes=minutes)
    await look_back(cards)

    assert len(told.stage.record.unkept) == unkept


async def test_a_reminder_that_is_not_mended_is_found(api, box, an, told):
    box.clock.set(ONE, 0)
    sent = await api("sendMessage", chat_id=an.id, text="⏰ 13:30 R")
    await mended(told, "as sent")
    told.count.courses.hear("s1", "late", 5, at=ONE)
    await mended(told, "late")
    await api("editMessageText", chat_id=an.id, message_id=sent["message_id"], text="⏰ 13:35 R")
    await mended(told, "mended")
    told.board.apply(told.board.move("s1", "Q"))
    await mended(told, "moved")
    box.clock.set(TWO, 0)
    await mended(told, "begun")

    assert told.stage.record.stale == [f"late: {an.id} t2 does not say 13:35", f"moved: {an.id} t2 does not say Q"]
