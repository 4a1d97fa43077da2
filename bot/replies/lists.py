"""What runs and what comes: /now, /next, /room, /day."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby

from bot.domain import moment as moments
from bot.domain.moment import Moment, Phase
from bot.domain.programme import Room, Slot
from bot.domain.timetable import Block as Together
from bot.domain.timetable import Event
from bot.domain.when import When
from bot.replies import mine, openers, standing
from bot.replies.reply import Block, Button, Line, Reply, fitted, rows
from bot.replies.stars import Thing
from bot.replies.voice import Voice

Pick = Callable[[Slot], Event | None]

IN_FULL = 2
"""Sessions of a stretch of time that are shown with their talks; of more there is a line each."""


def now(voice: Voice, moment: Moment, at: datetime) -> Reply:
    """What is on in every room; outside the programme's hours, what someone at the desk would say."""
    blocks = [voice.block("now.title", time=voice.clock(at), day=voice.day_of(at), zone=voice.zone())]
    blocks += mine.first(voice, at, running=True)
    blocks += _situation(voice, moment, at)
    blocks += _parallel(voice, moment.running, lambda slot: moments.current(voice.timetable, slot, at), running=True)
    if moment.next is not None:
        blocks.append(Block((_from_then(voice, moment.next, at),)))
    blocks += _legend(voice, moment.running)
    turn = (voice.button("button.next", "next"),) if moment.next or moment.running else ()
    return Reply(
        tuple(blocks), (*openers.under(voice, moment.running), (*turn, openers.whole_day(voice, at))), ask="now"
    )


def coming(voice: Voice, moment: Moment, at: datetime) -> Reply:
    """What comes next: the next talk in each room while sessions run, else the next block."""
    sessions = [slot for slot in moment.running if slot.is_session]
    following = [moments.coming(voice.timetable, slot, at) for slot in sessions]
    if any(following):
        blocks = [voice.block("next.talks", time=voice.clock(at), zone=voice.zone())]
        for slot, event in zip(sessions, following, strict=True):
            blocks.append(_place(voice, slot, event, missing="next.last_talk"))
        if moment.next is not None:
            blocks.append(Block((_from_then(voice, moment.next, at),)))
        shown: Sequence[Slot] = sessions
        starry: Sequence[Thing] | None = [event for event in following if event is not None]
    elif moment.next is None:
        blocks = [voice.block("next.last" if moment.phase is Phase.RUNNING else "next.over")]
        shown, starry = (), None
    else:
        blocks = _situation(voice, moment, at) if moment.phase is not Phase.BETWEEN else []
        if moment.phase is Phase.RUNNING and voice.timetable.day_of(moment.next.start) != voice.timetable.day_of(at):
            blocks.append(voice.block("next.today_last"))
        blocks.append(voice.block("next.title", day=voice.day_of(moment.next.start), zone=voice.zone()))
        shown = (*moment.next.slots, *(moment.then.slots if moment.then else ()))
        blocks += _parallel(voice, shown, _first(voice))
        starry = None
    blocks += _legend(voice, shown)
    turn = (voice.button("button.now", "now"), openers.whole_day(voice, moment.next.start if moment.next else at))
    return Reply((*mine.first(voice, at), *blocks), (*openers.under(voice, shown, starry), turn), ask="next")


def room(voice: Voice, where: Room, at: datetime) -> Reply:
    """What runs in a room now, what comes next, and the rest of that day there."""
    timetable = voice.timetable
    slots = moments.in_room(timetable, where, at)
    blocks = [voice.block("room.title", room=voice.room(where))]
    if not slots:
        blocks.append(voice.block("room.done" if timetable.in_room(where) else "room.nothing"))
        return Reply(tuple(blocks), ((voice.button("button.rooms", "room"),),), ask=f"room #{where.id}")
    if not any(slot.start <= at and not slot.called_off for slot in slots):
        blocks.append(voice.block("room.free"))
    days = [timetable.day_of(slot.start) for slot in slots]
    today = [slot for slot, day in zip(slots, days, strict=True) if day == days[0]]
    detailed = _in_detail(today, at)
    blocks += [_in_room(voice, slot, at) for slot in detailed]
    if later := today[len(detailed) :]:
        blocks.append(Block((voice.say("room.later"), *(_later(voice, slot) for slot in later))))
    blocks += _legend(voice, detailed)
    turn = (voice.button("button.rooms", "room"), openers.whole_day(voice, today[0].start))
    out = [row for slot in detailed for row in standing.ways_out(voice, slot)]
    return Reply(tuple(blocks), (*openers.under(voice, today), *out, turn), ask=f"room #{where.id}")


