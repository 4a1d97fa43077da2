"""A programme file against a programme that staff have changed since the last file: what it proposes, what it asks.

Three programmes with the ids of one database: the last file, the new one, and ours. Only what differs between the two
files is proposed. Where we have changed the same, that is a question, and our value stands until it is answered.
Nothing that is there is ever taken away: what the new file no longer has is asked about, and called off at most.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from bot.domain.edits import Edit, Setting, Thing, apply, order
from bot.domain.programme import Person, Programme, Room, Slot, Talk

Key = tuple[Thing, int]
Facts = dict[str, Any]
Why = Literal["conflict", "missing", "restored"]

_TOGETHER = {"start": "time", "end": "time", "translation": "title"}
"""Fields that are decided as one."""
_GIVEN_ONCE = frozenset(("abstract", "biography"))
"""Texts that come with the booklet: a file without them takes nothing away."""


@dataclass(frozen=True)
class Question:
    """What a file cannot decide by itself.

    name   the same when the file is read again: "talk 5 time".
    edit   what is set if the file's word is taken. Rooms and people stand in it by name.
    """

    name: str
    why: Why
    edit: Edit


@dataclass(frozen=True)
class Merged:
    """Ours with what the file proposes, and its questions in the order of our programme."""

    programme: Programme
    questions: tuple[Question, ...]


def merge(base: Programme, theirs: Programme, ours: Programme, taken: Collection[str] = ()) -> Merged:
    """`base`: the last file, `theirs`: the new one, all with our ids. `taken`: the questions answered for the file."""
    was, new, now = _facts(base), _facts(theirs), _facts(ours)
    merged = dict(now)
    asked: list[tuple[str, Why, Key, Facts]] = []
    for key, held in now.items():
        wanted = _wanted(key, was.get(key, held), new, held) if key in new or key in was else {}
        for group, (why, facts) in wanted.items():
            name = f"{key[0]} {key[1]} {group}"
            if why is not None:
                asked.append((name, why, key, facts))
            if why is None or name in taken:
                merged[key] = merged[key] | facts
    merged |= {key: facts for key, facts in new.items() if key not in now and key not in was}
    programme = _programme(ours, theirs, merged)
    return Merged(programme, tuple(_question(*one, now, (programme, theirs, ours)) for one in asked))


def _wanted(key: Key, was: Facts, new: dict[Key, Facts], held: Facts) -> dict[str, tuple[Why | None, Facts]]:
    """What a file would set of one thing, by group of fields; why it can't be set without asking, or None."""
    if key not in new:
        if key[0] not in ("slot", "talk") or held["cancelled"] or _is_missing_with_its_slot(held, new):
            return {}
        return {"cancelled": ("missing", {"cancelled": True})}
    groups: dict[str, tuple[Why | None, Facts]] = {}
    for name, wanted in new[key].items():
        kept, before = held[name], was[name]
        if wanted in (before, kept) or (name in _GIVEN_ONCE and not wanted):
            continue
        group = _TOGETHER.get(name, name)
        why: Why | None = None
        if name == "cancelled" and kept:
            why = "restored"
        elif kept != before:
            why = "conflict"
        earlier, facts = groups.get(group, (None, {}))
        groups[group] = (earlier or why, facts | {name: wanted})
    return groups


def _is_missing_with_its_slot(held: Facts, new: dict[Key, Facts]) -> bool:
    return "slot" in held and ("slot", held["slot"]) not in new


# Programmes as facts: rooms, people and slots by id, so that another name is not another thing.


def _facts(programme: Programme) -> dict[Key, Facts]:
    rooms = {room.name: room.id for room in programme.rooms}
    people = {person.key: person.id for person in programme.people}
    facts: dict[Key, Facts] = {("programme", 0): programme.model_dump(include={"conference", "institutions"})}
    facts |= {("room", room.id): _dumped(room) for room in programme.rooms}
    facts |= {("person", person.id): _dumped(person) for person in programme.people}
    for slot in programme.slots:
        facts["slot", slot.id] = {
            **_dumped(slot),
            "room": rooms[slot.room] if slot.room is not None else None,
            "chairs": [people[key] for key in slot.chairs],
            "panel": [people[key] for key in slot.panel],
        }
        for talk in slot.talks:
            speakers = [people[key] for key in talk.speakers]
            facts["talk", talk.id] = {**_dumped(talk), "slot": slot.id, "speakers": speakers}
    return facts


def _dumped(thing: Room | Person | Slot | Talk) -> Facts:
    return {name: value for name, value in thing.model_dump().items() if name not in ("id", "talks")}


