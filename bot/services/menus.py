"""The menus of staff: what each chat's should list is a query, and what it lists is a row."""

import asyncio
from collections.abc import Collection
from hashlib import sha256

from bot.domain.model import LANGS, Lang
from bot.replies.desk import HELP, STAFF
from bot.replies.words import word
from bot.store import menus
from bot.store.database import Connection, Database

COMMANDS: dict[Lang, tuple[tuple[str, str], ...]] = {
    lang: tuple((name, word(lang, f"help.{name}")) for name in (*STAFF, *HELP)) for lang in LANGS
}
"""The commands of staff before everybody's, with what they do, by language."""
_DIGEST = sha256(repr(COMMANDS).encode()).hexdigest()


class Menus:
    """`owners`: the addresses on Telegram of the owners, who are staff."""

    def __init__(self, db: Database, owners: Collection[int]) -> None:
        self._db = db
        self._owners = [str(one) for one in owners]
        self._wrong = asyncio.Event()

    async def look(self, conn: Connection) -> None:
        """See whether a menu is not as it should be, and wake whoever waits for that."""
        if await menus.due(conn, self._owners, _DIGEST):
            self._wrong.set()

    async def due(self) -> list[tuple[str, bool]]:
        """Wait until there are chats whose menu should change; which, and whether it should be that of staff."""
        await self._wrong.wait()
        self._wrong.clear()
        return await menus.due(self._db.reader, self._owners, _DIGEST)

    async def done(self, address: str, *, staff: bool) -> None:
        async with self._db.transaction() as tx:
            await menus.set_shown(tx, address, _DIGEST if staff else None)
