"""A programme file sent to the bot: what it would change, what it asks, and one press that does it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.commands import previews
from bot.commands.ask import Ask, row_id
from bot.domain.problem import Problem
from bot.domain.programme import Programme
from bot.replies import desk, edited, imports
from bot.replies.reply import Line, Reply
from bot.services import changes, importing
from bot.services.importing import Proposal

Read = Callable[[], Awaitable[Programme]]
"""Fetches a file and reads it. Raises Problem."""


async def sent(ask: Ask, file: str, read: Read) -> Reply | None:
    """A file that came; None for whom no file is read."""
    if ask.user is None or not (await ask.rights()).may("staff"):
        return None
    try:
        return await drawn(ask, await importing.propose(ask.db, file, await read(), by=ask.user))
    except Problem as problem:
        return imports.refused(ask.voice, problem)


async def answer(ask: Ask) -> Reply:
    """`5`: a file's proposal; `5 + talk 3 time`, `5 - talk 3 time`: its word in a question, or ours; `5 keep`."""
    if not ask.args:
        return desk.sentence(ask.voice, ask.voice.say("import.send"))
    first, _, rest = ask.args.partition(" ")
    number = row_id(first)
    if number is None:
        return desk.sentence(ask.voice, ask.voice.say("change.gone"))
    try:
        if rest == "keep":
            await importing.settle(ask.db, number)
            return desk.sentence(ask.voice, ask.voice.say("import.settled"))
        sign, _, name = rest.partition(" ")
        chosen = {"+": "take", "-": "keep"}.get(sign)
        return await drawn(ask, await importing.decide(ask.db, number, **({chosen: name} if chosen else {})))
    except Problem as problem:
        return desk.refused(ask.voice, problem)


async def drawn(ask: Ask, proposal: Proposal, *, head: Line = ()) -> Reply:
    """The proposal as a preview with its questions; or that there is nothing new."""
    if proposal.is_empty or ask.user is None:
        return desk.sentence(ask.voice, ask.voice.say("import.unchanged", file=proposal.file))
    voice = replace(ask.voice, timetable=await changes.current(ask.db))
    questions = [
        (one.name, one.why, edited.summary(voice, one.edit), one.name in proposal.taken) for one in proposal.questions
    ]
    if not proposal.plan.edit:
        return imports.only_questions(voice, proposal.id, proposal.file, questions, head=head)
    seen = await changes.preview(ask.db, proposal.plan, by=ask.user, now=ask.now)
    above, more = imports.asked(voice, proposal.id, questions)
    things = len({(setting.thing, setting.id) for setting in proposal.plan.edit})
    title = voice.say("import.proposal", file=proposal.file, count=things)
    return previews.shown(ask, seen, head=head or title, above=above, more=more)
