"""Where a sentence names a room: 友谊宫7号, 7号会议室, room seven, the main hall, 聚映厅."""

import re
from functools import lru_cache

from bot.domain.programme import Room
from bot.search.clocks import HOUR, NUMBER
from bot.search.rooms import Rooms, called
from bot.search.said import Said

_TO = r"(?:(?<![现正存])[在去到]|\b(?:in|at|into|to) )?(?:\bthe )?"
_PLACE = "会议室|会议厅|教室|会场|房间|厅|室"
_PATTERNS = tuple(
    re.compile(f"{_TO}(?P<room>{pattern})")
    for pattern in (
        rf"(?:[一-鿿]{{2,3}}宫 ?)?第?{NUMBER} ?(?:号 ?[小大]?(?:{_PLACE}|楼|房)?|(?:{_PLACE}))(?![码召])",
        rf"\b(?:[a-z]+ palace )?(?:(?:meeting|conference) )?(?:rooms?|rm|hall)[. ]*(?:no\b\.?|number|#)? ?{HOUR}\b",
        r"\b[a-z]+ palace \d{1,3}\b",
    )
)
_WORDED = tuple(
    re.compile(f"{_TO}(?P<room>{pattern})")
    for pattern in ("[一-鿿]{2,3}[厅宫]", r"(?:\b[a-z]+ )?\b(?:hall|auditorium|ballroom)\b")
)


def take_room(said: Said, rooms: Rooms) -> Room | None:
    """The room a sentence names; its words are taken out. None when it names none, or none that is there."""
    for pattern in (*_PATTERNS, _by_name(rooms), *_WORDED):
        for match in pattern.finditer(said.text):
            room = rooms.find(match["room"]).room
            if room is not None:
                said.take(*match.span())
                return room
    return None


@lru_cache(2)  # the programme's as it is, and as it was just before
def _by_name(rooms: Rooms) -> re.Pattern[str]:
    """The names of rooms as they are written, blanks as one likes; a number alone is no name here."""
    names = {name.casefold() for room in rooms.rooms for name in called(room) if not name.isdecimal() and len(name) > 1}
    longest_first = (" ?".join(map(re.escape, name.split())) for name in sorted(names, key=len, reverse=True))
    return re.compile(
        rf"{_TO}(?<![a-z0-9])(?P<room>{'|'.join(longest_first) or '(?!)'})(?: ?(?:会议室|会场))?(?![a-z0-9])"
    )
