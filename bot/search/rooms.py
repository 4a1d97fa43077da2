"""Which room is meant, written as loosely as people write rooms.

Numbers are read and compared as numbers, so 7 is never 17 and never 1; what is left is compared as a name: by its
folded text, then as it sounds, and only then with typing errors.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.domain.model import has_hanzi
from bot.domain.programme import Room
from bot.search.courtesy import bare
from bot.search.fold import fold, with_digits
from bot.search.pinyin import spoken

_CANDIDATES = 4  # as many buttons as "did you mean" shows
_SURE = 85.0  # similarity, 0 … 100, from which a name with typing errors is taken for meant
_LIKE = 65.0  # similarity from which a room is worth offering
_GUESSED = 90.0  # score up to which no name or number of a room was heard
_LEAD = 8.0  # how much nearer the meant room must be than any other

# With a number these say no more than the number: 7号厅 is room 7.
_GENERIC = frozenset({"", "厅", "楼", "间", "屋", "hall", "meeting", "conference"})

# Times of day and dates beside a room are not its number.
_TIMES = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\s*月\s*\d{1,2}\s*[日号號]|\d{1,2}\s*[:：]\s*\d{2}"
    r"|(?:\d{1,2}|[一二两兩三四五六七八九十]{1,3})\s*[点點时時](?:\d{1,2}分?|半|一刻)?"
)
# Words for a room, in Latin letters only where they stand alone or beside a number (rm7).
_NOISE = re.compile(
    "会议室|会议厅|教室|会场|房间|号|第|室"
    "|(?<![a-z])(?:(?:meeting|conference) )?(?:rooms?|rm|no|nr|number|num|hao)(?![a-z])"
)
_ROOM_WORDS = re.compile(
    r"会议室|教室|会场|房间|厅|\d\s*号|\b(?:room|rm|hall|theatre|theater|auditorium)\b|\brm\d|\d ?hao\b"
)

_NUMBERS = {word: n for n, word in enumerate(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
)}  # fmt: skip
_NUMBER_WORDS = re.compile(rf"(?<=room )(?:{'|'.join(_NUMBERS)})\b")


class Name(NamedTuple):
    """A room's name in parts: the whole without blanks, its numbers, what is left without the words for a room.

    heard  how what is left sounds, without blanks.
    """

    whole: str
    numbers: tuple[int, ...]
    rest: str
    heard: str


@dataclass(frozen=True)
class RoomMatch:
    """room: the one surely meant, or None; candidates: what may be meant, best first, 4 at most, the sure one first.

    score: how sure, 0 … 100. worded: the question has a word for a room in it, so a room was asked for.
    """

    room: Room | None
    candidates: tuple[Room, ...] = ()
    score: float = 0.0
    worded: bool = False

    @property
    def is_there(self) -> bool:
        """Whether what was asked for is the name or number of a room, perhaps of several; else these are guesses."""
        return self.score > _GUESSED


@dataclass(eq=False)  # one programme has one, and what is made of it is kept by it
class Rooms:
    """The rooms of a programme with every name they may be called by."""

    rooms: tuple[Room, ...]
    _names: dict[str, tuple[Name, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._names = {room.name: tuple(dict.fromkeys(map(_name, called(room)))) for room in self.rooms}

    def is_name(self, words: str) -> bool:
        """Whether the words are a room's name and say nothing besides, such as a time."""
        asked = _name(words).whole
        return any(name.whole == asked for names in self._names.values() for name in names)

    def find(self, query: str) -> RoomMatch:
        """The room a question names: 7, 七号, Rm.7, 友誼宮七號, main hall, juyingting or 聚映厅 for 聚英厅.

        Never raises; an empty question matches nothing.
        """
        folded = fold(_TIMES.sub(" ", query[:200]))
        worded = _ROOM_WORDS.search(folded) is not None
        asked = _name(bare(folded))
        if not asked.whole:
            return RoomMatch(None, worded=worded)
        match = self._by_whole(_name(folded)) or self._by_whole(asked)
        if match is None and asked.numbers:
            match = self._by_number(asked)
        if match is None:
            match = self._by_name(asked)
        return RoomMatch(match.room, match.candidates[:_CANDIDATES], match.score, worded)

    def _by_whole(self, asked: Name) -> RoomMatch | None:
        found = self._where(lambda name: name.whole == asked.whole)
        return _settled(found, 100.0) if found else None

    def _by_number(self, asked: Name) -> RoomMatch:
        numbered = self._numbered(asked.numbers)
        called = [room for room in numbered if self._may_be_called(room, asked.rest)]
        if called:
            return _settled(called, 95.0 if asked.rest in _GENERIC else 98.0)
        if numbered:  # the number is there, in a place called otherwise
            return RoomMatch(None, tuple(numbered), _LIKE)
        return RoomMatch(None, tuple(self._nearest(asked)), _LIKE)

    def _by_name(self, asked: Name) -> RoomMatch:
        rest = asked.rest or asked.whole
        for same in (
            lambda name: name.rest == rest and not name.numbers,
            lambda name: _within(name.rest, rest) and not name.numbers,
            lambda name: _within(rest, name.rest) or name.rest == rest,
            lambda name: _within(name.rest, rest),
        ):
            found = self._where(same)
            if found:
                return _settled(found, 96.0)
        heard = spoken(rest).replace(" ", "")
        found = self._where(lambda name: not name.numbers and name.heard == heard and len(heard) > 3)
        if found:
            return _settled(found, 92.0)
        return self._by_likeness(heard)

    def _by_likeness(self, heard: str) -> RoomMatch:
        likeness = {room.name: max(_likeness(heard, name) for name in self._names[room.name]) for room in self.rooms}
        ranked = sorted(self.rooms, key=lambda room: -likeness[room.name])
        alike = tuple(room for room in ranked if likeness[room.name] >= _LIKE)
        if not alike or len(heard) < 4:
            return RoomMatch(None, alike if len(heard) > 1 else ())
        best, second = (*(likeness[room.name] for room in ranked[:2]), 0.0)[:2]
        sure = best >= _SURE and best - second >= _LEAD
        return RoomMatch(alike[0] if sure else None, alike, best)

    def _numbered(self, numbers: tuple[int, ...]) -> list[Room]:
        if len(numbers) == 1:
            on_the_door = [room for room in self.rooms if room.number == numbers[0]]
            if on_the_door:
                return on_the_door
        same = self._where(lambda name: name.numbers == numbers)
        return same or self._where(lambda name: set(numbers) <= set(name.numbers))

    def _may_be_called(self, room: Room, rest: str) -> bool:
        if rest in _GENERIC:
            return True
        names = self._names[room.name]
        if any(rest == name.rest or _within(rest, name.rest) or _within(name.rest, rest) for name in names):
            return True
        heard = spoken(rest).replace(" ", "")
        return any(name.rest and _same_sound(heard, name.heard) for name in names)

    def _nearest(self, asked: Name) -> list[Room]:
        """Rooms with another number, those of the same place first, then those a slip of the finger or a step away."""
        wanted = asked.numbers[-1]

        def distance(room: Room) -> tuple[bool, int, int]:
            number = room.number
            if number is None:
                number = next((name.numbers[-1] for name in self._names[room.name] if name.numbers), 10**9)
            here = bool(asked.rest) and self._may_be_called(room, asked.rest)
            return (not here, OSA.distance(str(number), str(wanted)), abs(number - wanted))

        numbered = self._where(lambda name: bool(name.numbers))
        return sorted(numbered, key=distance)

    def _where(self, holds: Callable[[Name], bool]) -> list[Room]:
        return [room for room in self.rooms if any(holds(name) for name in self._names[room.name])]