def _programme(ours: Programme, theirs: Programme, merged: dict[Key, Facts]) -> Programme:
    """The programme of merged facts; what is new stands behind what is there, and talks in the order of the file."""
    rooms = {row: Room(id=row, **facts) for (thing, row), facts in merged.items() if thing == "room"}
    people = {row: Person(id=row, **facts) for (thing, row), facts in merged.items() if thing == "person"}
    filed = {talk.id: place for place, talk in enumerate(theirs.talks)}
    talks_of: dict[int, set[int]] = defaultdict(set)
    for (thing, row), facts in merged.items():
        if thing == "talk":
            talks_of[facts["slot"]].add(row)
    ordered = {slot.id: order(slot) for slot in ours.slots}
    slots = []
    for (thing, row), facts in merged.items():
        if thing != "slot":
            continue
        here = talks_of[row]
        inside = sorted(here & filed.keys(), key=filed.__getitem__)
        # What the file does not have stands where it stood, behind its neighbour.
        for place, talk in enumerate(kept := ordered.get(row, [])):
            if talk in here and talk not in inside:
                before = next((one for one in reversed(kept[:place]) if one in inside), None)
                inside.insert(inside.index(before) + 1 if before is not None else 0, talk)
        inside += sorted(here - set(inside))
        talks = tuple(_talk(talk, merged["talk", talk], people) for talk in inside)
        names = {
            "room": rooms[facts["room"]].name if facts["room"] is not None else None,
            "chairs": tuple(people[one].key for one in facts["chairs"]),
            "panel": tuple(people[one].key for one in facts["panel"]),
        }
        slots.append(Slot(id=row, talks=talks, **{**facts, **names}))
    return Programme(
        **merged["programme", 0], rooms=tuple(rooms.values()), people=tuple(people.values()), slots=tuple(slots)
    )


def _talk(row: int, facts: Facts, people: dict[int, Person]) -> Talk:
    fields = {name: value for name, value in facts.items() if name != "slot"}
    return Talk(id=row, **{**fields, "speakers": tuple(people[one].key for one in facts["speakers"])})


def _question(
    name: str, why: Why, key: Key, facts: Facts, now: dict[Key, Facts], programmes: tuple[Programme, ...]
) -> Question:
    thing, row = key
    rooms = {room.id: room.name for one in reversed(programmes) for room in one.rooms}
    people = {person.id: person.key for one in reversed(programmes) for person in one.people}

    def named(field: str, value: Any) -> Any:
        if field == "room":
            return rooms.get(value)
        if field in ("speakers", "chairs", "panel"):
            return [people[one] for one in value]
        return value.isoformat() if hasattr(value, "isoformat") else value

    return Question(
        name,
        why,
        tuple(
            Setting(thing=thing, id=row, field=field, before=named(field, now[key][field]), after=named(field, value))
            for field, value in facts.items()
        ),
    )


# The way from one programme to another.


def between(old: Programme, new: Programme) -> Edit:
    """The edit that makes the one programme of the other, both with ids. Nothing that is there is taken away."""
    whole = {"conference", "institutions"}
    edit = _differing(
        "programme", 0, old.model_dump(mode="json", include=whole), new.model_dump(mode="json", include=whole)
    )
    edit += _things("room", {room.id: room for room in old.rooms}, new.rooms)
    edit += _things("person", {person.id: person for person in old.people}, new.people)
    # Slots first, for a talk may come into one that is added.
    edit += _things("slot", {slot.id: slot for slot in old.slots}, new.slots)
    homes = {talk.id: (slot.id, talk) for slot in old.slots for talk in slot.talks}
    for slot in new.slots:
        for talk in slot.talks:
            facts = talk.model_dump(mode="json")
            if talk.id not in homes:
                edit.append(Setting(thing="talk", id=talk.id, field="exists", after={"slot": slot.id, **facts}))
                continue
            home, before = homes[talk.id]
            if home != slot.id:
                edit.append(Setting(thing="talk", id=talk.id, field="slot", before=home, after=slot.id))
            edit += _differing("talk", talk.id, before.model_dump(mode="json"), facts)
    # Talks that came stand at the end so far.
    orders = {slot.id: order(slot) for slot in apply(old, edit).slots}
    for slot in new.slots:
        edit += _differing("slot", slot.id, {"order": orders[slot.id]}, {"order": order(slot)})
    return tuple(edit)


def _things(
    thing: Thing, known: dict[int, Any], new: tuple[Room, ...] | tuple[Person, ...] | tuple[Slot, ...]
) -> list[Setting]:
    edit: list[Setting] = []
    for one in new:
        facts = one.model_dump(mode="json", exclude={"talks"})
        if one.id in known:
            edit += _differing(thing, one.id, known[one.id].model_dump(mode="json", exclude={"talks"}), facts)
        else:
            edit.append(Setting(thing=thing, id=one.id, field="exists", after=facts))
    return edit


def _differing(thing: Thing, row: int, old: Facts, new: Facts) -> list[Setting]:
    return [
        Setting(thing=thing, id=row, field=name, before=old[name], after=value)
        for name, value in new.items()
        if name != "id" and old[name] != value
    ]
