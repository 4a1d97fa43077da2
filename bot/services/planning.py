"""From what staff type or press to a plan, or to what is still missing of it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.domain import edits
from bot.domain.edits import Plan
from bot.domain.model import Text, language_of
from bot.domain.problem import Problem
from bot.domain.programme import Room, Slot
from bot.domain.timetable import Event, events
from bot.search.imperatives import instructed
from bot.search.instructions import Instruction, Thing
from bot.services import additions
from bot.services.editions import Edition
from bot.store import programmes
from bot.store.database import Database

What = Literal[
    "session",
    "talk",
    "thing",
    "off",
    "other",
    "room",
    "minutes",
    "times",
    "title",
    "speakers",
    "note",
    "newtalk",
    "newroom",
]
TYPED: frozenset[What] = frozenset(("times", "title", "speakers", "note", "newtalk", "newroom"))
"""What can't be pressed: the next message says it, whatever it is."""

_REASON = re.compile(
    r"(?:[\s,，;；(（]*)(?:原因|理由|因为|由于|because|reason)\s*[:：]?\s*(?P<reason>.+?)[)）]?$", re.IGNORECASE
)
_NOTHING = frozenset(("-", "—", "无", "没有", "none", "清除", "删除", "delete"))
LONGEST_SLOT = timedelta(hours=12)
"""Whatever is said to be longer has its end before its start."""
BESIDE = timedelta(days=1)
"""How far outside its days something of a conference may be put."""


@dataclass(frozen=True)
class Missing:
    """What an instruction lacks.

    asked    the command and what is known, by ids: what is chosen is put behind it.
    about    the thing that it is about, once that is known, or the room whose slots it is about.
    among    what the words may mean. block, inside: the time whose slots, or the slot whose talks, are to be chosen
             from. unknown: the name of a room that nobody knows, or what is no number of minutes.
    """

    what: What
    asked: str
    about: Thing | Room | None = None
    block: datetime | None = None
    inside: Slot | None = None
    among: tuple[Thing, ...] = ()
    unknown: str = ""


@dataclass(frozen=True)
class Desk:
    """What an instruction is read against. `free`: an id for what is added, by table."""

    edition: Edition
    now: datetime
    free: dict[str, int] = field(default_factory=dict)


Outcome = Plan | Missing
Reader = Callable[[Desk, Instruction], Outcome]


async def plan(db: Database, edition: Edition, kind: str, words: str, *, now: datetime) -> Outcome:
    """What the words after a command come to. `kind`: the name of the command.

    Raises Problem where they ask for what can't be: `change.backwards`, `change.swap-apart`, `change.no-talks` …
    """
    free = {table: await programmes.next_id(db.reader, table) for table in ("rooms", "people", "talks")}
    reason = _REASON.search(words) if kind not in ("settitle", "note", "addtalk") else None
    said = words[: reason.start()] if reason else words
    outcome = READERS[kind](Desk(edition, now, free), Instruction(said, edition.index, now))
    if isinstance(outcome, Missing) or reason is None:
        return outcome
    why = reason["reason"].strip()
    return outcome.model_copy(update={"reason": why, "asked": f"{outcome.asked} 理由：{why}"})


async def answers(db: Database, edition: Edition, asked: str, words: str, *, now: datetime) -> bool:
    """Whether words answer the question for what is missing of a change; `asked`: see Missing.

    What can be pressed may be typed as well, but then only what brings the change further is an answer: whoever turns
    to something else has it.
    """
    kind, _, known = asked.partition(" ")
    if kind not in READERS:
        return True
    try:
        before = await plan(db, edition, kind, known, now=now)
        if not isinstance(before, Missing) or before.what in TYPED:
            return True
        if instructed(words) not in (None, kind):
            return False
        after = await plan(db, edition, kind, f"{known} {words}", now=now)
    except Problem:  # it is said once the change is asked for with these words
        return True
    return isinstance(after, Plan) or (after.what, after.asked) != (before.what, before.asked)


def _move(desk: Desk, said: Instruction) -> Outcome:
    things = said.things()
    new = said.new_room()
    room = None if new else said.room(alone=bool(things))
    slot = _slot_of(things or said.called(whole=bool(new or room)))
    if not isinstance(slot, Slot):
        return Missing("session", "move", among=slot, **_at(said))
    asked = f"move #s{slot.id}"
    if new:
        added = additions.room(desk.edition.timetable.programme, new, row=desk.free["rooms"])
        return Plan(kind="move", edit=(*edits.add_room(added), *edits.move(slot, added)), asked=f"{asked} +{new}")
    if room is None and said.words():
        return Missing("room", asked, slot, unknown=said.words()[: additions.LONGEST])
    if room is None:
        return Missing("room", asked, slot)
    return Plan(kind="move", edit=edits.move(slot, room), asked=f"{asked} #r{room.id}")


