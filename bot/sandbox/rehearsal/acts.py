"""What an actor is: an iterable of acts, each at its conference time."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

AFTER_AN_ACT = timedelta(seconds=1)
"""Conference time between what people do and a look at what it made due at once."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something somebody does at a conference time. `do` returns when all that it set off has come to its end.

    weight    how likely a kill falls on it, beside the others; 0 for one that only looks.
    requests  about how many the bot makes because of it: a kill falls after any of them.
    """

    at: datetime
    do: Callable[[], Awaitable[None]]
    weight: int = 1
    requests: int = 1


Actor = Iterable[Act]
