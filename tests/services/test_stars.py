"""Marks on talks and sessions: which of them are starred, what is told of it at once, and that twice is once."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from reminding import World, at, programme, session, world
from virtual_time import in_virtual_time

from bot.domain.stars import Stars
from bot.services import stars
from bot.services.stars import Marked
from bot.store import told

Story = Callable[[World], Awaitable[None]]
Play = Callable[[Story, datetime], None]
NOON = at("12:00")


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Runs a story in a small conference: A at two o'clock with two talks, then a panel."""

    async def on_stage(story: Story, now: datetime) -> None:
        given = programme(session("A", at("14:00"), 60, "R1", 2), session("Panel", at("16:00"), 60, "R2", 0))
        async with world(tmp_path, given, now) as made:
            await story(made)

    return lambda story, now: in_virtual_time(on_stage(story, now))


async def marks(w: World) -> Stars:
    return await stars.of(w.db, await w.user())


async def starred(w: World) -> list[str]:
    """The codes of the talks that are starred."""
    mine = await marks(w)
    return [event.talk.code for event in w.timetable.events if mine.has(event)]


@pytest.mark.parametrize(
    ("pressed", "then"),
    [
        (["A-1 on"], ["A-1"]),
        (["A-1 on", "A-1 on"], ["A-1"]),
        (["A-1 on", "A-1 off"], []),
        (["A-1 off"], []),
        (["A on"], ["A-1", "A-2"]),
        (["A on", "A-2 off"], ["A-1"]),
        (["A on", "A-2 off", "A-2 on"], ["A-1", "A-2"]),
        (["A on", "A off"], []),
        (["A-2 on", "A on", "A off"], ["A-2"]),
        (["A on", "A-2 off", "A off", "A on"], ["A-1", "A-2"]),
        (["A on", "A-2 off", "A on"], ["A-1"]),
    ],
)
def test_a_talks_own_mark_wins_over_its_sessions(play: Play, pressed: list[str], then: list[str]) -> None:
    async def story(w: World) -> None:
        for one in pressed:
            name, wanted = one.split()
            await w.star(name, starred=wanted == "on")
        assert await starred(w) == then

    play(story, NOON)


def test_setting_the_same_twice_changes_nothing(play: Play) -> None:
    async def story(w: World) -> None:
        for things in (("A-1", "Panel"), ("A-1",), ("A",)):
            await w.star(*things)
            before = await marks(w)
            w.channel.now += timedelta(minutes=1)
            await w.star(*things)
            assert await marks(w) == before

    play(story, NOON)


@pytest.mark.parametrize(
    ("thing", "clock", "begins", "reminded"),
    [
        ("A-1", "12:00", None, True),
        ("A-1", "13:50", "14:00", False),
        ("A-1", "13:59", "14:00", False),
        ("A-1", "14:00", None, False),
        ("A", "12:00", None, True),
        ("A", "13:55", "14:00", True),
        ("A", "14:05", None, True),
        ("A", "14:25", "14:30", False),
        ("A", "14:45", None, False),
        ("Panel", "15:55", "16:00", False),
        ("Panel", "17:30", None, False),
    ],
)
def test_the_confirmation_knows_what_begins_soon_and_whether_a_reminder_follows(
    play: Play, thing: str, clock: str, begins: str | None, reminded: bool
) -> None:
    async def story(w: World) -> None:
        (marked,) = await w.star(thing)
        found = (marked.soon and marked.soon.start, marked.reminded)
        assert found == (at(begins) if begins else None, reminded)

    play(story, at(clock))


def test_taking_a_star_away_promises_nothing(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A")
        assert await w.star("A", "A-1", starred=False) == [Marked(starred=False), Marked(starred=False)]

    play(story, NOON)


def test_whoever_stars_something_has_seen_it_as_it_is_then(play: Play) -> None:
    async def story(w: World) -> None:
        user = await w.user()
        await w.star("A-1")
        await w.move("A", "R3")
        await w.star("Panel", "A-1")
        seen = (await told.of_users(w.db.reader, [user.id]))[user.id]
        rooms = {w.timetable.room_by_id(one.room_id or 0).name for one in seen.values()}  # type: ignore[union-attr]
        assert ({key[0] for key in seen}, rooms) == ({"talk", "slot"}, {"R1", "R2"})
        await w.star("A-1", starred=False)
        await w.star("A-1")
        again = ((await told.of_users(w.db.reader, [user.id]))[user.id])["talk", w.named("A-1")[1]]
        assert w.timetable.room_by_id(again.room_id or 0) == w.timetable.room("R3")

    play(story, NOON)


@pytest.mark.parametrize(("clock", "heard"), [("12:00", "12:01 change"), ("13:30", "13:30 change")])
def test_whoever_stars_what_was_changed_a_moment_ago_is_told_of_the_change(play: Play, clock: str, heard: str) -> None:
    async def story(w: World) -> None:
        await w.start()
        shown = w.timetable
        await w.move("A", "R3")
        w.timetable = shown  # questions are answered from what was laid out before
        await w.star("A-1")
        await w.until(at(clock) + timedelta(minutes=15))
        assert w.channel.lines["an"] == [heard]
        assert await rooms(w) == {"A": "R3", "A-1": "R3"}

    play(story, at(clock))


def test_what_was_changed_and_changed_back_around_a_star_is_no_news(play: Play) -> None:
    async def story(w: World) -> None:
        await w.start()
        shown = w.timetable
        await w.move("A", "R3")
        w.timetable = shown
        await w.star("A-1")
        await w.move("A", "R1")
        await w.until(at("12:15"))
        assert w.channel.lines["an"] == []
        assert await rooms(w) == {"A-1": "R1"}

    play(story, NOON)


async def rooms(w: World) -> dict[str, str]:
    """The rooms that somebody was told of, by what is there."""
    user = await w.user()
    seen = (await told.of_users(w.db.reader, [user.id]))[user.id]
    names = {w.named(one): one for one in ("A", "A-1", "Panel")}
    named = {room.id: room.name for room in w.timetable.programme.rooms}
    return {names[thing]: named[one.room_id or 0] for thing, one in seen.items()}
