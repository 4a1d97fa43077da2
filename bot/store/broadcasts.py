"""What staff say to many at once, and how far it has got."""

from collections.abc import Collection
from datetime import datetime
from sqlite3 import Row

from aiosqlite import Connection

from bot.domain.broadcast import Attachment, Audience, Broadcast, State, Tally
from bot.domain.model import Lang, Text
from bot.store import chats, outbox, times
from bot.store.json_list import json_list


async def make(tx: Connection, user_id: int, text: Text, file: Attachment | None, *, now: datetime) -> Broadcast:
    rows = await tx.execute_fetchall(
        "INSERT INTO broadcasts (user_id, zh, en, file_kind, file, made) VALUES (?, ?, ?, ?, ?, ?) RETURNING *",
        (user_id, text.zh, text.en, file and file.kind, file and file.id, times.text(now)),
    )
    return _broadcast(next(iter(rows)))


async def get(conn: Connection, number: int) -> Broadcast | None:
    rows = list(await conn.execute_fetchall("SELECT * FROM broadcasts WHERE id = ?", (number,)))
    return _broadcast(rows[0]) if rows else None


async def address(tx: Connection, number: int, audience: Audience, subject_id: int | None) -> None:
    await tx.execute_fetchall(
        "UPDATE broadcasts SET audience = ?, subject_id = ? WHERE id = ? AND state = 'open'",
        (audience, subject_id, number),
    )


async def word(tx: Connection, number: int, lang: Lang, text: str) -> None:
    await tx.execute_fetchall(f"UPDATE broadcasts SET {lang} = ? WHERE id = ? AND state = 'open'", (text, number))  # noqa: S608 - a Literal


async def attach(tx: Connection, number: int, file: Attachment) -> None:
    await tx.execute_fetchall(
        "UPDATE broadcasts SET file_kind = ?, file = ? WHERE id = ? AND state = 'open'",
        (file.kind, file.id, number),
    )


async def schedule(tx: Connection, number: int, due: datetime | None) -> None:
    await tx.execute_fetchall(
        "UPDATE broadcasts SET due = ? WHERE id = ? AND state = 'open'", (times.text(due), number)
    )


async def advance(tx: Connection, number: int, over: Collection[State], to: State) -> None:
    """From one of these states to another."""
    await tx.execute_fetchall(
        "UPDATE broadcasts SET state = ? WHERE id = ? AND state IN (SELECT value FROM json_each(?))",
        (to, number, json_list(over)),
    )


async def drop_open(tx: Connection, user_id: int) -> bool:
    """Give up what somebody was writing. Whether there was anything."""
    rows = await tx.execute_fetchall(
        "UPDATE broadcasts SET state = 'dropped' WHERE user_id = ? AND state = 'open' RETURNING id", (user_id,)
    )
    return bool(list(rows))


async def forget(tx: Connection, user_id: int) -> None:
    """What somebody wrote and never sent. What was sent stays, without their name."""
    await tx.execute_fetchall(
        "DELETE FROM broadcasts WHERE user_id = ? AND state IN ('open', 'asked', 'dropped')", (user_id,)
    )


