"""Messages that two hands write: answers take the place of one in which notices mend what is no longer true.

What is made last is written last. While an answer is made and sent, notices keep their hands off its place, and so does
afterwards what was put into words before; it is made anew.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import islice

from bot.services.channel import Later

Place = tuple[int, int]
"""A chat and the number of a message in it."""
SOON = 0.5
"""Seconds after which a notice tries again."""
KEPT = 2_000
"""Answers that are remembered when they are there; nothing waits for its turn for longer than so many take."""


class Places:
    """Answers come one at a time in a chat, and so do notices. All of it on the loop's time."""

    def __init__(self) -> None:
        self._answering: set[Place] = set()
        self._answered: dict[Place, float] = {}
        self._mending: dict[Place, asyncio.Event] = {}

    @asynccontextmanager
    async def answering(self, place: Place | None) -> AsyncIterator[None]:
        """For the time in which an answer is made and sent; begins when what is being written there is there."""
        if place is None:
            yield
            return
        self._answering.add(place)
        try:
            if place in self._mending:
                await self._mending[place].wait()
            yield
        finally:
            self._answering.discard(place)
            self._answered.pop(place, None)  # the newest stands last
            self._answered[place] = asyncio.get_running_loop().time()
            for old in list(islice(self._answered, max(0, len(self._answered) - KEPT))):
                del self._answered[old]

    @contextmanager
    def mending(self, place: Place, *, made: float) -> Iterator[None]:
        """For the time of one request. `made`: when its words were. Raises `Later` if it is not its turn."""
        if place in self._answering or made <= self._answered.get(place, float("-inf")):
            raise Later("an answer takes its place", SOON)
        there = self._mending[place] = asyncio.Event()
        try:
            yield
        finally:
            del self._mending[place]
            there.set()
