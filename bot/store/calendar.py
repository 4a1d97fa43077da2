"""The calendar file that a user got last."""

from collections.abc import Iterable

from aiosqlite import Connection

from bot.domain.calendar import Entry, Key
from bot.store import times
from bot.store.json_list import json_list


async def of(conn: Connection, user_id: int) -> dict[Key, Entry]:
    """What stood in it; nothing for whoever never got one."""
    return {one.key: one for one in (await of_users(conn, [user_id]))[user_id]}


async def of_users(conn: Connection, user_ids: Iterable[int]) -> dict[int, list[Entry]]:
    """What stood in the file of each of these users."""
    wanted = list(user_ids)
    found: dict[int, list[Entry]] = {user_id: [] for user_id in wanted}
    rows = await conn.execute_fetchall(
        "SELECT user_id, entry FROM calendar WHERE user_id IN (SELECT value FROM json_each(?))", (json_list(wanted),)
    )
    for row in rows:
        found[row["user_id"]].append(Entry.model_validate_json(row["entry"]))
    return found


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
