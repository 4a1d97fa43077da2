"""The programme of one revision, laid out in time and indexed: what questions are answered from."""

import asyncio
import gc
from dataclasses import dataclass
from functools import cached_property

from bot.domain.timetable import Timetable
from bot.formats.glossary import Glossary
from bot.search.index import Index
from bot.store import programmes
from bot.store.database import Database


@dataclass(frozen=True)
class Edition:
    timetable: Timetable
    glossary: Glossary

    @cached_property
    def index(self) -> Index:
        """Made when it is first needed: a bot that has just started tells what is on before it can search."""
        return Index(self.timetable, self.glossary)

    async def indexed(self) -> None:
        """Have the index made. A large programme takes seconds, in which questions go on being answered."""
        if "index" not in vars(self):
            await asyncio.to_thread(getattr, self, "index")
            # It lives as long as the programme stands: collections need not walk through it again and again.
            gc.freeze()


async def load(db: Database, glossary: Glossary) -> Edition | None:
    """The programme in the database, searched with a glossary; None where there is no programme yet."""
    async with db.snapshot() as conn:
        programme, revision = await programmes.load(conn), await programmes.revision(conn)
    if programme is None:
        return None
    return Edition(await asyncio.to_thread(Timetable, programme, revision), glossary)
