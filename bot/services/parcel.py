"""A message on its way to a user, and what is to be written down once it is there."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.told import Told
from bot.domain.user import User
from bot.replies.reply import Reply
from bot.store.database import Connection
from bot.store.outbox import Notice


@dataclass(frozen=True)
class Card:
    """`digest` of what a card shows; `replaces`: the number of an older card."""

    digest: str
    replaces: str | None = None


@dataclass(frozen=True)
class Parcel:
    """One message for one user, and what is true once it is there.

    rows   the notices it settles. edits: the number of the message it replaces.
    shown  the facts in it, by reminder row. told: what the user has seen then.
    card   the message is a user's card: pinned when it is sent, forgotten when it can't be edited any more.
    broadcast  the number of the broadcast that it is of, or whose progress it shows if `is_progress`.
    made   when it was put into words, on the loop's time, and of which revision of the programme.
    """

    rows: tuple[int, ...]
    user: User
    reply: Reply
    silent: bool = False
    edits: str | None = None
    shown: Mapping[int, str] = field(default_factory=dict)
    told: tuple[Told, ...] = ()
    doubts: int = 0
    card: Card | None = None
    broadcast: int | None = None
    is_progress: bool = False
    made: float = 0.0
    revision: int = 0


Compose = Callable[[Connection, Sequence[tuple[User, list[Notice]]]], Awaitable[list[Parcel]]]
"""Puts claimed notices into words, group by group; what it leaves out has nothing left to say."""
