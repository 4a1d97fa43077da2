"""The programme of one revision, laid out in time and indexed: what questions are answered from."""

import asyncio
from dataclasses import dataclass

from bot.domain.programme import Programme
from bot.domain.timetable import Timetable
from bot.formats.glossary import Glossary
from bot.search.index import Index
from bot.store import programmes
from bot.store.database import Database


@dataclass(frozen=True)
class Edition:
    timetable: Timetable
    index: Index


async def load(db: Database, glossary: Glossary) -> Edition | None:
    """The programme in the database, searched with a glossary; None where there is no programme yet."""
    async with db.snapshot() as conn:
        programme, revision = await programmes.load(conn), await programmes.revision(conn)
    if programme is None:
        return None
    # A large programme takes a second to index, and questions go on being answered from the last edition meanwhile.
    return await asyncio.to_thread(_laid_out, programme, revision, glossary)


def _laid_out(programme: Programme, revision: int, glossary: Glossary) -> Edition:
    timetable = Timetable(programme, revision)
    return Edition(timetable, Index(timetable, glossary))