def _addroom(desk: Desk, said: Instruction) -> Outcome:
    name = said.new_room() or said.text()
    if not additions.says_something(name):
        return Missing("newroom", "addroom")
    added = additions.room(desk.edition.timetable.programme, name, row=desk.free["rooms"])
    return Plan(kind="addroom", edit=edits.add_room(added), asked=f"addroom +{name}")


def _retime(desk: Desk, said: Instruction) -> Outcome:
    thing = _one(said.things() or said.called(whole=False))
    if isinstance(thing, tuple):
        return Missing("thing", "retime", among=thing, **_at(said))
    asked = f"retime {name(thing)}"
    zone = desk.edition.timetable.zone
    span = said.span(thing.start.astimezone(zone).date())
    if span is None:
        return Missing("times", asked, thing)
    end = span.end or span.start + (thing.end - thing.start)
    _possible(desk, span.start, end)
    written = f"{span.start:%Y-%m-%d %H:%M}-{end.astimezone(zone):%H:%M}"
    return Plan(kind="retime", edit=edits.retime(thing, span.start, end), asked=f"{asked} {written}")


def _delay(desk: Desk, said: Instruction) -> Outcome:
    things = said.things()
    following = said.following()
    room = None if things else said.room(alone=False)
    minutes = said.minutes()
    if room is not None:
        return _delay_room(desk, said, room, minutes)
    thing = _one(things or said.called(whole=True))
    if isinstance(thing, tuple):
        return Missing("thing", "delay" if minutes is None else f"delay {minutes}m", among=thing, **_at(said))
    asked = f"delay {name(thing)}"
    if minutes is None:
        return Missing("minutes", asked, thing, unknown=_figures(said))
    by = timedelta(minutes=minutes)
    if following and isinstance(thing, Event):
        return Plan(kind="delay", edit=edits.delay_on(thing, by), asked=f"{asked} #on {minutes}")
    return Plan(kind="delay", edit=edits.delay(thing, by), asked=f"{asked} {minutes}")


def _figures(said: Instruction) -> str:
    """What was said for a number and is none that can be meant: 1e9, 2000 minutes."""
    words = said.words()
    return words if re.search(r"\d", words) else ""


def _delay_room(desk: Desk, said: Instruction, room: Room, minutes: int | None) -> Outcome:
    """What is still to come in a room on the first day that has any of it."""
    timetable = desk.edition.timetable.plan
    left = [slot for slot in timetable.in_room(room) if slot.end > desk.now and not slot.cancelled]
    if not left:
        raise Problem("change.room-done", room=room.name)
    day = timetable.day_of(left[0].start)
    today = [slot for slot in left if timetable.day_of(slot.start) == day]
    asked = f"delay #r{room.id}"
    if minutes is None:
        return Missing("minutes", asked, room, unknown=_figures(said))
    return Plan(
        kind="delay", edit=edits.delay_room(today, timedelta(minutes=minutes), desk.now), asked=f"{asked} {minutes}"
    )


def _cancelled(kind: Literal["calloff", "restore"]) -> Reader:
    off = kind == "calloff"

    def read(desk: Desk, said: Instruction) -> Outcome:
        thing = _one(said.things() or said.called(whole=True))
        if isinstance(thing, tuple):
            timetable = desk.edition.timetable
            cancelled = [slot.cancelled for slot in timetable.slots] + [one.talk.cancelled for one in timetable.events]
            if not off and not any(cancelled):
                raise Problem("change.nothing-off")
            return Missing("thing" if off else "off", kind, among=thing, **_at(said))
        edit = edits.cancel(thing.talk if isinstance(thing, Event) else thing, cancelled=off)
        return Plan(kind=kind, edit=edit, asked=f"{kind} {name(thing)}")

    return read


def _swap(_: Desk, said: Instruction) -> Outcome:
    things = said.things()
    if not things:
        return Missing("thing", "swap", among=tuple(said.called(whole=True)), **_at(said))
    asked = f"swap {name(things[0])}"
    if len(things) == 1:
        return Missing("other", asked, things[0])
    one, other = things[:2]
    asked += f" {name(other)}"
    if isinstance(one, Slot) and isinstance(other, Slot):
        if one.room is None or other.room is None:
            raise Problem("change.no-room")
        return Plan(kind="swap", edit=edits.swap_rooms(one, other), asked=asked)
    if isinstance(one, Event) and isinstance(other, Event):
        if one.slot.id != other.slot.id:
            raise Problem("change.swap-apart")
        same = one.talk.id == other.talk.id
        return Plan(kind="swap", edit=() if same else edits.swap_times(one, other), asked=asked)
    raise Problem("change.swap-unlike")


def _setspeaker(desk: Desk, said: Instruction) -> Outcome:
    event = _talk_of(said.things() or said.called(whole=False))
    if not isinstance(event, Event):
        return Missing("talk", "setspeaker", among=event, **_at(said))
    asked = f"setspeaker #t{event.talk.id}"
    typed = said.words()
    people = additions.people(said.people(), row=desk.free["people"])
    if not people:
        return Missing("speakers", asked, event)
    edit = edits.set_speakers(event.talk, people, desk.edition.timetable.programme)
    return Plan(kind="setspeaker", edit=edit, asked=f"{asked} {typed}")


