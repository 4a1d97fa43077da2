"""Reminders: what everybody starred, counted by a second hand, and whether they were told of it in time.

The count is made from the buttons that were pressed, not from what the bot says it knows. A session's star counts for
its talks; a talk's own mark, on or off, wins over it. What begins within the lead when it is starred is said at once,
and no reminder of it comes. Settings count from the moment at which they are chosen.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.rehearsal.acts import Act
from bot.sandbox.rehearsal.record import Due
from bot.sandbox.rehearsal.stage import Stage

PATIENCE = 60.0
"""Real seconds that reminders may take before they count as lost; a crowd takes its time where limits are on."""
AFTER_AN_ACT = timedelta(seconds=1)
"""Conference time between what people do and a look at what it made due at once."""


@dataclass(frozen=True)
class Thing:
    """Something that can be starred, by the name that buttons give it; `session` is the session it is part of."""

    name: str
    start: datetime
    session: str = ""
    end: datetime | None = None
    room: str = ""


@dataclass(frozen=True)
class Starring:
    """What can be starred and how a button says so.

    things  what one is reminded of.
    lead    how many minutes before its start that is, until somebody chooses another of `leads`.
    mark    what pressing a button with these data does: the name of a thing or session, and whether it is starred then.
    choice  what pressing a button with these data sets: `lead` to minutes, `reminders` or `same_room` to 0 or 1.
    """

    things: Sequence[Thing]
    lead: int
    mark: Callable[[str], tuple[str, bool] | None]
    leads: Sequence[int] = ()
    choice: Callable[[str], tuple[str, int] | None] = lambda _: None


@dataclass
class _Person:
    """What one person starred and chose; `said` is what they were told when they starred it."""

    lead: timedelta
    sessions: set[str] = field(default_factory=set)
    own: dict[str, bool] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    due: set[str] = field(default_factory=set)
    reminders: bool = True
    same_room: bool = True

    def has(self, thing: Thing) -> bool:
        return self.own.get(thing.name, thing.session in self.sessions)


class Count:
    """The count, as far as the record was read. `due_by` is asked in order of time."""

    def __init__(self, stage: Stage, starring: Starring) -> None:
        self._stage = stage
        self._starring = starring
        self._things = {thing.name: thing for thing in starring.things}
        self._parts: defaultdict[str, list[str]] = defaultdict(list)
        self._ending: defaultdict[tuple[str, datetime], list[Thing]] = defaultdict(list)
        for thing in starring.things:
            self._parts[thing.session].append(thing.name)
            if thing.room and thing.end is not None:
                self._ending[thing.room, thing.end].append(thing)
        self._people: defaultdict[int, _Person] = defaultdict(lambda: _Person(timedelta(minutes=starring.lead)))
        self._read = 0

    def due_by(self, now: datetime) -> list[tuple[int, str]]:
        """Who must have been reminded of what by now, and was not counted before: by all the buttons pressed so far."""
        self._read_on()
        leads = [timedelta(minutes=minutes) for minutes in (self._starring.lead, *self._starring.leads)]
        soon = [thing for thing in self._starring.things if now < thing.start <= now + max(leads)]
        found = []
        for user, person in self._people.items():
            for thing in soon:
                if self._is_due(person, thing, now):
                    person.due.add(thing.name)
                    found.append((user, thing.name))
        return found

    def _is_due(self, person: _Person, thing: Thing, now: datetime) -> bool:
        if not person.reminders or not person.has(thing) or thing.name in person.said | person.due:
            return False
        return thing.start - person.lead <= now and (person.same_room or not self._follows_on(person, thing))

    def _follows_on(self, person: _Person, thing: Thing) -> bool:
        return any(person.has(other) for other in self._ending.get((thing.room, thing.start), ()))

    def _read_on(self) -> None:
        record = self._stage.record
        for question in record.questions[self._read :]:
            if question.callback_id is None or not question.answers:
                continue
            person = self._people[question.user]
            if (marked := self._starring.mark(question.words)) is not None:
                self._mark(person, *marked, at=question.at)
                record.unstarred += not marked[1]
            elif (chosen := self._starring.choice(question.words)) is not None:
                _choose(person, *chosen)
                record.settings += 1
        self._read = len(record.questions)

    def _mark(self, person: _Person, name: str, starred: bool, *, at: datetime) -> None:  # noqa: FBT001 - the mark itself
        before = {thing.name for thing in self._things.values() if person.has(thing)}
        parts = self._parts.get(name, [])
        if not parts:
            by_session = self._things[name].session in person.sessions
            if starred != by_session:
                person.own[name] = starred
            elif person.own.get(name) is (not starred):
                del person.own[name]
        elif starred:
            person.sessions.add(name)
        else:
            person.sessions.discard(name)
            for part in parts:
                if person.own.get(part) is False:
                    del person.own[part]
        for thing in self._things.values():
            if thing.name not in before and person.has(thing) and thing.start - person.lead <= at < thing.start:
                person.said.add(thing.name)


def reminders(stage: Stage, starring: Starring, moments: Iterable[datetime] = ()) -> Iterator[Act]:
    """An actor that holds the clock whenever somebody must be reminded, until they all are.

    That is so many minutes before the start of things, and after the `moments` at which people do something: a longer
    lead, or a star taken away, may make something due at once.
    """
    count = Count(stage, starring)
    holding = _Holding(stage, count)
    leads = {timedelta(minutes=minutes) for minutes in (starring.lead, *starring.leads)}
    due = {thing.start - lead for thing in starring.things for lead in leads}
    for moment in sorted(due | {moment + AFTER_AN_ACT for moment in moments}):
        yield Act(moment, holding)


@dataclass(frozen=True, slots=True)
class _Holding:
    """Wait until everybody is told of what has fallen due."""

    stage: Stage
    count: Count

    async def __call__(self) -> None:
        box, record = self.stage.box, self.stage.record
        due = [Due(user, name, box.seconds) for user, name in self.count.due_by(box.clock.now())]
        if not due:
            return
        record.due += due
        try:
            await box.until(lambda: all((one.user, one.name) in record.told for one in due), seconds=PATIENCE)
        except TimeoutError:
            self.stage.given_up += 1


def _choose(person: _Person, name: str, value: int) -> None:
    if name == "lead":
        person.lead = timedelta(minutes=value)
    elif name == "reminders":
        person.reminders = bool(value)
    elif name == "same_room":
        person.same_room = bool(value)
