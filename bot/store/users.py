"""Who talks to the bot."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from sqlite3 import Row
from typing import Literal

from aiosqlite import Connection

from bot.domain.broadcast import MIRROR
from bot.domain.model import Lang
from bot.domain.user import User
from bot.store import times
from bot.store.json_list import json_list

Preference = Literal["lead", "reminders", "same_room", "notices", "quiet_from", "quiet_to"]


async def at(conn: Connection, channel: str, addresses: Iterable[str]) -> dict[str, User]:
    """Those of these addresses who were ever met."""
    rows = await conn.execute_fetchall(
        "SELECT * FROM users WHERE channel = ? AND address IN (SELECT value FROM json_each(?))",
        (channel, json_list(addresses)),
    )
    return {row["address"]: _user(row) for row in rows}


async def meet(
    tx: Connection, channel: str, guesses: Mapping[str, Lang], *, now: datetime, reachable: bool = True
) -> dict[str, User]:
    """The users at these addresses, made if new. A guess is the channel's idea of their language, until they choose."""
    rows = await tx.execute_fetchall(
        """
        INSERT INTO users (channel, address, lang, reachable, since)
             SELECT ?, key, value, ?, ? FROM json_each(?) WHERE true
        ON CONFLICT (channel, address)
          DO UPDATE SET lang = CASE chosen WHEN 1 THEN lang ELSE excluded.lang END
          RETURNING *
        """,
        (channel, reachable, times.text(now), json.dumps(guesses)),
    )
    return {row["address"]: _user(row) for row in rows}


async def choose_language(tx: Connection, user_id: int, lang: Lang) -> None:
    await tx.execute_fetchall("UPDATE users SET lang = ?, chosen = 1 WHERE id = ?", (lang, user_id))


async def set_reachable(tx: Connection, user_id: int, *, reachable: bool) -> None:
    await tx.execute_fetchall("UPDATE users SET reachable = ? WHERE id = ?", (reachable, user_id))


async def keep_name(tx: Connection, user_id: int, name: str) -> None:
    """Keep what somebody is called, or forget it with an empty name."""
    await tx.execute_fetchall("UPDATE users SET name = ? WHERE id = ?", (name, user_id))


async def with_notices(conn: Connection) -> list[int]:
    """Everybody who wants to hear of changes and can be reached."""
    rows = await conn.execute_fetchall("SELECT id FROM users WHERE notices = 1 AND reachable = 1 ORDER BY id")
    return [row["id"] for row in rows]


async def reachable(conn: Connection, *, lang: Lang | None = None) -> list[int]:
    """Everybody who can be written to; with a language, who reads that one."""
    rows = await conn.execute_fetchall(
        "SELECT id FROM users WHERE reachable = 1 AND channel <> ?1 AND lang = coalesce(?2, lang) ORDER BY id",
        (MIRROR, lang),
    )
    return [row["id"] for row in rows]


async def by_ids(conn: Connection, user_ids: Iterable[int]) -> dict[int, User]:
    rows = await conn.execute_fetchall(
        "SELECT * FROM users WHERE id IN (SELECT value FROM json_each(?))", (json_list(user_ids),)
    )
    return {row["id"]: _user(row) for row in rows}


async def set_preference(tx: Connection, user_id: int, name: Preference, value: int | None) -> None:
    await tx.execute_fetchall(f"UPDATE users SET {name} = ? WHERE id = ?", (value, user_id))  # noqa: S608 - a Literal


async def set_address(tx: Connection, user_id: int, address: str) -> bool:
    """The channel reaches them elsewhere from now on. False when somebody else is reached there already."""
    rows = await tx.execute_fetchall(
        "UPDATE OR IGNORE users SET address = ? WHERE id = ? RETURNING id", (address, user_id)
    )
    return bool(rows)


async def forget(tx: Connection, user_id: int) -> None:
    """Delete a user and everything that hangs on them."""
    await tx.execute_fetchall("DELETE FROM users WHERE id = ?", (user_id,))


def _user(row: Row) -> User:
    return User(
        id=row["id"],
        channel=row["channel"],
        address=row["address"],
        lang=row["lang"],
        name=row["name"],
        chosen=bool(row["chosen"]),
        reachable=bool(row["reachable"]),
        lead=row["lead"],
        reminders=bool(row["reminders"]),
        same_room=bool(row["same_room"]),
        notices=bool(row["notices"]),
        quiet_from=row["quiet_from"],
        quiet_to=row["quiet_to"],
    )
