"""Edits of the published programme: recorded, idempotent, each with all it entails in one transaction."""

from datetime import datetime

from bot.domain.problem import Problem
from bot.domain.programme import Programme, Slot, Talk
from bot.domain.stars import Kind
from bot.domain.user import User
from bot.store import changes, programmes, times
from bot.store.changes import Change, ChangeKind, Facts
from bot.store.database import Connection, Database


async def move(db: Database, slot_id: int, room_id: int, *, by: User | None, now: datetime) -> Change | None:
    """Put a slot into another room. None when it is there already. Raises Problem `change.gone`."""
    async with db.transaction() as tx:
        programme = await _programme(tx)
        slot = _slot(programme, slot_id)
        rooms = {room.name: room.id for room in programme.rooms}
        if room_id not in rooms.values():
            raise Problem("change.gone")
        old = rooms[slot.room] if slot.room is not None else None
        if old == room_id:
            return None
        await programmes.set_room(tx, slot_id, room_id)
        return await _record(tx, "move", ("slot", slot_id), {"room": old}, {"room": room_id}, by=by, now=now)


async def retime(
    db: Database, kind: Kind, subject_id: int, start: datetime, end: datetime, *, by: User | None, now: datetime
) -> Change | None:
    """Give a slot or a talk other official times; talks with times of their own go along with their slot.

    None when it has them already. Raises Problem `change.gone`, and `change.backwards` when the end is not after the
    start.
    """
    if end <= start:
        raise Problem("change.backwards")
    async with db.transaction() as tx:
        programme = await _programme(tx)
        thing = _slot(programme, subject_id) if kind == "slot" else _talk(programme, subject_id)
        if (thing.start, thing.end) == (start, end):
            return None
        before = {"start": _text(thing.start), "end": _text(thing.end)}
        await programmes.set_times(tx, kind, subject_id, start, end)
        if isinstance(thing, Slot):
            shift = start - thing.start
            for talk in thing.talks:
                if talk.start is not None:
                    ends = talk.end + shift if talk.end is not None else None
                    await programmes.set_times(tx, "talk", talk.id, talk.start + shift, ends)
        after = {"start": _text(start), "end": _text(end)}
        return await _record(tx, "retime", (kind, subject_id), before, after, by=by, now=now)


async def cancel(db: Database, kind: Kind, subject_id: int, *, by: User | None, now: datetime) -> Change | None:
    """Call a slot or a talk off. None when it is off already. Raises Problem `change.gone`."""
    return await _set_cancelled(db, kind, subject_id, cancelled=True, by=by, now=now)


async def restore(db: Database, kind: Kind, subject_id: int, *, by: User | None, now: datetime) -> Change | None:
    """Take a cancellation back. None when it is on already. Raises Problem `change.gone`."""
    return await _set_cancelled(db, kind, subject_id, cancelled=False, by=by, now=now)


async def _set_cancelled(
    db: Database, kind: Kind, subject_id: int, *, cancelled: bool, by: User | None, now: datetime
) -> Change | None:
    async with db.transaction() as tx:
        programme = await _programme(tx)
        thing = _slot(programme, subject_id) if kind == "slot" else _talk(programme, subject_id)
        if thing.cancelled == cancelled:
            return None
        await programmes.set_cancelled(tx, kind, subject_id, cancelled=cancelled)
        before, after = {"cancelled": not cancelled}, {"cancelled": cancelled}
        name: ChangeKind = "cancel" if cancelled else "restore"
        return await _record(tx, name, (kind, subject_id), before, after, by=by, now=now)


async def _record(
    tx: Connection,
    name: ChangeKind,
    subject: tuple[Kind, int],
    before: Facts,
    after: Facts,
    *,
    by: User | None,
    now: datetime,
) -> Change:
    await programmes.raise_revision(tx)
    return await changes.record(tx, name, subject, before, after, by=by.id if by else None, now=now)


async def _programme(tx: Connection) -> Programme:
    programme = await programmes.load(tx)
    if programme is None:
        raise Problem("import.no-programme")
    return programme


def _slot(programme: Programme, slot_id: int) -> Slot:
    for slot in programme.slots:
        if slot.id == slot_id:
            return slot
    raise Problem("change.gone")


def _talk(programme: Programme, talk_id: int) -> Talk:
    for talk in programme.talks:
        if talk.id == talk_id:
            return talk
    raise Problem("change.gone")


def _text(moment: datetime | None) -> str | None:
    return times.text(moment) if moment is not None else None
