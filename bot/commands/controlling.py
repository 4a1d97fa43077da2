"""Chairs, and staff in their place, say how a session goes: by the buttons of its control card."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.commands.ask import QUERY_LIMIT, Ask
from bot.domain.programme import Slot
from bot.replies import control as replies
from bot.replies import desk
from bot.replies.reply import Reply
from bot.services import control, editions, live, lookup
from bot.services.live import Word
from bot.services.rights import Rights

_WORD = re.compile(r"(\d{1,15}) (here|began|talk|back|late|finished|on|full)(?: (-?\d{1,15}))?(?: (-?\d{1,3}|sure))?$")


async def chair(ask: Ask) -> Reply:
    """The control card of one's session that runs or comes next, or of the one that is named: `A3`, `#12`."""
    rights = await ask.rights()
    ask = replace(ask, edition=await editions.by_now(ask.db, ask.edition))
    if ask.args:
        slot = lookup.slot(ask.edition, ask.args).one
        if slot is None and ask.args.startswith("#"):
            return desk.gone(ask.voice)
        if slot is None:
            return desk.sentence(ask.voice, ask.voice.say("session.unknown", query=ask.args[:QUERY_LIMIT]))
        if not _may(rights, slot):
            return replies.not_yours(ask.voice, slot)
        return replies.card(ask.voice, slot)
    mine = [slot for slot in ask.edition.timetable.slots if slot.id in rights.chairs]
    ahead = [slot for slot in mine if ask.edition.timetable.end_of(slot) > ask.now and not slot.called_off]
    if ahead:
        return replies.card(ask.voice, ahead[0], ahead[1:])
    key = "control.which" if rights.may("staff") else "control.over_for_you" if mine else "control.none"
    return desk.sentence(ask.voice, ask.voice.say(key))


async def say(ask: Ask) -> Reply:
    """`12 here`, `12 talk 345`, `12 late 5 10`, `12 full 1`: how things are to be; said twice it is so once."""
    ask = replace(ask, edition=await editions.by_now(ask.db, ask.edition))
    match = _WORD.match(ask.args)
    slot = ask.edition.timetable.slot(int(match[1])) if match else None
    if match is None or slot is None:
        return desk.gone(ask.voice)
    if not _may(await ask.rights(), slot):
        return replies.not_yours(ask.voice, slot)
    word = _words(ask.now, match[3] or "", match[4] or "").get(match[2])
    if word is None:
        return desk.gone(ask.voice)
    if match[2] == "finished" and match[3] is None and match[4] is None and _talks_left(ask, slot):
        return replies.really_finished(ask.voice, slot)
    said = await control.say(ask.db, slot.id, word(), by=ask.somebody, message=ask.message, now=ask.now)
    if said is None:
        return desk.gone(ask.voice)
    timetable, fitted = said
    stood = timetable.slot(slot.id) or slot
    voice = replace(ask.voice, timetable=timetable)
    return replace(replies.card(voice, stood), toast=voice.word("control.noted" if fitted else "control.stale"))


def _may(rights: Rights, slot: Slot) -> bool:
    return slot.id in rights.chairs or rights.may("staff")


def _talks_left(ask: Ask, slot: Slot) -> bool:
    said = ask.edition.timetable.course(slot).live
    begun = {one.talk_id for one in said.talks} if said is not None else set()
    return said is not None and said.finished is None and any(row not in begun for row, _ in live.order(slot))


def _words(now: datetime, first: str, second: str) -> dict[str, Callable[[], Word]]:
    """What can be said, by its name; without what is missing in it."""
    words: dict[str, Callable[[], Word]] = {
        "here": lambda: live.here,
        "began": lambda: live.began(now),
        "finished": lambda: live.finished(now),
        "on": lambda: live.go_on,
    }
    if first:
        words["talk"] = lambda: live.talk(int(first), now)
        words["back"] = lambda: live.back(int(first))
        words["full"] = lambda: live.full if first == "1" else live.not_full
    if first and second and second != "sure":
        words["late"] = lambda: live.late(int(first), int(second))
    return words
