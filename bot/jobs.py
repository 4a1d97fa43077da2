"""The alarm clock: one wake-up at the next due moment, and a slow tick in case something was overlooked.

APScheduler only wakes the program; what is due is asked of the tables. A wake-up sets an event and does nothing else,
and each is a job of its own: one that bears the name of the last is skipped while that has not quite ended. It is never
too late to ring.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock

TICK = 30
"""Real seconds between two looks when nothing rings."""


class Alarm:
    """Rings at a moment of conference time, however the clock is moved meanwhile."""

    def __init__(self, clock: Clock, scheduler: AsyncIOScheduler) -> None:
        self._clock = clock
        self._scheduler = scheduler
        self._moment: datetime | None = None
        self._wake_up: Job | None = None
        self._ringing = asyncio.Event()

    def arm(self, moment: datetime | None) -> None:
        """Ring when conference time reaches `moment`; None for no wake-up. The last one counts."""
        self._moment = moment
        self._arm()

    def ring(self) -> None:
        """Ring now."""
        self._ringing.set()

    async def rang(self) -> None:
        """Return as soon as it rings, or at once if it rang since the last time."""
        await self._ringing.wait()
        self._ringing.clear()

    def _arm(self) -> None:
        if self._wake_up is not None and self._scheduler.get_job(self._wake_up.id) is not None:
            self._wake_up.remove()
        seconds = self._clock.seconds_until(self._moment) if self._moment is not None else None
        self._wake_up = None
        if seconds is not None:
            self._wake_up = self._scheduler.add_job(
                self._sound, "date", run_date=Clock().now() + timedelta(seconds=seconds)
            )

    async def _sound(self) -> None:
        """Ring, in the event loop: what is no coroutine APScheduler runs in a thread."""
        self.ring()

    async def _follow(self) -> None:
        """Arm anew whenever the clock is paused, set or runs at another speed; a jump may have passed the moment."""
        while True:
            await self._clock.changed()
            self._arm()
            self.ring()


@asynccontextmanager
async def alarm(clock: Clock) -> AsyncIterator[Alarm]:
    """An alarm for the length of the block."""
    defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
    made = Alarm(clock, scheduler)
    scheduler.add_job(made._sound, "interval", seconds=TICK)  # noqa: SLF001 - its own
    scheduler.start()
    following = asyncio.create_task(made._follow())  # noqa: SLF001 - its own
    try:
        yield made
    finally:
        following.cancel()
        scheduler.shutdown(wait=False)
