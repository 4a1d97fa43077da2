"""Notices of changes: who must hear of what staff did, counted by a second hand, and when.

Each is told the difference from what they were last told: when they starred it, were reminded of it or read an earlier
notice. What differs no more when the quiet time is over is told to nobody. Chairs hear of their sessions, starred or
not and whatever they have set; who was told nothing yet knows it as it was before the first change.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.rehearsal.acts import AFTER_AN_ACT, Act
from bot.sandbox.rehearsal.board import Board, Edit, Facts
from bot.sandbox.rehearsal.record import Change
from bot.sandbox.rehearsal.reminders import PATIENCE, Count
from bot.sandbox.rehearsal.stage import Stage

QUIET = timedelta(seconds=60)
AT_ONCE = timedelta(hours=1)
"""What begins so soon, or runs, is told of without a quiet time."""


@dataclass
class Told:
    """What everybody was last told, and for whom a difference may be waiting: by user and session, since when.

    serving  the sessions of each chair.
    """

    stage: Stage
    board: Board
    count: Count
    zone: ZoneInfo
    waiting: dict[tuple[int, str], datetime] = field(default_factory=dict)
    serving: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    _remembered: dict[tuple[int, str], Facts] = field(default_factory=dict)

    def changed(self, edit: Edit, now: datetime, *, at_once: bool) -> None:
        """Staff have done this."""
        self.count.read_on()
        sessions = {self.board.session_of(one.name) for one in edit}
        before = {name: self.board.facts(name) for name in sessions}
        self.board.apply(edit)
        for name in sessions:
            facts = (before[name], self.board.facts(name))
            soon = at_once or any(one.start <= now + AT_ONCE and now < one.end for one in facts)
            due = now if soon else now + QUIET
            for user in {*self.count.users, *self.serving}:
                if self._concerning(user, name):
                    self._remembered.setdefault((user, name), facts[0])
                    self.waiting[user, name] = min(due, self.waiting.get((user, name), due))

    def due_by(self, now: datetime) -> list[Change]:
        """What must have been said by now and was not counted before."""
        self.count.read_on()
        found: list[Change] = []
        for (user, session), since in sorted(self.waiting.items()):
            if since <= now:
                del self.waiting[user, session]
                differing = self._differing(user, session)
                found += [self._notice(user, name) for name in differing]
                if differing:
                    self.count.tell(user, [session, *self.count.held(user, session)])
                self._remembered.pop((user, session), None)
        return found

    def _concerning(self, user: int, session: str) -> list[str]:
        """What somebody hears of, of a session: itself first."""
        held = self.count.held(user, session) if self.count.wants_notices(user) else []
        serves = session in self.serving.get(user, ())
        return [session, *held] if serves and session not in held else held

    def _differing(self, user: int, session: str) -> list[str]:
        """The session and talks of it that are not as the user was told; no talk of which the session says it."""
        found = [name for name in self._concerning(user, session) if self._differs(user, name)]
        if session not in found:
            return found
        step = _step(self._knows(user, session), self.board.facts(session))
        return [
            name for name in found if name == session or _step(self._knows(user, name), self.board.facts(name)) != step
        ]

    def _knows(self, user: int, name: str) -> Facts:
        return self.count.told.get((user, name)) or self._remembered[user, name]

    def _differs(self, user: int, name: str) -> bool:
        told, current = self._knows(user, name), self.board.facts(name)
        return told != current and not (told.cancelled and current.cancelled)

    def _notice(self, user: int, name: str) -> Change:
        """With the words that must be in it: the times and rooms before and after."""
        told, current = self._knows(user, name), self.board.facts(name)
        words = []
        if not (current.cancelled and not told.cancelled):
            if (told.start, told.end) != (current.start, current.end):
                words += [f"{self.clock(one.start)}–{self.clock(one.end)}" for one in (told, current)]
            if told.room != current.room:
                words += [f"{told.room} → ", current.room]
        return Change(user, name, self.stage.box.seconds, tuple(words))

    def clock(self, moment: datetime) -> str:
        """How a time is written."""
        return f"{moment.astimezone(self.zone):%H:%M}"


def _step(told: Facts, current: Facts) -> tuple[object, ...]:
    """What happened to it, whatever its times."""
    return (
        current.start - told.start,
        current.end - told.end,
        told.room,
        current.room,
        told.cancelled,
        current.cancelled,
    )


def notices(told: Told, moments: Iterable[datetime]) -> Iterator[Act]:
    """An actor that holds the clock after each of the `moments` at which staff act, and after the quiet time."""
    holding = _Holding(told)
    for moment in sorted({at + wait + AFTER_AN_ACT for at in moments for wait in (timedelta(), QUIET)}):
        yield Act(moment, holding, weight=0)


@dataclass(frozen=True, slots=True)
class _Holding:
    """Wait until everybody has heard of what staff did."""

    told: Told

    async def __call__(self) -> None:
        stage = self.told.stage
        record = stage.record
        due = self.told.due_by(stage.box.clock.now())
        if not due:
            return
        record.changes += due
        wanted = {(one.user, one.name): 0 for one in due}
        for one in record.changes:
            if (one.user, one.name) in wanted:
                wanted[one.user, one.name] += 1
        try:
            await stage.box.until(
                lambda: all(len(record.noticed.get(one, ())) >= number for one, number in wanted.items()),
                seconds=PATIENCE,
            )
        except TimeoutError:
            stage.given_up += 1
