"""Times as a programme file writes them: `2025-08-09 08:20-08:40`, in the conference's timezone, whole minutes.

    2025-08-09 08:20-08:40                  a span; an end that is not after its start is on the next day
    2025-08-09 08:20 - 2025-08-11 09:00     a span whose end says its own day
    13:30-13:50                             a talk on the day its slot starts
    13:30-                                  a talk that has only a start (or, -13:50, only an end)
    2025-10-26 02:30 later-03:30            the second 02:30 of a night when clocks go back; without `later`, the first

Moments are given as UTC, as the database gives them: arithmetic and equality on wall-clock times go wrong where clocks
change.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_POINT = r"(?:([12][0-9]{3}-[0-9]{2}-[0-9]{2})[ T]+)?([0-9]{1,2}):([0-9]{2})( *later)?"
_SPAN = re.compile(rf" *(?:{_POINT})? *[-–—~] *(?:{_POINT})? *")


class NoSuchTimeError(ValueError):
    """A local time that the clocks of that place skip, or `later` where they do not go back."""


@dataclass(frozen=True)
class Point:
    """A time of day, on a day of its own or on one that goes without saying. 24:00 is the end of the day."""

    day: date | None
    hour: int
    minute: int
    later: bool


Span = tuple[Point | None, Point | None]
Moments = tuple[datetime | None, datetime | None]


def parse(text: str) -> Span:
    """A span as written; full-width characters and any dash will do. Raises ValueError for anything else."""
    found = _SPAN.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        raise ValueError(text)
    groups = found.groups()
    start, end = _point(*groups[:4]), _point(*groups[4:])
    if start is None and end is None:
        raise ValueError(text)
    return start, end


def resolve(span: Span, zone: ZoneInfo, day: date | None = None) -> Moments:
    """The moments (UTC) of a span; `day` is the one that goes without saying.

    Raises NoSuchTimeError for a local time that does not exist, ValueError where a day is missing.
    """
    start, end = span
    start_day = (start.day if start else None) or day
    end_day = (end.day if end else None) or start_day
    first = _local(start, start_day)
    last = _local(end, end_day)
    if start and end and not end.day and first and last and (last, end.later) <= (first, start.later):
        last += timedelta(days=1)
    return (
        _utc(first, zone, later=start.later) if start and first else None,
        _utc(last, zone, later=end.later) if end and last else None,
    )


def render(start: datetime | None, end: datetime | None, zone: ZoneInfo, day: date | None = None) -> str:
    """The shortest text that `parse` and `resolve` turn into the same moments.

    Raises ValueError for moments that are not whole minutes: the file could not give them back.
    """
    moments = start.astimezone(UTC) if start else None, end.astimezone(UTC) if end else None
    for start_says_day, end_says_day in ((False, False), (True, False), (False, True), (True, True)):
        texts = _text(start, zone, start_says_day), _text(end, zone, end_says_day)
        text = (" - " if end_says_day and start else "-").join(texts)
        try:
            if resolve(parse(text), zone, day) == moments:
                return text
        except ValueError:
            continue
    raise ValueError(f"no whole minutes: {start} {end}")


def _point(day: str | None, hour: str | None, minute: str | None, later: str | None) -> Point | None:
    if hour is None or minute is None:
        return None
    if hour != "24" or minute != "00":
        time(int(hour), int(minute))  # raises ValueError for 25:00 and 12:60
    return Point(date.fromisoformat(day) if day else None, int(hour), int(minute), later is not None)


def _local(point: Point | None, day: date | None) -> datetime | None:
    if point is None:
        return None
    if day is None:
        raise ValueError("a time without a day")
    # Wall-clock time on purpose: it gets its zone, and with it its meaning, in _utc.
    return datetime.combine(day, time()) + timedelta(hours=point.hour, minutes=point.minute)


def _utc(local: datetime, zone: ZoneInfo, *, later: bool) -> datetime:
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    back = first.astimezone(zone).replace(tzinfo=None)
    # In a gap the first reading comes back as another time; in a repeated hour the second is after the first.
    if back != local or (later and second <= first):
        raise NoSuchTimeError(str(local))
    return second if later else first


def _text(moment: datetime | None, zone: ZoneInfo, says_day: bool) -> str:  # noqa: FBT001 - private, and tried both ways
    if moment is None:
        return ""
    local = moment.astimezone(zone)
    later = " later" if local.fold else ""
    return f"{local:%Y-%m-%d} {local:%H:%M}{later}" if says_day else f"{local:%H:%M}{later}"
