"""Who talks to the bot."""

from datetime import datetime
from sqlite3 import Row

from aiosqlite import Connection

from bot.domain.model import Lang
from bot.domain.user import User
from bot.store import times


async def find(conn: Connection, channel: str, address: str) -> User | None:
    rows = list(
        await conn.execute_fetchall("SELECT * FROM users WHERE channel = ? AND address = ?", (channel, address))
    )
    return _user(rows[0]) if rows else None


async def meet(tx: Connection, channel: str, address: str, guess: Lang, *, now: datetime) -> User:
    """The user at this address, made if new. `guess` is the channel's idea of their language, until they choose."""
    rows = await tx.execute_fetchall(
        """
        INSERT INTO users (channel, address, lang, since)
             VALUES (?, ?, ?, ?)
        ON CONFLICT (channel, address)
          DO UPDATE SET lang = CASE chosen WHEN 1 THEN lang ELSE excluded.lang END
          RETURNING *
        """,
        (channel, address, guess, times.text(now)),
    )
    return _user(next(iter(rows)))


async def choose_language(tx: Connection, user_id: int, lang: Lang) -> None:
    await tx.execute_fetchall("UPDATE users SET lang = ?, chosen = 1 WHERE id = ?", (lang, user_id))


async def set_reachable(tx: Connection, user_id: int, *, reachable: bool) -> None:
    await tx.execute_fetchall("UPDATE users SET reachable = ? WHERE id = ?", (reachable, user_id))


def _user(row: Row) -> User:
    return User(
        id=row["id"],
        channel=row["channel"],
        address=row["address"],
        lang=row["lang"],
        chosen=bool(row["chosen"]),
        reachable=bool(row["reachable"]),
    )
