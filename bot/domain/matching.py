"""What happens to ids when a programme comes again: who in the new one is who in the old one.

A star is on an id, so an id never moves to another speaker's talk; where it is not clear which of two it should be,
the talk gets a new one. Texts are compared folded (`folded`), codes without case. The rules, surest first:

talks     the same speakers and title; then one common speaker and the title; then the same speakers within the session
          (a new title); then one common speaker within it; then the code, unless both have speakers and share none; and
          last, the same title with wholly other speakers in the same session or under the same code: the speaker was
          replaced, and the talk that was starred is still held. "TBD" is no title for that.
sessions  the code and title; then the title and common speakers (the code changed); then the code, unless both have
          speakers and share none (the session under this code is another one now); without codes, common speakers.
items     a talk of theirs; then kind, title and start; kind, title and day; kind and title; kind and start; and what
          then still looks alike (two tea breaks that both moved) in order, as nobody can star it.
rooms     the name, also folded; then the number and a common form of the name.
people    key and affiliation; then name and affiliation (a namesake came, and the key changed); then the key.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from bot.domain.finding import Finding, Place
from bot.domain.model import Model
from bot.domain.pairing import Pairing
from bot.domain.programme import Person, Programme, Room, Slot, Talk

_PLACEHOLDERS = frozenset(("", "tbd", "tba", "tbc", "待定", "题目待定", "待补充", "无", "none", "untitled"))


class Matching(Model):
    """The new programme with the old ids, 0 where there is none yet.

    Findings have the code "match-ambiguous" (kind, subject) and the place in the new programme.
    """

    programme: Programme
    findings: tuple[Finding, ...] = ()


class _Folding(dict[int, int | None]):
    """A table for str.translate that learns as it goes: None for punctuation, blanks and control characters."""

    def __missing__(self, char: int) -> int | None:
        self[char] = None if unicodedata.category(chr(char))[0] in "PZC" else char
        return self[char]


_FOLDING = _Folding()


def folded(text: str) -> str:
    """A text without what people write differently: width, case, blanks, punctuation. Signs count: C is not C++."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return plain.translate(_FOLDING) or plain.strip()


def match(old: Programme, new: Programme, *, former: Programme | None = None) -> Matching:
    """Carry the ids of `old` over to `new`; ids that `new` brings along are not looked at.

    former  all that the database ever had, retired rows included. What returns after it was retired gets its id back.
    """
    gone = _gone(former, old) if former else Programme(conference=new.conference)

    rooms = _ids(_pair_rooms, old.rooms, gone.rooms, new.rooms)
    people = _ids(_pair_people, old.people, gone.people, new.people)
    who_old = {person.key: person.id for person in (*gone.people, *old.people)}
    who_new = {person.key: id_ for person, id_ in zip(new.people, people.ids, strict=True) if id_}

    standing = {slot.id for slot in old.slots}
    slots_now = _slots(old, who_old)
    slots_gone = [slot for slot in _slots(gone, who_old) if slot.id not in standing]
    slots_new = _slots(new, who_new)
    sessions = _ids(_pair_sessions, _sessions(slots_now), _sessions(slots_gone), _sessions(slots_new))
    id_of_session = {slot.at: id_ for slot, id_ in zip(_sessions(slots_new), sessions.ids, strict=True)}

    talks_new = _talks(new, who_new, id_of_session)
    talks = _ids(_pair_talks, _talks(old, who_old, None), _talks(gone, who_old, None), talks_new)
    id_of_talk = {talk.at: id_ for talk, id_ in zip(talks_new, talks.ids, strict=True)}

    carried: dict[int, set[int]] = defaultdict(set)
    for (slot_at, _), id_ in id_of_talk.items():
        carried[slot_at].add(id_)
    items_new = [replace(item, talks=frozenset(carried[item.at] - {0})) for item in _items(slots_new)]
    items = _ids(_pair_items, _items(slots_now), _items(slots_gone), items_new)
    id_of_slot = id_of_session | {item.at: id_ for item, id_ in zip(items_new, items.ids, strict=True)}

    return Matching(
        programme=_with_ids(new, rooms.ids, people.ids, id_of_slot, id_of_talk),
        findings=(
            *(_unclear("session", ("slots", slot.at), slot.subject) for slot in sessions.unclear),
            *(_unclear("talk", ("slots", talk.at[0], "talks", talk.at[1]), talk.subject) for talk in talks.unclear),
        ),
    )


def _code(code: str) -> str:
    """A code without width and case. Its punctuation stays: A1-11 is not A11-1."""
    return unicodedata.normalize("NFKC", code).casefold().strip()


