"""The personal day: what somebody starred on one day, with what they should know of it before they get there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from bot.domain.programme import Slot
from bot.domain.stars import Subject
from bot.domain.timetable import Timetable

HURRY = timedelta(minutes=5)
"""Between two rooms, less than this is said."""
WORTH = timedelta(minutes=30)
"""A gap as long as this is worth knowing of; in less nobody begins anything else."""


@dataclass(frozen=True)
class Hurry:
    """Another room with little time to get there: from which slot, and how many whole minutes between."""

    after: Slot
    minutes: int


@dataclass(frozen=True)
class Entry:
    """Something starred that is not over.

    clashes  everything else starred that overlaps it, in order of start.
    hurry    from what it must be reached; None where there is time enough, or somebody sits there already.
    """

    subject: Subject
    clashes: tuple[Subject, ...] = ()
    hurry: Hurry | None = None


@dataclass(frozen=True)
class Gap:
    """Time with nothing starred between two things that are.

    items  the breaks, meals and others in it.
    talks  whether there is anything to hear in it.
    """

    start: datetime
    end: datetime
    items: tuple[Slot, ...]
    talks: bool = False


def day_on(timetable: Timetable, starred: Sequence[Subject], at: datetime) -> date | None:
    """The first day with something that is not over, else the last with anything. `starred` in order of start."""
    ahead = [one for one in starred if one.end > at]
    found = ahead[0] if ahead else (starred[-1] if starred else None)
    return timetable.day_of(found.start) if found else None


def days(timetable: Timetable, starred: Sequence[Subject]) -> dict[date, list[Subject]]:
    """What is starred, by day."""
    found: dict[date, list[Subject]] = {}
    for one in starred:
        found.setdefault(timetable.day_of(one.start), []).append(one)
    return found


def entries(today: Sequence[Subject], at: datetime) -> list[Entry]:
    """What is not over of a day's stars: what runs first, then in order of start."""
    on = [one for one in today if not one.cancelled]
    ahead = sorted((one for one in today if one.end > at), key=lambda one: (not _runs(one, at), one.start))
    return [
        Entry(one) if one.cancelled else Entry(one, tuple(_clashes(one, on, at)), _hurry(one, on, at)) for one in ahead
    ]


def gaps(timetable: Timetable, today: Sequence[Subject], at: datetime) -> list[Gap]:
    """The gaps of a day that are not over."""
    on = [one for one in today if not one.cancelled]
    found = []
    for one, after in pairwise(on):
        start = max(before.end for before in on if before.start <= one.start)
        if after.start - start >= WORTH and after.start > at:
            there = [slot for slot in timetable.slots if slot.start < after.start and start < slot.end]
            there = [slot for slot in there if not slot.called_off]
            items = tuple(slot for slot in there if slot.kind in ("break", "meal", "other"))
            found.append(Gap(start, after.start, items, any(slot.talks or slot.panel for slot in there)))
    return found


def _runs(one: Subject, at: datetime) -> bool:
    return one.start <= at and not one.cancelled


def _clashes(one: Subject, on: Sequence[Subject], at: datetime) -> list[Subject]:
    return [
        other for other in on if other is not one and other.start < one.end and one.start < other.end and other.end > at
    ]


def _hurry(one: Subject, on: Sequence[Subject], at: datetime) -> Hurry | None:
    """Nobody hurries to what has begun, nor where one of those that just ended was in the same room."""
    if one.start <= at or one.slot.room is None:
        return None
    just_over = [
        other for other in on if other.slot.room and timedelta() <= one.start - other.end < HURRY and other is not one
    ]
    if not just_over or any(other.slot.room == one.slot.room for other in just_over):
        return None
    last = max(just_over, key=lambda other: other.end)
    return Hurry(last.slot, int((one.start - last.end).total_seconds() // 60))
