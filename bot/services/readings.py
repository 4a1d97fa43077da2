"""What the programme has of a sentence that was read (bot.search.understanding)."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.programme import Slot, Window
from bot.domain.timetable import Event
from bot.search.items import items
from bot.search.understanding import Reading
from bot.services.editions import Edition

Found = tuple[Event, str, str]
"""A talk, why it was found, and the word where that is another than was asked for."""

ALL = 200
"""Talks on a topic that are looked through for those at the time asked for."""


def talks(edition: Edition, reading: Reading, now: datetime) -> tuple[Sequence[Found], bool]:
    """The talks on the topic or by the person, best first, and whether they are elsewhere.

    Where none is at the time and place asked for, those that are not come instead.
    """
    found = on_topic(edition, reading) if reading.topic else in_order(edition)
    if reading.who is not None:
        found = [one for one in found if reading.who.key in one[0].talk.speakers]
    there = [one for one in found if is_there(one[0], reading, now)]
    if there:
        return there, False
    ahead = [one for one in found if one[0].end > now]
    return ahead or found, bool(found)


def slots(edition: Edition, reading: Reading) -> list[Slot]:
    """What goes on at the time and in the room asked for."""
    room, when = reading.where, reading.when
    within = edition.timetable.slots if room is None else edition.timetable.in_room(room)
    return [slot for slot in within if when is None or when.meets(slot.start, slot.end)]


def item(edition: Edition, reading: Reading) -> tuple[list[Slot], list[Window], bool]:
    """The slots of an item, or the hours of check-in, at the time asked for; where there are none, all of them."""
    timetable = edition.timetable
    kinds = [one for one in items() if one.name == reading.item]
    every = [slot for slot in timetable.slots if any(one.is_one(slot, timetable.zone) for one in kinds)]
    windows = list(timetable.conference.check_in) if any(one.kind == "check-in" for one in kinds) else []
    if reading.when is None:
        return every, windows, False
    then = [slot for slot in every if reading.when.meets(slot.start, slot.end)]
    open_then = [window for window in windows if reading.when.overlaps(window.start, window.end)]
    if then or open_then:
        return then, open_then, False
    return every, windows, bool(every or windows)


def on_topic(edition: Edition, reading: Reading) -> Sequence[Found]:
    """The talks on a topic, best first; those of its sessions where no talk itself is on it."""
    hits = edition.find(reading.topic, limit=ALL, kinds=("talk", "session"))
    sure = [hit for hit in hits if hit.confident]
    found = [(hit.subject, hit.why, hit.word) for hit in sure if isinstance(hit.subject, Event)]
    if found:
        return found
    sessions = [hit.subject for hit in sure if isinstance(hit.subject, Slot)]
    return [(event, "session", "") for event in edition.timetable.events if event.slot in sessions]


def in_order(edition: Edition) -> Sequence[Found]:
    """Every talk, in order of time."""
    return [(event, "", "") for event in sorted(edition.timetable.events, key=lambda event: event.start)]


def is_there(event: Event, reading: Reading, now: datetime) -> bool:
    """Whether a talk is at the time and place asked for."""
    if reading.where is not None and event.slot.room != reading.where.name:
        return False
    if reading.what == "next":
        return event.start > now
    if reading.what == "now":
        # A session on the topic runs: what is left of it counts as now.
        return event.slot.start <= now < event.end
    return reading.when is None or reading.when.meets(event.start, event.end)
