"""The outbox, for staff: what is stuck and why, and sending it again."""

from bot.commands.ask import Ask, row_id
from bot.replies import outbox
from bot.replies.reply import Reply
from bot.services import overview


async def seen(ask: Ask) -> Reply:
    """How many notices are in each state, and those that are stuck."""
    return outbox.overview(ask.voice, await overview.see(ask.db, now=ask.now), ask.now)


async def resend(ask: Ask) -> Reply:
    """A stuck notice sent again, by its number, or `all` of them."""
    which = row_id(ask.args)
    known = which is not None or ask.args == "all"
    return outbox.resent(ask.voice, await overview.resend(ask.db, which, now=ask.now) if known else 0)
