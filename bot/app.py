"""Wiring: the database, the programme, the clock, put together for whoever asks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.clock import Clock
from bot.commands.ask import Ask
from bot.commands.crowd import Crowd
from bot.commands.dispatch import Question, meant
from bot.commands.importing import sent
from bot.commands.table import HELP, STAFF
from bot.config import Settings
from bot.domain.model import LANGS, Lang
from bot.domain.problem import Problem
from bot.domain.programme import Programme
from bot.domain.stars import NOTHING
from bot.domain.user import User
from bot.formats import glossary as glossaries
from bot.formats.glossary import Glossary
from bot.formats.reading import Reading
from bot.jobs import Alarm, alarm
from bot.replies.desk import menu
from bot.replies.reply import Reply
from bot.services import broadcasts, control, duties, editions, importing, pinned, reminders
from bot.services.broadcasts import PLAIN, Terms
from bot.services.channel import Channel
from bot.services.composing import composer
from bot.services.delivery import Delivery
from bot.services.editions import Edition
from bot.services.menus import Menus
from bot.services.together import Together
from bot.store import broadcasts as announced
from bot.store import cards, dialogues, outbox, programmes, stars
from bot.store.database import Connection, Database

REVISION_EVERY = 2.0
"""Seconds between two looks at the programme's revision."""
REST = 4.0
"""How long nobody looks for what is due after a look, as a multiple of how long it took: a hundred people who star
something at once ring as often, and looking must not be all that the program does."""
LONGEST_REST = 1.0
"""Seconds of that at most: a machine with much else to do takes its time for a look, and what is due is due."""