def day(voice: Voice, which: date) -> Reply:
    """The programme of a day: items with their talks, sessions with their rooms. `which` is a day of the conference."""
    timetable = voice.timetable
    blocks = [voice.block("day.title", day=voice.day(which), zone=voice.zone())]
    windows = [w for w in timetable.conference.check_in if timetable.day_of(w.start) == which]
    check_in = [voice.say("day.check_in", times=voice.times(window.start, window.end)) for window in windows]
    if check_in:
        blocks.append(Block(tuple(check_in)))
    for (start, end), together in _by_time(timetable.day(which)):
        sessions = [slot for slot in together if slot.is_session]
        blocks += [Block(_day_item(voice, slot)) for slot in together if not slot.is_session]
        if sessions:
            lines = [_day_session(voice, slot) for slot in sessions]
            blocks.append(Block((voice.say("day.block", times=voice.times(start, end)), *lines)))
    if len(blocks) == 1:
        blocks.append(voice.block("day.empty", day=voice.day(which)))
    others = [
        voice.button("button.day", f"day {other.isoformat()}", edits=True, day=voice.day(other))
        for other in timetable.days
        if other != which
    ]
    turn = (voice.button("button.now", "now"),)
    blocks += openers.too_many(voice, timetable.day(which))
    opened = openers.under(voice, timetable.day(which))
    return Reply(tuple(blocks), (*opened, *rows(others, 3), turn), ask=f"day {which.isoformat()}")


def during(voice: Voice, slot: Slot) -> Reply:
    """What is on while a slot is, besides it."""
    others = [one for one in voice.timetable.slots if one.start < slot.end and slot.start < one.end and one != slot]
    blocks = [voice.block("during.title", what=voice.session(slot), times=voice.slot_times(slot), zone=voice.zone())]
    blocks += _parallel(voice, others, _first(voice)) if others else [voice.block("during.nothing")]
    blocks += _legend(voice, others)
    return Reply(tuple(blocks), openers.under(voice, others), ask=f"during #{slot.id}")


def between(voice: Voice, slots: Sequence[Slot], when: When) -> Reply:
    """What goes on in a stretch of time: at a moment the talks that run, else sessions, with their talks if few."""
    sessions = [slot for slot in slots if slot.is_session]
    if not slots:
        blocks = [voice.block("understood.nothing_then")]
    elif when.is_moment:
        blocks = _parallel(voice, slots, lambda slot: moments.current(voice.timetable, slot, when.start))
    elif len(sessions) <= IN_FULL:
        blocks = [_in_full(voice, slot, when) for slot in slots]
    else:
        blocks = []
        for (start, end), together in _by_time(slots):
            blocks += [Block(_day_item(voice, slot)) for slot in together if not slot.is_session]
            lines = [_day_session(voice, slot) for slot in together if slot.is_session]
            if lines:
                blocks.append(Block((voice.say("day.block", times=voice.times(start, end)), *lines)))
    blocks += _legend(voice, slots if when.is_moment or len(sessions) <= IN_FULL else ())
    blocks += openers.too_many(voice, slots)
    return Reply(tuple(blocks), (*openers.under(voice, slots), (openers.whole_day(voice, when.start),)))


def side_by_side(voice: Voice, talks: Sequence[Event]) -> Reply:
    """Some talks, room by room as they come; sessions that run side by side under one line."""
    of_slot: dict[int, list[Event]] = defaultdict(list)
    for event in talks:
        of_slot[id(event.slot)].append(event)
    slots = [slot for slot in voice.timetable.slots if id(slot) in of_slot]
    blocks: list[Block] = []
    for (start, end), together in _by_time(slots):
        sessions = [slot for slot in together if slot.is_session]
        blocks += [_item(voice, slot, running=False) for slot in together if not slot.is_session]
        if sessions:
            blocks.append(voice.block("next.block", times=voice.times(start, end), count=len(sessions)))
        for slot in sessions:
            place = voice.say("now.place", room=voice.door_of(slot), session=voice.session(slot))
            blocks.append(Block((place, *(_talk(voice, event) for event in of_slot[id(slot)]))))
    blocks += [*_legend(voice, slots), *openers.too_many(voice, slots, talks)]
    return Reply(tuple(blocks), openers.under(voice, slots, talks))


