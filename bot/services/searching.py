"""What words of any kind mean, as a list of hits: for organisers, and for cards in other chats."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.domain.programme import Person, Slot
from bot.domain.timetable import Event
from bot.search.index import LONGEST, Hit
from bot.search.ordinals import is_counting
from bot.search.said import Said
from bot.search.spoken_times import take_time
from bot.search.understanding import Reading, read
from bot.services import counting, readings
from bot.services.counting import Chosen
from bot.services.editions import Edition

_OF_SENTENCE = 90.0
"""Score of what a sentence was read to speak of."""


def hits(edition: Edition, words: str, *, now: datetime, limit: int) -> list[Hit]:
    """What words of any kind mean, best first: looked up as they are, or read as a sentence where that says more."""
    found = edition.find(words, limit=limit)
    words = words[:LONGEST]
    sure = any(hit.confident for hit in found)
    if sure and not is_counting(words) and take_time(Said(words), edition.timetable, now) is None:
        return found
    reading = read(words, edition.index, now)
    if reading.nth is not None and (counted := counting.chosen(edition, reading, reading.nth, now)) is not None:
        return _counted(counted)[:limit]
    named = list(_named(edition, reading, now))
    seen = {id(hit.subject) for hit in named}
    return [*named, *(hit for hit in found if id(hit.subject) not in seen)][:limit]


def _counted(chosen: Chosen) -> list[Hit]:
    """The first, the last … and nothing else: where there are not so many, nothing."""
    talks = [Hit("talk", event, _OF_SENTENCE, confident=True, why="time") for event, *_ in chosen.talks]
    return talks + [_slot(slot) for slot in chosen.slots]


def _slot(slot: Slot) -> Hit:
    return Hit("session" if slot.is_session else "item", slot, _OF_SENTENCE, confident=True, why="time")


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
        on_topic = edition.find(reading.topic, limit=readings.ALL)
        # What is at the time and place asked for comes first, in its order.
        yield from sorted(
            on_topic,
            key=lambda hit: isinstance(hit.subject, Event) and not readings.is_there(hit.subject, reading, now),
        )
    elif reading.when is not None and reading.who is None and not reading.item:
        for slot in readings.slots(edition, reading):
            yield _slot(slot)
    if reading.who is not None:
        yield Hit("person", reading.who, _OF_SENTENCE, confident=True, why="name")
    for slot in readings.item(edition, reading)[0] if reading.item else ():
        yield Hit("item", slot, _OF_SENTENCE, confident=True, why="kind")
    if reading.where is not None:
        yield Hit("room", reading.where, _OF_SENTENCE, confident=True, why="room")