@dataclass
class App:
    """A database with a programme and a clock. `refresh` reads the programme again when its revision was raised.

    edition   what questions are answered from. laid_out: the programme as it is by now, perhaps not indexed yet: what
              notices are made of, for whoever is told of a change need not wait until it can be searched.
    """

    db: Database
    clock: Clock
    edition: Edition
    glossary: Glossary
    alarm: Alarm
    terms: Terms = PLAIN
    crowd: Crowd = field(default_factory=Crowd)

    def __post_init__(self) -> None:
        self.menus = Menus(self.db, self.terms.owners, {lang: menu(lang, (*STAFF, *HELP)) for lang in LANGS})
        self._marks = Together(lambda users: stars.of_users(self.db.reader, users))
        self._asked = Together(lambda users: dialogues.of_users(self.db.reader, users, now=self.clock.now()))
        self._delivery: Delivery | None = None
        self.laid_out = self.edition

    async def refresh(self) -> bool:
        """Whether the programme was changed since questions were last answered from it."""
        await self.lay_out()
        edition = self.laid_out
        if edition.timetable.revision == self.edition.timetable.revision:
            return False
        await edition.indexed()  # questions are answered from the last edition meanwhile
        self.edition = edition
        return True

    async def lay_out(self) -> None:
        """Read the programme again if it was changed since it was last laid out."""
        if await programmes.revision(self.db.reader) != self.laid_out.timetable.revision:
            self.laid_out = await editions.load(self.db, self.glossary, self.edition) or self.laid_out

    async def current(self, tx: Connection) -> int | None:
        """The programme's revision as this transaction sees it; None, and the alarm rings, if another is laid out."""
        revision = await programmes.revision(tx)
        if revision == self.laid_out.timetable.revision:
            return revision
        self.alarm.ring()
        return None

    async def keep_fresh(self) -> None:
        """Read the programme again whenever it was changed, by this process or another, until cancelled."""
        while True:
            await asyncio.sleep(REVISION_EVERY)
            await self.edition.indexed()
            if await self.refresh():
                self.alarm.ring()

    async def notify(self, channels: Mapping[str, Channel], *, rate: float | None) -> None:
        """Queue what falls due and deliver it, until cancelled. `rate`: messages a second; None without a limit."""
        compose = composer(lambda: self.laid_out.timetable, self.clock.now, self.terms)
        delivery = self._delivery = Delivery(
            self.db, channels, compose, self.clock.now, current=self.current, outdated=self.alarm.ring
        )
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(delivery.run())
            indexing: asyncio.Task[bool] | None = None
            while True:
                await self.lay_out()
                async with self.db.transaction() as tx:
                    began = loop.time()
                    if await self.current(tx) is None:
                        continue
                    now = self.clock.now()
                    following = await reminders.look(tx, self.laid_out.timetable, rate=rate, now=now)
                    serving = await duties.look(tx, self.laid_out.timetable, now=now)
                    chairing = await control.look(tx, self.laid_out.timetable, owners=self.terms.owners, now=now)
                    await pinned.queue(tx, now=now)
                    await self.menus.look(tx)
                    await broadcasts.release(tx, self.laid_out.timetable, self.terms, now=now)
                    delivery.withdraw(await announced.stopped(tx))
                    scheduled = await announced.next_due(tx)
                    waiting = await outbox.next_due(tx, now=now)
                    turning = await cards.next_stale(tx, now=now)
                ended = loop.time()
                rested = ended + min(REST * (ended - began), LONGEST_REST)
                moments = (following, serving, chairing, waiting, turning, scheduled)
                self.alarm.arm(min((one for one in moments if one is not None), default=None))
                delivery.wake()
                if self.laid_out is not self.edition and (indexing is None or indexing.done()):
                    indexing = tasks.create_task(self.refresh())
                await self.alarm.rang()
                await asyncio.sleep(rested - loop.time())  # what rings after the rest is looked for at once

    async def catch_up(self) -> None:
        """Show the time that the clock's owner shows, if it has one. Raises Problem `clock.away`."""
        if self.clock.owner:
            from bot import following  # noqa: PLC0415 - as its docstring says

            await following.catch_up(self.clock)

    async def follow(self) -> None:
        """Hear of each change of the clock at once, if it has an owner, until cancelled."""
        if self.clock.owner:
            from bot import following  # noqa: PLC0415 - as its docstring says

            await following.follow(self.clock)

    async def answer(
        self, question: Question, lang: Lang, user: User | None = None, *, at: datetime | None = None
    ) -> Reply:
        if question.command is not None and question.command.needs is not None:
            await self.refresh()  # what is about to be changed is looked at as it is now
        if question.command is None or question.command.takes:
            await self.edition.indexed()
        marks = await self._marks(user.id) if user is not None and not question.group else NOTHING
        ask = replace(self._ask(lang, user, at or self.clock.now()), stars=marks)
        reply = await self.crowd.answer(ask, question)
        if question.command is not None and question.command.writes:
            self.alarm.ring()
            if question.command.needs is not None and self._delivery is not None:
                # Whoever stops a broadcast does not wait until the alarm is heard.
                self._delivery.withdraw(await announced.stopped(self.db.reader))
        return reply

    async def meant(self, question: Question, user: User) -> Question:
        """A message as it is meant by this user: as the answer to what they were asked, as an instruction of staff."""
        asked = partial(self._asked, user.id)
        return await meant(self._ask(user.lang, user, self.clock.now()), question, asked)

    async def received(self, file: str, fetch: Callable[[], Awaitable[bytes]], user: User) -> Reply | None:
        """What a programme file sent by staff would change; None for anybody else. Fetched only for those."""

        async def read() -> Programme:
            from bot.formats import files  # noqa: PLC0415 - a bot whose database has a programme starts without them

            reading = _sound(file, await asyncio.to_thread(files.read_bytes, file, await fetch()))
            if not reading.by_hand:
                raise Problem("import.booklet")
            return reading.programme

        await self.refresh()
        return await sent(self._ask(user.lang, user, self.clock.now()), file, read)

    def _ask(self, lang: Lang, user: User | None, now: datetime) -> Ask:
        return Ask("", lang, now, self.edition, self.db, user=user, terms=self.terms)


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The database of the settings, opened and closed. Raises Problem as `Database.open` does."""
    db = await Database.open(settings.database, settings.migrations, now=Clock().now())
    async with db:
        yield db


@asynccontextmanager
async def app(settings: Settings) -> AsyncIterator[App]:
    """Everything put together. An empty database gets the programme of the settings first.

    The clock shows what its owner shows now; whoever keeps the app for longer runs `follow` beside it.
    """
    glossary = glossaries.read(settings.glossary)
    async with database(settings) as db:
        edition = await editions.load(db, glossary)
        if edition is None:
            await importing.first(db, read_programme(settings.programme).programme)
            edition = await editions.load(db, glossary)
        if edition is None:
            raise Problem("import.no-programme")
        async with around(db, edition, glossary, settings) as app:
            yield app


@asynccontextmanager
async def around(db: Database, edition: Edition, glossary: Glossary, settings: Settings) -> AsyncIterator[App]:
    """Everything put together around a programme that is laid out already. Raises Problem `clock.away`."""
    clock = Clock.of(settings.clock, edition.timetable.zone)
    async with alarm(clock) as ringing:
        terms = Terms(
            settings.owners, settings.second_confirmation, settings.mirror_chat, rate=settings.rate_overall or None
        )
        app = App(db, clock, edition, glossary, ringing, terms)
        await app.catch_up()
        yield app


async def programme_at_hand(settings: Settings) -> Programme:
    """The programme of the database, if there is one; else the one that would be loaded into it."""
    if settings.database.exists():
        async with database(settings) as db, db.snapshot() as conn:
            found = await programmes.load(conn)
        if found is not None:
            return found
    return read_programme(settings.programme).programme


def read_programme(path: Path) -> Reading:
    """The programme of a file, with its doubts. Raises Problem `import.refused` with the errors, if it has any."""
    from bot.formats import files  # noqa: PLC0415 - a bot whose database has a programme starts without the readers

    return _sound(path.name, files.read(path))


def _sound(file: str, reading: Reading) -> Reading:
    """The same, if it has no errors."""
    errors = [finding for finding in reading.findings if finding.level == "error"]
    if errors:
        raise Problem("import.refused", file=file, findings=errors)
    return reading