async def latest(conn: Connection, limit: int) -> list[Broadcast]:
    """The newest that were confirmed and not given up, the newest first."""
    rows = await conn.execute_fetchall(
        "SELECT * FROM broadcasts WHERE state IN ('asked', 'scheduled', 'sent', 'stopped') ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    return [_broadcast(row) for row in rows]


async def due(conn: Connection, *, now: datetime) -> list[Broadcast]:
    """Those whose time has come."""
    rows = await conn.execute_fetchall(
        "SELECT * FROM broadcasts WHERE state = 'scheduled' AND due <= ? ORDER BY due, id", (times.text(now),)
    )
    return [_broadcast(row) for row in rows]


async def next_due(conn: Connection) -> datetime | None:
    """When the next one goes out."""
    rows = list(await conn.execute_fetchall("SELECT min(due) AS due FROM broadcasts WHERE state = 'scheduled'"))
    return times.moment_or_none(rows[0]["due"])


async def stopped(conn: Connection) -> frozenset[int]:
    """Those that were stopped while messages of theirs were in hand."""
    rows = await conn.execute_fetchall(
        """
        SELECT id
          FROM broadcasts
         WHERE state = 'stopped'
           AND EXISTS (
               SELECT 1 FROM outbox WHERE kind = 'broadcast' AND subject_id = broadcasts.id AND state = 'sending'
           )
        """
    )
    return frozenset(row["id"] for row in rows)


async def withdraw(tx: Connection, number: int, *, now: datetime) -> None:
    """Nothing of a broadcast goes out any more, but for what is in hand; nor to those who come back."""
    await tx.execute_fetchall(
        """
        UPDATE outbox
           SET state = 'dropped', reason = 'stopped', settled = ?
         WHERE kind IN ('broadcast', 'mirror') AND subject_id = ? AND state = 'waiting'
        """,
        (times.text(now), number),
    )
    await tx.execute_fetchall(
        "UPDATE outbox SET expires = ? WHERE kind = 'broadcast' AND subject_id = ? AND state = 'failed'",
        (times.text(now), number),
    )


async def doubtful(conn: Connection, number: int) -> list[int]:
    """The rows of which nobody knows whether they arrived, that of the group or channel among them."""
    rows = await conn.execute_fetchall(
        """
        SELECT id
          FROM outbox
         WHERE kind IN ('broadcast', 'mirror') AND subject_id = ? AND state = 'doubtful'
         ORDER BY id
        """,
        (number,),
    )
    return [row["id"] for row in rows]


async def tally(conn: Connection, number: int) -> Tally:
    rows = await conn.execute_fetchall(
        """
        SELECT CASE WHEN state = 'failed' AND reason = ? THEN 'blocked' ELSE state END AS state, count(*) AS number
          FROM outbox
         WHERE kind = 'broadcast' AND subject_id = ?
         GROUP BY 1
        """,
        (outbox.BLOCKED, number),
    )
    mirrored = await conn.execute_fetchall(
        "SELECT state FROM outbox WHERE kind = 'mirror' AND key = ?", (mirror_key(number),)
    )
    return Tally(
        counts={row["state"]: row["number"] for row in rows}, mirror=next((row["state"] for row in mirrored), None)
    )


async def is_under_way(conn: Connection, number: int) -> bool:
    """Whether a message of it is still to be settled without anybody's help."""
    return bool(
        list(
            await conn.execute_fetchall(
                "SELECT 1 FROM outbox WHERE kind = 'broadcast' AND subject_id = ? AND state IN ('waiting', 'sending')"
                " LIMIT 1",
                (number,),
            )
        )
    )


async def show(tx: Connection, numbers: Collection[int], *, anew: bool = False) -> None:
    """Have the progress of broadcasts drawn again for all who watch it; `anew` in a message of its own."""
    await tx.execute_fetchall(
        """
        UPDATE outbox
           SET state = 'waiting', doubts = 0, reason = NULL, settled = NULL,
               message = CASE ? WHEN 1 THEN NULL ELSE message END
         WHERE kind = 'progress' AND subject_id IN (SELECT value FROM json_each(?)) AND state IN ('sent', 'dropped')
        """,
        (anew, json_list(numbers)),
    )


async def written_over(tx: Connection, channel: str, places: Collection[tuple[str, str]]) -> bool:
    """Answers took the place of these messages, by address and number; whether the progress of a broadcast is there.

    Of one drawn meanwhile, an answer that was late shows how far it had got before: it is drawn again.
    """
    numbers = {number for number in await chats.written_over(tx, "progress", channel, places) if number is not None}
    await show(tx, numbers)
    return bool(numbers)


def mirror_key(number: int) -> str:
    return f"mirror:{number}"


def _broadcast(row: Row) -> Broadcast:
    return Broadcast(
        id=row["id"],
        user_id=row["user_id"],
        audience=row["audience"],
        subject_id=row["subject_id"],
        text=Text(zh=row["zh"], en=row["en"]),
        file=Attachment(kind=row["file_kind"], id=row["file"]) if row["file"] else None,
        due=times.moment_or_none(row["due"]),
        state=row["state"],
    )
