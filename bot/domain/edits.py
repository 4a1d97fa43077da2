"""Edits of a published programme as data: what is set, from what, to what. Pure, so that a preview is the edit itself.

A setting carries what it found. One that finds something else is stale: somebody else was faster.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from bot.domain.model import Model, Text
from bot.domain.problem import Problem
from bot.domain.programme import Person, Programme, Room, Slot, Talk
from bot.domain.timetable import Event, events

Thing = Literal["slot", "talk", "room", "person", "programme"]
Value = Any
"""What JSON can say."""
TOLD = frozenset(("start", "end", "room", "cancelled", "title", "speakers", "exists", "slot"))
"""The fields of slots and talks that people plan by; a note, a translation or an abstract is news to nobody."""


class Setting(Model):
    """One field of one thing. `field` is "exists" for a thing that is added or taken away; its value is the thing.

    id  the row: for rooms and people, which a programme refers to by name, their position does not matter. Of the
        programme itself, 0.
    Times are ISO text, rooms and people names, an absent value None. A talk's "slot" is the slot it belongs to, and a
    slot's "order" the ids of its talks.
    """

    thing: Thing
    id: int
    field: str
    before: Value = None
    after: Value = None


Edit = tuple[Setting, ...]


class Plan(Model):
    """An edit with its name: what somebody is about to do, or does.

    kind    the name of what is done: move, retime, delay, cancel, restore, swap, undo …
    reason  why, in the words of whoever does it. asked: the words it came from, to draw it anew.
    undoes  the change it takes back.
    """

    kind: str
    edit: Edit
    reason: str = ""
    asked: str = ""
    undoes: int | None = None


def apply(programme: Programme, edit: Iterable[Setting]) -> Programme:
    """The programme after an edit. Raises Problem `change.stale` where it is not as the edit found it."""
    for setting in edit:
        programme = _set(programme, setting)
    return programme


def inverse(edit: Edit) -> Edit:
    """The edit that takes this one back."""
    return tuple(
        setting.model_copy(update={"before": setting.after, "after": setting.before}) for setting in reversed(edit)
    )


def taken_back(programme: Programme, edit: Edit) -> Edit:
    """The edit that takes this one back as far as nobody is left without it.

    A talk that was added may be starred by now, so it is called off and stays; a room or a person stays while somebody
    else is there. Raises Problem `change.stale`.
    """
    back = [
        Setting(thing="talk", id=setting.id, field="cancelled", before=False, after=True)
        if setting.thing == "talk" and setting.field == "exists" and setting.after is None
        else setting
        for setting in inverse(edit)
    ]
    added = [setting for setting in back if setting.field == "exists" and setting.after is None]
    rest = tuple(setting for setting in back if setting not in added)
    left = apply(programme, rest)
    used = {slot.room for slot in left.slots} | left.speakers
    used |= {key for slot in left.slots for key in (*slot.chairs, *slot.panel)}
    return (*rest, *(one for one in added if one.before.get("key", one.before.get("name")) not in used))


def move(slot: Slot, room: Room) -> Edit:
    """Into another room."""
    return _settings("slot", slot.id, ("room", slot.room, room.name))


def retime(thing: Slot | Event, start: datetime, end: datetime) -> Edit:
    """Other official times. Talks with times of their own go along with their slot; a slot holds its talks.

    Raises Problem `change.backwards` when the end is not after the start.
    """
    if end <= start:
        raise Problem("change.backwards")
    if isinstance(thing, Event):
        return (*_talk_times(thing.talk, start, end), *_holding(thing.slot, start, end))
    edit = _settings("slot", thing.id, ("start", _iso(thing.start), _iso(start)), ("end", _iso(thing.end), _iso(end)))
    return (*edit, *_talks_along(thing, start - thing.start))


def delay(thing: Slot | Event, by: timedelta) -> Edit:
    """Later by so much, or earlier."""
    return retime(thing, thing.start + by, thing.end + by)


def delay_on(event: Event, by: timedelta) -> Edit:
    """A talk and those that follow it in its session, each with times of its own."""
    late = [one for one in events(event.slot) if one.start >= event.start]
    edit = [setting for one in late for setting in _talk_times(one.talk, one.start + by, one.end + by)]
    return (*edit, *_holding(event.slot, late[0].start + by, late[-1].end + by))


def delay_room(slots: Sequence[Slot], by: timedelta, now: datetime) -> Edit:
    """Everything in a room that has not begun; what runs goes on for longer, with the talks that are still to come."""
    edit: list[Setting] = []
    for slot in slots:
        if slot.start > now:
            edit += delay(slot, by)
        elif slot.end > now:
            edit += _settings("slot", slot.id, ("end", _iso(slot.end), _iso(slot.end + by)))
            for event in events(slot):
                # The rest gets times of its own: an equal share of the longer slot would move what is over, too.
                late = by if event.start > now else timedelta()
                ends = event.end + (by if event.end > now else timedelta())
                edit += _talk_times(event.talk, event.start + late, ends)
    return tuple(edit)


def cancel(thing: Slot | Talk, *, cancelled: bool = True) -> Edit:
    """Called off, or on again."""
    return _settings(_kind(thing), thing.id, ("cancelled", thing.cancelled, cancelled))


def swap_rooms(one: Slot, other: Slot) -> Edit:
    return (
        *_settings("slot", one.id, ("room", one.room, other.room)),
        *_settings("slot", other.id, ("room", other.room, one.room)),
    )


def swap_times(one: Event, other: Event) -> Edit:
    """Two talks change places in time. Their times are official then."""
    return (
        *_talk_times(one.talk, other.start, other.end),
        *_talk_times(other.talk, one.start, one.end),
    )


def set_title(thing: Slot | Talk, title: str) -> Edit:
    """Another title; the translation of the old one goes."""
    return _settings(_kind(thing), thing.id, ("title", thing.title, title), ("translation", thing.translation, ""))


def set_speakers(talk: Talk, people: Sequence[Person], known: Programme) -> Edit:
    """Other speakers; those whom the programme does not know are added to it, with an id of their own."""
    keys = tuple(person.key for person in people)
    return (*add_people(people, known), *_settings("talk", talk.id, ("speakers", talk.speakers, keys)))


def set_note(slot: Slot, note: Text) -> Edit:
    """A line shown with the slot."""
    return _settings("slot", slot.id, ("note", slot.note.model_dump(), note.model_dump()))


def add_talk(slot: Slot, talk: Talk) -> Edit:
    """Another talk at the end of a session. It has an id."""
    return (Setting(thing="talk", id=talk.id, field="exists", after={"slot": slot.id, **talk.model_dump(mode="json")}),)


def add_room(room: Room) -> Edit:
    """A room that the programme does not know. It has an id."""
    return _added("room", room)


def order(slot: Slot) -> list[int]:
    """The ids of its talks, in order."""
    return [talk.id for talk in slot.talks]


def add_people(people: Sequence[Person], known: Programme) -> Edit:
    """Those of them whom the programme does not know. They have ids."""
    names = {person.key for person in known.people}
    return tuple(setting for one in people if one.key not in names for setting in _added("person", one))


def _added(thing: Thing, one: Room | Person) -> Edit:
    return (Setting(thing=thing, id=one.id, field="exists", after=one.model_dump(mode="json")),)


def _kind(thing: Slot | Talk) -> Thing:
    return "slot" if isinstance(thing, Slot) else "talk"


def _settings(thing: Thing, row: int, *fields: tuple[str, Value, Value]) -> Edit:
    return tuple(
        Setting(thing=thing, id=row, field=name, before=before, after=after)
        for name, before, after in fields
        if before != after
    )


def _talk_times(talk: Talk, start: datetime, end: datetime) -> Edit:
    return _settings("talk", talk.id, ("start", _iso(talk.start), _iso(start)), ("end", _iso(talk.end), _iso(end)))


def _holding(slot: Slot, start: datetime, end: datetime) -> Edit:
    """A slot that is as long as what it holds."""
    return _settings(
        "slot",
        slot.id,
        ("start", _iso(slot.start), _iso(min(slot.start, start))),
        ("end", _iso(slot.end), _iso(max(slot.end, end))),
    )


def _talks_along(slot: Slot, shift: timedelta) -> Edit:
    edit: list[Setting] = []
    for talk in slot.talks:
        for name, moment in (("start", talk.start), ("end", talk.end)):
            if moment is not None:
                edit += _settings("talk", talk.id, (name, _iso(moment), _iso(moment + shift)))
    return tuple(edit)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


# Doing it.


def _set(programme: Programme, setting: Setting) -> Programme:  # noqa: PLR0911 - one for each kind of thing
    if setting.thing == "programme":
        return cast("Programme", _with(programme, setting))
    if setting.thing == "room":
        return programme.model_copy(update={"rooms": _listed(programme.rooms, Room, setting)})
    if setting.thing == "person":
        return programme.model_copy(update={"people": _listed(programme.people, Person, setting)})
    if setting.thing == "slot" and setting.field == "exists":
        return programme.model_copy(update={"slots": _listed(programme.slots, Slot, setting)})
    if setting.thing == "slot":
        change = _in_order if setting.field == "order" else _with
        slots = _each(programme.slots, setting.id, lambda slot: change(slot, setting))
        return programme.model_copy(update={"slots": slots})
    if setting.field == "exists":
        return programme.model_copy(update={"slots": _with_talk(programme.slots, setting)})
    if setting.field == "slot":
        return programme.model_copy(update={"slots": _moved(programme.slots, setting)})
    home = next((slot for slot in programme.slots if any(talk.id == setting.id for talk in slot.talks)), None)
    if home is None:
        raise Problem("change.stale")
    talks = _each(home.talks, setting.id, lambda talk: _with(talk, setting))
    slots = _each(programme.slots, home.id, lambda slot: slot.model_copy(update={"talks": talks}))
    return programme.model_copy(update={"slots": slots})


def _each(things: tuple[Any, ...], row: int, change: Callable[[Any], Any]) -> tuple[Any, ...]:
    if all(thing.id != row for thing in things):
        raise Problem("change.stale")
    return tuple(change(thing) if thing.id == row else thing for thing in things)


def _with(thing: Any, setting: Setting) -> Any:
    """The thing with a field set, validated as a file's would be."""
    current = getattr(thing, setting.field)
    if _plain(current) != _plain(setting.before):
        raise Problem("change.stale")
    return type(thing).model_validate({**dict(thing), setting.field: setting.after})


