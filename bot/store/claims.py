"""Who says that they are somebody of the programme. There is one claim of a user to a person, whatever became of it."""

from collections.abc import Iterable
from datetime import datetime
from sqlite3 import Row

from aiosqlite import Connection

from bot.domain.team import Claim
from bot.store import times
from bot.store.json_list import json_list

_CLAIM = "id, user_id, person_id, state, decided_by"


async def make(tx: Connection, user_id: int, person_id: int, *, now: datetime) -> Claim:
    """A claim that is open; one that was ended is opened again."""
    rows = await tx.execute_fetchall(
        f"""
        INSERT INTO claims (user_id, person_id, made)
             VALUES (?, ?, ?)
        ON CONFLICT (user_id, person_id)
          DO UPDATE SET state = 'open', made = excluded.made, decided = NULL, decided_by = NULL
          RETURNING {_CLAIM}
        """,  # noqa: S608 - ours
        (user_id, person_id, times.text(now)),
    )
    return _claim(next(iter(rows)))


async def get(conn: Connection, claim_id: int) -> Claim | None:
    rows = await conn.execute_fetchall(f"SELECT {_CLAIM} FROM claims WHERE id = ?", (claim_id,))  # noqa: S608 - ours
    return next((_claim(row) for row in rows), None)


async def of_user(conn: Connection, user_id: int) -> list[Claim]:
    rows = await conn.execute_fetchall(f"SELECT {_CLAIM} FROM claims WHERE user_id = ? ORDER BY id", (user_id,))  # noqa: S608 - ours
    return [_claim(row) for row in rows]


async def waiting(conn: Connection) -> list[Claim]:
    """The open claims, the oldest first."""
    rows = await conn.execute_fetchall(f"SELECT {_CLAIM} FROM claims WHERE state = 'open' ORDER BY made, id")  # noqa: S608 - ours
    return [_claim(row) for row in rows]


async def confirmed(conn: Connection) -> list[Claim]:
    rows = await conn.execute_fetchall(f"SELECT {_CLAIM} FROM claims WHERE state = 'confirmed' ORDER BY id")  # noqa: S608 - ours
    return [_claim(row) for row in rows]


async def settle(
    tx: Connection, claim_id: int, state: str, *, over: Iterable[str], by: int | None, now: datetime
) -> bool:
    """Give a claim another state, if it is in one of `over`. Whether it was."""
    rows = await tx.execute_fetchall(
        """
        UPDATE claims
           SET state = ?, decided_by = ?, decided = ?
         WHERE id = ? AND state IN (SELECT value FROM json_each(?))
        RETURNING id
        """,
        (state, by, times.text(now), claim_id, json_list(over)),
    )
    return bool(list(rows))


def _claim(row: Row) -> Claim:
    return Claim.model_validate(dict(row))
