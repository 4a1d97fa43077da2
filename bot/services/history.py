"""What was changed and by whom, and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.problem import Problem
from bot.domain.user import User
from bot.services import changes
from bot.services.changes import Preview
from bot.store import changes as rows
from bot.store import users
from bot.store.changes import Change
from bot.store.database import Connection, Database

LATEST = 50
"""Changes that are looked back on."""


@dataclass(frozen=True)
class Recorded:
    """A change, and what whoever made it is called; "" where nobody knows."""

    change: Change
    name: str = ""


async def latest(db: Database) -> list[Recorded]:
    """The newest first."""
    async with db.snapshot() as conn:
        return await _named(conn, await rows.latest(conn, LATEST))


async def undo(db: Database, number: int | None, *, by: User, now: datetime) -> tuple[Preview, Recorded]:
    """The preview of taking a change back, and that change: without a number the latest of one's own, or anybody's.

    Raises Problem `change.nothing-to-undo`, `change.gone`, `change.undone`; `change.undo-stale` where something else
    has been made of it since.
    """
    async with db.transaction() as tx:
        found = await rows.get(tx, number) if number is not None else await rows.undoable(tx, by.id)
        if found is None:
            raise Problem("change.gone" if number is not None else "change.nothing-to-undo")
        try:
            seen = await changes.preview(db, await changes.undoing(db, found.id), by=by, now=now)
        except Problem as problem:
            raise (Problem("change.undo-stale") if problem.key == "change.stale" else problem) from None
        (undone,) = await _named(tx, [found])
    return seen, undone


async def _named(conn: Connection, made: Sequence[Change]) -> list[Recorded]:
    known = await users.by_ids(conn, {one.user_id for one in made if one.user_id is not None})
    names = {user.id: user.name for user in known.values()}
    return [Recorded(one, names.get(one.user_id or 0, "")) for one in made]
