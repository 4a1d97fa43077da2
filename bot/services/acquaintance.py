"""Users as they come and go."""

from datetime import datetime

from bot.domain.model import Lang
from bot.domain.user import User
from bot.store import outbox, users
from bot.store.database import Connection, Database


async def meet(db: Database, channel: str, address: str, guess: Lang, *, now: datetime) -> User:
    """The user at this address, known from now on. `guess` is their language until they choose one.

    Writes only when there is something to write, so that a question costs no transaction.
    """
    user = await known(db, channel, address)
    if user is not None and user.reachable and (user.chosen or user.lang == guess):
        return user
    async with db.transaction() as tx:
        user = await users.meet(tx, channel, address, guess, now=now)
        if not user.reachable:
            await _is_back(tx, user, now=now)
            user = user.model_copy(update={"reachable": True})
    return user


async def known(db: Database, channel: str, address: str) -> User | None:
    """The user at this address, if they were ever met."""
    return await users.find(db.reader, channel, address)


async def set_reachable(db: Database, user: User, *, reachable: bool, now: datetime) -> None:
    """Record that a user blocked the bot, or came back: then what could not reach them meanwhile goes again."""
    if user.reachable == reachable:
        return
    async with db.transaction() as tx:
        if reachable:
            await _is_back(tx, user, now=now)
        else:
            await users.set_reachable(tx, user.id, reachable=False)


async def _is_back(tx: Connection, user: User, *, now: datetime) -> None:
    await users.set_reachable(tx, user.id, reachable=True)
    await outbox.revive(tx, user.id, now=now)
