"""The day plan as a table: rows with a day, a time and three cells, whole again where a page break cut them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.finding import Finding
from bot.formats.booklet.sections import Chapter, Line
from bot.formats.booklet.text import CUT, PARAGRAPH, mend

COLUMNS = ("时间", "活动内容", "主持人", "地点")

LONGEST_PLACE = 12

_TIMES = re.compile(r"^(\d{1,2}):(\d{2})\s*[-–—~〜至]+\s*(\d{1,2}):(\d{2})$", re.ASCII)
_TIME_BEGINS = re.compile(r"^\d{1,2}:\d{2}\s*[-–—~〜至]", re.ASCII)
_DAY = re.compile(
    r"^(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*(?:[(,]?\s*(?:周|星期|礼拜).{1,2})?$", re.ASCII
)
_SESSION_BEGINS = re.compile(rf"^(?:[^\sA-Za-z]{{2,8}}\s+)?[A-Z]{{1,2}}\d{{1,2}}\s*(?:$|[{CUT}{PARAGRAPH}]|[:：专])")
_OPEN = re.compile(r"^(?:\s*<p>)+")
_BETWEEN = re.compile(r"</p>\s*(?:<p>)?|<p>")


@dataclass(frozen=True)
class Row:
    """A row of the day plan. Cells keep CUT where a page break was and PARAGRAPH between their paragraphs."""

    line: int
    start: datetime
    end: datetime
    activity: str
    chair: str
    place: str
    cut: bool = False


@dataclass(frozen=True)
class _Cells:
    line: int
    time: str
    activity: str
    chair: str
    place: str
    cut: bool = False

    @property
    def heading(self) -> re.Match[str] | None:
        """The day that this row is the heading of."""
        return _DAY.match(_plain(self.time or self.activity)) if not self.chair and not self.place else None

    @property
    def is_new(self) -> bool:
        return bool(_TIME_BEGINS.match(_plain(self.time)) or _SESSION_BEGINS.match(self.activity) or self.heading)


def find_header(chapters: Iterable[Chapter]) -> tuple[Chapter, int] | None:
    """The chapter with the day plan, and where in it the table begins; None where there is no such table."""
    for chapter in chapters:
        for position, line in enumerate(chapter.lines):
            if _order(line) is not None:
                return chapter, position
    return None


def rows(table: tuple[Line, ...], year: int, first: date, zone: ZoneInfo, findings: list[Finding]) -> list[Row]:
    """The rows of the table whose first line is its header. What has no day or no time that exists is a finding."""
    day: date | None = None
    time: tuple[datetime, datetime] | None = None
    found: list[Row] = []
    for cells in _whole(table, findings):
        if heading := cells.heading:
            day, time = _day(heading, year, first), None
            if day is None:
                findings.append(_unreadable(cells, mend(cells.time or cells.activity)))
            continue
        if cells.time:
            time = _window(_plain(cells.time), day, zone)
        if time is None:
            findings.append(_unreadable(cells, mend(cells.time or cells.activity)))
            continue
        start, end = time
        found.append(Row(cells.line, start, end, cells.activity, cells.chair, cells.place, cells.cut))
    return found


def _unreadable(cells: _Cells, text: str) -> Finding:
    return Finding(code="row-unreadable", level="error", line=cells.line, params={"text": text[:60]})


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", mend(text))


def _day(heading: re.Match[str], year: int, first: date) -> date | None:
    """The day a heading names; after the turn of the year a conference goes on in the next one."""
    printed, month, day = heading.groups()
    try:
        found = date(int(printed or year), int(month), int(day))
        return found if printed or found >= first - timedelta(days=180) else found.replace(year=year + 1)
    except ValueError:
        return None


def _window(text: str, day: date | None, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    match = _TIMES.match(text)
    if not match or day is None:
        return None
    from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
    try:
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        start = midnight.replace(hour=from_hour, minute=from_minute)
        if (to_hour, to_minute) == (24, 0):
            return start, midnight + timedelta(days=1)
        return start, midnight.replace(hour=to_hour, minute=to_minute)
    except (ValueError, OverflowError):
        return None


def _order(line: Line) -> tuple[int, ...] | None:
    """Which column holds what, if the line is the table's header (a page break may repeat it)."""
    titles = ["".join(cell.split()) for cell in line.text.split("\t")]
    return tuple(titles.index(column) for column in COLUMNS) if set(COLUMNS) <= set(titles) else None


def _whole(table: tuple[Line, ...], findings: list[Finding]) -> Iterator[_Cells]:
    """The rows, each with what the following lines have of it. The heading of a day is never cut."""
    current: _Cells | None = None
    for cells in _split(table, findings):
        if current is None or cells.is_new or current.heading:
            if current:
                yield current
            current = cells
        else:
            current = replace(
                current,
                time=_continued(current.time, cells.time),
                activity=_continued(current.activity, cells.activity),
                chair=_continued(current.chair, cells.chair),
                place=_continued(current.place, cells.place),
                cut=True,
            )
    if current:
        yield current


def _continued(first: str, second: str) -> str:
    return f"{first}{CUT}{second}" if first and second else first + second


def _split(table: tuple[Line, ...], findings: list[Finding]) -> Iterator[_Cells]:
    order = _order(table[0]) or (0, 1, 2, 3)
    width = max(order) + 1
    for line in _unbroken(table[1:], width):
        if _order(line) is not None:
            continue
        cells = [_cell(cell) for cell in line.text.split("\t")]
        if len(cells) == 1 and not _starts_a_row(line):
            findings.append(Finding(code="line-skipped", line=line.number, params={"text": cells[0][:60]}))
            continue
        cells += [""] * (width - len(cells))
        time, activity, chair, place = (cells[position] for position in order)
        yield _Cells(line.number, time, activity, chair, place, cut=CUT in line.text)


def _unbroken(table: Iterable[Line], width: int) -> Iterator[Line]:
    """Lines of a table whose rows have `width` cells; a row that was broken inside a cell is one line again."""
    waiting: Line | None = None
    for line in table:
        if not line.text.strip():
            continue
        if waiting:
            if _goes_on(waiting, line, width):
                waiting = Line(waiting.number, f"{waiting.text}{CUT}{line.text}")
                continue
            yield waiting
        waiting = line
    if waiting:
        yield waiting


def _goes_on(row: Line, line: Line, width: int) -> bool:
    """Whether a line is the rest of a row: together they have no more cells than a row has."""
    tabs = row.text.count("\t")
    if _starts_a_row(line) or not tabs or tabs + line.text.count("\t") >= width:
        return False
    # Below a row that lacks no cell only the end of its place is rest, and that is short; else it is a remark.
    return tabs < width - 1 or len(line.text.strip()) <= LONGEST_PLACE


def _starts_a_row(line: Line) -> bool:
    first = _plain(line.text.split("\t")[0])
    return line.text.startswith("\t") or bool(_TIME_BEGINS.match(first) or _DAY.match(first))


def _cell(text: str) -> str:
    """A cell's text; <p> and </p> become marks between paragraphs, none at the ends."""
    text = _BETWEEN.sub(PARAGRAPH, _OPEN.sub("", text))
    return text.strip(f" \u3000{PARAGRAPH}")
