"""The card of a user's day that is pinned in their chat: short, and true without anybody looking at the clock."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.stars import Subject
from bot.replies.reply import Block, Line, Reply, Row
from bot.replies.voice import Voice

AHEAD, OVER = 12, 4
"""Things on a card that are to come, and that were last over: it is one message, whose pages can't be turned."""


def day(voice: Voice, starred: Sequence[Subject], at: datetime) -> Reply:
    """What is starred on the day that is on, or the next with something on it; what runs marked, what is over folded.

    starred  everything that is, in order of start.

    No minutes to go stand in it: they would be wrong a minute later.
    """
    which = _day(voice, starred, at)
    if which is None:
        return Reply((voice.block("card.nothing"),), _buttons(voice))
    today = [one for one in starred if _date(voice, one.start) == which]
    over = [one for one in today if one.end <= at]
    ahead = [one for one in today if one.end > at]
    blocks = [voice.block("card.title", day=voice.day(which), zone=voice.zone())]
    blocks += [Block(_lines(voice, one, at)) for one in ahead[:AHEAD]]
    if more := ahead[AHEAD:]:
        blocks.append(voice.block("card.more", count=len(more)))
    if over:
        blocks.append(Block((voice.say("card.over"), *(_short(voice, one) for one in over[-OVER:])), quote=True))
    if any(one.event is not None and one.event.estimated for one in ahead):
        blocks.append(voice.block("time.legend"))
    return Reply(tuple(blocks), _buttons(voice))


def asked(voice: Voice) -> Reply:
    """The card is on its way."""
    return Reply((voice.block("card.coming"),))


def taken_down(voice: Voice) -> Reply:
    """The card is no longer kept true; said in its place, so that no old room stands there."""
    return Reply((voice.block("card.off"),))


def _day(voice: Voice, starred: Sequence[Subject], at: datetime) -> date | None:
    """The first day with something that is not over, else the last with anything."""
    ahead = [one for one in starred if one.end > at]
    found = ahead[0] if ahead else (starred[-1] if starred else None)
    return _date(voice, found.start) if found else None


def _lines(voice: Voice, one: Subject, at: datetime) -> tuple[Line, ...]:
    room = voice.door_of(one.slot)
    key = "card.now" if one.start <= at and not one.cancelled else "card.cancelled" if one.cancelled else "card.when"
    return (
        voice.say(key, times=_times(voice, one), room=room, sep=" · " if room else ""),
        voice.say("card.what", what=_what(voice, one)),
    )


def _short(voice: Voice, one: Subject) -> Line:
    return voice.say("card.past", times=_times(voice, one), what=_what(voice, one))


def _what(voice: Voice, one: Subject) -> str:
    if one.event is None:
        return voice.session(one.slot)
    talk = one.event.talk
    title = voice.word("now.title_of", speakers=voice.people(talk.speakers), title=voice.title(talk))
    return f"{talk.code} {title}".strip()


def _times(voice: Voice, one: Subject) -> str:
    return voice.event_times(one.event) if one.event else voice.slot_times(one.slot)


def _date(voice: Voice, moment: datetime) -> date:
    return voice.timetable.local(moment).date()


def _buttons(voice: Voice) -> tuple[Row, ...]:
    turn: Row = (voice.button("button.now", "now"), voice.button("button.next", "next"))
    return (turn, (voice.button("button.take_down", "card off", edits=True),))
