"""Being somebody of the programme: said by users, decided by staff, ended by either."""

import re

from bot.commands.ask import QUERY_LIMIT, Ask
from bot.domain.problem import Problem
from bot.domain.programme import Person
from bot.replies import claims as replies
from bot.replies import desk, steps
from bot.replies import team as roles
from bot.replies.reply import Reply
from bot.services import claims, dialogues, lookup, team

_SAID = re.compile(r"(#\d{1,15}) yes$")
_VERIFY = re.compile(r"(\d{1,15})(?: ([01]))?$")
_RESIGN = re.compile(r"(staff|chair|speaker|person) (\d{1,15})( yes)?$")


async def iam(ask: Ask) -> Reply:
    """`董彬`, `#12`: is it them? `#12 yes`: staff are asked. Without words: what one is."""
    if not ask.args:
        return await _yourself(ask)
    said = _SAID.match(ask.args)
    choice = lookup.person(ask.edition, said[1] if said else ask.args)
    person = choice.one
    if person is None and choice.candidates:
        return replies.choose(ask.voice, choice.candidates)
    if person is None and ask.args.startswith("#"):
        return desk.gone(ask.voice)
    if person is None:
        return desk.sentence(ask.voice, ask.voice.say("claim.nobody", query=ask.args[:QUERY_LIMIT]))
    await dialogues.turn_to(ask.db, ask.somebody, None, now=ask.now)
    does = ask.edition.timetable.roles(person)
    if not does.events and not does.chairs:
        return desk.sentence(ask.voice, ask.voice.say("claim.no_part", name=ask.voice.person(person)))
    return await _claim(ask, person) if said else replies.ask(ask.voice, person)


async def verify(ask: Ask) -> Reply:
    """`5`: a claim; `5 1`, `5 0`: the word of staff. Whoever comes second sees what was decided."""
    match = _VERIFY.match(ask.args)
    if match is None:
        return desk.gone(ask.voice)
    number = int(match[1])
    if match[2] is not None:
        await claims.decide(
            ask.db,
            ask.edition.timetable,
            number,
            confirmed=match[2] == "1",
            by=ask.somebody,
            message=None if ask.group else ask.message,
            now=ask.now,
        )
    found = await claims.see(ask.db, number)
    return replies.claim(ask.voice, *found) if found is not None else desk.gone(ask.voice)


async def resign(ask: Ask) -> Reply:
    """`chair 7`, `person 12`: asks; with `yes`, one is that no longer."""
    match = _RESIGN.match(ask.args)
    if match is None:
        return desk.gone(ask.voice)
    what, number, user = match[1], int(match[2]), ask.somebody
    one = team.holding(user.id, what, number)
    if not match[3]:
        person = ask.edition.timetable.person_by_id(number) if one is None else None
        called = roles.post(ask.voice, one) if one is not None else ask.voice.person(person) if person else ""
        return replies.resign(ask.voice, called or ask.voice.word("team.somebody"), f"resign {what} {number}")
    if one is not None:
        await team.set_role(ask.db, one, held=False, by=user, now=ask.now)
    else:
        await claims.end(ask.db, ask.edition.timetable, user.id, number, by=user, now=ask.now)
    return desk.sentence(ask.voice, ask.voice.say("claim.resigned"))


async def _claim(ask: Ask, person: Person) -> Reply:
    staff = (await ask.rights()).may("staff")
    try:
        claim = await claims.make(
            ask.db, ask.edition.timetable, person, ask.somebody, staff=staff, owners=ask.owners, now=ask.now
        )
    except Problem as problem:
        return desk.sentence(ask.voice, ask.voice.say(problem.key, name=ask.voice.person(person)))
    return (replies.linked if claim.state == "confirmed" else replies.asked)(ask.voice, person)


async def _yourself(ask: Ask) -> Reply:
    user = ask.somebody
    member = await team.member(ask.db, user.id, ask.owners)
    waiting = await claims.waiting(ask.db, user)
    if member is not None and (member.owner or member.holdings or member.people or waiting):
        return replies.yourself(ask.voice, member, waiting)
    await dialogues.turn_to(ask.db, user, "iam", now=ask.now)
    return steps.typed(ask.voice, line=ask.voice.say("claim.which"))
