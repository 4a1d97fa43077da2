"""What is kept about a user: shown to them, and forgotten when they say so."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain import stars
from bot.domain.timetable import Timetable
from bot.domain.user import User
from bot.store import broadcasts, personal, times, updates, users
from bot.store.database import Connection, Database
from bot.store.personal import Row


@dataclass(frozen=True)
class Kept:
    """How much is kept about a user: rows by table, and the changes of theirs that stay without their name."""

    tables: Mapping[str, int]
    unnamed: int

    def but(self, *tables: str) -> int:
        """Rows of all other tables."""
        return sum(count for table, count in self.tables.items() if table not in tables)


async def kept(db: Database, user: User) -> Kept:
    """What forgetting would delete."""
    async with db.snapshot() as conn:
        return await _kept(conn, user)


async def forget(db: Database, user: User) -> Kept:
    """Delete everything about a user. Returns what that was."""
    async with db.transaction() as tx:
        found = await _kept(tx, user)
        await updates.forget(tx, user.address)
        await broadcasts.forget(tx, user.id)
        await users.forget(tx, user.id)
    return found


async def everything(db: Database, timetable: Timetable, user: User, *, now: datetime) -> bytes:
    """All that is kept about a user, as a JSON document: rows by table; what a row is about is named beside its id."""
    async with db.snapshot() as conn:
        parts = await personal.everything(conn, user.id)
        messages = await updates.of(conn, user.address)
    document: dict[str, Any] = {"conference": timetable.conference.key, "written": times.text(now)}
    for part in parts:
        document.setdefault(part.table, []).extend(_named(timetable, row) for row in part.rows)
    document["updates"] = [json.loads(one) for one in messages]
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


async def _kept(conn: Connection, user: User) -> Kept:
    counts: Counter[str] = Counter()
    unnamed = 0
    for part in await personal.everything(conn, user.id):
        if not part.stays:
            counts[part.table] += len(part.rows)
        elif part.table == "changes":
            unnamed += len(part.rows)
    return Kept(counts, unnamed)


def _named(timetable: Timetable, row: Row) -> Row:
    kind, number = row.get("kind"), row.get("subject_id")
    kind = kind if kind in ("talk", "slot") else row.get("subject")
    found = stars.find(timetable, kind, number) if kind in ("talk", "slot") and number is not None else None
    if found is None:
        return row
    thing = found.event.talk if found.event else found.slot
    return row | {"title": f"{thing.code} {thing.title}".strip()}
