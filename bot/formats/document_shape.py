"""The shape of a programme file, field by field, and what pydantic says against it in the catalogues' terms.

A field without a value (`chairs:`) is a field left out. Names of fields are those of the domain; times are texts.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.domain.finding import Place
from bot.domain.model import Model
from bot.domain.programme import SlotKind
from bot.formats import document_times
from bot.formats.faults import Fault, excerpt, field_of
from bot.formats.yaml_lines import Tree

# What pydantic calls it, and what the catalogues call it. Kinds of our own (below) go by their own name.
KINDS = {
    "missing": "missing-field",
    "extra_forbidden": "unknown-field",
    "string_type": "not-text",
    "string_too_short": "empty-value",
    "tuple_type": "not-a-list",
    "model_type": "not-a-mapping",
    "dict_type": "not-a-mapping",
    "int_type": "not-a-number",
    "int_parsing": "not-a-number",
    "int_parsing_size": "not-a-number",
    "greater_than_equal": "not-a-number",
    "less_than_equal": "not-a-number",
    "literal_error": "wrong-value",
    "bool_parsing": "wrong-value",
    "bool_type": "wrong-value",
}


def _time(text: str) -> str:
    try:
        document_times.parse(text)
    except ValueError:
        raise PydanticCustomError("not-a-time", "not a time") from None
    return text


def _whole_time(text: str) -> str:
    start, end = document_times.parse(_time(text))
    if start is None or end is None or start.day is None:
        raise PydanticCustomError("not-a-time", "needs a day, a start and an end")
    return text


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not known, not a name, and (zoneinfo's own scars) the name of a folder
        raise PydanticCustomError("unknown-timezone", "unknown timezone") from None
    return name


Filled = Annotated[str, StringConstraints(min_length=1)]
Time = Annotated[str, AfterValidator(_time)]
WholeTime = Annotated[str, AfterValidator(_whole_time)]
Timezone = Annotated[str, AfterValidator(_timezone)]
Count = Annotated[int, Field(ge=0, le=2**63 - 1)]  # the largest number that the database can hold


class Entry(Model):
    @model_validator(mode="before")
    @classmethod
    def _without_empty_fields(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None}


class Words(Entry):
    zh: str = ""
    en: str = ""


class Contact(Entry):
    name: Filled
    email: str = ""
    phone: str = ""
    note: Words = Words()


class Member(Entry):
    """A name, or a mapping where a note stands beside it."""

    person: Filled
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, data: Any) -> Any:
        return {"person": data} if isinstance(data, str) else data


class Committee(Entry):
    name: Words
    members: tuple[Member, ...] = ()


class Conference(Entry):
    key: Filled
    name: Words
    timezone: Timezone = "Asia/Shanghai"
    venue: Words = Words()
    address: Words = Words()
    website: str = ""
    check_in: tuple[WholeTime, ...] = ()
    contacts: tuple[Contact, ...] = ()
    organisers: tuple[Filled, ...] = ()
    co_organisers: tuple[Filled, ...] = ()
    committees: tuple[Committee, ...] = ()


class Room(Entry):
    name: Filled
    printed: str = ""
    english: str = ""
    number: Count | None = None
    aliases: tuple[Filled, ...] = ()
    capacity: Count | None = None


class Person(Entry):
    key: str = ""
    name: Filled
    latin: str = ""
    affiliation: str = ""
    biography: str = ""


class Talk(Entry):
    code: str = ""
    title: str
    translation: str = ""
    speakers: tuple[Filled, ...] = ()
    when: Time | None = None
    cancelled: bool = False
    summary: Words = Words()
    abstract: str = ""


class Slot(Entry):
    when: WholeTime
    kind: SlotKind
    code: str = ""
    title: str
    translation: str = ""
    track: Words = Words()
    room: Filled | None = None
    chairs: tuple[Filled, ...] = ()
    panel: tuple[Filled, ...] = ()
    note: Words = Words()
    cancelled: bool = False
    talks: tuple[Talk, ...] = ()


class Document(Entry):
    format: str
    conference: Conference
    rooms: tuple[Room, ...] = ()
    people: tuple[Person, ...] = ()
    institutions: dict[Filled, str | None] = Field(default_factory=dict)
    slots: tuple[Slot, ...] = ()


def faults(error: ValidationError, tree: Tree) -> list[Fault]:
    """Everything pydantic found, each with its line."""
    return [_fault(detail, tree) for detail in error.errors(include_url=False)]


def _fault(detail: ErrorDetails, tree: Tree) -> Fault:
    place: Place = tuple(step for step in detail["loc"] if step != "[key]")
    kind = KINDS.get(detail["type"], detail["type"])
    value = "" if kind == "missing-field" else detail["input"]
    if kind == "not-text" and value is None:
        kind = "empty-value"
    field = field_of(place)
    expected = ""
    if kind == "wrong-value":
        expected = ", ".join(get_args(SlotKind) if field == "kind" else ("true", "false"))
    elif kind == "unknown-field":
        expected = next(iter(get_close_matches(field, _fields_around(place), n=1, cutoff=0.7)), "")
    return Fault(line=tree.line(place), field=field, kind=kind, value=excerpt(value), expected=expected)


def _fields_around(place: Place) -> Mapping[str, Any]:
    """The fields that the mapping around a place may have."""
    entry: type[Entry] = Document
    for step in place[:-1]:
        if isinstance(step, str):
            entry = _entry_in(entry.model_fields[step].annotation) or entry
    return entry.model_fields


def _entry_in(annotation: Any) -> type[Entry] | None:
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    return next(filter(None, map(_entry_in, get_args(annotation))), None)
