"""The conference in numbers, for staff."""

from bot.commands.ask import Ask
from bot.replies import numbers as replies
from bot.replies.reply import Reply
from bot.services import numbers


async def stats(ask: Ask) -> Reply:
    """Who asked what, what is starred, and how late notices were."""
    return replies.stats(ask.voice, await numbers.see(ask.db, ask.edition.timetable))
