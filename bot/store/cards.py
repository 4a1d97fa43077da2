"""The message that shows a user's day, pinned in their chat and kept true."""

from collections.abc import Collection
from datetime import datetime

from aiosqlite import Connection

from bot.domain.model import Model
from bot.store import times
from bot.store.json_list import json_list


class Card(Model):
    """`message`: the channel's number, None until it is there; `previous`: of the one it takes the place of."""

    message: str | None
    previous: str | None
    digest: str | None


async def of(conn: Connection, user_id: int) -> Card | None:
    rows = list(
        await conn.execute_fetchall("SELECT message, previous, digest FROM cards WHERE user_id = ?", (user_id,))
    )
    return Card.model_validate(dict(rows[0])) if rows else None


async def ask(tx: Connection, user_id: int) -> None:
    """A new message is wanted, in the place of the one that is there."""
    await tx.execute_fetchall(
        """
        INSERT INTO cards (user_id, stale)
             VALUES (?, '')
        ON CONFLICT DO UPDATE
           SET previous = coalesce(message, previous), message = NULL, digest = NULL, stale = '', queued = 0
        """,
        (user_id,),
    )


async def forget(tx: Connection, user_id: int) -> None:
    await tx.execute_fetchall("DELETE FROM cards WHERE user_id = ?", (user_id,))


async def touch(tx: Connection, user_id: int) -> None:
    """Something that a user's card shows is different now."""
    await tx.execute_fetchall("UPDATE cards SET stale = '' WHERE user_id = ?", (user_id,))


async def take_stale(tx: Connection, *, revision: int, now: datetime) -> list[tuple[int, bool]]:
    """Users whose card may no longer be true, and whether it is still to be sent for the first time.

    They count as queued from now on. One whose card is on its way is left until it is settled.
    """
    rows = await tx.execute_fetchall(
        """
        UPDATE cards
           SET queued = 1
         WHERE queued = 0
           AND (stale <= ?1 OR drawn > ?1 OR revision IS NOT ?2)
           AND EXISTS (SELECT 1 FROM users WHERE users.id = cards.user_id AND users.reachable = 1)
           AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.key = 'card:' || cards.user_id AND state = 'sending')
        RETURNING user_id, message IS NULL AS new
        """,
        (times.text(now), revision),
    )
    return [(row["user_id"], bool(row["new"])) for row in rows]


async def stay_true(tx: Connection, *, before: int, besides: Collection[int]) -> None:
    """Cards that were true of the last revision are true of this one; but for those of these users."""
    await tx.execute_fetchall(
        """
        UPDATE cards
           SET revision = (SELECT number FROM revision)
         WHERE revision = ? AND user_id NOT IN (SELECT value FROM json_each(?))
        """,
        (before, json_list(besides)),
    )


async def next_stale(conn: Connection, *, now: datetime) -> datetime | None:
    """When the next card is no longer true of itself."""
    rows = list(
        await conn.execute_fetchall("SELECT min(stale) AS stale FROM cards WHERE stale > ?", (times.text(now),))
    )
    return times.moment_or_none(rows[0]["stale"])


async def drawn(tx: Connection, user_id: int, *, revision: int, now: datetime, stale: datetime | None) -> None:
    """A card is being put into words from a revision of the programme; it is true until `stale`."""
    await tx.execute_fetchall(
        "UPDATE cards SET queued = 0, revision = ?, drawn = ?, stale = ? WHERE user_id = ?",
        (revision, times.text(now), times.text(stale), user_id),
    )


async def shown(tx: Connection, user_id: int, message: str, digest: str, *, edited: bool) -> None:
    """A message shows what has this digest; unless it is no longer the card, because a new one was asked for."""
    condition = "message = ?1" if edited else "message IS NULL"
    await tx.execute_fetchall(
        f"UPDATE cards SET message = ?1, digest = ?2, previous = NULL WHERE user_id = ?3 AND {condition}",  # noqa: S608 - ours
        (message, digest, user_id),
    )
