"""Plain words: whatever is typed without a command, read as a sentence or else searched for."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.commands.ask import Ask
from bot.commands.examples import a_code, a_topic, somebody
from bot.domain.moment import moment
from bot.domain.nth import COUNTED, Counted, Nth
from bot.domain.programme import Person, Room, Slot
from bot.domain.timetable import Event
from bot.domain.when import PARTS, Part, When
from bot.replies import answers, cards, desk, lists
from bot.replies.reply import Reply
from bot.search.index import KINDS, LONGEST, Hit, Kind
from bot.search.items import items
from bot.search.phrases import smalltalk
from bot.search.understanding import Reading, What, read
from bot.services import counting, readings
from bot.services.counting import Chosen

FOUND = 8
"""Results shown: what fits a phone without scrolling for long."""
GUESSES = 3
"""Buttons of "did you mean"."""

_QUESTIONS: tuple[What, ...] = ("talks", "now", "next", "room", "person", "when", "where", "item", "info")
_ASKED = re.compile(
    r"^(?P<what>[a-z]+)(?: p(?P<who>\d+))?(?: r(?P<where>\d+))?(?: i(?P<item>[a-z-]+))?"
    r"(?: n(?P<nth>-?[1-9]\d?)x(?P<count>[1-9])(?P<of>ta|se|sl)(?P<whole>w?))?"
    r"(?: t(?P<start>\d{12})\+(?P<minutes>\d+)(?P<part>[a-z]*))?$"
)


async def sentence(ask: Ask) -> Reply:
    """An answer to whatever was typed: read if it can be read, else searched for."""
    if not ask.args:
        return desk.ask_which(ask.voice, "search.ask", somebody(ask.voice))
    if (kind := smalltalk(ask.args)) is not None:
        return desk.courtesy(ask.voice, kind)
    reading = read(ask.args, ask.edition.index, ask.now)
    return answered(ask, reading) or searched(ask, ask.args)


async def topic(ask: Ask) -> Reply:
    """Talks and sessions on a topic."""
    if not ask.args:
        return desk.ask_which(ask.voice, "search.ask", a_topic(ask.voice) or somebody(ask.voice))
    return searched(ask, ask.args, kinds=("talk", "session"))


async def again(ask: Ask) -> Reply:
    """A reading as a button carries it, so that the pages of its answer can be turned."""
    reading = _from_ask(ask)
    return (answered(ask, reading) if reading else None) or desk.gone(ask.voice)


def searched(ask: Ask, words: str, *, kinds: Sequence[Kind] = KINDS) -> Reply:
    """Whatever the programme has that fits; a single sure answer is opened at once."""
    voice = ask.voice
    query, long = words[:LONGEST], LONGEST if len(words) > LONGEST else 0
    hits = ask.edition.find(query, limit=FOUND + 1, kinds=kinds)
    sure = [hit for hit in hits if hit.confident]
    if _is_one(sure):
        return opened(ask, sure[0].subject)
    shown = sure[:FOUND] if sure else hits[:GUESSES]
    if not shown:
        return desk.nothing_found(voice, query, a_code(voice), long=long)
    if not sure and all(hit.kind == "room" for hit in shown):
        asked = ask.edition.index.rooms.find(query)
        if not asked.is_there:
            return lists.no_such_room(voice, query, asked.candidates)
    found = [(hit.subject, hit.why, hit.word) for hit in shown]
    return desk.found(voice, query, found, sure=bool(sure), more=len(sure) > FOUND, long=long)


def opened(ask: Ask, subject: Event | Slot | Person | Room) -> Reply:
    """The card of a thing."""
    voice = ask.voice
    if isinstance(subject, Event):
        return cards.talk(voice, subject)
    if isinstance(subject, Slot):
        return cards.session(voice, subject)
    if isinstance(subject, Person):
        return cards.person(voice, subject, ask.edition.timetable.roles(subject))
    return lists.room(voice, subject, ask.now)


def answered(ask: Ask, reading: Reading) -> Reply | None:
    """The answer to a sentence, under a line that says how it was understood; None for what must be searched for."""
    if reading.nth is not None:
        chosen = counting.chosen(ask.edition, reading, reading.nth, ask.now)
        reading = replace(reading, when=chosen.when) if chosen else replace(reading, nth=None)
        reply = _counted(ask, reading, reading.nth, chosen) if reading.nth and chosen else _answer(ask, reading)
    else:
        reply = _answer(ask, reading)
    if reply is None:
        return None
    parts = _parts(ask, reading)
    if parts:
        # With the line above it the reply's pages are others, so they are turned by the reading; a topic has no id.
        bare = reading.topic or (reading.nth and reading.nth.session)
        reply = replace(reply, ask="" if bare else f"read {_as_ask(reading)}")
    return answers.understood(ask.voice, reply, parts)


def _answer(ask: Ask, reading: Reading) -> Reply | None:  # noqa: C901, PLR0911 - one line for each question
    voice, what, who, where = ask.voice, reading.what, reading.who, reading.where
    if what == "unknown":
        return None
    if what == "info" and not reading.item:
        return desk.info(voice)
    if reading.item:
        slots, windows, elsewhere = readings.item(ask.edition, reading)
        return answers.items(voice, reading.item, slots, windows, elsewhere=elsewhere)
    if reading.topic:
        return _on_topic(ask, reading)
    if who is not None and what in {"now", "next", "talks"} and (where or reading.when or what == "next"):
        return _talks(ask, reading)
    if who is not None:
        return cards.person(voice, who, ask.edition.timetable.roles(who))
    if where is not None and (reading.when is None or what in {"now", "next", "where"}):
        return lists.room(voice, where, ask.now)
    if what == "now":
        return lists.now(voice, moment(ask.edition.timetable, ask.now), ask.now)
    if what == "next":
        return lists.coming(voice, moment(ask.edition.timetable, ask.now), ask.now)
    if reading.when is None:
        if what in {"when", "where"}:
            return desk.info(voice)
        return lists.day(voice, ask.edition.timetable.nearest_day(ask.now))
    return _during(ask, reading.when, readings.slots(ask.edition, reading))


def _counted(ask: Ask, reading: Reading, nth: Nth, chosen: Chosen) -> Reply:
    """The first, the last … of what a sentence speaks of, and nothing else."""
    if chosen.talks:
        return answers.counted_talks(ask.voice, chosen.talks, beside=chosen.beside)
    if chosen.slots and reading.item:
        return answers.items(ask.voice, reading.item, chosen.slots)
    if chosen.slots:
        return answers.counted_slots(ask.voice, chosen.slots)
    day = chosen.when.start if chosen.when else ask.now
    return answers.too_few(ask.voice, nth, chosen.of, day, beside=chosen.beside)


def _on_topic(ask: Ask, reading: Reading) -> Reply | None:
    """Talks on a topic; a single thing called by its code or title is opened, and a bare topic is searched for."""
    hits = ask.edition.find(reading.topic, limit=FOUND)
    sure = [hit for hit in hits if hit.confident]
    if _is_one(sure) and (reading.when is None or sure[0].why == "code") and reading.what not in {"now", "next"}:
        return opened(ask, sure[0].subject)
    if reading.when is None and reading.where is None and reading.who is None and reading.what not in {"now", "next"}:
        return searched(ask, reading.topic) if hits else None
    return _talks(ask, reading)


def _talks(ask: Ask, reading: Reading) -> Reply:
    found, elsewhere = readings.talks(ask.edition, reading, ask.now)
    return answers.talks(ask.voice, found[:FOUND], elsewhere=elsewhere, more=len(found) > FOUND)


def _during(ask: Ask, when: When, slots: Sequence[Slot]) -> Reply:
    day = ask.edition.timetable.day_of(when.start)
    if day not in ask.edition.timetable.days:
        return lists.pick_day(ask.voice, "day.outside", ask.voice.day(day))
    return lists.between(ask.voice, slots, when)


def _is_one(sure: Sequence[Hit]) -> bool:
    """Whether one thing is meant beyond doubt: it alone is sure, or the rest is only what this person says."""
    if not sure:
        return False
    first, *others = sure
    if isinstance(first.subject, Person):
        return all(isinstance(hit.subject, Event) and hit.why == "speaker" for hit in others)
    return not others and first.why in {"code", "room", "title"}


def _parts(ask: Ask, reading: Reading) -> list[str]:
    """How a sentence was understood, in words; nothing where the answer says it as plainly."""
    voice = ask.voice
    plain = (
        reading.when is None
        and not reading.item
        and not reading.nth
        and reading.what in {"room", "person", "talks", "info"}
    )
    if plain and not (reading.topic and (reading.who or reading.where)):
        return []
    parts = [voice.word(f"understood.{reading.what}")] if reading.what in {"now", "next"} else []
    if reading.when is not None and reading.what != "now":
        parts.append(voice.when(reading.when))
    if reading.where is not None:
        parts.append(voice.room(reading.where))
    if reading.who is not None:
        parts.append(voice.person(reading.who))
    if reading.topic:
        parts.append(voice.session(reading.session) if reading.session else reading.topic)
    if reading.item:
        parts.append(voice.word(f"item.{reading.item.replace(' ', '-')}"))
    if reading.nth is not None:
        parts.append(voice.nth(reading.nth, item=bool(reading.item)))
    return [*parts, voice.word(f"understood.{reading.what}")] if reading.what in {"when", "where"} else parts


def _as_ask(reading: Reading) -> str:
    """A reading without a topic in the 64 bytes of a button: `talks r9 t202508090400+360afternoon`."""
    parts: list[str] = [reading.what]
    if reading.who is not None:
        parts.append(f"p{reading.who.id}")
    if reading.where is not None:
        parts.append(f"r{reading.where.id}")
    if reading.item:
        parts.append(f"i{reading.item.replace(' ', '-')}")
    if (nth := reading.nth) is not None:
        parts.append(f"n{nth.at}x{nth.count}{nth.of[:2]}{'w' if nth.whole else ''}")
    if (when := reading.when) is not None:
        minutes = round((when.end - when.start).total_seconds() / 60)
        parts.append(f"t{when.start.astimezone(UTC):%Y%m%d%H%M}+{minutes}{when.part or ''}")
    return " ".join(parts)


def _from_ask(ask: Ask) -> Reading | None:
    """The reading of a button; None where it is no longer of this programme."""
    said = _ASKED.match(ask.args)
    what = next((one for one in _QUESTIONS if said and said["what"] == one), None)
    if said is None or what is None:
        return None
    timetable = ask.edition.timetable
    who = timetable.person_by_id(int(said["who"])) if said["who"] else None
    where = timetable.room_by_id(int(said["where"])) if said["where"] else None
    named = [one.name for one in items() if one.name.replace(" ", "-") == said["item"]]
    if (said["who"] and who is None) or (said["where"] and where is None) or (said["item"] and not named):
        return None
    when = None
    if said["start"]:
        part: Part | None = next((one for one in PARTS if one == said["part"]), None)
        start = timetable.local(datetime.strptime(said["start"], "%Y%m%d%H%M").replace(tzinfo=UTC))
        when = When(start, start + timedelta(minutes=int(said["minutes"])), part)
    nth = None
    if said["nth"]:
        of: Counted = next(one for one in COUNTED if one.startswith(said["of"]))
        nth = Nth(int(said["nth"]), int(said["count"]), of, whole=bool(said["whole"]))
    return Reading(what, who, where, when, item=named[0] if named else "", nth=nth)
