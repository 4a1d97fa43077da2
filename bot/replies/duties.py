"""What speakers and chairs are told before it is their turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from bot.domain.programme import Slot
from bot.domain.stars import Subject
from bot.domain.timetable import Event
from bot.replies import standing
from bot.replies.reply import Block, Button, Line, Reply, Row
from bot.replies.voice import Voice


@dataclass(frozen=True)
class Duty:
    """A talk to give or a session to chair, and what runs before it: a talk of its session, or a slot of the room."""

    subject: Subject
    talk: Event | None = None
    slot: Slot | None = None


def duties(voice: Voice, found: Sequence[Duty], now: datetime) -> Reply:
    """The duties that begin at one moment."""
    blocks = [Block(tuple(_lines(voice, one, now))) for one in found]
    return Reply(tuple(blocks), tuple(_buttons(voice, one.subject) for one in found))


def _lines(voice: Voice, one: Duty, now: datetime) -> list[Line]:
    subject, slot, event = one.subject, one.subject.slot, one.subject.event
    lines = [_head(voice, subject, now)]
    if not subject.cancelled:
        lines += standing.lines(voice, slot, event)
    lines.append(voice.say("notice.title", title=voice.named(event or slot)))
    if subject.cancelled:
        return lines
    lines.append(_before(voice, one))
    if event is None:
        return [*lines, *(_spoken(voice, each) for each in voice.timetable.events_of(slot))]
    if slot.is_session:
        lines.append(voice.say("duty.session", session=voice.session(slot), times=voice.slot_times(slot)))
    if slot.chairs:
        lines.append(voice.say("talk.chair", people=voice.people(slot.chairs)))
    return lines


def _head(voice: Voice, subject: Subject, now: datetime) -> Line:
    """Whose turn it is when and where; it may have begun or been called off since that was said first."""
    time = voice.start_of(subject)
    if subject.cancelled:
        return voice.say("notice.cancelled", time=time)
    role = "speaker" if subject.event is not None else "chair"
    room = voice.room_of(subject.slot)
    place = {"time": time, "room": room, "sep": " · " if room else ""}
    minutes = ceil((subject.start - now).total_seconds() / 60)
    return voice.say(f"duty.{role}", minutes=minutes, **place) if minutes > 0 else voice.say(f"duty.{role}_on", **place)


def _before(voice: Voice, one: Duty) -> Line:
    if one.talk is not None:
        return voice.say("duty.before", times=voice.event_times(one.talk), what=_what(voice, one.talk))
    if one.slot is not None:
        return voice.say("duty.before", times=voice.slot_times(one.slot), what=voice.what(one.slot))
    return voice.say("duty.first")


def _spoken(voice: Voice, event: Event) -> Line:
    key = "duty.called_off" if event.talk.cancelled else "duty.line"
    return voice.say(key, times=voice.event_times(event), what=_what(voice, event))


def _what(voice: Voice, event: Event) -> str:
    people = voice.people(event.talk.speakers)
    return voice.word("duty.talk", code=event.talk.code, speakers=people).strip() or voice.title(event.talk)


def _buttons(voice: Voice, subject: Subject) -> Row:
    slot, event = subject.slot, subject.event
    code = event.talk.code if event is not None else slot.code
    view = f"talk #{subject.id}" if event is not None else f"session #{subject.id}"
    row = [Button(code or voice.word("button.details"), view)]
    room = voice.timetable.room(slot.room)
    if room is not None:
        row.append(voice.button("button.room", f"room #{room.id}", room=voice.brief_room(room)))
    return tuple(row)
