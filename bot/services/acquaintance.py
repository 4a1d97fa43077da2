"""Users as they come and go."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.domain.model import Lang
from bot.domain.user import User
from bot.store import outbox, users
from bot.store.database import Connection, Database


class Guest(NamedTuple):
    """Somebody who comes.

    guess      their language until they choose one.
    reachable  whether meeting them here means that the bot can write to them.
    name       what the channel calls them; it is not kept for having come, but a name that is kept stays true.
    """

    address: str
    guess: Lang
    reachable: bool = True
    name: str = ""

    def is_as_known(self, user: User | None) -> bool:
        """Whether there is nothing to write down."""
        if user is None or (self.reachable and not user.reachable):
            return False
        return (user.chosen or user.lang == self.guess) and not self.is_renamed(user)

    def is_renamed(self, user: User) -> bool:
        """Whether the name that is kept of them is no longer theirs."""
        return bool(user.name and self.name and user.name != self.name)


async def meet_all(
    db: Database, channel: str, guests: Sequence[Guest], *, now: datetime, returned: Callable[[], None] | None = None
) -> Mapping[Guest, User]:
    """The users at these addresses, known from now on.

    Writes only when there is something to write, so that a question costs no transaction.

    returned   called when somebody could not be written to until now: what waited for them may go.
    """
    known = await users.at(db.reader, channel, [guest.address for guest in guests])
    met = {guest: user for guest in guests if guest.is_as_known(user := known.get(guest.address)) and user is not None}
    fresh = [guest for guest in guests if guest not in met]
    if not fresh:
        return met
    back = False
    async with db.transaction() as tx:
        found: dict[str, User] = {}
        for reachable in {guest.reachable for guest in fresh}:
            guesses = {guest.address: guest.guess for guest in fresh if guest.reachable == reachable}
            found |= await users.meet(tx, channel, guesses, now=now, reachable=reachable)
        for guest in fresh:
            user = found[guest.address]
            if guest.reachable and not user.reachable:
                await users.set_reachable(tx, user.id, reachable=True)
                await outbox.revive(tx, user.id, now=now)
                user = user.model_copy(update={"reachable": True})
                back = True
            if guest.is_renamed(user):
                await users.keep_name(tx, user.id, guest.name)
                user = user.model_copy(update={"name": guest.name})
            met[guest] = user
    if back and returned is not None:
        returned()
    return met


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
    """The user at one address, as `meet_all` meets them."""
    guest = Guest(address, guess, reachable)
    return (await meet_all(db, channel, [guest], now=now, returned=returned))[guest]


async def known(db: Database, channel: str, address: str) -> User | None:
    """The user at this address, if they were ever met."""
    return (await users.at(db.reader, channel, [address])).get(address)


async def remember(tx: Connection, user: User) -> None:
    """Keep the name of somebody who works on the conference, or asks to."""
    if user.name:
        await users.keep_name(tx, user.id, user.name)


async def is_away(db: Database, user: User) -> None:
    """Record that the bot can't write to a user any more, until they are met again."""
    if user.reachable:
        async with db.transaction() as tx:
            await users.set_reachable(tx, user.id, reachable=False)
