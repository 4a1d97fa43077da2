"""The staff's panel, and who works on the conference."""

import re

from bot.commands.ask import Ask
from bot.replies import desk
from bot.replies import team as replies
from bot.replies.reply import Reply
from bot.services import claims, overview
from bot.services import team as people

_LIST = re.compile(r"(staff|chair|speaker|link|claim)(?: (\d{1,3}))?$")
_ROLE = re.compile(r"(\d{1,15}) (staff|chair|speaker|person) (\d{1,15}) ([01])$")
_MEMBER = re.compile(r"#(\d{1,15})$")


async def panel(ask: Ask) -> Reply:
    """What staff do, as buttons, and what waits for them."""
    seen = await overview.see(ask.db, now=ask.now)
    waiting = await claims.waiting(ask.db)
    return replies.panel(ask.voice, stuck=len(seen.stuck), claims=len(waiting), now=ask.now)


async def team(ask: Ask) -> Reply:
    """Who is what: `staff`, `chair 2` a list and its page, `link` the links nobody has used yet, `#12` somebody."""
    if match := _MEMBER.match(ask.args):
        return await _member(ask, int(match[1]))
    match = _LIST.match(ask.args)
    roster = await people.roster(ask.db, ask.owners, now=ask.now)
    return replies.roster(ask.voice, roster, match[1] if match else "", int(match[2] or 1) if match else 1)


async def role(ask: Ask) -> Reply:
    """`12 chair 7 0`: a role that somebody has, or has no longer; `12 person 9 0`: whom they are linked to."""
    match = _ROLE.match(ask.args)
    if match is None:
        return desk.gone(ask.voice)
    user_id, subject_id, held = int(match[1]), int(match[3]), match[4] == "1"
    one = people.holding(user_id, match[2], subject_id)
    if one is not None:
        await people.set_role(ask.db, one, held=held, by=ask.somebody, now=ask.now)
    elif held:
        await claims.link(ask.db, ask.edition.timetable, user_id, subject_id, by=ask.somebody, now=ask.now)
    else:
        await claims.end(ask.db, ask.edition.timetable, user_id, subject_id, by=ask.somebody, now=ask.now)
    member = await people.member(ask.db, user_id, ask.owners)
    if member is None:
        return desk.gone(ask.voice)
    return replies.member(ask.voice, member, back=None if held else one or subject_id)


async def _member(ask: Ask, user_id: int) -> Reply:
    member = await people.member(ask.db, user_id, ask.owners)
    return replies.member(ask.voice, member) if member else desk.gone(ask.voice)
