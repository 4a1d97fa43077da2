"""Who works on the conference: seen, given and taken roles, and told of it."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from bot.domain.team import Holding, Member, News, Role, Roster
from bot.domain.timetable import Timetable
from bot.domain.user import User
from bot.replies import team as replies
from bot.replies.voice import Voice
from bot.services import rights
from bot.services.parcel import Parcel
from bot.store import claims, outbox, roles, times, users
from bot.store.database import Connection, Database
from bot.store.outbox import New, Notice

PRIORITY = 30
"""After reminders and what is urgent."""
_OPPOSITES: dict[str, str] = {"given": "taken", "taken": "given", "linked": "unlinked", "unlinked": "linked"}
OF_USE = timedelta(days=2)
"""For how long there is any use in telling somebody of their role."""


async def roster(db: Database, owners: Collection[int], *, now: datetime) -> Roster:
    """Everybody who works on the conference. `owners`: the addresses on Telegram that the settings name."""
    async with db.snapshot() as conn:
        held: dict[int, list[Holding]] = defaultdict(list)
        for one in await roles.everybody(conn):
            held[one.user_id].append(one)
        known = await users.by_ids(conn, held)
        owning = await rights.owning(conn, owners)
        open_ = await roles.open_invitations(conn, now=now)
        waiting = await claims.waiting(conn)
        linked = await _linked(conn)
    ids = {user.id for user in owning}
    everybody = known | {user.id: user for user in owning}
    members = [
        Member(
            user_id=user.id, name=user.name, owner=user.id in ids, holdings=tuple(held[user.id]), people=linked[user.id]
        )
        for user in everybody.values()
    ]
    return Roster(
        members=tuple(sorted(members, key=lambda one: (not one.owner, one.user_id))),
        invitations=tuple(open_),
        claims=tuple(waiting),
        strangers=len(owners) - len(owning),
    )


async def member(db: Database, user_id: int, owners: Collection[int]) -> Member | None:
    """One user and their roles; None for whom nobody knows."""
    async with db.snapshot() as conn:
        user = (await users.by_ids(conn, [user_id])).get(user_id)
        held = await roles.of(conn, user_id)
        linked = await _linked(conn)
    if user is None:
        return None
    owner = rights.is_owner(user, owners)
    return Member(user_id=user.id, name=user.name, owner=owner, holdings=tuple(held), people=linked[user.id])


async def set_role(db: Database, one: Holding, *, held: bool, by: User, now: datetime) -> bool:
    """Give a role or take it away, and tell whoever it is about. False where it was so before."""
    async with db.transaction() as tx:
        if await roles.holds(tx, one) == held or not await users.by_ids(tx, [one.user_id]):
            return False
        if held:
            await roles.grant(tx, one.user_id, one.role, one.subject_id, now=now)
        else:
            await roles.take(tx, one.user_id, one.role, one.subject_id)
        if one.user_id != by.id:
            news = News(what="given" if held else "taken", role=one.role, subject_id=one.subject_id)
            await tell(tx, one.user_id, news, now=now)
    return True


async def tell(tx: Connection, user_id: int, news: News, *, now: datetime, due: datetime | None = None) -> None:
    """Queue news for a user, not before `due`. What takes back news that has not left yet is no news, nor is that."""
    opposite = news.model_copy(update={"what": _OPPOSITES.get(news.what)})
    for waiting in await outbox.waiting_of(tx, "team", user_id):
        if News.model_validate_json(waiting.shown or "") == opposite:
            await outbox.settle(tx, {waiting.id: ("dropped", None)}, now=now)
            return
    fact = f"{news.what}:{news.role}:{news.subject_id}:{news.person_id or '-'}"
    row = New(
        key=f"team:{user_id}:{fact}:{times.text(now)}",
        kind="team",
        user_id=user_id,
        priority=PRIORITY,
        due=due,
        expires=now + OF_USE,
        shown=news.model_dump_json(),
    )
    await outbox.reopen(tx, [row], now=now)


async def said(tx: Connection, timetable: Timetable, user: User, notice: Notice, *, now: datetime) -> Parcel | None:
    """News in words; none where it is no longer true."""
    news = News.model_validate_json(notice.shown or "")
    if news.what in ("given", "taken"):
        holding = Holding(user_id=user.id, role=news.role, subject_id=news.subject_id)
        if await roles.holds(tx, holding) != (news.what == "given"):
            return None
    return Parcel(
        rows=(notice.id,),
        user=user,
        reply=replies.news(Voice(user.lang, timetable), news),
        silent=news.what == "joined" or user.is_quiet(now, timetable.zone),
        doubts=notice.doubts,
    )


async def _linked(conn: Connection) -> dict[int, tuple[int, ...]]:
    """The people that users are linked to."""
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for one in await claims.confirmed(conn):
        found[one.user_id] += (one.person_id,)
    return found


def holding(user_id: int, role: str, subject_id: int) -> Holding | None:
    """The holding that these name; None where there is no such role."""
    known: dict[str, Role] = {"staff": "staff", "chair": "chair", "speaker": "speaker"}
    return Holding(user_id=user_id, role=known[role], subject_id=subject_id) if role in known else None
