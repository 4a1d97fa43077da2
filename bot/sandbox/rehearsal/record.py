"""What happened in a rehearsal. All seconds are real, since the sandbox began; `at` is conference time."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.ledger import Entry

SETTLING = 2.0
"""Seconds that the bot may take to write down that it gave an answer, or to give again what it had not written down."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A message that answers; `text` is what the user reads, "" where what they saw was right already."""

    entry: Entry
    seconds: float
    text: str


@dataclass(slots=True)
class Question:
    """One question of one person, typed or pressed.

    expects  words that must be in its answer, if any must.
    """

    number: int
    user: int
    chat: int
    words: str
    expects: str
    at: datetime
    asked: float
    message_id: int | None = None
    callback_id: str | None = None
    answers: list[Answer] = field(default_factory=list)

    @property
    def lateness(self) -> float | None:
        """Seconds to the first answer; None when there was none."""
        return self.answers[0].seconds - self.asked if self.answers else None

    def __str__(self) -> str:
        return f"#{self.number} {self.at:%Y-%m-%dT%H:%MZ} {self.chat} “{self.words[:60]}”"


@dataclass(slots=True)
class Kill:
    """A kill -9 of the bot. `over`: when everything that was in flight is answered by its successor."""

    at: float
    over: float = float("inf")

    def touches(self, began: float, told: float) -> bool:
        """Whether what was begun then and told then may rightly be told again: the bot could not know that it was."""
        return began <= self.over and told >= self.at - SETTLING


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder of a thing that had to reach somebody; `seconds`: since when."""

    user: int
    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Change:
    """Something of which somebody had to hear that it changed; `words` must be in the notice of it."""

    user: int
    name: str
    seconds: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody read of a change, and when."""

    seconds: float
    text: str


@dataclass(slots=True)
class Broadcast:
    """Something that staff said to many; `word`: what it ends in, `head`: to whom, as they wrote it.

    must, may  who must be told of it and who may besides, by their chats; nobody of what was given up.
    stopped    when it was stopped, None if it was not.
    doubtful   how many the bot listed as perhaps told; `resent`: staff had it sent to these again.
    """

    word: str
    head: str
    must: frozenset[int] = frozenset()
    may: frozenset[int] = frozenset()
    stopped: float | None = None
    doubtful: int = 0
    resent: bool = False

    def __str__(self) -> str:
        return f"“{self.word}” → {self.head}"


@dataclass
class Record:
    """What was asked, what came of it, and what else the bot did.

    due      reminders that had to be sent.
    told     when each reminder was sent, by the private chat and the name of the thing.
    made     changes of the programme that staff confirmed. changes: what had to be said of them to whom.
    noticed  what each was told of changes, by the private chat and the name of the thing.
    reminders  the message of each, as it was last sent.
    broadcasts  what staff said to many. heard: when each was told of one, by the private chat and its word.
    notices  what those heard unasked who work there, by their chat.
    unkept   what chairs and staff were promised and did not get.
    stale    what was shown as it was before a change, and reminders in a chat that were not mended.
    misplaced  reminders that did not name the room of the moment.
    unstarred, settings, chaired  presses that took a star away, chose a setting, and said how a session goes.
    unasked  messages to chats in which nobody had asked for one.
    refused  requests that the server answered with an error, but for 429.
    held     requests that the server told to wait (429).
    deaths   last lines of the logs of bots that ended by themselves.
    """

    questions: list[Question] = field(default_factory=list)
    due: list[Due] = field(default_factory=list)
    told: defaultdict[tuple[int, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    made: int = 0
    changes: list[Change] = field(default_factory=list)
    noticed: defaultdict[tuple[int, str], list[Notice]] = field(default_factory=lambda: defaultdict(list))
    broadcasts: list[Broadcast] = field(default_factory=list)
    heard: defaultdict[tuple[int, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    reminders: dict[tuple[int, str], int] = field(default_factory=dict)
    notices: defaultdict[int, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    unkept: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    unstarred: int = 0
    settings: int = 0
    chaired: int = 0
    unasked: list[Entry] = field(default_factory=list)
    refused: list[Entry] = field(default_factory=list)
    held: list[Entry] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)
    deaths: list[str] = field(default_factory=list)

    def was_killed(self, *, since: float) -> bool:
        """Whether the bot may have done once more what it was asked before that."""
        return any(kill.over >= since for kill in self.kills)
