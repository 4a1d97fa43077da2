"""What a user was asked and has not answered yet: one question at a time."""

from datetime import datetime

from aiosqlite import Connection

from bot.store import times


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


async def of(conn: Connection, user_id: int, *, now: datetime) -> str | None:
    """What was asked, if there is still time to answer."""
    rows = await conn.execute_fetchall(
        "SELECT asked FROM dialogues WHERE user_id = ? AND until > ?", (user_id, times.text(now))
    )
    return next((row["asked"] for row in rows), None)


async def end(tx: Connection, user_id: int) -> bool:
    """Whether there was one."""
    return bool(await tx.execute_fetchall("DELETE FROM dialogues WHERE user_id = ? RETURNING user_id", (user_id,)))
