"""Rooms as the day plan prints them: one room for all its spellings."""

import re
import unicodedata

from bot.domain.programme import Room
from bot.formats.booklet.text import fold, mend

# 友谊宫 5 号会议室 is known by 友谊宫 5 号, with or without blanks.
_NUMBERED = re.compile(r"^(?P<house>.*?)\s*(?P<number>\d{1,4})\s*号\s*(?P<kind>会议室|教室|报告厅|室|厅)?$", re.ASCII)
_DIGITS = re.compile(r"\d{1,4}", re.ASCII)
_NO_PLACE = re.compile(r"^[(（]?(?:见|凭|详见|参见|另行|待定|待通知|tbd|tba|无)", re.IGNORECASE)


class Rooms:
    """The rooms met so far, in order of first appearance; the first spelling names a room."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}

    def add(self, cell: str) -> str:
        """The name of the room that a cell means."""
        room = _room(cell)
        key = fold(room.name)
        known = self._rooms.setdefault(key, room)
        if len(room.printed) > len(known.printed):
            self._rooms[key] = known.model_copy(update={"printed": room.printed})
        return known.name

    def knows(self, cell: str) -> bool:
        return fold(_room(cell).name) in self._rooms

    def all(self) -> tuple[Room, ...]:
        return tuple(self._rooms.values())


def is_place(cell: str) -> bool:
    """Whether a cell names a place, rather than saying where to look for one (见餐券)."""
    return bool(fold(cell)) and not _NO_PLACE.match(mend(cell))


def _room(cell: str) -> Room:
    text = mend(cell)
    match = _NUMBERED.match(unicodedata.normalize("NFKC", text))
    if match:
        name = f"{match['house']} {match['number']} 号".strip()
        printed = name + (match["kind"] or "")
        return Room(name=name, printed=printed if printed != name else "", number=int(match["number"]))
    digits = _DIGITS.findall(unicodedata.normalize("NFKC", text))
    return Room(name=text, number=int(digits[0]) if len(digits) == 1 else None)
