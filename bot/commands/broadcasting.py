"""Broadcasts by staff: written step by step or in one message, shown, confirmed, followed, stopped."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps

from bot.commands import missing
from bot.commands.ask import Ask, Handler, row_id
from bot.domain.broadcast import Broadcast
from bot.domain.model import LANGS, Lang
from bot.domain.problem import Problem
from bot.replies import broadcasts as replies
from bot.replies import desk
from bot.replies.reply import Line, Reply, plain
from bot.search.said import Said
from bot.search.spoken_times import take_time
from bot.services import announcing, audiences, broadcasts, dialogues
from bot.services.planning import Missing

_MINUTES = re.compile(r"\+(\d{1,4})$")


def _answered(handler: Callable[[Ask, int, str], Awaitable[Reply]]) -> Handler:
    """A handler of what a button or an answer says about a broadcast: its number, and the rest."""

    @wraps(handler)
    async def answer(ask: Ask) -> Reply:
        number, _, rest = ask.args.partition(" ")
        try:
            return await handler(ask, row_id(number) or 0, rest.strip())
        except Problem as problem:
            return desk.refused(ask.voice, problem)

    return answer


async def broadcast(ask: Ask) -> Reply:
    """A new one: `全体 大巴 17:30 出发`, with a picture or document or in answer to one; what is missing is asked."""
    whom, words = audiences.read(ask.edition, ask.args)
    text = broadcasts.worded(words or ask.quoted)
    try:
        one = await broadcasts.begin(ask.db, ask.somebody, text, ask.attached, whom, now=ask.now)
    except Problem as problem:
        return desk.refused(ask.voice, problem)
    return await _next(ask, one)


@_answered
async def audience(ask: Ask, number: int, chosen: str) -> Reply:
    """Whom it is for; without a choice, the question."""
    one = await broadcasts.draft(ask.db, number, by=ask.somebody)
    if not chosen:
        return await _ask_whom(ask, one)
    if chosen == "room":
        return replies.ask_room(ask.voice, one, ask.edition.timetable.programme.rooms)
    whom, _ = audiences.read(ask.edition, chosen)
    if whom is None:
        return _starrers(ask, one, chosen)
    return await _next(ask, await broadcasts.address(ask.db, number, whom, by=ask.somebody))


@_answered
async def words(ask: Ask, number: int, said: str) -> Reply:
    """What it says: `12`, `12 en` ask for it; with words after them, or a picture, they set it."""
    first, _, rest = said.partition(" ")
    lang: Lang | None = next((one for one in LANGS if one == first), None)
    typed = rest.strip() if lang is not None else said
    if not typed and ask.attached is None:
        one = await broadcasts.draft(ask.db, number, by=ask.somebody)
        return await _ask_words(ask, one, lang)
    one = await broadcasts.word(ask.db, number, typed, lang, ask.attached, by=ask.somebody)
    return await _next(ask, one)


@_answered
async def later(ask: Ask, number: int, said: str) -> Reply:
    """When it goes out: `12` asks; `12 +30`, `12 明天 8:00`, `12 now`."""
    user = ask.somebody
    if not said:
        one = await broadcasts.draft(ask.db, number, by=user)
        await dialogues.turn_to(ask.db, user, f"later {number}", now=ask.now)
        return replies.ask_when(ask.voice, one)
    due = None if said == "now" else _moment(ask, said)
    return await _next(ask, await broadcasts.schedule(ask.db, number, due, by=user, now=ask.now))


@_answered
async def draft(ask: Ask, number: int, _: str) -> Reply:
    """The preview again: of one's own, or of what somebody else asks to confirm."""
    one = await broadcasts.to_confirm(ask.db, number, by=ask.somebody)
    return await _preview(ask, one, asked=one.state == "asked")


@_answered
async def send(ask: Ask, number: int, _: str) -> Reply:
    """Confirm it: it is sent, or scheduled, or waits for a second member of staff. Twice is once."""
    one = await broadcasts.confirm(
        ask.db, ask.edition.timetable, number, ask.terms, by=ask.somebody, message=ask.message, now=ask.now
    )
    return await _progress(ask, one)


@_answered
async def stop(ask: Ask, number: int, _: str) -> Reply:
    """Go no further with it."""
    one = await broadcasts.stop(ask.db, number, by=ask.somebody, now=ask.now)
    return await _progress(ask, one)


@_answered
async def progress(ask: Ask, number: int, _: str) -> Reply:
    """How far it has got."""
    return await _progress(ask, await broadcasts.confirmed(ask.db, number))


@_answered
async def again(ask: Ask, number: int, _: str) -> Reply:
    """Send the doubtful ones again."""
    one, count = await broadcasts.resend(ask.db, number)
    said = ask.voice.say("outbox.resent" if count else "outbox.not_resent", **({"count": count} if count else {}))
    return replace(await _progress(ask, one), toast=plain(said))


async def _next(ask: Ask, one: Broadcast) -> Reply:
    """The next question, or the preview."""
    await dialogues.turn_to(ask.db, ask.somebody, None, now=ask.now)
    if one.audience is None:
        return await _ask_whom(ask, one)
    return await _preview(ask, one) if one.is_complete else await _ask_words(ask, one, None)


async def _preview(ask: Ask, one: Broadcast, *, asked: bool = False) -> Reply:
    head: Line = ask.voice.say("broadcast.album") if ask.attached is not None and ask.attached.of_album else ()
    seen = await announcing.see(ask.db, ask.edition.timetable, one, ask.terms, now=ask.now)
    return replies.preview(ask.voice, seen, asked=asked, head=head)


async def _progress(ask: Ask, one: Broadcast) -> Reply:
    seen = await announcing.see(ask.db, ask.edition.timetable, one, ask.terms, now=ask.now)
    return replies.progress(ask.voice, seen)


async def _ask_whom(ask: Ask, one: Broadcast) -> Reply:
    latest = await broadcasts.latest(ask.db)
    return replies.ask_whom(ask.voice, one, latest, owns_text=bool(one.text) or one.file is not None)


async def _ask_words(ask: Ask, one: Broadcast, lang: Lang | None) -> Reply:
    asked = f"words {one.id}" if lang is None else f"words {one.id} {lang}"
    await dialogues.turn_to(ask.db, ask.somebody, asked, now=ask.now)
    return replies.ask_words(ask.voice, one, lang)


def _starrers(ask: Ask, one: Broadcast, chosen: str) -> Reply:
    """A session or a talk, chosen by buttons: the time, the session, the talk."""
    asked = f"audience {one.id}"
    block = re.fullmatch(r"#b(\d{12})", chosen)
    inside = re.fullmatch(r"#i(\d+)", chosen)
    slot = ask.edition.timetable.slot(int(inside[1])) if inside else None
    if slot is None and chosen != "starrers" and not block:
        raise Problem("broadcast.gone")
    start = datetime.strptime(f"{block[1]}+0000", "%Y%m%d%H%M%z") if block else None
    return missing.things(ask, Missing("thing", asked, block=start, inside=slot), ask.voice.say("broadcast.whose"))


def _moment(ask: Ask, said: str) -> datetime:
    """Raises Problem `broadcast.no-time`."""
    if (minutes := _MINUTES.match(said)) is not None:
        return ask.now + timedelta(minutes=int(minutes[1]))
    when = take_time(Said(said), ask.edition.timetable, ask.now)
    if when is None or when.part is not None:
        raise Problem("broadcast.no-time")
    return when.start
