"""The personal day: shown, as a calendar file, and as a card pinned in the chat."""

from dataclasses import replace

from bot.commands.ask import Ask
from bot.commands.personal import file_name
from bot.domain import stars
from bot.replies import calendar as replies
from bot.replies import card as cards
from bot.replies import mine as own_day
from bot.replies.reply import Reply
from bot.services import calendars, lookup, pinned


async def mine(ask: Ask) -> Reply:
    """What the user starred, a day at a time: the day that is on, or the one asked for."""
    starred = ask.stars.of(stars.subjects(ask.edition.timetable))
    which = lookup.day(ask.edition, ask.args, ask.now) if ask.args else None
    return own_day.day(ask.voice, starred, ask.now, which)


async def ics(ask: Ask) -> Reply:
    """What the user starred, as a file for their calendar."""
    user = ask.somebody
    made = await calendars.give(ask.db, ask.voice, user, name=file_name(ask, ".ics"), now=ask.now)
    if made is None:
        return replies.nothing(ask.voice)
    return replies.given(ask.voice, made.file, made.entries, user.lead, pinned=made.pinned)


async def card(ask: Ask) -> Reply:
    """What the user starred, as a card that stays pinned and true; `off` keeps it no longer.

    Where the bot can't write by itself there is nothing to keep: the card is shown once.
    """
    user = ask.somebody
    if ask.args.casefold() == "off":
        await pinned.take_down(ask.db, user)
        return cards.taken_down(ask.voice)
    if not user.reachable:
        shown = cards.day(ask.voice, ask.stars.of(stars.subjects(ask.edition.timetable)), ask.now)
        return replace(shown, rows=shown.rows[:1])
    await pinned.ask(ask.db, user, now=ask.now)
    return cards.asked(ask.voice)
