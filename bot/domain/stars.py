"""What a user starred, and what that means for talks and slots."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Literal

from bot.domain.programme import Slot
from bot.domain.timetable import Event, Timetable

Kind = Literal["talk", "slot"]


@dataclass(frozen=True)
class Subject:
    """Something that can be starred: a talk at its place, or a slot.

    official  the start as printed or set by staff: its session's where the talk has no time of its own.
    """

    kind: Kind
    id: int
    slot: Slot
    event: Event | None
    start: datetime
    end: datetime
    official: datetime
    cancelled: bool

    @property
    def estimated(self) -> bool:
        """Whether its times are its share of its session's."""
        return self.event is not None and self.event.estimated


def subject(timetable: Timetable, thing: Event | Slot) -> Subject:
    if isinstance(thing, Slot):
        course = timetable.course(thing)
        return Subject("slot", thing.id, thing, None, course.start, course.end, thing.start, thing.cancelled)
    talk, slot = thing.talk, thing.slot
    official = talk.start or slot.start
    return Subject("talk", talk.id, slot, thing, thing.start, thing.end, official, thing.cancelled)


def find(timetable: Timetable, kind: Kind, subject_id: int) -> Subject | None:
    """The subject of a row; None when it has left the programme."""
    thing = timetable.event(subject_id) if kind == "talk" else timetable.slot(subject_id)
    return subject(timetable, thing) if thing is not None else None


@lru_cache(maxsize=2)
def subjects(timetable: Timetable) -> Sequence[Subject]:
    """Everything that one can go to, in order of start: every talk, and every slot without talks.

    Made once for a timetable: it is asked for every person of a crowd.
    """
    everything: list[Event | Slot] = [*timetable.events, *(slot for slot in timetable.slots if not slot.talks)]
    return tuple(sorted((subject(timetable, one) for one in everything), key=lambda one: one.start))


def of_slots(timetable: Timetable, slot_ids: Iterable[int]) -> list[Subject]:
    """Slots and every talk of theirs."""
    slots = [slot for slot in map(timetable.slot, slot_ids) if slot is not None]
    things: list[Event | Slot] = [*slots, *(event for slot in slots for event in timetable.events_of(slot))]
    return [subject(timetable, one) for one in things]


def next_turn(among: Iterable[Subject], now: datetime) -> datetime | None:
    """When the next of these begins or ends; None when all are over."""
    return min((moment for one in among for moment in (one.start, one.end) if moment > now), default=None)


@dataclass(frozen=True)
class Stars:
    """One user's marks: talks by id, on or off, and the slots that are starred."""

    talks: dict[int, bool] = field(default_factory=dict)
    slots: frozenset[int] = frozenset()

    def talk(self, talk_id: int, slot_id: int) -> bool:
        """Whether a talk of a slot is starred: its own mark wins over the slot's."""
        return self.talks.get(talk_id, slot_id in self.slots)

    def has(self, thing: Event | Slot | Subject) -> bool:
        if isinstance(thing, Event):
            return self.talk(thing.talk.id, thing.slot.id)
        if isinstance(thing, Slot):
            return thing.id in self.slots
        return self.has(thing.event or thing.slot)

    def of(self, among: Iterable[Subject]) -> list[Subject]:
        return [one for one in among if self.has(one)]

    def __bool__(self) -> bool:
        return bool(self.slots) or any(self.talks.values())


NOTHING = Stars()
