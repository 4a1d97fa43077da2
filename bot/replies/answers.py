"""Answers to sentences: how the sentence was understood, in one line, and what the programme has of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.nth import Nth
from bot.domain.programme import Slot, Window
from bot.domain.timetable import Event
from bot.domain.when import When
from bot.replies import cards, desk, lists, openers, stars
from bot.replies.reply import Block, Line, Reply, Row, paired, rows
from bot.replies.voice import Voice

Found = tuple[Event, str, str]
"""A talk, why it was found, and the word where that is another than was asked for."""


def understood(voice: Voice, reply: Reply, parts: Sequence[str]) -> Reply:
    """The same reply under a line that says how the question was understood: 8月9日 下午 · 友谊宫 7 号."""
    if not parts:
        return reply
    line = voice.say("understood.line", what=" · ".join(parts))
    return replace(reply, blocks=(Block((line,)), *reply.blocks))


def talks(voice: Voice, found: Sequence[Found], *, elsewhere: bool, more: bool) -> Reply:
    """Talks on a topic, best first, and why; `elsewhere`: none at the time or place asked for, but these."""
    if not found:
        turn: Row = (voice.button("button.whole_day", "day"), voice.button("button.help", "help"))
        return Reply((voice.block("understood.no_talk"),), (turn,))
    blocks = [voice.block("understood.elsewhere")] if elsewhere else []
    blocks += [desk.hit(voice, event, why, word) for event, why, word in found]
    if more:
        blocks.append(voice.block("search.more", count=len(found)))
    if any(event.estimated for event, *_ in found):
        blocks.append(voice.block("time.legend"))
    openers = paired([desk.opener(voice, event) for event, *_ in found])
    return Reply(tuple(blocks), (*openers, *stars.under(voice, [event for event, *_ in found])))


def counted_talks(voice: Voice, found: Sequence[Found], *, beside: bool) -> Reply:
    """The first, the last … of some talks, in order of start: one in full, those of rooms side by side by room."""
    events = [event for event, *_ in found]
    if len(events) == 1:
        return cards.talk(voice, events[0])
    if not beside:
        return talks(voice, found, elsewhere=False, more=False)
    reply = lists.side_by_side(voice, events)
    if len({id(event.slot) for event in events}) < len(events):
        return reply
    return replace(reply, rows=(*paired([desk.opener(voice, event) for event in events]), *stars.under(voice, events)))


def counted_slots(voice: Voice, slots: Sequence[Slot]) -> Reply:
    """The first, the last … of sessions or of all that takes place: a session alone in full."""
    if len(slots) == 1 and slots[0].is_session:
        return cards.session(voice, slots[0])
    return lists.between(voice, slots, When(slots[0].start, max(slot.end for slot in slots)))


def too_few(voice: Voice, nth: Nth, count: int, day: datetime, *, beside: bool) -> Reply:
    """There are not so many, but `count`; the button opens the whole day."""
    line = voice.say("nth.only_beside" if beside else f"nth.only_{nth.of}", count=count)
    return Reply((Block((line,)),), ((openers.whole_day(voice, day),),), nothing=True)


def items(
    voice: Voice, name: str, slots: Sequence[Slot], windows: Sequence[Window] = (), *, elsewhere: bool = False
) -> Reply:
    """Breaks, meals and other items, or the hours of check-in; `name` is the item's, as items.toml has it."""
    lines = [voice.say("understood.elsewhere")] if elsewhere else []
    lines += [_hours(voice, window) for window in windows]
    lines += [line for slot in slots for line in _item(voice, slot)]
    if not slots and not windows:
        lines = [voice.say("item.none", item=voice.word(f"item.{name.replace(' ', '-')}"))]
    days = {voice.timetable.day_of(slot.start) for slot in slots}
    openers = [voice.button("button.day", f"day {day.isoformat()}", day=voice.day(day)) for day in sorted(days)]
    info = (voice.button("button.info", "info"),)
    return Reply(
        (Block(tuple(lines)),), (*stars.under(voice, slots), *rows(openers, 3), info), nothing=not (slots or windows)
    )


def _hours(voice: Voice, window: Window) -> Line:
    return voice.say("info.check_in_line", day=voice.day_of(window.start), times=voice.times(window.start, window.end))


def _item(voice: Voice, slot: Slot) -> list[Line]:
    day, times, what = voice.day_of(slot.start), voice.slot_times(slot), voice.what(slot)
    if slot.note:
        lines = [voice.say("info.meal_note", day=day, times=times, what=what, note=slot.note.within(voice.lang))]
    else:
        lines = [voice.say("info.meal", day=day, times=times, what=what)]
    lines = [voice.marked(slot, line) for line in lines]
    if slot.panel:
        lines.append(voice.say("now.panelists", people=voice.people(slot.panel)))
    if slot.chairs:
        lines.append(voice.say("now.chair", people=voice.people(slot.chairs)))
    if slot.room:
        lines.append(voice.say("room.where", room=voice.room_of(slot)))
    return lines
