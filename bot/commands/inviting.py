"""Invitations: asked for, made, taken back, accepted."""

from bot.commands.ask import Ask, row_id
from bot.commands.missing import SAID, choose
from bot.domain.problem import Problem
from bot.domain.programme import Slot
from bot.replies import desk, team
from bot.replies.reply import Reply
from bot.services import invitations
from bot.services.invitations import Wanting


async def invite(ask: Ask) -> Reply:
    """A link for staff, the chair of a session, the speaker of a talk; or the next question."""
    post = invitations.meant(ask.edition, ask.args, now=ask.now)
    if isinstance(post, Wanting):
        return _asked(ask, post)
    payload, made = await invitations.make(ask.db, post, by=ask.somebody, now=ask.now)
    return team.invited(ask.voice, made.id, payload, post.role, post.thing, made.expires)


async def revoke(ask: Ask) -> Reply:
    """A link that works no more: `5`; `5 team` for a press in the list of links."""
    number, _, view = ask.args.partition(" ")
    if (invitation := row_id(number)) is not None:
        await invitations.revoke(ask.db, invitation)
    return team.revoked(ask.voice, then="team link" if view else "")


async def join(ask: Ask) -> Reply:
    """A link was opened."""
    owner = (await ask.rights()).owner
    try:
        post = await invitations.accept(ask.db, ask.args, ask.edition.timetable, ask.somebody, owner=owner, now=ask.now)
    except Problem as problem:
        return desk.refused(ask.voice, problem)
    return team.welcome(ask.voice, post.role, post.thing)


def _asked(ask: Ask, lack: Wanting) -> Reply:
    """The question for the role, or for the session or talk that it is of."""
    voice = ask.voice
    if lack.unknown:
        return desk.sentence(voice, voice.say("invitation.not_found", query=lack.unknown[:SAID]))
    if lack.role is None and not lack.among:
        return team.invite(voice)
    role = lack.role or "speaker"
    line = voice.say(f"invitation.which_{role}")
    fits = _is_chaired if role == "chair" else _is_spoken
    return choose(ask, f"invite {role}", lack, fits, line=line, whole=False, inside=role == "speaker")


def _is_chaired(slot: Slot) -> bool:
    return slot.is_session or bool(slot.chairs)


def _is_spoken(slot: Slot) -> bool:
    return bool(slot.talks)
