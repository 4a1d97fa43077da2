"""What people mean: loose words in, the thing of the programme out, or what it might be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from bot.domain.programme import Person, Room, Slot
from bot.domain.timetable import Event
from bot.search.days import find_day
from bot.search.index import Hit, Kind
from bot.services.editions import Edition

Subject = TypeVar("Subject")


@dataclass(frozen=True)
class Choice(Generic[Subject]):
    """`one` where it is sure; else the candidates, best first, which may be none. `named`: by its very name or id."""

    one: Subject | None = None
    candidates: tuple[Subject, ...] = ()
    named: bool = False


def _by_id(words: str) -> int | None:
    """The id in a button's question: "#17"."""
    number = words.removeprefix("#")
    return int(number) if number != words and number.isascii() and number.isdigit() else None


def starrable(edition: Edition, name: str) -> Event | Slot | None:
    """What a button's t17 or s3 names: a talk or a slot."""
    kind, number = name[:1], name[1:]
    if kind not in ("t", "s") or not (number.isascii() and number.isdigit()):
        return None
    return edition.timetable.event(int(number)) if kind == "t" else edition.timetable.slot(int(number))


def room(edition: Edition, words: str) -> Choice[Room]:
    if (room_id := _by_id(words)) is not None:
        return Choice(edition.timetable.room_by_id(room_id), named=True)
    match = edition.index.rooms.find(words)
    return Choice(match.room, match.candidates, named=edition.index.rooms.is_name(words))


def slot(edition: Edition, words: str) -> Choice[Slot]:
    """A session by its code or title; by id, any slot."""
    if (slot_id := _by_id(words)) is not None:
        return Choice(edition.timetable.slot(slot_id))
    return _choice(_hits(edition, words, "session"), Slot)


def talk(edition: Edition, words: str) -> Choice[Event]:
    if (talk_id := _by_id(words)) is not None:
        return Choice(edition.timetable.event(talk_id))
    return _choice(_hits(edition, words, "talk"), Event)


def person(edition: Edition, words: str) -> Choice[Person]:
    if (person_id := _by_id(words)) is not None:
        return Choice(edition.timetable.person_by_id(person_id))
    return _choice(_hits(edition, words, "person"), Person)


_IAM = re.compile(r"^(?:我是|我叫|i am|i['’]?m|my name is)\s*(?P<name>\S.{0,40})$", re.IGNORECASE)


def claimed(edition: Edition, words: str) -> str:
    """The name in a sentence by which somebody says that they are one person of the programme; "" in any other."""
    match = _IAM.match(words.strip(" \t\n.。，,!！"))
    return match["name"] if match and person(edition, match["name"]).one is not None else ""


def day(edition: Edition, words: str, now: datetime) -> date | None:
    """The day meant, of the conference or not. Without words: today, or the nearest day of the conference."""
    timetable = edition.timetable
    today = timetable.day_of(now)
    if not words:
        return min(timetable.talk_days, key=lambda day: abs(day - today), default=today)
    return find_day(words, timetable.days, timetable.talk_days, today)


def _hits(edition: Edition, words: str, kind: Kind) -> list[Hit]:
    return edition.find(words, limit=4, kinds=(kind,))


def _choice(hits: Sequence[Hit], kind: type[Subject]) -> Choice[Subject]:
    """Sure where one hit is confident and stands apart; several confident ones are for the reader to choose from."""
    subjects = [(hit, hit.subject) for hit in hits if isinstance(hit.subject, kind)]
    sure = [subject for hit, subject in subjects if hit.confident]
    if len(sure) == 1:
        return Choice(sure[0])
    return Choice(None, tuple(sure) or tuple(subject for _, subject in subjects[:3]))
