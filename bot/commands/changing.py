"""Changes of the programme by staff: asked for, shown, confirmed, taken back."""

from dataclasses import replace
from datetime import timedelta

from bot.commands import importing, missing, previews
from bot.commands.ask import Ask, Handler, row_id
from bot.domain.edits import Plan
from bot.domain.problem import Problem
from bot.domain.user import User
from bot.replies import changing, desk
from bot.replies.changing import Made
from bot.replies.reply import Button, Line, Reply
from bot.replies.voice import Voice
from bot.services import changes, concerned, dialogues, history, planning
from bot.services import importing as proposals
from bot.services.changes import IMPORT
from bot.services.history import Recorded
from bot.services.planning import Missing


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
        return changing.refused(ask.voice, problem)


async def confirm(ask: Ask) -> Reply:
    """`12`, or `12 now`: do it, once; whoever presses twice gets the same answer twice."""
    number, _, when = ask.args.partition(" ")
    one = replace(ask, args=number)
    quiet = timedelta() if when == "now" else concerned.QUIET
    try:
        change = await changes.confirm(ask.db, _number(one), by=_user(ask), now=ask.now, quiet=quiet)
    except Problem as problem:
        if problem.key not in ("change.stale", "change.undone", "change.nothing"):
            return changing.refused(ask.voice, problem)
        return await _redrawn(one, problem)
    return changing.done(await _current(ask), _made(ask, Recorded(change)))


async def change(ask: Ask) -> Reply:
    """Another answer to the last question of a draft."""
    try:
        plan = await changes.asked(ask.db, _number(ask), by=_user(ask))
        await changes.drop(ask.db, _number(ask), by=_user(ask))
    except Problem as problem:
        return changing.refused(ask.voice, problem)
    words = plan.asked.split(" ")
    about = words[1] if len(words) > 1 and words[1].startswith("#") else ""
    return await _planned(replace(ask, args=about), plan.kind)


async def drop(ask: Ask) -> Reply:
    """A draft is forgotten."""
    try:
        dropped = await changes.drop(ask.db, _number(ask), by=_user(ask))
    except Problem as problem:
        return changing.refused(ask.voice, problem)
    return desk.sentence(ask.voice, ask.voice.say("change.dropped" if dropped else "change.gone"))


async def undo(ask: Ask) -> Reply:
    """The preview of taking a change back: that of the number, or else the latest of one's own, or anybody's."""
    try:
        number = _number(ask) if ask.args else None
        seen, undone = await history.undo(ask.db, number, by=_user(ask), now=ask.now)
    except Problem as problem:
        return changing.refused(ask.voice, problem)
    who = _who(ask, undone)
    head: Line = ()
    if who != "":
        head = ask.voice.say("change.somebody-else", who=who or ask.voice.word("change.log.machine"))
    return previews.shown(ask, seen, head=head)


async def log(ask: Ask) -> Reply:
    """Who changed what and when."""
    return changing.log(await _current(ask), [_made(ask, one) for one in await history.latest(ask.db)])


async def cancel(ask: Ask) -> Reply:
    """Leave the dialogue at hand. The programme stays as it is."""
    left = ask.user is not None and await dialogues.leave(ask.db, ask.user)
    return desk.sentence(ask.voice, ask.voice.say("change.cancel.left" if left else "change.cancel.nothing"))


async def _planned(ask: Ask, kind: str, *, head: Line = ()) -> Reply:
    """The preview of what was asked for, or what is still to be said. Whatever was asked before is settled by this."""
    user = _user(ask)
    try:
        outcome = await planning.plan(ask.db, ask.edition, kind, ask.args, now=ask.now)
        # In a group people talk to each other: there, what can be pressed is pressed.
        waits = isinstance(outcome, Missing) and (outcome.what in planning.TYPED or not ask.group)
        await dialogues.turn_to(ask.db, user, outcome.asked if waits else None, now=ask.now)
        if isinstance(outcome, Missing):
            return missing.asked(ask, outcome, await _new_room(ask, outcome))
        seen = await changes.preview(ask.db, outcome, by=user, now=ask.now)
    except Problem as problem:
        return changing.refused(ask.voice, problem)
    return previews.shown(ask, seen, head=head)


async def _redrawn(ask: Ask, problem: Problem) -> Reply:
    """A preview that has become stale, drawn anew from the words it came from, under a sentence that says so."""
    try:
        plan: Plan = await changes.asked(ask.db, _number(ask), by=_user(ask))
        await changes.drop(ask.db, _number(ask), by=_user(ask))
    except Problem as gone:
        return changing.refused(ask.voice, gone)
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


def _made(ask: Ask, one: Recorded) -> Made:
    change = one.change
    return Made(
        id=change.id,
        kind=change.kind,
        edit=change.edit,
        at=change.at,
        due=change.due,
        people=change.people,
        who=_who(ask, one),
        reason=change.reason,
        undone=change.undone is not None,
        undoes=change.undoes,
    )


def _who(ask: Ask, one: Recorded) -> str | None:
    """What whoever made a change is called; "" for the reader, None for the machine."""
    author = one.change.user_id
    if author is None:
        return None
    if ask.user is not None and ask.user.id == author:
        return ""
    return one.name or ask.voice.word("change.log.user", number=author)


async def _current(ask: Ask) -> Voice:
    """Speaking of the programme as it is by now, after a change."""
    return replace(ask.voice, timetable=await changes.current(ask.db))


def _user(ask: Ask) -> User:
    if ask.user is None:  # nobody has rights
        raise Problem("change.gone")
    return ask.user


def _number(ask: Ask) -> int:
    number = row_id(ask.args)
    if number is None:
        raise Problem("change.gone")
    return number
