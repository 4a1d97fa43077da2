"""Everything that can be looked up in a programme, by whatever is typed for it: codes, people, rooms, topics.

Built once per revision of the programme and then only read; pure Python, so it may be built in a thread of its own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from typing import Literal, get_args

from bot.domain.programme import Person, Room, Slot
from bot.domain.timetable import Event, Timetable
from bot.search import documents, names, texts
from bot.search.codes import Codes
from bot.search.courtesy import bare, titled
from bot.search.fold import compact, fold
from bot.search.glossary import Groups
from bot.search.institutions import Institutions
from bot.search.rooms import Rooms
from bot.search.terms import cut, telling

Kind = Literal["talk", "session", "person", "room", "item"]
Subject = Event | Slot | Person | Room
Why = Literal["code", "room", "topic", "time"] | names.Why | texts.Field

KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST = 200  # characters of a question that are read; the rest is cut

_AT_LEAST = 10  # hits found however few are asked for, so that one look-up serves them all
_REMEMBERED = 512  # questions

_SAID_BY = 0.8  # a talk found by its speaker's name counts this much of the name
_TITLED = 82.0  # score of a surname with a title: Prof. Sun is no sun
_OF_INSTITUTION = 88.0  # score of a part of a name beside the institution
_EXACT = 99.0  # score of what is called by its very name
_CLEARLY = 7.0  # a name that fits that much worse is another name
_FITTING = 8.0  # what a person gains when the rest of the question fits them too
_WORTH_OFFERING = 35.0  # score below which a text has too little of the question to be offered
_AMBIGUOUS = 50.0  # score of the first of several rooms that may be meant


@dataclass(frozen=True)
class Hit:
    """Something that answers a question.

    subject    an Event (kind talk), Slot (session, item), Person or Room.
    score      0 … 100, comparable across kinds.
    confident  good enough to be the answer; several confident hits of about one score are a choice. What is not
               confident is worth offering ("did you mean") and nothing more.
    why        what matched: how a name was recognised, code, room, topic (a synonym), time (it is then), or a field of
               the texts.
    word       the synonym that was found.
    """

    kind: Kind
    subject: Subject
    score: float
    confident: bool
    why: Why
    word: str = ""


class Index:
    """Finds the subjects of a timetable.

    `glossary`: groups of terms that mean the same, in either language, so that a question in one finds talks in the
    other.
    """

    def __init__(self, timetable: Timetable, glossary: Groups = ()) -> None:
        self.timetable = timetable
        events = list(timetable.events)
        sessions = [slot for slot in timetable.slots if slot.is_session]
        items = [slot for slot in timetable.slots if not slot.is_session]
        self._people = list(timetable.programme.people)
        self._subjects: list[Event | Slot | Person] = [*events, *sessions, *items, *self._people]
        self._ranges = dict(
            zip(("talk", "session", "item", "person"), _ranges(events, sessions, items, self._people), strict=True)
        )
        self._texts = texts.Texts(
            chain(
                (documents.of_event(timetable, event) for event in events),
                (documents.of_slot(timetable, slot) for slot in (*sessions, *items)),
                (documents.of_person(timetable, person) for person in self._people),
            ),
            glossary,
        )
        self.rooms = Rooms(timetable.programme.rooms)
        self._names = names.Names(self._people)
        self._institutions = Institutions(timetable, self._people, glossary)
        coded: list[tuple[str, Event | Slot]] = [
            *((event.talk.code, event) for event in events),
            *((slot.code, slot) for slot in sessions),
        ]
        self._codes: Codes[Event | Slot] = Codes(coded)
        # One question is looked up several times while its sentence is read, and a crowd asks the same ones.
        self._ranked = lru_cache(_REMEMBERED)(self._rank)
        self._titled: dict[str, list[Event | Slot]] = defaultdict(list)
        things: list[Event | Slot] = [*sessions, *items, *events]
        for thing in things:
            titles = thing.titles if isinstance(thing, Slot) else thing.talk.titles
            for title in {compact(titles.zh), compact(titles.en)} - {""}:
                self._titled[title].append(thing)
        self._events_by_speaker: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            for key in event.talk.speakers:
                self._events_by_speaker[key].append(event)

    def find(self, query: str, *, limit: int = 10, kinds: Collection[Kind] = KINDS) -> list[Hit]:
        """What a question means, best first, each subject once; [] when nothing fits. Any string is accepted."""
        if limit < 1:
            return []
        return list(self._ranked(query[:LONGEST], max(limit, _AT_LEAST), tuple(kinds))[:limit])

    def _rank(self, query: str, limit: int, kinds: tuple[Kind, ...]) -> tuple[Hit, ...]:
        folded = fold(query)
        if not folded:
            return ()
        best: dict[tuple[Kind, int], Hit] = {}
        for hit in self._hits(query, folded, limit, kinds):
            place = (hit.kind, id(hit.subject))
            if hit.kind in kinds and (place not in best or hit.score > best[place].score):
                best[place] = hit
        ranked = sorted(best.values(), key=lambda hit: (-hit.score, KINDS.index(hit.kind)))
        return tuple(_outranked(ranked))

    def named(self, words: str) -> Person | Room | bool:
        """The person or room that words surely name; else whether they are surely a topic of the programme."""
        sure = [hit for hit in self.find(words, limit=4) if hit.confident]
        if not sure:
            return False
        first, *others = sure
        if isinstance(first.subject, Person):
            rivals = any(hit.kind == "person" and hit.score == first.score for hit in others)
            return True if rivals or first.why not in get_args(names.Why) else first.subject
        return first.subject if isinstance(first.subject, Room) else True

    def besides(self, folded: str, person: Person) -> str:
        """What folded words say besides a person's name."""
        return next((one.rest for one in self._names.find(folded) if self._people[one.number] is person), "")

    def _hits(self, query: str, folded: str, limit: int, kinds: Collection[Kind]) -> Iterator[Hit]:
        asked = bare(folded)
        for thing in self._titled.get(folded.replace(" ", ""), ()):
            yield Hit(_kind(thing), thing, 100.0, confident=True, why="title")
        codes = self._codes.find(asked)
        for code in codes:
            yield Hit(_kind(code.subject), code.subject, 100.0 if code.alone else _EXACT, confident=True, why="code")
        if any(code.alone for code in codes):
            return
        if "room" in kinds:
            yield from self._rooms_called(query)
        # Courtesy may be a name: An Dong is not "an" and Dong.
        named = self._names.find(folded)
        if asked != folded and not any(found.why == "name" and not found.rest for found in named):
            named = named + self._names.find(asked)
        yield from self._people_called(named, titled=titled(folded))
        yield from self._people_of(folded)
        only_a_name = any(not found.rest for found in named)
        for hit in self._about(asked, limit, kinds):
            # Who has that name is said already, with all they do.
            if hit.score >= _WORTH_OFFERING and not (only_a_name and hit.why in {"speaker", "chair"}):
                yield hit

    def _rooms_called(self, query: str) -> Iterator[Hit]:
        match = self.rooms.find(query)
        if match.room is not None:
            yield Hit("room", match.room, match.score, confident=True, why="room")
        elif match.worded or match.is_there:
            for place, room in enumerate(match.candidates):
                yield Hit("room", room, (0.8 * match.score or _AMBIGUOUS) - place, confident=False, why="room")

    def _people_called(self, named: Iterable[names.Found], *, titled: bool) -> Iterator[Hit]:
        for found in named:
            person = self._people[found.number]
            score = found.score + (_FITTING if found.rest and self._fits(person, found.rest) else 0.0)
            if titled and found.why == "surname":
                score = _TITLED
            yield Hit("person", person, score, found.confident, found.why)
            for event in self._events_by_speaker[person.key]:
                yield Hit("talk", event, _SAID_BY * score, found.confident, "speaker")

    def _people_of(self, folded: str) -> Iterator[Hit]:
        """Those of an institution who are called by what stands beside its name."""
        found = self._institutions.find(folded)
        called = bare(telling(found.rest)) if found else ""
        if found is None or not called:
            return
        there = [one for one in self._names.find(called) if one.number in found.people and not one.rest]
        there = [one for one in there if one.why != "spelling"]
        for one in there:
            yield Hit("person", self._people[one.number], _OF_INSTITUTION, confident=len(there) == 1, why=one.why)

    def _fits(self, person: Person, rest: str) -> bool:
        """Whether what stands beside a name (清华, 量子) is of the person's affiliation or talks."""
        told = [text for _, text in documents.of_person(self.timetable, person)]
        told += [t for event in self._events_by_speaker[person.key] for t in (event.talk.title, event.talk.translation)]
        known = {term for text in told for term in cut(text).terms}
        return any(term in known for term in cut(rest).terms)

    def _about(self, asked: str, limit: int, kinds: Collection[Kind]) -> Iterator[Hit]:
        within = [self._ranges[kind] for kind in KINDS if kind in kinds and kind in self._ranges]
        for found in self._texts.find(asked, within, limit):
            subject = self._subjects[found.number]
            yield Hit(_kind(subject), subject, found.score, found.confident, found.why, found.word)


def _outranked(ranked: list[Hit]) -> list[Hit]:
    """The hits with nothing confident beside what is certain.

    When something is called by its very name, title or code, others of its kind are no answer, and neither are people
    whose names fit clearly worse than the best.
    """
    best: dict[Kind, float] = {}
    for hit in ranked:
        best.setdefault(hit.kind, hit.score)

    def stands(hit: Hit) -> bool:
        top = best[hit.kind]
        return hit.score > top - _CLEARLY if hit.kind == "person" else top < _EXACT or hit.score >= _EXACT

    return [hit if stands(hit) else replace(hit, confident=False) for hit in ranked]


def _kind(subject: Event | Slot | Person) -> Kind:
    if isinstance(subject, Event):
        return "talk"
    if isinstance(subject, Person):
        return "person"
    return "session" if subject.is_session else "item"


def _ranges(*parts: list[Event] | list[Slot] | list[Person]) -> list[range]:
    """The places of the parts of one list that holds them one after another."""
    return [range(start, end) for start, end in pairwise(accumulate(map(len, parts), initial=0))]
