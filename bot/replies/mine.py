"""A user's own day: what they starred, as /mine shows it and as the pinned card keeps it."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain import personal_day
from bot.domain.personal_day import Entry, Gap
from bot.domain.programme import Slot
from bot.domain.stars import Subject
from bot.domain.timetable import Event
from bot.replies import stars
from bot.replies.reply import Block, Button, Line, Reply, Row, rows
from bot.replies.voice import Voice

LAST_OVER = 4
"""Things that are over and still shown: what somebody may have just come from."""
OPENERS_A_ROW = 4


def day(voice: Voice, starred: Sequence[Subject], at: datetime, which: date | None = None) -> Reply:
    """The stars of a day: what runs on top, then what comes, with clashes, changes of room and gaps; what is over last.

    starred  everything that is, in order of start.
    which    None for the day that is on, or else the next with something on it.
    """
    by_day = personal_day.days(voice.timetable, starred)
    which = which or personal_day.day_on(voice.timetable, starred, at)
    if which is None:
        turn: Row = (voice.button("button.next", "next"), voice.button("button.whole_day", "day"))
        how = Block((voice.say("mine.how"), voice.say("mine.what_then")))
        return Reply((voice.block("mine.nothing"), how), (turn,), ask="mine")
    today = by_day.get(which, [])
    blocks = [voice.block("mine.title", day=voice.day(which), zone=voice.zone())]
    blocks += _ahead(voice, today, at)
    if not today:
        blocks.append(voice.block("mine.nothing_then"))
    blocks += over(voice, today, at, most=len(today))
    blocks += legend(voice, today, at)
    others = [
        voice.button("mine.other_day", f"mine {other.isoformat()}", edits=True, day=voice.day(other), count=len(there))
        for other, there in by_day.items()
        if other != which
    ]
    keep: Row = (voice.button("button.pin", "card"), voice.button("button.calendar_file", "ics"))
    ahead = [one.event or one.slot for one in today if one.end > at]
    buttons = (
        *rows([_opener(voice, one, ahead) for one in ahead], OPENERS_A_ROW),
        *stars.under(voice, ahead),
        *rows(others, 2),
        keep,
    )
    return Reply(tuple(blocks), buttons, ask=f"mine {which.isoformat()}")


def entry(voice: Voice, one: Entry, at: datetime) -> Block:
    """When, where and what; and what stands in the way of it."""
    subject = one.subject
    room = voice.door_of(subject.slot)
    running = subject.start <= at
    key = "mine.cancelled" if subject.cancelled else "mine.now" if running else "mine.when"
    lines = [
        voice.say(key, times=times(voice, subject), room=room, sep=" · " if room else ""),
        voice.say("mine.what", what=what(voice, subject)),
    ]
    if one.clashes:
        others = [voice.called(other.event or other.slot) for other in one.clashes]
        lines.append(voice.say("mine.clash", others=voice.word("person.list_separator").join(others)))
    if one.hurry is not None:
        key = "mine.hurry" if one.hurry.minutes else "mine.at_once"
        lines.append(voice.say(key, room=voice.brief_room_of(one.hurry.after), minutes=one.hurry.minutes))
    return Block(tuple(lines))


def over(voice: Voice, today: Sequence[Subject], at: datetime, *, most: int = LAST_OVER) -> list[Block]:
    """The last of what is over, folded."""
    past = [one for one in today if one.end <= at][-most:]
    lines = [_past(voice, one) for one in past]
    return [Block((voice.say("mine.over"), *lines), quote=True)] if lines else []


def legend(voice: Voice, today: Sequence[Subject], at: datetime) -> list[Block]:
    """Says what ≈ means, where it stands."""
    estimated = any(one.event is not None and one.event.estimated for one in today if one.end > at)
    return [voice.block("time.legend")] if estimated else []


def what(voice: Voice, one: Subject) -> str:
    if one.event is None:
        return voice.session(one.slot)
    talk = one.event.talk
    title = voice.word("now.title_of", speakers=voice.people(talk.speakers), title=voice.title(talk))
    return f"{talk.code} {title if talk.speakers else voice.title(talk)}".strip()


def times(voice: Voice, one: Subject) -> str:
    return voice.event_times(one.event) if one.event else voice.slot_times(one.slot)


def _ahead(voice: Voice, today: Sequence[Subject], at: datetime) -> list[Block]:
    """What is not over, each gap before what ends it."""
    gaps = {gap.end: gap for gap in personal_day.gaps(voice.timetable, today, at)}
    blocks: list[Block] = []
    for one in personal_day.entries(today, at):
        gap = gaps.pop(one.subject.start, None) if not one.subject.cancelled else None
        if gap is not None:
            blocks.append(Block((_gap(voice, gap),)))
        blocks.append(entry(voice, one, at))
    return blocks


def _gap(voice: Voice, gap: Gap) -> Line:
    items = voice.word("person.list_separator").join(voice.title(slot) for slot in gap.items)
    return voice.say("mine.gap", times=voice.times(gap.start, gap.end), items=items, sep=" · " if items else "")


def _past(voice: Voice, one: Subject) -> Line:
    key = "mine.past_cancelled" if one.cancelled else "mine.past"
    return voice.say(key, times=times(voice, one), what=what(voice, one))


def _opener(voice: Voice, thing: Event | Slot, among: Sequence[Event | Slot]) -> Button:
    view = f"talk #{thing.talk.id}" if isinstance(thing, Event) else f"session #{thing.id}"
    return Button(stars.name(voice, thing, among), view)
