"""The guide at the front of the booklet: which conference, when, where, whom to ask."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.model import Text
from bot.domain.problem import Problem
from bot.domain.programme import Contact, Window
from bot.formats.booklet.sections import Chapter
from bot.formats.booklet.text import bracketed, split_bracket, tidy

# 2025 年某某大会（ABBR2025）由某某举办 ...
_NAME = re.compile(
    r"^(?:\d{4}\s*年)?\s*(?P<name>[^（(。，,:：]{2,60}?)\s*[（(]\s*(?P<key>[A-Za-z][\w\s&'’.-]{1,30}?)\s*[)）]"
)
_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日", re.ASCII)
_DAYS = re.compile(r"(?:(\d{1,2})\s*月\s*)?(\d{1,2})\s*日", re.ASCII)
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~〜至]+\s*(\d{1,2}):(\d{2})", re.ASCII)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>（）()，。；]+", re.ASCII)
_CONTACT = re.compile(
    r"(?P<name>[^\s：:，,；;、（）()]{1,20}(?: [A-Z][\w.-]*)?)\s*[：:]\s*"
    r"(?:(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?P<phone>\+?\d[\d-]{6,17}\d))"
    r"(?:\s*[（(](?P<note>[^（()）]+)[)）])?",
    re.ASCII,
)


@dataclass(frozen=True)
class Front:
    key: str
    name: str
    first_day: date
    venue: str
    address: str
    website: str
    check_in: tuple[Window, ...]
    check_in_line: int
    contacts: tuple[Contact, ...]


_CHECK_IN = ("签到", "报到", "注册")


def front(chapters: list[Chapter], zone: ZoneInfo) -> Front:
    """The facts of the guide. Raises Problem("booklet.not-a-booklet") without a name or a date."""
    guide = next((chapter for chapter in chapters if "指南" in chapter.heading), None)
    texts = [line.text.strip() for line in guide.lines if line.text.strip()] if guide else []
    name = next((match for text in texts if (match := _NAME.match(text))), None)
    if guide is None or name is None:
        raise Problem("booklet.not-a-booklet", missing="name")
    day = _first_day(texts)
    if day is None:
        raise Problem("booklet.not-a-booklet", missing="dates")
    venue, address = split_bracket(_after(texts, "地点"))
    website = _URL.search(_after(texts, "网站", "网址", "主页"))
    return Front(
        key="".join(name["key"].split()),
        name=tidy(name["name"]),
        first_day=day,
        venue=tidy(venue),
        address=bracketed(address),
        website=website[0].rstrip(".,;") if website else "",
        check_in=windows(_after(texts, *_CHECK_IN), day.year, zone),
        check_in_line=next(
            (line.number for line in guide.lines if any(word in line.text for word in _CHECK_IN)), guide.line
        ),
        contacts=_contacts(texts),
    )


def _after(texts: list[str], *labels: str) -> str:
    """What follows the first label that has one of these words: 会议地点：somewhere."""
    for text in texts:
        label, colon, rest = text.replace("：", ":", 1).partition(":")
        if colon and len(label) <= 10 and any(word in label for word in labels):
            return rest.strip()
    return ""


def _first_day(texts: list[str]) -> date | None:
    printed = [_after(texts, "会议时间", "会议日期", "大会时间", "时间", "日期"), *texts]
    for year, month, day in (found for text in printed for found in _DATE.findall(text)):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def windows(text: str, year: int, zone: ZoneInfo) -> tuple[Window, ...]:
    """`8 月 8 日 15:00-18:00；8 月 9 日-8 月 10 日：7:30-17:00` as a window a day. What makes no sense is left out."""
    found: list[Window] = []
    for part in unicodedata.normalize("NFKC", text).split(";"):
        hours = _HOURS.search(part)
        if not hours:
            continue
        days = _DAYS.findall(part[: hours.start()])
        try:
            found += [_window(day, hours, zone) for day in _range(days, year)]
        except (ValueError, OverflowError):
            continue
    return tuple(found)


def _range(days: list[tuple[str, str]], year: int) -> list[date]:
    """The days between the first and the last that are printed; a month that is not printed is the one before."""
    printed: list[date] = []
    month = 0
    for printed_month, day in days:
        month = int(printed_month or month)
        printed.append(date(year, month, int(day)))
    if not printed:
        return []
    span = range(printed[0].toordinal(), printed[-1].toordinal() + 1)
    return [date.fromordinal(day) for day in span[:31]]


def _window(day: date, hours: re.Match[str], zone: ZoneInfo) -> Window:
    from_hour, from_minute, to_hour, to_minute = map(int, hours.groups())
    start = datetime(day.year, day.month, day.day, from_hour, from_minute, tzinfo=zone)
    end = start.replace(hour=to_hour, minute=to_minute)
    return Window(start=start, end=end)


def _contacts(texts: list[str]) -> tuple[Contact, ...]:
    """Names with an address or number behind them, in the lines from the label on."""
    start = next((n for n, text in enumerate(texts) if "联系" in text[:12]), len(texts))
    found: dict[str, Contact] = {}
    for text in texts[start:]:
        for match in _CONTACT.finditer(text):
            known = found.get(match["name"], Contact(name=match["name"]))
            given = {
                "email": match["email"] or known.email,
                "phone": match["phone"] or known.phone,
                "note": Text(zh=match["note"].strip()) if match["note"] else known.note,
            }
            found[match["name"]] = known.model_copy(update=given)
    return tuple(found.values())
