"""What the texts of a programme's talks, sessions, items and people are, by field."""

from bot.domain.programme import Person, Slot
from bot.domain.timetable import Event, Timetable
from bot.search.items import called
from bot.search.texts import Document, Field


def of_event(timetable: Timetable, event: Event) -> Document:
    talk, slot = event.talk, event.slot
    fields: list[tuple[Field, str]] = [
        ("title", talk.title),
        ("translation", talk.translation),
        ("summary", talk.summary.zh),
        ("summary", talk.summary.en),
        ("abstract", talk.abstract),
        ("session", slot.title),
        ("session", slot.translation),
    ]
    for person in timetable.people(talk.speakers):
        fields += _names("speaker", person)
        fields += of_person(timetable, person)
    return [field for field in fields if field[1]]


def of_slot(timetable: Timetable, slot: Slot) -> Document:
    fields: list[tuple[Field, str]] = [
        ("title", slot.title),
        ("translation", slot.translation),
        ("session", slot.track.zh),
        ("session", slot.track.en),
        *(("kind", word) for word in called(slot, timetable.zone)),
    ]
    for person in timetable.people(slot.chairs):
        fields += _names("chair", person)
    for person in timetable.people(slot.panel):
        fields += _names("speaker", person)
    return [field for field in fields if field[1]]


def of_person(timetable: Timetable, person: Person) -> list[tuple[Field, str]]:
    """A person's affiliation in both languages; names are not looked up as texts (bot.search.names)."""
    english = timetable.institution(person.affiliation)
    return [("affiliation", text) for text in (person.affiliation, english) if text]


def _names(field: Field, person: Person) -> list[tuple[Field, str]]:
    return [(field, name) for name in (person.name, person.latin) if name]
