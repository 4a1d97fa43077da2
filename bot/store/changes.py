"""Recorded edits of the published programme."""

import json
from datetime import datetime
from typing import Any, Literal

from aiosqlite import Connection

from bot.domain.model import Model
from bot.domain.stars import Kind
from bot.store import times

ChangeKind = Literal["move", "retime", "cancel", "restore"]
Facts = dict[str, Any]


class Change(Model):
    """One edit: who, when, what it was before and after. `undoes` is the change it takes back."""

    id: int
    at: datetime
    user_id: int | None
    kind: str
    subject: Kind
    subject_id: int
    before: Facts
    after: Facts
    undoes: int | None


async def record(
    tx: Connection,
    kind: ChangeKind,
    subject: tuple[Kind, int],
    before: Facts,
    after: Facts,
    *,
    by: int | None,
    now: datetime,
) -> Change:
    rows = await tx.execute_fetchall(
        """
        INSERT INTO changes (at, user_id, kind, subject, subject_id, before, after)
             VALUES (?, ?, ?, ?, ?, ?, ?)
          RETURNING id
        """,
        (times.text(now), by, kind, *subject, json.dumps(before), json.dumps(after)),
    )
    number = next(iter(rows))["id"]
    return Change(
        id=number,
        at=now,
        user_id=by,
        kind=kind,
        subject=subject[0],
        subject_id=subject[1],
        before=before,
        after=after,
        undoes=None,
    )
