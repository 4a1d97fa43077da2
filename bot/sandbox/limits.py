"""Telegram's limits on sending (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).

About 30 messages a second over all chats, one a second in one private chat with short bursts allowed, 20 a minute in
one group. They run on monotonic time. A request that was refused counts for nothing.
"""

from collections import deque
from collections.abc import Callable
from math import ceil

OVERALL = (30, 1.0)
GROUP = (20, 60.0)
PRIVATE_BURST = 3
PRIVATE_SECONDS = 1.0
COUNTED = {"sendMessage", "sendDocument", "sendPhoto", "sendVenue"}
"""Methods that send; editing and answering buttons is free here."""


class Window:
    """At most `count` things in any `seconds`."""

    def __init__(self, count: int, seconds: float) -> None:
        self._count = count
        self._seconds = seconds
        self._times: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 when it does."""
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        return self._times[0] + self._seconds - now if len(self._times) >= self._count else 0.0

    def add(self, now: float) -> None:
        """One more."""
        self._times.append(now)


class Bucket:
    """One a second in the long run, with a few at once after a rest."""

    def __init__(self) -> None:
        self._full_at = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 when it does."""
        return max(0.0, self._full_at - now - (PRIVATE_BURST - 1) * PRIVATE_SECONDS)

    def add(self, now: float) -> None:
        """One more."""
        self._full_at = max(self._full_at, now) + PRIVATE_SECONDS


class Limits:
    """Counts what is sent to whom. `monotonic` gives seconds; nothing is limited while `on` is False."""

    def __init__(self, monotonic: Callable[[], float], *, on: bool) -> None:
        self._monotonic = monotonic
        self.on = on
        self._overall = Window(*OVERALL)
        self._chats: dict[int, Window | Bucket] = {}

    def wait(self, method: str, chat_id: int) -> int:
        """Whole seconds until this may be sent; 0 when it may be now."""
        if not self.on or method not in COUNTED:
            return 0
        now = self._monotonic()
        return ceil(max(self._overall.wait(now), self._chat(chat_id).wait(now)))

    def count(self, method: str, chat_id: int) -> None:
        """It was sent."""
        if self.on and method in COUNTED:
            now = self._monotonic()
            self._overall.add(now)
            self._chat(chat_id).add(now)

    def _chat(self, chat_id: int) -> Window | Bucket:
        if chat_id not in self._chats:
            self._chats[chat_id] = Bucket() if chat_id > 0 else Window(*GROUP)
        return self._chats[chat_id]
