"""A preview as staff see it: what is wrong with a plan, and the ways out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.commands import missing
from bot.commands.ask import Ask
from bot.domain.timetable import Event, events
from bot.replies import changing
from bot.replies.changing import Effect, Warned
from bot.replies.reply import Block, Button, Line, Reply, Row
from bot.services.changes import Preview

TIMED = ("delay", "retime")
"""Kinds that give talks times by which they may overlap."""


def shown(
    ask: Ask, seen: Preview, *, head: Line = (), above: Sequence[Block] = (), more: tuple[Row, ...] = ()
) -> Reply:
    """`head`: a sentence above it; `above`, `more`: questions that are still open, and their buttons."""
    crowded = [(one.slot, one.stars, one.capacity) for one in seen.crowded]
    overlaps = list(_overlaps(seen))
    ways = [*_other_rooms(ask, seen), *_along(ask, seen, overlaps=bool(overlaps))]
    reply = changing.preview(
        replace(ask.voice, timetable=seen.before),
        seen.after,
        draft=seen.draft,
        kind=seen.plan.kind,
        edit=seen.plan.edit,
        reason=seen.plan.reason,
        effect=Effect(len(seen.concerned), seen.due, seen.differences, unheard=seen.unheard),
        warned=Warned(seen.clashes, bool(seen.forbidden), crowded, overlaps, ways),
        now=ask.now,
        head=head,
        more=more,
    )
    return replace(reply, blocks=(*reply.blocks[:1], *above, *reply.blocks[1:]))


def _other_rooms(ask: Ask, seen: Preview) -> list[Button]:
    """Out of a room in use: the two rooms swapped, or a room that is free then."""
    moved = [setting for setting in seen.plan.edit if (setting.thing, setting.field) == ("slot", "room")]
    slot = seen.before.slot(moved[0].id) if len(moved) == 1 else None
    if slot is None or all(one.code != "room-used-twice" for one in seen.forbidden):
        return []
    free, taken = missing.rooms(seen.before, slot)
    occupant = next((other for room, other in taken if room.name == moved[0].after), None)
    if occupant is not None and (slot.room is None or (slot.start, slot.end) != (occupant.start, occupant.end)):
        occupant = None  # at another time this one's room may be of no use to it
    return changing.ways_out(replace(ask.voice, timetable=seen.before), slot, occupant, free)


def _along(ask: Ask, seen: Preview, *, overlaps: bool) -> Iterator[Button]:
    """What stands in the way of a delay goes along: the talks that follow, or all that comes in the room."""
    if seen.plan.kind != "delay":
        return
    _, about, *rest = seen.plan.asked.split(" ")
    if overlaps and "#on" not in rest:
        yield ask.voice.button("change.button.on", f"delay {about} #on {rest[-1]}", edits=True)
    slot = seen.before.slot(int(about[2:])) if about.startswith("#s") else None
    room = seen.before.room(slot.room) if slot is not None else None
    if room is not None and any(one.code == "room-used-twice" for one in seen.forbidden):
        label = replace(ask.voice, timetable=seen.before).brief_room(room)
        yield ask.voice.button("change.button.whole_room", f"delay #r{room.id} {rest[-1]}", edits=True, room=label)


def _overlaps(seen: Preview) -> Iterator[tuple[Event, Event]]:
    """Talks that would run at the same time as another of their session, by times that a delay or a retime gives."""
    if seen.plan.kind not in TIMED:
        return
    timed = {setting.id for setting in seen.plan.edit if setting.thing == "talk"}
    for slot in seen.after.slots:
        placed = [event for event in events(slot) if not event.talk.cancelled]
        for one, other in pairwise(placed):
            if {one.talk.id, other.talk.id} & timed and other.start < one.end:
                yield one, other
