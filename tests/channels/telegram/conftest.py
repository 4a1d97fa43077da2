import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram_bot import running_bot

from bot.app import App
from bot.sandbox.box import Sandbox, sandbox


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with sandbox() as opened:
        yield opened


@pytest.fixture
async def bot(app: App, box: Sandbox) -> AsyncIterator[asyncio.Task[None]]:
    async with running_bot(app, box) as task:
        yield task
