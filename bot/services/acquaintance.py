"""Users as they come and go."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.model import Lang
from bot.domain.user import User
from bot.store import outbox, users
from bot.store.database import Database


async def meet(
    db: Database,
    channel: str,
    address: str,
    guess: Lang,
    *,
    now: datetime,
    reachable: bool = True,
    returned: Callable[[], None] | None = None,
) -> User:
    """The user at this address, known from now on. `guess` is their language until they choose one.

    Writes only when there is something to write, so that a question costs no transaction.

    reachable  whether meeting them here means that the bot can write to them.
    returned   called when it could not until now: what waited for them may go.
    """
    user = await known(db, channel, address)
    if user is not None and (user.reachable or not reachable) and (user.chosen or user.lang == guess):
        return user
    async with db.transaction() as tx:
        user = await users.meet(tx, channel, address, guess, now=now, reachable=reachable)
        is_back = reachable and not user.reachable
        if is_back:
            await users.set_reachable(tx, user.id, reachable=True)
            await outbox.revive(tx, user.id, now=now)
            user = user.model_copy(update={"reachable": True})
    if is_back and returned is not None:
        returned()
    return user


async def known(db: Database, channel: str, address: str) -> User | None:
    """The user at this address, if they were ever met."""
    return await users.find(db.reader, channel, address)


async def is_away(db: Database, user: User) -> None:
    """Record that the bot can't write to a user any more, until they are met again."""
    if user.reachable:
        async with db.transaction() as tx:
            await users.set_reachable(tx, user.id, reachable=False)
