"""Invitations: one-time links that give a role. The link leaves once; what is kept is only its hash."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from bot.domain import team
from bot.domain.problem import Problem
from bot.domain.programme import Slot
from bot.domain.team import Holding, Invitation, News, Role
from bot.domain.timetable import Event, Timetable, events
from bot.domain.user import User
from bot.search.instructions import Instruction, Thing
from bot.services import acquaintance
from bot.services.editions import Edition
from bot.services.team import tell
from bot.store import roles
from bot.store.database import Connection, Database

LINK = "join-"
"""How the payload of a link begins; after it come 128 random bits. A payload has 64 characters of A-Z a-z 0-9 _ - at
most (https://core.telegram.org/bots/features#deep-linking)."""
LASTS = timedelta(days=7)

_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("staff", re.compile(r"\bstaff\b|工作人员|会务组|会务|志愿者|管理员", re.IGNORECASE)),
    ("chair", re.compile(r"\bchair(?:person|man|woman)?\b|主持人|主持|主席", re.IGNORECASE)),
    ("speaker", re.compile(r"\bspeaker\b|报告人|讲者|讲员|嘉宾", re.IGNORECASE)),
)
_OF = re.compile(
    r"^(?:\s*(?:of|for|as|to|的|为|做|作为)\b)?\s*|\s*(?:\b(?:of|for|as|to)|的|为|做|作为)\s*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Post:
    """A role and what it is of: None for staff."""

    role: Role
    thing: Thing | None = None

    @property
    def subject_id(self) -> int:
        if isinstance(self.thing, Event):
            return self.thing.talk.id
        return self.thing.id if self.thing is not None else 0


@dataclass(frozen=True)
class Wanting:
    """What is still to be said: the role, or else what it is of.

    among    what the words may mean. block, inside: the time or the slot to choose from.
    unknown  words that mean nothing.
    """

    role: Role | None = None
    among: tuple[Thing, ...] = ()
    block: datetime | None = None
    inside: Slot | None = None
    unknown: str = ""


def meant(edition: Edition, words: str, *, now: datetime) -> Post | Wanting:
    """Which role the words name, and of what: `chair A3`, `A3 主持`, `A3-2`, `讲者 董彬`, and what buttons say."""
    role = next((role for role, pattern in _ROLES if pattern.search(words)), None)
    if role == "staff":
        return Post("staff")
    pattern = next((pattern for name, pattern in _ROLES if name == role), None)
    rest = _OF.sub("", pattern.sub(" ", words)) if pattern else words
    if not rest.strip():
        return Wanting(role)
    said = Instruction(rest, edition.index, now)
    block, inside = said.block(), said.inside()
    if block is not None or inside is not None:
        return Wanting(role, block=block, inside=inside)
    found = said.things() or said.called(whole=True)
    if role is None and found:
        role = "speaker" if all(isinstance(one, Event) or not one.is_session for one in found) else "chair"
    fitting = _fitting(role, found)
    if len(fitting) == 1 and role is not None:
        return Post(role, fitting[0])
    return Wanting(role, among=fitting, unknown="" if fitting else rest.strip())


def _fitting(role: Role | None, found: Sequence[Thing]) -> tuple[Thing, ...]:
    """What of these the role can be of: the session of a talk, the talks of a session."""
    if role == "chair":
        slots = [one.slot if isinstance(one, Event) else one for one in found]
        return tuple({slot.id: slot for slot in slots}.values())
    talks = [talk for one in found for talk in (events(one) if isinstance(one, Slot) else [one])]
    return tuple({event.talk.id: event for event in talks}.values())


async def make(db: Database, post: Post, *, by: User, now: datetime) -> tuple[str, Invitation]:
    """A new link: its payload, which is nowhere afterwards, and what is kept of it."""
    payload = LINK + secrets.token_urlsafe(16)
    async with db.transaction() as tx:
        made = await roles.invite(
            tx, _digest(payload), post.role, post.subject_id, by=by.id, expires=now + LASTS, now=now
        )
        await acquaintance.remember(tx, by)
    return payload, made


async def accept(db: Database, payload: str, timetable: Timetable, user: User, *, owner: bool, now: datetime) -> Post:
    """Open a link: the role that its user has by it. Who has that role already leaves the link for others.

    Raises Problem `invitation.unknown`, `.revoked`, `.used`, `.expired`, `.gone`: what it was for left the programme.
    """
    async with db.transaction() as tx:
        found = await roles.invitation(tx, _digest(payload))
        if found is None:
            raise Problem("invitation.unknown")
        thing = team.subject(timetable, found.role, found.subject_id)
        if found.role != "staff" and thing is None:
            raise Problem("invitation.gone")
        post = Post(found.role, thing)
        mine = Holding(user_id=user.id, role=post.role, subject_id=post.subject_id)
        if not (owner and post.role == "staff") and not await roles.holds(tx, mine):
            await _use(tx, found, user, now=now)
            await acquaintance.remember(tx, user)
    return post


async def revoke(db: Database, invitation_id: int) -> None:
    """A link works no more."""
    async with db.transaction() as tx:
        await roles.revoke(tx, invitation_id)


async def _use(tx: Connection, found: Invitation, user: User, *, now: datetime) -> None:
    # A link that was used is used, also for whom it was: a role that was taken away does not come back by it.
    if found.used is not None:
        raise Problem("invitation.used")
    if found.revoked:
        raise Problem("invitation.revoked")
    if found.expires <= now:
        raise Problem("invitation.expired")
    await roles.redeem(tx, found.id, user.id, now=now)
    await roles.grant(tx, user.id, found.role, found.subject_id, now=now)
    if found.made_by is not None:
        news = News(what="joined", role=found.role, subject_id=found.subject_id, who=user.name)
        await tell(tx, found.made_by, news, now=now)


def _digest(payload: str) -> str:
    # Without a salt or slow hashing: 128 random bits can't be guessed from their hash.
    return sha256(payload.encode()).hexdigest()
