"""Reminders: who is due, and what to tell them.

What is due is a query over stars, talks and each user's lead; nothing is planned ahead. A row is written under its
unique key when it falls due, and its words are made when it is claimed, so un-starring, moving and changing the lead
have nothing to withdraw.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.domain import stars as domain
from bot.domain.stars import Stars, Subject
from bot.domain.timetable import Timetable
from bot.domain.user import User
from bot.store import due, outbox, times
from bot.store.database import Connection
from bot.store.outbox import New, Notice

PRIORITY = 20
"""After cancellations and moves within the hour, before other changes."""
EDIT_PRIORITY = 90
"""After everything that is new to somebody."""
STANDS = timedelta(hours=12)
"""How long a reminder in a chat is kept true."""
LONGEST_LEAD = timedelta(hours=1)
LOOK_AHEAD = timedelta(hours=1)
"""How far ahead of the first due moment a crowd is looked for."""
GRACE = 5.0
"""Seconds after the due moment by which the last of a crowd is told."""
PACE = 0.9
"""Share of the channel's rate that is counted on: questions are answered meanwhile."""


def key(user_id: int, subject: Subject) -> str:
    """The fact and its time. The official start: an estimate that shifts is the same fact."""
    return f"reminder:{user_id}:{subject.kind}:{subject.id}:{times.text(subject.official)}"


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
    return f"{times.text(subject.start)} {room.id if room else '-'} {state}"


async def queue_due(tx: Connection, timetable: Timetable, *, rate: float | None, now: datetime) -> datetime | None:
    """Write a row for every reminder that is due, or must start now for the last of a crowd to be in time.

    rate  messages a second that the channel lets through; None without a limit.
    Returns when to look again: the next moment something falls due, or may.
    """
    ahead = [one for one in domain.subjects(timetable) if one.start > now and not one.cancelled]
    horizon = now + LONGEST_LEAD + LOOK_AHEAD
    soon = [one for one in ahead if one.start <= horizon]
    by_id = {(one.kind, one.id): one for one in soon}
    wanted = await due.to_remind(
        tx, [(one.kind, one.id, one.slot.id, _milliseconds(one.start), times.text(one.official)) for one in soon]
    )
    releases = release(Counter(one.due for one in wanted), rate)
    at = _milliseconds(now)
    fresh = [row(one.user_id, by_id[one.kind, one.subject_id]) for one in wanted if releases[one.due] <= at]
    await outbox.queue(tx, fresh, now=now)
    later = [moment for moment in releases.values() if moment > at]
    wakes = [datetime.fromtimestamp(min(later) / 1000, UTC)] if later else []
    if beyond := next((one for one in ahead if one.start > horizon), None):
        wakes.append(beyond.start - LONGEST_LEAD - LOOK_AHEAD)
    return min(wakes, default=None)


async def queue_edits(tx: Connection, timetable: Timetable, *, now: datetime) -> None:
    """Have every reminder in a chat mended that no longer says what is true, as long as it is of use."""
    stale = {}
    for notice in await outbox.reminded(tx, since=now - STANDS):
        if notice.subject is None or notice.subject_id is None or notice.message is None:
            continue
        subject = domain.find(timetable, notice.subject, notice.subject_id)
        if subject is not None and subject.end > now and shown(timetable, subject) != notice.shown:
            stale[notice.user_id, notice.message] = New(
                key=f"edit:{notice.user_id}:{notice.message}",
                kind="edit",
                user_id=notice.user_id,
                priority=EDIT_PRIORITY,
                expires=subject.end,
                message=notice.message,
            )
    await outbox.reopen(tx, stale.values(), now=now)


def release(crowds: Mapping[int, int], rate: float | None) -> dict[int, int]:
    """When to begin telling the crowd of each due moment, so that its last is told by the moment plus `GRACE`.

    Moments are milliseconds. Seen from the end: a crowd must be through before the next one begins.
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
    return subject.slot.room is not None and any(
        other.end == subject.start and other.slot.room == subject.slot.room and not other.cancelled and stars.has(other)
        for other in domain.subjects(timetable)
    )


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
