"""What a user last saw of something they starred."""

import json
from collections.abc import Iterable

from aiosqlite import Connection

from bot.domain.stars import Kind
from bot.domain.told import Told
from bot.store import times
from bot.store.json_list import json_list


async def write(tx: Connection, seen: Iterable[tuple[int, Told]]) -> None:
    """By user. Somebody who was forgotten while a message was on its way to them saw nothing."""
    await tx.executemany(
        """
        INSERT INTO told (user_id, kind, subject_id, start, "end", room_id, cancelled, title, speakers)
             SELECT id, ?, ?, ?, ?, ?, ?, ?, ? FROM users WHERE id = ?
        ON CONFLICT DO UPDATE
           SET start = excluded.start, "end" = excluded."end", room_id = excluded.room_id,
               cancelled = excluded.cancelled, title = excluded.title, speakers = excluded.speakers
        """,
        [
            (
                one.kind,
                one.subject_id,
                times.text(one.start),
                times.text(one.end),
                one.room_id,
                one.cancelled,
                one.title,
                json_list(one.speakers),
                user_id,
            )
            for user_id, one in seen
        ],
    )


async def of_users(conn: Connection, user_ids: Iterable[int]) -> dict[int, dict[tuple[Kind, int], Told]]:
    """Everything each of these users was told, by what it is about."""
    wanted = list(user_ids)
    found: dict[int, dict[tuple[Kind, int], Told]] = {user_id: {} for user_id in wanted}
    rows = await conn.execute_fetchall(
        "SELECT * FROM told WHERE user_id IN (SELECT value FROM json_each(?))", (json_list(wanted),)
    )
    for row in rows:
        found[row["user_id"]][row["kind"], row["subject_id"]] = Told(
            kind=row["kind"],
            subject_id=row["subject_id"],
            start=times.moment(row["start"]),
            end=times.moment(row["end"]),
            room_id=row["room_id"],
            cancelled=bool(row["cancelled"]),
            title=row["title"],
            speakers=tuple(json.loads(row["speakers"])),
        )
    return found
