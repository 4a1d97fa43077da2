"""Updates answered: the reply made, its effects committed together with the update's state, what was sent settled."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.channels.telegram import incoming, offering
from bot.channels.telegram.incoming import Incoming, Reachability, Typing, Upgrade, Upload
from bot.channels.telegram.intake import set_aside
from bot.channels.telegram.message import Message
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.places import Places
from bot.channels.telegram.render import html, keyboard, mended
from bot.channels.telegram.sending import Sending
from bot.channels.telegram.update import Update
from bot.commands.dispatch import Question
from bot.domain.model import Lang
from bot.domain.numbers import Asked, remembered
from bot.domain.problem import Problem
from bot.domain.user import User
from bot.replies.paging import CAPTION, UNITS, length, page
from bot.replies.reply import Reply
from bot.replies.words import word
from bot.services import acquaintance
from bot.services.acquaintance import Guest
from bot.services.together import Together
from bot.store import broadcasts, chats, groups, numbers, updates
from bot.store.database import Database
from bot.store.updates import Stored

log = structlog.get_logger(__name__)

CHANNEL = "telegram"
GROUP_UNITS = 1_200
"""UTF-16 units of a page in a group: others are talking there too."""
KEPT = 64
"""Messages that are kept, for a crowd that gets one and the same reply."""
EVERY = 0.01
"""Seconds between the beginnings of two groups that are settled, at least, while a crowd asks: a transaction costs more
than what it writes, and only the next question of somebody who was just answered waits for it."""
LARGEST = 20 * 2**20
"""Bytes that a bot may fetch (https://core.telegram.org/bots/api#getfile)."""

Answer = Callable[[Question, Lang, User | None], Awaitable[Reply]]
Meant = Callable[[Question, User], Awaitable[Question]]
"""A message as it is meant by whom it comes from: perhaps as the answer to what they were asked."""
Received = Callable[[str, Callable[[], Awaitable[bytes]], User], Awaitable[Reply | None]]
"""What a file of this name comes to, fetched by this; None where files are not read for its user."""


class Settling(NamedTuple):
    """An answered update that is to be settled: its number, what there is to count, the message whose place it took.

    anew  the answer was made by an earlier process: what took its place since may have been newer.
    """

    seq: int
    counted: Asked | None
    place: tuple[str, str] | None
    anew: bool
    settled: asyncio.Future[None]


class Answering:
    """Answers updates, each of which harms only itself. `ring` is called when there may be something to deliver."""

    def __init__(  # noqa: PLR0913 - wiring: each is a part that somebody else owns
        self,
        bot: Bot,
        db: Database,
        answer: Answer,
        now: Callable[[], datetime],
        pace: Pace,
        places: Places,
        *,
        ring: Callable[[], None],
        meant: Meant,
        received: Received,
        zone: ZoneInfo,
    ) -> None:
        self._bot = bot
        self._zone = zone
        self._meant = meant
        self._received = received
        self._sending = Sending(bot, pace)
        self._places = places
        self._ring = ring
        self._db = db
        self._answer = answer
        self._now = now
        self._answered: list[Settling] = []
        self._something = asyncio.Event()
        self._met = Together(self._meet_all)
        self._shown: dict[tuple[int, Lang, int, int], tuple[Reply, Message]] = {}

    async def handle(self, stored: Stored, update: Update) -> None:
        """Answer an update and return when that is settled.

        Raises Problem `telegram.unauthorized`, and what the database raises: then the update is taken up again by the
        next process.
        """
        counted: Asked | None = None
        place: tuple[str, str] | None = None
        try:
            asked = incoming.read(update, self._bot.bot)
            if isinstance(asked, Reachability):
                await self._record(asked)
            elif isinstance(asked, Upgrade):
                await self._upgrade(asked)
            elif isinstance(asked, Typing):
                await self._offer(asked)
            elif asked is not None:
                place = (str(asked.chat), str(asked.edit)) if asked.edit is not None else None
                async with self._places.answering((asked.chat, asked.edit) if asked.edit is not None else None):
                    counted = await self._reply(stored, asked)
        except InvalidToken:
            raise Problem("telegram.unauthorized") from None
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it harms only itself
            await set_aside(self._db, stored, error)
            await self._not_shown(place)
            return
        # The next question of this chat waits until this one is settled: killed in between, the bot says at most one
        # answer again, and the chat keeps its order.
        settled = asyncio.get_running_loop().create_future()
        self._answered.append(Settling(stored.seq, counted, place, stored.outcome is not None, settled))
        self._something.set()
        await settled

    async def settle(self) -> None:
        """Settle answered updates in groups, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._something.wait()
            self._something.clear()
            following = loop.time() + EVERY
            answered, self._answered = self._answered, []
            await self._settle(answered)
            if len(answered) > 1:
                await asyncio.sleep(following - loop.time())

    async def _settle(self, answered: Sequence[Settling]) -> None:
        async with self._db.transaction() as tx:
            await updates.settle(tx, [one.seq for one in answered])
            await numbers.record(tx, [one.counted for one in answered if one.counted is not None])
            places = [one.place for one in answered if one.place is not None]
            outdated = await broadcasts.written_over(tx, CHANNEL, places)
            anew = [one.place for one in answered if one.anew and one.place is not None]
            outdated |= bool(await chats.written_over(tx, "control", CHANNEL, anew))
        if outdated:
            self._ring()
        for one in answered:
            if not one.settled.done():
                one.settled.set_result(None)

    async def _not_shown(self, place: tuple[str, str] | None) -> None:
        """What was to take the place of a message is not there, though it counts as shown."""
        async with self._db.transaction() as tx:
            outdated = place is not None and await chats.written_over(tx, "control", CHANNEL, [place])
        if outdated:
            self._ring()

    async def _record(self, change: Reachability) -> None:
        """To meet whoever left would be to take them for somebody who is back, and to write to them."""
        if change.reachable:
            await self._meet(change.user, change.guess)
        else:
            await self._is_away(change.user)

    async def _upgrade(self, group: Upgrade) -> None:
        async with self._db.transaction() as tx:
            await groups.move(tx, str(group.chat), str(group.to))

    async def _offer(self, typing: Typing) -> None:
        user = await acquaintance.known(self._db, CHANNEL, str(typing.user))
        lang = user.lang if user else typing.guess
        await offering.offer(self._bot, typing.query_id, await self._answer(typing.question, lang, user), lang)

    async def _reply(self, stored: Stored, asked: Incoming) -> Asked | None:
        """Answer a question. What there is to count of it."""
        if stored.outcome:  # what it does is committed; only its answer may not have arrived
            message = Message.from_json(stored.outcome)
            await self._tell(asked, message)
            return self._counted(asked, message, await acquaintance.known(self._db, CHANNEL, str(asked.user)))
        user = await self._user(asked)
        if user is not None and asked.question is not None and not asked.callback_id:
            asked = replace(asked, question=await self._meant(asked.question, user))
        if asked.callback_id is None or _writes(asked.question):
            message = await self._message(stored, asked, user)
            await self._tell(asked, message)
            return self._counted(asked, message, user)
        # The button's waiting state ends while the answer is being made.
        acknowledged = asyncio.create_task(self._sending.acknowledge(asked, ""))
        try:
            message = await self._message(stored, asked, user)
            await self._send(asked, message)
        except asyncio.CancelledError:
            acknowledged.cancel()  # nobody waits for it when there is no time for the answer
            raise
        finally:
            await acknowledged
        return self._counted(asked, message, user)

    def _counted(self, asked: Incoming, message: Message, user: User | None) -> Asked | None:
        question = asked.question
        if question is None or question.command is None:
            return None
        return Asked(
            kind=question.command.name,
            lang=user.lang if user else asked.guess,
            day=self._now().astimezone(self._zone).date(),
            user_id=user.id if user else None,
            nothing=message.nothing,
            missed=remembered(question.text) if message.nothing and user else "",
        )

    async def _tell(self, asked: Incoming, message: Message) -> None:
        await self._sending.acknowledge(asked, message.toast)
        await self._send(asked, message)

    async def _message(self, stored: Stored, asked: Incoming, user: User | None) -> Message:
        """The answer. What its command writes is committed together with the answer, so it is never written twice."""
        lang = user.lang if user else asked.guess
        question = asked.question
        try:
            if asked.file is not None and user is not None and not _is_command(question):
                reply = await self._received(asked.file.name, partial(self._fetch, asked.file), user)
                if reply is not None:
                    return self._rendered(reply, lang, asked, Question(None))
            if question is None or (question.command is None and question.attached and not question.text):
                return Message(word(lang, "telegram.wordless"), None)
            if not _writes(question):
                return self._rendered(await self._answer(question, lang, user), lang, asked, question)
            async with self._db.transaction() as tx:
                message = self._rendered(await self._answer(question, lang, user), lang, asked, question)
                await updates.apply(tx, stored.seq, message.as_json())
        except Exception:
            log.exception("question not answered", command=question and question.command and question.command.name)
            return Message(word(lang, "unknown.failed"), None)
        return message

    async def _fetch(self, file: Upload) -> bytes:
        """The content of a document. Raises Problem `file.too-large`, `file.unreadable`."""
        if file.size > LARGEST:
            raise Problem("file.too-large", file=file.name, largest=LARGEST // 2**20)
        try:
            found = await self._bot.get_file(file.id)
            return bytes(await found.download_as_bytearray())
        except (BadRequest, Forbidden, NetworkError, RetryAfter) as error:
            raise Problem("file.unreadable", file=file.name, reason=str(error)) from None

    def _rendered(self, reply: Reply, lang: Lang, asked: Incoming, question: Question) -> Message:
        units = GROUP_UNITS if asked.group else UNITS
        if reply.marks and asked.keyboard is not None:
            return Message("", mended(asked.keyboard, reply.marks), reply.toast)
        known = self._shown.get((id(reply), lang, question.page, units))
        if known is not None:
            return known[1]
        shown = page(reply, lang, question.page, units=units)
        apart = reply.file is not None and length(shown.blocks) > CAPTION
        drawn = html(shown, self._bot.bot), keyboard(shown, self._bot.bot)
        message = Message(*drawn, reply.toast, reply.file, apart, reply.nothing)
        if reply.file is not None:
            return message  # made for one person
        if len(self._shown) >= KEPT:
            self._shown.clear()
        # Kept with its reply: nothing else can have this id.
        self._shown[id(reply), lang, question.page, units] = (reply, message)
        return message

    async def _user(self, asked: Incoming) -> User | None:
        """Who asks. In a group only those are met who want something kept, and the bot can't write to them yet."""
        if asked.user is None:
            return None
        user = await acquaintance.known(self._db, CHANNEL, str(asked.user)) if asked.group else None
        if user is None and not (asked.group and not _keeps(asked.question)):
            user = await self._meet(asked.user, asked.guess, reachable=not asked.group, name=asked.name)
        return user and user.model_copy(update={"name": asked.name})

    async def _meet(self, number: int, guess: Lang, *, reachable: bool = True, name: str = "") -> User:
        return await self._met(Guest(str(number), guess, reachable, name))

    async def _meet_all(self, guests: list[Guest]) -> Mapping[Guest, User]:
        return await acquaintance.meet_all(self._db, CHANNEL, guests, now=self._now(), returned=self._ring)

    async def _is_away(self, number: int) -> None:
        if (user := await acquaintance.known(self._db, CHANNEL, str(number))) is not None:
            await acquaintance.is_away(self._db, user)

    async def _send(self, asked: Incoming, message: Message) -> None:
        # Not met for this: whoever had themselves forgotten and left stays forgotten.
        if not await self._sending.send(asked, message) and not asked.group and asked.user is not None:
            await self._is_away(asked.user)


def _is_command(question: Question | None) -> bool:
    """Whether words that came with a file say what to do with it."""
    return question is not None and question.command is not None and question.command.name != "search"


def _writes(question: Question | None) -> bool:
    return question is not None and question.command is not None and question.command.writes


def _keeps(question: Question | None) -> bool:
    """Whether it writes something in a group: what is somebody's own is not answered there."""
    return _writes(question) and question is not None and question.command is not None and not question.command.own
