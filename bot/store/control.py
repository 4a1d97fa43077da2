"""The control cards of chairs: rows of the outbox of a kind of their own, and the messages that they became."""

from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from bot.store import times


@dataclass(frozen=True)
class Chair:
    """Who chairs which slot, and since when the bot knows."""

    user_id: int
    slot_id: int
    since: datetime


@dataclass(frozen=True)
class Card:
    """A control card in a chat: the row it came of, the channel's number of the message, the facts it shows."""

    row: int
    user_id: int
    slot_id: int
    message: str
    shown: str | None


async def chairs(conn: Connection) -> list[Chair]:
    rows = await conn.execute_fetchall(
        "SELECT user_id, subject_id, since FROM roles WHERE role = 'chair' ORDER BY subject_id, user_id"
    )
    return [Chair(row["user_id"], row["subject_id"], times.moment(row["since"])) for row in rows]


async def cards(conn: Connection) -> list[Card]:
    rows = await conn.execute_fetchall(
        "SELECT id, user_id, subject_id, message, shown FROM outbox"
        " WHERE kind = 'control' AND state = 'sent' AND message IS NOT NULL ORDER BY id"
    )
    return [Card(row["id"], row["user_id"], row["subject_id"], row["message"], row["shown"]) for row in rows]


async def adopt(tx: Connection, key: str, user_id: int, slot_id: int, message: str, shown: str, now: datetime) -> None:
    """A message that somebody pressed a button of is a card of theirs of a slot from now on, and shows this.

    A card that was to be sent need not be; one that is there, or on its way, is their card as well.
    """
    for one in (key, f"{key}:{message}"):
        rows = await tx.execute_fetchall(
            """
            INSERT INTO outbox (key, kind, user_id, subject, subject_id, priority, state, message, shown, queued,
                                settled)
                 VALUES (?1, 'control', ?2, 'slot', ?3, 0, 'sent', ?4, ?5, ?6, ?6)
            ON CONFLICT (key) DO UPDATE
               SET state = 'sent', message = ?4, shown = ?5, settled = ?6, reason = NULL
             WHERE state NOT IN ('sending', 'sent') OR message = ?4
            RETURNING id
            """,
            (one, user_id, slot_id, message, shown, times.text(now)),
        )
        if list(rows):
            return
