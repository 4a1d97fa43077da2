"""Notices out: the channel that `services.delivery` delivers through, with Telegram's outcomes in its terms."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any

import structlog
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.channels.telegram import calling
from bot.channels.telegram.intake import seconds
from bot.channels.telegram.pacing import NOTICE, Pace
from bot.channels.telegram.places import Places
from bot.channels.telegram.render import html, keyboard
from bot.channels.telegram.transport import in_doubt
from bot.channels.telegram.update import Json
from bot.domain.model import Lang
from bot.domain.user import User
from bot.replies.paging import page
from bot.replies.reply import Reply
from bot.services.channel import Blocked, InDoubt, Later, Moved, NotWritten, Refused, Undelivered, Withdrawn

log = structlog.get_logger(__name__)

GONE = ("chat not found", "user is deactivated", "user not found", "peer_id_invalid")
"""Telegram's words, in a 400, for somebody who can't be reached any more."""
KEPT = 64
"""Replies whose JSON is kept."""
SENDING = {"photo": "sendPhoto", "document": "sendDocument"}
SENDS = ("sendMessage", *SENDING.values())
NAMED = -1
"""Stands for the channel that has a name instead of a number where turns are given: a chat of the rate of groups."""
UNCHANGED = "message is not modified"


class Outlet:
    """Sends and edits, in turn with everything else that leaves.

    What goes out is the same for a whole crowd, so it is written once.
    """

    def __init__(self, bot: Bot, pace: Pace, places: Places) -> None:
        self._bot = bot
        self._pace = pace
        self._places = places
        self._written: dict[tuple[int, Lang], tuple[Reply, str]] = {}

    async def send(self, user: User, reply: Reply, *, silent: bool, wanted: Callable[[], bool]) -> str:
        method = "sendMessage" if reply.attached is None else SENDING[reply.attached.kind]
        where = {"chat_id": _chat(user), "disable_notification": silent}
        sent = await self._in_turn(method, where, self._said(reply, user.lang), partial(_if, wanted))
        return str(sent["message_id"])

    async def edit(self, user: User, message: str, reply: Reply, *, made: float) -> None:
        chat, number = int(user.address), int(message)
        where = {"chat_id": chat, "message_id": number}
        mending = partial(self._places.mending, (chat, number), made=made)
        try:
            await self._in_turn("editMessageText", where, self._said(reply, user.lang), mending)
        except Refused as refused:
            if UNCHANGED not in refused.reason.casefold():
                raise

    async def pin(self, user: User, message: str, *, instead_of: str | None) -> None:
        chat = int(user.address)
        new = {"chat_id": chat, "message_id": int(message), "disable_notification": True}
        await self._tried("pinChatMessage", new)
        if instead_of is not None:
            old = {"chat_id": chat, "message_id": int(instead_of)}
            # After 48 hours a message can't be deleted any more.
            if not await self._tried("deleteMessage", old):
                await self._tried("unpinChatMessage", old)

    async def _tried(self, method: str, parameters: Json) -> bool:
        """Whether a request worked; one that must wait is made twice."""
        for _ in range(2):
            try:
                await self._in_turn(method, parameters)
            except Later:
                continue  # its turn comes when Telegram said
            except Undelivered as failure:
                log.info("not pinned", method=method, reason=failure.reason)
                return False
            return True
        return False

    def _said(self, reply: Reply, lang: Lang) -> str:
        """What a message says, as written parameters; kept for others who get the same reply."""
        known = self._written.get((id(reply), lang))
        if known is not None:
            return known[1]
        shown = page(reply, lang)
        content = calling.content(html(shown), keyboard(shown))
        if reply.attached is not None:
            content = calling.caption(content, reply.attached)
        said = calling.written(content)
        if len(self._written) >= KEPT:
            self._written.clear()
        self._written[id(reply), lang] = (reply, said)  # kept with its reply: nothing else can have this id
        return said

    async def _in_turn(
        self,
        method: str,
        parameters: Json,
        said: str = "",
        meanwhile: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> Any:
        """The result of a request that is made when its turn comes, in a context that may refuse it.

        Raises `Undelivered`.
        """
        chat = parameters["chat_id"]
        paced = chat if isinstance(chat, int) else NAMED
        try:
            async with self._pace.turn(paced, NOTICE, edit=method not in SENDS):
                with meanwhile():
                    return await calling.post(self._bot, method, parameters, said=said)
        except RetryAfter as error:
            self._pace.refused(paced, seconds(error))
            raise Later(str(error), seconds(error)) from None
        except TelegramError as error:
            raise _outcome(error) from None


@contextmanager
def _if(wanted: Callable[[], bool]) -> Iterator[None]:
    if not wanted():
        raise Withdrawn
    yield


def _chat(user: User) -> int | str:
    """An id, or the @name of a channel."""
    return user.address if user.address.startswith("@") else int(user.address)


def _outcome(error: TelegramError) -> Undelivered:
    reason = str(error)
    if isinstance(error, ChatMigrated):
        return Moved(str(error.new_chat_id))
    if isinstance(error, Forbidden):
        return Blocked(reason)
    if isinstance(error, BadRequest):
        return Blocked(reason) if any(words in reason.casefold() for words in GONE) else Refused(reason)
    if in_doubt(error):
        return InDoubt(reason)
    return NotWritten(reason)
