"""What a user may do."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from bot.domain.user import User
from bot.store import roles
from bot.store.database import Database

Need = Literal["staff", "owner"]

MACHINE = "terminal"
"""The channel of whoever has the database in their hands anyway."""


@dataclass(frozen=True)
class Rights:
    """`chairs`: the sessions, `speaks`: the talks, that a user was linked to."""

    owner: bool = False
    staff: bool = False
    chairs: frozenset[int] = frozenset()
    speaks: frozenset[int] = frozenset()

    def may(self, need: Need | None) -> bool:
        """An owner may do what staff may."""
        return need is None or self.owner or (need == "staff" and self.staff)


async def of(db: Database, user: User | None, owners: Collection[int]) -> Rights:
    """The rights of a user; none for nobody. `owners`: the addresses on Telegram that the settings name."""
    if user is None:
        return Rights()
    held = await roles.of(db.reader, user.id)
    return Rights(
        owner=user.channel == MACHINE or (user.channel == "telegram" and user.address in {str(one) for one in owners}),
        staff=any(one.role == "staff" for one in held),
        chairs=frozenset(one.subject_id for one in held if one.role == "chair"),
        speaks=frozenset(one.subject_id for one in held if one.role == "speaker"),
    )
