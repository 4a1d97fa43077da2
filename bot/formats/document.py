"""The programme file: YAML that organisers edit by hand.

    format: yicheng/1
    conference: {key, name: {zh, en}, timezone, venue, address, website, check_in, contacts, organisers, committees …}
    rooms:        - {name, printed, english, number, aliases, capacity}
    people:       - {name, latin, affiliation}; a key only where two share a name
    institutions: printed name: English name
    slots:        - {when, kind, code, title, translation, track, room, chairs, panel, note, cancelled, talks}

Times are written as `document_times` says. Ids are in no file: `matching` finds them again.
"""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import yaml
from pydantic import ValidationError

from bot.domain.checks import check
from bot.domain.finding import Place
from bot.domain.model import Text
from bot.domain.problem import Problem
from bot.domain.programme import (
    Committee,
    Conference,
    Contact,
    Institution,
    Member,
    Person,
    Programme,
    Room,
    Slot,
    Talk,
    Window,
)
from bot.formats import document_shape as shape
from bot.formats import document_times as times
from bot.formats.faults import Fault, field_of, invalid
from bot.formats.reading import Reading
from bot.formats.yaml_lines import Tree, tree
from bot.formats.yaml_text import Field, mapping, prose, scalar, sequence, text

FORMAT = "yicheng/1"

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def read(document: str) -> Reading:
    """The programme in a file, and the findings of `checks.check` with their lines; the file's name is the caller's.

    Raises Problem: document.not-yaml (line, column), document.alias, document.several and document.too-deep (line),
    document.not-a-programme (a document that is no mapping or has no `format`), document.unknown-format (line, found,
    known), and document.invalid (errors: one dump of `Fault` for each thing to mend, in order of line).
    """
    found = tree(document)
    if not isinstance(found.value, dict) or "format" not in found.value:
        raise Problem("document.not-a-programme")
    if found.value["format"] != FORMAT:
        raise Problem(
            "document.unknown-format",
            line=found.line(("format",)),
            found=str(found.value["format"] or "")[:40],
            known=FORMAT,
        )
    try:
        stated = shape.Document.model_validate(found.value)
    except ValidationError as error:
        raise invalid([*found.faults, *shape.faults(error, found)]) from None
    programme = _programme(stated, found)
    lines = _Lines(found)
    findings = [one.model_copy(update={"line": lines.of(one.place)}) for one in check(programme)]
    return Reading(programme=programme, findings=tuple(findings), by_hand=True)


def write(programme: Programme) -> str:
    """The file of a programme: every field in its fixed order, empty ones left out, so that two files compare well.

    `read(write(p)).programme == p` for every programme with ids 0. Raises ValueError for times that are not whole
    minutes.
    """
    zone = programme.conference.zone
    document = mapping(
        [
            ("format", FORMAT),
            ("conference", _conference_node(programme.conference, zone)),
            ("rooms", sequence(map(_room_node, programme.rooms))),
            ("people", sequence(map(_person_node, programme.people))),
            ("institutions", _institutions_node(programme.institutions)),
            ("slots", sequence(_slot_node(slot, zone) for slot in programme.slots)),
        ]
    )
    # A blank line between parts and between slots. Nothing else starts a line so: longer texts are indented deeper.
    return re.sub(r"(?<!\nslots:)\n(?=\w|  - when: )", "\n\n", text(document))


class _Lines:
    """Lines of the domain's places: the file says `when` for start and end, and lists institutions by name."""

    def __init__(self, found: Tree) -> None:
        self._found = found
        names = found.value.get("institutions") if isinstance(found.value, dict) else None
        self._institutions = list(names) if isinstance(names, dict) else []

    def of(self, place: Place) -> int:
        match place:
            case (*around, "start" | "end"):
                return self._found.line((*around, "when"))
            case ("institutions", int(position), *_) if position < len(self._institutions):
                return self._found.line(("institutions", self._institutions[position]))
        return self._found.line(place)


# From the file.


class _Clock:
    """The file's times in its timezone. A time that does not exist becomes a fault of the tree."""

    def __init__(self, timezone: str, found: Tree) -> None:
        self.zone = ZoneInfo(timezone)
        self._found = found

    def moments(self, when: str, place: Place, day: date | None = None) -> times.Moments:
        try:
            return times.resolve(times.parse(when), self.zone, day)
        except times.NoSuchTimeError:
            fault = Fault(line=self._found.line(place), field=field_of(place), kind="no-such-time", value=when)
            self._found.faults.append(fault)
            return _NEVER, _NEVER  # only until the faults are raised

    def window(self, when: str, place: Place) -> Window:
        start, end = self.moments(when, place)
        return Window.model_validate({"start": start, "end": end})


def _programme(stated: shape.Document, found: Tree) -> Programme:
    """The programme that a well-formed document states. Raises Problem document.invalid for what the tree holds."""
    clock = _Clock(stated.conference.timezone, found)
    programme = Programme(
        conference=_conference(stated.conference, clock),
        rooms=tuple(Room.model_validate(room.model_dump()) for room in stated.rooms),
        people=tuple(
            Person.model_validate({**person.model_dump(), "key": person.key or person.name}) for person in stated.people
        ),
        institutions=tuple(
            Institution(name=name, english=english or "") for name, english in stated.institutions.items()
        ),
        slots=tuple(_slot(slot, ("slots", at), clock) for at, slot in enumerate(stated.slots)),
    )
    if found.faults:
        raise invalid(found.faults)
    return programme


