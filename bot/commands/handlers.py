"""The handlers: parse, call one service, render. Each is a question and its answer."""

from collections.abc import Sequence
from dataclasses import replace

from bot.commands import sentences
from bot.commands.ask import QUERY_LIMIT, Ask
from bot.commands.examples import a_code, a_session, examples, somebody
from bot.domain.moment import moment
from bot.domain.programme import Slot
from bot.domain.stars import subject
from bot.domain.timetable import Event
from bot.replies import cards, desk, lists, notices
from bot.replies import stars as starring
from bot.replies.reply import Reply
from bot.search.understanding import read
from bot.services import languages, lookup, stars


async def start(ask: Ask) -> Reply:
    """The welcome; a deep link t17 opens that talk instead."""
    if ask.args.startswith("t") and ask.args[1:].isascii() and ask.args[1:].isdigit():
        event = ask.edition.timetable.event(int(ask.args[1:]))
        return cards.talk(ask.voice, event) if event else desk.start(ask.voice, examples(ask.voice), gone=True)
    return desk.start(ask.voice, examples(ask.voice))


async def now(ask: Ask) -> Reply:
    """What is on in every room."""
    return lists.now(ask.voice, moment(ask.edition.timetable, ask.now), ask.now)


async def coming(ask: Ask) -> Reply:
    """What comes next."""
    return lists.coming(ask.voice, moment(ask.edition.timetable, ask.now), ask.now)


async def room(ask: Ask) -> Reply:
    """What runs in a room now, and what comes next; the room as loosely as people write it."""
    voice, rooms = ask.voice, ask.edition.timetable.programme.rooms
    if not ask.args:
        return lists.pick_room(voice, rooms, voice.say("room.all"))
    choice = lookup.room(ask.edition, ask.args)
    if not choice.named:
        reading = read(ask.args, ask.edition.index, ask.now)
        if reading.where is not None and (reading.when or reading.nth):  # /room 7号 下午, /room 7 last talk
            return sentences.answered(ask, reading) or lists.room(voice, reading.where, ask.now)
    if choice.one is not None:
        return lists.room(voice, choice.one, ask.now)
    if ask.args.startswith("#"):
        return desk.gone(ask.voice)
    return lists.no_such_room(voice, ask.args, choice.candidates)


async def day(ask: Ask) -> Reply:
    """The programme of a day."""
    which = lookup.day(ask.edition, ask.args, ask.now)
    if which is None:
        reading = read(ask.args, ask.edition.index, ask.now)
        if reading.when is not None and (reply := sentences.answered(ask, reading)):  # /day 明天下午
            return reply
        return replace(lists.pick_day(ask.voice, "day.unknown", ask.args), nothing=True)
    if which not in ask.edition.timetable.days:
        return lists.pick_day(ask.voice, "day.outside", ask.args or ask.voice.day(which))
    return lists.day(ask.voice, which)


async def session(ask: Ask) -> Reply:
    """A session in full; by id, also an item."""
    if not ask.args:
        return desk.ask_which(ask.voice, "session.ask", a_session(ask.voice))
    choice = lookup.slot(ask.edition, ask.args)
    if choice.one is not None:
        return cards.session(ask.voice, choice.one)
    return _unsure(ask, choice.candidates, "session.unknown")


async def talk(ask: Ask) -> Reply:
    """A talk in full."""
    if not ask.args:
        return desk.ask_which(ask.voice, "talk.ask", a_code(ask.voice))
    choice = lookup.talk(ask.edition, ask.args)
    if choice.one is not None:
        return cards.talk(ask.voice, choice.one)
    return _unsure(ask, choice.candidates, "talk.unknown")


async def speaker(ask: Ask) -> Reply:
    """A person: talks, chairing, panel."""
    if not ask.args:
        return desk.ask_which(ask.voice, "speaker.ask", somebody(ask.voice))
    choice = lookup.person(ask.edition, ask.args)
    if choice.one is not None:
        return cards.person(ask.voice, choice.one, ask.edition.timetable.roles(choice.one))
    if choice.candidates:
        return desk.choose_person(ask.voice, choice.candidates)
    return _unsure(ask, (), "speaker.unknown")


async def info(ask: Ask) -> Reply:
    """Check-in, venue, meals, contacts; the organisation on a page of its own."""
    return desk.organisation(ask.voice) if ask.args == "organisation" else desk.info(ask.voice)


async def lang(ask: Ask) -> Reply:
    """Another language from now on."""
    wanted = languages.named(ask.args)
    if wanted is None:
        return desk.choose_language(ask.voice)
    if ask.user is not None:
        await languages.choose(ask.db, ask.user, wanted)
    return desk.language_chosen(replace(ask.voice, lang=wanted))


async def star(ask: Ask) -> Reply:
    """A star set or taken away by a button: `t17 1 talk #17` is the subject, the wanted state, the view to show.

    In front of others it is only set, for whoever presses, and only they see that.
    """
    name, wanted, view = [*ask.args.split(" ", 2), "", "", ""][:3]
    thing = lookup.starrable(ask.edition, name)
    if thing is None or wanted not in ("0", "1"):
        return desk.gone(ask.voice)
    if ask.user is None:
        return desk.sentence(ask.voice, ask.voice.say("star.nobody"))
    marked = await stars.mark(ask.db, ask.edition.timetable, ask.user, thing, starred=wanted == "1", now=ask.now)
    voice = replace(ask.voice, stars=await stars.of(ask.db, ask.user))
    reply = starring.confirmed(
        voice,
        thing,
        view,
        starred=marked.starred,
        soon=marked.soon,
        reminded=marked.reminded and ask.user.reachable,
        reachable=ask.user.reachable or not ask.group,
        now=ask.now,
    )
    return Reply((), toast=reply.toast) if ask.group else reply


async def reminder(ask: Ask) -> Reply:
    """A reminder as its message shows it: `t17,s3`."""
    found = [lookup.starrable(ask.edition, name) for name in ask.args.split(",")]
    subjects = [subject(ask.edition.timetable, one) for one in found if one is not None]
    return notices.reminder(ask.voice, subjects, ask.now, ask.voice.stars)


async def keep(ask: Ask) -> Reply:
    """A notice was read."""
    return desk.noted(ask.voice)


async def during(ask: Ask) -> Reply:
    """What else is on at the time of a slot."""
    slot = lookup.slot(ask.edition, ask.args).one
    return lists.during(ask.voice, slot) if slot is not None and ask.args.startswith("#") else desk.gone(ask.voice)


def _unsure(ask: Ask, candidates: Sequence[Slot] | Sequence[Event], key: str) -> Reply:
    """Nothing sure: the candidates to choose from, or a sentence that says so."""
    if ask.args.startswith("#"):
        return desk.gone(ask.voice)
    if candidates:
        return desk.found(ask.voice, ask.args[:QUERY_LIMIT], [(one, "", "") for one in candidates], sure=False)
    told = desk.sentence(ask.voice, ask.voice.say(key, query=ask.args[:QUERY_LIMIT]))
    return replace(told, nothing=True)
