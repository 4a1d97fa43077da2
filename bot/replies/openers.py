"""What a list leads to: a button for each thing of it, and for its star; and the whole day."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.programme import Slot
from bot.domain.timetable import Event, events
from bot.replies import stars
from bot.replies.reply import Block, Button, Row, fitted
from bot.replies.stars import Thing
from bot.replies.voice import Voice

PAUSES = ("break", "meal", "check-in")


def under(voice: Voice, slots: Iterable[Slot], starry: Sequence[Thing] | None = None) -> tuple[Row, ...]:
    """Buttons to open one, a session by its code and room, an item by its talk's code or what it is; and their stars.

    starry  what stars are for, where that is not what is opened.
    """
    things = [thing for slot in slots for thing in _things(slot)]
    return (
        *fitted([_opener(voice, thing, things) for thing in things]),
        *stars.under(voice, things if starry is None else starry),
    )


def too_many(voice: Voice, slots: Iterable[Slot], starry: Sequence[Thing] | None = None) -> list[Block]:
    """How to star something, under a list of the same that is too long for stars."""
    things = starry if starry is not None else [thing for slot in slots for thing in _things(slot)]
    return [voice.block("star.open_one")] if len(things) > stars.LISTED and not voice.public else []


def talk(voice: Voice, event: Event) -> Button:
    """Opens a talk."""
    return Button(talk_label(voice, event), f"talk #{event.talk.id}")


def talk_label(voice: Voice, event: Event) -> str:
    """A talk on a button: its code and who speaks, else its title; people by one name, for there is little room."""
    people = voice.timetable.people(event.talk.speakers)
    names = [one.latin if voice.lang == "en" and one.latin else one.name for one in people]
    speakers = voice.word("person.list_separator").join(names)
    return voice.word("button.talk", code=event.talk.code, speakers=speakers).strip() or voice.title(event.talk)


def _things(slot: Slot) -> Sequence[Thing]:
    """What of a slot is opened from a list: a session, an item's talks, an item that somebody may want to go to."""
    if slot.is_session:
        return [slot]
    return events(slot) or ([] if slot.kind in PAUSES else [slot])


def _opener(voice: Voice, thing: Thing, among: Sequence[Thing]) -> Button:
    if isinstance(thing, Event):
        return Button(stars.name(voice, thing, among), f"talk #{thing.talk.id}")
    room = voice.timetable.room(thing.room) if thing.is_session else None
    door = voice.door(room) if room else ""
    return Button(f"{stars.name(voice, thing, among)} {door}".strip(), f"session #{thing.id}")


def now_and_next(voice: Voice) -> Row:
    """Opens what everybody asks for."""
    return voice.button("button.now", "now"), voice.button("button.next", "next")


def whole_day(voice: Voice, at: datetime) -> Button:
    """Opens the day of a moment, or the nearest day of the conference."""
    return voice.button("button.whole_day", f"day {voice.timetable.nearest_day(at).isoformat()}")
