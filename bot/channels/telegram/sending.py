"""Answers on their way: a message sent, or put in the place of another, until it is there."""

import asyncio
from typing import Any

import structlog
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter

from bot.channels.telegram import calling
from bot.channels.telegram.incoming import Incoming
from bot.channels.telegram.intake import backoff, seconds
from bot.channels.telegram.message import Message
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.transport import Doubtful, NotSent

log = structlog.get_logger(__name__)

TOAST = 190
"""Characters of the answer to a button (200 at most: https://core.telegram.org/bots/api#answercallbackquery)."""
DOUBTS = 5
"""Times an answer is sent that may have arrived each time."""
BREAKDOWNS = 20
"""Times it is sent while Telegram answers that it is broken: about seven minutes. Certainly unsent has no limit."""
CLOSED = (
    "chat not found",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "message thread not found",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_send_plain_forbidden",
    "topic_closed",
    "topic_deleted",
)
"""What Telegram says where the bot may not speak; nothing is wrong with the answer."""


class Sending:
    """Sends answers in turn with everything else that leaves."""

    def __init__(self, bot: Bot, pace: Pace) -> None:
        self._bot = bot
        self._pace = pace

    async def acknowledge(self, asked: Incoming, toast: str) -> None:
        """Ends the button's waiting state. It may be too late for that, and then there is nothing to end."""
        if asked.callback_id is None:
            return
        try:
            said = {"text": toast[:TOAST]} if toast else {}
            await calling.post(self._bot, "answerCallbackQuery", {"callback_query_id": asked.callback_id, **said})
        except (BadRequest, Forbidden, NetworkError, RetryAfter) as error:
            log.debug("button press not acknowledged", reason=str(error))

    async def send(self, asked: Incoming, message: Message) -> bool:
        """Send an answer, part by part. False where whoever asked does not want to hear from us.

        A mere toast has no message; a keyboard without text is that of the message it was pressed in. Raises what
        Telegram says where that can't be mended, and `Doubtful` or `NetworkError` where it was tried often enough.
        """
        parts = [part for part in message.parts() if part.text or part.keyboard or part.file is not None]
        return all([await self._part(asked, part) for part in parts])

    async def _part(self, asked: Incoming, message: Message) -> bool:  # noqa: C901, PLR0912 - one for each outcome
        """Send or edit until it is there, or certain that it can't be."""
        chat, tries, doubts, breakdowns = asked.chat, 0, 0, 0
        edit = asked.edit if message.file is None else None  # a message can't be edited into a file
        while True:
            tries += 1
            try:
                async with self._pace.turn(chat, edit=edit is not None):
                    await self._once(chat, edit, asked, message)
            except NotSent:
                # The first may only have met a connection that had gone stale.
                await asyncio.sleep(backoff(tries - 1) if tries > 1 else 0)
            except RetryAfter as error:
                self._pace.refused(chat, seconds(error))
            except ChatMigrated as error:
                chat = error.new_chat_id
            except Forbidden:
                return False
            except BadRequest as error:
                reason = str(error).casefold()
                if "message is not modified" in reason:
                    return True
                if any(sentence in reason for sentence in CLOSED):
                    log.info("not allowed to answer", chat=chat, reason=str(error))
                    return True
                if edit is None:
                    raise
                if not message.text:
                    return True  # its keyboard can't be mended, and nothing else was to be said
                edit = None  # it is gone or too old to be edited: the answer comes as a message of its own
            except Doubtful:
                # Perhaps it arrived. An answer twice is better than none.
                doubts += 1
                if doubts >= DOUBTS:
                    raise
                await asyncio.sleep(backoff(doubts))
            except NetworkError:
                breakdowns += 1
                if breakdowns >= BREAKDOWNS:
                    raise
                await asyncio.sleep(backoff(breakdowns))
            else:
                return True

    async def _once(self, chat: int, edit: int | None, asked: Incoming, message: Message) -> None:
        place: dict[str, Any] = {"chat_id": chat}
        if edit is not None:
            place["message_id"] = edit
        if not message.text and message.file is None:
            await calling.post(self._bot, "editMessageReplyMarkup", place | {"reply_markup": message.keyboard})
            return
        if edit is not None:
            await calling.post(self._bot, "editMessageText", place, said=message.said)
            return
        if asked.topic is not None:
            place["message_thread_id"] = asked.topic
        if asked.answers is not None:
            place["reply_parameters"] = {"message_id": asked.answers, "allow_sending_without_reply": True}
        if message.file is not None:
            content = calling.content(message.text, message.keyboard)
            await calling.send_document(self._bot, message.file, place | content)
        else:
            await calling.post(self._bot, "sendMessage", place, said=message.said)
