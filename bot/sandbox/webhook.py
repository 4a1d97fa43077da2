"""Pushing updates to the bot's webhook: with the secret header, in order for each chat, again until they are taken.

core.telegram.org/bots/api#setwebhook. The body of the bot's answer is not read: the sandbox does not carry out a method
that is named there.
"""

import asyncio
from typing import Any

import aiohttp

from bot.sandbox.refusal import Json
from bot.sandbox.state import Webhook, World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LONGEST_WAIT = 60.0
"""Seconds between two attempts, at most; the waits double."""
ANSWER_SECONDS = 60.0


class Deliveries:
    """The deliveries to one bot. `first_wait`: seconds until the second attempt."""

    def __init__(self, world: World, first_wait: float = 1.0) -> None:
        self._world = world
        self._first_wait = first_wait
        self._busy: set[object] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        world.updates.listen(self._news.set)

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS)) as session:
                while True:
                    self._news.clear()
                    self._start(session)
                    await self._news.wait()
        finally:
            for task in self._tasks:
                task.cancel()

    def _start(self, session: aiohttp.ClientSession) -> None:
        """Begin what may begin: the oldest update of each chat, as many chats at once as the bot allows."""
        hook = self._world.webhook
        if not hook.url:
            return
        waiting = [(update, object()) for update in self._world.updates.take_repeats()]
        waiting += [(update, _chat_of(update)) for update in self._world.updates.pending()]
        for update, chat in waiting:
            if chat in self._busy or len(self._busy) >= hook.max_connections:
                continue
            self._busy.add(chat)
            task = asyncio.create_task(self._deliver(session, hook, update, chat))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, session: aiohttp.ClientSession, hook: Webhook, update: Json, chat: object) -> None:
        wait = self._first_wait
        try:
            while hook is self._world.webhook:
                problem = await _post(session, hook, update)
                if problem is None:
                    self._world.updates.forget(update)
                    return
                hook.last_error_date, hook.last_error_message = self._world.date(), problem
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
        finally:
            self._busy.discard(chat)
            self._news.set()


async def _post(session: aiohttp.ClientSession, hook: Webhook, update: Json) -> str | None:
    """One attempt: None when the bot took it, else what Telegram would say of it in getWebhookInfo."""
    headers = {SECRET_HEADER: hook.secret_token} if hook.secret_token else {}
    try:
        async with session.post(hook.url, json=update, headers=headers, ssl=not hook.certificate) as answer:
            if answer.ok:
                return None
            return f"Wrong response from the webhook: {answer.status} {answer.reason}"
    except aiohttp.ClientConnectorError:
        return "Connection refused"
    except TimeoutError:
        return "Read timeout expired"
    except aiohttp.ClientError:
        return "Connection reset by peer"


def _chat_of(update: Any) -> object:
    """What orders an update: its chat, else its sender, else itself."""
    for value in update.values():
        if isinstance(value, dict):
            message = value.get("message", value)
            for source in (message, value):
                who = isinstance(source, dict) and (source.get("chat") or source.get("from"))
                if isinstance(who, dict) and isinstance(who.get("id"), int):
                    return who["id"]
    return update.get("update_id")
