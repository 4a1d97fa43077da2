"""The menus of staff: what each chat's should list is a query, and what it lists is a row."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256

from bot.domain.model import Lang
from bot.store import menus
from bot.store.database import Connection, Database


class Menus:
    """What staff are to see in theirs.

    owners    the addresses on Telegram of the owners, who are staff.
    commands  what is listed, with what it does, by language.
    """

    def __init__(
        self, db: Database, owners: Collection[int], commands: Mapping[Lang, Sequence[tuple[str, str]]]
    ) -> None:
        self.commands = commands
        self._digest = sha256(repr(commands).encode()).hexdigest()
        self._db = db
        self._owners = [str(one) for one in owners]
        self._wrong = asyncio.Event()

    async def look(self, conn: Connection) -> None:
        """See whether a menu is not as it should be, and wake whoever waits for that."""
        if await menus.due(conn, self._owners, self._digest):
            self._wrong.set()

    async def due(self) -> list[tuple[str, bool]]:
        """Wait until there are chats whose menu should change; which, and whether it should be that of staff."""
        await self._wrong.wait()
        self._wrong.clear()
        return await menus.due(self._db.reader, self._owners, self._digest)

    async def done(self, address: str, *, staff: bool) -> None:
        async with self._db.transaction() as tx:
            await menus.set_shown(tx, address, self._digest if staff else None)
