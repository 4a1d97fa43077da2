"""Duties: speakers are told before their own talk, chairs before their session, where to be and what runs before it.

As with reminders, nothing is planned: what is due is a query, and its row is written at the moment it falls due. What
was said is kept true with the reminders in the chats.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain import stars, team
from bot.domain.programme import Slot
from bot.domain.stars import Subject
from bot.domain.team import Holding, Role
from bot.domain.timetable import Event, Timetable
from bot.domain.told import seen
from bot.domain.user import User
from bot.replies import duties as replies
from bot.replies.duties import Duty
from bot.replies.reply import Reply
from bot.replies.voice import Voice
from bot.services.parcel import Parcel
from bot.services.reminders import UNTOLD, shown
from bot.store import duties, outbox, roles, times
from bot.store.database import Connection
from bot.store.outbox import New, Notice

LEAD = timedelta(minutes=20)
PRIORITY = 15
"""Before reminders: a hall waits for them."""


async def look(tx: Connection, timetable: Timetable, *, now: datetime) -> datetime | None:
    """Queue what is due. Returns when the next duty falls due."""
    ahead = []
    for role, subject_id in await duties.held(tx):
        thing = team.subject(timetable, role, subject_id)
        if thing is not None and not (one := stars.subject(timetable, thing)).cancelled and one.start > now:
            ahead.append((role, one))
    soon = [(role, one) for role, one in ahead if one.start - LEAD <= now]
    by_id = {(role, one.id): one for role, one in soon}
    found = await duties.to_tell(tx, soon, lead_minutes=int(LEAD.total_seconds() / 60)) if soon else []
    rows = [_row(one, by_id[one.role, one.subject_id]) for one in found]
    await outbox.reopen(tx, rows, now=now, over=UNTOLD)
    return min((one.start - LEAD for _, one in ahead if one.start - LEAD > now), default=None)


async def said(
    tx: Connection, timetable: Timetable, user: User, notices: Sequence[Notice], *, now: datetime
) -> Parcel | None:
    """The duties of one moment in words: those that are still this user's, on, at this time and ahead."""
    left: list[tuple[Notice, Subject]] = []
    for notice in notices:
        holding = _holding(user, notice)
        thing = team.subject(timetable, holding.role, holding.subject_id)
        if thing is None or not await roles.holds(tx, holding):
            continue
        one = stars.subject(timetable, thing)
        if not one.cancelled and one.start > now and _row(holding, one).key == notice.key:
            left.append((notice, one))
    if not left:
        return None
    return Parcel(
        rows=tuple(notice.id for notice, _ in left),
        user=user,
        reply=words(Voice(user.lang, timetable), [one for _, one in left], now),
        shown={notice.id: shown(timetable, one) for notice, one in left},
        told=tuple(seen(timetable, one) for _, one in left),
        doubts=max(notice.doubts for notice, _ in left),
    )


def words(voice: Voice, subjects: Sequence[Subject], now: datetime) -> Reply:
    """The duties of one moment, which may have been another when they were said first."""
    return replies.duties(voice, [Duty(one, *_before(voice.timetable, one.event or one.slot)) for one in subjects], now)


def _row(one: Holding, subject: Subject) -> New:
    return New(
        key=f"{one.role}:{one.user_id}:{one.subject_id}:{times.text(subject.start)}",
        kind="duty",
        user_id=one.user_id,
        priority=PRIORITY,
        subject=subject.kind,
        subject_id=subject.id,
        moment=subject.start,
        expires=subject.start,
    )


def _holding(user: User, notice: Notice) -> Holding:
    role: Role = "speaker" if notice.subject == "talk" else "chair"
    return Holding(user_id=user.id, role=role, subject_id=notice.subject_id or 0)


def _before(timetable: Timetable, thing: Slot | Event) -> tuple[Event | None, Slot | None]:
    """What runs before it: the talk before it in its session, or else what the room has before on that day."""
    if isinstance(thing, Event):
        earlier = [one for one in timetable.events_of(thing.slot) if one.end <= thing.start and not one.talk.cancelled]
        if earlier:
            return max(earlier, key=lambda one: one.end), None
    slot = thing.slot if isinstance(thing, Event) else thing
    room = timetable.room(slot.room)
    day = timetable.day_of(slot.start)
    there = [
        one
        for one in (timetable.in_room(room) if room is not None else ())
        if one.end <= slot.start and not one.cancelled and timetable.day_of(one.start) == day
    ]
    return None, max(there, key=lambda one: one.end, default=None)
