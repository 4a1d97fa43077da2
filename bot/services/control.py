"""Chairs get a control card for their session; staff hear of chairs who press nothing. Nothing of it is planned ahead.

As with reminders, what is due is a question to the tables, and its row is written at the moment it falls due.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from bot.domain.programme import Person, Slot
from bot.domain.timetable import Timetable
from bot.domain.user import User
from bot.replies import control as replies
from bot.replies.control import Silent
from bot.replies.voice import Voice
from bot.services import audiences, live, rights
from bot.services.live import Word
from bot.services.parcel import Parcel
from bot.services.reminders import UNTOLD
from bot.store import claims, control, outbox, roles, times, users
from bot.store.control import Chair
from bot.store.database import Connection, Database
from bot.store.outbox import New, Notice

LEAD = timedelta(minutes=10)
"""How long before the start of a session its chairs get the card."""
SILENT = timedelta(minutes=5)
"""How long before it staff hear of chairs who have pressed nothing."""
TOO_LATE = timedelta(minutes=10)
"""How long after the start that is still of use to them."""
STANDS = timedelta(minutes=30)
"""How long after the end of a session its cards are kept true."""
TAKEN = "taken"
"""What a card shows whose user may not use it any more."""
PRIORITY, EDIT_PRIORITY, SILENT_PRIORITY = 12, 16, 13
"""Before reminders: what is pressed on the card is what those say."""


def key(user_id: int, slot: Slot) -> str:
    return f"control:{user_id}:{slot.id}:{times.text(slot.start)}"


def shown(timetable: Timetable, slot: Slot) -> str:
    """The facts on a card; when they are no longer these, it is edited."""
    course = timetable.course(slot)
    after = (course.after.start, course.after.title) if course.after else None
    return sha256(repr((slot, course.live, after)).encode()).hexdigest()


async def look(tx: Connection, timetable: Timetable, *, owners: Collection[int], now: datetime) -> datetime | None:
    """Queue the cards that are due, an edit of every one that is no longer true, and what staff must hear.

    Returns when the next of it falls due.
    """
    chairs = await control.chairs(tx)
    known = [(one, slot) for one in chairs if (slot := timetable.slot(one.slot_id)) is not None]
    chaired = [(one, slot) for one, slot in known if not slot.called_off]
    due = [(one, slot) for one, slot in chaired if slot.start - LEAD <= now < timetable.end_of(slot)]
    await outbox.reopen(tx, [_card(one.user_id, timetable, slot) for one, slot in due], now=now, over=UNTOLD)
    await _queue_edits(tx, timetable, chairs, owners=owners, now=now)
    await _queue_silent(tx, timetable, chaired, owners=owners, now=now)
    moments = [slot.start - before for _, slot in chaired for before in (LEAD, SILENT)]
    return min((one for one in moments if one > now), default=None)


async def card(tx: Connection, timetable: Timetable, user: User, notice: Notice, *, now: datetime) -> Parcel | None:
    """The card for its chair; none for who is that no longer, or when the session is at another time or over."""
    slot = timetable.slot(notice.subject_id or 0)
    if slot is None or slot.called_off or notice.key != key(user.id, slot) or timetable.end_of(slot) <= now:
        return None
    if all(one.subject_id != slot.id for one in await roles.of(tx, user.id) if one.role == "chair"):
        return None
    return Parcel(
        rows=(notice.id,),
        user=user,
        reply=replies.card(Voice(user.lang, timetable), slot),
        shown={notice.id: shown(timetable, slot)},
        doubts=notice.doubts,
    )


async def redrawn(
    tx: Connection, timetable: Timetable, user: User, notice: Notice, *, owners: Collection[int]
) -> Parcel | None:
    """A card in the chat as the session stands by now; none where it says so already, or another took its place.

    From whoever may not use it any more it is taken away.
    """
    slot = timetable.slot(notice.subject_id or 0)
    if slot is None or notice.message is None:
        return None
    voice = Voice(user.lang, timetable)
    held = {(one.role, one.subject_id) for one in await roles.of(tx, user.id)}
    if ("chair", slot.id) in held or ("staff", 0) in held or rights.is_owner(user, owners):
        facts, reply = shown(timetable, slot), replies.card(voice, slot)
    else:
        facts, reply = TAKEN, replies.not_yours(voice, slot)
    mine = [one for one in await control.cards(tx) if (one.user_id, one.message) == (user.id, notice.message)]
    if all(one.shown == facts for one in mine):
        return None
    return Parcel(
        rows=(notice.id,),
        user=user,
        reply=reply,
        edits=notice.message,
        shown={one.row: facts for one in mine},
        doubts=notice.doubts,
    )


async def silent(tx: Connection, timetable: Timetable, user: User, notice: Notice) -> Parcel | None:
    """The sessions of one time whose chairs have pressed nothing by now; none if all have."""
    found: dict[int, list[int]] = defaultdict(list)
    for one in await control.chairs(tx):
        slot = timetable.slot(one.slot_id)
        if slot is not None and slot.start == notice.moment and _is_silent(timetable, one, slot):
            found[slot.id].append(one.user_id)
    if not found:
        return None
    known = await users.by_ids(tx, {user_id for chairs in found.values() for user_id in chairs})
    linked = {(one.user_id, one.person_id) for one in await claims.confirmed(tx)}
    sessions = [
        Silent(slot, [_named(timetable, slot, known[user_id], linked) for user_id in found[slot.id]])
        for slot in timetable.slots
        if slot.id in found
    ]
    reply = replies.silent(Voice(user.lang, timetable), sessions)
    return Parcel(rows=(notice.id,), user=user, reply=reply, doubts=notice.doubts)


async def say(
    db: Database, slot_id: int, word: Word, *, by: User, message: str | None, now: datetime
) -> tuple[Timetable, bool] | None:
    """What is said of a slot by a button, as `live.say`.

    The message under which it was pressed shows how the session stands, and is kept true from now on.
    """
    async with db.transaction() as tx:
        said = await live.say(db, slot_id, word)
        slot = said[0].slot(slot_id) if said is not None else None
        if said is not None and slot is not None and message is not None:
            await control.adopt(tx, key(by.id, slot), by.id, slot.id, message, shown(said[0], slot), now)
    return said


def _card(user_id: int, timetable: Timetable, slot: Slot) -> New:
    return New(
        key=key(user_id, slot),
        kind="control",
        user_id=user_id,
        priority=PRIORITY,
        subject="slot",
        subject_id=slot.id,
        expires=timetable.end_of(slot),
    )


async def _queue_edits(
    tx: Connection, timetable: Timetable, chairs: Collection[Chair], *, owners: Collection[int], now: datetime
) -> None:
    """A card that can't be edited, because it was deleted for example, is left alone for good."""
    cards = await control.cards(tx)
    if not cards:
        return
    chaired = {(one.user_id, one.slot_id) for one in chairs}
    staff = {one.user_id for one in await roles.holders(tx, "staff", [0])}
    staff |= {one.id for one in await rights.owning(tx, owners)}
    edits = []
    for one in cards:
        slot = timetable.slot(one.slot_id)
        until = max(slot.end, timetable.end_of(slot)) + STANDS if slot is not None else now
        if slot is None or until <= now:
            continue
        may = one.user_id in staff or (one.user_id, slot.id) in chaired
        if one.shown != (shown(timetable, slot) if may else TAKEN):
            edits.append(
                New(
                    key=f"redraw:{one.user_id}:{one.message}",
                    kind="redraw",
                    user_id=one.user_id,
                    priority=EDIT_PRIORITY,
                    subject="slot",
                    subject_id=slot.id,
                    expires=until,
                    message=one.message,
                )
            )
    await outbox.reopen(tx, edits, now=now, over=("sent", *UNTOLD))


