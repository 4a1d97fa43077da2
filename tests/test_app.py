"""What wakes the program: how soon after the alarm rings a reminder is on its way."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from ready_programme import Ready
from reminding import Fake
from virtual_time import TimelessDatabase, VirtualTimeLoop, in_virtual_time

from bot.app import App
from bot.clock import Clock
from bot.config import Settings
from bot.domain.timetable import Event
from bot.domain.user import User
from bot.jobs import Alarm
from bot.replies.reply import Reply
from bot.services import acquaintance, stars
from bot.store.database import Connection

DISK = 0.125
"""Seconds that every transaction takes."""


class SlowDatabase(TimelessDatabase):
    """Every transaction takes as long as on a slow disk, and nothing else takes any time."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        async with super().transaction() as tx:
            yield tx
            loop = asyncio.get_running_loop()
            assert isinstance(loop, VirtualTimeLoop)
            loop.seconds.now += DISK


class Heard(Fake):
    """Knows also the second at which it was given each message."""

    seconds: asyncio.Queue[float]

    async def send(self, user: User, reply: Reply, **how: Any) -> str:
        self.seconds.put_nowait(asyncio.get_running_loop().time())
        return await super().send(user, reply, **how)


def one_after_the_other(app: App) -> list[Event]:
    """Two talks, each an hour or more after what was before."""
    chosen: list[Event] = []
    moment = app.clock.now()
    for event in app.edition.timetable.events:
        if event.start >= moment + timedelta(hours=1):
            chosen.append(event)
            moment = event.start
    return chosen[:2]


def test_a_reminder_does_not_wait_for_a_rest_that_is_over(options: Settings, ready: Ready) -> None:
    async def story() -> None:
        shutil.copyfile(ready.database, options.database)
        clock = Clock.of(options.clock, ready.edition.timetable.zone)
        async with await SlowDatabase.open(options.database, options.migrations, now=clock.now()) as db:
            alarm = Alarm(clock, AsyncIOScheduler())  # it rings when the test says so
            app = App(db, clock, ready.edition, ready.glossary, alarm)
            first, second = one_after_the_other(app)
            an = await acquaintance.meet(db, "fake", "an", "en", now=clock.now())
            for event in (first, second):
                await stars.mark(db, app.edition.timetable, an, event, starred=True, now=clock.now())
            channel = Heard(ready.edition.timetable.zone, clock.now())
            channel.seconds = asyncio.Queue()

            async def seconds_to_remind_of(event: Event) -> float:
                clock.set(now=event.start - timedelta(minutes=1))
                alarm.ring()
                rang = asyncio.get_running_loop().time()
                return await channel.seconds.get() - rang

            running = asyncio.create_task(app.notify({"fake": channel}, rate=None))
            await seconds_to_remind_of(first)
            await asyncio.sleep(1000)
            waited = await seconds_to_remind_of(second)
            running.cancel()
            await asyncio.wait([running])
        look = claim = DISK
        assert waited == look + claim

    in_virtual_time(story())
