"""What the programme has of a sentence that was read (bot.search.understanding)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.domain.programme import Person, Slot, Window
from bot.domain.timetable import Event
from bot.search.index import LONGEST, Hit
from bot.search.items import items
from bot.search.said import Said
from bot.search.spoken_times import take_time
from bot.search.understanding import Reading, read
from bot.services.editions import Edition

Found = tuple[Event, str, str]
"""A talk, why it was found, and the word where that is another than was asked for."""

_OF_SENTENCE = 90.0  # score of what a sentence was read to speak of
ALL = 200  # talks on a topic that are looked through for those at the time asked for


def talks(edition: Edition, reading: Reading, now: datetime) -> tuple[Sequence[Found], bool]:
    """The talks on the topic or by the person, best first, and whether they are elsewhere.

    Where none is at the time and place asked for, those that are not come instead.
    """
    found = on_topic(edition, reading) if reading.topic else in_order(edition)
    if reading.who is not None:
        found = [one for one in found if reading.who.key in one[0].talk.speakers]
    there = [one for one in found if _is_there(one[0], reading, now)]
    if there:
        return there, False
    ahead = [one for one in found if one[0].end > now]
    return ahead or found, bool(found)


def slots(edition: Edition, reading: Reading) -> list[Slot]:
    """What goes on at the time and in the room asked for."""
    room, when = reading.where, reading.when
    within = edition.timetable.slots if room is None else edition.timetable.in_room(room)
    return [slot for slot in within if when is None or when.meets(slot.start, slot.end)]


def hits(edition: Edition, words: str, *, now: datetime, limit: int) -> list[Hit]:
    """What words of any kind mean, best first: looked up as they are, or read as a sentence where that says more."""
    found = edition.find(words, limit=limit)
    if any(hit.confident for hit in found) and take_time(Said(words[:LONGEST]), edition.timetable, now) is None:
        return found
    reading = read(words, edition.index, now)
    named = list(_named(edition, reading, now))
    seen = {id(hit.subject) for hit in named}
    return [*named, *(hit for hit in found if id(hit.subject) not in seen)][:limit]


def as_json(edition: Edition, hit: Hit) -> dict[str, Any]:
    """A hit as data: kind, code (talk, session), name, talks (of a person), score, confident, why, word (a synonym)."""
    subject = hit.subject
    told: dict[str, Any] = {"kind": hit.kind}
    if isinstance(subject, Event):
        told |= {"code": subject.talk.code, "name": subject.talk.title}
    elif isinstance(subject, Slot):
        told |= ({"code": subject.code} if subject.is_session else {}) | {"name": subject.title}
    else:
        told["name"] = subject.name
    if isinstance(subject, Person):
        told["talks"] = [event.talk.code for event in edition.timetable.roles(subject).events]
    told |= {"score": round(hit.score, 1), "confident": hit.confident, "why": hit.why}
    return told | ({"word": hit.word} if hit.word else {})


def _named(edition: Edition, reading: Reading, now: datetime) -> Iterator[Hit]:
    """The things a sentence speaks of, what is asked about before where it is."""
    if reading.what == "unknown":
        return
    if reading.topic:
        on_topic = edition.find(reading.topic, limit=ALL)
        # What is at the time and place asked for comes first, in its order.
        yield from sorted(
            on_topic, key=lambda hit: isinstance(hit.subject, Event) and not _is_there(hit.subject, reading, now)
        )
    elif reading.when is not None and reading.who is None and not reading.item:
        for slot in slots(edition, reading):
            yield Hit("session" if slot.is_session else "item", slot, _OF_SENTENCE, confident=True, why="time")
    if reading.who is not None:
        yield Hit("person", reading.who, _OF_SENTENCE, confident=True, why="name")
    for slot in item(edition, reading)[0] if reading.item else ():
        yield Hit("item", slot, _OF_SENTENCE, confident=True, why="kind")
    if reading.where is not None:
        yield Hit("room", reading.where, _OF_SENTENCE, confident=True, why="room")


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


def _is_there(event: Event, reading: Reading, now: datetime) -> bool:
    if reading.where is not None and event.slot.room != reading.where.name:
        return False
    if reading.what == "next":
        return event.start > now
    if reading.what == "now":
        # A session on the topic runs: what is left of it counts as now.
        return event.slot.start <= now < event.end
    return reading.when is None or reading.when.meets(event.start, event.end)
