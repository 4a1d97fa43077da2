"""The alarm clock: one wake-up at the next due moment, and a slow tick in case something was overlooked.

APScheduler only wakes the program; what is due is asked of the tables. A wake-up sets an event and does nothing else,
so that it can't be skipped because the last one still runs, and it is never too late to ring.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

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
        if self._scheduler.get_job("wake") is not None:
            self._scheduler.remove_job("wake")
        seconds = self._clock.seconds_until(self._moment) if self._moment is not None else None
        if seconds is not None:
            self._scheduler.add_job(
                self.ring,
                "date",
                id="wake",
                run_date=Clock().now() + timedelta(seconds=seconds),
            )

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
    scheduler.add_job(made.ring, "interval", seconds=TICK, id="tick")
    scheduler.start()
    following = asyncio.create_task(made._follow())  # noqa: SLF001 - its own
    try:
        yield made
    finally:
        following.cancel()
        scheduler.shutdown(wait=False)
