"""Who is due to be reminded: a query over stars, talks and each user's lead. Nothing of it is stored.

A reminder that was dropped or came too late when it was claimed was told to nobody: it is due again as long as all
else says so. One that was dropped for a reason was told in another way.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from bot.domain.stars import Kind, Subject
from bot.store import times


@dataclass(frozen=True)
class Due:
    """A user and something starred that they have not been reminded of; `due` in milliseconds since the epoch.

    same_room  whether they want to be reminded of what follows in the room they are in anyway.
    """

    user_id: int
    kind: Kind
    subject_id: int
    due: int
    same_room: bool


async def to_remind(conn: Connection, soon: Sequence[Subject], *, until: int) -> list[Due]:
    """Who must be reminded of which of these and was not yet, in the order in which they are due: `until` when.

    A talk whose estimate was made official without moving it, or the other way round, is the same to whoever was
    reminded of it.
    """
    rows = await conn.execute_fetchall(
        """
        WITH soon (kind, id, slot_id, start, moment, fact, other) AS (
            SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
              FROM json_each(?)
        ),
        wanted AS (
            SELECT stars.user_id, soon.*
              FROM soon
              JOIN stars ON stars.kind = soon.kind AND stars.subject_id = soon.id AND stars.starred = 1
             UNION ALL
            SELECT stars.user_id, soon.*
              FROM soon
              JOIN stars ON stars.kind = 'slot' AND stars.subject_id = soon.slot_id AND stars.starred = 1
             WHERE soon.kind = 'talk'
               AND NOT EXISTS (
                   SELECT 1 FROM stars AS own
                    WHERE own.user_id = stars.user_id AND own.kind = 'talk' AND own.subject_id = soon.id
               )
        ),
        keyed AS (
            SELECT wanted.*, users.same_room, start - users.lead * 60000 AS due,
                   'reminder:' || wanted.user_id || ':' || wanted.kind || ':' || wanted.id || ':' AS key
              FROM wanted
              JOIN users ON users.id = wanted.user_id
             WHERE users.reminders = 1 AND users.reachable = 1 AND start - users.lead * 60000 <= ?
        )
        SELECT user_id, kind, id, due, same_room
          FROM keyed
         WHERE NOT EXISTS (
                   SELECT 1 FROM outbox
                    WHERE outbox.key = keyed.key || fact
                      AND NOT (state IN ('dropped', 'expired') AND reason IS NULL)
               )
           AND NOT EXISTS (
                   SELECT 1 FROM outbox
                    WHERE outbox.key = keyed.key || other AND outbox.moment = keyed.moment
                      AND NOT (state IN ('dropped', 'expired') AND reason IS NULL)
               )
         ORDER BY due, start, user_id, kind, id
        """,
        (json.dumps([_columns(one) for one in soon]), until),
    )
    return [Due(row["user_id"], row["kind"], row["id"], row["due"], bool(row["same_room"])) for row in rows]


async def leads(conn: Connection) -> list[int]:
    """How many minutes before a start anybody wants to be reminded."""
    rows = await conn.execute_fetchall("SELECT DISTINCT lead FROM users WHERE reminders = 1 AND reachable = 1")
    return [row["lead"] for row in rows]


def fact(one: Subject) -> str:
    """What a reminder is of, as its key names it: the official start, and whether a talk has it for its own.

    A talk without one is its share of its session, wherever the estimate puts it.
    """
    return _own(one.official) if _has_its_own(one) else times.text(one.official)


def _columns(one: Subject) -> tuple[Kind, int, int, int, str, str, str | None]:
    """Its start in milliseconds since the epoch and as text; what it is, and what a talk would be the other way."""
    other = None
    if one.event is not None:
        other = times.text(one.slot.start) if _has_its_own(one) else _own(one.event.planned)
    start = round(one.start.timestamp() * 1000)
    return one.kind, one.id, one.slot.id, start, times.text(one.start), fact(one), other


def _has_its_own(one: Subject) -> bool:
    return one.event is not None and one.event.talk.start is not None


def _own(start: datetime) -> str:
    return f"{times.text(start)}:own"
