"""Updates in: fetched, stored before they are confirmed, handed on in each chat's order.

PTB's own Updater confirms a batch before it is handled, stops for good at an update it can't parse, and goes deaf on
one 401. Here a batch is stored in one transaction; the offset that confirms it is sent only with the next request.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.channels.telegram.update import Update
from bot.domain.problem import Problem
from bot.store import updates
from bot.store.database import Database
from bot.store.updates import Arrived, Stored

log = structlog.get_logger(__name__)

ALLOWED = ("message", "callback_query", "inline_query", "my_chat_member")
BATCH = 100
LONG_POLL = 50
"""Seconds Telegram may hold a request open when there is nothing to tell."""
SIDE_BY_SIDE = 256
"""Chats whose updates are handled at the same time: a hall that asks at once is looked up and settled in few trips to
the database; there are fewer connections than that, and whoever waits for one has their answer ready."""
OPEN_AT_MOST = 1_000
"""Updates in hand beyond which no more are fetched; Telegram keeps the rest."""
PULSE = 15.0
"""Seconds between two records of having heard Telegram."""
CONFLICTS = 3
"""Answers in a row that say another instance is polling, after which this one gives way. One or two are normal when a
request of an instance that was killed is still open at Telegram's side."""

Handle = Callable[[Stored, Update], Awaitable[None]]


class Intake:
    """Polls, stores, and runs `handle` for every update: one at a time for a chat, chats side by side.

    Each chat is a task of the group: what `handle` raises ends them all, for it means that nothing can be kept or said.
    """

    def __init__(
        self,
        bot: Bot,
        request: BaseRequest,
        db: Database,
        handle: Handle,
        group: asyncio.TaskGroup,
        *,
        real_now: Callable[[], datetime],
    ) -> None:
        """`request` is for polling alone, so that a long poll takes no connection from the answers."""
        self._bot = bot
        self._request = request
        self._db = db
        self._handle = handle
        self._group = group
        self._places = asyncio.Semaphore(SIDE_BY_SIDE)
        self._chats: dict[int, list[tuple[Stored, Update]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = 0
        self._room = asyncio.Event()
        self._room.set()
        self._real_now = real_now
        self._pulse = 0.0

    async def run(self) -> None:
        """Take up what an earlier process left, then poll until cancelled.

        Raises Problem `telegram.unauthorized` or `telegram.conflict` when the bot can no longer hear.
        """
        async with self._db.snapshot() as conn:
            left = await updates.unfinished(conn)
        for stored, payload in left:
            await self._take_up(stored, payload)
        await self._poll()

    async def finish(self, at_most: float) -> None:
        """Let what is being handled come to its end, at most so long; the rest stays stored."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=at_most)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _poll(self) -> None:
        offset: int | None = None
        away = conflicts = 0
        # A request that may wait for news would say only much later that Telegram is there.
        heard = False
        while True:
            await self._room.wait()
            try:
                batch = await self._fetch(offset, wait=LONG_POLL if heard else 0)
            except InvalidToken:
                raise Problem("telegram.unauthorized") from None
            except Conflict:
                conflicts += 1
                if conflicts >= CONFLICTS:
                    raise Problem("telegram.conflict") from None
                await asyncio.sleep(conflicts)
                continue
            except RetryAfter as error:
                await asyncio.sleep(seconds(error))
                continue
            except (NetworkError, TelegramError) as error:
                if not away:
                    log.warning("telegram is away", reason=str(error))
                away += 1
                heard = False
                await asyncio.sleep(backoff(away))
                continue
            if away:
                log.info("telegram is back", tries=away)
            away = conflicts = 0
            heard = True
            await self._beat()
            offset = await self._store(batch)

    async def _fetch(self, offset: int | None, *, wait: int) -> list[dict[str, Any]]:
        # Asked for by hand: PTB would parse the whole batch at once, and one bad update would spoil it.
        parameters = {"timeout": wait, "limit": BATCH, "allowed_updates": json.dumps(ALLOWED)}
        if offset is not None:
            parameters["offset"] = offset
        url = f"{self._bot.base_url}/getUpdates?{urlencode(parameters)}"
        found = await self._request.post(url, read_timeout=wait + 10)
        batch = [one for one in found if _is_numbered(one)] if isinstance(found, list) else []
        if found != [] and not batch:
            # Asked again at once it would say the same at once.
            raise NetworkError("the answer to getUpdates holds no updates")
        return batch

    async def _store(self, batch: list[dict[str, Any]]) -> int | None:
        """Store a batch and hand it on. Returns the offset that confirms it; None where there is nothing to confirm.

        Without an offset Telegram gives whatever is unconfirmed, whatever its number: after a quiet week it counts
        anew from anywhere (https://core.telegram.org/bots/api#update), and an old offset would pass that by.
        """
        if not batch:
            return None
        came = [_whole(one) for one in batch]
        async with self._db.transaction() as tx:
            fresh = await updates.store(tx, str(self._bot.id), [arrived for arrived, _ in came])
        said = {arrived.number: update for arrived, update in came}
        for number, stored in fresh.items():
            await self._take_up(stored, said[number])
        return max(said) + 1

    async def _take_up(self, stored: Stored, came: dict[str, Any] | str) -> None:
        """`came`: the update, or the JSON text of it."""
        try:
            update = Update.model_validate_json(came) if isinstance(came, str) else Update.model_validate(came)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it harms only itself
            await set_aside(self._db, stored, error)
            return
        self._open += 1
        if self._open >= OPEN_AT_MOST:
            self._room.clear()
        chat = update.chat
        if chat in self._chats:
            self._chats[chat].append((stored, update))
            return
        self._chats[chat] = [(stored, update)]
        task = self._group.create_task(self._work(chat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, chat: int) -> None:
        """One chat's updates, in order, until there are none."""
        queue = self._chats[chat]
        while queue:
            stored, update = queue[0]
            async with self._places:
                await self._handle(stored, update)
            queue.pop(0)
            self._open -= 1
            if self._open < OPEN_AT_MOST:
                self._room.set()
        del self._chats[chat]

    async def _beat(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._pulse < PULSE and self._pulse:
            return
        self._pulse = now
        async with self._db.transaction() as tx:
            await updates.beat(tx, now=self._real_now())
            await updates.prune(tx)


async def set_aside(db: Database, stored: Stored, error: Exception) -> None:
    """Keep an update that can't be handled, with its reason, and go on."""
    reason = valid(f"{type(error).__name__}: {error}")
    log.error("update set aside", seq=stored.seq, reason=reason, exc_info=error)
    async with db.transaction() as tx:
        await updates.set_aside(tx, stored.seq, reason)


def valid(text: str) -> str:
    """The text without halves of characters, which JSON can carry and SQLite can't."""
    return text.encode("utf-8", "replace").decode()


def _whole(update: dict[str, Any]) -> tuple[Arrived, dict[str, Any]]:
    """An update as it is stored, and as it is read; most are read as they came, without a second parsing."""
    text = json.dumps(update, ensure_ascii=False)
    sound = valid(text)
    return Arrived(update["update_id"], sound), update if sound == text else json.loads(sound)


def _is_numbered(update: object) -> bool:
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)


def backoff(tries: int, longest: float = 30.0) -> float:
    """Seconds to wait after so many failures: doubling from about half a second, with jitter."""
    return min(longest, 0.5 * 2.0 ** min(tries - 1, 10)) * random.uniform(0.7, 1.3)  # noqa: S311 - jitter is no secret


def seconds(error: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    wait: float | timedelta = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else wait
