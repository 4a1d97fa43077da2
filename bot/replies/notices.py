"""What users are told without having asked."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from bot.domain.stars import Subject
from bot.replies.reply import Block, Button, Line, Reply, Row, text
from bot.replies.voice import Voice


def reminder(voice: Voice, subjects: Sequence[Subject], now: datetime) -> Reply:
    """Starred things that begin soon, in order of start; those of one moment in one message with the clash said."""
    blocks = []
    if len(subjects) > 1:
        blocks.append(voice.block("notice.clash", count=len(subjects)))
    blocks += [Block(_soon(voice, one, now)) for one in subjects]
    ids = ",".join(f"{one.kind[0]}{one.id}" for one in subjects)
    return Reply(tuple(blocks), tuple(_buttons(voice, one, ids) for one in subjects), ask=f"reminder {ids}")


def _soon(voice: Voice, one: Subject, now: datetime) -> tuple[Line, ...]:
    minutes = ceil((one.start - now).total_seconds() / 60)
    room = voice.room_of(one.slot)
    estimated = one.event is not None and one.event.estimated
    time = voice.word("time.about" if estimated else "time.at", time=voice.clock(one.start))
    if one.cancelled:
        lines = [voice.say("notice.cancelled", time=time)]
    elif minutes > 0:
        lines = [voice.say("notice.soon", minutes=minutes, time=time, room=room, sep=" · " if room else "")]
    else:
        lines = [voice.say("notice.begun", time=time, room=room, sep=" · " if room else "")]
    if one.event is None:
        return (*lines, voice.say("notice.title", title=voice.session(one.slot)))
    talk, slot = one.event.talk, one.slot
    lines.append(voice.say("notice.title", title=voice.title(talk)))
    lines.append(text(voice.people(talk.speakers)))
    if slot.is_session:
        lines.append(voice.say("talk.session", code=talk.code, session=voice.session(slot)))
    if slot.chairs:
        lines.append(voice.say("talk.chair", people=voice.people(slot.chairs)))
    return tuple(line for line in lines if line)


def _buttons(voice: Voice, one: Subject, ids: str) -> Row:
    room = voice.timetable.room(one.slot.room)
    code = one.event.talk.code if one.event else one.slot.code
    view = f"talk #{one.id}" if one.event else f"session #{one.id}"
    row = [Button(code or voice.word("button.details"), view)]
    if room is not None:
        row.append(voice.button("button.room", f"room #{room.id}", room=voice.brief_room(room)))
    row.append(voice.button("button.unstar", f"star {one.kind[0]}{one.id} 0 reminder {ids}", edits=True))
    return tuple(row)
