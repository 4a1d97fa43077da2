"""An instruction to change the programme, read piece by piece: things, a room, minutes, times, and the words left over.

What is understood is taken out, and what is left is read on. Buttons name things by their rows: #s12 a slot, #t5 a
talk, #i12 a slot to look into, #b202508090530 a time, #r7 a room, #p3 a person; +NAME is a room to be added.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from bot.domain.programme import Person, Room, Slot
from bot.domain.timetable import Event
from bot.search.clocks import LENGTH, length
from bot.search.fold import simplified
from bot.search.index import Hit, Index, Kind
from bot.search.said import Said
from bot.search.spoken_rooms import take_room
from bot.search.spoken_times import take_time

Thing = Slot | Event

_ID = re.compile(r"#([strp])(\d+)(?!\S)")
_NEW = re.compile(r"(?:^|\s)[+＋]\s*(\S.*)$")
_AROUND = "专题|专场|分会场|分会|报告|那场|这场|场"
# Parts joined by nothing or by a sign: "A3 15" is a session and a number, not talk 15 of it.
CODE = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?:session|talk|专题|报告)\s*)?(?P<code>[A-Za-z]{{1,8}}\d{{1,4}}(?:[-._－—–]\d{{1,3}})?"
    rf"|[A-Za-z]{{1,8}}[-._]\d{{1,3}})(?![A-Za-z0-9])(?:\s*(?:{_AROUND}|session\b|talk\b))?",
    re.IGNORECASE,
)
_JOINING = re.compile(
    r"^[\s:：,，、;；]*(?:(?:改到|换到|移到|搬到|调到|挪到|改在|改为|改成|换成|变为|推迟|延迟|延后|提前|顺延|互换|对调|交换|取消|恢复"
    r"|的|把|将|与|和|跟|到|至|去|在|→|->|to|into|in|with|and|by)(?![A-Za-z])[\s:：,，、]*)*",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"^[\s:：,，、;；]*(?:(?:请|please|pls|(?:can|could|would|will) you|is|are|was|has|has been|will be|now|moves?"
    r"|moved|shift|relocated?|put|bring|swap|exchange|switch|delay|postpone|push|start|reschedule|cancel|call off"
    r"|restore)(?![A-Za-z])[\s:：,，、]*)*",
    re.IGNORECASE,
)
_SETTING = re.compile(r"^[\s:：,，、;；]*(?:(?:改为|改成|换成|变为|→|->)[\s:：,，、]*)?")
_TRAILING = re.compile(
    r"[\s:：,，、;；]*(?:(?:改到|换到|移到|搬到|调到|挪到|改在|改为|改成|换成|推迟|延迟|延后|提前|顺延|互换|对调|交换|取消|恢复|的|与|和|跟"
    r"|到|至|去|在|→|->|(?<![A-Za-z])(?:to|into|in|with|and|by))[\s:：,，、]*)*$",
    re.IGNORECASE,
)
_ON = re.compile(
    r"#on(?!\S)|(?:及|和|以及)?(?:之后|其后|后面|以后)(?:的|所有)*(?:报告)?|\band (?:those )?after\b", re.IGNORECASE
)
_EARLIER = re.compile(r"提前|提早|早(?!上|晨)|\b(?:earlier|early|sooner|forward)\b", re.IGNORECASE)
_MINUTES = re.compile(
    r"(?<![\w:.#-])(?<!\d,)(?P<sign>[+＋\-−–]?)\s?(?P<count>\d{1,3})(?![\w:.-]*[:：]|\d|[.,，]\d|\s?[-–—~～]\s?\d|\s?号)"
    r"(?:\s*(?:分钟|分|minutes?\b|mins?\b|m\b|['′]))?(?![A-Za-z])"
)
_AND_MINUTES = re.compile(
    r"\s*(?:and\b|零|又)?\s*(\d{1,2})(?:\s*(?:分钟|分|minutes?\b|mins?\b|m\b)|(?![\w.:：-]))", re.IGNORECASE
)
_CLOCKS = re.compile(
    r"(?<!\d)(\d{1,2})[:：.](\d{2})\s*(?:-|－|–|—|~|～|到|至|to|until)\s*(\d{1,2})[:：.](\d{2})(?!\d)", re.IGNORECASE
)
_FROM_NOW = re.compile(r"今天|明天|后天|今晚|明晚|明早|today|tomorrow|tonight", re.IGNORECASE)
_PEOPLE: tuple[Kind, ...] = ("person",)
_CODED: tuple[Kind, ...] = ("talk", "session")
_SURE = 99.0  # score of what is called by its very name, title or code


class Span(NamedTuple):
    """`end` None where only the start was said."""

    start: datetime
    end: datetime | None


class Instruction:
    """One instruction. `rest` is what was not understood yet, as it was typed."""

    def __init__(self, text: str, index: Index, now: datetime) -> None:
        self.rest = text.strip()
        self.now = now
        self._index = index
        self._timetable = index.timetable

    def things(self) -> list[Thing]:
        """Every session, item and talk that is named by its row or its code, in the order of the words."""
        found: list[tuple[int, Thing]] = []
        for match in _ID.finditer(self.rest):
            row = int(match[2])
            thing: Thing | None = self._timetable.slot(row) if match[1] == "s" else self._timetable.event(row)
            if match[1] in "st" and thing is not None:
                found.append((match.start(), thing))
        coded = ((match.start(), self._coded(match["code"])) for match in CODE.finditer(self.rest))
        found += [(place, thing) for place, thing in coded if thing is not None]
        if found:
            self.rest = CODE.sub(lambda match: match[0] if self._coded(match["code"]) is None else " ", self.rest)
            self.rest = re.sub(r"#[st]\d+(?!\S)", " ", self.rest).strip()
        return [thing for _, thing in sorted(found, key=lambda one: one[0])]

    def called(self, *, whole: bool) -> list[Thing]:
        """What the words at the beginning call by a title or a speaker's name; the longest beginning that does so.

        whole  nothing else can be left: then guesses count as well. Several things are for the reader to choose from.
        """
        words = _told(self.rest)
        for end in _ends(words):
            if things := self._called(words[:end]):
                self.rest = words[end:].strip()
                return things
        if whole and words:
            hits = self._index.find(words, limit=4, kinds=("talk", "session", "item"))
            return _subjects([hit for hit in hits if hit.confident] or hits)
        return []

    def room(self, *, alone: bool) -> Room | None:
        """The room that is named, its words taken out. `alone`: nothing else can be left but a room."""
        for match in _ID.finditer(self.rest):
            if match[1] == "r" and (room := self._timetable.room_by_id(int(match[2]))):
                self._take(match)
                return room
        words = _told(self.rest)
        if (alone or self._index.rooms.is_name(words)) and (found := self._index.rooms.find(words).room) is not None:
            self.rest = ""
            return found
        said = Said(self.rest)
        if (room := take_room(said, self._index.rooms)) is not None:
            self._left(said)
        return room

    def new_room(self) -> str:
        """The name of a room to be added: +NAME."""
        match = _NEW.search(self.rest)
        if match is None:
            return ""
        self._take(match)
        return match[1].strip()

    def block(self) -> datetime | None:
        """The time whose slots are to be chosen from: #b202508090530, UTC."""
        match = re.search(r"#b(\d{12})(?!\S)", self.rest)
        return datetime.strptime(match[1], "%Y%m%d%H%M").replace(tzinfo=UTC) if match else None

    def inside(self) -> Slot | None:
        """The slot among whose talks is to be chosen: #i12."""
        match = re.search(r"#i(\d+)(?!\S)", self.rest)
        return self._timetable.slot(int(match[1])) if match else None

    def following(self) -> bool:
        """Whether what follows is meant as well: 及之后, and after, or a button's #on."""
        match = _ON.search(self.rest)
        if match is not None:
            self._take(match)
        return match is not None

    def minutes(self) -> int | None:
        """By how many minutes; earlier is negative."""
        earlier = _EARLIER.search(self.rest) is not None
        text = simplified(self.rest)
        for match in re.finditer(LENGTH, text, re.IGNORECASE):
            count = round(length(match).total_seconds() / 60)
            more = _AND_MINUTES.match(text, match.end()) if count >= 60 else None  # an hour and 20 minutes
            count += int(more[1]) if more else 0
            self._cut(match.start(), (more or match).end())
            return -count if earlier or text[: match.start()].rstrip().endswith(("-", "−")) else count
        found = _MINUTES.search(self.rest)
        if found is None:
            return None
        self._take(found)
        return int(found["count"]) * (-1 if earlier or found["sign"] in {"-", "−", "–"} else 1)

    def span(self, slot_day: date) -> Span | None:
        """The times that are said, on the day that is said or else on `slot_day`; they may run past midnight."""
        clocks = _CLOCKS.search(self.rest)
        if clocks is not None:
            hours = [int(clocks[n]) for n in (1, 3)]
            if max(hours) > 24 or max(int(clocks[2]), int(clocks[4])) > 59:
                return None
            self._take(clocks)
            day = self._day(slot_day)
            start = self._at(day, hours[0], int(clocks[2]))
            end = self._at(day, hours[1], int(clocks[4]))
            return Span(start, end if end > start else self._at(day + timedelta(days=1), hours[1], int(clocks[4])))
        said = Said(self.rest)
        when = take_time(said, self._timetable, self._reference(slot_day))
        if when is None or when.part is not None:
            return None
        self._left(said)
        return Span(when.start, None if when.is_moment else when.end)

    def people(self) -> list[Person | str]:
        """Everybody who is named, in order; a name that the programme does not know comes as it was typed."""
        named: list[Person | str] = []
        for match in _ID.finditer(self.rest):
            person = self._timetable.person_by_id(int(match[2])) if match[1] == "p" else None
            if person is not None:
                named.append(person)
        words = _trim(re.sub(r"#p\d+(?!\S)", " ", self.rest))
        names = re.split(r"\s*(?:[、,，;；]|\band\b|(?<=[一-鿿）)])\s*[和与]\s*)\s*", words)
        named += [self._known(name) or name for name in names if name]
        self.rest = ""
        return named

    def words(self) -> str:
        """What is left to be understood, as it was typed."""
        return _told(self.rest)

    def text(self) -> str:
        """What is left, to the letter: a title or a note may begin with any word."""
        return _SETTING.sub("", self.rest).strip()

    def _take(self, match: re.Match[str]) -> None:
        self._cut(*match.span())

    def _cut(self, start: int, end: int) -> None:
        self.rest = f"{self.rest[:start]} {self.rest[end:]}".strip()

    def _left(self, said: Said) -> None:
        self.rest = " ".join(said.typed(*piece) for piece in said.pieces()).strip()

    def _coded(self, code: str) -> Thing | None:
        plain = _plain(code)
        exact = self._timetable.session(plain) or self._timetable.event_by_code(plain)
        if exact is not None:
            return exact
        hits = self._index.find(code, limit=2, kinds=_CODED)
        sure = [hit.subject for hit in hits if hit.why == "code" and hit.score >= 100]
        return next((one for one in sure if isinstance(one, Slot | Event)), None)

    def _called(self, words: str) -> list[Thing]:
        hits = self._index.find(words, limit=6)
        sure = [hit for hit in hits if hit.confident]
        exact = [hit for hit in sure if hit.score >= _SURE and isinstance(hit.subject, Slot | Event)]
        people = [hit.subject for hit in sure if isinstance(hit.subject, Person)]
        if exact:
            return _subjects(exact)
        keys = {person.key for person in people}
        return [event for event in self._timetable.events if keys & set(event.talk.speakers)]

    def _known(self, name: str) -> Person | None:
        hits = self._index.find(name, limit=3, kinds=_PEOPLE)
        sure = [hit for hit in hits if hit.confident and hit.why == "name"]
        people = [hit.subject for hit in sure if isinstance(hit.subject, Person)]
        return people[0] if len(people) == 1 else None

    def _day(self, slot_day: date) -> date:
        said = Said(self.rest)
        when = take_time(said, self._timetable, self._reference(slot_day))
        self._left(said)
        return slot_day if when is None else self._timetable.day_of(when.start)

    def _reference(self, slot_day: date) -> datetime:
        """The moment from which times are read: tomorrow is ours, but two o'clock is the session's own day's."""
        return self.now if _FROM_NOW.search(self.rest) else self._at(slot_day, 0, 0)

    def _at(self, day: date, hour: int, minute: int) -> datetime:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self._timetable.zone)
        later = midnight + timedelta(days=1) if hour == 24 else midnight
        return later.replace(hour=hour % 24, minute=minute)


def _plain(code: str) -> str:
    return re.sub(r"[._－—–]", "-", code)


def _subjects(hits: Sequence[Hit]) -> list[Thing]:
    return [hit.subject for hit in hits if isinstance(hit.subject, Slot | Event)]


def _told(words: str) -> str:
    """Without the words that tell to do something: please move …."""
    return _trim(_TELLING.sub("", words))


def _trim(words: str) -> str:
    """Without the words that only join: 改到, to, and."""
    return _TRAILING.sub("", _JOINING.sub("", words)).strip()


def _ends(words: str) -> Iterator[int]:
    """Where a beginning may end, the longest first: the end, and before blanks and joining words."""
    yield len(words)
    for match in reversed(list(re.finditer(r"\s+|(?=改到|换到|移到|搬到|调到|改为|改成|换成|推迟|延后|提前)", words))):
        if match.start() > 0:
            yield match.start()
