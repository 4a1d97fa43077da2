"""Where two programmes of one conference state different facts, and whose texts may be taken from the other.

For a database made from a hand-edited file and the booklet it once came from: what only we have (translations,
summaries, English names, aliases) is not compared, and what the other leaves empty contradicts nothing.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal

from bot.domain.matching import folded, match
from bot.domain.model import Model, Text
from bot.domain.programme import Committee, Conference, Contact, Person, Programme, Slot, Talk, Window

Kind = Literal["conference", "committee", "session", "item", "talk", "person"]


class Difference(Model):
    """One fact stated differently; `field` is a key of the catalogues (`difference.FIELD`).

    kind          what it is about; subject: its code, or its title or name where it has no code.
    field         "missing" where only we have the subject, "added" where only they have it; else the fact's name.
    ours, theirs  what each states, as texts: several people or times each on their own, local time for times.
    """

    kind: Kind
    subject: str
    field: str
    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


class Taken(Model):
    """How many abstracts and biographies were taken, and how many of ours were cleared because theirs has none.

    unmatched  talks (code or title) and people of theirs whose text has nobody to go to.
    """

    abstracts: int = 0
    biographies: int = 0
    cleared: int = 0
    unmatched: tuple[str, ...] = ()


def differences(ours: Programme, theirs: Programme) -> list[Difference]:
    """Facts that both state and state differently, in the order of our programme; what only they have comes last."""
    ours = _numbered(ours)
    theirs = match(ours, theirs).programme
    return [
        *_of_conference(ours.conference, theirs.conference),
        *_of_slots(_Names(ours, ours), _Names(theirs, ours)),
        *_of_people(ours.people, theirs.people),
    ]


def take_texts(ours: Programme, theirs: Programme) -> tuple[Programme, Taken]:
    """Our programme with the abstracts and biographies of theirs, and nothing else of theirs.

    A talk or person of ours that theirs does not have keeps its text.
    """
    theirs = match(_numbered(ours), theirs).programme
    abstracts = {talk.id: talk.abstract for talk in theirs.talks if talk.id}
    biographies = {person.id: person.biography for person in theirs.people if person.id}
    cleared = 0

    def with_abstract(talk: Talk, number: int) -> Talk:
        nonlocal cleared
        abstract = abstracts.get(number, talk.abstract)
        cleared += bool(talk.abstract and not abstract)
        return talk.model_copy(update={"abstract": abstract})

    def with_biography(person: Person, number: int) -> Person:
        nonlocal cleared
        biography = biographies.get(number, person.biography)
        cleared += bool(person.biography and not biography)
        return person.model_copy(update={"biography": biography})

    numbers = iter(range(1, len(ours.talks) + 1))
    slots = tuple(
        slot.model_copy(update={"talks": tuple(with_abstract(talk, next(numbers)) for talk in slot.talks)})
        for slot in ours.slots
    )
    people = tuple(with_biography(person, at) for at, person in enumerate(ours.people, start=1))
    taken = Taken(
        abstracts=sum(map(bool, abstracts.values())),
        biographies=sum(map(bool, biographies.values())),
        cleared=cleared,
        unmatched=(
            *(talk.code or talk.title for talk in theirs.talks if talk.abstract and not talk.id),
            *(person.key for person in theirs.people if person.biography and not person.id),
        ),
    )
    return ours.model_copy(update={"slots": slots, "people": people}), taken


def _numbered(programme: Programme) -> Programme:
    """With ids of our own, 1 and up in order: a programme compared may come from a file and have none."""
    numbers = iter(range(1, len(programme.talks) + 1))
    return programme.model_copy(
        update={
            "rooms": tuple(one.model_copy(update={"id": at}) for at, one in enumerate(programme.rooms, start=1)),
            "people": tuple(one.model_copy(update={"id": at}) for at, one in enumerate(programme.people, start=1)),
            "slots": tuple(
                slot.model_copy(
                    update={
                        "id": at,
                        "talks": tuple(talk.model_copy(update={"id": next(numbers)}) for talk in slot.talks),
                    }
                )
                for at, slot in enumerate(programme.slots, start=1)
            ),
        }
    )


class _Names:
    """A programme with its slots and talks by id, and with what its names are called in ours."""

    def __init__(self, programme: Programme, ours: Programme) -> None:
        self.zone = programme.conference.zone
        self.slots = programme.slots
        self.slot_by_id = {slot.id: slot for slot in programme.slots if slot.id}
        self.talk_by_id = {talk.id: (slot, talk) for slot in programme.slots for talk in slot.talks if talk.id}
        our_keys = {person.id: person.key for person in ours.people}
        our_rooms = {room.id: room.name for room in ours.rooms}
        self._people = {person.key: our_keys.get(person.id) for person in programme.people}
        self._rooms = {room.name: our_rooms.get(room.id) for room in programme.rooms}

    def who(self, keys: Iterable[str]) -> frozenset[str | None]:
        """Our keys for theirs. None for somebody we do not have, even when one of ours goes by that key."""
        return frozenset(self._people.get(key, key) for key in keys)

    def room(self, name: str | None) -> str | None:
        return self._rooms.get(name, name) if name is not None else None

    def span(self, start: datetime | None, end: datetime | None) -> tuple[str, ...]:
        return tuple(f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M}" for moment in (start, end) if moment)


def _of_conference(ours: Conference, theirs: Conference) -> Iterator[Difference]:
    pairs: list[tuple[str, Sequence[str], Sequence[str]]] = [
        ("key", [ours.key], [theirs.key]),
        *_words("name", ours.name, theirs.name),
        ("timezone", [ours.timezone], [theirs.timezone]),
        *_words("venue", ours.venue, theirs.venue),
        *_words("address", ours.address, theirs.address),
        ("website", [ours.website], [theirs.website]),
        ("check-in", _windows(ours), _windows(theirs)),
        ("contacts", _contacts(ours.contacts), _contacts(theirs.contacts)),
        ("organisers", ours.organisers, theirs.organisers),
        ("co-organisers", ours.co_organisers, theirs.co_organisers),
    ]
    for field, our_texts, their_texts in pairs:
        yield from _texts("conference", ours.key, field, our_texts, their_texts)
    yield from _of_committees(ours.committees, theirs.committees)


def _of_committees(ours: Sequence[Committee], theirs: Sequence[Committee]) -> Iterator[Difference]:
    by_name = {folded(committee.name.within("zh")): committee for committee in theirs}
    for committee in ours:
        name = committee.name.within("zh")
        if other := by_name.get(folded(name)):
            members, others = ([member.person for member in one.members] for one in (committee, other))
            yield from _texts("committee", name, "members", members, others)


def _of_slots(ours: _Names, theirs: _Names) -> Iterator[Difference]:
    for slot in ours.slots:
        kind: Kind = "session" if slot.is_session else "item"
        subject = slot.code or slot.title
        if other := theirs.slot_by_id.get(slot.id):
            yield from _of_slot(kind, subject, (ours, slot), (theirs, other))
        else:
            yield Difference(kind=kind, subject=subject, field="missing", ours=(slot.title,))
        for talk in slot.talks:
            subject = talk.code or talk.title
            if talk.id in theirs.talk_by_id:
                yield from _of_talk(subject, (ours, talk), (theirs, theirs.talk_by_id[talk.id][1]))
                yield from _of_place(subject, slot, theirs.talk_by_id[talk.id][0])
            else:
                yield Difference(kind="talk", subject=subject, field="missing", ours=(talk.title,))
    for slot in theirs.slots:
        if not slot.id:
            added: Kind = "session" if slot.is_session else "item"
            yield Difference(kind=added, subject=slot.code or slot.title, field="added", theirs=(slot.title,))
        for talk in slot.talks:
            if not talk.id:
                yield Difference(kind="talk", subject=talk.code or talk.title, field="added", theirs=(talk.title,))


def _of_slot(kind: Kind, subject: str, ours: tuple[_Names, Slot], theirs: tuple[_Names, Slot]) -> Iterator[Difference]:
    (our_names, slot), (their_names, other) = ours, theirs
    yield from _texts(kind, subject, "code", [slot.code], [other.code])
    yield from _texts(kind, subject, "title", [slot.title], [other.title])
    for field, our_text, their_text in (
        *_words("track", slot.track, other.track),
        *_words("note", slot.note, other.note),
    ):
        yield from _texts(kind, subject, field, our_text, their_text)
    if (slot.start, slot.end) != (other.start, other.end):
        our_span, their_span = our_names.span(slot.start, slot.end), their_names.span(other.start, other.end)
        yield Difference(kind=kind, subject=subject, field="time", ours=our_span, theirs=their_span)
    if other.room is not None and our_names.room(slot.room) != their_names.room(other.room):
        our_room = (slot.room,) if slot.room is not None else ()
        yield Difference(kind=kind, subject=subject, field="room", ours=our_room, theirs=(other.room,))
    for field, keys, others in (("chairs", slot.chairs, other.chairs), ("panel", slot.panel, other.panel)):
        if others and our_names.who(keys) != their_names.who(others):
            yield Difference(kind=kind, subject=subject, field=field, ours=keys, theirs=others)


def _of_talk(subject: str, ours: tuple[_Names, Talk], theirs: tuple[_Names, Talk]) -> Iterator[Difference]:
    (our_names, talk), (their_names, other) = ours, theirs
    yield from _texts("talk", subject, "code", [talk.code], [other.code])
    yield from _texts("talk", subject, "title", [talk.title], [other.title])
    if other.speakers and our_names.who(talk.speakers) != their_names.who(other.speakers):
        yield Difference(kind="talk", subject=subject, field="speakers", ours=talk.speakers, theirs=other.speakers)
    moved = (other.start and talk.start != other.start) or (other.end and talk.end != other.end)
    if moved:
        our_span, their_span = our_names.span(talk.start, talk.end), their_names.span(other.start, other.end)
        yield Difference(kind="talk", subject=subject, field="time", ours=our_span, theirs=their_span)


def _of_place(subject: str, slot: Slot, other: Slot) -> Iterator[Difference]:
    if slot.id != other.id:
        ours, theirs = (slot.code or slot.title,), (other.code or other.title,)
        yield Difference(kind="talk", subject=subject, field="session", ours=ours, theirs=theirs)


def _of_people(ours: Sequence[Person], theirs: Sequence[Person]) -> Iterator[Difference]:
    by_id = {person.id: person for person in theirs if person.id}
    for person in ours:
        if other := by_id.get(person.id):
            yield from _texts("person", person.key, "name", [person.name], [other.name])
            yield from _texts("person", person.key, "affiliation", [person.affiliation], [other.affiliation])


# Texts. Width and blanks are the printer's and not facts; the order of a list is not one either.


def _texts(kind: Kind, subject: str, field: str, ours: Iterable[str], theirs: Iterable[str]) -> Iterator[Difference]:
    """A difference, unless both say the same or they say nothing."""
    our_texts, their_texts = tuple(filter(None, ours)), tuple(filter(None, theirs))
    if their_texts and sorted(map(_plain, our_texts)) != sorted(map(_plain, their_texts)):
        yield Difference(kind=kind, subject=subject, field=field, ours=our_texts, theirs=their_texts)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _words(field: str, ours: Text, theirs: Text) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each language on its own: a name that we have in English as well contradicts nothing."""
    yield field, [ours.zh], [theirs.zh]
    yield field, [ours.en], [theirs.en]


def _windows(conference: Conference) -> list[str]:
    return [_window(window, conference) for window in conference.check_in]


def _window(window: Window, conference: Conference) -> str:
    start, end = (moment.astimezone(conference.zone) for moment in (window.start, window.end))
    return f"{start:%Y-%m-%d %H:%M}-{end:%H:%M}"


def _contacts(contacts: Iterable[Contact]) -> list[str]:
    return [" ".join(filter(None, (contact.name, contact.email, contact.phone))) for contact in contacts]
