"""The one clock. Everything else takes `now` as a parameter.

Conference time may be shifted, stopped and run faster, so that a conference can be rehearsed. It runs on monotonic
time, so a correction of the machine's clock does not move a rehearsal. One process owns a clock and sets it; others may
follow it (bot/sandbox/clock.py serves it, bot/following.py follows).
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, Field

from bot.domain.problem import Problem

FASTEST = 100_000
YEARS = range(1970, 2200)
"""Years a clock can be set to: at its fastest it stays within what a datetime can hold for weeks."""
CLOCK_PATH = "/sandbox/clock"
CHANGES_PATH = "/sandbox/clock/changes"
HEARTBEAT = 15.0
"""Real seconds between two signs of life of an owner with nothing to tell."""


class ClockState(BaseModel, frozen=True):
    """What a clock shows, also on the wire.

    speed  conference seconds in a real second; 0 while it stands still.
    until  the moment at which it will stop by itself, if there is one.
    """

    now: AwareDatetime
    speed: float = Field(ge=0, le=FASTEST, allow_inf_nan=False)
    until: AwareDatetime | None = None
    zone: str = "UTC"

    @property
    def paused(self) -> bool:
        return self.speed == 0


class Clock:
    """Real time; or, once started or set, time that runs `speed` times as fast as real time, or stands still.

    `owner` is the address of the sandbox whose clock this one follows. Used within one event loop.
    """

    def __init__(
        self, start: datetime | None = None, speed: float = 1.0, *, zone: ZoneInfo | None = None, owner: str = ""
    ) -> None:
        self.zone = zone or ZoneInfo("UTC")
        self.owner = owner
        self._start = start
        self._speed = speed
        self._until: datetime | None = None
        self._began = time.monotonic()
        self._waiters: set[asyncio.Future[None]] = set()

    @classmethod
    def of(cls, setting: str, zone: ZoneInfo) -> "Clock":
        """The clock a setting describes.

        "" for real time; an ISO time with an optional "@SPEED"; or a sandbox's address, http://127.0.0.1:PORT, whose
        clock is followed. A time without an offset is local time of the conference. Raises Problem `clock.not-a-time`.
        """
        if not setting:
            return cls(zone=zone)
        moment, _, speed = setting.partition("@")
        try:
            if setting.startswith(("http://", "https://")):
                return cls(zone=zone, owner=_base(setting))
            start, factor = parse(moment, zone), float(speed or 1)
        except ValueError:
            raise Problem("clock.not-a-time", setting=setting) from None
        if not 0 <= factor <= FASTEST:
            raise Problem("clock.not-a-time", setting=setting)
        return cls(start, factor, zone=zone)

    def now(self) -> datetime:
        """Conference time, aware, UTC."""
        if self._start is None:
            return datetime.now(UTC)
        moment = self._start + timedelta(seconds=(time.monotonic() - self._began) * self._speed)
        return moment if self._until is None else min(moment, self._until)

    def state(self) -> ClockState:
        now = self.now()
        arrived = self._until is not None and now >= self._until
        return ClockState(
            now=now,
            speed=0 if arrived else self._speed,
            until=None if arrived else self._until,
            zone=self.zone.key,
        )

    def seconds_until(self, moment: datetime) -> float | None:
        """Real seconds until conference time reaches `moment`: 0 if it is past, None if it never will as things are."""
        now = self.now()
        if moment <= now:
            return 0.0
        if self._speed == 0 or (self._until is not None and moment > self._until):
            return None
        return (moment - now).total_seconds() / self._speed

    def changed(self) -> asyncio.Future[None]:
        """Await it to hear of the next pause, jump or change of speed after this call; each waiter is woken."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        waiter.add_done_callback(self._waiters.discard)
        return waiter

    def set(self, now: datetime | None = None, speed: float | None = None, until: datetime | None = None) -> None:
        """Jump, change speed (0 stands still), or both; it then stops by itself at `until`, if given.

        For the owner of the clock, and for whatever follows the owner.
        """
        state = self.state()
        self._start = state.now if now is None else now.astimezone(UTC)
        self._speed = state.speed if speed is None else speed
        self._until = until
        self._began = time.monotonic()
        for waiter in tuple(self._waiters):
            if not waiter.done():
                waiter.set_result(None)


def parse(moment: str, zone: ZoneInfo) -> datetime:
    """An ISO time, UTC; without an offset it is local time of `zone`. Raises ValueError."""
    parsed = datetime.fromisoformat(moment.strip())
    if parsed.year not in YEARS:
        raise ValueError("too far away")
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)).astimezone(UTC)


def _base(url: str) -> str:
    """The address of an owner, without a trailing slash. Raises ValueError for anything but a host and a port."""
    parts = urlsplit(url)
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment or parts.port == 0:
        raise ValueError("not the address of a sandbox")
    return f"{parts.scheme}://{parts.netloc}"
