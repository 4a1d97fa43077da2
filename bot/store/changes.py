"""Recorded edits of the published programme, and edits that await somebody's word."""

import json
from datetime import datetime
from sqlite3 import Row

from aiosqlite import Connection

from bot.domain.edits import Edit, Plan, Setting
from bot.domain.model import Model
from bot.store import times


class Change(Model):
    """One edit that was made.

    undoes   the change it takes back. undone: the change that took this one back.
    people   how many users it concerned. due: the moment from which they are told; None when nobody is.
    """

    id: int
    at: datetime
    user_id: int | None
    kind: str
    edit: Edit
    reason: str
    undoes: int | None
    undone: int | None = None
    people: int = 0
    due: datetime | None = None


class Draft(Model):
    """A plan that was shown to a user. `change_id`: the change that came of it."""

    id: int
    user_id: int
    plan: Plan
    state: str
    change_id: int | None = None


_SELECT = "SELECT changes.*, (SELECT id FROM changes AS back WHERE back.undoes = changes.id) AS undone FROM changes"


async def record(
    tx: Connection, plan: Plan, *, by: int | None, people: int, due: datetime | None, now: datetime
) -> Change:
    rows = await tx.execute_fetchall(
        """
        INSERT INTO changes (at, user_id, kind, edit, reason, undoes, people, due)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          RETURNING *, NULL AS undone
        """,
        (
            times.text(now),
            by,
            plan.kind,
            _text(plan.edit),
            plan.reason,
            plan.undoes,
            people,
            times.text(due),
        ),
    )
    return _change(next(iter(rows)))


async def get(conn: Connection, change_id: int) -> Change | None:
    rows = list(await conn.execute_fetchall(f"{_SELECT} WHERE id = ?", (change_id,)))
    return _change(rows[0]) if rows else None


async def latest(conn: Connection, limit: int) -> list[Change]:
    """The newest first."""
    rows = await conn.execute_fetchall(f"{_SELECT} ORDER BY id DESC LIMIT ?", (limit,))
    return [_change(row) for row in rows]


async def undoable(conn: Connection, user_id: int) -> Change | None:
    """The newest change that was not taken back and takes none back: the user's own, or else anybody's."""
    rows = await conn.execute_fetchall(
        f"""
        {_SELECT}
         WHERE undoes IS NULL AND undone IS NULL
         ORDER BY coalesce(user_id = ?, 0) DESC, id DESC
         LIMIT 1
        """,
        (user_id,),
    )
    return next((_change(row) for row in rows), None)


async def is_undone(conn: Connection, change_id: int) -> bool:
    return bool(list(await conn.execute_fetchall("SELECT 1 FROM changes WHERE undoes = ?", (change_id,))))


async def draft(tx: Connection, plan: Plan, *, by: int, now: datetime) -> int:
    """Keep a plan until its author says yes or no. Returns its number."""
    rows = await tx.execute_fetchall(
        """
        INSERT INTO drafts (user_id, kind, edit, reason, asked, undoes, made)
             VALUES (?, ?, ?, ?, ?, ?, ?)
          RETURNING id
        """,
        (by, plan.kind, _text(plan.edit), plan.reason, plan.asked, plan.undoes, times.text(now)),
    )
    number: int = next(iter(rows))["id"]
    return number


async def get_draft(conn: Connection, draft_id: int) -> Draft | None:
    rows = list(await conn.execute_fetchall("SELECT * FROM drafts WHERE id = ?", (draft_id,)))
    if not rows:
        return None
    row = rows[0]
    plan = Plan(
        kind=row["kind"], edit=_edit(row["edit"]), reason=row["reason"], asked=row["asked"], undoes=row["undoes"]
    )
    return Draft(id=row["id"], user_id=row["user_id"], plan=plan, state=row["state"], change_id=row["change_id"])


async def came_of(tx: Connection, draft_id: int, change_id: int) -> None:
    """Remember the change that a draft became."""
    await tx.execute_fetchall("UPDATE drafts SET change_id = ? WHERE id = ?", (change_id, draft_id))


async def drop_drafts(tx: Connection, user_id: int) -> bool:
    """Drop every open draft of a user. Whether there was one."""
    rows = await tx.execute_fetchall(
        "UPDATE drafts SET state = 'dropped' WHERE user_id = ? AND state = 'open' RETURNING id", (user_id,)
    )
    return bool(list(rows))


async def close_draft(tx: Connection, draft_id: int, state: str) -> bool:
    """End an open draft. False when it is no longer open: somebody has done so before."""
    rows = await tx.execute_fetchall(
        "UPDATE drafts SET state = ? WHERE id = ? AND state = 'open' RETURNING id", (state, draft_id)
    )
    return bool(list(rows))


def _text(edit: Edit) -> str:
    return json.dumps([setting.model_dump(mode="json") for setting in edit], ensure_ascii=False)


def _edit(text: str) -> Edit:
    return tuple(Setting.model_validate(one) for one in json.loads(text))


def _change(row: Row) -> Change:
    return Change(
        id=row["id"],
        at=times.moment(row["at"]),
        user_id=row["user_id"],
        kind=row["kind"],
        edit=_edit(row["edit"]),
        reason=row["reason"],
        undoes=row["undoes"],
        undone=row["undone"],
        people=row["people"],
        due=times.moment_or_none(row["due"]),
    )
