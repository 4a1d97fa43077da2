"""Whom a broadcast is for, counted by a second hand: from what people pressed and wrote."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.sandbox.rehearsal.attendees import LANGS
from bot.sandbox.rehearsal.board import Board
from bot.sandbox.rehearsal.cards import Post
from bot.sandbox.rehearsal.reminders import Count
from bot.sandbox.rehearsal.stage import Stage


@dataclass(frozen=True)
class Audience:
    """Who must be told, and who may be besides: whose next two talks begin at one time is going to either room."""

    must: frozenset[int]
    may: frozenset[int] = frozenset()


@dataclass
class Audiences:
    """The people by now.

    staff   who they are, by their ids on Telegram. posts: the chairs who have come.
    speaks  the language that words or a button choose, if they do.
    """

    stage: Stage
    board: Board
    count: Count
    staff: Sequence[int]
    posts: Sequence[Post]
    speaks: Callable[[str], str]
    _langs: dict[int, str] = field(default_factory=dict)
    _read: int = 0

    def everybody(self) -> frozenset[int]:
        """Whoever the bot can write to."""
        self._read_on()
        return frozenset(self._langs)

    def readers(self, lang: str) -> frozenset[int]:
        """Whoever is answered in a language."""
        self._read_on()
        return frozenset(user for user, one in self._langs.items() if one == lang)

    def working(self) -> frozenset[int]:
        """Staff and chairs."""
        return frozenset((*self.staff, *(post.user for post in self.posts)))

    def starrers(self, name: str) -> frozenset[int]:
        """Whoever starred a talk, or a session or any talk of it."""
        parts = (name, *self.board.parts.get(name, ()))
        return frozenset(user for user in self.everybody() if any(self.count.has(user, one) for one in parts))

    def coming(self, room: str) -> Audience:
        """Whose next talk of those they starred is in a room."""
        now, times = self.stage.box.clock.now(), self.count.courses.times
        starts = {name: times(name)[0] for name in self.board.names if not self.board.cancelled(name)}
        must: set[int] = set()
        may: set[int] = set()
        for user in self.everybody():
            ahead = [(start, name) for name, start in starts.items() if start > now and self.count.has(user, name)]
            first = min((start for start, _ in ahead), default=now)
            rooms = {self.board.room(name) == room for start, name in ahead if start == first}
            if True in rooms:
                (may if False in rooms else must).add(user)
        return Audience(frozenset(must), frozenset(may))

    def _read_on(self) -> None:
        """See who has come since, and in which language they want to be answered."""
        self.count.read_on()
        people = self.stage.box.world.users
        for user in self.staff:
            self._langs.setdefault(user, _first_language(people[user].language_code))
        questions = self.stage.record.questions
        for question in questions[self._read :]:
            if self.stage.awaits(question):
                return
            self._read += 1
            if not question.answers:
                continue
            if question.chat == question.user:
                self._langs.setdefault(question.user, _first_language(people[question.user].language_code))
            if chosen := self.speaks(question.words):
                self._langs[question.user] = chosen


def _first_language(code: str | None) -> str:
    """What the bot takes somebody to read until they choose, by what their app says."""
    return code if code in LANGS else "en"
