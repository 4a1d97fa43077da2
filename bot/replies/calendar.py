"""A user's day as a calendar file: how it is described in it, and what is said with it."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.calendar import Entry
from bot.domain.stars import Subject
from bot.domain.told import seen
from bot.replies.reply import Block, File, Reply
from bot.replies.voice import Voice


def entry(voice: Voice, subject: Subject, now: datetime) -> Entry:
    """A starred thing as a calendar shows it."""
    slot, event = subject.slot, subject.event
    lines = []
    if event is not None:
        lines.append(voice.people(event.talk.speakers))
        if slot.is_session:
            lines.append(voice.word("calendar.session", session=voice.session(slot)))
    if slot.chairs:
        lines.append(voice.word("talk.chair", people=voice.people(slot.chairs)))
    if slot.panel:
        lines.append(voice.word("now.panelists", people=voice.people(slot.panel)))
    if event is not None and event.estimated:
        lines.append(voice.word("calendar.estimated"))
    venue = voice.timetable.conference.venue.within(voice.lang)
    return Entry(
        facts=seen(voice.timetable, subject),
        start=subject.start,
        end=subject.end,
        summary=voice.named(event or slot),
        location=", ".join(part for part in (voice.room_of(slot), venue) if part),
        description="\n".join(line for line in lines if line),
        modified=now,
    )


def name(voice: Voice) -> str:
    """What calendar programs call it."""
    return voice.word("calendar.name", key=voice.timetable.conference.key)


def given(voice: Voice, file: File, entries: Sequence[Entry], lead: int, *, pinned: bool) -> Reply:
    """The file, and what it is good for.

    lead    minutes before the start at which each event rings.
    pinned  the day is pinned already; else that is offered, for the card follows changes by itself.
    """
    on = sum(not one.is_off for one in entries)
    lines = [voice.say("calendar.here", count=on, lead=lead)] if on else []
    if off := len(entries) - on:
        lines.append(voice.say("calendar.off", count=off))
    blocks = (Block(tuple(lines)), voice.block("calendar.again"))
    pin = [] if pinned else [voice.button("button.pin_day", "card")]
    return Reply(blocks, ((*pin, voice.button("button.settings", "settings")),), file=file)


def nothing(voice: Voice) -> Reply:
    """Nothing is starred, and nothing ever was in a file."""
    turn = (voice.button("button.next", "next"), voice.button("button.whole_day", "day"))
    return Reply((voice.block("calendar.nothing"),), (turn,))
