"""What a channel delivered: stored before it is confirmed, settled when it is answered."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from bot.store import times

KEPT = 20_000
"""Settled updates that are remembered, so that one delivered again is known: Telegram keeps them for 24 hours."""


@dataclass(frozen=True)
class Stored:
    """An update to be handled; `outcome` once its effects are committed: the messages that answer it, as JSON."""

    seq: int
    outcome: str | None = None


@dataclass(frozen=True)
class Arrived:
    """An update as it came."""

    number: int
    payload: str


async def store(tx: Connection, source: str, batch: Iterable[Arrived]) -> dict[int, Stored]:
    """Store a batch; what was delivered before changes nothing. Returns what is new, by number, in order."""
    # One statement for all: every statement is a trip to the database's thread and back.
    rows = await tx.execute_fetchall(
        """
        INSERT INTO updates (source, number, payload)
             SELECT ?, value ->> 0, value ->> 1 FROM json_each(?) WHERE true ORDER BY key
        ON CONFLICT DO NOTHING
          RETURNING seq, number
        """,
        (source, json.dumps([(one.number, one.payload) for one in batch])),
    )
    # SQLite promises no order of what it returns.
    return {row["number"]: Stored(row["seq"]) for row in sorted(rows, key=lambda row: row["seq"])}


async def unfinished(conn: Connection) -> list[tuple[Stored, str]]:
    """What was stored and not yet answered, with what came, in order of arrival."""
    rows = await conn.execute_fetchall(
        "SELECT seq, payload, outcome FROM updates WHERE state IN ('waiting', 'applied') ORDER BY seq"
    )
    return [(Stored(row["seq"], row["outcome"]), row["payload"]) for row in rows]


async def apply(tx: Connection, seq: int, outcome: str) -> None:
    """Record, in the transaction of its effects, how an update will be answered."""
    await tx.execute_fetchall("UPDATE updates SET state = 'applied', outcome = ? WHERE seq = ?", (outcome, seq))


async def settle(tx: Connection, seqs: Sequence[int]) -> None:
    """Updates that are answered. Their content is forgotten; their numbers are kept for a while."""
    await tx.executemany(
        "UPDATE updates SET state = 'done', payload = '', outcome = NULL WHERE seq = ? AND state <> 'aside'",
        [(seq,) for seq in seqs],
    )


async def set_aside(tx: Connection, seq: int, reason: str) -> None:
    """An update that can't be handled: kept as it came, with the reason."""
    await tx.execute_fetchall("UPDATE updates SET state = 'aside', reason = ? WHERE seq = ?", (reason, seq))


_OF_SOMEBODY = """
    payload <> '' AND json_valid(payload) AND EXISTS (
        SELECT 1
          FROM json_tree(payload) AS part
         WHERE part.key = 'id' AND CAST(part.atom AS TEXT) = ? AND (part.path LIKE '%.from' OR part.path LIKE '%.chat')
    )
"""
"""Whether somebody sent an update, or it is of the private chat with them; by their address."""


async def of(conn: Connection, address: str) -> list[str]:
    """The payloads that are still kept of somebody's updates."""
    rows = await conn.execute_fetchall(f"SELECT payload FROM updates WHERE {_OF_SOMEBODY} ORDER BY seq", (address,))  # noqa: S608 - ours
    return [row["payload"] for row in rows]


async def forget(tx: Connection, address: str) -> None:
    """Empty what was set aside of somebody's updates. What is still to be answered is emptied when it is."""
    await tx.execute_fetchall(f"UPDATE updates SET payload = '' WHERE state = 'aside' AND {_OF_SOMEBODY}", (address,))  # noqa: S608 - ours


async def prune(tx: Connection) -> None:
    """Forget settled updates beyond the newest `KEPT`."""
    await tx.execute_fetchall(
        "DELETE FROM updates WHERE state = 'done' AND seq <= (SELECT max(seq) FROM updates) - ?", (KEPT,)
    )


async def beat(tx: Connection, *, now: datetime) -> None:
    """The platform was heard now (real time)."""
    await tx.execute_fetchall(
        "INSERT INTO pulse (id, heard) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET heard = excluded.heard",
        (times.text(now),),
    )


async def heard(conn: Connection) -> datetime | None:
    """When the platform was last heard (real time); None if never."""
    rows = list(await conn.execute_fetchall("SELECT heard FROM pulse"))
    return times.moment(rows[0]["heard"]) if rows else None
