"""What a user may do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.user import User
from bot.store import groups, roles, users
from bot.store.database import Connection, Database

Need = Literal["staff", "owner"]

MACHINE = "terminal"
"""The channel of whoever has the database in their hands anyway."""


@dataclass(frozen=True)
class Rights:
    """`chairs`: the sessions that a user was linked to.

    muted  it is asked in a group where no owner allowed what staff do.
    """

    owner: bool = False
    staff: bool = False
    chairs: frozenset[int] = frozenset()
    muted: bool = False

    def may(self, need: Need | None) -> bool:
        """An owner may do what staff may."""
        if need == "staff":
            return (self.owner or self.staff) and not self.muted
        return need is None or self.owner


async def of(db: Database, user: User | None, owners: Collection[int], *, group: str = "") -> Rights:
    """The rights of a user; none for nobody. `owners`: the addresses on Telegram that the settings name.

    group  where they are asked for, by its number on Telegram; "" in a private chat.
    """
    if user is None:
        return Rights()
    held = await roles.of(db.reader, user.id)
    return Rights(
        owner=user.channel == MACHINE or is_owner(user, owners),
        staff=any(one.role == "staff" for one in held),
        chairs=frozenset(one.subject_id for one in held if one.role == "chair"),
        muted=bool(group) and not await groups.is_allowed(db.reader, group),
    )


def is_owner(user: User, owners: Collection[int]) -> bool:
    """Whether the settings name a user."""
    return user.channel == "telegram" and user.address in {str(one) for one in owners}


async def owning(conn: Connection, owners: Collection[int]) -> list[User]:
    """Those of the owners who were ever met."""
    return list((await users.at(conn, "telegram", map(str, owners))).values())


async def set_group(db: Database, group: str, *, allowed: bool, by: User, now: datetime) -> None:
    """Whether what staff do is done in a group from now on."""
    async with db.transaction() as tx:
        if allowed:
            await groups.allow(tx, group, by=by.id, now=now)
        else:
            await groups.forbid(tx, group)