# What is compared. `who` are people by id, or by key where they have none: one person is the same value on both sides.


@dataclass(frozen=True)
class _Slot:
    id: int
    at: int
    subject: str
    kind: str
    code: str
    title: str
    start: datetime
    day: Hashable
    who: frozenset[Hashable]
    talks: frozenset[int]


@dataclass(frozen=True)
class _Talk:
    id: int
    at: tuple[int, int]
    subject: str
    code: str
    title: str
    start: datetime | None
    within: Hashable
    who: frozenset[Hashable]


def _slots(programme: Programme, who: dict[str, int]) -> list[_Slot]:
    zone = programme.conference.zone
    return [
        _Slot(
            id=slot.id,
            at=at,
            subject=slot.code or slot.title,
            kind=slot.kind,
            code=_code(slot.code),
            title=folded(slot.title),
            start=slot.start,
            day=slot.start.astimezone(zone).date(),
            who=frozenset(who.get(key) or key for talk in slot.talks for key in talk.speakers),
            talks=frozenset(talk.id for talk in slot.talks),
        )
        for at, slot in enumerate(programme.slots)
    ]


def _sessions(slots: list[_Slot]) -> list[_Slot]:
    return [slot for slot in slots if slot.kind == "session"]


def _items(slots: list[_Slot]) -> list[_Slot]:
    return [slot for slot in slots if slot.kind != "session"]


def _talks(programme: Programme, who: dict[str, int], session_ids: dict[int, int] | None) -> list[_Talk]:
    """The talks with their session: its id, or its position where it is new. Items of a kind count as one session."""
    talks = []
    for at, slot in enumerate(programme.slots):
        id_ = slot.id if session_ids is None else session_ids.get(at, 0)
        within = (id_ or ("new", at)) if slot.is_session else slot.kind
        talks += [
            _Talk(
                id=talk.id,
                at=(at, position),
                subject=talk.code or talk.title,
                code=_code(talk.code),
                title=folded(talk.title),
                start=talk.start,
                within=within,
                who=frozenset(who.get(key) or key for key in talk.speakers),
            )
            for position, talk in enumerate(slot.talks)
        ]
    return talks


# The rules.


def _pair_talks(olds: Sequence[_Talk], news: Sequence[_Talk]) -> Pairing[_Talk]:
    titles = [Counter(talk.title for talk in talks) for talks in (olds, news)]

    def says_something(talk: _Talk) -> bool:
        return bool(talk.who) or talk.title not in _PLACEHOLDERS

    def is_titled(talk: _Talk) -> bool:
        """Whether the title alone tells the talk from all others: not "TBD", and not one of five lightning talks."""
        return talk.title not in _PLACEHOLDERS and all(count[talk.title] <= 1 for count in titles)

    pairing = Pairing(olds, news)
    pairing.in_order(lambda talk: (talk.who, talk.title, talk.within, talk.code, talk.start))
    pairing.by(lambda talk: [(talk.who, talk.title, talk.within, talk.code)])
    pairing.by(lambda talk: [(talk.who, talk.title, talk.code)] if talk.code else [])
    pairing.by(lambda talk: [(talk.who, talk.title, talk.within)] if says_something(talk) else [])
    pairing.by(lambda talk: [(talk.who, talk.title)] if says_something(talk) else [], final=True)
    pairing.by(lambda talk: [(person, talk.title) for person in talk.who], final=True)
    pairing.by(lambda talk: [(talk.who, talk.within, talk.code)] if talk.who and talk.code else [])
    pairing.by(lambda talk: [(talk.who, talk.within)] if talk.who else [])
    pairing.by(lambda talk: [(person, talk.within) for person in talk.who], final=True)
    pairing.by(lambda talk: [talk.code] if talk.code else [], accept=_may_be_one, final=True)
    pairing.by(lambda talk: [(talk.title, talk.within)] if is_titled(talk) else [])
    pairing.by(lambda talk: [(talk.title, talk.code)] if is_titled(talk) and talk.code else [])
    return pairing


def _pair_sessions(olds: Sequence[_Slot], news: Sequence[_Slot]) -> Pairing[_Slot]:
    pairing = Pairing(olds, news)
    pairing.in_order(lambda slot: (slot.code, slot.title, slot.start, slot.who))
    pairing.by(lambda slot: [(slot.code, slot.title)] if slot.code else [])
    pairing.by(lambda slot: [(slot.title, person) for person in slot.who or [None]], final=True)
    pairing.by(lambda slot: [slot.code] if slot.code else [], accept=_may_be_one, final=True)
    pairing.by(lambda slot: [] if slot.code else slot.who)
    return pairing


