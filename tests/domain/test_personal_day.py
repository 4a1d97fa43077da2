"""A day of one's own: what overlaps, what is a run from one room to another, what is free."""

from datetime import datetime

from reminding import at, programme, session

from bot.domain.personal_day import Entry, Gap, day_on, days, entries, gaps
from bot.domain.programme import Slot
from bot.domain.stars import Stars, Subject, subjects
from bot.domain.timetable import Timetable

EARLY = at("08:00")


def laid_out(*slots: Slot) -> Timetable:
    numbered = []
    for n, slot in enumerate(slots, 1):
        talks = tuple(talk.model_copy(update={"id": 10 * n + k}) for k, talk in enumerate(slot.talks, 1))
        numbered.append(slot.model_copy(update={"id": n, "talks": talks}))
    return Timetable(programme(*numbered))


def timed(*lines: str) -> Timetable:
    """Sessions of one talk each: code, start, minutes and room."""
    return laid_out(
        *(session(code, at(start), int(minutes), room, 1) for code, start, minutes, room in map(str.split, lines))
    )


def all_of(timetable: Timetable) -> list[Subject]:
    return Stars(slots=frozenset(slot.id for slot in timetable.slots)).of(subjects(timetable))


def called(one: Subject) -> str:
    return one.event.talk.code if one.event else one.slot.title


def clashes(timetable: Timetable, now: datetime = EARLY) -> dict[str, list[str]]:
    found = entries(all_of(timetable), now)
    return {called(one.subject): [called(other) for other in one.clashes] for one in found}


def hurries(timetable: Timetable, now: datetime = EARLY) -> dict[str, tuple[str, int]]:
    found = entries(all_of(timetable), now)
    return {called(one.subject): (one.hurry.after.code, one.hurry.minutes) for one in found if one.hurry}


def test_everything_that_overlaps_clashes_and_not_only_neighbours() -> None:
    timetable = timed("A 09:00 120 R1", "B 09:30 10 R2", "C 10:00 30 R2", "D 11:00 30 R3")

    assert clashes(timetable) == {"A-1": ["B-1", "C-1"], "B-1": ["A-1"], "C-1": ["A-1"], "D-1": []}


def test_what_is_over_or_cancelled_clashes_with_nothing() -> None:
    called_off = session("C", at("10:00"), 30, "R2", 1).model_copy(update={"cancelled": True})
    timetable = laid_out(session("A", at("09:00"), 120, "R1", 1), session("B", at("09:30"), 10, "R2", 1), called_off)

    assert clashes(timetable, at("09:50")) == {"A-1": [], "C-1": []}


def test_another_room_in_under_five_minutes_is_a_run_and_the_same_room_is_none() -> None:
    timetable = timed("A 09:00 30 R1", "B 09:30 26 R2", "C 10:00 30 R3", "D 10:30 30 R3", "E 11:05 30 R1")

    assert hurries(timetable) == {"B-1": ("A", 0), "C-1": ("B", 4)}
    assert hurries(timetable, at("09:45")) == {"C-1": ("B", 4)}


def test_of_two_that_end_together_the_one_in_the_room_spares_the_way() -> None:
    timetable = timed("A 09:00 30 R1", "B 09:00 30 R2", "C 09:30 30 R2", "D 09:30 30 R3")

    assert hurries(timetable) == {"D-1": ("A", 0)}


def test_what_runs_comes_first_then_the_order_of_time() -> None:
    timetable = laid_out(
        session("A", at("09:00"), 30, "R1", 1).model_copy(update={"cancelled": True}),
        session("B", at("09:10"), 60, "R2", 1),
        session("C", at("09:40"), 30, "R3", 1),
        session("D", at("08:00"), 30, "R3", 1),
    )

    assert [called(one.subject) for one in entries(all_of(timetable), at("09:20"))] == ["B-1", "A-1", "C-1"]


def test_gaps_are_what_nothing_covers_with_the_breaks_in_them() -> None:
    lunch = Slot(kind="meal", title="Lunch", start=at("12:00"), end=at("13:00"))
    timetable = laid_out(
        session("A", at("09:00"), 120, "R1", 1),
        session("B", at("09:30"), 30, "R2", 1),
        session("C", at("11:29"), 1, "R2", 1),
        session("D", at("13:30"), 30, "R2", 1).model_copy(update={"cancelled": True}),
        lunch,
        session("E", at("14:00"), 30, "R2", 1),
    )
    starred = [one for one in all_of(timetable) if one.slot.kind == "session"]
    found = Gap(at("11:30"), at("14:00"), (timetable.slots[3],))

    assert gaps(timetable, starred, at("08:00")) == [found]
    assert (gaps(timetable, starred, at("13:59")), gaps(timetable, starred, at("14:00"))) == ([found], [])


def test_the_day_is_the_first_with_something_ahead_else_the_last() -> None:
    late = at("09:00").replace(day=10)
    timetable = laid_out(session("A", at("09:00"), 30, "R1", 1), session("B", late, 30, "R2", 1))
    starred = all_of(timetable)

    found = [day_on(timetable, starred, now) for now in (at("09:29"), at("09:30"), late.replace(hour=23))]
    assert [one.day for one in found if one] == [9, 10, 10]
    assert day_on(timetable, [], late) is None
    assert [[called(one) for one in there] for there in days(timetable, starred).values()] == [["A-1"], ["B-1"]]


def test_what_is_over_is_no_entry() -> None:
    timetable = laid_out(session("A", at("09:00"), 30, "R1", 1))

    assert entries(all_of(timetable), at("09:30")) == []
    assert entries(all_of(timetable), at("09:29")) == [Entry(all_of(timetable)[0])]
