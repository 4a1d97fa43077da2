"""The real Telegram channel against the sandbox, in one process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from bot.app import App
from bot.channels.telegram import running
from bot.channels.telegram.pacing import Rates
from bot.sandbox.box import Sandbox

NO_LIMITS = Rates(overall=0, private=0, group=0)


@asynccontextmanager
async def running_bot(app: App, box: Sandbox, rates: Rates = NO_LIMITS) -> AsyncIterator[asyncio.Task[None]]:
    """The bot, answering; told to stop at the end. The task is there to see how it ended."""
    stop = asyncio.Event()
    conference = app.edition.timetable.conference
    task = asyncio.create_task(
        running.run(
            box.token,
            box.url,
            app.db,
            app.answer,
            app.meant,
            app.received,
            partial(app.notify, rate=rates.overall or None),
            menus=app.menus,
            ring=app.alarm.ring,
            rates=rates,
            conference=conference,
            now=app.clock.now,
            real_now=app.clock.now,
            stop=stop,
        )
    )
    try:
        yield task
    finally:
        stop.set()
        await asyncio.gather(task, return_exceptions=True)


async def all_settled(box: Sandbox, app: App) -> None:
    """Wait until everything that was said is confirmed and settled."""
    await box.heard(seconds=60)
    async with asyncio.timeout(60):
        while await states(app) & {"waiting", "applied"}:
            pass  # each look goes to the database's thread and back


async def states(app: App) -> set[str]:
    """The states that updates are in."""
    async with app.db.snapshot() as conn:
        return {row["state"] for row in await conn.execute_fetchall("SELECT DISTINCT state FROM updates")}
