"""Faults on demand: what can go wrong between a bot and Telegram, by method and by chance or count."""

import random
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal["delay", "drop-before", "drop-after", "error"]


@dataclass(slots=True)
class Fault:
    """One fault that waits for requests.

    delay: the request is carried out at once and answered `seconds` later.
    drop-before: the connection is cut and nothing was carried out. drop-after: carried out, then cut unanswered.
    error: not carried out, answered with `code` (500, 502, 429, …); a 429 says `retry_after`.
    """

    kind: FaultKind
    method: str = "*"
    """A method of the Bot API, or * for all."""
    chat_id: int | None = None
    """Only requests about this chat."""
    count: int | None = None
    """How many times it strikes before it is gone; None for ever."""
    chance: float = 1.0
    """How likely it strikes each time, 0 to 1."""
    seconds: float = 0.0
    code: int = 500
    retry_after: int = 1
    struck: int = 0
    """How often it has struck."""


class Faults:
    """The faults that are set, in order; the first that applies strikes. Chance is seeded."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311 - chance for tests, and it must repeat
        self.set: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Set a fault."""
        self.set.append(fault)
        return fault

    def clear(self) -> None:
        """Everything works again."""
        self.set.clear()

    def strike(self, method: str, chat_id: object) -> Fault | None:
        """The fault that hits this request, if one does."""
        for fault in self.set:
            if fault.method not in ("*", method) or (fault.chat_id is not None and str(fault.chat_id) != str(chat_id)):
                continue
            if self._random.random() >= fault.chance:
                continue
            fault.struck += 1
            if fault.count is not None and fault.struck >= fault.count:
                self.set.remove(fault)
            return fault
        return None
