"""The sandbox: a strict Bot API server on this machine, the people who use the bot, and what became of it all.

async with sandbox() as box:
    an = box.user("An", language_code="zh")
    ... start a bot with box.token at box.url ...
    question = box.start(an)
    reply = await box.reply(an, after=question)
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.clock import ClockApi
from bot.sandbox.control import add_control
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.front import add_page
from bot.sandbox.guard import guard
from bot.sandbox.ledger import Ledger
from bot.sandbox.limits import Limits
from bot.sandbox.people import Where, Which, message_id_of
from bot.sandbox.refusal import Json
from bot.sandbox.scene import Scene
from bot.sandbox.seen import Seen
from bot.sandbox.server import Server
from bot.sandbox.state import User, World
from bot.sandbox.webhook import Deliveries

PATIENCE = 20.0
"""Real seconds that a test waits for what must come; a machine with much to do takes its time."""

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # noqa: S105 - the example of the Bot API's own page
HOST = "127.0.0.1"
Found = TypeVar("Found")


class Sandbox(Scene):
    """A running sandbox. All of it must be used in the event loop in which it runs."""

    def __init__(
        self, server: Server, token: str, clock: Clock, *, host: str = HOST, stage: Json | None = None
    ) -> None:
        super().__init__(server, clock, stage or {})
        self.token = token
        self.host = host
        self.url = ""
        self.port = 0
        self._server = server
        self.events = Events(self)
        self._runner: web.AppRunner | None = None
        self._waiting: list[asyncio.Future[None]] = []
        server.ledger.listen(self._changed)
        server.world.updates.listen(self._changed)

    # Waiting for the bot, without polling.

    async def until(self, check: Callable[[], Found | None], *, seconds: float = PATIENCE) -> Found:
        """Wait until `check` gives something true, and return it. Looks again whenever anything happens.

        Raises TimeoutError, which names the last requests.
        """
        try:
            async with asyncio.timeout(seconds):
                while not (found := check()):
                    waiter = asyncio.get_running_loop().create_future()
                    self._waiting.append(waiter)
                    await waiter
        except TimeoutError:
            last = "; ".join(
                f"{entry.method} {entry.chat_id or ''} {entry.outcome} {entry.description or entry.text or ''}"
                for entry in self.requests()[-5:]
            )
            raise TimeoutError(f"not within {seconds} s; the last requests: {last or 'none'}") from None
        return found

    async def reply(self, chat: Where, *, after: Which, seconds: float = PATIENCE) -> Seen:
        """The bot's first message in a chat after this one, when it is there."""
        number = message_id_of(after)
        return await self.until(
            lambda: next((m for m in self.messages(chat) if m.message_id > number and m.by == self.bot.id), None),
            seconds=seconds,
        )

    async def answered(self, query_id: str, *, seconds: float = PATIENCE) -> Json:
        """What a pressed button is answered, when it is."""
        return await self.until(lambda: self.answer(query_id), seconds=seconds)

    async def heard(self, *, seconds: float = PATIENCE) -> None:
        """Wait until the bot has confirmed every update."""
        await self.until(lambda: not self.pending, seconds=seconds)

    def _changed(self) -> None:
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)

    # Telegram comes and goes.

    async def up(self, port: int | None = None) -> None:
        """Listen, on the same port as before or on this one (0 for any free one)."""
        if self._runner is not None:
            return
        app = self._server.application()
        app.middlewares.append(guard(self.host))
        ClockApi(self.clock, self._server.closing).add_to(app)
        add_control(app, self, self.events)
        add_page(app, self.world)
        # No access log: it would write the token.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port if port is None else port, reuse_address=True)
        try:
            await site.start()
        except OSError:
            runner, self._runner = self._runner, None
            await runner.cleanup()
            raise
        self.port = self._runner.addresses[0][1]
        self.url = f"http://{reachable(self.host)}:{self.port}"

    async def down(self) -> None:
        """Be away: every connection is cut and new ones are refused until `up`."""
        if self._runner is None:
            return
        runner, self._runner = self._runner, None
        self._server.closing.set()
        self.events.close()
        self.world.updates.close()
        for connection in runner.server.connections if runner.server else []:
            if connection.transport is not None:
                connection.transport.abort()
        await runner.cleanup()
        self._server.closing.clear()
        self.world.updates.closed = False


@asynccontextmanager
async def sandbox(  # noqa: PLR0913 - each is one setting with a default, given by name
    *,
    port: int = 0,
    host: str = HOST,
    token: str = TOKEN,
    username: str = "YichengBot",
    limits: bool = False,
    seed: int = 0,
    webhook_wait: float = 1.0,
    clock: Clock | None = None,
    monotonic: Callable[[], float] = time.monotonic,
    stage: Json | None = None,
) -> AsyncIterator[Sandbox]:
    """A sandbox that listens on `host` while the block runs; port 0 takes any free one. Raises OSError.

    `clock` shows the conference's time, real time if not given; limits and expiry run on `monotonic`; `seed` decides
    faults by chance; `webhook_wait`: seconds until a webhook's second attempt.

    `stage` is handed to the page as it is: "title"; "zone" {zh, en}, the timezone's name; "roles" {user id: {zh, en}};
    and "jumps", a list of {"label": {zh, en}, "times": [ISO, …]}, where a jump leads to the first of its times that is
    still to come, or else to the first.
    """
    clock = clock or Clock()
    bot = User(int(token.partition(":")[0]), "Yicheng", username=username, is_bot=True)
    world = World(bot, clock.now, monotonic)
    server = Server(
        world,
        token,
        ledger=Ledger(clock.now, monotonic),
        limits=Limits(monotonic, on=limits),
        faults=Faults(seed),
    )
    box = Sandbox(server, token, clock, host=host, stage=stage)
    await box.up(port)
    beside = [asyncio.create_task(Deliveries(world, webhook_wait).run()), asyncio.create_task(box.events.watch_clock())]
    try:
        yield box
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await box.down()


def reachable(host: str) -> str:
    """Where to find on this machine what listens on `host`, as it stands in an address."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared with, not bound to
    return f"[{here}]" if ":" in here else here
