"""Users who say that they are somebody of the programme: asked, decided by staff, followed, ended.

A confirmed claim gives the roles of its person, talk by talk and session by session, and they follow the programme.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.problem import Problem
from bot.domain.programme import Person
from bot.domain.team import Claim, Holding, News
from bot.domain.timetable import Timetable
from bot.domain.user import User
from bot.replies import claims as replies
from bot.replies.voice import Voice
from bot.services import acquaintance, audiences, team
from bot.services.parcel import Parcel
from bot.store import chats, claims, outbox, roles, users
from bot.store.database import Connection, Database
from bot.store.outbox import New, Notice

OF_USE = timedelta(days=2)
"""For how long staff are asked whom it has not reached; it waits for them in their panel after that."""
AT_MOST = 3
"""Claims of one user that may wait at once: nobody is so many people."""


async def make(
    db: Database,
    timetable: Timetable,
    person: Person,
    user: User,
    *,
    staff: bool,
    owners: Collection[int],
    now: datetime,
) -> Claim:
    """A user says that they are this person: staff are asked. Said twice, they are asked once; staff need no asking.

    Raises Problem `claim.linked`, `claim.waits`, `claim.was_declined`, `claim.many`.
    """
    async with db.transaction() as tx:
        made = await claims.of_user(tx, user.id)
        states = {one.person_id: one.state for one in made}
        if (state := states.get(person.id)) in _SETTLED and not (staff and state != "confirmed"):
            raise Problem(_SETTLED[state], person=person.id)
        if not staff and sum(one.state == "open" for one in made) >= AT_MOST:
            raise Problem("claim.many")
        await acquaintance.remember(tx, user)
        claim = await claims.make(tx, user.id, person.id, now=now)
        if staff:
            return await _confirm(tx, timetable, claim, by=user, now=now)
        await outbox.reopen(tx, [_question(claim, one, now) for one in await audiences.staff(tx, owners)], now=now)
    return claim


_SETTLED = {"open": "claim.waits", "confirmed": "claim.linked", "declined": "claim.was_declined"}


async def decide(
    db: Database,
    timetable: Timetable,
    claim_id: int,
    *,
    confirmed: bool,
    by: User,
    message: str | None,
    now: datetime,
) -> Claim | None:
    """The word of staff, given under a message that shows it then.

    Whoever is later gets the claim as it was decided; None where it is gone.
    """
    async with db.transaction() as tx:
        claim = await claims.get(tx, claim_id)
        if claim is None or claim.state != "open":
            return claim
        await acquaintance.remember(tx, by)
        if confirmed:
            claim = await _confirm(tx, timetable, claim, by=by, now=now)
        else:
            await claims.settle(tx, claim.id, "declined", over=["open"], by=by.id, now=now)
            claim = claim.model_copy(update={"state": "declined", "decided_by": by.id})
        news = News(what="linked" if confirmed else "declined", person_id=claim.person_id)
        await team.tell(tx, claim.user_id, news, now=now)
        await _mend(tx, claim, besides=(by.id, message), now=now)
    return claim


async def end(
    db: Database, timetable: Timetable, user_id: int, person_id: int, *, by: User, now: datetime
) -> Claim | None:
    """A user is not this person, or does not want to be known as it, with all roles that came of it.

    What they are as another person stays. None where they were not. Whoever else ended it, the user is told.
    """
    async with db.transaction() as tx:
        claim = next((one for one in await claims.of_user(tx, user_id) if one.person_id == person_id), None)
        if claim is None or not await claims.settle(
            tx, claim.id, "ended", over=["confirmed", "open"], by=by.id, now=now
        ):
            return None
        await roles.end_of_person(tx, user_id, person_id)
        await follow(tx, timetable, now=now, quiet=True)
        await _mend(tx, claim, now=now)
        if user_id != by.id:
            await acquaintance.remember(tx, by)
            await team.tell(tx, user_id, News(what="unlinked", person_id=person_id), now=now)
    return claim


async def link(
    db: Database, timetable: Timetable, user_id: int, person_id: int, *, by: User, now: datetime
) -> Claim | None:
    """What staff ended is so again. None where there never was such a claim."""
    async with db.transaction() as tx:
        claim = next((one for one in await claims.of_user(tx, user_id) if one.person_id == person_id), None)
        if claim is None or claim.state == "confirmed":
            return claim
        await acquaintance.remember(tx, by)
        await team.tell(tx, user_id, News(what="linked", person_id=person_id), now=now)
        claim = await _confirm(tx, timetable, claim, by=by, now=now)
        await _mend(tx, claim, now=now)
    return claim


async def follow(
    tx: Connection, timetable: Timetable, *, now: datetime, due: datetime | None = None, quiet: bool = False
) -> None:
    """Give everybody who is linked to a person the roles that this person has by now, and take what they have no more.

    They hear of it from `due` on. quiet: nobody hears of it.
    """
    linked = await claims.confirmed(tx)
    wanted = {one for claim in linked for one in _wanted(timetable, claim)}
    found = await roles.of_users(tx, {claim.user_id for claim in linked})
    held = {one for of_user in found.values() for one in of_user if one.person_id is not None}
    # Taken before given: of whoever is linked to two people, one may speak in the place of the other.
    for one in sorted(held - wanted, key=_order):
        await roles.take(tx, one.user_id, one.role, one.subject_id)
        if not quiet:
            await team.tell(tx, one.user_id, _news("taken", one), now=now, due=due)
    for one in sorted(wanted - held, key=_order):
        granted = await roles.grant(tx, one.user_id, one.role, one.subject_id, now=now, person_id=one.person_id)
        if granted and not quiet:
            await team.tell(tx, one.user_id, _news("given", one), now=now, due=due)


async def said(tx: Connection, timetable: Timetable, user: User, notice: Notice) -> Parcel | None:
    """A claim put before staff, or how it was decided where it stands in their chats already."""
    claim = await claims.get(tx, notice.subject_id or 0)
    if claim is None:
        return None
    message = notice.message
    if message is None and claim.state != "open":
        message = await chats.message(tx, "claim", claim.id, user.id)  # it was on its way
        if message is None:
            return None
    return Parcel(
        rows=(notice.id,),
        user=user,
        reply=replies.claim(Voice(user.lang, timetable), claim, await names(tx, claim)),
        edits=message,
        doubts=notice.doubts,
    )


async def see(db: Database, claim_id: int) -> tuple[Claim, replies.Names] | None:
    """A claim, whatever became of it, and what those are called whom it is about."""
    async with db.snapshot() as conn:
        claim = await claims.get(conn, claim_id)
        return (claim, await names(conn, claim)) if claim is not None else None


async def waiting(db: Database, user: User | None = None) -> list[Claim]:
    """The claims that staff have not decided, of a user or of all."""
    found = await claims.waiting(db.reader)
    return [one for one in found if user is None or one.user_id == user.id]


async def names(conn: Connection, claim: Claim) -> replies.Names:
    """What those are called whom a claim is about."""
    others = [
        one.user_id
        for one in await claims.confirmed(conn)
        if one.person_id == claim.person_id and one.user_id != claim.user_id
    ]
    known = await users.by_ids(conn, [claim.user_id, claim.decided_by or 0, *others])
    called = {user.id: user.name for user in known.values()}
    return replies.Names(
        who=called.get(claim.user_id, ""),
        by=called.get(claim.decided_by or 0, ""),
        others=tuple(called.get(one, "") for one in others),
    )


async def _confirm(tx: Connection, timetable: Timetable, claim: Claim, *, by: User, now: datetime) -> Claim:
    await claims.settle(tx, claim.id, "confirmed", over=["open", "ended", "declined"], by=by.id, now=now)
    await follow(tx, timetable, now=now, quiet=True)
    return claim.model_copy(update={"state": "confirmed", "decided_by": by.id})


async def _mend(tx: Connection, claim: Claim, *, besides: tuple[int, str | None] | None = None, now: datetime) -> None:
    """Have every message that puts a claim before staff say what became of it, but for the one that says so already."""
    there = [one for one in await chats.messages(tx, "claim", claim.id) if one != besides]
    edits = []
    for user_id, message in there:
        question = _question(claim, user_id, now)
        edits.append(replace(question, key=f"{question.key}:{message or 'next'}", message=message))
    await outbox.reopen(tx, edits, now=now)


def _wanted(timetable: Timetable, claim: Claim) -> set[Holding]:
    """The roles that somebody has for being a person: none for one who has left the programme."""
    person = timetable.person_by_id(claim.person_id)
    if person is None:
        return set()
    does = timetable.roles(person)
    spoken = [("speaker", event.talk.id) for event in does.events]
    chaired = [("chair", slot.id) for slot in does.chairs]
    return {
        Holding.model_validate({"user_id": claim.user_id, "role": role, "subject_id": number, "person_id": person.id})
        for role, number in spoken + chaired
    }


def _question(claim: Claim, user_id: int, now: datetime) -> New:
    return New(
        key=f"claim:{claim.id}:{user_id}",
        kind="claim",
        user_id=user_id,
        priority=team.PRIORITY,
        subject_id=claim.id,
        expires=now + OF_USE,
    )


def _news(what: str, one: Holding) -> News:
    return News.model_validate({"what": what, "role": one.role, "subject_id": one.subject_id})


def _order(one: Holding) -> tuple[int, str, int]:
    return one.user_id, one.role, one.subject_id
