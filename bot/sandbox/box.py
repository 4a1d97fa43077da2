"""The sandbox: a strict Bot API server on this machine, the people who use the bot, and what became of it all.

async with sandbox() as box:
    an = box.user("An", language_code="zh")
    ... start a bot with box.token at box.url ...
    question = box.start(an)
    reply = await box.reply(an, after=question)
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TypeVar

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.clock import ClockApi
from bot.sandbox.control import add_control
from bot.sandbox.events import Events
from bot.sandbox.faults import Fault, FaultKind, Faults
from bot.sandbox.front import add_page
from bot.sandbox.guard import guard
from bot.sandbox.ledger import Entry, Ledger
from bot.sandbox.limits import Limits
from bot.sandbox.methods.profile import menu, profile_words
from bot.sandbox.people import People, Where, Which, Whom, id_of, message_id_of
from bot.sandbox.refusal import Json
from bot.sandbox.seen import Seen, seen
from bot.sandbox.server import Server
from bot.sandbox.state import User, World
from bot.sandbox.webhook import Deliveries

PATIENCE = 20.0
"""Real seconds that a test waits for what must come; a machine with much to do takes its time."""

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # noqa: S105 - the example of the Bot API's own page
HOST = "127.0.0.1"
Found = TypeVar("Found")


class Sandbox(People):
    """A running sandbox. All of it must be used in the event loop in which it runs."""

    def __init__(
        self, server: Server, token: str, clock: Clock, *, host: str = HOST, stage: Json | None = None
    ) -> None:
        super().__init__(server.world)
        self.token = token
        self.clock = clock
        self.host = host
        self.url = ""
        self.stage = stage or {}
        """What the page shows of the conference beside its chats; see `sandbox`."""
        self.events = Events(self)
        self.limits = server.limits
        self.faults = server.faults
        self._server = server
        self._runner: web.AppRunner | None = None
        self.port = 0
        self._network: list[Fault] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._ledger = server.ledger
        server.ledger.listen(self._changed)
        server.world.updates.listen(self._changed)

    @property
    def bot(self) -> User:
        """The bot's own account."""
        return self.world.bot

    # What the bot did.

    @property
    def ledger(self) -> list[Entry]:
        """Every request of the bot, in order."""
        return self._ledger.entries

    @property
    def seconds(self) -> float:
        """Real seconds since the sandbox began: the time of the ledger's entries."""
        return self._ledger.seconds()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this whenever a request of the bot is carried out or settled."""
        self._ledger.listen(listener)

    def requests(self, method: str | None = None, *, chat: Where | None = None, after: int = 0) -> list[Entry]:
        """Requests by method and chat, getUpdates only when asked for; `after` is the number of an entry."""
        found = self._ledger.select(method=method, chat_id=None if chat is None else id_of(chat), after=after)
        return [entry for entry in found if method or entry.method != "getUpdates"]

    def told(self, chat: Where | None = None) -> list[tuple[int | str | None, str]]:
        """Who was told what, in order: chat id and plain text of each message, edit and toast that was carried out."""
        entries = self._ledger.told(chat_id=None if chat is None else id_of(chat))
        return [(entry.chat_id, entry.text or "") for entry in entries]

    def messages(self, chat: Where) -> list[Seen]:
        """A chat as a user sees it now, oldest first."""
        where = self.chat(chat)
        return [seen(message, pinned=number in where.pinned) for number, message in where.messages.items()]

    def answer(self, query_id: str) -> Json | None:
        """What a pressed button was answered: {"text", "show_alert"}; None while it is not."""
        return self.world.callbacks[query_id].answer

    def menu(self, user: Whom, chat: Where | None = None) -> list[Json]:
        """The commands that a user's app lists in the private chat or in a group, in their language."""
        person = self.world.users[id_of(user)]
        where = self.chat(chat) if chat is not None else None
        if where is None or where.kind == "private":
            scopes: list[Json] = [{"type": "chat", "chat_id": person.id}, {"type": "all_private_chats"}]
        else:
            scopes = [{"type": "chat_member", "chat_id": where.id, "user_id": person.id}]
            if where.members.get(person.id) in ("creator", "administrator"):
                scopes += [{"type": "chat_administrators", "chat_id": where.id}]
            scopes += [{"type": "chat", "chat_id": where.id}, {"type": "all_group_chats"}]
        return menu(self.world, (person.language_code or "")[:2], [*scopes, {"type": "default"}])

    def profile(self, user: Whom, chat: Where | None = None) -> Json:
        """What a user's app shows of the bot, in their language: name, description, about and the commands' menu."""
        language = (self.world.users[id_of(user)].language_code or "")[:2]
        return {
            "name": profile_words(self.world, "name", language) or self.bot.first_name,
            "description": profile_words(self.world, "description", language),
            "about": profile_words(self.world, "short_description", language),
            "commands": self.menu(user, chat),
        }

    # What happens to updates and requests on the way.

    def inject(self, update: Json) -> int:
        """Queue any object as an update, poison included; it is given an update_id if it has none. Returns that."""
        return self.world.updates.put_raw(update)

    def duplicate(self, update_id: int) -> None:
        """Deliver an update once more, even if it is confirmed."""
        self.world.updates.repeat(update_id)

    def reorder(self, update_ids: Iterable[int] | None = None) -> None:
        """Deliver pending updates in this order, or backwards."""
        self.world.updates.reorder(update_ids)

    @property
    def pending(self) -> list[Json]:
        """The updates that the bot has not confirmed."""
        return self.world.updates.pending()

    @property
    def polling(self) -> bool:
        """Whether the bot waits in getUpdates."""
        return self.world.updates.polling

    def fault(  # noqa: PLR0913 - each is one dial of a fault, given by name
        self,
        kind: FaultKind,
        method: str = "*",
        *,
        chat: Where | None = None,
        count: int | None = None,
        chance: float = 1.0,
        seconds: float = 0.0,
        code: int = 500,
        retry_after: int = 1,
    ) -> Fault:
        """Set a fault; see Fault for what each kind does."""
        chat_id = None if chat is None else id_of(chat)
        return self.faults.add(Fault(kind, method, chat_id, count, chance, seconds, code, retry_after))

    def clear_faults(self) -> None:
        """Everything works again."""
        self.faults.clear()
        self.network()

    def network(self, *, down: bool = False, seconds: float = 0.0) -> Json:
        """The weather of the whole network: Telegram out of reach, or every answer late. Other faults stay."""
        for old in self._network:
            if old in self.faults.set:
                self.faults.set.remove(old)
        # In this order: what is out of reach can't be late.
        self._network = [self.fault("drop-before")] if down else []
        if seconds > 0:
            self._network.append(self.fault("delay", seconds=seconds))
        # A getUpdates that waits already would still be answered; it ends, and the next one meets the weather.
        self.world.updates.news()
        self.world.happened("network")
        return self.network_state()

    def network_state(self) -> Json:
        """What `network` was last set to."""
        return {
            "down": any(fault.kind == "drop-before" for fault in self._network),
            "seconds": sum(fault.seconds for fault in self._network),
        }

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
        add_control(app, self)
        add_page(app, self)
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
