"""Questions of one user, through the whole program."""

from collections.abc import Awaitable, Callable

import pytest
from asking import Asked, asking

from bot.app import App
from bot.commands.dispatch import pressed, typed
from bot.replies.reply import Reply
from bot.services import acquaintance

Says = Callable[[str], Awaitable[Reply]]


@pytest.fixture
def asked(app: App) -> Asked:
    """Asks at a time of the first day, in a language."""
    return asking(app)


@pytest.fixture
def says(app: App) -> Says:
    """Asks by the program's own clock, in English or whatever was chosen since; `~` before what a button asks."""

    async def say(text: str) -> Reply:
        user = await acquaintance.meet(app.db, "telegram", "7", "en", now=app.clock.now())
        return await app.answer(pressed(text[1:]) if text[0] == "~" else typed(text), user.lang, user=user)

    return say
