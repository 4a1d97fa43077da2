"""In which private chats on Telegram the menu lists the commands of staff."""

from collections.abc import Iterable

from aiosqlite import Connection

from bot.store.json_list import json_list


async def due(conn: Connection, owners: Iterable[str], shown: str) -> list[tuple[str, bool]]:
    """The chats whose menu is not as it should be, and whether it should list the commands of staff.

    shown  a digest of these commands, with their words.
    """
    rows = await conn.execute_fetchall(
        """
        WITH staff AS (
            SELECT address, reachable
              FROM users
             WHERE channel = 'telegram'
               AND (id IN (SELECT user_id FROM roles WHERE role = 'staff')
                    OR address IN (SELECT value FROM json_each(?1)))
        )
        SELECT address, 1 AS staff FROM staff
         WHERE reachable = 1
           AND NOT EXISTS (SELECT 1 FROM menus WHERE menus.address = staff.address AND menus.shown = ?2)
         UNION ALL
        SELECT address, 0 AS staff FROM menus WHERE address NOT IN (SELECT address FROM staff)
         ORDER BY address
        """,
        (json_list(owners), shown),
    )
    return [(row["address"], bool(row["staff"])) for row in rows]


async def set_shown(tx: Connection, address: str, shown: str | None) -> None:
    """What the menu of a chat lists now; None for what everybody's does."""
    if shown is None:
        await tx.execute_fetchall("DELETE FROM menus WHERE address = ?", (address,))
        return
    await tx.execute_fetchall(
        "INSERT INTO menus (address, shown) VALUES (?, ?) ON CONFLICT (address) DO UPDATE SET shown = excluded.shown",
        (address, shown),
    )
