"""Wiring: the database, the programme, the clock, put together for whoever asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.clock import Clock
from bot.commands.ask import Ask
from bot.commands.dispatch import Question, answer
from bot.config import Settings
from bot.domain.model import Lang
from bot.domain.problem import Problem
from bot.domain.user import User
from bot.formats import files
from bot.formats import glossary as glossaries
from bot.formats.glossary import Glossary
from bot.formats.reading import Reading
from bot.replies.reply import Reply
from bot.services import editions, importing
from bot.services.editions import Edition
from bot.store import programmes
from bot.store.database import Database

REVISION_EVERY = 2.0
"""Seconds between two looks at the programme's revision."""


@dataclass
class App:
    """A database with a programme and a clock. `refresh` reads the programme again when its revision was raised."""

    db: Database
    clock: Clock
    edition: Edition
    glossary: Glossary

    async def refresh(self) -> bool:
        """Whether the programme was changed since it was last laid out."""
        revision = await programmes.revision(self.db.reader)
        if revision == self.edition.timetable.revision:
            return False
        self.edition = await editions.load(self.db, self.glossary) or self.edition
        return True

    async def keep_fresh(self) -> None:
        """Read the programme again whenever it was changed, by this process or another, until cancelled."""
        while True:
            await asyncio.sleep(REVISION_EVERY)
            await self.refresh()

    async def answer(
        self, question: Question, lang: Lang, *, user: User | None = None, at: datetime | None = None
    ) -> Reply:
        now = at or self.clock.now()
        ask = Ask(args="", lang=lang, now=now, edition=self.edition, db=self.db, user=user)
        return await answer(ask, question)


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The database of the settings, opened and closed. Raises Problem as `Database.open` does."""
    db = await Database.open(settings.database, settings.migrations, now=Clock().now())
    async with db:
        yield db


@asynccontextmanager
async def app(settings: Settings) -> AsyncIterator[App]:
    """Everything put together. An empty database gets the programme of the settings first."""
    glossary = glossaries.read(settings.glossary)
    async with database(settings) as db:
        edition = await editions.load(db, glossary)
        if edition is None:
            await importing.replace(db, read_programme(settings.programme).programme)
            edition = await editions.load(db, glossary)
        if edition is None:
            raise Problem("import.no-programme")
        yield App(db, Clock.of(settings.clock, edition.timetable.zone), edition, glossary)


def read_programme(path: Path) -> Reading:
    """The programme of a file, with its doubts. Raises Problem `import.refused` with the errors, if it has any."""
    reading = files.read(path)
    errors = [finding for finding in reading.findings if finding.level == "error"]
    if errors:
        raise Problem("import.refused", file=path.name, findings=errors)
    return reading
