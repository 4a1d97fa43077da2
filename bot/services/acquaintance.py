"""Users as they come and go."""

from datetime import datetime

from bot.domain.model import Lang
from bot.domain.user import User
from bot.store import users
from bot.store.database import Database


async def meet(db: Database, channel: str, address: str, guess: Lang, *, now: datetime) -> User:
    """The user at this address, known from now on. `guess` is their language until they choose one.

    Writes only when there is something to write, so that a question costs no transaction.
    """
    user = await known(db, channel, address)
    if user is not None and (user.chosen or user.lang == guess):
        return user
    async with db.transaction() as tx:
        return await users.meet(tx, channel, address, guess, now=now)


async def known(db: Database, channel: str, address: str) -> User | None:
    """The user at this address, if they were ever met."""
    return await users.find(db.reader, channel, address)


async def set_reachable(db: Database, user: User, *, reachable: bool) -> None:
    """Record that a user blocked the bot, or came back."""
    if user.reachable != reachable:
        async with db.transaction() as tx:
            await users.set_reachable(tx, user.id, reachable=reachable)
