import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import structlog
from telegram_bot import running_bot

from bot.app import App
from bot.sandbox.box import Sandbox, sandbox


class Journal:
    """What the bot logs, while it logs it."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self._news = asyncio.Event()

    def __call__(self, _: object, level: str, entry: Any) -> Any:
        self.entries.append({**entry, "level": level})
        self._news.set()
        raise structlog.DropEvent

    @property
    def events(self) -> list[str]:
        """What was said at level info and above."""
        return [entry["event"] for entry in self.entries if entry["level"] != "debug"]

    async def until(self, event: str) -> None:
        """Wait until this is said."""
        async with asyncio.timeout(10):
            while event not in self.events:
                self._news.clear()
                await self._news.wait()


@pytest.fixture
def journal() -> Iterator[Journal]:
    processors = structlog.get_config()["processors"]
    before, collector = processors.copy(), Journal()
    processors[:] = [collector]
    yield collector
    processors[:] = before


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with sandbox() as opened:
        yield opened


@pytest.fixture
async def bot(app: App, box: Sandbox) -> AsyncIterator[asyncio.Task[None]]:
    async with running_bot(app, box) as task:
        yield task
