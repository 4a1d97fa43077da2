"""The outbox as staff and operators see it: how much of what, what is stuck and why, and sending that again."""

from collections import defaultdict
from datetime import datetime

from bot.domain.overview import Overview, Stuck
from bot.store import outbox
from bot.store.database import Database


async def see(db: Database, *, now: datetime) -> Overview:
    """The outbox at this moment."""
    async with db.snapshot() as conn:
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        for kind, state, count in await outbox.counts(conn):
            counts[kind][state] = count
        stuck = await outbox.in_trouble(conn, now=now)
        return Overview(
            counts=counts,
            oldest=await outbox.oldest_waiting(conn, now=now),
            stuck=tuple(Stuck(**one.model_dump(include=set(Stuck.model_fields))) for one in stuck),
            blocked=await outbox.blocked(conn),
        )


async def resend(db: Database, notice_id: int | None, *, now: datetime) -> int:
    """Have one stuck notice sent again, or all of them. How many there were: none where that was done before."""
    async with db.transaction() as tx:
        stuck = await outbox.in_trouble(tx, now=now)
        return await outbox.resend(tx, [one.id for one in stuck if notice_id in (None, one.id)])
