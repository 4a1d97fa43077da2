"""Who is due to be reminded: a query over stars, talks and each user's lead. Nothing of it is stored.

A reminder that was dropped or came too late when it was claimed was told to nobody: it is due again as long as all
else says so. One that was dropped for a reason was told in another way.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

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

    A talk whose estimate was made official without moving it is the same to whoever was reminded of it.
    """
    rows = await conn.execute_fetchall(
        """
        WITH soon (kind, id, slot_id, start, moment, official, printed) AS (
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
                    WHERE outbox.key = keyed.key || official
                      AND NOT (state IN ('dropped', 'expired') AND reason IS NULL)
               )
           AND (printed = official OR NOT EXISTS (
                   SELECT 1 FROM outbox
                    WHERE outbox.key = keyed.key || printed AND outbox.moment = keyed.moment
                      AND NOT (state IN ('dropped', 'expired') AND reason IS NULL)
               ))
         ORDER BY due, start, user_id, kind, id
        """,
        (json.dumps([_columns(one) for one in soon]), until),
    )
    return [Due(row["user_id"], row["kind"], row["id"], row["due"], bool(row["same_room"])) for row in rows]


async def leads(conn: Connection) -> list[int]:
    """How many minutes before a start anybody wants to be reminded."""
    rows = await conn.execute_fetchall("SELECT DISTINCT lead FROM users WHERE reminders = 1 AND reachable = 1")
    return [row["lead"] for row in rows]


def _columns(one: Subject) -> tuple[Kind, int, int, int, str, str, str]:
    """Its start in milliseconds since the epoch and as text; the official start, its own or its slot's; its slot's."""
    milliseconds = round(one.start.timestamp() * 1000)
    moments = (one.start, one.official, one.slot.start)
    start, official, printed = map(times.text, moments)
    return one.kind, one.id, one.slot.id, milliseconds, start, official, printed
