"""What the words for a time mean together, relative to a moment and to the days and meals of a programme."""

import re
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot.domain.programme import Slot
from bot.domain.timetable import Timetable
from bot.domain.when import PARTS, Part, When
from bot.search.clocks import Clock, clock, length, number

_JUST_NOW = timedelta(hours=1)  # how far back "just now" reaches
_SOON = timedelta(hours=2)
_BARE_PM = range(1, 8)  # hours that mean the afternoon when nothing is said: nobody speaks at three at night

PART_WORDS: dict[str, Part] = {
    "一大早": "morning", "大清早": "morning", "清晨": "morning", "早晨": "morning", "早上": "morning",
    "上午": "morning", "早间": "morning", "中午": "noon", "午间": "noon", "正午": "noon",
    "下午": "afternoon", "午后": "afternoon",
    "晚上": "evening", "晚间": "evening", "傍晚": "evening", "夜里": "evening", "夜间": "evening",
    "一整天": "day", "整天": "day", "全天": "day", "一天": "day",
    "morning": "morning", "afternoon": "afternoon", "evening": "evening", "night": "evening",
    "all day": "day", "whole day": "day",
}  # fmt: skip
RELATIVE = {
    "大后天": 3, "后天": 2, "明天": 1, "明日": 1, "明儿": 1, "今天": 0, "今日": 0, "今儿": 0, "昨天": -1, "昨日": -1,
    "前天": -2,
    "day after tomorrow": 2, "tomorrow": 1, "tmrw": 1, "tmr": 1, "today": 0, "yesterday": -1,
}  # fmt: skip
DAYS_AND_PARTS: dict[str, tuple[int, Part]] = {
    "今早": (0, "morning"), "今晨": (0, "morning"), "明早": (1, "morning"), "明晨": (1, "morning"),
    "今晚": (0, "evening"), "今夜": (0, "evening"), "明晚": (1, "evening"), "昨晚": (-1, "evening"),
    "tonight": (0, "evening"), "last night": (-1, "evening"),
}  # fmt: skip
WEEKDAYS = {name: at for at, names in enumerate((
    ("一", "1", "monday", "mon"), ("二", "2", "tuesday", "tue", "tues"), ("三", "3", "wednesday", "wed"),
    ("四", "4", "thursday", "thu", "thur", "thurs"), ("五", "5", "friday", "fri"), ("六", "6", "saturday", "sat"),
    ("日", "天", "7", "sunday", "sun"),
), start=1) for name in names}  # fmt: skip
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ORDINALS = {
    "首": 1,
    "头一": 1,
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
}
LAST = {"最后一", "last", "final"}


