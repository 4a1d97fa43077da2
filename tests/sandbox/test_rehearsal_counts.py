"""Whom reminders and notices of changes are for, as a rehearsal counts it: from buttons pressed and edits confirmed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from played import bot

from bot.sandbox.rehearsal.board import Board, Thing, back
from bot.sandbox.rehearsal.changes import Told
from bot.sandbox.rehearsal.reminders import Count, Starring, minutes, reminders
from bot.sandbox.rehearsal.stage import Stage

NOON = datetime(2025, 8, 9, 4, tzinfo=UTC)
ONE, TWO = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
SESSION = [Thing("t1", ONE, "s1", TWO, "R"), Thing("t2", TWO, "s1", TWO + timedelta(hours=1), "R")]
ITEM = Thing("s2", ONE)


def mark(data):
    name, _, wanted = data.partition(" ")
    return (name, wanted == "on") if wanted in ("on", "off") else None


def choice(data):
    name, _, value = data.partition(" ")
    return (name, int(value)) if value.isdigit() else None


@pytest.mark.parametrize(
    ("pressed", "due"),
    [
        ([], []),
        (["t1 on"], ["50 t1"]),
        (["t1 on", "t1 on"], ["50 t1"]),
        (["t1 on", "t1 off"], []),
        (["s1 on"], ["50 t1", "110 t2"]),
        (["s1 on", "t2 off"], ["50 t1"]),
        (["t2 on", "s1 on", "s1 off"], ["110 t2"]),
        (["s1 on", "t2 off", "s1 off", "s1 on"], ["50 t1", "110 t2"]),
        (["s2 on", "t1 on"], ["50 s2", "50 t1"]),
        (["t1 on", "40 t1 off", "45 t1 on"], ["50 t1"]),
        (["t1 on", "55 t1 off", "57 t1 on"], ["50 t1"]),
        (["55 t1 on"], []),
        (["lead 30", "t1 on"], ["30 t1"]),
        (["t1 on", "40 lead 30"], ["40 t1"]),
        (["t1 on", "52 lead 5"], ["50 t1"]),
        (["t1 on", "45 lead 5"], ["55 t1"]),
        (["t1 on", "reminders 0"], []),
        (["t1 on", "reminders 0", "57 reminders 1"], ["57 t1"]),
        (["reminders 0", "55 t1 on", "57 reminders 1"], []),
        (["s1 on", "same_room 0"], ["50 t1"]),
        (["s1 on", "same_room 0", "115 t1 off"], ["50 t1", "115 t2"]),
    ],
)
async def test_who_must_be_reminded_is_counted_from_the_buttons_pressed(api, box, an, press, pressed, due):
    """`40 t1 on`: pressed forty minutes after noon; and due then, by the same clock."""
    script = [(int(one.split()[0]), one.split(" ", 1)[1]) if one[0].isdigit() else (0, one) for one in pressed]
    moments = [NOON + timedelta(minutes=minute) for minute, _ in script]
    box.clock.set(NOON, 0)
    stage = Stage(box, patience=5)
    stage.record.told.update({(an.id, name): [0.0] for name in ("t1", "t2", "s2")})
    counted = []

    async def answer(update):
        await api("sendMessage", chat_id=an.id, text="Done.")

    async def hold(act):
        before = len(stage.record.due)
        await act.do()
        counted.extend(f"{(act.at - NOON) // timedelta(minutes=1)} {one.name}" for one in stage.record.due[before:])

    starring = Starring([*SESSION, ITEM], 10, mark, (5, 30), choice)
    count = Count(stage, starring, Board(starring.things))
    acts = list(reminders(stage, count, minutes(starring), moments))
    async with bot(api, answer):
        for moment, (_, data) in zip(moments, script, strict=True):
            for act in [act for act in acts if act.at <= moment]:
                acts.remove(act)
                box.clock.set(act.at, 0)
                await hold(act)
            box.clock.set(moment, 0)
            await press(stage, an, data)
    for act in acts:
        box.clock.set(act.at, 0)
        await hold(act)

    assert sorted(counted) == sorted(due)


SOON, QUIET = timedelta(minutes=59), timedelta(seconds=60)
LATER = [Thing("t1", NOON + timedelta(hours=5), "s1", NOON + timedelta(hours=6), "R", "A1-1"),
         Thing("t2", NOON + timedelta(hours=6), "s1", NOON + timedelta(hours=7), "R", "A1-2")]  # fmt: skip


@pytest.mark.parametrize(
    ("starred", "done", "heard"),
    [
        (["s1"], [], []),
        (["s1"], ["move"], [("s1", ("R → ", "Q"))]),
        (["t2"], ["move"], [("t2", ("R → ", "Q"))]),
        (["s1", "t1 off"], ["move"], [("s1", ("R → ", "Q"))]),
        (["s1"], ["move", "back"], []),
        (["s1", "notices 0"], ["move"], []),
        (["s1"], ["move", "delay"], [("s1", ("17:00–19:00", "17:15–19:15", "R → ", "Q"))]),
        (["t1"], ["off 2"], []),
        (["s1"], ["off 2"], [("t2", ())]),
        (["s1"], ["swap"], [("t1", ("17:00–19:00", "18:00–19:00")), ("t2", ("17:00–19:00", "17:00–18:00"))]),
        (["t2"], ["off 2", "on 2", "delay"], [("t2", ("17:00–19:00", "17:15–19:15"))]),
    ],
)
async def test_who_must_hear_of_what_staff_do_is_counted_from_what_they_confirmed(
    api, box, an, press, starred, done, heard
):
    """All in one quiet time, five hours ahead."""
    box.clock.set(NOON, 0)
    stage = Stage(box, patience=5)
    board = Board(LATER, [Thing("s1", LATER[0].start, "", LATER[1].end, "R", "A1")])
    count = Count(stage, Starring(LATER, 10, mark, (5, 30), choice), board)
    told = Told(stage, board, count, ZoneInfo("Asia/Shanghai"))

    async def answer(update):
        await api("sendMessage", chat_id=an.id, text="Done.")

    async with bot(api, answer):
        for one in starred:
            await press(stage, an, one if " " in one else f"{one} on")
    edits = {
        "move": lambda: board.move("s1", "Q"),
        "delay": lambda: board.delay("s1", timedelta(minutes=15)),
        "swap": lambda: board.swap_times("t1", "t2"),
        "off 2": lambda: board.off("t2", cancelled=True),
        "on 2": lambda: board.off("t2", cancelled=False),
    }
    last = ()
    for n, one in enumerate(done):
        last = back(last) if one == "back" else edits[one]()
        told.changed(last, NOON + timedelta(seconds=n), at_once=False)

    assert told.due_by(NOON + QUIET - timedelta(seconds=1)) == []
    assert [(one.name, one.words) for one in told.due_by(NOON + QUIET)] == heard
    assert told.due_by(NOON + 2 * QUIET) == []


async def test_what_begins_within_the_hour_or_is_told_now_waits_for_nothing(api, box, an, press):
    box.clock.set(NOON, 0)
    stage = Stage(box, patience=5)
    board = Board(LATER)
    told = Told(stage, board, Count(stage, Starring(LATER, 10, mark), board), ZoneInfo("Asia/Shanghai"))

    async def answer(update):
        await api("sendMessage", chat_id=an.id, text="Done.")

    async with bot(api, answer):
        await press(stage, an, "s1 on")
    told.changed(board.move("s1", "Q"), NOON, at_once=True)
    at_once = told.due_by(NOON)
    told.changed(board.move("s1", "P"), LATER[0].start - SOON, at_once=False)

    assert [one.name for one in (*at_once, *told.due_by(LATER[0].start - SOON))] == ["s1", "s1"]
