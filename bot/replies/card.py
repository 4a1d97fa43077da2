"""The card of a user's day that is pinned in their chat: short, and true without anybody looking at the clock."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain import personal_day
from bot.domain.stars import Subject
from bot.replies import mine, openers
from bot.replies.reply import Reply, Row
from bot.replies.voice import Voice

AHEAD = 12
"""Things on a card that are to come: it is one message, whose pages can't be turned."""


def day(voice: Voice, starred: Sequence[Subject], at: datetime) -> Reply:
    """What is starred on the day that is on, or the next with something on it; what runs marked, what is over folded.

    starred  everything that is, in order of start.

    No minutes to go stand in it: they would be wrong a minute later.
    """
    which = personal_day.day_on(voice.timetable, starred, at)
    if which is None:
        return Reply((voice.block("card.nothing"),), _buttons(voice))
    today = personal_day.days(voice.timetable, starred)[which]
    ahead = personal_day.entries(today, at)
    blocks = [voice.block("card.title", day=voice.day(which), zone=voice.zone())]
    blocks += [mine.entry(voice, one, at) for one in ahead[:AHEAD]]
    if more := ahead[AHEAD:]:
        blocks.append(voice.block("card.more", count=len(more)))
    blocks += mine.over(voice, today, at)
    blocks += mine.legend(voice, today, at)
    return Reply(tuple(blocks), _buttons(voice))


def asked(voice: Voice) -> Reply:
    """The card is on its way."""
    return Reply((voice.block("card.coming"),))


def taken_down(voice: Voice) -> Reply:
    """The card is no longer kept true; said in its place, so that no old room stands there."""
    return Reply((voice.block("card.off"),))


def _buttons(voice: Voice) -> tuple[Row, ...]:
    return (openers.now_and_next(voice), (voice.button("button.take_down", "card off", edits=True),))
