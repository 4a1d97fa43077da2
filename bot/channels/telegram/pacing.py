"""When the next message may leave: Telegram's limits kept from our side, questions before crowds.

30 messages a second over all chats, one a second in a private chat with short bursts, 20 a minute in a group
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Telegram counts when a message
reaches it, which we don't see; but it was before the answer came. So a place that a message takes is free again a
period after its answer, and no delay on the way can put more messages into a period than there are places.

All of this runs on monotonic time, never on the conference's clock.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

QUESTION, NOTICE = 0, 1
"""Who goes first: answers to people who wait, then what we have to tell."""
BURST = 3
"""Messages that a private chat takes at once after a rest."""
WIDE = 3
"""Chats that are refused within a second before the refusal is taken to be about all of them."""


@dataclass(frozen=True)
class Rates:
    """0 is no limit."""

    overall: int = 30
    """Messages a second over all chats."""
    private: int = 1
    """Messages a second in a private chat, in the long run."""
    group: int = 20
    """Messages a minute in a group."""


class _Places:
    """A number of places, each free again `period` seconds after it was given back."""

    def __init__(self, places: int, period: float) -> None:
        self._places = places
        self._period = period
        self._taken = 0
        self._returned: deque[float] = deque()

    def free_at(self, now: float) -> float:
        """When a place is free; `inf` when that waits for an answer that is still out."""
        while self._returned and self._returned[0] <= now:
            self._returned.popleft()
        if self._taken + len(self._returned) < self._places:
            return now
        return self._returned[0] if self._returned else float("inf")

    def take(self) -> None:
        self._taken += 1

    def give_back(self, now: float) -> None:
        self._taken -= 1
        self._returned.append(now + self._period)

    def is_idle(self, now: float) -> bool:
        return not self._taken and (not self._returned or self._returned[-1] <= now)


class _Steady:
    """One every `period` seconds in the long run, up to `BURST` at once after a rest."""

    def __init__(self, period: float) -> None:
        self._period = period
        self._full_at = 0.0
        self._taken = 0

    def free_at(self, now: float) -> float:
        ahead = self._taken * self._period
        at = max(self._full_at, now) + ahead - (BURST - 1) * self._period
        return max(now, at)

    def take(self) -> None:
        self._taken += 1

    def give_back(self, now: float) -> None:
        self._taken -= 1
        self._full_at = max(self._full_at, now) + self._period

    def is_idle(self, now: float) -> bool:
        return not self._taken and self._full_at <= now


@dataclass(order=True)
class _Waiting:
    urgency: int
    order: int
    chat: int = field(compare=False)
    edit: bool = field(compare=False)
    turn: "asyncio.Future[None]" = field(compare=False)


class Pace:
    """Lets messages leave one by one: `async with pace.turn(chat)` around the request."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._overall = _Places(rates.overall, 1.0)
        self._chats: dict[int, _Places | _Steady] = {}
        self._waiting: list[_Waiting] = []
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None
        self._closed: dict[int, float] = {}
        self._closed_until = 0.0
        self._refused: deque[tuple[float, int]] = deque()

    @asynccontextmanager
    async def turn(self, chat: int, urgency: int = QUESTION, *, edit: bool = False) -> AsyncIterator[None]:
        """A place for one message, held until its answer is there.

        Edits of a private chat's messages are not limited in that chat, but take a place among all.
        """
        loop = asyncio.get_running_loop()
        me = _Waiting(urgency, next(self._order), chat, edit, loop.create_future())
        heapq.heappush(self._waiting, me)
        self._grant()
        try:
            await me.turn
        except asyncio.CancelledError:
            if me.turn.done() and not me.turn.cancelled():
                self._give_back(me)
            else:
                self._waiting.remove(me)
                heapq.heapify(self._waiting)
            raise
        try:
            yield
        finally:
            self._give_back(me)

    def refused(self, chat: int, seconds: float) -> None:
        """Telegram said 429 about a chat: it waits. Several chats within a second: everything waits."""
        now = asyncio.get_running_loop().time()
        self._closed = {one: until for one, until in self._closed.items() if until > now}
        self._closed[chat] = max(self._closed.get(chat, 0.0), now + seconds)
        while self._refused and self._refused[0][0] < now - 1.0:
            self._refused.popleft()
        self._refused.append((now, chat))
        if len({one for _, one in self._refused}) >= WIDE:
            self._closed_until = max(self._closed_until, now + seconds)

    def _grant(self) -> None:
        """Give places to whoever can go, in order; those whose chat must wait are passed by."""
        now = asyncio.get_running_loop().time()
        passed: list[_Waiting] = []
        soonest = float("inf")
        while self._waiting:
            at = max(self._closed_until, self._overall.free_at(now) if self._rates.overall else now)
            if at > now:
                soonest = min(soonest, at)
                break
            one = heapq.heappop(self._waiting)
            bucket = self._limiting(one)
            at = max(self._closed.get(one.chat, now), bucket.free_at(now) if bucket is not None else now)
            if at > now:
                soonest = min(soonest, at)
                passed.append(one)
                continue
            self._overall.take()
            if bucket is not None:
                bucket.take()
            one.turn.set_result(None)
        for one in passed:
            heapq.heappush(self._waiting, one)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if soonest != float("inf"):
            self._timer = asyncio.get_running_loop().call_at(soonest, self._grant)

    def _give_back(self, one: _Waiting) -> None:
        now = asyncio.get_running_loop().time()
        self._overall.give_back(now)
        if (bucket := self._limiting(one)) is not None:
            bucket.give_back(now)
        if len(self._chats) > 2_000:
            self._chats = {chat: held for chat, held in self._chats.items() if not held.is_idle(now)}
        self._grant()

    def _limiting(self, one: _Waiting) -> "_Places | _Steady | None":
        return None if one.edit and one.chat > 0 else self._chat(one.chat)

    def _chat(self, chat: int) -> "_Places | _Steady | None":
        """The limit of a chat: groups have negative numbers. None where there is none."""
        if not (self._rates.private if chat > 0 else self._rates.group):
            return None
        if chat not in self._chats:
            self._chats[chat] = _Steady(1.0 / self._rates.private) if chat > 0 else _Places(self._rates.group, 60.0)
        return self._chats[chat]
