"""The personal day to keep: as a calendar file, and as a card pinned in the chat."""

from bot.commands.ask import Ask
from bot.commands.personal import file_name
from bot.replies import calendar as replies
from bot.replies.reply import Reply
from bot.services import calendars


async def ics(ask: Ask) -> Reply:
    """What the user starred, as a file for their calendar."""
    user = ask.somebody
    made = await calendars.give(ask.db, ask.voice, user, name=file_name(ask, ".ics"), now=ask.now)
    if made is None:
        return replies.nothing(ask.voice)
    file, entries = made
    return replies.given(ask.voice, file, entries, user.lead)