def pick_room(voice: Voice, from_rooms: Sequence[Room], *lines: Line) -> Reply:
    """Rooms to choose from, under lines that say why."""
    buttons = [Button(voice.brief_room(one), f"room #{one.id}") for one in from_rooms]
    return Reply((Block(lines),), fitted(buttons), ask="room")


def no_such_room(voice: Voice, query: str, guesses: Sequence[Room]) -> Reply:
    """A room that the programme does not have, and those that may be meant; else all there are."""
    shown = guesses or voice.timetable.programme.rooms
    lines = voice.say("room.unknown", query=query), voice.say("room.did_you_mean" if guesses else "room.all")
    return replace(pick_room(voice, shown, *lines), nothing=True)


def pick_day(voice: Voice, key: str, query: str) -> Reply:
    """The days of the conference to choose from, when a day was not understood or is none of them."""
    buttons = [voice.button("button.day", f"day {day.isoformat()}", day=voice.day(day)) for day in voice.timetable.days]
    return Reply((voice.block(key, query=query),), rows(buttons, 3), ask="day")


def _situation(voice: Voice, moment: Moment, at: datetime) -> list[Block]:
    """What to say when nothing runs."""
    if moment.phase is Phase.RUNNING:
        return []
    if moment.next is None:
        return [voice.block("next.over")]
    lines, timetable = [], voice.timetable
    if moment.phase is Phase.BEFORE:
        start = moment.next.start
        lines.append(voice.say("next.not_begun", day=voice.day_of(start), time=voice.clock(start)))
    elif moment.phase is Phase.NIGHT and any(slot.start <= at for slot in timetable.day(timetable.day_of(at))):
        lines.append(voice.say("next.today_done"))
    else:
        lines.append(voice.say("now.none"))
    window = moment.check_in if moment.phase is not Phase.BETWEEN else None
    if window is not None and window.start <= at:
        lines.append(voice.say("next.check_in_open", end=voice.clock(window.end)))
    elif window is not None and moment.phase is Phase.BEFORE:
        times = voice.times(window.start, window.end)
        lines.append(voice.say("next.check_in_next", day=voice.day_of(window.start), times=times))
    return [Block(tuple(lines))]


def _from_then(voice: Voice, block: Together, at: datetime) -> Line:
    """One line: what starts when, after what is shown."""
    days = (voice.timetable.day_of(block.start) - voice.timetable.day_of(at)).days
    clock = voice.clock(block.start)
    when = {0: clock, 1: f"{voice.word('day.tomorrow')} {clock}"}.get(days, f"{voice.day_of(block.start)} {clock}")
    on = [slot for slot in block.slots if not slot.called_off]
    sessions = sum(slot.is_session for slot in on)
    items = [voice.what(slot) for slot in on if not slot.is_session]
    what = [voice.word("next.sessions", count=sessions)] if sessions else []
    return voice.say("next.resumes", when=when, what=voice.word("person.list_separator").join(items + what))


def _parallel(voice: Voice, slots: Iterable[Slot], pick: Pick, *, running: bool = False) -> list[Block]:
    """Slots in order of time: items one by one, the sessions of one time under a line that counts them."""
    blocks: list[Block] = []
    for (start, end), together in _by_time(slots):
        sessions = [slot for slot in together if slot.is_session]
        blocks += [_item(voice, slot, running=running) for slot in together if not slot.is_session]
        if sessions:
            count = sum(not slot.called_off for slot in sessions)
            key = "now.running" if running and count else "next.block" if count else "day.block"
            blocks.append(voice.block(key, times=voice.times(start, end), count=count))
            blocks += [_place(voice, slot, pick(slot)) for slot in sessions]
    return blocks


def _place(voice: Voice, slot: Slot, event: Event | None, missing: str = "") -> Block:
    """One room on two lines: what session it is, and the talk that runs or comes."""
    place = voice.say("now.place", room=voice.door_of(slot), session=voice.session(slot))
    if slot.called_off:
        return Block((voice.marked(slot, place),))
    # One star is enough: where the talk has it, the session needs none.
    lines = [place if event is not None and voice.stars.has(event) else voice.marked(slot, place)]
    if event is not None:
        lines.append(_talk(voice, event))
    elif missing:
        lines.append(voice.say(missing))
    return Block((*lines, *standing.lines(voice, slot)))


