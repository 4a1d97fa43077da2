"""What speakers and chairs are told before it is their turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from bot.domain.programme import Slot
from bot.domain.timetable import Event
from bot.replies.reply import Block, Button, Line, Reply, Row
from bot.replies.voice import Voice


@dataclass(frozen=True)
class Duty:
    """A talk to give or a session to chair, and what runs before it: a talk of its session, or a slot of the room."""

    thing: Slot | Event
    talk: Event | None = None
    slot: Slot | None = None


def duties(voice: Voice, found: Sequence[Duty], now: datetime) -> Reply:
    """The duties that begin at one moment."""
    blocks = [Block(tuple(_lines(voice, one, now))) for one in found]
    return Reply(tuple(blocks), tuple(_buttons(voice, one.thing) for one in found))


def _lines(voice: Voice, one: Duty, now: datetime) -> list[Line]:
    thing = one.thing
    slot = thing.slot if isinstance(thing, Event) else thing
    estimated = isinstance(thing, Event) and thing.estimated
    time = voice.word("time.about" if estimated else "time.at", time=voice.clock(thing.start))
    room = voice.room_of(slot)
    minutes = ceil((thing.start - now).total_seconds() / 60)
    role = "speaker" if isinstance(thing, Event) else "chair"
    lines = [voice.say(f"duty.{role}", minutes=minutes, time=time, room=room, sep=" · " if room else "")]
    if isinstance(thing, Event):
        lines.append(voice.say("notice.title", title=f"{thing.talk.code} {voice.title(thing.talk)}".strip()))
    else:
        lines.append(voice.say("notice.title", title=voice.session(thing)))
    lines.append(_before(voice, one))
    if isinstance(thing, Event):
        if slot.is_session:
            lines.append(voice.say("duty.session", session=voice.session(slot), times=voice.slot_times(slot)))
        if slot.chairs:
            lines.append(voice.say("talk.chair", people=voice.people(slot.chairs)))
    else:
        lines += [_spoken(voice, event) for event in voice.timetable.events_of(thing)]
    return lines


def _before(voice: Voice, one: Duty) -> Line:
    if one.talk is not None:
        what = voice.word("duty.talk", code=one.talk.talk.code, speakers=voice.people(one.talk.talk.speakers))
        return voice.say("duty.before", times=voice.event_times(one.talk), what=what.strip())
    if one.slot is not None:
        return voice.say("duty.before", times=voice.slot_times(one.slot), what=voice.what(one.slot))
    return voice.say("duty.first")


def _spoken(voice: Voice, event: Event) -> Line:
    key = "duty.called_off" if event.talk.cancelled else "duty.line"
    what = voice.word("duty.talk", code=event.talk.code, speakers=voice.people(event.talk.speakers)).strip()
    return voice.say(key, times=voice.event_times(event), what=what)


def _buttons(voice: Voice, thing: Slot | Event) -> Row:
    slot = thing.slot if isinstance(thing, Event) else thing
    code = thing.talk.code if isinstance(thing, Event) else thing.code
    view = f"talk #{thing.talk.id}" if isinstance(thing, Event) else f"session #{thing.id}"
    row = [Button(code or voice.word("button.details"), view)]
    room = voice.timetable.room(slot.room)
    if room is not None:
        row.append(voice.button("button.room", f"room #{room.id}", room=voice.brief_room(room)))
    return tuple(row)
