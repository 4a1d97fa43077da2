"""What an instruction lacks, asked for: buttons for what can be pressed, a question for what must be typed."""

from collections.abc import Callable, Sequence
from functools import partial

from bot.commands.ask import Ask
from bot.domain.programme import Room, Slot
from bot.domain.timetable import Block, Event, Timetable, events
from bot.replies import desk, steps
from bot.replies.reply import Button, Line, Reply
from bot.services.invitations import Wanting
from bot.services.planning import Missing, What

SAID = 40
"""Characters of what was not understood that are said again."""


def asked(ask: Ask, lack: Missing, add: Button | None = None) -> Reply:  # noqa: PLR0911 - one for each thing that may be missing
    """The question for what is missing. `add`: the button that adds a room that nobody knows."""
    voice = ask.voice
    line = voice.say(f"change.step.{lack.what}", what=steps.title(voice, lack.about), kind=_kind(ask, lack))
    match lack.what:
        case "session" | "talk" | "thing":
            return things(ask, lack, line)
        case "off":
            return _called_off(ask, lack, line)
        case "other":
            return _others(ask, lack, line)
        case "room":
            return _rooms(ask, lack, line, add)
        case "minutes":
            on = isinstance(lack.about, Event) and "#on" not in lack.asked
            odd = [voice.say("change.step.no_minutes", query=lack.unknown[:SAID])] if lack.unknown else []
            return steps.minutes(voice, lack.asked, lines=[*odd, line], on=on)
        case "note":
            bare = [voice.button("change.button.no_note", f"{lack.asked} -", edits=True)] if _has_note(lack) else []
            return steps.typed(voice, line=line, buttons=bare)
        case _:
            return steps.typed(voice, line=line)


def rooms(timetable: Timetable, slot: Slot) -> tuple[list[Room], list[tuple[Room, Slot]]]:
    """The rooms that are free while a slot is, and those in use with what is there; its own room is neither."""
    free: list[Room] = []
    taken: list[tuple[Room, Slot]] = []
    for room in timetable.programme.rooms:
        there = [
            one
            for one in timetable.in_room(room)
            if one.start < slot.end and slot.start < one.end and one.id != slot.id and not one.cancelled
        ]
        if room.name == slot.room:
            continue
        if there:
            taken.append((room, there[0]))
        else:
            free.append(room)
    return free, taken


def things(ask: Ask, lack: Missing, line: Line) -> Reply:
    """Slots, or talks within one, to choose from."""
    return choose(
        ask, lack.asked, lack, partial(_can_be_meant, lack.what), line=line, whole=True, inside=lack.what == "thing"
    )


def choose(
    ask: Ask,
    asked: str,
    lack: Missing | Wanting,
    fits: Callable[[Slot], bool],
    *,
    line: Line,
    whole: bool,
    inside: bool,
) -> Reply:
    """What the words may mean; else the talks of one slot; else the slots of one time, those that fit.

    whole   a slot may be meant as well as a talk of it. inside: one of a slot's talks may be.
    """
    if lack.among:
        return steps.things(ask.voice, asked, lack.among[:8], line=ask.voice.say("change.step.which"))
    if lack.inside is not None:
        return steps.talks(ask.voice, asked, lack.inside, line=line, whole=whole)
    times = [Block(block.start, tuple(filter(fits, block.slots))) for block in ask.edition.timetable.blocks]
    blocks = [block for block in times if block.slots]
    shown = next((one for one in blocks if one.start == lack.block), None) or steps.busy(ask.now, blocks)
    return steps.slots(ask.voice, asked, blocks, shown, line=line, inside=inside)


def _can_be_meant(what: What, slot: Slot) -> bool:
    return what == "thing" or bool(slot.talks) or (what == "session" and bool(slot.room))


def _called_off(ask: Ask, lack: Missing, line: Line) -> Reply:
    timetable = ask.edition.timetable
    off: list[Slot | Event] = [slot for slot in timetable.slots if slot.cancelled]
    off += [event for event in timetable.events if event.talk.cancelled]
    return steps.things(ask.voice, lack.asked, off[:20], line=line)


def _others(ask: Ask, lack: Missing, line: Line) -> Reply:
    about = lack.about
    if isinstance(about, Event):
        others: Sequence[Slot | Event] = [one for one in events(about.slot) if one.talk.id != about.talk.id]
    else:
        slots = ask.edition.timetable.slots
        others = [
            one
            for one in slots
            if isinstance(about, Slot) and one.id != about.id and one.room
            if one.start < about.end and about.start < one.end
        ]
    return steps.things(ask.voice, lack.asked, others, line=line)


def _rooms(ask: Ask, lack: Missing, line: Line, add: Button | None) -> Reply:
    if not isinstance(lack.about, Slot):
        return desk.sentence(ask.voice, line)
    free, taken = rooms(ask.edition.timetable, lack.about)
    lines = [line]
    if lack.unknown:
        lines.insert(0, ask.voice.say("room.unknown", query=lack.unknown[:SAID]))
    lines.append(ask.voice.say("change.step.free" if free else "change.step.none_free"))
    return steps.rooms(ask.voice, lack.asked, free, taken, lines=lines, add=add)


def _has_note(lack: Missing) -> bool:
    return isinstance(lack.about, Slot) and bool(lack.about.note)


def _kind(ask: Ask, lack: Missing) -> Line:
    return ask.voice.say(f"change.kind.{lack.asked.partition(' ')[0]}")