async def _queue_silent(
    tx: Connection,
    timetable: Timetable,
    chaired: Collection[tuple[Chair, Slot]],
    *,
    owners: Collection[int],
    now: datetime,
) -> None:
    """One row for each time at which sessions start and each member of staff, whatever happens twice."""
    soon: dict[datetime, bool] = defaultdict(bool)
    for one, slot in chaired:
        if slot.start - SILENT <= now < slot.start + TOO_LATE:
            soon[slot.start] |= _is_silent(timetable, one, slot)
    if not any(soon.values()):
        return
    rows = [
        New(
            key=f"silent:{user_id}:{times.text(start)}",
            kind="silent",
            user_id=user_id,
            priority=SILENT_PRIORITY,
            moment=start,
            expires=start + TOO_LATE,
        )
        for user_id in await audiences.staff(tx, owners)
        for start, is_silent in soon.items()
        if is_silent
    ]
    await outbox.queue(tx, rows, now=now)


def _is_silent(timetable: Timetable, one: Chair, slot: Slot) -> bool:
    """Whether staff should look for the chair of a slot.

    Nobody has said anything of it: where one of two chairs, or staff in their place, has pressed a button, somebody is
    in the room, and the other need not. And the chair, who is linked, has been for long enough to press one.
    """
    return not slot.called_off and one.since <= slot.start - SILENT and timetable.course(slot).live is None


def _named(timetable: Timetable, slot: Slot, user: User, linked: Collection[tuple[int, int]]) -> Person | User:
    """As the programme prints them among the chairs of a slot, if they are linked to one of those."""
    printed = (one for one in timetable.people(slot.chairs) if (user.id, one.id) in linked)
    return next(printed, user)
