"""How the things of a programme are called in one language: people, rooms, titles, days and times."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.model import Lang, has_hanzi
from bot.domain.nth import Nth
from bot.domain.programme import Person, Room, Slot, Talk
from bot.domain.stars import NOTHING, Stars, Subject
from bot.domain.timetable import Event, Timetable
from bot.domain.when import When
from bot.replies.reply import Block, Button, Line, struck
from bot.replies.words import Param, catalogue, say, word


@dataclass(frozen=True, slots=True)
class Voice:
    """One language, speaking of one timetable to somebody who has starred this and that.

    public  others read it too: nothing of anybody's own is in it.
    """

    lang: Lang
    timetable: Timetable
    stars: Stars = NOTHING
    public: bool = False

    def say(self, key: str, /, **params: Param) -> Line:
        return say(self.lang, key, **params)

    def word(self, key: str, /, **params: Param) -> str:
        return word(self.lang, key, **params)

    def block(self, key: str, /, **params: Param) -> Block:
        """A block of one line."""
        return Block((self.say(key, **params),))

    def button(self, key: str, ask: str, /, *, edits: bool = False, **params: Param) -> Button:
        return Button(self.word(key, **params), ask, edits=edits)

    # Times are shown in the conference's timezone, which every title line names.

    def zone(self) -> str:
        name = self.timetable.conference.timezone
        return catalogue(self.lang).get(f"zone.{name}", name)

    def clock(self, moment: datetime) -> str:
        local = self.timetable.local(moment)
        return f"{local.hour:02}:{local.minute:02}"

    def times(self, start: datetime, end: datetime, *, estimated: bool = False) -> str:
        key = "time.estimated" if estimated else "time.range"
        return self.word(key, start=self.clock(start), end=self.clock(end))

    def event_times(self, event: Event) -> str:
        times = self.times(event.start, event.end, estimated=event.estimated)
        if event.talk.start is None or event.start == event.planned:
            return times
        return self.word("time.printed", times=times, printed=self.clock(event.planned))

    def slot_times(self, slot: Slot) -> str:
        return self.times(slot.start, slot.end)

    def times_of(self, one: Subject) -> str:
        return self.event_times(one.event) if one.event else self.slot_times(one.slot)

    def start_of(self, one: Subject) -> str:
        """Its start in a sentence, marked where it is an estimate."""
        return self.word("time.about" if one.estimated else "time.at", time=self.clock(one.start))

    def day(self, day: date) -> str:
        weekday = self.word(f"day.weekday{day.isoweekday()}")
        month = day.month if self.lang == "zh" else f"{day:%b}"
        return self.word("day.label", month=month, day=day.day, weekday=weekday)

    def day_of(self, moment: datetime) -> str:
        return self.day(self.timetable.day_of(moment))

    def date(self, moment: datetime) -> str:
        """The day without its weekday, where there is little room: 8月9日, 9 Aug."""
        local = self.timetable.local(moment)
        return self.word("when.day", month=local.month if self.lang == "zh" else f"{local:%b}", day=local.day)

    def dates(self) -> str:
        """The conference's days: 8月9日 周六 – 8月10日 周日. Check-in the day before is no day of the conference."""
        days = self.timetable.talk_days
        if not days:
            return ""
        ends = (days[0], days[-1]) if days[0] != days[-1] else (days[0],)
        return " – ".join(self.day(day) for day in ends)

    def hours(self) -> str:
        """From the first start to the last end: 8月9日 周六 08:20 – 8月10日 周日 18:00."""
        slots = self.timetable.slots
        if not slots:
            return ""
        start, end = min(slot.start for slot in slots), max(slot.end for slot in slots)
        if self.day_of(start) == self.day_of(end):
            return f"{self.day_of(start)} {self.times(start, end)}"
        return f"{self.day_of(start)} {self.clock(start)} – {self.day_of(end)} {self.clock(end)}"

    def when(self, when: When) -> str:
        """A stretch of time as it was understood: 8月9日 下午, 8月9日 13:30–18:00."""
        date = self.date(when.start)
        if when.part == "day":
            return date
        if when.part is not None:
            return self.word("when.part", day=date, part=self.word(f"when.{when.part}"))
        times = self.clock(when.start) if when.is_moment else self.times(when.start, when.end)
        return self.word("when.times", day=date, times=times)

    def nth(self, nth: Nth, *, item: bool = False) -> str:
        """Which one is asked for: 第一个报告, 最后两个报告, last talk; of an item, which is named beside it: 第二个."""
        what = "" if item else self.word(f"nth.{nth.of}", count=nth.count)
        at = abs(nth.at)
        place = self.word(f"nth.at{at}") if at <= 10 else ""
        if nth.count > 1:
            key = "nth.last_some" if nth.backwards else "nth.first_some"
        elif nth.at == -1:
            key = "nth.last"
        elif not place:
            key = "nth.far_back" if nth.backwards else "nth.far"
        else:
            key = "nth.back" if nth.backwards else "nth.one"
        said = self.word(key, place=place, count=nth.count, n=at, what=what).strip()
        if nth.session is not None:
            return self.word("nth.inside", session=self.nth(nth.session), what=said)
        return self.word("nth.whole", what=said) if nth.whole else said

    # English replies show people, rooms and institutions in English beside the printed form: the doors are in Chinese.

    def person(self, person: Person) -> str:
        if self.lang == "en" and person.latin and has_hanzi(person.name):
            return f"{person.latin} {person.name}"
        return person.name

    def people(self, keys: Iterable[str]) -> str:
        found = self.timetable.people(keys)
        return self.word("person.list_separator").join(self.person(person) for person in found)

    def people_then(self, keys: Iterable[str]) -> str:
        """People who were named before; one of them may have left the programme since."""
        known = {person.key for person in self.timetable.programme.people}
        return self.word("person.list_separator").join(self.people([key]) if key in known else key for key in keys)

    def institution(self, name: str) -> str:
        english = self.timetable.institution(name)
        return english if self.lang == "en" and english else name

    def affiliated(self, person: Person) -> str:
        name = self.person(person)
        if not person.affiliation:
            return name
        return self.word("person.affiliated", name=name, affiliation=self.institution(person.affiliation))

    def room(self, room: Room) -> str:
        if self.lang == "en" and room.english and room.english != room.name:
            return f"{room.english} {room.name}"
        return room.name

    def brief_room(self, room: Room) -> str:
        """The shortest form that still tells rooms apart: the number, as on the door, where one room alone has it."""
        if room.number is None or not self.timetable.is_alone_with_its_number(room):
            return room.label(self.lang)
        if self.lang == "zh":
            door = re.search(rf"(?<!\d){room.number}\s*(?:号|室|教室|会议室)$", room.name)
            return door[0] if door else room.name
        if re.search(rf"(?<!\d)(?<!room ){room.number}(?!\d)", room.english, re.IGNORECASE):
            return room.english  # Lecture Theatre 3
        return self.word("room.number", number=room.number)

    def door(self, room: Room) -> str:
        """The same on a button beside what takes place there; nothing for a room without a number."""
        if room.number is None:
            return ""
        brief = self.brief_room(room)
        plain = brief == self.word("room.number", number=room.number)
        return self.word("room.button", number=room.number) if plain else brief

    def room_of(self, slot: Slot) -> str:
        room = self.timetable.room(slot.room)
        return self.room(room) if room else ""

    def door_of(self, slot: Slot) -> str:
        """The room in a list: as printed, an English reader's short form before it."""
        room = self.timetable.room(slot.room)
        if room is None:
            return ""
        brief = self.brief_room(room)
        return room.name if self.lang == "zh" or brief == room.name else f"{brief} {room.name}"

    def brief_room_of(self, slot: Slot) -> str:
        room = self.timetable.room(slot.room)
        return self.brief_room(room) if room else ""

    def standing(self, thing: Event | Slot, line: Line) -> Line:
        """A line about something, struck out where that is cancelled."""
        off = thing.called_off if isinstance(thing, Slot) else thing.cancelled
        return (*self.say("mark.cancelled"), *struck(line)) if off else line

    def marked(self, thing: Event | Slot, line: Line) -> Line:
        """The same with a star before it, if it or anything of it is starred."""
        things: list[Event | Slot] = [thing, *self.timetable.events_of(thing)] if isinstance(thing, Slot) else [thing]
        line = self.standing(thing, line)
        return (*self.say("mark.starred"), *line) if any(map(self.stars.has, things)) else line

    # Titles: Chinese readers get them as printed; English readers in English, sessions with the printed form behind.

    def title(self, subject: Talk | Slot) -> str:
        return subject.title if self.lang == "zh" else subject.titles.within("en")

    def spoken(self, talk: Talk) -> str:
        """Who speaks, and of what; a closing remark may be nobody's."""
        title = self.title(talk)
        return self.word("now.title_of", speakers=self.people(talk.speakers), title=title) if talk.speakers else title

    def whereabouts(self, event: Event) -> str:
        """A talk in a list from anywhere in the programme: who speaks, when, and where."""
        room = self.brief_room_of(event.slot)
        day, times = self.day_of(event.start), self.event_times(event)
        where = self.word("search.talk_where", day=day, times=times, sep=" · " if room else "", room=room)
        speakers = self.people(event.talk.speakers)
        return self.word("search.talk_of", speakers=speakers, where=where) if speakers else where

    def called(self, thing: Event | Slot) -> str:
        """The shortest name: its code, else its title."""
        named = thing.talk if isinstance(thing, Event) else thing
        return named.code or self.title(named)

    def named(self, thing: Event | Slot) -> str:
        """Its code and title; of a session as `session` has it."""
        if isinstance(thing, Slot):
            return self.session(thing)
        return f"{thing.talk.code} {self.title(thing.talk)}".strip()

    def session(self, slot: Slot) -> str:
        title = self.title(slot)
        printed = slot.title if title != slot.title else ""
        return " ".join(part for part in (slot.code, title, printed) if part)

    def what(self, slot: Slot) -> str:
        """A slot in a few words: its code and title, and for an item with a talk the speaker and the talk."""
        if slot.is_session:
            return self.session(slot)
        name = self.title(slot)
        if not slot.talks:
            return name
        talks = self.word("person.list_separator").join(map(self.spoken, slot.talks))
        return f"{name} · {talks}"
