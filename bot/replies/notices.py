"""What users are told without having asked."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from math import ceil

from bot.domain.stars import Stars, Subject
from bot.domain.told import Difference, Told
from bot.replies import standing
from bot.replies.reply import Block, Button, Line, Reply, Row, text
from bot.replies.voice import Voice

MOST_BUTTONS = 6


def reminder(voice: Voice, subjects: Sequence[Subject], now: datetime, marks: Stars | None = None) -> Reply:
    """Starred things that begin soon, in order of start; those of one moment in one message with the clash said.

    marks  the reader's stars, where they may have taken one away since.
    """
    blocks = []
    # One of them may have been moved or called off since they were said together.
    together = max(Counter(one.start for one in subjects if not one.cancelled).values(), default=0)
    if together > 1:
        blocks.append(voice.block("notice.clash", count=together))
    blocks += [Block(_soon(voice, one, now)) for one in subjects]
    ids = ",".join(f"{one.kind[0]}{one.id}" for one in subjects)
    return Reply(tuple(blocks), tuple(_buttons(voice, one, ids, marks) for one in subjects), ask=f"reminder {ids}")


def changed(voice: Voice, found: Sequence[Difference], *, outdated: bool = False) -> Reply:
    """What is different from what the reader was last told: old → new, the new bold.

    outdated  the calendar file that they got says something else by now.
    """
    blocks = [voice.block("notice.changed")]
    blocks += [Block((_named(voice, one), *_lines(voice, one))) for one in found]
    buttons = [_about(voice, one) for one in found[:MOST_BUTTONS]]
    update = [voice.button("button.calendar", "ics")] if outdated else []
    return Reply(tuple(blocks), (*buttons, (*update, voice.button("button.keep", "keep"))))


def _named(voice: Voice, one: Difference) -> Line:
    subject = one.subject
    return voice.say("notice.title", title=voice.named(subject.event or subject.slot))


def _lines(voice: Voice, one: Difference) -> list[Line]:
    """Each fact that differs, on a line of its own."""
    told, now = one.told, one.now
    if one.new:
        at = voice.say("notice.at", day=voice.day_of(now.start), times=voice.times_of(one.subject))
        return [voice.say("notice.added"), at, *([text(voice.people(now.speakers))] if now.speakers else [])]
    if now.cancelled and not told.cancelled:
        return [_called_off(voice, one)]
    lines = [voice.say("notice.restored")] if told.cancelled and not now.cancelled else []
    if (told.start, told.end) != (now.start, now.end):
        lines.append(voice.say("notice.time", old=_span(voice, told, now), new=_span(voice, now, told)))
    else:
        # Whoever reads of another room wants to know how long there is to get to it.
        lines.append(voice.say("notice.at", day=voice.day_of(now.start), times=voice.times_of(one.subject)))
    if told.room_id != now.room_id:
        lines.append(voice.say("notice.room", old=_door(voice, told.room_id), new=_door(voice, now.room_id)))
    if told.speakers != now.speakers:
        lines.append(voice.say("notice.speakers", old=voice.people_then(told.speakers), new=voice.people(now.speakers)))
    if told.title != now.title:
        lines.append(voice.say("notice.renamed", old=told.title))
    return lines


def _called_off(voice: Voice, one: Difference) -> Line:
    """Cancelled, and when it was to be: a talk without a time of its own was expected at its share of the session."""
    event, start = one.subject.event, one.told.start
    estimated = event is not None and event.talk.start is None and start == one.now.start
    if event is not None and estimated:
        start = event.planned
    time = voice.word("time.about" if estimated else "time.at", time=voice.clock(start))
    return voice.say("notice.called_off", day=voice.day_of(start), time=time)


def _span(voice: Voice, one: Told, other: Told) -> str:
    times = voice.times(one.start, one.end)
    same_day = voice.day_of(one.start) == voice.day_of(other.start)
    return times if same_day else f"{voice.day_of(one.start)} {times}"


def _door(voice: Voice, room_id: int | None) -> str:
    room = voice.timetable.room_by_id(room_id) if room_id is not None else None
    return voice.room(room) if room is not None else voice.word("notice.nowhere")


def _about(voice: Voice, one: Difference) -> Row:
    subject = one.subject
    view = f"talk #{subject.id}" if subject.event else f"session #{subject.id}"
    code = subject.event.talk.code if subject.event else subject.slot.code
    row = [Button(code or voice.word("button.details"), view)]
    if voice.stars.has(subject):
        row.append(voice.button("button.unstar", f"star {subject.kind[0]}{subject.id} 0", edits=True))
    row.append(voice.button("button.also", f"during #{subject.slot.id}"))
    return tuple(row)


def _soon(voice: Voice, one: Subject, now: datetime) -> tuple[Line, ...]:
    minutes = ceil((one.start - now).total_seconds() / 60)
    room = voice.room_of(one.slot)
    time = voice.start_of(one)
    if one.cancelled:
        lines = [voice.say("notice.cancelled", time=time)]
    elif minutes > 0:
        lines = [voice.say("notice.soon", minutes=minutes, time=time, room=room, sep=" · " if room else "")]
    else:
        lines = [voice.say("notice.begun", time=time, room=room, sep=" · " if room else "")]
    if not one.cancelled:
        lines += standing.lines(voice, one.slot, one.event)
    if one.event is None:
        return (*lines, voice.say("notice.title", title=voice.session(one.slot)))
    talk, slot = one.event.talk, one.slot
    lines.append(voice.say("notice.title", title=voice.title(talk)))
    lines.append(text(voice.people(talk.speakers)))
    if slot.is_session:
        sep = " · " if talk.code else ""
        lines.append(voice.say("talk.session", code=talk.code, sep=sep, session=voice.session(slot)))
    if slot.chairs:
        lines.append(voice.say("talk.chair", people=voice.people(slot.chairs)))
    return tuple(line for line in lines if line)


def _buttons(voice: Voice, one: Subject, ids: str, marks: Stars | None) -> Row:
    room = voice.timetable.room(one.slot.room)
    code = one.event.talk.code if one.event else one.slot.code
    view = f"talk #{one.id}" if one.event else f"session #{one.id}"
    row = [Button(code or voice.word("button.details"), view)]
    if room is not None:
        row.append(voice.button("button.room", f"room #{room.id}", room=voice.brief_room(room)))
    starred = marks is None or marks.has(one)
    key = "button.unstar" if starred else "button.star"
    row.append(voice.button(key, f"star {one.kind[0]}{one.id} {int(not starred)} reminder {ids}", edits=True))
    return tuple(row)
