"""Clock times and lengths of time as people write them: 三点半, 15:30, 3pm, half past two, 半小时, 20 minutes."""

import re
from datetime import timedelta
from typing import NamedTuple

from bot.search.fold import numeral

HOUR_WORDS = {word: n for n, word in enumerate(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
)}  # fmt: skip
_COUNTS = {"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30, **HOUR_WORDS}

NUMBER = r"(?:\d{1,3}|[零一二两三四五六七八九十廿]{1,3})"
HOUR = rf"(?:\d{{1,2}}|{'|'.join(HOUR_WORDS)})"
HALF_OF_DAY = r"(?:a\.?m\b\.?|p\.?m\b\.?)"

CLOCK = (
    rf"(?:差(?P<less>[一1三3]刻|{NUMBER}分)钟?)?(?<![\d有快早晚])(?P<zh>{NUMBER}) ?[点时](?:钟|整)?"
    rf"(?: ?(?P<past>半|[一1三3]刻|过?{NUMBER}(?![\d零一二两三四五六七八九十])分?(?! ?[钟号月点:到至-])))?"
    rf"|(?<![\w:.-])(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?!\d)(?: ?(?P<half>{HALF_OF_DAY}))?"
    rf"|(?<![\w:.-])(?P<h2>{HOUR})(?:[.:](?P<m2>[0-5]\d))? ?(?P<half2>{HALF_OF_DAY})"
    rf"|\b(?P<h3>{HOUR}) ?o'?clock\b"
    rf"|\b(?P<fraction>half past|quarter past|quarter to) (?P<h4>{HOUR})\b"
    rf"|(?<!\w)(?:at|@) ?(?P<h5>{HOUR})(?![\w:.-]| ?号)"
    r"|(?P<noon>\b(?:noon|midday)\b)"
)
"""One clock time; `clock` reads its match."""

_DECIMAL = r"\d{1,2}\.\d{1,2}"
_WHOLE = r"(?<![A-Za-z\d.])(?<!\d,)"  # not the end of a longer number: 1.5, 1000, 1e9
LENGTH = (
    rf"{_WHOLE}(?P<count>{NUMBER}个半|{_DECIMAL}|{NUMBER}|半)个? ?(?P<unit>分钟|小时|钟头|刻钟)"
    rf"|{_WHOLE}(?P<count_en>{_DECIMAL}|\d{{1,3}}|half an|half|an?|fifteen|twenty|thirty|{'|'.join(HOUR_WORDS)})[ -]?"
    r"(?P<unit_en>minutes?|mins?|hours?|hrs?|h)\b"
)
"""One length of time; `length` reads its match."""


class Clock(NamedTuple):
    """`sure`: the half of the day is known, from am or pm or the hour itself."""

    hour: int
    minute: int
    sure: bool


def clock(match: re.Match[str]) -> Clock | None:
    """The time of day in a match of CLOCK; None when there is no such time."""
    said = match.groupdict()
    if said["noon"]:
        return Clock(12, 0, sure=True)
    if said["zh"]:
        return _chinese(said["zh"], said["past"], said["less"])
    if said["fraction"]:
        hour = number(said["h4"])
        before = said["fraction"].endswith("to")
        return Clock(hour - before, 45 if before else 30 if "half" in said["fraction"] else 15, sure=False)
    written = said["h"] or said["h2"] or said["h3"] or said["h5"] or said.get("bare") or ""
    hour, half = number(written), said["half"] or said["half2"]
    if hour > 24 or (half and hour > 12):
        return None
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return Clock(hour, int(said["m"] or said["m2"] or 0), sure=bool(half) or hour > 12 or written.startswith("0"))


def length(match: re.Match[str]) -> timedelta:
    """The length of time in a match of LENGTH."""
    said = match.groupdict()
    count, unit = said["count"] or said["count_en"], said["unit"] or said["unit_en"]
    whole = re.sub(r"个半$|半|half(?: an)?", "", count)
    amount = (float(whole) if "." in whole else number(whole) if whole else 0) + (0.5 if whole != count else 0)
    if unit == "刻钟":
        return timedelta(minutes=15 * amount)
    return timedelta(hours=amount) if unit[0] in "小钟h" else timedelta(minutes=amount)


def number(said: str) -> int:
    """A small number in figures, hanzi or English words; -1 when it is none."""
    found = int(said) if said.isdecimal() else _COUNTS.get(said, numeral(said))
    return -1 if found is None else found


def _chinese(hour: str, past: str | None, less: str | None) -> Clock | None:
    hours, minutes = number(hour), 0
    if past:
        minutes = 30 if past == "半" else _quarters(past) if "刻" in past else number(past.strip("过分"))
    if less:
        hours, minutes = hours - 1, 60 - (_quarters(less) if "刻" in less else number(less.strip("分")))
    return Clock(hours, minutes, sure=hours > 12) if 0 <= hours <= 24 and 0 <= minutes < 60 else None


def _quarters(said: str) -> int:
    return 15 if said[0] in "一1" else 45
