"""Reminders: who is due, and what to tell them.

What is due is a query over stars, talks and each user's lead; nothing is planned ahead. A row is written under its
unique key when it falls due, and its words are made when it is claimed, so un-starring, moving and changing the lead
have nothing to withdraw.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from bot.domain import stars as domain
from bot.domain.stars import Stars, Subject
from bot.domain.timetable import Timetable
from bot.domain.user import User
from bot.store import chats, due, outbox, stars, times
from bot.store.database import Connection
from bot.store.due import Due
from bot.store.outbox import New, Notice

UNTOLD = ("dropped", "expired")
"""How rows end of which nobody has heard: they begin anew when the same is due again."""
PRIORITY = 20
"""After cancellations and moves within the hour, before other changes."""
EDIT_PRIORITY = 90
"""After everything that is new to somebody."""
STANDS = timedelta(hours=12)
"""How long a reminder in a chat is kept true."""
LOOK_AHEAD = timedelta(minutes=15)
"""How far ahead of their due moment a crowd is seen: at thirty a second time enough for 24,000."""
GRACE = 5.0
"""Seconds after the due moment by which the last of a crowd is told."""
PACE = 0.9
"""Share of the channel's rate that is counted on: questions are answered meanwhile."""


def key(user_id: int, subject: Subject) -> str:
    """The fact and its time. The official start: an estimate that shifts is the same fact."""
    return f"reminder:{user_id}:{subject.kind}:{subject.id}:{due.fact(subject)}"


def row(user_id: int, subject: Subject, *, state: str = "waiting", reason: str | None = None) -> New:
    return New(
        key=key(user_id, subject),
        kind="reminder",
        user_id=user_id,
        priority=PRIORITY,
        subject=subject.kind,
        subject_id=subject.id,
        moment=subject.start,
        expires=subject.start,
        state=state,
        reason=reason,
    )


def shown(timetable: Timetable, subject: Subject) -> str:
    """The facts in a reminder's message; when they are no longer these, the message is edited."""
    room = timetable.room(subject.slot.room)
    state = "cancelled" if subject.cancelled else "on"
    full = " full" if timetable.course(subject.slot).full else ""
    return f"{times.text(subject.start)} {room.id if room else '-'} {state}{full}"


async def look(tx: Connection, timetable: Timetable, *, rate: float | None, now: datetime) -> datetime | None:
    """Queue the reminders that are due, and an edit of every message with one that is no longer true.

    rate  messages a second that the channel lets through; None without a limit.
    Returns when to look again: the next moment something falls due, or may.
    """
    following = await _queue_due(tx, timetable, rate=rate, now=now)
    await _queue_edits(tx, timetable, now=now)
    return following


async def _queue_due(tx: Connection, timetable: Timetable, *, rate: float | None, now: datetime) -> datetime | None:
    """Write a row for every reminder that is due, or must start now for the last of a crowd to be in time."""
    ahead = [one for one in domain.subjects(timetable) if one.start > now and not one.cancelled]
    leads = [timedelta(minutes=lead) for lead in await due.leads(tx)]
    upto = now + (LOOK_AHEAD if rate is not None else timedelta())
    soon = [one for one in ahead if one.start - max(leads, default=timedelta()) <= upto]
    by_id = {(one.kind, one.id): one for one in soon}
    wanted = await _wanted(tx, timetable, await due.to_remind(tx, soon, until=_milliseconds(upto)), by_id)
    # What somebody is due at one moment begins at one moment, and is one message.
    releases = release(Counter(moment for moment, _ in {(one.due, one.user_id) for one in wanted}), rate)
    at = _milliseconds(now)
    fresh = [row(one.user_id, by_id[one.kind, one.subject_id]) for one in wanted if releases[one.due] <= at]
    await outbox.reopen(tx, fresh, now=now, over=UNTOLD)
    wakes = [datetime.fromtimestamp(moment / 1000, UTC) for moment in releases.values() if moment > at]
    # Whoever may fall due later comes into sight then.
    wakes += [now + (one.start - lead - upto) for one in ahead for lead in leads if one.start - lead > upto]
    return min(wakes, default=None)


