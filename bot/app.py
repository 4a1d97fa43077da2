"""Wiring: the database, the programme, the clock, put together for whoever asks."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.clock import Clock
from bot.commands.ask import Ask
from bot.commands.crowd import Crowd
from bot.commands.dispatch import Question
from bot.config import Settings
from bot.domain.model import Lang
from bot.domain.problem import Problem
from bot.domain.programme import Programme
from bot.domain.user import User
from bot.formats import glossary as glossaries
from bot.formats.glossary import Glossary
from bot.formats.reading import Reading
from bot.jobs import Alarm, alarm
from bot.replies.reply import Reply
from bot.services import editions, importing, pinned, reminders, stars
from bot.services.composing import composer
from bot.services.delivery import Channel, Delivery
from bot.services.editions import Edition
from bot.store import cards, outbox, programmes
from bot.store.database import Connection, Database

REVISION_EVERY = 2.0
"""Seconds between two looks at the programme's revision."""


@dataclass
class App:
    """A database with a programme and a clock. `refresh` reads the programme again when its revision was raised."""

    db: Database
    clock: Clock
    edition: Edition
    glossary: Glossary
    alarm: Alarm
    owners: tuple[int, ...] = ()
    crowd: Crowd = field(default_factory=Crowd)

    async def refresh(self) -> bool:
        """Whether the programme was changed since it was last laid out."""
        revision = await programmes.revision(self.db.reader)
        if revision == self.edition.timetable.revision:
            return False
        edition = await editions.load(self.db, self.glossary) or self.edition
        await edition.indexed()  # questions are answered from the last edition meanwhile
        self.edition = edition
        return True

    async def is_fresh(self, tx: Connection) -> bool:
        """Whether the edition at hand is the programme as this transaction sees it. If not, the alarm rings."""
        if await programmes.revision(tx) == self.edition.timetable.revision:
            return True
        self.alarm.ring()
        return False

    async def keep_fresh(self) -> None:
        """Read the programme again whenever it was changed, by this process or another, until cancelled."""
        while True:
            await asyncio.sleep(REVISION_EVERY)
            await self.edition.indexed()
            if await self.refresh():
                self.alarm.ring()

    async def notify(self, channels: Mapping[str, Channel], *, rate: float | None, in_flight: int = 8) -> None:
        """Queue what falls due and deliver it, until cancelled. `rate`: messages a second; None without a limit."""
        compose = composer(lambda: self.edition.timetable, self.clock.now)
        delivery = Delivery(self.db, channels, compose, self.clock.now, ready=self.is_fresh, in_flight=in_flight)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(delivery.run())
            while True:
                await self.refresh()
                async with self.db.transaction() as tx:
                    if not await self.is_fresh(tx):
                        continue
                    now = self.clock.now()
                    following = await reminders.queue_due(tx, self.edition.timetable, rate=rate, now=now)
                    await reminders.queue_edits(tx, self.edition.timetable, now=now)
                    await pinned.queue(tx, now=now)
                    waiting = await outbox.next_due(tx, now=now)
                    turning = await cards.next_stale(tx, now=now)
                self.alarm.arm(min((one for one in (following, waiting, turning) if one is not None), default=None))
                delivery.wake()
                await self.alarm.rang()

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
        self, question: Question, lang: Lang, *, user: User | None = None, at: datetime | None = None
    ) -> Reply:
        if question.command is None or question.command.takes:
            await self.edition.indexed()
        now = at or self.clock.now()
        ask = Ask(
            args="",
            lang=lang,
            now=now,
            edition=self.edition,
            db=self.db,
            user=user,
            stars=await stars.of(self.db, user),
            owners=self.owners,
        )
        reply = await self.crowd.answer(ask, question)
        if question.command is not None and question.command.writes:
            self.alarm.ring()
        return reply


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
            await importing.replace(db, read_programme(settings.programme).programme)
            edition = await editions.load(db, glossary)
        if edition is None:
            raise Problem("import.no-programme")
        clock = Clock.of(settings.clock, edition.timetable.zone)
        async with alarm(clock) as ringing:
            app = App(db, clock, edition, glossary, ringing, settings.owners)
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

    reading = files.read(path)
    errors = [finding for finding in reading.findings if finding.level == "error"]
    if errors:
        raise Problem("import.refused", file=path.name, findings=errors)
    return reading
