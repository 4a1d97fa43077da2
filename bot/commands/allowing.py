"""In which groups staff may work: said by an owner, in the group."""

from bot.commands.ask import Ask
from bot.replies import allowing as replies
from bot.replies import desk
from bot.replies.reply import Reply
from bot.services import rights


async def allow(ask: Ask) -> Reply:
    """What staff do is done in this group from now on; `off`, and no more."""
    if not ask.group:
        return desk.sentence(ask.voice, ask.voice.say("group.where"))
    allowed = ask.args.casefold() not in ("off", "no", "0", "关", "取消", "不")
    await rights.set_group(ask.db, ask.group, allowed=allowed, by=ask.somebody, now=ask.now)
    return replies.allowed(ask.voice) if allowed else replies.forbidden(ask.voice)