async def _wanted(
    tx: Connection, timetable: Timetable, found: Sequence[Due], by_id: Mapping[tuple[domain.Kind, int], Subject]
) -> list[Due]:
    """Without what follows in the same room, for those who don't want to hear of that."""
    staying = {one.user_id for one in found if not one.same_room}
    if not staying:
        return list(found)
    marks = await stars.of_users(tx, staying)
    return [
        one
        for one in found
        if one.same_room or not follows_on(timetable, marks[one.user_id], by_id[one.kind, one.subject_id])
    ]


async def _queue_edits(tx: Connection, timetable: Timetable, *, now: datetime) -> None:
    """Have every reminder and duty in a chat mended that no longer says what is true, as long as it is of use."""
    since = now - STANDS
    wrong: dict[chats.Facts, datetime] = {}
    for facts in await chats.standing(tx, since=since):
        subject = domain.find(timetable, facts.kind, facts.id)
        if subject is not None and subject.end > now and shown(timetable, subject) != facts.shown:
            wrong[facts] = subject.end
    stale: dict[tuple[int, str], datetime] = {}
    for user_id, message, facts in await chats.showing(tx, wrong, since=since) if wrong else ():
        stale[user_id, message] = max(wrong[facts], stale.get((user_id, message), wrong[facts]))
    edits = [
        New(
            key=f"edit:{user_id}:{message}",
            kind="edit",
            user_id=user_id,
            priority=EDIT_PRIORITY,
            expires=expires,
            message=message,
        )
        for (user_id, message), expires in stale.items()
    ]
    # A message that can't be edited, because it was deleted for example, is left alone for good.
    await outbox.reopen(tx, edits, now=now, over=("sent", *UNTOLD))


def release(crowds: Mapping[int, int], rate: float | None) -> dict[int, int]:
    """When to begin telling the crowd of each due moment, so that its last is told by the moment plus `GRACE`.

    crowds  messages by due moment, in milliseconds. rate: messages a second; None without a limit.
    Seen from the end: a crowd must be through before the next one begins.
    """
    if rate is None:
        return {moment: moment for moment in crowds}
    begin: dict[int, int] = {}
    following: float = float("inf")
    for moment in sorted(crowds, reverse=True):
        through = min(moment + GRACE * 1000, following)
        following = through - crowds[moment] / (rate * PACE) * 1000
        begin[moment] = int(min(moment, following))
    return begin


def worth_saying(
    timetable: Timetable, stars: Stars, user: User, notices: Sequence[Notice], now: datetime
) -> list[Subject]:
    """What is left to remind of when rows are claimed: still starred, on, at the time of the key, not begun."""
    left = []
    for notice in notices:
        if notice.subject not in ("talk", "slot") or notice.subject_id is None or not user.reminders:
            continue
        subject = domain.find(timetable, notice.subject, notice.subject_id)
        if subject is None or subject.cancelled or not stars.has(subject) or subject.start <= now:
            continue
        if key(user.id, subject) == notice.key:
            left.append(subject)
    return sorted(left, key=lambda one: one.start)


def follows_on(timetable: Timetable, stars: Stars, subject: Subject) -> bool:
    """Whether something else that is starred ends in the same room when this begins: they are there already."""
    ending = _ending(timetable).get((subject.slot.room, subject.start), ())
    return any(not other.cancelled and stars.has(other) for other in ending)


@lru_cache(maxsize=2)
def _ending(timetable: Timetable) -> Mapping[tuple[str | None, datetime], Sequence[Subject]]:
    """What ends in a room at a moment. Made once for a timetable: it is asked for every person of a crowd."""
    found: dict[tuple[str | None, datetime], list[Subject]] = defaultdict(list)
    for one in domain.subjects(timetable):
        if one.slot.room is not None:
            found[one.slot.room, one.end].append(one)
    return found


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
