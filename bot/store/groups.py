"""Groups in which an owner allowed what staff do."""

from datetime import datetime

from aiosqlite import Connection

from bot.store import times


async def allow(tx: Connection, chat: str, *, by: int, now: datetime) -> None:
    await tx.execute_fetchall(
        "INSERT INTO groups (chat, allowed_by, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (chat, by, times.text(now)),
    )


async def forbid(tx: Connection, chat: str) -> None:
    await tx.execute_fetchall("DELETE FROM groups WHERE chat = ?", (chat,))


async def is_allowed(conn: Connection, chat: str) -> bool:
    return bool(list(await conn.execute_fetchall("SELECT 1 FROM groups WHERE chat = ?", (chat,))))


async def move(tx: Connection, chat: str, to: str) -> None:
    """A group has another number from now on."""
    await tx.execute_fetchall("UPDATE OR IGNORE groups SET chat = ? WHERE chat = ?", (to, chat))
