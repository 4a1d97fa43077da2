"""A user's own day: what they starred, as /mine shows it and as the pinned card keeps it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from math import ceil

from bot.domain import personal_day
from bot.domain.personal_day import Entry, Gap
from bot.domain.programme import Slot
from bot.domain.stars import Subject, subjects
from bot.domain.timetable import Event
from bot.replies import standing, stars
from bot.replies.reply import Block, Button, Line, Reply, Row, fitted, rows
from bot.replies.voice import Voice

LAST_OVER = 4
"""Things that are over and still shown: what somebody may have just come from."""
SOON = 120
"""Minutes up to which it is said how many there are."""
NEXT_AT_MOST = 3
"""Of what begins together, so much is named before what everybody else is shown."""


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
        *fitted([_opener(voice, one, ahead) for one in ahead]),
        *stars.under(voice, ahead),
        *rows([_fill(voice, gap) for gap in personal_day.gaps(voice.timetable, today, at) if gap.talks], 1),
        *rows(others, 2),
        keep,
    )
    return Reply(tuple(blocks), buttons, ask=f"mine {which.isoformat()}")


def first(voice: Voice, at: datetime, *, running: bool = False) -> list[Block]:
    """The reader's own before everybody's: what of it is on, if `running`, and where they should be next, and when."""
    if not voice.stars:
        return []
    starred = [one for one in voice.stars.of(subjects(voice.timetable)) if not one.cancelled]
    on = [one for one in starred if one.start <= at < one.end]
    blocks = [entry(voice, Entry(one), at) for one in on] if running else []
    ahead = [one for one in starred if one.start > at]
    together = [one for one in ahead if one.start == ahead[0].start]
    rooms = {one.slot.room for one in on}
    here = rooms.pop() if len(rooms) == 1 else None
    for one in together[:NEXT_AT_MOST]:
        lines = [_next(voice, one, at, here=one.slot.room is not None and one.slot.room == here)]
        blocks.append(Block((*lines, voice.say("mine.what", what=_what(voice, one)))))
    if more := together[NEXT_AT_MOST:]:
        blocks.append(voice.block("mine.next_more", count=len(more)))
    return blocks


def entry(voice: Voice, one: Entry, at: datetime) -> Block:
    """When, where and what; and what stands in the way of it."""
    subject = one.subject
    room = voice.door_of(subject.slot)
    running = subject.start <= at
    key = "mine.cancelled" if subject.cancelled else "mine.now" if running else "mine.when"
    lines = [
        voice.say(key, times=voice.times_of(subject), room=room, sep=" · " if room else ""),
        voice.say("mine.what", what=_what(voice, subject)),
    ]
    if not subject.cancelled:
        lines += standing.lines(voice, subject.slot, subject.event, others=False)
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
    estimated = any(one.estimated for one in today if one.end > at)
    return [voice.block("time.legend")] if estimated else []


def _what(voice: Voice, one: Subject) -> str:
    if one.event is None:
        return voice.session(one.slot)
    return f"{one.event.talk.code} {voice.spoken(one.event.talk)}".strip()


def _next(voice: Voice, one: Subject, at: datetime, *, here: bool) -> Line:
    """The way from where somebody is to where they should be, in one line."""
    time = voice.start_of(one)
    days = (voice.timetable.day_of(one.start) - voice.timetable.day_of(at)).days
    if days:
        day = voice.word("day.tomorrow") if days == 1 else voice.day_of(one.start)
        return voice.say("mine.next_day", day=day, time=time, room=voice.door_of(one.slot))
    minutes = ceil((one.start - at).total_seconds() / 60)
    key = "mine.next_later" if minutes > SOON else "mine.next_here" if here else "mine.next"
    return voice.say(key, time=time, room=voice.door_of(one.slot), minutes=minutes)


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


def _fill(voice: Voice, gap: Gap) -> Button:
    """What there is to hear in a gap."""
    minutes = round((gap.end - gap.start).total_seconds() / 60)
    view = f"read talks t{gap.start.astimezone(UTC):%Y%m%d%H%M}+{minutes}"
    return voice.button("mine.fill", view, times=voice.times(gap.start, gap.end))


def _past(voice: Voice, one: Subject) -> Line:
    key = "mine.past_cancelled" if one.cancelled else "mine.past"
    return voice.say(key, times=voice.times_of(one), what=_what(voice, one))


def _opener(voice: Voice, thing: Event | Slot, among: Sequence[Event | Slot]) -> Button:
    view = f"talk #{thing.talk.id}" if isinstance(thing, Event) else f"session #{thing.id}"
    return Button(stars.name(voice, thing, among), view)
