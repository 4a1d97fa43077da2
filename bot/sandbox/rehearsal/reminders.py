"""Reminders: what everybody starred, counted by a second hand, and whether they were told of it in time.

The count is made from the buttons that were pressed, not from what the bot says it knows. A session's star counts for
its talks; a talk's own mark, on or off, wins over it. What begins within the lead when it is starred is said at once,
and no reminder of it comes. Settings count from the moment at which they are chosen.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.rehearsal.acts import AFTER_AN_ACT, Act
from bot.sandbox.rehearsal.board import Board, Facts, Thing
from bot.sandbox.rehearsal.courses import Courses
from bot.sandbox.rehearsal.record import Due
from bot.sandbox.rehearsal.stage import Stage

PATIENCE = 60.0
"""Real seconds that reminders may take before they count as lost; a crowd takes its time where limits are on."""
MINUTE = timedelta(minutes=1)
AROUND = timedelta(hours=2)
"""How far from its printed time anything may be put, by staff and chairs all in all."""


@dataclass(frozen=True)
class Starring:
    """What can be starred and how a button says so.

    things  what one is reminded of. sessions: what the talks among them are part of.
    lead    how many minutes before its start that is, until somebody chooses another of `leads`.
    mark    what pressing a button with these data does: the name of a thing or session, and whether it is starred then.
    choice  what pressing a button with these data sets: `lead` to minutes; `reminders`, `notices`, `same_room` to 0, 1.
    said    what a chair says by pressing it of a session, and a number: `here`, `late` by minutes, `began`, `talk` and
            which, `full` or not, `finished`.
    """

    things: Sequence[Thing]
    lead: int
    mark: Callable[[str], tuple[str, bool] | None]
    leads: Sequence[int] = ()
    choice: Callable[[str], tuple[str, int] | None] = lambda _: None
    sessions: Sequence[Thing] = ()
    said: Callable[[str], tuple[str, str, int] | None] = lambda _: None


@dataclass
class _Person:
    """What one person starred and chose; `said`: what was said when they starred it, and when that was."""

    lead: timedelta
    sessions: set[str] = field(default_factory=set)
    own: dict[str, bool] = field(default_factory=dict)
    said: set[tuple[str, datetime]] = field(default_factory=set)
    due: set[tuple[str, datetime]] = field(default_factory=set)
    reminders: bool = True
    notices: bool = True
    same_room: bool = True

    def has(self, name: str, session: str) -> bool:
        return self.own.get(name, session in self.sessions)


class Count:
    """The count, as far as the record was read. `due_by` is asked in order of time; `board`: when what is by now.

    told  what everybody was last told of what they starred.
    """

    def __init__(self, stage: Stage, starring: Starring, board: Board) -> None:
        self._stage = stage
        self._starring = starring
        self._board = board
        self._people: defaultdict[int, _Person] = defaultdict(lambda: _Person(timedelta(minutes=starring.lead)))
        self.courses = Courses(board)
        self._read = 0
        self.told: dict[tuple[int, str], Facts] = {}

    @property
    def users(self) -> list[int]:
        """Whoever pressed a button that sets something."""
        return list(self._people)

    def wants_notices(self, user: int) -> bool:
        return self._people[user].notices

    def held(self, user: int, session: str) -> list[str]:
        """What somebody starred of a session, itself first."""
        person = self._people[user]
        whole = [session] if session in person.sessions or person.own.get(session) else []
        return whole + [name for name in self._board.parts.get(session, ()) if person.has(name, session)]

    def has(self, user: int, name: str) -> bool:
        """Whether somebody starred this, by itself or with its session."""
        return user in self._people and self._has(self._people[user], name)

    def tell(self, user: int, names: Iterable[str]) -> None:
        """They know how these are by now."""
        self.told |= {(user, name): self._board.facts(name) for name in names}

    def start_of(self, name: str) -> datetime:
        """When a thing begins, by what staff and its chair have said so far."""
        self.read_on()
        return self._begins(name)

    def _begins(self, name: str) -> datetime:
        return self.courses.times(name)[0]

    def due_by(self, now: datetime) -> list[tuple[int, str]]:
        """Who must have been reminded of what by now, and was not counted before: by all the buttons pressed so far."""
        self.read_on()
        board = self._board
        longest = max(timedelta(minutes=minutes) for minutes in (self._starring.lead, *self._starring.leads))
        starts = {name: board.times(name)[0] for name in board.names if not board.cancelled(name)}
        soon = {name: start for name, start in starts.items() if now < self._begins(name) <= now + longest}
        found = []
        for user, person in self._people.items():
            for name, start in soon.items():
                if self._is_due(person, name, start, now):
                    person.due.add((name, start))
                    self.tell(user, [name])
                    found.append((user, name))
        return found

    def _is_due(self, person: _Person, name: str, start: datetime, now: datetime) -> bool:
        if not person.reminders or not self._has(person, name) or (name, start) in person.said | person.due:
            return False
        return self._begins(name) - person.lead <= now and (person.same_room or not self._follows_on(person, name))

    def _has(self, person: _Person, name: str) -> bool:
        whole = self._board.session_of(name)
        return person.has(name, whole if whole != name else "")

    def _follows_on(self, person: _Person, name: str) -> bool:
        board, room, start = self._board, self._board.room(name), self._begins(name)
        return bool(room) and any(
            board.room(other) == room and self.courses.times(other)[1] == start and not board.cancelled(other)
            for other in board.names
            if self._has(person, other)
        )

    def read_on(self) -> None:
        """See which buttons were pressed since."""
        record = self._stage.record
        for question in record.questions[self._read :]:
            if self._stage.awaits(question):
                return  # what its button does counts once it is answered
            self._read += 1
            if question.callback_id is None or not question.answers:
                continue
            person = self._people[question.user]
            if (marked := self._starring.mark(question.words)) is not None:
                self._mark(question.user, person, *marked, at=question.at)
                record.unstarred += not marked[1]
            elif (chosen := self._starring.choice(question.words)) is not None:
                _choose(person, *chosen)
                record.settings += 1
            elif (heard := self._starring.said(question.words)) is not None:
                self.courses.hear(*heard, at=question.at)

    def _mark(self, user: int, person: _Person, name: str, starred: bool, *, at: datetime) -> None:  # noqa: FBT001 - the mark itself
        board = self._board
        session = board.session_of(name)
        before = set(self.held(user, session))
        parts = board.parts.get(name, ())
        if not parts:
            by_session = session != name and session in person.sessions
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
        fresh = [one for one in self.held(user, session) if one not in before]
        self.tell(user, fresh)
        for one in fresh:
            if one not in board.names or board.cancelled(one):
                continue
            if self._begins(one) - person.lead <= at < self._begins(one):
                person.said.add((one, board.times(one)[0]))


def minutes(starring: Starring) -> list[datetime]:
    """Every whole minute at which a reminder may fall due, wherever staff and chairs put things."""
    found = set()
    for thing in starring.things:
        for step in range(-(AROUND // MINUTE), AROUND // MINUTE + 1):
            found.add(thing.start + step * MINUTE)
    return sorted(found)


def reminders(stage: Stage, count: Count, when: Iterable[datetime], after: Iterable[datetime] = ()) -> Iterator[Act]:
    """An actor that holds the clock whenever somebody must be reminded, until they all are.

    That is at these times, and just `after` people did something: a longer lead, a star taken away or a chair who
    catches up may make something due at once.
    """
    holding = _Holding(stage, count)
    for moment in sorted({*when, *(moment + AFTER_AN_ACT for moment in after)}):
        yield Act(moment, holding, weight=0)


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
        counts = Counter((one.user, one.name) for one in record.due)
        wanted = {(one.user, one.name): counts[one.user, one.name] for one in due}
        try:
            await box.until(
                lambda: all(len(record.told.get(one, ())) >= number for one, number in wanted.items()),
                seconds=PATIENCE,
            )
        except TimeoutError:
            self.stage.given_up += 1


def _choose(person: _Person, name: str, value: int) -> None:
    if name == "lead":
        person.lead = timedelta(minutes=value)
    elif name == "reminders":
        person.reminders = bool(value)
    elif name == "notices":
        person.notices = bool(value)
    elif name == "same_room":
        person.same_room = bool(value)
