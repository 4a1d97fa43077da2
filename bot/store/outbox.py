"""What must reach users. A claim is a conditional UPDATE; the process that dies leaves its claims in doubt."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any

from aiosqlite import Connection

from bot.domain.model import Model
from bot.domain.stars import Kind
from bot.store import times
from bot.store.json_list import json_list

OPEN = "state IN ('waiting', 'doubtful', 'sending') AND state <> 'sending'"
"""Said in this roundabout way because a partial index serves only a query that repeats its condition."""
SETTLED = ("sent", "failed", "expired", "dropped")
BLOCKED = "blocked"
"""The reason of rows that failed because their user does not want to hear from us."""


class Notice(Model):
    """A row of the outbox.

    moment   the start that a reminder is of; those of one moment are said in one message.
    expires  conference time from which on there is no use in sending it.
    message  the channel's number of the message: the one that was sent, or for an edit the one to be edited.
    shown    the facts in the message as the user sees it.
    """

    id: int
    key: str
    kind: str
    user_id: int
    subject: Kind | None
    subject_id: int | None
    moment: datetime | None
    expires: datetime | None
    state: str
    doubts: int
    reason: str | None
    message: str | None
    shown: str | None


@dataclass(frozen=True)
class New:
    """A notice to be queued."""

    key: str
    kind: str
    user_id: int
    priority: int
    subject: Kind | None = None
    subject_id: int | None = None
    moment: datetime | None = None
    due: datetime | None = None
    expires: datetime | None = None
    message: str | None = None
    state: str = "waiting"
    reason: str | None = None
    shown: str | None = None


_INSERT = """
INSERT INTO outbox (key, kind, user_id, subject, subject_id, moment, priority, due, expires, message, state,
                    reason, shown, queued)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


async def queue(tx: Connection, new: Iterable[New], *, now: datetime) -> None:
    """Write rows; a key that is there already stays as it is."""
    await tx.executemany(f"{_INSERT} ON CONFLICT DO NOTHING", [_columns(one, now) for one in new])


async def reopen(tx: Connection, new: Iterable[New], *, now: datetime, over: Sequence[str] = SETTLED) -> None:
    """Write rows whose work may come again, such as an edit of one message: one in a state of `over` begins anew."""
    states = json_list(over)
    await tx.executemany(
        f"""
        {_INSERT}
        ON CONFLICT (key) DO UPDATE
           SET state = excluded.state, reason = excluded.reason, doubts = 0, settled = NULL,
               priority = excluded.priority, moment = excluded.moment, due = excluded.due, expires = excluded.expires,
               message = excluded.message, queued = excluded.queued
         WHERE outbox.state IN (SELECT value FROM json_each(?))
        """,  # noqa: S608 - ours
        [(*_columns(one, now), states) for one in new],
    )


async def expire(tx: Connection, *, now: datetime) -> None:
    """Rows whose time went by before they could be sent."""
    await tx.execute_fetchall(
        f"UPDATE outbox SET state = 'expired', reason = NULL, settled = ?1 WHERE {OPEN} AND expires <= ?1",  # noqa: S608 - ours
        (times.text(now),),
    )


async def heads(
    conn: Connection, *, besides: Iterable[int], held: Sequence[str], limit: int, now: datetime
) -> list[int]:
    """The first open row of each user, by priority, then by age; of the first `limit` open rows.

    besides  users whose turn it is not: something is on its way to them, or rests, and their order is kept.
    held     kinds that a person must release once they are in doubt.
    """
    rows = await conn.execute_fetchall(
        f"""
        SELECT id, user_id
          FROM outbox
         WHERE {OPEN}
           AND (due IS NULL OR due <= ?)
           AND NOT (state = 'doubtful' AND kind IN (SELECT value FROM json_each(?)))
           AND user_id NOT IN (SELECT value FROM json_each(?))
         ORDER BY priority, id
         LIMIT ?
        """,  # noqa: S608 - ours
        (times.text(now), json_list(held), json_list(besides), limit),
    )
    first: dict[int, int] = {}
    for row in rows:
        first.setdefault(row["user_id"], row["id"])
    return list(first.values())


