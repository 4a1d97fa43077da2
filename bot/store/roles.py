"""Who may do what, and the one-time links by which they come to it."""

from collections.abc import Iterable
from datetime import datetime

from aiosqlite import Connection

from bot.domain.team import Holding, Invitation, Role
from bot.store import times
from bot.store.json_list import json_list

_INVITATION = "id, role, subject_id, made_by, expires, used, revoked"


async def of(conn: Connection, user_id: int) -> list[Holding]:
    return (await of_users(conn, [user_id]))[user_id]


async def of_users(conn: Connection, user_ids: Iterable[int]) -> dict[int, list[Holding]]:
    """What each of these users holds."""
    wanted = list(user_ids)
    found: dict[int, list[Holding]] = {user_id: [] for user_id in wanted}
    rows = await conn.execute_fetchall(
        """
        SELECT user_id, role, subject_id, person_id
          FROM roles
         WHERE user_id IN (SELECT value FROM json_each(?))
         ORDER BY role, subject_id
        """,
        (json_list(wanted),),
    )
    for row in rows:
        found[row["user_id"]].append(Holding.model_validate(dict(row)))
    return found


async def holds(conn: Connection, one: Holding) -> bool:
    rows = await conn.execute_fetchall(
        "SELECT 1 FROM roles WHERE user_id = ? AND role = ? AND subject_id = ?", (one.user_id, one.role, one.subject_id)
    )
    return bool(list(rows))


async def everybody(conn: Connection) -> list[Holding]:
    rows = await conn.execute_fetchall(
        "SELECT user_id, role, subject_id, person_id FROM roles ORDER BY role, subject_id, user_id"
    )
    return [Holding.model_validate(dict(row)) for row in rows]


async def holders(conn: Connection, role: Role, subjects: Iterable[int]) -> list[Holding]:
    rows = await conn.execute_fetchall(
        """
        SELECT user_id, role, subject_id, person_id
          FROM roles
         WHERE role = ? AND subject_id IN (SELECT value FROM json_each(?))
         ORDER BY user_id, subject_id
        """,
        (role, json_list(subjects)),
    )
    return [Holding.model_validate(dict(row)) for row in rows]


async def grant(
    tx: Connection, user_id: int, role: Role, subject_id: int, *, now: datetime, person_id: int | None = None
) -> bool:
    """Give a role. False where it was held already; it stays as it came."""
    rows = await tx.execute_fetchall(
        "INSERT INTO roles (user_id, role, subject_id, since, person_id) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING RETURNING user_id",
        (user_id, role, subject_id, times.text(now), person_id),
    )
    return bool(list(rows))


async def take(tx: Connection, user_id: int, role: Role, subject_id: int) -> None:
    await tx.execute_fetchall(
        "DELETE FROM roles WHERE user_id = ? AND role = ? AND subject_id = ?", (user_id, role, subject_id)
    )


async def end_of_person(tx: Connection, user_id: int, person_id: int) -> None:
    """Take all roles that a user has for being a person."""
    await tx.execute_fetchall("DELETE FROM roles WHERE user_id = ? AND person_id = ?", (user_id, person_id))


async def invite(
    tx: Connection, digest: str, role: Role, subject_id: int, *, by: int | None, expires: datetime, now: datetime
) -> Invitation:
    """Keep the hash of a link."""
    rows = await tx.execute_fetchall(
        f"""
        INSERT INTO invitations (hash, role, subject_id, made_by, made, expires)
             VALUES (?, ?, ?, ?, ?, ?)
          RETURNING {_INVITATION}
        """,  # noqa: S608 - ours
        (digest, role, subject_id, by, times.text(now), times.text(expires)),
    )
    return Invitation.model_validate(dict(next(iter(rows))))


async def invitation(conn: Connection, digest: str) -> Invitation | None:
    """The invitation whose link has this hash."""
    rows = await conn.execute_fetchall(f"SELECT {_INVITATION} FROM invitations WHERE hash = ?", (digest,))  # noqa: S608 - ours
    return next((Invitation.model_validate(dict(row)) for row in rows), None)


async def redeem(tx: Connection, invitation_id: int, user_id: int, *, now: datetime) -> None:
    """A link was used. Whether it may be is for its caller to see."""
    await tx.execute_fetchall(
        "UPDATE invitations SET used_by = ?, used = ? WHERE id = ?", (user_id, times.text(now), invitation_id)
    )


async def open_invitations(conn: Connection, *, now: datetime) -> list[Invitation]:
    rows = await conn.execute_fetchall(
        f"""
        SELECT {_INVITATION}
          FROM invitations
         WHERE revoked = 0 AND used IS NULL AND expires > ?
         ORDER BY id
        """,  # noqa: S608 - ours
        (times.text(now),),
    )
    return [Invitation.model_validate(dict(row)) for row in rows]


async def revoke(tx: Connection, invitation_id: int) -> None:
    """A link that nobody used works no more; one that was used is not what gives the role any longer."""
    await tx.execute_fetchall("UPDATE invitations SET revoked = 1 WHERE id = ? AND used IS NULL", (invitation_id,))
