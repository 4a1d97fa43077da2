"""Reminders: what everybody starred, counted by a second hand, and whether they were told of it in time.

The count is made from the buttons that were pressed, not from what the bot says it knows. A session's star counts for
its talks; a talk's own mark, on or off, wins over it. What begins within the lead when it is starred is said at once,
and no reminder of it comes. Settings count from the moment at which they are chosen.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.rehearsal.acts import Act
from bot.sandbox.rehearsal.board import Board, Facts, Thing
from bot.sandbox.rehearsal.record import Due
from bot.sandbox.rehearsal.stage import Stage

PATIENCE = 60.0
"""Real seconds that reminders may take before they count as lost; a crowd takes its time where limits are on."""
TRIFLE = 3
"""Minutes of which nobody says that a session is late."""
AFTER_AN_ACT = timedelta(seconds=1)
"""Conference time between what people do and a look at what it made due at once."""
PUT_OFF, MOST_STEPS = timedelta(minutes=5), 24
"""Staff put things off by so much or several times that; two hours all in all, or forward."""


@dataclass(frozen=True)
class Starring:
    """What can be starred and how a button says so.

    things  what one is reminded of. sessions: what the talks among them are part of.
    lead    how many minutes before its start that is, until somebody chooses another of `leads`.
    mark    what pressing a button with these data does: the name of a thing or session, and whether it is starred then.
    choice  what pressing a button with these data sets: `lead` to minutes; `reminders`, `notices`, `same_room` to 0, 1.
    said    what a chair says by pressing it of a session: `late` by minutes, `began`, or `talk` and its number.
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
        self._late: defaultdict[str, timedelta] = defaultdict(timedelta)
        self._begun: dict[str, datetime] = {}
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

    def tell(self, user: int, names: Iterable[str]) -> None:
        """They know how these are by now."""
        self.told |= {(user, name): self._board.facts(name) for name in names}

    def start_of(self, name: str) -> datetime:
        """When a thing begins, by what its chair has said so far."""
        self.read_on()
        return self._begins(name)

    def _begins(self, name: str) -> datetime:
        return self._begun.get(name, self._board.times(name)[0] + self._late[self._board.session_of(name)])

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
        return self._begins(name) - person.lead <= now and (
            person.same_room or not self._follows_on(person, name, start)
        )

    def _has(self, person: _Person, name: str) -> bool:
        whole = self._board.session_of(name)
        return person.has(name, whole if whole != name else "")

    def _follows_on(self, person: _Person, name: str, start: datetime) -> bool:
        board, room = self._board, self._board.room(name)
        return bool(room) and any(
            board.room(other) == room and board.times(other)[1] == start and not board.cancelled(other)
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
                self._hear(*heard, at=question.at)

    def _hear(self, session: str, word: str, number: int, *, at: datetime) -> None:
        """What comes next is as late as what has begun, if that is worth saying."""
        if word == "late":
            self._late[session] = timedelta(minutes=number)
            return
        name = self._board.parts[session][0] if word == "began" else f"t{number}"
        behind = round((at - self._board.times(name)[0]).total_seconds() / 60)
        self._begun.setdefault(name, at)
        self._late[session] = timedelta(minutes=behind if abs(behind) >= TRIFLE else 0)

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


def reminders(
    stage: Stage,
    starring: Starring,
    count: Count,
    moments: Iterable[datetime] = (),
    *,
    put_off: bool = False,
    late: Iterable[tuple[str, timedelta]] = (),
) -> Iterator[Act]:
    """An actor that holds the clock whenever somebody must be reminded, until they all are.

    That is so many minutes before the start of things, and after the `moments` at which people do something: a longer
    lead, or a star taken away, may make something due at once. `put_off`: staff put things off, and forward.
    `late`: sessions, and how late they may ever be.
    """
    holding = _Holding(stage, count)
    leads = {timedelta(minutes=minutes) for minutes in (starring.lead, *starring.leads)}
    due = {thing.start - lead for thing in starring.things for lead in leads}
    if put_off:
        due |= {moment + PUT_OFF * steps for moment in due for steps in range(-MOST_STEPS, MOST_STEPS + 1)}
    may_be: defaultdict[str, list[timedelta]] = defaultdict(list)
    for session, delay in late:
        may_be[session].append(delay)
    due |= {
        thing.start + delay - lead
        for thing in starring.things
        for delay in may_be.get(thing.session, ())
        for lead in leads
    }
    for moment in sorted(due | {moment + AFTER_AN_ACT for moment in moments}):
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
