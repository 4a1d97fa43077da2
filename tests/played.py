"""Bots that a test plays itself, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def bot(
    api: Callable[..., Awaitable[Any]], handle: Callable[[dict[str, Any]], Awaitable[None]]
) -> AsyncIterator[None]:
    """A bot that hands each update to `handle`. `api`: calls a method of the Bot API."""

    async def run() -> None:
        offset = 0
        while True:
            for update in await api("getUpdates", offset=offset, timeout=5):
                offset = update["update_id"] + 1
                await handle(update)

    task = asyncio.create_task(run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
