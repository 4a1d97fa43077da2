"""The first, the last, the second: which talks are meant where rooms run side by side, and where they do not."""

from reminding import at, programme, session

from bot.domain.nth import Nth
from bot.domain.programme import Slot
from bot.domain.timetable import Timetable

# A opens alone; B and C begin together, and C ends half an hour later; D closes alone, with B's last minutes gone.
A = session("A", at("09:00"), 60, "R1", 2)
B = session("B", at("10:00"), 60, "R1", 2)
C = session("C", at("10:00"), 90, "R2", 3)
D = session("D", at("14:00"), 60, "R1", 1)


def talks(nth: Nth, *slots: Slot) -> list[str]:
    return [event.talk.code for event in nth.pick(nth.rounds_of_talks(Timetable(programme(*slots)).events))]


def test_the_first_of_a_day_is_the_first_of_each_room_that_begins_first() -> None:
    assert [talks(Nth(1), *slots) for slots in ((A, B, C, D), (B, C, D), (D,))] == [["A-1"], ["B-1", "C-1"], ["D-1"]]


def test_the_last_of_a_day_is_the_last_of_each_room_that_ends_last() -> None:
    together = session("E", at("14:30"), 30, "R2", 2)
    assert [talks(Nth(-1), *slots) for slots in ((A, B, C), (A, B, C, D), (D, together))] == [
        ["C-3"],
        ["D-1"],
        ["D-1", "E-2"],
    ]


def test_what_runs_side_by_side_is_counted_as_one() -> None:
    assert [talks(Nth(n), A, B, C, D) for n in range(1, 8)] == [
        ["A-1"],
        ["A-2"],
        ["B-1", "C-1"],
        ["B-2", "C-2"],
        ["C-3"],
        ["D-1"],
        [],
    ]


def test_several_come_in_order_of_start_from_either_end() -> None:
    assert [talks(Nth(1, 3), A, B, C), talks(Nth(-1, 2), C), talks(Nth(-2), C), talks(Nth(-4), C)] == [
        ["A-1", "A-2", "B-1", "C-1"],
        ["C-2", "C-3"],
        ["C-2"],
        [],
    ]


def test_slots_that_begin_together_are_first_together_and_those_that_end_together_last() -> None:
    slots = Timetable(programme(A, B, C)).slots
    first, second, last = Nth(1, of="session"), Nth(2, of="session"), Nth(-1, of="session")

    assert [[slot.code for slot in nth.pick(nth.rounds(slots))] for nth in (first, second, last)] == [
        ["A"],
        ["B", "C"],
        ["C"],
    ]
