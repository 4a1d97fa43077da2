"""Changes of the programme made at once, without a preview. Making one twice changes nothing."""

from datetime import datetime

from bot.domain import edits, stars
from bot.domain.edits import Edit, Plan
from bot.domain.programme import Slot
from bot.domain.stars import Kind
from bot.domain.timetable import Event, Timetable
from bot.domain.user import User
from bot.services import changes
from bot.store.changes import Change
from bot.store.database import Database


async def move(db: Database, slot_id: int, room_id: int, *, by: User | None, now: datetime) -> Change | None:
    """Put a slot into another room."""
    timetable = await changes.current(db)
    room, slot = timetable.room_by_id(room_id), timetable.slot(slot_id)
    assert room is not None
    assert slot is not None
    return await _made(db, "move", edits.move(slot, room), by=by, now=now)


async def retime(
    db: Database, kind: Kind, subject_id: int, start: datetime, end: datetime, *, by: User | None, now: datetime
) -> Change | None:
    """Give a slot or a talk other official times."""
    thing = _thing(await changes.current(db), kind, subject_id)
    return await _made(db, "retime", edits.retime(thing, start, end), by=by, now=now)


async def cancel(db: Database, kind: Kind, subject_id: int, *, by: User | None, now: datetime) -> Change | None:
    """Call a slot or a talk off."""
    edit = _cancelled(await changes.current(db), kind, subject_id, cancelled=True)
    return await _made(db, "calloff", edit, by=by, now=now)


async def restore(db: Database, kind: Kind, subject_id: int, *, by: User | None, now: datetime) -> Change | None:
    """Take a cancellation back."""
    edit = _cancelled(await changes.current(db), kind, subject_id, cancelled=False)
    return await _made(db, "restore", edit, by=by, now=now)


def _cancelled(timetable: Timetable, kind: Kind, subject_id: int, *, cancelled: bool) -> Edit:
    thing = _thing(timetable, kind, subject_id)
    return edits.cancel(thing.talk if isinstance(thing, Event) else thing, cancelled=cancelled)


def _thing(timetable: Timetable, kind: Kind, subject_id: int) -> Slot | Event:
    found = stars.find(timetable, kind, subject_id)
    assert found is not None
    return found.event or found.slot


async def _made(db: Database, kind: str, edit: Edit, *, by: User | None, now: datetime) -> Change | None:
    async with db.transaction() as tx:
        return await changes.make(tx, Plan(kind=kind, edit=edit), by=by, now=now)
