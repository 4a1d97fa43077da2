"""Changes of the programme by staff: asked for, shown, confirmed, taken back."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot.commands import importing, missing, previews
from bot.commands.ask import Ask
from bot.domain.edits import Plan
from bot.domain.problem import Problem
from bot.domain.user import User
from bot.replies import changing, desk
from bot.replies.changing import Made
from bot.replies.reply import Button, Line, Reply
from bot.replies.voice import Voice
from bot.services import changes, planning
from bot.services import importing as proposals
from bot.services.changes import IMPORT
from bot.services.planning import Missing
from bot.store import broadcasts, dialogues, users
from bot.store import changes as rows
from bot.store.changes import Change

Handler = Callable[[Ask], Awaitable[Reply]]

ASKED_FOR = timedelta(minutes=10)
"""How long a question waits for its answer."""
IN_LOG = 50
"""Changes that the log shows."""


def asker(kind: str) -> Handler:
    """The handler of one kind of change: a preview, or the next question."""

    async def handler(ask: Ask) -> Reply:
        return await _planned(ask, kind)

    return handler


async def preview(ask: Ask) -> Reply:
    """A draft as it would turn out now."""
    try:
        plan = await changes.asked(ask.db, _number(ask), by=_user(ask))
        if plan.kind == IMPORT:
            return await importing.drawn(ask, await proposals.decide(ask.db, int(plan.asked)))
        return previews.shown(ask, await changes.again(ask.db, _number(ask), by=_user(ask), now=ask.now))
    except Problem as problem:
        return _told(ask, problem)


async def confirm(ask: Ask) -> Reply:
    """`12`, or `12 now`: do it, once; whoever presses twice gets the same answer twice."""
    number, _, when = ask.args.partition(" ")
    one = replace(ask, args=number)
    quiet = timedelta() if when == "now" else changes.QUIET
    try:
        change = await changes.confirm(ask.db, _number(one), by=_user(ask), now=ask.now, quiet=quiet)
    except Problem as problem:
        if problem.key not in ("change.stale", "change.undone", "change.nothing"):
            return _told(ask, problem)
        return await _redrawn(one, problem)
    return changing.done(await _current(ask), _made(ask, change))


async def change(ask: Ask) -> Reply:
    """Another answer to the last question of a draft."""
    try:
        plan = await changes.asked(ask.db, _number(ask), by=_user(ask))
        await changes.drop(ask.db, _number(ask), by=_user(ask))
    except Problem as problem:
        return _told(ask, problem)
    words = plan.asked.split(" ")
    about = words[1] if len(words) > 1 and words[1].startswith("#") else ""
    return await _planned(replace(ask, args=about), plan.kind)


async def drop(ask: Ask) -> Reply:
    """A draft is forgotten."""
    try:
        dropped = await changes.drop(ask.db, _number(ask), by=_user(ask))
    except Problem as problem:
        return _told(ask, problem)
    return desk.sentence(ask.voice, ask.voice.say("change.dropped" if dropped else "change.gone"))


async def undo(ask: Ask) -> Reply:
    """The preview of taking a change back: that of the number, or else the latest of one's own, or anybody's."""
    user = _user(ask)
    found = await rows.undoable(ask.db.reader, user.id) if not ask.args else None
    if not ask.args and found is None:
        return desk.sentence(ask.voice, ask.voice.say("change.nothing-to-undo"))
    try:
        number = found.id if found is not None else _number(ask)
        plan = await changes.undoing(ask.db, number)
        seen = await changes.preview(ask.db, plan, by=user, now=ask.now)
    except Problem as problem:
        return _told(ask, Problem("change.undo-stale") if problem.key == "change.stale" else problem)
    undone = await rows.get(ask.db.reader, number)
    head: Line = ()
    if undone is not None and undone.user_id != user.id:
        who = ask.voice.word("change.log.machine") if undone.user_id is None else await _name(ask, undone.user_id)
        head = ask.voice.say("change.somebody-else", who=who)
    return previews.shown(ask, seen, head=head)


async def log(ask: Ask) -> Reply:
    """Who changed what and when."""
    found = await rows.latest(ask.db.reader, IN_LOG)
    made = []
    for one in found:
        who = None if one.user_id is None else await _name(ask, one.user_id)
        made.append(replace(_made(ask, one), who=who))
    return changing.log(await _current(ask), made)


async def cancel(ask: Ask) -> Reply:
    """Leave the dialogue at hand. The programme stays as it is."""
    if ask.user is None:
        return desk.sentence(ask.voice, ask.voice.say("change.cancel.nothing"))
    async with ask.db.transaction() as tx:
        asked = await dialogues.end(tx, ask.user.id)
        drafted = await rows.drop_drafts(tx, ask.user.id)
        written = await broadcasts.drop_open(tx, ask.user.id)
    return desk.sentence(
        ask.voice, ask.voice.say("change.cancel.left" if asked or drafted or written else "change.cancel.nothing")
    )


async def _planned(ask: Ask, kind: str, *, head: Line = ()) -> Reply:
    """The preview of what was asked for, or what is still to be said. Whatever was asked before is settled by this."""
    user = _user(ask)
    try:
        outcome = await planning.plan(ask.db, ask.edition, kind, ask.args, now=ask.now)
        async with ask.db.transaction() as tx:
            await dialogues.end(tx, user.id)
            if isinstance(outcome, Missing) and outcome.what in planning.TYPED:
                await dialogues.begin(tx, user.id, outcome.asked, until=ask.now + ASKED_FOR)
        if isinstance(outcome, Missing):
            return missing.asked(ask, outcome, await _new_room(ask, outcome))
        seen = await changes.preview(ask.db, outcome, by=user, now=ask.now)
    except Problem as problem:
        return _told(ask, problem)
    return previews.shown(ask, seen, head=head)


async def _redrawn(ask: Ask, problem: Problem) -> Reply:
    """A preview that has become stale, drawn anew from the words it came from, under a sentence that says so."""
    try:
        plan: Plan = await changes.asked(ask.db, _number(ask), by=_user(ask))
        await changes.drop(ask.db, _number(ask), by=_user(ask))
    except Problem as gone:
        return _told(ask, gone)
    kind, _, words = plan.asked.partition(" ")
    line = ask.voice.say(problem.key)
    if plan.kind == IMPORT:
        return await importing.drawn(ask, await proposals.decide(ask.db, int(plan.asked)), head=line)
    if plan.kind not in planning.READERS:
        return desk.sentence(ask.voice, line)
    return await _planned(replace(ask, args=words), kind, head=line)


async def _new_room(ask: Ask, lack: Missing) -> Button | None:
    """The button that adds a room nobody knows and moves there: its preview waits behind it."""
    if lack.what != "room" or not lack.unknown:
        return None
    asked = f"{lack.asked.partition(' ')[2]} +{lack.unknown}"
    plan = await planning.plan(ask.db, ask.edition, "move", asked, now=ask.now)
    if isinstance(plan, Missing):
        return None
    seen = await changes.preview(ask.db, plan, by=_user(ask), now=ask.now)
    name = next(str(setting.after["name"]) for setting in plan.edit if setting.thing == "room")
    return ask.voice.button("change.button.add_room", f"preview {seen.draft}", edits=True, room=name)


def _made(ask: Ask, change: Change) -> Made:
    mine = ask.user is not None and change.user_id == ask.user.id
    return Made(
        id=change.id,
        kind=change.kind,
        edit=change.edit,
        at=change.at,
        due=change.due,
        people=change.people,
        who=None if change.user_id is None else "" if mine else str(change.user_id),
        reason=change.reason,
        undone=change.undone is not None,
        undoes=change.undoes,
    )


async def _name(ask: Ask, user_id: int) -> str:
    """What a user is called; "" for the reader."""
    if ask.user is not None and ask.user.id == user_id:
        return ""
    user = (await users.by_ids(ask.db.reader, [user_id])).get(user_id)
    return (user and user.name) or ask.voice.word("change.log.user", number=user_id)


async def _current(ask: Ask) -> Voice:
    """Speaking of the programme as it is by now, after a change."""
    return replace(ask.voice, timetable=await changes.current(ask.db))


def _user(ask: Ask) -> User:
    if ask.user is None:  # nobody has rights
        raise Problem("change.gone")
    return ask.user


def _number(ask: Ask) -> int:
    number = ask.args.strip().removeprefix("#")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise Problem("change.gone")
    return int(number)


def _told(ask: Ask, problem: Problem) -> Reply:
    return desk.sentence(ask.voice, ask.voice.say(problem.key, **problem.params))
