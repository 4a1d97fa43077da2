"""A programme laid out in time: who is where when, what runs, what comes next.

Built once per revision of the programme and then only read; every question about the programme is answered from it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import groupby, pairwise

from bot.domain import course as courses
from bot.domain.course import Course
from bot.domain.live import Live
from bot.domain.programme import Person, Programme, Room, Slot, Talk, Window


@dataclass(frozen=True)
class Event:
    """A talk at its place in time.

    estimated  nobody said or printed that it begins then: it is its share of the session, or what lateness makes of it.
    planned    when it would begin if nobody had said that the session is late or ahead.
    """

    talk: Talk
    slot: Slot
    start: datetime
    end: datetime
    estimated: bool
    planned: datetime

    @property
    def cancelled(self) -> bool:
        return self.talk.cancelled or self.slot.cancelled


@dataclass(frozen=True)
class Roles:
    """Everything a person does at the conference, each in order of time."""

    events: tuple[Event, ...]
    chairs: tuple[Slot, ...]
    panels: tuple[Slot, ...]


@dataclass(frozen=True)
class Block:
    """Slots that start together: the parallel sessions of one time, or a single item."""

    start: datetime
    slots: tuple[Slot, ...]

    @property
    def end(self) -> datetime:
        return max(slot.end for slot in self.slots)

    @property
    def takes_place(self) -> bool:
        return not all(slot.called_off for slot in self.slots)


class Timetable:
    """Indices over one programme. Slots are in order of their printed start, then as in the programme.

    live  what chairs say of their sessions: talks are where that puts them. `plan` is the same without it.
    """

    def __init__(self, programme: Programme, revision: int = 0, live: Iterable[Live] = ()) -> None:
        self.programme = programme
        self.revision = revision
        self.conference = programme.conference
        self.zone = programme.conference.zone
        self.slots: Sequence[Slot] = sorted(programme.slots, key=lambda slot: slot.start)
        self._rooms = {room.name: room for room in programme.rooms}
        self._numbers = Counter(room.number for room in programme.rooms)
        self._people = {person.key: person for person in programme.people}
        self._institutions = {institution.name: institution.english for institution in programme.institutions}
        self._slots_by_room: dict[str, list[Slot]] = defaultdict(list)
        for slot in self.slots:
            if slot.room is not None:
                self._slots_by_room[slot.room].append(slot)
        self.live = {one.slot_id: one for one in live}
        self._courses = {slot.id: self._course(slot) for slot in self.slots if slot.id in self.live}
        self._events_by_slot = {id(slot): tuple(self._placed(slot)) for slot in self.slots}
        self._events = [event for slot in self.slots for event in self._events_by_slot[id(slot)]]
        self._event_by_talk = {event.talk.id: event for event in self._events}
        self._event_by_code = {event.talk.code.casefold(): event for event in self._events if event.talk.code}
        self._session_by_code = {slot.code.casefold(): slot for slot in self.slots if slot.code}
        self._slot_by_id = {slot.id: slot for slot in self.slots}
        self._person_by_id = {person.id: person for person in programme.people}
        self._room_by_id = {room.id: room for room in programme.rooms}

    # One thing, by what refers to it. None where there is none: the caller has the words for that.

    def room(self, name: str | None) -> Room | None:
        return self._rooms.get(name) if name is not None else None

    def is_alone_with_its_number(self, room: Room) -> bool:
        return room.number is not None and self._numbers[room.number] == 1

    def room_by_id(self, room_id: int) -> Room | None:
        return self._room_by_id.get(room_id)

    def person(self, key: str) -> Person:
        return self._people[key]

    def person_by_id(self, person_id: int) -> Person | None:
        return self._person_by_id.get(person_id)

    def people(self, keys: Iterable[str]) -> tuple[Person, ...]:
        return tuple(self._people[key] for key in keys)

    def slot(self, slot_id: int) -> Slot | None:
        return self._slot_by_id.get(slot_id)

    def session(self, code: str) -> Slot | None:
        return self._session_by_code.get(code.casefold())

    def event(self, talk_id: int) -> Event | None:
        return self._event_by_talk.get(talk_id)

    def event_by_code(self, code: str) -> Event | None:
        return self._event_by_code.get(code.casefold())

    def course(self, slot: Slot) -> Course:
        """How a slot goes: as planned, or as its chair says."""
        return self._courses.get(slot.id) or self._course(slot)

    def end_of(self, slot: Slot) -> datetime:
        """When a slot is over, as far as is known."""
        return self._courses[slot.id].end if slot.id in self._courses else slot.end

    def events_of(self, slot: Slot) -> Sequence[Event]:
        """The talks of a slot in order of start."""
        found = self._events_by_slot.get(id(slot))
        return found if found is not None else tuple(self._placed(slot))

    def institution(self, name: str) -> str:
        """The English name of an institution, or "" where the programme gives none."""
        return self._institutions.get(name, "")

    # Many things.

    @cached_property
    def plan(self) -> "Timetable":
        """The official programme, whatever chairs say: what staff change and what search is made of."""
        return Timetable(self.programme, self.revision) if self.live else self

    @property
    def events(self) -> Sequence[Event]:
        return self._events

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days something happens on, in the conference's timezone, check-in before the first talk included."""
        starts = [slot.start for slot in self.slots] + [window.start for window in self.conference.check_in]
        return tuple(sorted({self.day_of(start) for start in starts}))

    @cached_property
    def talk_days(self) -> tuple[date, ...]:
        """The days that are counted: day 1 is the first with a programme, not the check-in before it."""
        return tuple(sorted({self.day_of(slot.start) for slot in self.slots}))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(Block(start, tuple(slots)) for start, slots in groupby(self.slots, key=lambda slot: slot.start))

    def day(self, day: date) -> tuple[Slot, ...]:
        """The slots that start on a day of the conference's own calendar."""
        return tuple(slot for slot in self.slots if self.day_of(slot.start) == day)

    def in_room(self, room: Room) -> tuple[Slot, ...]:
        return tuple(self._slots_by_room[room.name])

    def running(self, now: datetime) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.slots if slot.start <= now < self.end_of(slot))

    def following(self, now: datetime) -> Block | None:
        """The block that starts next after now, if anything of it takes place."""
        return next((block for block in self.blocks if block.start > now and block.takes_place), None)

    def roles(self, person: Person) -> Roles:
        return Roles(
            events=tuple(event for event in self._events if person.key in event.talk.speakers),
            chairs=tuple(slot for slot in self.slots if person.key in slot.chairs),
            panels=tuple(slot for slot in self.slots if person.key in slot.panel),
        )

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def day_of(self, moment: datetime) -> date:
        """The day of a moment on the conference's own calendar."""
        return self.local(moment).date()

    def nearest_day(self, moment: datetime) -> date:
        """The day of a moment, or the day of the conference that is nearest to it."""
        today = self.day_of(moment)
        return min(self.days, key=lambda day: abs(day - today), default=today)

    def _course(self, slot: Slot) -> Course:
        room = self.room(slot.room)
        there = self._slots_by_room[slot.room] if slot.room is not None else []
        after = (one for one in there if one.start >= slot.end and one is not slot and not one.cancelled)
        return courses.of(slot, self.live.get(slot.id), room_id=room.id if room else None, after=next(after, None))

    def _placed(self, slot: Slot) -> list[Event]:
        """The talks of a slot where its chair puts them."""
        plan, course = events(slot), self._courses.get(slot.id)
        if course is None or course.live is None:
            return plan
        windows = courses.placed(
            course, [one.talk for one in plan], [Window(start=one.start, end=one.end) for one in plan]
        )
        begun = {one.talk_id for one in course.live.talks}
        return [
            replace(
                one,
                start=window.start,
                end=window.end,
                estimated=one.talk.id not in begun and (one.estimated or window.start != one.start),
            )
            for one, window in zip(plan, windows, strict=True)
        ]


def events(slot: Slot) -> list[Event]:
    """The talks of a slot as planned. A talk without its own times gets an equal share (an estimate, unless alone)."""
    placed = []
    for talk, (begins, ends) in zip(slot.talks, pairwise(slot.bounds()), strict=True):
        start, end = talk.start or begins, talk.end or ends
        estimated = talk.start is None and len(slot.talks) > 1
        placed.append(Event(talk=talk, slot=slot, start=start, end=max(start, end), estimated=estimated, planned=start))
    return sorted(placed, key=lambda event: event.start)
