"""A change asked for step by step: what is missing, with buttons for all that can be pressed."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain.programme import Room, Slot
from bot.domain.timetable import Block as Time
from bot.domain.timetable import Event, events
from bot.replies.openers import talk_label
from bot.replies.reply import Block, Button, Line, Reply, Row, fitted, paired, rows
from bot.replies.voice import Voice

MINUTES = (5, 10, 15, 20, 30, 45, 60, -5, -10, -15)


def slots(
    voice: Voice, asked: str, blocks: Sequence[Time], shown: Time | None, *, line: Line, inside: bool = False
) -> Reply:
    """The slots of one time, and the other times to turn to. `inside`: next, one of a slot's talks may be chosen."""
    openers = [
        slot_button(voice, slot, f"{asked} #{'i' if inside and slot.talks else 's'}{slot.id}")
        for slot in (shown.slots if shown else ())
    ]
    head: list[Line] = [line]
    if shown is not None:
        head.append(
            voice.say("change.step.block", day=voice.day_of(shown.start), times=voice.times(shown.start, shown.end))
        )
    turns = [
        Button(
            f"{voice.date(one.start)} {voice.clock(one.start)}",
            f"{asked} #b{one.start.astimezone(UTC):%Y%m%d%H%M}",
            edits=True,
        )
        for one in blocks
        if one is not shown
    ]
    return Reply((Block(tuple(head)),), (*fitted(openers), *fitted(turns), _leave(voice)))


def things(voice: Voice, asked: str, among: Sequence[Slot | Event], *, line: Line) -> Reply:
    """Things to choose from."""
    found = [thing_button(voice, one, asked) for one in among]
    return Reply((Block((line,)),), (*rows(found, 1), _leave(voice)))


def talks(voice: Voice, asked: str, slot: Slot, *, line: Line, whole: bool) -> Reply:
    """The talks of a slot, and the slot itself where it may be meant."""
    found = (
        [voice.button("change.button.whole", f"{asked} #s{slot.id}", edits=True, code=voice.called(slot))]
        if whole
        else []
    )
    openers = [talk_button(voice, event, f"{asked} #t{event.talk.id}") for event in events(slot)]
    return Reply((Block((line,)),), (*rows(found, 1), *paired(openers), _leave(voice)))


def rooms(
    voice: Voice,
    asked: str,
    free: Sequence[Room],
    taken: Sequence[tuple[Room, Slot]],
    *,
    lines: Sequence[Line],
    add: Button | None = None,
) -> Reply:
    """Rooms that are free in that time first, then those in use and by whom; and one to be added."""
    openers = [Button(voice.brief_room(room), f"{asked} #r{room.id}", edits=True) for room in free]
    used = [
        voice.button(
            "change.button.taken",
            f"{asked} #r{room.id}",
            edits=True,
            room=voice.brief_room(room),
            code=voice.called(slot),
        )
        for room, slot in taken
    ]
    first: tuple[Row, ...] = ((add,),) if add is not None else ()
    return Reply((Block(tuple(lines)),), (*first, *rows(openers, 3), *rows(used, 2), _leave(voice)))


def minutes(voice: Voice, asked: str, *, lines: Sequence[Line], on: bool) -> Reply:
    """By how much; `on`: what follows in the session can go along."""
    found = [
        voice.button("change.button.minutes", f"{asked} {count}", edits=True, count=f"{count:+d}") for count in MINUTES
    ]
    later, earlier = found[:7], found[7:]
    along: tuple[Row, ...] = ((voice.button("change.button.on", f"{asked} #on", edits=True),),) if on else ()
    return Reply((Block(tuple(lines)),), (*rows(later, 4), *rows(earlier, 3), *along, _leave(voice)))


def typed(voice: Voice, *, line: Line, buttons: Sequence[Button] = ()) -> Reply:
    """A question that the next message answers."""
    return Reply((Block((line, voice.say("change.step.typed"))),), (*rows(buttons, 2), _leave(voice)))


def slot_button(voice: Voice, slot: Slot, ask: str) -> Button:
    room = voice.timetable.room(slot.room)
    door = voice.door(room) if room else ""
    label = f"{slot.code} {door}".strip() if slot.code else voice.title(slot)
    return Button(label, ask, edits=True)


def talk_button(voice: Voice, event: Event, ask: str) -> Button:
    return Button(talk_label(voice, event), ask, edits=True)


def thing_button(voice: Voice, thing: Slot | Event, asked: str) -> Button:
    if isinstance(thing, Event):
        return talk_button(voice, thing, f"{asked} #t{thing.talk.id}")
    when = f"{voice.day_of(thing.start)} {voice.clock(thing.start)}"
    return Button(f"{voice.called(thing)} · {when}", f"{asked} #s{thing.id}", edits=True)


def title(voice: Voice, thing: Slot | Event | Room | None) -> str:
    """What a thing is called in a question."""
    if isinstance(thing, Room):
        return voice.room(thing)
    return voice.named(thing) if thing is not None else ""


def busy(now: datetime, blocks: Sequence[Time]) -> Time | None:
    """The time that staff mean most often: what runs now with sessions, or comes next."""
    ahead = [one for one in blocks if one.end > now]
    with_talks = [one for one in ahead if any(slot.is_session for slot in one.slots)]
    return next(iter(with_talks or ahead or blocks[-1:]), None)


def _leave(voice: Voice) -> Row:
    return (voice.button("change.button.cancel", "cancel", edits=True),)