class Heard:
    """What was heard of a time so far.

    A method for a pattern takes its match and says whether that is what the words mean here.
    """

    def __init__(self, timetable: Timetable, now: datetime) -> None:
        self._timetable = timetable
        self._now = now
        self._talk_days = timetable.talk_days
        self._day: date | None = None
        self._part: Part | None = None
        self._clocks: list[Clock] = []
        self._span: tuple[datetime, datetime] | None = None
        self._side: Literal["", "after", "before"] = ""

    def in_a_while(self, match: re.Match[str]) -> bool:
        moment = self._now + length(match)
        return self._stretch(moment, moment)

    def for_a_while(self, match: re.Match[str]) -> bool:
        return self._stretch(self._now, self._now + length(match))

    def next_hour(self, _: re.Match[str]) -> bool:
        return self._stretch(self._now, self._now + timedelta(hours=1))

    def soon(self, _: re.Match[str]) -> bool:
        return self._stretch(self._now, self._now + _SOON)

    def rest_of_today(self, _: re.Match[str]) -> bool:
        tomorrow = self._now.date() + timedelta(days=1)
        return self._stretch(self._now, datetime.combine(tomorrow, time(), self._timetable.zone))

    def just_now(self, _: re.Match[str]) -> bool:
        return self._stretch(self._now - _JUST_NOW, self._now)

    def after_pause(self, match: re.Match[str]) -> bool:
        slot = self._pause(match)
        if slot is None:
            return False
        end = self._timetable.local(slot.end)
        return self._stretch(end, self._at(12 if end < self._at(12) else 18))

    def before_pause(self, match: re.Match[str]) -> bool:
        slot = self._pause(match)
        if slot is None:
            return False
        start = self._timetable.local(slot.start)
        return self._stretch(self._at(12 if start > self._at(13) else 0), start)

    def iso_date(self, match: re.Match[str]) -> bool:
        return self._on(_date(*map(number, match.groups())))

    def month_and_day(self, match: re.Match[str]) -> bool:
        return self._on(self._in_year(number(match[1]), number(match[2])))

    def slashed(self, match: re.Match[str]) -> bool:
        day = self._in_year(int(match[1]), int(match[2]))
        return day in self._timetable.days and self._on(day)

    def english_date(self, match: re.Match[str]) -> bool:
        return self._on(self._in_year(MONTHS.index(match["month"]) + 1, int(match["day"])))

    def day_of_month(self, match: re.Match[str]) -> bool:
        wanted = number(match["day"])
        return self._on(next((day for day in self._timetable.days if day.day == wanted), None))

    def numbered(self, match: re.Match[str]) -> bool:
        """10号 is a room where there is one of that number, but 10号上午 is a day."""
        rooms = {room.number for room in self._timetable.programme.rooms}
        return (match["part"] is not None or number(match["day"]) not in rooms) and self.day_of_month(match)

    def nth_day(self, match: re.Match[str]) -> bool:
        said = match.groupdict()
        word = said.get("n") or said.get("w") or ""
        at = len(self._talk_days) if word in LAST else ORDINALS.get(word) or number(word)
        return 1 <= at <= len(self._talk_days) and self._on(self._talk_days[at - 1])

    def relative_day(self, match: re.Match[str]) -> bool:
        return self._on(self._now.date() + timedelta(days=RELATIVE[match["day"]]))

    def day_and_part(self, match: re.Match[str]) -> bool:
        days, part = DAYS_AND_PARTS[match["both"]]
        return self._on(self._now.date() + timedelta(days=days)) and self._in_part(part)

    def weekday(self, match: re.Match[str]) -> bool:
        wanted = WEEKDAYS[match["weekday"]]
        upcoming = self._now.date() + timedelta(days=(wanted - self._now.isoweekday()) % 7)
        return self._on(next((day for day in self._timetable.days if day.isoweekday() == wanted), upcoming))

    def this_part(self, match: re.Match[str]) -> bool:
        return self._on(self._now.date()) and self._in_part(PART_WORDS[match["part"]])

    def part_of_day(self, match: re.Match[str]) -> bool:
        return self._in_part(PART_WORDS[match["part"]])

    def clock(self, match: re.Match[str]) -> bool:
        found = clock(match)
        if found is None:
            return False
        self._clocks.append(found)
        return True

    def hours(self, match: re.Match[str]) -> bool:
        """2-4 pm, from 2 to 4, 2到4点: only the last hour may say which half of the day is meant."""
        first, last, half = number(match["first"]), number(match["last"]), match["half"] or ""
        if not (0 < first <= 24 and 0 < last <= 24):
            return False
        if half.startswith("p"):
            last += 12 if last < 12 else 0
            first += 12 if first + 12 <= last else 0
        self._clocks += [Clock(hour, 0, sure=bool(half) or max(first, last) > 12) for hour in (first, last)]
        return True

    def after(self, match: re.Match[str]) -> bool:
        self._side = "after"
        return self.clock(match)

    def before(self, match: re.Match[str]) -> bool:
        self._side = "before"
        return self.clock(match)

    def settled(self) -> When | None:
        """All of it put together."""
        if self._span is not None:
            return When(*self._span)
        if self._clocks:
            times = sorted(map(self._on_the_clock, self._clocks))
            first, last = times[0], times[-1]
            if self._side == "after":
                return When(first, self._at(18 if first < self._at(18) else 24))
            if self._side == "before":
                return When(self._at(0 if first <= self._at(12) else 12), first)
            return When(first, last)
        if self._part is None and self._day is None:
            return None
        part: Part = self._part or "day"
        start, end = PARTS[part]
        return When(self._at(start), self._at(end), part)

    def _stretch(self, start: datetime, end: datetime) -> bool:
        self._span = (start, end)
        return True

    def _in_part(self, part: Part) -> bool:
        self._part = part
        return True

    def _on(self, day: date | None) -> bool:
        if day is None or self._day not in (None, day):
            return False
        self._day = day
        return True

    def _in_year(self, month: int, day: int) -> date | None:
        """A date without its year: the conference's own if it has such a day, else this year's."""
        same = next((one for one in self._timetable.days if (one.month, one.day) == (month, day)), None)
        return same or _date(self._now.year, month, day)

    def _meant_day(self) -> date:
        """The day said; else today, or the day with a programme that is nearest."""
        today = self._now.date()
        return self._day or min(self._talk_days, key=lambda day: abs(day - today), default=today)

    def _at(self, hour: int, minute: int = 0) -> datetime:
        midnight = datetime.combine(self._meant_day() + timedelta(days=hour // 24), time(), self._timetable.zone)
        return midnight.replace(hour=hour % 24, minute=minute)

    def _on_the_clock(self, said: Clock) -> datetime:
        hour = said.hour
        if not said.sure and hour < 12:
            late = self._part in {"afternoon", "evening"} or (self._part in {None, "noon", "day"} and hour in _BARE_PM)
            hour += 12 if late else 0
        return self._at(hour, said.minute)

    def _pause(self, match: re.Match[str]) -> Slot | None:
        """The meal or break of the day meant; of several, the one that is not over yet."""
        said = match.groupdict()
        kind = "meal" if any(said.get(name) for name in ("meal", "en_meal", "had_meal")) else "break"
        slots = [slot for slot in self._timetable.day(self._meant_day()) if slot.kind == kind]
        return next((slot for slot in slots if slot.end > self._now), slots[0] if slots else None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
