"""The first, the last, the n-th of what a sentence speaks of: talks, sessions, or whatever takes place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.domain.nth import Nth
from bot.domain.programme import Slot
from bot.domain.timetable import Event, Timetable
from bot.domain.when import When
from bot.search.understanding import Reading
from bot.services import readings
from bot.services.editions import Edition
from bot.services.readings import Found


@dataclass(frozen=True)
class Chosen:
    """What is meant: talks or else slots, in order of start; neither, where there are not so many.

    when    the time they were looked for in: what was said, or else the day that was taken to be meant.
    of      how many there are to count.
    beside  rooms run side by side, and each has its first, its last; its talks come together.
    """

    talks: Sequence[Found]
    slots: Sequence[Slot]
    when: When | None
    of: int
    beside: bool = False


def chosen(edition: Edition, reading: Reading, nth: Nth, now: datetime) -> Chosen | None:
    """Which ones are meant; None where nothing at all is at that time and place to be counted.

    What is cancelled is not counted. Where neither a time, a topic nor a person is named, the day of the conference
    that is nearest and has something of it is meant.
    """
    if nth.of == "talk":
        return _talks(edition, reading, nth, now)
    slots = [
        slot for slot in _slots(edition, reading, nth) if not slot.called_off and _slot_is_there(slot, reading, now)
    ]
    when = _when(edition.timetable, reading, nth, slots, now)
    rounds = nth.rounds([slot for slot in slots if when is None or _then(slot, when)])
    beside = any(len(one) > 1 for one in rounds)
    return Chosen((), nth.pick(rounds), when, len(rounds), beside) if rounds else None


def _talks(edition: Edition, reading: Reading, nth: Nth, now: datetime) -> Chosen | None:
    spoken = _spoken(edition, reading)
    if nth.session is not None:
        within = chosen(edition, reading, nth.session, now)
        if within is None or not within.slots:
            return within
        reading, spoken = (
            replace(reading, when=within.when),
            [(event, "", "") for slot in within.slots for event in edition.timetable.events_of(slot)],
        )
    counted = [one for one in spoken if not one[0].cancelled and _is_there(one[0], reading, now)]
    when = _when(edition.timetable, reading, nth, [event for event, *_ in counted], now)
    found = {id(one[0]): one for one in counted if when is None or _then(one[0], when)}
    talks = [event for event, *_ in found.values()]
    scattered = bool(reading.topic) and reading.session is None
    rounds = nth.rounds(talks) if scattered else nth.rounds_of_talks(talks)
    if not rounds:
        return None
    beside = not scattered and any(len(one) > 1 for one in rounds)
    picked = nth.pick(rounds)
    if beside:
        room_by_room = {id(slot): place for place, slot in enumerate(edition.timetable.slots)}
        picked.sort(key=lambda event: room_by_room[id(event.slot)])
    return Chosen([found[id(event)] for event in picked], (), when, len(rounds), beside)


def _spoken(edition: Edition, reading: Reading) -> Sequence[Found]:
    """The talks of the session, on the topic and by the person that are named; all, where none is."""
    if reading.session is not None:
        found: Sequence[Found] = [(event, "", "") for event in edition.timetable.events_of(reading.session)]
    else:
        found = readings.on_topic(edition, reading) if reading.topic else readings.in_order(edition)
    if reading.who is not None:
        found = [one for one in found if reading.who.key in one[0].talk.speakers]
    return found


def _slots(edition: Edition, reading: Reading, nth: Nth) -> Sequence[Slot]:
    """The slots that are counted: the item's, or those on the topic or of the person."""
    if reading.item:
        return readings.item(edition, replace(reading, when=None))[0]
    slots = [slot for slot in edition.timetable.slots if slot.is_session or nth.of == "slot"]
    if reading.topic:
        hits = edition.find(reading.topic, limit=readings.ALL, kinds=("session", "item"))
        named = [hit.subject for hit in hits if hit.confident] or [
            event.slot for event, *_ in readings.on_topic(edition, reading)
        ]
        slots = [slot for slot in slots if slot in named]
    if (who := reading.who) is not None:
        of_them = [*(event.slot for event in edition.timetable.roles(who).events), *edition.timetable.roles(who).chairs]
        slots = [slot for slot in slots if slot in of_them]
    return slots


def _is_there(event: Event, reading: Reading, now: datetime) -> bool:
    if reading.what == "next" and event.start <= now:
        return False
    return _slot_is_there(event.slot, replace(reading, what="talks") if reading.what == "next" else reading, now)


def _slot_is_there(slot: Slot, reading: Reading, now: datetime) -> bool:
    if reading.where is not None and slot.room != reading.where.name:
        return False
    if reading.what == "next":
        return slot.start > now
    return reading.what != "now" or slot.start <= now < slot.end


def _then(thing: Event | Slot, when: When) -> bool:
    """Whether something begins in a stretch of time: the first after lunch is not one that has begun before."""
    return when.meets(thing.start, thing.end) if when.is_moment else when.start <= thing.start < when.end


def _when(
    timetable: Timetable, reading: Reading, nth: Nth, things: Sequence[Event | Slot], now: datetime
) -> When | None:
    said = reading.when if reading.what != "now" else None
    if said is not None or nth.whole or reading.topic or reading.who or reading.what in {"now", "next"}:
        return said
    today = timetable.day_of(now)
    days = {timetable.day_of(thing.start) for thing in things}
    if not days:
        return None
    day = min(days, key=lambda one: (abs(one - today), one))
    start = datetime.combine(day, time(), timetable.zone)
    return When(start, datetime.combine(day + timedelta(days=1), time(), timetable.zone), "day")
