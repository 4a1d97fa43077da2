"""What a user was asked and has not answered yet: one question at a time."""

from collections.abc import Iterable
from datetime import datetime

from aiosqlite import Connection

from bot.store import times
from bot.store.json_list import json_list


async def begin(tx: Connection, user_id: int, asked: str, *, until: datetime) -> None:
    """`asked`: the command that the answer completes, and what is known of it."""
    await tx.execute_fetchall(
        """
        INSERT INTO dialogues (user_id, asked, until)
             VALUES (?, ?, ?)
        ON CONFLICT (user_id) DO UPDATE SET asked = excluded.asked, until = excluded.until
        """,
        (user_id, asked, times.text(until)),
    )


async def of_users(conn: Connection, user_ids: Iterable[int], *, now: datetime) -> dict[int, str | None]:
    """What each of these was asked, if there is still time to answer."""
    wanted = list(user_ids)
    rows = await conn.execute_fetchall(
        "SELECT user_id, asked FROM dialogues WHERE user_id IN (SELECT value FROM json_each(?)) AND until > ?",
        (json_list(wanted), times.text(now)),
    )
    return dict.fromkeys(wanted) | {row["user_id"]: row["asked"] for row in rows}


async def end(tx: Connection, user_id: int) -> bool:
    """Whether there was one."""
    return bool(await tx.execute_fetchall("DELETE FROM dialogues WHERE user_id = ? RETURNING user_id", (user_id,)))
