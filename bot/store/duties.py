"""Who is due to be told of their own talk or session: a query over roles and the programme. Nothing of it is stored.

Who was told already, and whose start has moved by less than the lead since, has what they need: the change itself is
told in its own notice.
"""

import json
from collections.abc import Iterable, Sequence

from aiosqlite import Connection

from bot.domain.stars import Subject
from bot.domain.team import Holding, Role
from bot.store import times


async def to_tell(conn: Connection, soon: Sequence[tuple[Role, Subject]], *, lead_minutes: int) -> list[Holding]:
    """Who has which of these duties, was not told of it yet and can be reached."""
    rows = await conn.execute_fetchall(
        """
        WITH soon (role, kind, id, start) AS (
            SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)
        )
        SELECT roles.user_id, roles.role, roles.subject_id, roles.person_id
          FROM soon
          JOIN roles ON roles.role = soon.role AND roles.subject_id = soon.id
          JOIN users ON users.id = roles.user_id AND users.reachable = 1
         WHERE NOT EXISTS (
                   SELECT 1 FROM outbox
                    WHERE outbox.user_id = roles.user_id AND outbox.kind = 'duty'
                      AND outbox.subject = soon.kind AND outbox.subject_id = soon.id
                      AND state NOT IN ('dropped', 'expired')
                      AND abs(julianday(outbox.moment) - julianday(soon.start)) * 1440 < ?
               )
         ORDER BY soon.start, roles.user_id, roles.role, roles.subject_id
        """,
        (json.dumps([(role, one.kind, one.id, times.text(one.start)) for role, one in soon]), lead_minutes),
    )
    return [Holding.model_validate(dict(row)) for row in rows]


async def held(conn: Connection) -> Iterable[tuple[Role, int]]:
    """Every session that has a chair and every talk that has a speaker among the users."""
    rows = await conn.execute_fetchall("SELECT DISTINCT role, subject_id FROM roles WHERE role <> 'staff'")
    return [(row["role"], row["subject_id"]) for row in rows]
