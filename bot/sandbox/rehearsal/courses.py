"""How sessions go by what their chairs say, on top of what staff make of the programme; kept by a second hand.

What is said of a session is said of it at one official start. Staff who put it to another time have said more than its
chair: from then on what was said is of no use, until it is back at that time. What comes next is as late as what has
begun, if that is worth saying; where that would run into what comes next in the room, the talks that are left share
what time there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.rehearsal.board import Board

MINUTE = timedelta(minutes=1)
TRIFLE, MOST = 3, 120
"""Minutes of which nobody says that a session is late, and minutes late at most."""
Times = tuple[datetime, datetime]


@dataclass
class Said:
    """What was said of a session at a start. `begun`: talks in the order in which they began, and when."""

    start: datetime
    late: int = 0
    here: bool = False
    began: datetime | None = None
    begun: dict[str, datetime] = field(default_factory=dict)
    full: str = ""
    finished: datetime | None = None


class Courses:
    """What was said of each session, and when everything takes place by that."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._said: dict[str, Said] = {}
        self._placed: dict[str, Times] = {}
        self._as_of = -1

    def said(self, session: str) -> Said | None:
        """What was said of it at its present start, if anything was."""
        said = self._said.get(session)
        return said if said is not None and said.start == self._board.times(session)[0] else None

    def coming(self, session: str) -> list[str]:
        """The talks that are on and come after the one that began last."""
        said, on = self.said(session), self._on(session)
        begun = said.begun if said is not None else {}
        return on[max((place for place, name in enumerate(on) if name in begun), default=-1) + 1 :]

    def times(self, name: str) -> Times:
        """When it begins and ends, as far as is known."""
        if self._as_of != self._board.edits:
            self._placed.clear()
            self._as_of = self._board.edits
        if name not in self._placed:
            session = self._board.session_of(name)
            said = self.said(session)
            if said is None:
                return self._board.times(name)
            self._placed |= self._place(session, said)
        return self._placed[name]

    def hear(self, session: str, word: str, number: int, *, at: datetime) -> None:
        """A chair says: `here`, `late` so many minutes, `began`, `talk` of a number, `full` or not, `finished`."""
        start = self._board.times(session)[0]
        said = self.said(session) or Said(start)
        self._said[session] = said
        self._placed.clear()
        match word:
            case "here":
                said.here = True
            case "late":
                said.late = number
            case "began" if said.began is None:
                said.here, said.began, said.late = True, at, max(0, _behind(start, at))
                said.begun |= dict.fromkeys(self._on(session)[:1], at)
            case "talk":
                name = f"t{number}"
                said.late = _behind(self._board.times(name)[0], at)
                said.begun[name] = at
            case "full":
                said.full = self._board.room(session) if number else ""
            case "finished" if said.finished is None:
                # With talks that nobody said to have begun, it is asked about first.
                if number or all(name in said.begun for name in self._on(session)):
                    said.finished = at

    def _on(self, session: str) -> list[str]:
        return [name for name in self._board.in_order(session) if not self._board.is_off(name)]

    def _place(self, session: str, said: Said) -> dict[str, Times]:
        board, late, finished = self._board, said.late * MINUTE, said.finished
        start, end = board.times(session)
        until = board.free_until(session)
        begins, ends = said.began or start + late, max(end, end + late)
        if until is not None and ends > until:
            ends = until
        else:
            until = None
        ends = finished or max(begins, ends)
        names = board.in_order(session)
        plan = [board.times(name) for name in names]
        following = max((place for place, name in enumerate(names) if name in said.begun), default=-1) + 1
        starts = [said.begun.get(name, planned[0]) for name, planned in zip(names, plan, strict=True)][:following]
        coming = [
            planned[0] if board.has_own_times(name) and said.late < 0 else planned[0] + late
            for name, planned in zip(names[following:], plan[following:], strict=True)
        ]
        if coming and until is not None and finished is None:
            coming = _shared(plan[following:], coming[0], end, until)
        starts += coming
        found = {}
        for place, name in enumerate(names):
            over = self._over(starts, plan, place, end=end, ends=ends, late=0 if finished else said.late)
            found[name] = (starts[place], max(starts[place], over))
            if finished is not None and place == following - 1:
                found[name] = (starts[place], max(starts[place], finished))
            elif finished is not None and place >= following:
                found[name] = (min(starts[place], finished), min(over, finished))
        return {**found, session: (begins, ends)}

    def _over(
        self, starts: Sequence[datetime], plan: Sequence[Times], place: int, *, end: datetime, ends: datetime, late: int
    ) -> datetime:
        """The end of a talk: the start of the next, that of its session, or as long after its start as was planned."""
        planned = plan[place]
        length = planned[1] - planned[0]
        if place + 1 < len(plan):
            joined = planned[1] >= plan[place + 1][0]
            return starts[place + 1] if joined else min(starts[place] + length, starts[place + 1])
        if planned[1] < end:
            return min(starts[place] + length, ends)
        return ends if late >= 0 else end + late * MINUTE


def _shared(plan: Sequence[Times], first: datetime, end: datetime, until: datetime) -> list[datetime]:
    """Talks that would run into what comes next in the room: as they shared what there was, they share what is left."""
    first = min(first, until)
    span = end - plan[0][0]
    share = max(0.0, (until - first) / span) if span > timedelta() else 0.0
    return [first + round((start - plan[0][0]) / MINUTE * share) * MINUTE for start, _ in plan]


def _behind(planned: datetime, at: datetime) -> int:
    minutes = round((at - planned) / MINUTE)
    return 0 if abs(minutes) < TRIFLE else max(-MOST, min(MOST, minutes))
