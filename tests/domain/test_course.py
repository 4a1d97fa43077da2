"""Where talks are when their chair says that they began late, run behind, catch up, are over."""

from collections.abc import Callable
from datetime import datetime

import pytest
from reminding import at, programme, session

from bot.domain import live
from bot.domain.live import STALE, Live, Said
from bot.domain.programme import Slot
from bot.domain.timetable import Timetable, events

A = session("A", at("13:30"), 120, "R1", 4).model_copy(update={"id": 1})
A = A.model_copy(update={"talks": tuple(t.model_copy(update={"id": n}) for n, t in enumerate(A.talks, 1))})
ORDER = [(event.talk.id, event.start) for event in events(A)]
NOTHING = Live(slot_id=1, start=A.start)


def said(*words: Callable[[Live], Said]) -> Live:
    """One thing said after another, none of it stale."""
    state = NOTHING
    for word in words:
        after = word(state)
        assert after != STALE
        state = after  # type: ignore[assignment]
    return state


def begin(clock: str) -> Callable[[Live], Said]:
    return lambda one: live.begin(one, ORDER, at(clock))


def talk(number: int, clock: str) -> Callable[[Live], Said]:
    return lambda one: live.talk(one, ORDER, number, at(clock))


def late(before: int, wanted: int) -> Callable[[Live], Said]:
    return lambda one: live.late(one, before, wanted)


def shown(state: Live, *besides: Slot, of: Slot = A) -> list[str]:
    """The talks of the session as they are placed; ≈ where that is an estimate."""
    placed = Timetable(programme(of, *besides), live=[state]).events_of(of)
    return [f"{'≈' * one.estimated}{one.start:%H:%M}–{one.end:%H:%M}" for one in placed]


PLAN = ["≈13:30–14:00", "≈14:00–14:30", "≈14:30–15:00", "≈15:00–15:30"]


@pytest.mark.parametrize(
    ("state", "placed"),
    [
        (said(), PLAN),
        (said(live.here), PLAN),
        (said(late(0, 10)), ["≈13:40–14:10", "≈14:10–14:40", "≈14:40–15:10", "≈15:10–15:40"]),
        (said(late(0, 10), begin("13:39")), ["13:39–14:09", "≈14:09–14:39", "≈14:39–15:09", "≈15:09–15:39"]),
        (said(begin("13:32")), ["13:32–14:00", *PLAN[1:]]),
        (said(begin("13:28")), ["13:28–14:00", *PLAN[1:]]),
        (said(begin("13:30"), late(0, 5)), ["13:30–14:05", "≈14:05–14:35", "≈14:35–15:05", "≈15:05–15:35"]),
        (said(begin("13:40"), talk(2, "14:02")), ["13:40–14:02", "14:02–14:30", *PLAN[2:]]),
        (said(begin("13:30"), talk(2, "13:55")), ["13:30–13:55", "13:55–14:25", "≈14:25–14:55", "≈14:55–15:25"]),
        (
            said(begin("13:30"), talk(2, "14:00"), lambda one: live.finish(one, at("14:20"))),
            ["13:30–14:00", "14:00–14:20", "≈14:20–14:20", "≈14:20–14:20"],
        ),
    ],
)
def test_talks_are_where_what_the_chair_said_puts_them(state: Live, placed: list[str]) -> None:
    assert shown(state) == placed


def test_nothing_is_put_past_the_start_of_the_next_session_in_that_room() -> None:
    following = session("B", at("15:40"), 60, "R1", 2).model_copy(update={"id": 2})
    elsewhere = session("C", at("15:30"), 60, "R2", 2).model_copy(update={"id": 3})
    state = said(begin("13:30"), talk(2, "14:20"))
    course = Timetable(programme(A, following, elsewhere), live=[state]).course(A)

    assert shown(state, following, elsewhere) == ["13:30–14:20", "14:20–14:50", "≈14:50–15:15", "≈15:15–15:40"]
    assert (course.late, course.over, course.end, course.after) == (20, 10, at("15:40"), following)


def test_later_than_there_is_room_for_all_that_is_left_is_put_before_the_next_session() -> None:
    following = session("B", at("15:30"), 60, "R1", 2).model_copy(update={"id": 2})

    assert shown(said(late(0, 120)), following) == ["≈15:30–15:30"] * 4


def test_a_talk_with_a_time_of_its_own_is_not_before_it_and_follows_when_late() -> None:
    own = A.talks[2].model_copy(update={"start": at("14:30"), "end": at("15:00")})
    slot = A.model_copy(update={"talks": (*A.talks[:2], own, A.talks[3])})

    assert shown(said(begin("13:30"), talk(2, "13:50")), of=slot)[2] == "14:30–14:50"
    assert shown(said(late(0, 10)), of=slot)[2] == "≈14:40–15:10"


def test_what_was_said_of_another_time_says_nothing_any_more() -> None:
    later = A.model_copy(update={"start": at("14:00"), "end": at("16:00")})

    assert shown(said(late(0, 10)), of=later) == ["≈14:00–14:30", "≈14:30–15:00", "≈15:00–15:30", "≈15:30–16:00"]


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (said(live.here), live.here),
        (said(begin("13:35")), begin("13:50")),
        (said(begin("13:30"), talk(2, "14:00")), talk(2, "14:03")),
        (said(late(0, 5)), late(0, 5)),
        (said(begin("13:30"), lambda one: live.finish(one, at("15:00"))), lambda one: live.finish(one, at("15:02"))),
        (said(lambda one: live.full(one, 7)), lambda one: live.full(one, 7)),
        (said(begin("13:30"), lambda one: live.back(one, 1)), lambda one: live.back(one, 1)),
    ],
)
def test_said_twice_is_said_once(state: Live, word: Callable[[Live], Said]) -> None:
    assert word(state) == state


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (said(late(0, 10)), late(0, 5)),
        (said(begin("13:30"), talk(2, "14:00"), talk(3, "14:30")), talk(2, "14:31")),
        (said(begin("13:30")), talk(3, "14:00")),
        (said(), talk(2, "14:00")),
        (said(), lambda one: live.finish(one, at("14:00"))),
        (said(begin("13:30"), talk(2, "14:00")), lambda one: live.back(one, 1)),
        (said(begin("13:30"), lambda one: live.finish(one, at("15:00"))), late(0, 5)),
    ],
)
def test_what_is_said_of_how_things_no_longer_stand_is_stale(state: Live, word: Callable[[Live], Said]) -> None:
    assert word(state) == STALE


def test_a_press_taken_back_leaves_everything_as_it_was() -> None:
    before = said(late(0, 10))
    begun: datetime = at("13:39")

    after = live.back(live.begin(before, ORDER, begun), 1)  # type: ignore[arg-type]

    assert after == before.model_copy(update={"here": True})