async def claim(tx: Connection, ids: Sequence[int]) -> list[list[Notice]]:
    """Take open rows in hand, each with the open reminders of the same user and moment: a message is made of them.

    Returns them message by message, in the order of `ids`; nobody else gets them.
    """
    rows = await tx.execute_fetchall(
        f"""
        UPDATE outbox
           SET state = 'sending'
         WHERE {OPEN}
           AND id IN (
               SELECT other.id
                 FROM json_each(?) AS wanted
                 JOIN outbox AS head ON head.id = wanted.value
                 JOIN outbox AS other ON other.user_id = head.user_id
                WHERE other.id = head.id OR (other.kind = head.kind AND other.moment = head.moment)
           )
        RETURNING *
        """,  # noqa: S608 - ours
        (json_list(ids),),
    )
    place = {row_id: place for place, row_id in enumerate(ids)}
    groups: dict[int, list[Notice]] = defaultdict(list)
    for notice in sorted(map(read, rows), key=lambda one: one.id):
        groups[notice.user_id].append(notice)
    return sorted(groups.values(), key=lambda group: min(place.get(one.id, len(place)) for one in group))


async def sent(tx: Connection, messages: Mapping[int, str], shown: Mapping[int, str], *, now: datetime) -> None:
    """The channel has these rows, each under its number of the message.

    shown  the facts that users now see, by row: of rows that were sent, or whose message was edited.
    """
    moment = times.text(now)
    await tx.executemany(
        "UPDATE outbox SET state = 'sent', message = ?, shown = coalesce(?, shown), reason = NULL, settled = ?"
        " WHERE id = ?",
        [(message, shown.get(row), moment, row) for row, message in messages.items()],
    )
    edited = [(facts, row) for row, facts in shown.items() if row not in messages]
    if edited:
        await tx.executemany("UPDATE outbox SET shown = ? WHERE id = ?", edited)


async def settle(tx: Connection, ends: Mapping[int, tuple[str, str | None]], *, now: datetime) -> None:
    """The end of rows that were not sent: failed, expired or dropped, and why."""
    await tx.executemany(
        "UPDATE outbox SET state = ?, reason = ?, settled = ? WHERE id = ?",
        [(state, reason, times.text(now), row) for row, (state, reason) in ends.items()],
    )


async def put_back(tx: Connection, ids: Iterable[int], reason: str, *, doubtful: bool) -> None:
    """Rows that were not sent, or nobody knows; they go again."""
    await tx.executemany(
        "UPDATE outbox SET state = ?, doubts = doubts + ?, reason = ? WHERE id = ?",
        [("doubtful" if doubtful else "waiting", int(doubtful), reason, one) for one in ids],
    )


async def pass_on(tx: Connection, ids: Iterable[int], user_id: int) -> None:
    """Rows that are for another user."""
    await tx.executemany("UPDATE outbox SET user_id = ? WHERE id = ?", [(user_id, one) for one in ids])


async def take_up(tx: Connection) -> set[int]:
    """What an earlier process had in hand when it died is in doubt. The numbers of the broadcasts among that."""
    rows = await tx.execute_fetchall(
        """
        UPDATE outbox
           SET state = 'doubtful', doubts = doubts + 1, reason = 'interrupted'
         WHERE state IN ('waiting', 'doubtful', 'sending') AND state = 'sending'
        RETURNING kind, subject_id
        """
    )
    return {row["subject_id"] for row in rows if row["kind"] == "broadcast"}


async def revive(tx: Connection, user_id: int, *, now: datetime) -> None:
    """What failed because a user had blocked the bot waits again when they are back, if its time is not over.

    A reminder has expired, as has all else whose time is over: it is due again when its talk, which may be late by
    now, is about to begin. So has the edit of one, which is asked for again if it still matters. A broadcast does not
    come again.
    """
    await tx.execute_fetchall(
        """
        UPDATE outbox
           SET state = 'waiting', settled = NULL, reason = NULL
         WHERE user_id = ? AND state = 'failed' AND reason = ? AND (expires IS NULL OR expires > ?)
           AND kind NOT IN ('reminder', 'edit')
        """,
        (user_id, BLOCKED, times.text(now)),
    )
    await tx.execute_fetchall(
        "UPDATE outbox SET state = 'expired', reason = NULL"
        " WHERE user_id = ? AND state = 'failed' AND reason = ? AND kind <> 'broadcast'",
        (user_id, BLOCKED),
    )


async def resend(tx: Connection, ids: Iterable[int]) -> int:
    """Doubtful and failed rows that somebody wants sent again. How many."""
    rows = await tx.execute_fetchall(
        """
        UPDATE outbox
           SET state = 'waiting', reason = NULL, settled = NULL
         WHERE state IN ('doubtful', 'failed') AND id IN (SELECT value FROM json_each(?))
        RETURNING id
        """,
        (json_list(ids),),
    )
    return len(list(rows))


