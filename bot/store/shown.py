"""What messages in the chats show, where something was written over it."""

from collections.abc import Collection

from aiosqlite import Connection

from bot.store.json_list import json_list


async def forget(tx: Connection, kind: str, channel: str, places: Collection[tuple[str, str]]) -> set[int | None]:
    """It is not known any more what messages of a kind show, by address and number. Their subjects, if it was known."""
    if not places:
        return set()
    rows = await tx.execute_fetchall(
        """
        UPDATE outbox
           SET shown = NULL
         WHERE id IN (
               SELECT outbox.id
                 FROM json_each(?) AS place
                 JOIN users ON users.channel = ? AND users.address = json_extract(place.value, '$[0]')
                 JOIN outbox ON outbox.user_id = users.id AND outbox.message = json_extract(place.value, '$[1]')
                WHERE outbox.kind = ? AND outbox.shown IS NOT NULL
               )
        RETURNING subject_id
        """,
        (json_list(places), channel, kind),
    )
    return {row["subject_id"] for row in rows}
