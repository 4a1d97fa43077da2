"""What the desk knows of a moment: what runs, what comes next, and which part of the conference it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.domain.programme import Room, Slot, Window
from bot.domain.timetable import Block, Event, Timetable


class Phase(Enum):
    BEFORE = "before"  # nothing of the programme has started yet
    RUNNING = "running"  # something runs
    BETWEEN = "between"  # between two slots of one day
    NIGHT = "night"  # the day's programme is over, or has not begun; another day has gone before
    AFTER = "after"  # nothing comes any more


@dataclass(frozen=True)
class Moment:
    """A moment of the conference.

    running    the slots that run or would, had they not been cancelled; those with talks first.
    next       what starts next; None at the end.
    then       the first block after `next` that has talks, where `next` is a break or a meal.
    check_in   the check-in window that is open, or else the next one.
    """

    phase: Phase
    running: tuple[Slot, ...]
    next: Block | None
    then: Block | None
    check_in: Window | None


def moment(timetable: Timetable, now: datetime) -> Moment:
    running = timetable.running(now)
    following = timetable.following(now)
    return Moment(
        phase=_phase(timetable, now, [slot for slot in running if not slot.called_off], following),
        running=running,
        next=following,
        then=_with_talks_after(timetable, following) if following and not _has_talks(following) else None,
        check_in=next((window for window in timetable.conference.check_in if now < window.end), None),
    )


def current(timetable: Timetable, slot: Slot, now: datetime) -> Event | None:
    """The talk that runs now, or would; in a session that is late, the first, though it has not begun."""
    placed = timetable.events_of(slot)
    if placed and slot.start <= now < placed[0].start:
        return placed[0]
    return next((event for event in placed if event.start <= now < event.end), None)


def coming(timetable: Timetable, slot: Slot, now: datetime) -> Event | None:
    """The talk of this slot that starts next after now."""
    ahead = (event for event in timetable.events_of(slot) if event.start > now)
    return next((event for event in ahead if not event.cancelled), None)


def in_room(timetable: Timetable, room: Room, now: datetime) -> tuple[Slot, ...]:
    """What runs in a room now and what comes there later, in order of time."""
    return tuple(slot for slot in timetable.in_room(room) if timetable.end_of(slot) > now)


def _phase(timetable: Timetable, now: datetime, running: Sequence[Slot], following: Block | None) -> Phase:
    if running:
        return Phase.RUNNING
    if following is None:
        return Phase.AFTER
    if not timetable.slots or now < timetable.slots[0].start:
        return Phase.BEFORE
    ended = max(slot.end for slot in timetable.slots if slot.end <= now)
    same_day = timetable.day_of(ended) == timetable.day_of(following.start)
    return Phase.BETWEEN if same_day else Phase.NIGHT


def _has_talks(block: Block) -> bool:
    return any((slot.talks or slot.kind == "panel") and not slot.called_off for slot in block.slots)


def _with_talks_after(timetable: Timetable, block: Block) -> Block | None:
    return next((later for later in timetable.blocks if later.start > block.start and _has_talks(later)), None)