def _plain(value: Any) -> Any:
    """A value in the form it has in a setting; two moments are the same whatever their zone."""
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, str) and len(value) > 18 and value[4:5] == "-" and "T" in value:
        try:
            return datetime.fromisoformat(value).timestamp()
        except ValueError:
            return value
    if isinstance(value, Model):
        return value.model_dump(mode="json")
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _listed(things: tuple[Any, ...], model: type[Any], setting: Setting) -> tuple[Any, ...]:
    if setting.field != "exists":
        return _each(things, setting.id, lambda thing: _with(thing, setting))
    there = any(thing.id == setting.id for thing in things)
    if there != (setting.before is not None):
        raise Problem("change.stale")
    rest = tuple(thing for thing in things if thing.id != setting.id)
    return rest if setting.after is None else (*rest, model.model_validate(setting.after))


def _with_talk(slots: tuple[Slot, ...], setting: Setting) -> tuple[Slot, ...]:
    there = any(talk.id == setting.id for slot in slots for talk in slot.talks)
    facts = setting.after or setting.before
    if there != (setting.before is not None) or not isinstance(facts, dict):
        raise Problem("change.stale")
    slot_id = facts["slot"]
    fields = {name: value for name, value in facts.items() if name != "slot"}

    def change(slot: Slot) -> Slot:
        rest = tuple(talk for talk in slot.talks if talk.id != setting.id)
        talks = rest if setting.after is None else (*rest, Talk.model_validate(fields))
        return slot.model_copy(update={"talks": talks})

    return _each(slots, slot_id, change)


def _moved(slots: tuple[Slot, ...], setting: Setting) -> tuple[Slot, ...]:
    """A talk out of one slot and at the end of another."""
    talk = next(
        (one for slot in slots if slot.id == setting.before for one in slot.talks if one.id == setting.id), None
    )
    if talk is None or all(slot.id != setting.after for slot in slots):
        raise Problem("change.stale")

    def change(slot: Slot) -> Slot:
        rest = tuple(one for one in slot.talks if one.id != setting.id)
        return slot.model_copy(update={"talks": (*rest, talk) if slot.id == setting.after else rest})

    return tuple(map(change, slots))


def _in_order(slot: Slot, setting: Setting) -> Slot:
    talks = {talk.id: talk for talk in slot.talks}
    if order(slot) != setting.before or sorted(talks) != sorted(setting.after):
        raise Problem("change.stale")
    return slot.model_copy(update={"talks": tuple(talks[row] for row in setting.after)})
