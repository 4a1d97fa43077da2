"""The one clock. Everything else takes `now` as a parameter.

Conference time may be shifted and run faster, so that a conference can be rehearsed; it runs on monotonic time, so a
correction of the machine's clock does not move a rehearsal.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.problem import Problem


class Clock:
    """Real time; or, from `start` on, time that runs `speed` times as fast as real time."""

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        self._start = start
        self._speed = speed
        self._began = time.monotonic()

    def now(self) -> datetime:
        """Conference time, aware, UTC."""
        if self._start is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self._speed)

    def seconds_until(self, moment: datetime) -> float | None:
        """Real seconds until conference time reaches a moment, 0 if it has; None while it stands still."""
        ahead = (moment - self.now()).total_seconds()
        if ahead <= 0:
            return 0.0
        return ahead / self._speed if self._speed else None

    async def changed(self) -> None:
        """Return at the next pause, jump or change of speed; this clock has none."""
        await asyncio.Event().wait()

    @classmethod
    def of(cls, setting: str, zone: ZoneInfo) -> "Clock":
        """The clock a setting describes: "" for real time, else an ISO time with an optional "@SPEED".

        A time without an offset is local time of the conference. Raises Problem `clock.not-a-time`.
        """
        if not setting:
            return cls()
        moment, _, speed = setting.partition("@")
        try:
            start, factor = parse(moment, zone), float(speed or 1)
        except ValueError:
            raise Problem("clock.not-a-time", setting=setting) from None
        if not 0 <= factor <= 100_000:
            raise Problem("clock.not-a-time", setting=setting)
        return cls(start, factor)


def parse(moment: str, zone: ZoneInfo) -> datetime:
    """An ISO time, UTC; without an offset it is local time of `zone`. Raises ValueError."""
    parsed = datetime.fromisoformat(moment.strip())
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)).astimezone(UTC)
