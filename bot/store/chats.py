"""What stands in the chats: the messages that rows of the outbox became, and what they show."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from bot.domain.stars import Kind
from bot.store import times
from bot.store.json_list import json_list
from bot.store.outbox import Notice, read

_TRUE_OF_THEM = """(
    kind = 'reminder'
    OR kind = 'duty' AND EXISTS (
        SELECT 1
          FROM roles
         WHERE roles.user_id = outbox.user_id AND roles.subject_id = outbox.subject_id
           AND roles.role = CASE outbox.subject WHEN 'talk' THEN 'speaker' ELSE 'chair' END
    )
)"""
"""Reminders, and the duties of those who still have them: of others nothing is mended."""


@dataclass(frozen=True)
class Facts:
    """What a reminder in a chat shows of its subject."""

    kind: Kind
    id: int
    shown: str


async def standing(conn: Connection, *, since: datetime) -> list[Facts]:
    """The facts that stand in the chats in reminders and duties sent since a moment, each once however many see it."""
    rows = await conn.execute_fetchall(
        """
        SELECT DISTINCT subject, subject_id, shown
          FROM outbox
         WHERE kind IN ('reminder', 'duty') AND state = 'sent' AND settled > ? AND message IS NOT NULL
        """,
        (times.text(since),),
    )
    return [Facts(row["subject"], row["subject_id"], row["shown"]) for row in rows]


async def showing(conn: Connection, facts: Collection[Facts], *, since: datetime) -> list[tuple[int, str, Facts]]:
    """Where these facts stand in reminders and duties sent since a moment: the user and the message."""
    rows = await conn.execute_fetchall(
        f"""
        SELECT user_id, message, subject, subject_id, shown
          FROM outbox
         WHERE {_TRUE_OF_THEM} AND state = 'sent' AND settled > ? AND message IS NOT NULL
           AND subject_id IN (SELECT value FROM json_each(?))
         ORDER BY id
        """,  # noqa: S608 - ours
        (times.text(since), json_list({one.id for one in facts})),
    )
    found = [(row["user_id"], row["message"], Facts(row["subject"], row["subject_id"], row["shown"])) for row in rows]
    return [one for one in found if one[2] in facts]


async def in_message(conn: Connection, user_id: int, message: str) -> list[Notice]:
    """The reminders, or the duties, that one message holds."""
    rows = await conn.execute_fetchall(
        f"SELECT * FROM outbox"  # noqa: S608 - ours
        f" WHERE user_id = ? AND message = ? AND {_TRUE_OF_THEM} AND state = 'sent' ORDER BY id",
        (user_id, message),
    )
    return [read(row) for row in rows]


async def messages(conn: Connection, kind: str, subject_id: int) -> list[tuple[int, str | None]]:
    """Where a thing stands in the chats: the user and the message, None for one that is on its way."""
    rows = await conn.execute_fetchall(
        """
        SELECT user_id, message
          FROM outbox
         WHERE kind = ? AND subject_id = ?
           AND (state = 'sent' AND message IS NOT NULL OR state = 'sending' AND message IS NULL)
         GROUP BY user_id, message
         ORDER BY min(id)
        """,
        (kind, subject_id),
    )
    return [(row["user_id"], row["message"]) for row in rows]


async def message(conn: Connection, kind: str, subject_id: int, user_id: int) -> str | None:
    """The last message in which a thing stands in a chat."""
    there = [one for user, one in await messages(conn, kind, subject_id) if user == user_id and one is not None]
    return there[-1] if there else None


async def written_over(tx: Connection, kind: str, channel: str, places: Collection[tuple[str, str]]) -> set[int | None]:
    """It is not known any more what messages of a kind show, by address and number. Their subjects, if it was known."""
    if not places:
        return set()
    rows = await tx.execute_fetchall(
        """
        UPDATE outbox
           SET shown = NULL
         WHERE id IN (
               SELECT outbox.id
                 FROM json_each(?) AS place
                 JOIN users ON users.channel = ? AND users.address = json_extract(place.value, '$[0]')
                 JOIN outbox ON outbox.user_id = users.id AND outbox.message = json_extract(place.value, '$[1]')
                WHERE outbox.kind = ? AND outbox.shown IS NOT NULL
               )
        RETURNING subject_id
        """,
        (json_list(places), channel, kind),
    )
    return {row["subject_id"] for row in rows}
