"""A conference in numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.model import Lang, Model

REMEMBERED = 60
"""Characters of words that found nothing beyond which they are not kept: it is no question for the programme then."""
_PRIVATE = re.compile(r"\d(?:[\s-]?\d){5}|@|://")


@dataclass(frozen=True)
class Asked:
    """A question that was answered. `kind`: the command. `missed`: its words, if they found nothing and may be kept."""

    kind: str
    lang: Lang
    day: date
    user_id: int | None = None
    nothing: bool = False
    missed: str = ""


def remembered(words: str) -> str:
    """Words that may be kept; "" for long ones, and for those with a number or an address that is somebody's."""
    words = " ".join(words.split())
    return "" if len(words) > REMEMBERED or _PRIVATE.search(words) else words


class Day(Model):
    """`new`: people met for the first time; `active`: people who asked something; both by language.

    asked, missed  questions, and how many of them found nothing.
    """

    day: date
    new: Mapping[Lang, int]
    active: Mapping[Lang, int]
    asked: int
    missed: int


class Kind(Model):
    """How often a command answered, and found nothing."""

    kind: str
    asked: int
    missed: int


class Miss(Model):
    """Words that found nothing, and how many people used them."""

    words: str
    people: int


class Starred(Model):
    """A session: how many people starred it or a talk of it; its room and what that holds, where that is known."""

    slot_id: int
    code: str
    title: str
    stars: int
    room: str | None
    capacity: int | None

    @property
    def is_crowded(self) -> bool:
        return self.capacity is not None and self.stars > self.capacity


class Lateness(Model):
    """How many notices of a kind were sent, and how many seconds after they were due: half, 95 % and all of them."""

    kind: str
    sent: int
    median: float
    p95: float
    longest: float


class Numbers(Model):
    """`users`: everybody known, by language. `reachable`: those of them who can be written to.

    days      from the first on which anything happened; kinds: the most frequent first; misses: the same.
    sessions  the most starred first. notices: reminders, changes and broadcasts, as far as any were sent.
    """

    users: Mapping[Lang, int]
    reachable: int
    days: tuple[Day, ...]
    kinds: tuple[Kind, ...]
    misses: tuple[Miss, ...]
    sessions: tuple[Starred, ...]
    notices: tuple[Lateness, ...]
