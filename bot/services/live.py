"""What a chair says of a session, kept."""

from collections.abc import Callable
from datetime import datetime

from bot.domain import live as domain
from bot.domain.live import STALE, Live, Order, Said
from bot.domain.programme import Slot
from bot.domain.timetable import Timetable, events
from bot.services import editions
from bot.store import cards, live, stars
from bot.store.database import Database

Word = Callable[[Timetable, Slot, Live], Said]
"""What is said of a slot as it stands."""


async def say(db: Database, slot_id: int, word: Word) -> tuple[Timetable, bool] | None:
    """Keep what is said of a slot. The programme as it is then, and whether it was said of how things stood.

    None where the slot has left the programme or is called off.
    """
    async with db.transaction() as tx:
        timetable = await editions.laid_out(tx)
        slot = timetable.slot(slot_id) if timetable is not None else None
        if timetable is None or slot is None or slot.cancelled:
            return None
        known = timetable.live.get(slot_id)
        before = domain.of(known, slot_id, slot.start)
        after = word(timetable, slot, before)
        if after == STALE:
            return timetable, False
        if after == known:
            return timetable, True
        await live.write(tx, after)
        # It concerns the days of those alone who are going there.
        going = await stars.of_slot(tx, slot_id, [talk.id for talk in slot.talks])
        await cards.stay_true(tx, before=timetable.revision, besides=going)
        return await editions.laid_out(tx) or timetable, True


def order(slot: Slot) -> Order:
    """The talks of a slot that are on, by id, and their planned starts, in order."""
    return [(event.talk.id, event.start) for event in events(slot) if not event.talk.cancelled]


def here(_: Timetable, __: Slot, live: Live) -> Said:
    return domain.here(live)


def began(now: datetime) -> Word:
    return lambda _, slot, live: domain.begin(live, order(slot), now)


def talk(talk_id: int, now: datetime) -> Word:
    return lambda _, slot, live: domain.talk(live, order(slot), talk_id, now)


def back(talk_id: int) -> Word:
    return lambda _, __, live: domain.back(live, talk_id)


def late(before: int, wanted: int) -> Word:
    return lambda _, __, live: domain.late(live, before, wanted)


def finished(now: datetime) -> Word:
    return lambda _, __, live: domain.finish(live, now)


def go_on(_: Timetable, __: Slot, live: Live) -> Said:
    return domain.go_on(live)


def full(timetable: Timetable, slot: Slot, live: Live) -> Said:
    room = timetable.room(slot.room)
    return domain.full(live, room.id if room else None)


def not_full(_: Timetable, __: Slot, live: Live) -> Said:
    return domain.full(live, None)
