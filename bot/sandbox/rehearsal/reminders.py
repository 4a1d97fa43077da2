"""Reminders: what everybody starred, counted by a second hand, and whether they were told of it in time.

The count is made from the buttons that were pressed, not from what the bot says it knows. A session's star counts for
its talks; a talk's own mark, on or off, wins over it. What begins within the lead when it is starred is said at once,
and no reminder of it comes.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from bot.sandbox.rehearsal.acts import Act
from bot.sandbox.rehearsal.record import Due, Record
from bot.sandbox.rehearsal.stage import Stage

PATIENCE = 60.0
"""Real seconds that reminders may take before they count as lost; a crowd takes its time where limits are on."""


@dataclass(frozen=True)
class Thing:
    """Something that can be starred, by the name that buttons give it; `session` is the session it is part of."""

    name: str
    start: datetime
    session: str = ""


@dataclass(frozen=True)
class Starring:
    """What can be starred and how a button says so.

    things  what one is reminded of.
    lead    how long before its start that is.
    mark    what pressing a button with these data does: the name of a thing or session, and whether it is starred then.
    """

    things: Sequence[Thing]
    lead: timedelta
    mark: Callable[[str], tuple[str, bool] | None]


@dataclass
class _Marks:
    """What one person starred; `said` is what they were told when they starred it."""

    sessions: set[str] = field(default_factory=set)
    own: dict[str, bool] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)

    def has(self, thing: Thing) -> bool:
        return self.own.get(thing.name, thing.session in self.sessions)


def reminders(stage: Stage, starring: Starring) -> Iterator[Act]:
    """An actor that holds the clock at each moment at which somebody must be reminded, until they all are."""
    in_order = sorted(starring.things, key=lambda thing: thing.start)
    for start, together in groupby(in_order, key=lambda thing: thing.start):
        yield Act(start - starring.lead, _Holding(stage, starring, frozenset(thing.name for thing in together)))


@dataclass(frozen=True, slots=True)
class _Holding:
    """Wait until everybody is told who starred one of these."""

    stage: Stage
    starring: Starring
    names: Collection[str]

    async def __call__(self) -> None:
        box, record = self.stage.box, self.stage.record
        due = [Due(user, name, box.seconds) for user, name in _starred(record, self.starring, self.names)]
        record.due += due
        try:
            await box.until(lambda: all((one.user, one.name) in record.told for one in due), seconds=PATIENCE)
        except TimeoutError:
            self.stage.given_up += 1


def _starred(record: Record, starring: Starring, names: Collection[str]) -> list[tuple[int, str]]:
    """Who must be reminded of which of these things, by all the buttons pressed so far."""
    marks: defaultdict[int, _Marks] = defaultdict(_Marks)
    for question in record.questions:
        marked = starring.mark(question.words) if question.callback_id and question.answers else None
        if marked is not None:
            _mark(marks[question.user], starring, *marked, at=question.at)
    things = [thing for thing in starring.things if thing.name in names]
    return [
        (user, thing.name)
        for user, each in marks.items()
        for thing in things
        if each.has(thing) and thing.name not in each.said
    ]


def _mark(marks: _Marks, starring: Starring, name: str, starred: bool, *, at: datetime) -> None:  # noqa: FBT001 - the mark itself
    things = {thing.name: thing for thing in starring.things}
    before = {thing for thing in things if marks.has(things[thing])}
    parts = [thing.name for thing in starring.things if thing.session == name]
    if not parts:
        by_session = things[name].session in marks.sessions
        if starred != by_session:
            marks.own[name] = starred
        elif marks.own.get(name) is (not starred):
            del marks.own[name]
    elif starred:
        marks.sessions.add(name)
    else:
        marks.sessions.discard(name)
        for part in parts:
            if marks.own.get(part) is False:
                del marks.own[part]
    for thing in starring.things:
        if thing.name not in before and marks.has(thing) and thing.start - starring.lead <= at < thing.start:
            marks.said.add(thing.name)
