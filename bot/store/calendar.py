"""The calendar file that a user got last."""

from collections.abc import Iterable

from aiosqlite import Connection

from bot.domain.calendar import Entry, Key
from bot.store import times


async def of(conn: Connection, user_id: int) -> dict[Key, Entry]:
    """What stood in it; nothing for whoever never got one."""
    rows = await conn.execute_fetchall("SELECT entry FROM calendar WHERE user_id = ?", (user_id,))
    entries = [Entry.model_validate_json(row["entry"]) for row in rows]
    return {one.key: one for one in entries}


async def write(tx: Connection, user_id: int, entries: Iterable[Entry]) -> None:
    """These stand in the file that a user now gets."""
    await tx.executemany(
        """
        INSERT INTO calendar (user_id, kind, subject_id, sequence, modified, entry)
             VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE
           SET sequence = excluded.sequence, modified = excluded.modified, entry = excluded.entry
        """,
        [(user_id, *one.key, one.sequence, times.text(one.modified), one.model_dump_json()) for one in entries],
    )
