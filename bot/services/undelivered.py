"""What becomes of rows whose message did not arrive."""

from datetime import datetime

import structlog

from bot.services.channel import Blocked, InDoubt, Later, Moved, NotWritten, Refused, Undelivered, Withdrawn
from bot.services.parcel import Parcel
from bot.store import cards, outbox, users
from bot.store.database import Connection

log = structlog.get_logger(__name__)


async def settle(tx: Connection, parcel: Parcel, outcome: Undelivered, *, now: datetime) -> None:
    """In doubt or to go again, failed, or wanted by nobody any more."""
    reason = outcome.reason
    if isinstance(outcome, InDoubt):
        await outbox.put_back(tx, parcel.rows, reason, doubtful=True)
        return
    if isinstance(outcome, Moved):
        await _move(tx, parcel, reason)
    if isinstance(outcome, NotWritten | Later | Moved):
        await outbox.put_back(tx, parcel.rows, reason, doubtful=False)
        return
    deleted = isinstance(outcome, Refused) and parcel.card is not None and parcel.edits is not None
    if deleted:
        # Whoever deleted their card does not want it; that is no trouble for anybody to look into.
        await cards.forget(tx, parcel.user.id)
    if deleted or isinstance(outcome, Withdrawn):
        await outbox.settle(tx, dict.fromkeys(parcel.rows, ("dropped", reason)), now=now)
        return
    if isinstance(outcome, Blocked):
        await users.set_reachable(tx, parcel.user.id, reachable=False)
        reason = outbox.BLOCKED
    await outbox.settle(tx, dict.fromkeys(parcel.rows, ("failed", reason)), now=now)
    log.warning("notice failed", rows=parcel.rows, reason=reason)


async def _move(tx: Connection, parcel: Parcel, address: str) -> None:
    """A group that is told something under its old number may be known by its new one since the last time."""
    if await users.set_address(tx, parcel.user.id, address):
        return
    known = (await users.at(tx, parcel.user.channel, [address])).get(address)
    if known is not None:
        await users.set_reachable(tx, known.id, reachable=True)
        await outbox.pass_on(tx, parcel.rows, known.id)
