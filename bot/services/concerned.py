"""Whom a change concerns, and what each of them must hear: the net difference from what they were last told."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from bot.domain import stars as domain
from bot.domain.calendar import Entry
from bot.domain.edits import TOLD, Edit
from bot.domain.programme import Programme, Slot
from bot.domain.stars import Kind, Stars, Subject
from bot.domain.team import Role
from bot.domain.timetable import Event, Timetable
from bot.domain.told import Difference, Told, seen
from bot.domain.user import User
from bot.store import calendar, outbox, roles, stars, told, users
from bot.store.database import Connection
from bot.store.outbox import New, Notice

URGENT, CALM = 10, 40
"""Cancellations and what begins within the hour; everything else, after reminders."""
WITHIN = timedelta(hours=1)
QUIET = timedelta(seconds=60)
"""How long a change waits before anybody is told: what is taken back meanwhile was never said."""


@dataclass(frozen=True)
class Concerned:
    """A user, and the slots of theirs that a change is about."""

    user_id: int
    slots: frozenset[int]


async def find(tx: Connection, programme: Programme, edit: Edit) -> list[Concerned]:
    """Starrers, chairs and speakers of what an edit touches; for what everybody goes to, every user.

    Only those who can be reached and want to hear of changes: chairs and speakers do, whatever they have set.
    """
    slots, talks = _touched(edit)
    everybody = await users.with_notices(tx)
    whose: dict[int, set[int]] = defaultdict(set)
    serving: set[int] = set()
    for slot in programme.slots:
        moved = slot.id in slots
        changed = [talk.id for talk in slot.talks if talk.id in talks]
        if not moved and not changed:
            continue
        if not slot.is_session:
            for user_id in everybody:
                whose[user_id].add(slot.id)
        for user_id in await _starrers(tx, slot, [talk.id for talk in slot.talks] if moved else changed, edit):
            whose[user_id].add(slot.id)
        holders = await roles.holders(tx, "chair", [slot.id])
        holders += await roles.holders(tx, "speaker", [talk.id for talk in slot.talks] if moved else changed)
        for holding in holders:
            whose[holding.user_id].add(slot.id)
            serving.add(holding.user_id)
    wanting = whose.keys() & set(everybody)
    if serving - wanting:
        wanting |= serving & set(await users.reachable(tx))
    return [Concerned(user_id, frozenset(whose[user_id])) for user_id in sorted(wanting)]


async def _starrers(tx: Connection, slot: Slot, talks: Sequence[int], edit: Edit) -> set[int]:
    """Users who starred a slot, one of these talks of it, or the slot that one of these comes from."""
    found = set(await stars.of_slot(tx, slot.id, talks))
    for talk_id, home in departed(edit):
        if talk_id in talks:
            found.update(await stars.by_slot(tx, talk_id, home))
    return found


def departed(edit: Edit) -> list[tuple[int, int]]:
    """Talks that leave a slot for another, each with the slot it leaves: what was starred with that stays starred."""
    return [(one.id, int(one.before)) for one in edit if (one.thing, one.field) == ("talk", "slot")]


async def queue(
    tx: Connection,
    change: str,
    whom: Sequence[Concerned],
    before: Timetable,
    after: Timetable,
    *,
    now: datetime,
    quiet: timedelta = QUIET,
) -> None:
    """A row for every user and slot that a change concerns, unless one waits already. `change`: its name in their keys.

    Nobody hears of it before the quiet time is over, unless the slot begins within the hour.
    """
    waiting = await outbox.pending(tx, "change", [one.user_id for one in whom])
    fresh, urgent = [], []
    remembered: dict[int, str] = {}
    for one in whom:
        for slot_id in sorted(one.slots):
            slot, was = after.slot(slot_id), before.slot(slot_id)
            if slot is None or was is None:
                continue
            soon = starts_soon(was, slot, now) or not quiet
            if (one.user_id, slot_id) in waiting:
                urgent += [(one.user_id, slot_id)] if soon else []
                continue
            due = None if soon else now + quiet
            if slot_id not in remembered:
                remembered[slot_id] = _remembered(before, was)
            fresh.append(
                New(
                    key=f"change:{one.user_id}:{slot_id}:{change}",
                    kind="change",
                    user_id=one.user_id,
                    priority=URGENT if soon or slot.cancelled != was.cancelled else CALM,
                    subject="slot",
                    subject_id=slot_id,
                    moment=due or now,
                    due=due,
                    expires=max(slot.end, was.end, now + WITHIN),
                    shown=remembered[slot_id],
                )
            )
    await outbox.queue(tx, fresh, now=now)
    await outbox.hasten(tx, "change", urgent, priority=URGENT)


def starts_soon(was: Slot, slot: Slot, now: datetime) -> bool:
    """Whether a slot runs or begins within the hour, or did: then nobody waits for a quiet time.

    Of what runs, the last talk may be about to begin.
    """
    return any(one.start <= now + WITHIN and now < one.end for one in (slot, was))


@dataclass(frozen=True)
class Reader:
    """A user to whom changes are told: their stars, what they were told last, what they hold, the calendar they got."""

    user: User
    marks: Stars
    told: Mapping[tuple[Kind, int], Told]
    holds: frozenset[tuple[Role, int]]
    calendar: Sequence[Entry]


async def readers(tx: Connection, whom: Sequence[User], marks: Mapping[int, Stars]) -> dict[int, Reader]:
    """Those to whom changes are told, by user. `marks`: their stars."""
    if not whom:
        return {}
    ids = [user.id for user in whom]
    known, held, entries = await told.of_users(tx, ids), await roles.of_users(tx, ids), await calendar.of_users(tx, ids)
    return {
        user.id: Reader(
            user,
            marks[user.id],
            known[user.id],
            frozenset((one.role, one.subject_id) for one in held[user.id]),
            entries[user.id],
        )
        for user in whom
    }


def differences(timetable: Timetable, reader: Reader, notices: Iterable[Notice]) -> list[Difference]:
    """What is left to say of changes when their rows are claimed, slot by slot in order of time.

    Whoever does not want to hear of changes hears of those to their own talks and sessions.
    """
    wants, marks = reader.user.notices, reader.marks
    found: list[Difference] = []
    for notice in notices:
        slot = timetable.slot(notice.subject_id or 0)
        if slot is None:
            continue
        remembered = {(one.kind, one.subject_id): one for one in _recalled(notice.shown)}
        whole = (wants and (not slot.is_session or marks.has(slot))) or ("chair", slot.id) in reader.holds
        subjects = [domain.subject(timetable, slot)] if whole else []
        subjects += [
            domain.subject(timetable, event)
            for event in timetable.events_of(slot)
            if (wants and (not slot.is_session or marks.has(event))) or ("speaker", event.talk.id) in reader.holds
        ]
        found += _net(timetable, subjects, {**remembered, **reader.told}, new=whole and bool(remembered))
    return _in_order(found)


def would_read(before: Timetable, after: Timetable, edit: Edit) -> list[Difference]:
    """What an edit says to somebody who has starred everything it touches and knows how it was."""
    slots, talks = _touched(edit)
    found: list[Difference] = []
    for slot in after.slots:
        if slot.id not in slots and not any(talk.id in talks for talk in slot.talks):
            continue
        subjects = [domain.subject(after, slot)]
        subjects += [domain.subject(after, event) for event in after.events_of(slot)]
        known = {
            (one.kind, one.id): seen(before, was)
            for one in subjects
            if (was := domain.find(before, one.kind, one.id)) is not None
        }
        found += _net(after, subjects, known, new=True)
    return _in_order(found)


def _net(
    timetable: Timetable, subjects: Sequence[Subject], known: Mapping[tuple[Kind, int], Told], *, new: bool
) -> list[Difference]:
    """How subjects of one slot, the slot before its talks, differ from what is known of them; each thing said once.

    new  what nothing is known of was added.
    """
    found: list[Difference] = []
    of_slot: Difference | None = None
    for subject in subjects:
        last, current = known.get((subject.kind, subject.id)), seen(timetable, subject)
        if last is None and new and subject.kind == "talk" and not current.cancelled:
            found.append(Difference(subject, current, current, new=True))
        if last is None or last == current or (last.cancelled and current.cancelled):
            continue
        difference = Difference(subject, last, current)
        if subject.kind == "slot":
            of_slot = difference
        elif of_slot is not None and _follows(difference, of_slot):
            continue  # the line of its session says it
        found.append(difference)
    return found


def _in_order(found: list[Difference]) -> list[Difference]:
    return sorted(found, key=lambda one: (one.subject.slot.start, one.subject.slot.id, one.subject.kind == "talk"))


def _follows(talk: Difference, slot: Difference) -> bool:
    """Whether a talk only went along with its session."""
    return (
        (talk.told.room_id, talk.now.room_id) == (slot.told.room_id, slot.now.room_id)
        and talk.now.start - talk.told.start == slot.now.start - slot.told.start
        and talk.now.end - talk.told.end == slot.now.end - slot.told.end
        and (talk.told.cancelled, talk.now.cancelled) == (slot.told.cancelled, slot.now.cancelled)
        and (talk.told.title, talk.told.speakers) == (talk.now.title, talk.now.speakers)
    )


def _touched(edit: Edit) -> tuple[set[int], set[int]]:
    """The slots and talks that an edit changes in what people plan by."""
    telling = [setting for setting in edit if setting.field in TOLD]
    return (
        {setting.id for setting in telling if setting.thing == "slot"},
        {setting.id for setting in telling if setting.thing == "talk"},
    )


def _remembered(timetable: Timetable, slot: Slot) -> str:
    """How a slot and its talks stood before a change, for those who were never told of them."""
    things: list[Slot | Event] = [slot, *timetable.events_of(slot)]
    return json.dumps(
        [seen(timetable, domain.subject(timetable, one)).model_dump(mode="json") for one in things], ensure_ascii=False
    )


@lru_cache(maxsize=64)
def _recalled(shown: str | None) -> Sequence[Told]:
    """The same for all whom a change concerns, so read once."""
    return tuple(Told.model_validate(one) for one in json.loads(shown)) if shown else ()
