"""What wakes the program: how soon after the alarm rings a reminder is on its way."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from conftest import Ready
from virtual_time import TimelessDatabase, in_virtual_time

from bot.app import REST, App
from bot.clock import Clock
from bot.config import Settings
from bot.domain.timetable import Event
from bot.domain.user import User
from bot.jobs import Alarm
from bot.replies.reply import Reply
from bot.services import acquaintance, stars
from bot.store.database import Connection

DISK = 3.0
"""Seconds that every transaction takes."""


class SlowDatabase(TimelessDatabase):
    """Every transaction takes as long as on a slow disk, and nothing else takes any time."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        await asyncio.sleep(DISK)
        async with super().transaction() as tx:
            yield tx


class Heard:
    """A channel that knows the second at which it was given each message."""

    def __init__(self) -> None:
        self._seconds: asyncio.Queue[float] = asyncio.Queue()

    async def send(self, user: User, reply: Reply, *, silent: bool) -> str:
        self._seconds.put_nowait(asyncio.get_running_loop().time())
        return "1"

    async def edit(self, user: User, message: str, reply: Reply) -> None:
        raise NotImplementedError

    async def pin(self, user: User, message: str, *, instead_of: str | None) -> None:
        raise NotImplementedError

    async def next(self) -> float:
        return await self._seconds.get()


def one_after_the_other(app: App) -> list[Event]:
    """Three talks, each an hour or more after the one before."""
    chosen: list[Event] = []
    moment = app.clock.now()
    for event in app.edition.timetable.events:
        if event.start >= moment + timedelta(hours=1):
            chosen.append(event)
            moment = event.start
    return chosen[:3]


def test_a_reminder_waits_only_for_a_rest_that_is_not_over(options: Settings, ready: Ready) -> None:
    async def story() -> None:
        shutil.copyfile(ready.database, options.database)
        clock = Clock.of(options.clock, ready.edition.timetable.zone)
        async with await SlowDatabase.open(options.database, options.migrations, now=clock.now()) as db:
            alarm = Alarm(clock, AsyncIOScheduler())  # it rings when the test says so
            app = App(db, clock, ready.edition, ready.glossary, alarm)
            first, second, third = one_after_the_other(app)
            an = await acquaintance.meet(db, "fake", "an", "en", now=clock.now())
            for event in (first, second, third):
                await stars.mark(db, app.edition.timetable, an, event, starred=True, now=clock.now())
            channel = Heard()

            async def seconds_to_remind_of(event: Event) -> float:
                clock.set(now=event.start - timedelta(minutes=1))
                alarm.ring()
                rang = asyncio.get_running_loop().time()
                return await channel.next() - rang

            running = asyncio.create_task(app.notify({"fake": channel}, rate=None))
            await seconds_to_remind_of(first)
            await asyncio.sleep(1000)
            waited = [await seconds_to_remind_of(event) for event in (second, third)]
            running.cancel()
            await asyncio.wait([running])
        look = claim = DISK
        assert waited == [look + claim, (REST * look - claim) + look + claim]

    in_virtual_time(story())
