"""Users' marks on talks and slots. Whether a talk is starred: its own row if there is one, else its slot's."""

from collections.abc import Iterable
from datetime import datetime

from aiosqlite import Connection

from bot.domain.stars import Kind, Stars
from bot.store import times
from bot.store.json_list import json_list


async def set_star(tx: Connection, user_id: int, kind: Kind, subject_id: int, *, starred: bool, now: datetime) -> None:
    """Write a mark; the same mark again keeps its date."""
    await tx.execute_fetchall(
        """
        INSERT INTO stars (user_id, kind, subject_id, starred, since)
             VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET starred = excluded.starred, since = excluded.since
              WHERE starred <> excluded.starred
        """,
        (user_id, kind, subject_id, starred, times.text(now)),
    )


async def clear(tx: Connection, user_id: int, kind: Kind, ids: Iterable[int], *, only_off: bool = False) -> None:
    """Take marks away; with `only_off` those that say that a talk of a starred session is not wanted."""
    await tx.execute_fetchall(
        """
        DELETE FROM stars
              WHERE user_id = ? AND kind = ? AND starred <= ?
                AND subject_id IN (SELECT value FROM json_each(?))
        """,
        (user_id, kind, 0 if only_off else 1, json_list(ids)),
    )


async def by_slot(conn: Connection, talk_id: int, slot_id: int) -> list[int]:
    """Users who starred a slot and were told of this talk in it, without a mark of the talk's own."""
    rows = await conn.execute_fetchall(
        """
        SELECT user_id FROM stars JOIN told USING (user_id)
         WHERE stars.kind = 'slot' AND stars.subject_id = ?1 AND stars.starred = 1
           AND told.kind = 'talk' AND told.subject_id = ?2
           AND user_id NOT IN (SELECT user_id FROM stars WHERE kind = 'talk' AND subject_id = ?2)
         ORDER BY user_id
        """,
        (slot_id, talk_id),
    )
    return [row["user_id"] for row in rows]


async def of(conn: Connection, user_id: int) -> Stars:
    return (await of_users(conn, [user_id]))[user_id]


async def of_users(conn: Connection, user_ids: Iterable[int]) -> dict[int, Stars]:
    """The marks of each of these users."""
    wanted = list(user_ids)
    talks: dict[int, dict[int, bool]] = {user_id: {} for user_id in wanted}
    slots: dict[int, set[int]] = {user_id: set() for user_id in wanted}
    rows = await conn.execute_fetchall(
        "SELECT user_id, kind, subject_id, starred FROM stars WHERE user_id IN (SELECT value FROM json_each(?))",
        (json_list(wanted),),
    )
    for row in rows:
        if row["kind"] == "talk":
            talks[row["user_id"]][row["subject_id"]] = bool(row["starred"])
        elif row["starred"]:
            slots[row["user_id"]].add(row["subject_id"])
    return {user_id: Stars(talks[user_id], frozenset(slots[user_id])) for user_id in wanted}


async def of_slot(conn: Connection, slot_id: int, talk_ids: Iterable[int]) -> list[int]:
    """Users who starred a slot, or one of these talks of it."""
    talks = json_list(talk_ids)
    rows = await conn.execute_fetchall(
        """
        SELECT user_id FROM stars WHERE kind = 'slot' AND subject_id = ? AND starred = 1
         UNION
        SELECT user_id FROM stars
         WHERE kind = 'talk' AND starred = 1 AND subject_id IN (SELECT value FROM json_each(?))
         ORDER BY user_id
        """,
        (slot_id, talks),
    )
    return [row["user_id"] for row in rows]
