"""The card of a user's day: asked for, taken down, and queued for an edit when it may no longer be true."""

from datetime import datetime

from bot.domain.user import User
from bot.store import cards, outbox, programmes
from bot.store.database import Connection, Database
from bot.store.outbox import New

PRIORITY, EDIT_PRIORITY = 15, 95
"""Somebody waits for a new card; an edit can wait for everything that is new to anybody."""


async def ask(db: Database, user: User, *, now: datetime) -> None:
    """Send a user their card, in the place of the one that is there."""
    async with db.transaction() as tx:
        await cards.ask(tx, user.id)
        await queue(tx, now=now)


async def take_down(db: Database, user: User) -> None:
    """Keep a user's card no longer; the message stays theirs."""
    async with db.transaction() as tx:
        await cards.forget(tx, user.id)


async def queue(tx: Connection, *, now: datetime) -> None:
    """A row for every card that may no longer be true; whether it is shows when its words are made."""
    stale = await cards.take_stale(tx, revision=await programmes.revision(tx), now=now)
    rows = [
        New(
            key=f"card:{user_id}",
            kind="card",
            user_id=user_id,
            priority=PRIORITY if new else EDIT_PRIORITY,
        )
        for user_id, new in stale
    ]
    await outbox.reopen(tx, rows, now=now)