def _settitle(_: Desk, said: Instruction) -> Outcome:
    thing = _one(said.things() or said.called(whole=False))
    if isinstance(thing, tuple):
        return Missing("thing", "settitle", among=thing, **_at(said))
    asked = f"settitle {name(thing)}"
    title = additions.short(said.text())
    if not title:
        return Missing("title", asked, thing)
    return Plan(
        kind="settitle",
        edit=edits.set_title(thing.talk if isinstance(thing, Event) else thing, title),
        asked=f"{asked} {title}",
    )


def _addtalk(desk: Desk, said: Instruction) -> Outcome:
    slot = _slot_of(said.things() or said.called(whole=False))
    if not isinstance(slot, Slot):
        return Missing("session", "addtalk", among=slot, **_at(said))
    asked = f"addtalk #s{slot.id}"
    typed = said.text()
    title, _, names = (part.strip() for part in re.sub(r"\s*(?:／|\||｜|\n)\s*", " / ", typed).partition(" / "))
    title = title.removesuffix(" /")
    if not additions.says_something(title):
        return Missing("newtalk", asked, slot)
    named = Instruction(names, desk.edition.index, desk.now).people() if names else []
    programme = desk.edition.timetable.programme
    people = additions.people(named, row=desk.free["people"])
    talk = additions.talk(programme, slot, title, people, row=desk.free["talks"])
    edit = (*edits.add_people(people, programme), *edits.add_talk(slot, talk))
    return Plan(kind="addtalk", edit=edit, asked=f"{asked} {typed}")


def _note(_: Desk, said: Instruction) -> Outcome:
    slot = _slot_of(said.things() or said.called(whole=False))
    if not isinstance(slot, Slot):
        return Missing("session", "note", among=slot, **_at(said))
    asked = f"note #s{slot.id}"
    words = additions.short(said.text())
    if not words:
        return Missing("note", asked, slot)
    note = Text() if words.casefold() in _NOTHING else _both(words)
    return Plan(kind="note", edit=edits.set_note(slot, note), asked=f"{asked} {words}")


READERS: dict[str, Reader] = {
    "move": _move,
    "addroom": _addroom,
    "retime": _retime,
    "delay": _delay,
    "calloff": _cancelled("calloff"),
    "restore": _cancelled("restore"),
    "swap": _swap,
    "setspeaker": _setspeaker,
    "settitle": _settitle,
    "addtalk": _addtalk,
    "note": _note,
}


def name(thing: Thing) -> str:
    """How a button names a thing."""
    return f"#s{thing.id}" if isinstance(thing, Slot) else f"#t{thing.talk.id}"


def _at(said: Instruction) -> dict[str, Any]:
    """Where to choose from, if a button said so."""
    return {"block": said.block(), "inside": said.inside()}


def _one(things: Sequence[Thing]) -> Thing | tuple[Thing, ...]:
    """The one thing that is meant, or what may be meant."""
    return things[0] if len(things) == 1 else tuple(things)


def _slot_of(things: Sequence[Thing]) -> Slot | tuple[Thing, ...]:
    """The slot that is meant; a talk stands for the one that it is in."""
    slots = {slot.id: slot for slot in (one.slot if isinstance(one, Event) else one for one in things)}
    return next(iter(slots.values())) if len(slots) == 1 else tuple(slots.values())


def _talk_of(things: Sequence[Thing]) -> Event | tuple[Thing, ...]:
    """The talk that is meant; of an item with one talk, that talk."""
    found: list[Thing] = []
    for one in things:
        talks = events(one) if isinstance(one, Slot) else [one]
        found += talks
    only = found[0] if len(found) == 1 else None
    return only if isinstance(only, Event) else tuple(found)


def _both(words: str) -> Text:
    """A note in the language it is written in, or in both: 请带电脑 / Bring a laptop."""
    parts = [part.strip() for part in re.split(r"\s+/\s+|／", words) if part.strip()]
    by_language = {language_of(part): part for part in parts}
    if len(parts) == 2 and len(by_language) == 2:
        return Text(**by_language)
    return Text(**{language_of(words): words})


def _possible(desk: Desk, start: datetime, end: datetime) -> None:
    """Raises Problem where times are a slip of the finger: of another year, or through day and night."""
    timetable = desk.edition.timetable
    days = [timetable.day_of(slot.start) for slot in timetable.slots]
    first, last = min(days) - BESIDE, max(days) + BESIDE
    day = timetable.day_of(start)
    if not first <= day <= last:
        raise Problem("change.far-day", day=str(day), first=str(first), last=str(last))
    if end - start > LONGEST_SLOT:
        raise Problem("change.backwards")