def called(room: Room) -> Iterable[str]:
    """Every name of a room, its number included."""
    yield from (text for text in (room.name, room.printed, room.english, *room.aliases) if text)
    if room.number is not None:
        yield str(room.number)


def _name(text: str) -> Name:
    folded = with_digits(_NUMBER_WORDS.sub(lambda word: str(_NUMBERS[word[0]]), fold(text)), everywhere=True)
    numbers = tuple(int(figures[:9]) for figures in re.findall(r"\d+", folded))
    rest = re.sub(r"\d+", " ", _NOISE.sub(" ", folded))
    rest = " ".join(rest.split()) if rest.isascii() else "".join(rest.split())
    return Name(folded.replace(" ", ""), numbers, rest, spoken(rest).replace(" ", ""))


def _settled(found: list[Room], score: float) -> RoomMatch:
    return RoomMatch(found[0] if len(found) == 1 else None, tuple(found), score)


def _within(part: str, whole: str) -> bool:
    """Whether a name of some substance stands in another, in Latin letters as whole words or at its beginning."""
    if part not in whole:
        return False
    if has_hanzi(part):
        return len(part) > 1
    return len(part) > 3 and (f" {part} " in f" {whole} " or whole.startswith(part))


def _same_sound(heard: str, name: str) -> bool:
    return heard == name or (len(name) > 4 and fuzz.ratio(heard, name) >= _SURE)


def _likeness(heard: str, name: Name) -> float:
    # A room with a number is not meant by its name alone: it is offered, never sure.
    ceiling = _SURE - 1 if name.numbers else 100.0
    return min(ceiling, fuzz.ratio(heard, name.heard)) if name.rest else 0.0
