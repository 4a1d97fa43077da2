from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.rehearsal.stage import Stage
from bot.sandbox.state import User

Call = Callable[..., Awaitable[Any]]


class Seconds:
    """Monotonic time in the test's hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def box(seconds: Seconds) -> AsyncIterator[Sandbox]:
    async with sandbox(monotonic=seconds, webhook_wait=0.01) as box:
        yield box


@pytest.fixture
def an(box: Sandbox) -> User:
    return box.user("An", language_code="zh", started=True)


@pytest.fixture
def bo(box: Sandbox) -> User:
    return box.user("Bo", language_code="en", started=True)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def api(box: Sandbox, session: aiohttp.ClientSession) -> Call:
    """A method of the Bot API: its result, or (code, description) when it is refused."""

    async def call(method: str, **params: Any) -> Any:
        async with session.post(f"{box.url}/bot{box.token}/{method}", json=params) as response:
            body = await response.json()
        assert response.status == (200 if body["ok"] else body["error_code"])
        return body["result"] if body["ok"] else (body["error_code"], body["description"])

    return call


@pytest.fixture
def press(api: Call) -> Callable[[Stage, User, str], Awaitable[None]]:
    """Somebody is shown a button with these data, and presses it."""

    async def press(stage: Stage, person: User, data: str) -> None:
        rows = [[{"text": data, "callback_data": data}]]
        await api("sendMessage", chat_id=person.id, text="A card", reply_markup={"inline_keyboard": rows})
        await stage.press(person, chat=person, choice=0)

    return press
