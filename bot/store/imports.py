"""Programme files that came: the last one that was taken, and those about which somebody is still asked."""

import json
from collections.abc import Iterable

from aiosqlite import Connection

from bot.domain.model import Model
from bot.domain.programme import Programme


class Import(Model):
    """A file that came. `programme` has the ids of this database; `taken` names the questions answered for the file."""

    file: str
    programme: Programme
    taken: tuple[str, ...]
    state: str


async def begin(tx: Connection, file: str, programme: Programme, *, by: int | None) -> int:
    """Keep a file until somebody says yes or no. Returns its number."""
    rows = await tx.execute_fetchall(
        "INSERT INTO imports (user_id, file, programme) VALUES (?, ?, ?) RETURNING id",
        (by, file, programme.model_dump_json()),
    )
    number: int = next(iter(rows))["id"]
    return number


async def get(conn: Connection, import_id: int) -> Import | None:
    rows = await conn.execute_fetchall("SELECT * FROM imports WHERE id = ?", (import_id,))
    for row in rows:
        return Import(
            file=row["file"],
            programme=Programme.model_validate_json(row["programme"]),
            taken=tuple(json.loads(row["taken"])),
            state=row["state"],
        )
    return None


async def last(conn: Connection) -> Programme | None:
    """The last file that was taken."""
    rows = await conn.execute_fetchall("SELECT programme FROM imports WHERE state = 'done' ORDER BY id DESC LIMIT 1")
    return next((Programme.model_validate_json(row["programme"]) for row in rows), None)


async def decide(tx: Connection, import_id: int, programme: Programme, taken: Iterable[str]) -> None:
    """The file with the ids it has by now, and which questions are answered for it."""
    await tx.execute_fetchall(
        "UPDATE imports SET programme = ?, taken = ? WHERE id = ?",
        (programme.model_dump_json(), json.dumps(list(taken)), import_id),
    )


async def take(tx: Connection, import_id: int) -> None:
    """The file is the last one from now on; those before it are of no use any more."""
    await tx.execute_fetchall("DELETE FROM imports WHERE state = 'done' OR id < ?", (import_id,))
    await tx.execute_fetchall("UPDATE imports SET state = 'done' WHERE id = ?", (import_id,))


async def forget(tx: Connection, import_id: int) -> None:
    """A file that says the same as the last one."""
    await tx.execute_fetchall("DELETE FROM imports WHERE id = ?", (import_id,))
