"""Who may do what, and the one-time links by which they come to it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from aiosqlite import Connection

from bot.domain.model import Model
from bot.store import times
from bot.store.json_list import json_list

Role = Literal["staff", "chair", "speaker"]


class Holding(Model):
    """A role of a user. `subject_id`: the session of a chair, the talk of a speaker, 0 for staff."""

    user_id: int
    role: Role
    subject_id: int


class Invitation(Model):
    id: int
    role: Role
    subject_id: int
    made_by: int | None
    expires: datetime
    used_by: int | None
    revoked: bool


async def of(conn: Connection, user_id: int) -> list[Holding]:
    rows = await conn.execute_fetchall(
        "SELECT user_id, role, subject_id FROM roles WHERE user_id = ? ORDER BY role, subject_id", (user_id,)
    )
    return [Holding.model_validate(dict(row)) for row in rows]


async def everybody(conn: Connection) -> list[Holding]:
    rows = await conn.execute_fetchall("SELECT user_id, role, subject_id FROM roles ORDER BY role, subject_id, user_id")
    return [Holding.model_validate(dict(row)) for row in rows]


async def holders(conn: Connection, role: Role, subjects: Iterable[int]) -> list[Holding]:
    rows = await conn.execute_fetchall(
        """
        SELECT user_id, role, subject_id
          FROM roles
         WHERE role = ? AND subject_id IN (SELECT value FROM json_each(?))
         ORDER BY user_id, subject_id
        """,
        (role, json_list(subjects)),
    )
    return [Holding.model_validate(dict(row)) for row in rows]


async def grant(tx: Connection, user_id: int, role: Role, subject_id: int, *, now: datetime) -> None:
    await tx.execute_fetchall(
        "INSERT INTO roles (user_id, role, subject_id, since) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (user_id, role, subject_id, times.text(now)),
    )


async def take(tx: Connection, user_id: int, role: Role, subject_id: int) -> None:
    await tx.execute_fetchall(
        "DELETE FROM roles WHERE user_id = ? AND role = ? AND subject_id = ?", (user_id, role, subject_id)
    )


async def invite(
    tx: Connection, digest: str, role: Role, subject_id: int, *, by: int | None, expires: datetime, now: datetime
) -> int:
    """Keep the hash of a link. Returns the invitation's number."""
    rows = await tx.execute_fetchall(
        """
        INSERT INTO invitations (hash, role, subject_id, made_by, made, expires)
             VALUES (?, ?, ?, ?, ?, ?)
          RETURNING id
        """,
        (digest, role, subject_id, by, times.text(now), times.text(expires)),
    )
    number: int = next(iter(rows))["id"]
    return number


async def redeem(tx: Connection, digest: str, user_id: int, *, now: datetime) -> Invitation | None:
    """Use a link, once: None when there is none, or it was used by somebody else, revoked, or is too old."""
    rows = await tx.execute_fetchall(
        """
        UPDATE invitations
           SET used_by = ?1, used = coalesce(used, ?2)
         WHERE hash = ?3 AND revoked = 0 AND expires > ?2 AND (used_by IS NULL OR used_by = ?1)
        RETURNING id, role, subject_id, made_by, expires, used_by, revoked
        """,
        (user_id, times.text(now), digest),
    )
    return next((Invitation.model_validate(dict(row)) for row in rows), None)


async def open_invitations(conn: Connection, *, now: datetime) -> list[Invitation]:
    rows = await conn.execute_fetchall(
        """
        SELECT id, role, subject_id, made_by, expires, used_by, revoked
          FROM invitations
         WHERE revoked = 0 AND used_by IS NULL AND expires > ?
         ORDER BY id
        """,
        (times.text(now),),
    )
    return [Invitation.model_validate(dict(row)) for row in rows]


async def revoke(tx: Connection, invitation_id: int) -> None:
    await tx.execute_fetchall("UPDATE invitations SET revoked = 1 WHERE id = ?", (invitation_id,))