async def waiting_of(conn: Connection, kind: str, user_id: int) -> list[Notice]:
    """Rows of a kind for a user of which nothing has left yet."""
    rows = await conn.execute_fetchall(
        "SELECT * FROM outbox WHERE kind = ? AND user_id = ? AND state = 'waiting' ORDER BY id", (kind, user_id)
    )
    return [read(row) for row in rows]


async def counts(conn: Connection) -> list[tuple[str, str, int]]:
    """How many rows of each kind are in each state."""
    rows = await conn.execute_fetchall(
        "SELECT kind, state, count(*) AS number FROM outbox GROUP BY kind, state ORDER BY kind, state"
    )
    return [(row["kind"], row["state"], row["number"]) for row in rows]


async def oldest_waiting(conn: Connection, *, now: datetime) -> datetime | None:
    """Since when the row waits that waits longest, of those whose moment has come."""
    rows = list(
        await conn.execute_fetchall(
            "SELECT min(max(queued, coalesce(due, queued))) AS since FROM outbox"
            " WHERE state = 'waiting' AND (due IS NULL OR due <= ?)",
            (times.text(now),),
        )
    )
    return times.moment_or_none(rows[0]["since"])


async def in_trouble(conn: Connection, *, now: datetime) -> list[Notice]:
    """Doubtful and failed rows that it is still of use to send again, the newest first.

    Not those of users who blocked the bot: they go again by themselves when those are back. Nor edits: a message that
    can't be edited was deleted by its reader.
    """
    rows = await conn.execute_fetchall(
        """
        SELECT *
          FROM outbox
         WHERE state IN ('doubtful', 'failed')
           AND message IS NULL AND kind NOT IN ('edit', 'card', 'progress', 'redraw')
           AND reason IS NOT ? AND (expires IS NULL OR expires > ?)
         ORDER BY id DESC
        """,
        (BLOCKED, times.text(now)),
    )
    return [read(row) for row in rows]


async def blocked(conn: Connection) -> int:
    """How many rows failed because their users blocked the bot."""
    rows = await conn.execute_fetchall(
        "SELECT count(*) AS number FROM outbox WHERE state = 'failed' AND reason = ?", (BLOCKED,)
    )
    number: int = next(iter(rows))["number"]
    return number


async def next_due(conn: Connection, *, now: datetime) -> datetime | None:
    """When the next row that waits for its moment may go."""
    rows = list(
        await conn.execute_fetchall(
            f"SELECT min(due) AS due FROM outbox WHERE {OPEN} AND due > ?",  # noqa: S608 - ours
            (times.text(now),),
        )
    )
    return times.moment_or_none(rows[0]["due"])


async def pending(conn: Connection, kind: str, user_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Users and subjects of whom rows of a kind are still open."""
    rows = await conn.execute_fetchall(
        f"""
        SELECT user_id, subject_id
          FROM outbox
         WHERE {OPEN} AND kind = ? AND user_id IN (SELECT value FROM json_each(?))
        """,  # noqa: S608 - ours
        (kind, json_list(user_ids)),
    )
    return {(row["user_id"], row["subject_id"]) for row in rows}


def _columns(one: New, now: datetime) -> tuple[str | int | None, ...]:
    return (
        one.key,
        one.kind,
        one.user_id,
        one.subject,
        one.subject_id,
        times.text(one.moment),
        one.priority,
        times.text(one.due),
        times.text(one.expires),
        one.message,
        one.state,
        one.reason,
        one.shown,
        times.text(now),
    )


async def hasten(tx: Connection, kind: str, rows: Iterable[tuple[int, int]], *, priority: int) -> None:
    """Rows by user and subject that need not wait for their moment any longer, nor behind what is less urgent."""
    await tx.executemany(
        "UPDATE outbox SET due = NULL, priority = min(priority, ?)"
        " WHERE state = 'waiting' AND kind = ? AND user_id = ? AND subject_id = ?",
        [(priority, kind, user_id, subject_id) for user_id, subject_id in rows],
    )


def read(row: Row) -> Notice:
    """A row as it was read."""
    fields: dict[str, Any] = {name: row[name] for name in Notice.model_fields}
    for name in ("moment", "expires"):
        fields[name] = times.moment_or_none(fields[name])
    return Notice.model_validate(fields)
