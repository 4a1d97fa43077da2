"""Invitations: asked for, made, taken back, accepted."""

from bot.commands.ask import Ask, row_id
from bot.domain.problem import Problem
from bot.domain.timetable import Block
from bot.replies import desk, steps, team
from bot.replies.reply import Reply
from bot.services import invitations
from bot.services.invitations import Wanting

SAID = 40
"""Characters of what was not understood that are said again."""


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
        return desk.sentence(ask.voice, ask.voice.say(problem.key, **problem.params))
    return team.welcome(ask.voice, post.role, post.thing)


def _asked(ask: Ask, lack: Wanting) -> Reply:
    """The question for the role, or for the session or talk that it is of."""
    voice = ask.voice
    if lack.role is None and not lack.among:
        return team.invite(voice) if not lack.unknown else _unknown(ask, lack)
    if lack.unknown:
        return _unknown(ask, lack)
    role = lack.role or "speaker"
    asked, line = f"invite {role}", voice.say(f"invitation.which_{role}")
    if lack.among:
        return steps.things(voice, asked, lack.among[:8], line=voice.say("change.step.which"))
    if lack.inside is not None:
        return steps.talks(voice, asked, lack.inside, line=line, whole=False)
    blocks = [
        block for block in map(_chaired if role == "chair" else _spoken, ask.edition.timetable.blocks) if block.slots
    ]
    shown = next((one for one in blocks if one.start == lack.block), None) or steps.busy(ask.now, blocks)
    return steps.slots(voice, asked, blocks, shown, line=line, inside=role == "speaker")


def _unknown(ask: Ask, lack: Wanting) -> Reply:
    return desk.sentence(ask.voice, ask.voice.say("invitation.not_found", query=lack.unknown[:SAID]))


def _chaired(block: Block) -> Block:
    return Block(block.start, tuple(slot for slot in block.slots if slot.is_session or slot.chairs))


def _spoken(block: Block) -> Block:
    return Block(block.start, tuple(slot for slot in block.slots if slot.talks))
