"""Updates answered: the reply made, its effects committed together with the update's state, the message sent."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import structlog
import telegram
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter

from bot.channels.telegram import incoming, offering
from bot.channels.telegram.incoming import Incoming, Reachability, Typing
from bot.channels.telegram.intake import backoff, seconds
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.render import html, keyboard
from bot.channels.telegram.transport import NotSent
from bot.commands.dispatch import Question
from bot.domain.model import Lang
from bot.domain.user import User
from bot.replies.paging import UNITS, page
from bot.replies.reply import Reply
from bot.replies.words import word
from bot.services import acquaintance
from bot.store import updates
from bot.store.database import Database
from bot.store.updates import Stored

log = structlog.get_logger(__name__)

CHANNEL = "telegram"
GROUP_UNITS = 1_200
"""UTF-16 units of a page in a group: others are talking there too."""
TOAST = 190
"""Characters of the answer to a button (200 at most: https://core.telegram.org/bots/api#answercallbackquery)."""
TRIES = 5
"""Times an answer is sent that may have arrived or that a server broke on. Certainly unsent ones have no limit."""

Answer = Callable[[Question, Lang, User | None], Awaitable[Reply]]


@dataclass(frozen=True)
class Message:
    """A message ready to be sent: HTML and keyboard."""

    text: str
    keyboard: dict[str, Any] | None
    toast: str = ""

    def as_json(self) -> str:
        return json.dumps([self.text, self.keyboard, self.toast], ensure_ascii=False)

    @classmethod
    def from_json(cls, outcome: str) -> "Message":
        return cls(*json.loads(outcome))


class Answering:
    """Answers updates; `handle` never raises but for cancellation, so that one update harms only itself."""

    def __init__(self, bot: Bot, db: Database, answer: Answer, now: Callable[[], datetime], pace: Pace) -> None:
        self._bot = bot
        self._pace = pace
        self._db = db
        self._answer = answer
        self._now = now
        self._answered: list[tuple[int, asyncio.Future[None]]] = []
        self._something = asyncio.Event()

    async def handle(self, stored: Stored, update: Update) -> None:
        try:
            asked = incoming.read(update, self._bot.bot)
            if isinstance(asked, Reachability):
                await self._record(asked)
            elif isinstance(asked, Typing):
                await self._offer(asked)
            elif asked is not None:
                await self._reply(stored, asked)
        except Exception as error:
            log.exception("update set aside", update_id=update.update_id)
            async with self._db.transaction() as tx:
                await updates.set_aside(tx, stored.seq, f"{type(error).__name__}: {error}")
            return
        # The next question of this chat waits until this one is settled: killed in between, the bot says at most one
        # answer again, and the chat keeps its order.
        settled = asyncio.get_running_loop().create_future()
        self._answered.append((stored.seq, settled))
        self._something.set()
        await settled

    async def settle(self) -> None:
        """Settle answered updates in groups, until cancelled."""
        while True:
            await self._something.wait()
            await self.settle_now()

    async def settle_now(self) -> None:
        """Settle all that is answered by now, in one transaction."""
        self._something.clear()
        answered, self._answered = self._answered, []
        if answered:
            async with self._db.transaction() as tx:
                await updates.settle(tx, [seq for seq, _ in answered])
            for _, settled in answered:
                if not settled.done():
                    settled.set_result(None)

    async def _record(self, change: Reachability) -> None:
        user = await acquaintance.meet(self._db, CHANNEL, str(change.user), change.guess, now=self._now())
        await acquaintance.set_reachable(self._db, user, reachable=change.reachable, now=self._now())

    async def _offer(self, typing: Typing) -> None:
        user = await acquaintance.known(self._db, CHANNEL, str(typing.user))
        lang = user.lang if user else typing.guess
        await offering.offer(self._bot, typing.query_id, await self._answer(typing.question, lang, user), lang)

    async def _reply(self, stored: Stored, asked: Incoming) -> None:
        command = asked.question.command
        if command is None or not command.writes:
            # The button's waiting state ends while the answer is being made.
            acknowledged = asyncio.create_task(self._acknowledge(asked, ""))
            try:
                await self._send(asked, await self._message(stored, asked))
            finally:
                await acknowledged
            return
        message = Message.from_json(stored.outcome) if stored.outcome else await self._message(stored, asked)
        await self._acknowledge(asked, message.toast)
        await self._send(asked, message)

    async def _message(self, stored: Stored, asked: Incoming) -> Message:
        """The answer. What its command writes is committed together with the answer, so it is never written twice."""
        user = await self._user(asked)
        lang = user.lang if user else asked.guess
        try:
            if asked.question.command is None or not asked.question.command.writes:
                return _rendered(await self._answer(asked.question, lang, user), lang, asked, self._bot.bot)
            async with self._db.transaction() as tx:
                message = _rendered(await self._answer(asked.question, lang, user), lang, asked, self._bot.bot)
                await updates.apply(tx, stored.seq, message.as_json())
        except Exception:
            log.exception("question not answered", command=asked.question.command and asked.question.command.name)
            return Message(word(lang, "unknown.failed"), None)
        return message

    async def _user(self, asked: Incoming) -> User | None:
        """Who asks. In a group nobody is met: the bot may not write to them, and the group is not theirs alone."""
        if asked.group:
            return await acquaintance.known(self._db, CHANNEL, str(asked.user))
        return await acquaintance.meet(self._db, CHANNEL, str(asked.user), asked.guess, now=self._now())

    async def _acknowledge(self, asked: Incoming, toast: str) -> None:
        """Ends the button's waiting state. It may be too late for that, and then there is nothing to end."""
        if asked.callback_id is None:
            return
        try:
            await self._bot.answer_callback_query(asked.callback_id, text=toast[:TOAST] or None)
        except (BadRequest, Forbidden, NetworkError, RetryAfter) as error:
            log.debug("button press not acknowledged", reason=str(error))

    async def _send(self, asked: Incoming, message: Message) -> None:  # noqa: C901 - a branch for each outcome
        """Send or edit until it is there, or certain that it can't be. A mere toast has no message."""
        if not message.text:
            return
        chat, edit, broken = asked.chat, asked.edit, 0
        for tries in count(1):
            try:
                async with self._pace.turn(chat, edit=edit is not None):
                    await self._once(chat, edit, asked.answers, message)
            except NotSent:
                # The first may only have met a connection that had gone stale.
                await asyncio.sleep(backoff(tries - 1) if tries > 1 else 0)
            except RetryAfter as error:
                self._pace.refused(chat, seconds(error))
            except ChatMigrated as error:
                chat = error.new_chat_id
            except Forbidden:
                await self._unreachable(asked)
                return
            except BadRequest as error:
                reason = str(error).casefold()
                if "message is not modified" in reason:
                    return
                if edit is None:
                    raise
                edit = None  # it is gone or too old to be edited: the answer comes as a message of its own
            except NetworkError:
                # Perhaps it arrived. An answer twice is better than none.
                broken += 1
                if broken >= TRIES:
                    raise
                await asyncio.sleep(backoff(broken))
            else:
                return

    async def _once(self, chat: int, edit: int | None, answers: int | None, message: Message) -> None:
        board = InlineKeyboardMarkup.de_json(message.keyboard, self._bot) if message.keyboard else None
        preview = LinkPreviewOptions(is_disabled=True)
        if edit is not None:
            await self._bot.edit_message_text(
                message.text, chat, edit, parse_mode=ParseMode.HTML, reply_markup=board, link_preview_options=preview
            )
            return
        await self._bot.send_message(
            chat,
            message.text,
            parse_mode=ParseMode.HTML,
            reply_markup=board,
            link_preview_options=preview,
            reply_parameters=ReplyParameters(answers, allow_sending_without_reply=True) if answers else None,
        )

    async def _unreachable(self, asked: Incoming) -> None:
        if not asked.group:
            user = await acquaintance.meet(self._db, CHANNEL, str(asked.user), asked.guess, now=self._now())
            await acquaintance.set_reachable(self._db, user, reachable=False, now=self._now())


def _rendered(reply: Reply, lang: Lang, asked: Incoming, bot: telegram.User) -> Message:
    shown = page(reply, lang, asked.question.page, units=GROUP_UNITS if asked.group else UNITS)
    return Message(html(shown), keyboard(shown, bot), reply.toast)
