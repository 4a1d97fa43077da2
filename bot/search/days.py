"""Which day people mean: 今天, 明天, day 2, 第二天, 8月10日, 8/10, 周日, Sunday, 10 Aug."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.search.fold import fold, with_digits

_RELATIVE = {
    "今天": 0, "今日": 0, "today": 0,
    "明天": 1, "明日": 1, "tomorrow": 1,
    "后天": 2,
    "昨天": -1, "yesterday": -1,
}  # fmt: skip
_WEEKDAYS = {
    "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7,
    "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "日": 7, "天": 7, "7": 7,
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_ISO = re.compile(r"^(\d{4}) (\d{1,2}) (\d{1,2})$")
_MONTH_DAY = re.compile(r"^(\d{1,2}) ?(?:月| ) ?(\d{1,2}) ?[日号]?$")
_DAY_OF_MONTH = re.compile(r"^(\d{1,2})(?:日|号|th|st|nd|rd)$")
_NTH = re.compile(r"^(?:第 ?(\d) ?天|day ?(\d)|(\d))$")
_WEEKDAY = re.compile(r"^(?:周|星期|礼拜) ?([1-7日天])$")
_ENGLISH_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*$")
_ENGLISH_DATE = re.compile(r"^(?:([a-z]{3})[a-z]* )?(\d{1,2})(?:th|st|nd|rd)?(?: ([a-z]{3})[a-z]*)?$")


def find_day(  # noqa: C901, PLR0911 - one step for each way to write a day
    query: str, days: Sequence[date], talk_days: Sequence[date], today: date
) -> date | None:
    """The day meant, of the conference or not; None when the words name no day.

    days       every day something happens on, in order: what a day of the month or a weekday can mean.
    talk_days  the days that are counted: day 1 is the first with a programme, not the check-in before it.
    """
    asked = with_digits(fold(query))
    if asked in _RELATIVE:
        return today + timedelta(days=_RELATIVE[asked])
    if match := _ISO.match(asked):
        return _date(*map(int, match.groups()))
    if match := _NTH.match(asked):
        at = int(next(filter(None, match.groups())))
        if 1 <= at <= len(talk_days):
            return talk_days[at - 1]
    if match := _MONTH_DAY.match(asked):
        return _in_year(int(match[1]), int(match[2]), days, today)
    if match := _WEEKDAY.match(asked) or _ENGLISH_WEEKDAY.match(asked):
        weekday = _WEEKDAYS[match[1]]
        return next((day for day in days if day.isoweekday() == weekday), None)
    if match := _DAY_OF_MONTH.match(asked):
        return next((day for day in days if day.day == int(match[1])), None)
    if match := _ENGLISH_DATE.match(asked):
        month = match[1] or match[3]
        if month in _MONTHS:
            return _in_year(_MONTHS.index(month) + 1, int(match[2]), days, today)
        if month is None:
            return next((day for day in days if day.day == int(match[2])), None)
    return None


def _in_year(month: int, day: int, days: Sequence[date], today: date) -> date | None:
    """A date without its year: the conference's own if it has such a day, else this year's."""
    same = next((one for one in days if (one.month, one.day) == (month, day)), None)
    return same or _date(today.year, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
