"""Everything that is kept about one user, whichever table it is in."""

from dataclasses import dataclass
from typing import Any

from aiosqlite import Connection

Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """The rows of one table that name a user. `stays`: they outlive the user, without the name."""

    table: str
    stays: bool
    rows: tuple[Row, ...]


async def everything(conn: Connection, user_id: int) -> list[Part]:
    """Tables are found by their references to users, so that what a later migration adds is not left out."""
    found = [Part("users", stays=False, rows=await _rows(conn, "users", "id", user_id))]
    references = await conn.execute_fetchall(
        """
        SELECT tables.name AS name, reference."from" AS column, reference.on_delete AS on_delete
          FROM sqlite_schema AS tables, pragma_foreign_key_list(tables.name) AS reference
         WHERE tables.type = 'table' AND reference."table" = 'users'
         ORDER BY tables.rowid, reference.seq, reference.id
        """
    )
    for one in references:
        rows = await _rows(conn, one["name"], one["column"], user_id)
        found.append(Part(one["name"], stays=one["on_delete"] != "CASCADE", rows=rows))
    return found


async def _rows(conn: Connection, table: str, column: str, user_id: int) -> tuple[Row, ...]:
    rows = await conn.execute_fetchall(f'SELECT * FROM "{table}" WHERE "{column}" = ?', (user_id,))  # noqa: S608 - from the schema
    return tuple(dict(row) for row in rows)