def _conference(stated: shape.Conference, clock: _Clock) -> Conference:
    windows = [clock.window(when, ("conference", "check_in", at)) for at, when in enumerate(stated.check_in)]
    return Conference.model_validate({**stated.model_dump(), "check_in": windows})


def _slot(stated: shape.Slot, place: Place, clock: _Clock) -> Slot:
    window = clock.window(stated.when, (*place, "when"))
    day = window.start.astimezone(clock.zone).date()
    talks = [_talk(talk, (*place, "talks", at, "when"), clock, day) for at, talk in enumerate(stated.talks)]
    fields = stated.model_dump(exclude={"when", "talks"})
    return Slot.model_validate({**fields, "start": window.start, "end": window.end, "talks": talks})


def _talk(stated: shape.Talk, place: Place, clock: _Clock, day: date) -> Talk:
    start, end = clock.moments(stated.when, place, day) if stated.when else (None, None)
    return Talk.model_validate({**stated.model_dump(exclude={"when"}), "start": start, "end": end})


# Into the file.


def _conference_node(conference: Conference, zone: ZoneInfo) -> yaml.Node:
    windows = (scalar(times.render(window.start, window.end, zone)) for window in conference.check_in)
    return mapping(
        [
            ("key", scalar(conference.key)),
            ("name", _words(conference.name)),
            ("timezone", conference.timezone),
            ("venue", conference.venue),
            ("address", conference.address),
            ("website", conference.website),
            ("check_in", sequence(windows)),
            ("contacts", sequence(map(_contact_node, conference.contacts))),
            ("organisers", sequence(map(scalar, conference.organisers))),
            ("co_organisers", sequence(map(scalar, conference.co_organisers))),
            ("committees", sequence(map(_committee_node, conference.committees))),
        ]
    )


def _contact_node(contact: Contact) -> yaml.Node:
    fields: list[tuple[str, Field]] = [
        ("name", scalar(contact.name)),
        ("email", contact.email),
        ("phone", contact.phone),
        ("note", contact.note),
    ]
    return mapping(fields, flow=True)


def _committee_node(committee: Committee) -> yaml.Node:
    return mapping([("name", _words(committee.name)), ("members", sequence(map(_member_node, committee.members)))])


def _member_node(member: Member) -> yaml.Node:
    if not member.note:
        return scalar(member.person)
    return mapping([("person", scalar(member.person)), ("note", member.note)], flow=True)


def _room_node(room: Room) -> yaml.Node:
    return mapping(
        [
            ("name", scalar(room.name)),
            ("printed", room.printed),
            ("english", room.english),
            ("number", room.number),
            ("aliases", room.aliases),
            ("capacity", room.capacity),
        ]
    )


def _person_node(person: Person) -> yaml.Node:
    fields: list[tuple[str, Field]] = [
        ("key", person.key if person.key != person.name else ""),
        ("name", scalar(person.name)),
        ("latin", person.latin),
        ("affiliation", person.affiliation),
        ("biography", prose(person.biography)),
    ]
    # One person a line, so that a list of two hundred can be read; a biography needs its block.
    return mapping(fields, flow=not person.biography)


def _institutions_node(institutions: tuple[Institution, ...]) -> yaml.Node | None:
    return mapping((one.name, scalar(one.english)) for one in institutions) if institutions else None


def _slot_node(slot: Slot, zone: ZoneInfo) -> yaml.Node:
    day = slot.start.astimezone(zone).date()
    return mapping(
        [
            ("when", scalar(times.render(slot.start, slot.end, zone))),
            ("kind", slot.kind),
            ("code", slot.code),
            ("title", scalar(slot.title)),
            ("translation", slot.translation),
            ("track", slot.track),
            ("room", slot.room),
            ("chairs", slot.chairs),
            ("panel", slot.panel),
            ("note", slot.note),
            ("cancelled", _flag(slot.cancelled)),
            ("talks", sequence(_talk_node(talk, zone, day) for talk in slot.talks)),
        ]
    )


def _talk_node(talk: Talk, zone: ZoneInfo, day: date) -> yaml.Node:
    return mapping(
        [
            ("code", talk.code),
            ("title", scalar(talk.title)),
            ("translation", talk.translation),
            ("speakers", talk.speakers),
            ("when", times.render(talk.start, talk.end, zone, day) if talk.start or talk.end else ""),
            ("cancelled", _flag(talk.cancelled)),
            ("summary", _summary(talk.summary)),
            ("abstract", prose(talk.abstract)),
        ]
    )


def _flag(raised: bool) -> yaml.Node | None:  # noqa: FBT001 - a flag is what it is given
    return yaml.ScalarNode("tag:yaml.org,2002:bool", "true") if raised else None


def _words(words: Text) -> yaml.Node:
    """A text in both languages that stays even when it is empty: the reader asks for the field."""
    return mapping([("zh", words.zh), ("en", words.en)], flow=True)


def _summary(words: Text) -> yaml.Node | None:
    """Sentences, each on a line of its own."""
    return mapping([("zh", words.zh), ("en", words.en)]) if words else None
