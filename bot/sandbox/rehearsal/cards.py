"""Control cards of chairs, and what staff hear of chairs who say nothing: when they are due, and whether they came.

A card is due ten minutes before each start that a session is given, as long as it is not over. Of what starts in five
minutes and has a chair who has pressed nothing, staff hear once for each time at which sessions start, in one message.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.sandbox.ledger import Entry
from bot.sandbox.rehearsal.acts import Act
from bot.sandbox.rehearsal.changes import Told
from bot.sandbox.rehearsal.stage import Stage

CARD, REPORT, OF_USE = timedelta(minutes=10), timedelta(minutes=5), timedelta(minutes=10)
"""How long before the start the card comes, and staff hear of the silent; how long after it they still do."""


class Signs(Protocol):
    """By what cards and reports are known: the session of a card, and the sessions of a report."""

    def carded(self, entry: Entry, /) -> int | None: ...

    def reported(self, entry: Entry, /) -> list[int]: ...


@dataclass
class Post:
    """A session with its chair, and since when the bot knows of it; `carded`: the starts for which a card was due."""

    id: int
    session: str
    user: int
    since: datetime
    carded: set[datetime] = field(default_factory=set)


@dataclass
class Cards:
    """What has been due so far; `staff`: who hears of the silent, by their ids on Telegram."""

    stage: Stage
    signs: Signs
    told: Told
    staff: Sequence[int]
    posts: list[Post] = field(default_factory=list)
    _reports: dict[datetime, frozenset[int]] = field(default_factory=dict)

    def acts(self, when: Iterable[datetime], ends: datetime) -> Iterator[Act]:
        """An actor that holds the clock at these times until what is due has come, and looks back in the end."""
        for moment in sorted(set(when)):
            yield Act(moment, self._hold, weight=0)
        yield Act(ends, self._look_back, weight=0)

    async def _hold(self) -> None:
        self.told.count.read_on()
        if not self._fall_due(self.stage.box.clock.now()):
            return
        if not await self.stage.until(lambda: not self._missing()):
            self.stage.record.unkept += self._missing()

    def _fall_due(self, now: datetime) -> bool:
        """Put down what is due now and was not before. Whether anything is."""
        board, fresh = self.told.board, False
        for post in self.posts:
            start, end = board.times(post.session)[0], self.told.count.courses.times(post.session)[1]
            if board.takes_place(post.session) and start - CARD <= now < end and start not in post.carded:
                post.carded.add(start)
                fresh = True
        for start in {board.times(post.session)[0] for post in self._silent()} - self._reports.keys():
            if start - REPORT <= now < start + OF_USE:
                those = (post for post in self._silent() if board.times(post.session)[0] == start)
                self._reports[start] = frozenset(post.id for post in those)
                fresh = True
        return fresh

    def _silent(self) -> list[Post]:
        """Of whose session nothing was said at its present start."""
        board, courses = self.told.board, self.told.count.courses
        return [
            post
            for post in self.posts
            if board.takes_place(post.session)
            and post.since <= board.times(post.session)[0] - REPORT
            and courses.said(post.session) is None
        ]

    def _missing(self) -> list[str]:
        notices = self.stage.record.notices
        cards = {
            post.user: sum(self.signs.carded(entry) == post.id for entry in notices[post.user] if _is_new(entry))
            for post in self.posts
        }
        found = [f"no card for {post.session}" for post in self.posts if cards[post.user] < len(post.carded)]
        return found + [
            f"{start:%m-%dT%H:%MZ} silent {sorted(silent)}, not reported"
            for start, silent in self._reports.items()
            if any(silent not in self._heard(number) for number in self.staff)
        ]

    def _heard(self, number: int) -> set[frozenset[int]]:
        entries = self.stage.record.notices[number]
        return {frozenset(sessions) for entry in entries if _is_new(entry) and (sessions := self.signs.reported(entry))}

    async def _look_back(self) -> None:
        """Nobody else was reported."""
        due = set(self._reports.values())
        self.stage.record.unkept += [
            f"{number} heard that {sorted(silent)} is silent"
            for number in self.staff
            for silent in self._heard(number) - due
        ]


def _is_new(entry: Entry) -> bool:
    return entry.method == "sendMessage"