def _pair_items(olds: Sequence[_Slot], news: Sequence[_Slot]) -> Pairing[_Slot]:
    pairing = Pairing(olds, news)
    pairing.by(lambda slot: slot.talks)
    pairing.in_order(lambda slot: (slot.kind, slot.title, slot.start))
    pairing.by(lambda slot: [(slot.kind, slot.title, slot.day)])
    pairing.by(lambda slot: [(slot.kind, slot.title)])
    pairing.by(lambda slot: [(slot.kind, slot.start)])
    pairing.in_order(lambda slot: (slot.kind, slot.title))
    return pairing


def _pair_rooms(olds: Sequence[Room], news: Sequence[Room]) -> Pairing[Room]:
    pairing = Pairing(olds, news)
    pairing.by(lambda room: [room.name])
    pairing.by(lambda room: [folded(room.name)])
    pairing.by(lambda room: [(room.number, folded(form)) for form in {room.name, room.printed, *room.aliases} if form])
    return pairing


def _pair_people(olds: Sequence[Person], news: Sequence[Person]) -> Pairing[Person]:
    pairing = Pairing(olds, news)
    pairing.by(lambda person: [(person.key, folded(person.affiliation))])
    pairing.by(lambda person: [(folded(person.name), folded(person.affiliation))] if person.affiliation else [])
    pairing.by(lambda person: [person.key])
    return pairing


class _WithSpeakers(Protocol):
    @property
    def who(self) -> frozenset[Hashable]: ...


def _may_be_one(old: _WithSpeakers, new: _WithSpeakers) -> bool:
    """Whether the speakers allow that the two are one: some are the same, or one of the two has none yet."""
    return not old.who or not new.who or not old.who.isdisjoint(new.who)


# Ids.


class _Row(Protocol):
    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=_Row)


@dataclass(frozen=True)
class _Ids(Generic[R]):
    """The id of each new row by position, 0 where it is new."""

    ids: list[int]
    unclear: list[R]


def _ids(
    pair: Callable[[Sequence[R], Sequence[R]], Pairing[R]], olds: Sequence[R], gone: Sequence[R], news: Sequence[R]
) -> _Ids[R]:
    """Pair with what is there, and what then has no partner with what is gone."""
    pairing = pair(olds, news)
    ids = [0] * len(news)
    for new, old in pairing.partner.items():
        ids[new] = olds[old].id
    unpaired = pairing.unpaired
    if gone and unpaired:
        for new, old in pair(gone, [news[at] for at in unpaired]).partner.items():
            ids[unpaired[new]] = gone[old].id
    return _Ids(ids, [news[new] for new in pairing.unclear])


def _gone(former: Programme, now: Programme) -> Programme:
    """What `former` has and `now` has not. A slot that still stands is kept for the talks that left it."""
    rooms, people = {room.id for room in now.rooms}, {person.id for person in now.people}
    slots, talks = {slot.id for slot in now.slots}, {talk.id for talk in now.talks}
    left = [
        slot.model_copy(update={"talks": tuple(talk for talk in slot.talks if talk.id not in talks)})
        for slot in former.slots
    ]
    return former.model_copy(
        update={
            "rooms": tuple(room for room in former.rooms if room.id not in rooms),
            "people": tuple(person for person in former.people if person.id not in people),
            "slots": tuple(slot for slot in left if slot.talks or slot.id not in slots),
        }
    )


def _with_ids(
    new: Programme,
    room_ids: Iterable[int],
    person_ids: Iterable[int],
    slot_ids: dict[int, int],
    talk_ids: dict[tuple[int, int], int],
) -> Programme:
    def talks(at: int, slot: Slot) -> tuple[Talk, ...]:
        return tuple(talk.model_copy(update={"id": talk_ids[at, position]}) for position, talk in enumerate(slot.talks))

    return new.model_copy(
        update={
            "rooms": tuple(room.model_copy(update={"id": id_}) for room, id_ in zip(new.rooms, room_ids, strict=True)),
            "people": tuple(
                person.model_copy(update={"id": id_}) for person, id_ in zip(new.people, person_ids, strict=True)
            ),
            "slots": tuple(
                slot.model_copy(update={"id": slot_ids[at], "talks": talks(at, slot)})
                for at, slot in enumerate(new.slots)
            ),
        }
    )


def _unclear(kind: str, place: Place, subject: str) -> Finding:
    return Finding(code="match-ambiguous", place=place, params={"kind": kind, "subject": subject})
