"""Rooms, people and talks that the programme does not have yet, made of what staff type."""

import re
from collections.abc import Sequence
from itertools import count

from bot.domain.model import has_hanzi
from bot.domain.problem import Problem
from bot.domain.programme import Person, Programme, Room, Slot, Talk
from bot.search.fold import compact
from bot.search.pinyin import latin

LONGEST = 300
"""Characters of a title, a name or a note."""

_NUMBER = re.compile(r"(\d+)\s*号|(?:room|rm)\.?\s*(\d+)", re.IGNORECASE)
_PARTS = ("name", "printed", "english")


def room(programme: Programme, typed: str, *, row: int) -> Room:
    """A room called like those of its house: 友谊宫 3号 beside 友谊宫 7 号 is Friendship Palace Room 3.

    Raises Problem `change.room-known`, `change.too-long`.
    """
    written = short(" ".join(typed.split()))
    if any(compact(written) in (compact(one.name), compact(one.printed)) for one in programme.rooms):
        raise Problem("change.room-known", room=written)
    match = _NUMBER.search(written)
    number = int(match[1] or match[2]) if match else None
    for one in programme.rooms:
        if number is None or one.number is None:
            continue
        alike = {part: re.sub(rf"(?<!\d){one.number}(?!\d)", str(number), getattr(one, part)) for part in _PARTS}
        if compact(written) in (compact(alike["name"]), compact(alike["printed"]), compact(alike["english"])):
            return Room(id=row, number=number, **alike)
    return Room(id=row, name=written, number=number, english="" if has_hanzi(written) else written)


def people(named: Sequence[Person | str], *, row: int) -> list[Person]:
    """People of the programme, and new ones by their names: 张三 (北京大学), John Doe. Named twice, one is one.

    `row`: the first of their ids. Raises Problem `change.too-long`.
    """
    free = count(row)
    meant = [one for one in named if isinstance(one, Person) or says_something(one)]
    found = [one if isinstance(one, Person) else _stranger(short(one), next(free)) for one in meant]
    return list({one.key: one for one in found}.values())


def _stranger(typed: str, row: int) -> Person:
    match = re.match(r"^(?P<name>[^(（]+?)\s*(?:[(（](?P<at>[^)）]*)[)）])?$", typed)
    called, at = (match["name"], match["at"] or "") if match else (typed, "")
    return Person(id=row, key=called, name=called, latin=latin(called) if has_hanzi(called) else "", affiliation=at)


def talk(programme: Programme, slot: Slot, title: str, speakers: Sequence[Person], *, row: int) -> Talk:
    """Another talk of a session, with the next code; without one where its talks have none.

    Raises Problem `change.too-long`.
    """
    taken = {one.code for one in programme.talks}
    codes = (f"{slot.code}-{n}" for n in count(len(slot.talks) + 1))
    code = next(code for code in codes if code not in taken) if slot.code else ""
    return Talk(id=row, code=code, title=short(title), speakers=tuple(one.key for one in speakers))


def says_something(words: str) -> bool:
    """Whether there is anything in it that can be read aloud: 🏠 alone is no name, and neither is a dash."""
    return any(one.isalnum() for one in words)


def short(words: str) -> str:
    """The words as they are. Raises Problem `change.too-long`."""
    if len(words) > LONGEST:
        raise Problem("change.too-long", most=LONGEST)
    return words
