"""When the next message may leave: Telegram's limits kept from our side, questions before crowds.

30 messages a second over all chats, one a second in a private chat with short bursts, 20 a minute in a group
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Telegram counts when a message
reaches it, which we don't see; but it was before the answer came. So a place that a message takes is free again a
period after its answer, and no delay on the way can put more messages into a period than there are places.

A crowd leaves evenly, so that a place comes free every few milliseconds rather than all at the turn of a second, and
leaves as many places alone as questions have lately needed: none when nobody asks.

All of this runs on monotonic time, never on the conference's clock.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from math import ceil, sqrt

QUESTION, NOTICE = 0, 1
"""Who goes first: answers to people who wait, then what we have to tell."""
BURST = 3
"""Messages that a private chat takes at once after a rest; and that a crowd may catch up with after a delay of ours."""
WIDE = 3
"""Chats refused in a row, nothing accepted between, by which a refusal is taken to be about all of them."""
LATELY = 5.0
"""Seconds over which questions are counted, at most, to know how many places they need."""


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
    """A number of places, each free again `period` seconds after it was given back. 0 places: as many as you like."""

    def __init__(self, places: int, period: float) -> None:
        self._places = places
        self._period = period
        self._taken = 0
        self._returned: deque[float] = deque()

    def free_at(self, now: float, *, kept: int = 0) -> float:
        """When a place is free, `kept` ones left alone; `inf` when that waits for an answer that is still out."""
        while self._returned and self._returned[0] <= now:
            self._returned.popleft()
        over = self._taken + len(self._returned) - max(1, self._places - kept)
        if over < 0 or not self._places:
            return now
        return self._returned[over] if over < len(self._returned) else float("inf")

    def take(self) -> None:
        self._taken += 1

    def give_back(self, now: float) -> None:
        self._taken -= 1
        if self._places:
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
        """When one more may go, those included that are still out."""
        return max(now, max(self._full_at, now) + (self._taken - BURST + 1) * self._period)

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
        self._notices = _Places(rates.overall, 1.0)
        self._apart = 1.0 / rates.overall if rates.overall else 0.0
        self._even = 0.0
        self._asked: deque[float] = deque()
        self._chats: dict[int, _Places | _Steady] = {}
        self._closed: dict[int, float] = {}
        self._all_closed = 0.0
        self._refused: set[int] = set()
        self._waiting: list[_Waiting] = []
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(self, chat: int, urgency: int = QUESTION, *, edit: bool = False) -> AsyncIterator[None]:
        """A place for one message, held until its answer is there.

        Edits of a private chat's messages are not limited in that chat, but take a place among all.
        """
        loop = asyncio.get_running_loop()
        me = _Waiting(urgency, next(self._order), chat, edit, loop.create_future())
        if urgency == QUESTION:
            self._asked.append(loop.time())
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
                self._grant()
            raise
        try:
            yield
            self._refused.clear()
        finally:
            self._give_back(me)

    def refused(self, chat: int, seconds: float) -> None:
        """Telegram said 429 about a chat: it waits. Several chats and nothing accepted between: everything waits."""
        until = asyncio.get_running_loop().time() + seconds
        self._closed[chat] = max(self._closed.get(chat, 0.0), until)
        self._refused.add(chat)
        if len(self._refused) >= WIDE:
            self._all_closed = max(self._all_closed, until)

    def _grant(self) -> None:
        """Give places to whoever can go, in order; those whose chat must wait are passed by."""
        now = asyncio.get_running_loop().time()
        passed: list[_Waiting] = []
        soonest = float("inf")
        while self._waiting:
            one = self._waiting[0]
            if (at := self._free_at(one.urgency, now)) > now:
                soonest = min(soonest, at)
                break
            heapq.heappop(self._waiting)
            if (at := self._chat_free_at(one, now)) > now:
                soonest = min(soonest, at)
                passed.append(one)
                continue
            for held in self._held(one):
                held.take()
            if one.urgency == NOTICE:
                self._even = max(self._even, now) + self._apart
            one.turn.set_result(None)
        for one in passed:
            heapq.heappush(self._waiting, one)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if soonest != float("inf"):
            self._timer = asyncio.get_running_loop().call_at(soonest, self._grant)

    def _free_at(self, urgency: int, now: float) -> float:
        """When anything of this urgency may leave, whatever its chat."""
        at = max(self._overall.free_at(now), self._all_closed)
        if urgency == NOTICE:
            evenly = self._even - (BURST - 1) * self._apart
            at = max(at, evenly, self._notices.free_at(now, kept=self._kept(now)))
        return at

    def _kept(self, now: float) -> int:
        """Places that a crowd leaves alone: the questions of a second as of late, and two deviations more."""
        while self._asked and self._asked[0] <= now - LATELY:
            self._asked.popleft()
        if not self._asked:
            return 0
        mean = len(self._asked) / max(1.0, now - self._asked[0])
        return ceil(mean + 2 * sqrt(mean))

    def _chat_free_at(self, one: _Waiting, now: float) -> float:
        closed = self._closed.get(one.chat, 0.0)
        bucket = self._limiting(one)
        return max(now if bucket is None else bucket.free_at(now), closed)

    def _give_back(self, one: _Waiting) -> None:
        now = asyncio.get_running_loop().time()
        for held in self._held(one):
            held.give_back(now)
        if len(self._chats) > 2_000:
            self._chats = {chat: held for chat, held in self._chats.items() if not held.is_idle(now)}
            self._closed = {chat: until for chat, until in self._closed.items() if until > now}
        self._grant()

    def _held(self, one: _Waiting) -> "Iterator[_Places | _Steady]":
        """Where a message takes a place."""
        yield self._overall
        if one.urgency == NOTICE:
            yield self._notices
        if (bucket := self._limiting(one)) is not None:
            yield bucket

    def _limiting(self, one: _Waiting) -> "_Places | _Steady | None":
        """The limit of a chat: groups have negative numbers. None where there is none."""
        chat = one.chat
        if not (self._rates.private if chat > 0 else self._rates.group) or (one.edit and chat > 0):
            return None
        if chat not in self._chats:
            self._chats[chat] = _Steady(1.0 / self._rates.private) if chat > 0 else _Places(self._rates.group, 60.0)
        return self._chats[chat]