def _item(voice: Voice, slot: Slot, *, running: bool) -> Block:
    key = "now.item" if running and not slot.called_off else "next.item"
    lines = [voice.marked(slot, voice.say(key, times=voice.slot_times(slot), what=voice.what(slot)))]
    if slot.called_off:
        return Block(tuple(lines))
    if slot.note:
        lines.append(voice.say("now.note", note=slot.note.within(voice.lang)))
    if slot.panel:
        lines.append(voice.say("now.panelists", people=voice.people(slot.panel)))
    if slot.chairs:
        lines.append(voice.say("now.chair", people=voice.people(slot.chairs)))
    if slot.room:
        lines.append(voice.say("now.where", room=voice.room_of(slot)))
    return Block((*lines, *standing.lines(voice, slot)))


def _in_detail(today: Sequence[Slot], at: datetime) -> Sequence[Slot]:
    """What runs and what comes next, with what is cancelled before that."""
    on = [slot for slot in today if not slot.called_off]
    shown = on[: 2 if on and on[0].start <= at else 1]
    return today[: today.index(shown[-1]) + 1] if shown else today


def _later(voice: Voice, slot: Slot) -> Line:
    return voice.marked(slot, voice.say("room.later_slot", times=voice.slot_times(slot), what=voice.what(slot)))


def _in_room(voice: Voice, slot: Slot, at: datetime) -> Block:
    """A slot on a room's page, with those of its talks that are not over."""
    if slot.called_off:
        return Block((_later(voice, slot),))
    times, what = voice.slot_times(slot), voice.what(slot)
    if slot.start <= at:
        head = voice.say("room.now", times=times, what=what)
    elif voice.timetable.day_of(slot.start) == voice.timetable.day_of(at):
        head = voice.say("room.next", times=times, what=what)
    else:
        head = voice.say("room.next_day", day=voice.day_of(slot.start), times=times, what=what)
    lines = [head if slot.is_session and slot.talks else voice.marked(slot, head), *standing.lines(voice, slot)]
    if slot.chairs:
        lines.append(voice.say("now.chair", people=voice.people(slot.chairs)))
    if slot.panel:
        lines.append(voice.say("now.panelists", people=voice.people(slot.panel)))
    if slot.is_session:
        lines += [_talk(voice, event) for event in voice.timetable.events_of(slot) if event.end > at]
    return Block(tuple(lines))


def _in_full(voice: Voice, slot: Slot, when: When) -> Block:
    """A slot with those of its talks that go on then."""
    if not slot.is_session:
        return Block(_day_item(voice, slot))
    head = _head(voice, slot, voice.session(slot))
    placed = [] if slot.called_off else voice.timetable.events_of(slot)
    talks = [event for event in placed if when.meets(event.start, event.end)]
    stands = [] if slot.called_off else standing.lines(voice, slot, others=False)
    return Block((head if talks else voice.marked(slot, head), *stands, *(_talk(voice, event) for event in talks)))


def _talk(voice: Voice, event: Event) -> Line:
    return voice.marked(event, voice.say("now.talk", times=voice.event_times(event), what=voice.spoken(event.talk)))


def _day_item(voice: Voice, slot: Slot) -> tuple[Line, ...]:
    head = _head(voice, slot, voice.title(slot))
    if slot.called_off or not slot.talks:
        return (voice.marked(slot, head),)
    return (head, *(_of_item(voice, event) for event in voice.timetable.events_of(slot)))


def _head(voice: Voice, slot: Slot, title: str) -> Line:
    times, room = voice.slot_times(slot), voice.brief_room_of(slot)
    if not room:
        return voice.say("day.item", times=times, title=title)
    return voice.say("day.item_room", times=times, title=title, room=room)


def _of_item(voice: Voice, event: Event) -> Line:
    return voice.marked(event, voice.say("day.talk", what=voice.spoken(event.talk)))


def _day_session(voice: Voice, slot: Slot) -> Line:
    room = voice.brief_room_of(slot)
    line = voice.say("day.session", session=voice.session(slot), sep=" · " if room else "", room=room)
    return voice.marked(slot, line)


def _legend(voice: Voice, slots: Iterable[Slot]) -> list[Block]:
    """Says what ≈ means, where it stands."""
    estimated = any(event.estimated for slot in slots if slot.is_session for event in voice.timetable.events_of(slot))
    return [voice.block("time.legend")] if estimated else []


def _first(voice: Voice) -> Pick:
    return lambda slot: next(iter(voice.timetable.events_of(slot)), None)


def _by_time(slots: Iterable[Slot]) -> Iterable[tuple[tuple[datetime, datetime], list[Slot]]]:
    for times, together in groupby(slots, key=lambda slot: (slot.start, slot.end)):
        yield times, list(together)
