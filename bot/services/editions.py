"""The programme of one revision, laid out in time and indexed: what questions are answered from."""

import asyncio
import gc
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

from bot.domain.timetable import Event, Timetable
from bot.formats.glossary import Glossary
from bot.search.index import KINDS, Hit, Index, Kind
from bot.store import live, programmes
from bot.store.database import Connection, Database


@dataclass(frozen=True)
class Edition:
    timetable: Timetable
    glossary: Glossary

    @cached_property
    def index(self) -> Index:
        """Made when it is first needed: a bot that has just started tells what is on before it can search."""
        return Index(self.timetable.plan, self.glossary)

    def find(self, words: str, *, limit: int, kinds: Collection[Kind] = KINDS) -> list[Hit]:
        """What words mean, best first, each talk where it is by now: the index only knows what was planned."""
        return [self._as_it_is(hit) for hit in self.index.find(words, limit=limit, kinds=kinds)]

    def _as_it_is(self, hit: Hit) -> Hit:
        if not self.timetable.live or not isinstance(hit.subject, Event):
            return hit
        return replace(hit, subject=self.timetable.event(hit.subject.talk.id) or hit.subject)

    async def indexed(self) -> None:
        """Have the index made. A large programme takes seconds, in which questions go on being answered."""
        if "index" not in vars(self):
            await asyncio.to_thread(getattr, self, "index")
            # It lives as long as the programme stands: collections need not walk through it again and again.
            gc.freeze()


async def load(db: Database, glossary: Glossary, last: Edition | None = None) -> Edition | None:
    """The programme in the database, searched with a glossary; None where there is no programme yet.

    last  the edition before: where only a chair has said something since, what was indexed is as good as ever.
    """
    async with db.snapshot() as conn:
        timetable = await laid_out(conn)
    if timetable is None:
        return None
    edition = Edition(timetable, glossary)
    if last is not None and "index" in vars(last) and last.timetable.programme == timetable.programme:
        vars(edition)["index"] = last.index
    return edition


async def by_now(db: Database, edition: Edition) -> Edition:
    """An edition with the programme as it stands by now: another chair may have pressed a moment ago."""
    async with db.snapshot() as conn:
        return replace(edition, timetable=await laid_out(conn) or edition.timetable)


async def laid_out(conn: Connection) -> Timetable | None:
    """The programme as it is by now, with what chairs say; None where there is none yet."""
    programme, revision = await programmes.load(conn), await programmes.revision(conn)
    if programme is None:
        return None
    return await asyncio.to_thread(Timetable, programme, revision, await live.facts(conn))
