"""Notices out: the channel that `services.delivery` delivers through, with Telegram's outcomes in its terms."""

import asyncio
from collections.abc import Awaitable, Callable

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.channels.telegram.intake import seconds
from bot.channels.telegram.pacing import NOTICE, Pace
from bot.channels.telegram.render import html, keyboard
from bot.channels.telegram.transport import in_doubt
from bot.domain.user import User
from bot.replies.paging import page
from bot.replies.reply import Reply
from bot.services.delivery import Blocked, InDoubt, Moved, NotWritten, Refused, Undelivered

GONE = ("chat not found", "user is deactivated", "user not found", "peer_id_invalid")
"""Telegram's words, in a 400, for somebody who can't be reached any more."""
UNCHANGED = "message is not modified"


class Outlet:
    """Sends and edits, in turn with everything else that leaves."""

    def __init__(self, bot: Bot, pace: Pace) -> None:
        self._bot = bot
        self._pace = pace

    async def send(self, user: User, reply: Reply, *, silent: bool) -> str:
        chat = int(user.address)
        shown = page(reply, user.lang)
        text, board = html(shown), self._board(keyboard(shown))

        async def once() -> str:
            sent = await self._bot.send_message(
                chat,
                text,
                parse_mode=ParseMode.HTML,
                reply_markup=board,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                disable_notification=silent,
            )
            return str(sent.message_id)

        return await self._in_turn(chat, once, edit=False)

    async def edit(self, user: User, message: str, reply: Reply) -> None:
        chat = int(user.address)
        shown = page(reply, user.lang)
        text, board = html(shown), self._board(keyboard(shown))

        async def once() -> str:
            await self._bot.edit_message_text(
                text,
                chat,
                int(message),
                parse_mode=ParseMode.HTML,
                reply_markup=board,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
            return message

        await self._in_turn(chat, once, edit=True)

    async def _in_turn(self, chat: int, once: Callable[[], Awaitable[str]], *, edit: bool) -> str:
        """Do it when its turn comes, again when Telegram asks us to wait. Raises `Undelivered`."""
        while True:
            try:
                async with self._pace.turn(chat, NOTICE, edit=edit):
                    return await once()
            except RetryAfter as error:
                # Certainly not accepted. The place in the queue is not held meanwhile.
                self._pace.refused(chat, seconds(error))
                await asyncio.sleep(0)
            except BadRequest as error:
                if edit and UNCHANGED in str(error).casefold():
                    return ""
                raise _outcome(error) from None
            except TelegramError as error:
                raise _outcome(error) from None

    def _board(self, found: dict[str, object] | None) -> InlineKeyboardMarkup | None:
        return InlineKeyboardMarkup.de_json(found, self._bot) if found else None


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
