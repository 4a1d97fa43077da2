"""Who is due to be reminded: a query over stars, talks and each user's lead. Nothing of it is stored."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from aiosqlite import Connection

from bot.domain.stars import Kind


@dataclass(frozen=True)
class Due:
    """A user and something starred that they have not been reminded of; `due` in milliseconds since the epoch."""

    user_id: int
    kind: Kind
    subject_id: int
    due: int


async def to_remind(conn: Connection, soon: Sequence[tuple[Kind, int, int, int, str]]) -> list[Due]:
    """Who must be reminded of which of these and was not yet: a query over stars and each user's lead.

    soon  (kind, id, id of its slot, start in milliseconds since the epoch, official start as text).
    """
    rows = await conn.execute_fetchall(
        """
        WITH soon (kind, id, slot_id, start, official) AS (
            SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)
        ),
        wanted AS (
            SELECT stars.user_id, soon.*
              FROM soon
              JOIN stars ON stars.kind = soon.kind AND stars.subject_id = soon.id AND stars.starred = 1
             UNION
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
            SELECT wanted.*, start - users.lead * 60000 AS due,
                   'reminder:' || wanted.user_id || ':' || wanted.kind || ':' || wanted.id || ':' || official AS key
              FROM wanted
              JOIN users ON users.id = wanted.user_id
             WHERE users.reminders = 1 AND users.reachable = 1
        )
        SELECT user_id, kind, id, due
          FROM keyed
         WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.key = keyed.key)
         ORDER BY due, start, user_id
        """,
        (json.dumps(soon),),
    )
    return [Due(row["user_id"], row["kind"], row["id"], row["due"]) for row in rows]
