"""Wiring of a rehearsal: what the programme gives people to ask about, and the real bot on a database of its own."""

import os
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path

from bot import app as wiring
from bot.clock import Clock
from bot.commands.table import COMMANDS
from bot.config import Settings
from bot.domain import stars
from bot.domain.model import LANGS, Lang, has_hanzi
from bot.domain.problem import Problem
from bot.domain.programme import Slot
from bot.domain.timetable import Timetable
from bot.domain.user import LEADS, User
from bot.replies.voice import Voice
from bot.replies.words import word
from bot.sandbox.ledger import Entry
from bot.sandbox.rehearsal.attendees import Line, Material
from bot.sandbox.rehearsal.board import Thing
from bot.sandbox.rehearsal.broadcasts import Broadcasting
from bot.sandbox.rehearsal.chairs import Chairing, Session
from bot.sandbox.rehearsal.process import BotEnded
from bot.sandbox.rehearsal.reminders import Starring
from bot.sandbox.rehearsal.report import Report
from bot.sandbox.rehearsal.run import Bot, Office, Plan
from bot.sandbox.rehearsal.run import rehearse as play
from bot.sandbox.rehearsal.staff import Staffing
from bot.services import acquaintance, importing
from bot.store import programmes, roles

COMMAND = (sys.executable, "-c", "from bot.cli import main; main()", "run")
EVENING = time(18)
"""When the rehearsal begins, the day before."""
ASKED = {"now", "next", "room", "day", "session", "talk", "speaker", "search", "info", "lang", "help", "start"}
PRESSED = ASKED | {"star", "reminder", "settings"}
"""Commands that people use. What another one does to reminders, the rehearsal would not know."""
_STAR = re.compile(r"~?star ([ts][0-9]+) ([01])\b")
_CHOICE = re.compile(r"~?settings (lead|reminders|notices|same_room) ([0-9]+)$")
_REMINDER = re.compile(r"~?star [ts][0-9]+ 0 reminder ([ts0-9,]+)")
_CONFIRM, _CONFIRM_NOW, _DONE = (
    re.compile(pattern) for pattern in (r"~?confirm [0-9]+$", r"~?confirm [0-9]+ now$", r"~?undo ([0-9]+)$")
)
_LIVE, _CHAIR = re.compile(r"~?live ([0-9]+) "), re.compile(r"~?chair #([0-9]+)$")
_SAID = re.compile(r"~?live ([0-9]+) (here|late|began|talk|full|finished)(?: (sure|-?[0-9]+))?(?: (-?[0-9]+))?$")
_SENDS, _SPEAKS = re.compile(r"~?send ([0-9]+)$"), re.compile(r"(?:/lang|~?lang|~?settings lang) (zh|en)$")
_TAG = re.compile(r"<[^>]+>")
_JOIN = re.compile(r"join-[\w-]+")
STAFF = (900_001, 900_002)
"""Who they are on Telegram."""
AFTERWARDS = timedelta(hours=2)
"""How long people still ask when all is over."""


async def rehearse(
    options: Settings, plan: Plan, lang: Lang, progress: Callable[[int, int, str], None]
) -> tuple[str, Report]:
    """Rehearse the conference of these settings, with a bot and a database of its own.

    Returns the conference's key and the report. `progress` hears of acts done, acts there are, and the conference's day
    and time in the language of whoever watches. Raises Problem `rehearse.no-bot`
    when the bot does not start, and what `app` raises.
    """
    with tempfile.TemporaryDirectory(prefix="yicheng-rehearsal-") as name:
        folder = Path(name)
        database = folder / "rehearsal.sqlite3"
        timetable = await _prepared(options, database)
        bot = Bot(
            COMMAND,
            {
                **{name: value for name, value in os.environ.items() if not name.startswith("YICHENG_")},
                "YICHENG_DATABASE": str(database),
                "YICHENG_GLOSSARY": str(options.glossary.resolve()),
                "YICHENG_SECOND_CONFIRMATION": "true",
            },
            folder,
            _reminded,
            _changed(timetable),
            edits=lambda data: data.startswith("~"),
            apologies=[word(lang, "unknown.failed") for lang in LANGS],
        )

        def show(done: int, total: int, now: datetime) -> None:
            voice = Voice(lang, timetable)
            progress(done, total, voice.word("rehearse.moment", day=voice.day_of(now), time=voice.clock(now)))

        try:
            office = Office(staffing(timetable), chairing(timetable), broadcasting())
            return timetable.conference.key, await play(
                plan, material(timetable), starring(timetable), office, bot, timetable.zone, show
            )
        except BotEnded as error:
            raise Problem("rehearse.no-bot", reason=str(error)) from None


async def _prepared(options: Settings, database: Path) -> Timetable:
    """A database of its own with the programme of these settings and staff in it, and that programme laid out."""
    async with wiring.database(options.model_copy(update={"database": database})) as db:
        await importing.first(db, await wiring.programme_at_hand(options))
        now = Clock().now()
        for lang, person in zip(LANGS, STAFF, strict=True):
            user = await acquaintance.meet(db, "telegram", str(person), lang, now=now)
            async with db.transaction() as tx:
                await roles.grant(tx, user.id, "staff", 0, now=now)
        async with db.snapshot() as conn:
            found = await programmes.load(conn)
    if found is None or not found.slots:
        raise Problem("rehearse.no-slots")
    return Timetable(found)


def starring(timetable: Timetable) -> Starring:
    """Everything that one is reminded of, by the names that buttons give it."""
    things = [
        Thing(
            f"{one.kind[0]}{one.id}",
            one.start,
            f"s{one.slot.id}" if one.event else "",
            one.end,
            one.slot.room or "",
            one.event.talk.code if one.event else one.slot.code,
            own=one.event is not None and one.event.talk.start is not None,
        )
        for one in stars.subjects(timetable)
    ]
    sessions = [Thing(f"s{one.id}", one.start, "", one.end, one.room or "", one.code) for one in timetable.slots]
    return Starring(things, User.model_fields["lead"].default, _mark, LEADS, _choice, sessions, _said)


def chairing(timetable: Timetable) -> Chairing:
    """The sessions, and how their chairs say how they go."""
    return Chairing(
        sessions=[_session(timetable, slot) for slot in timetable.programme.sessions],
        invite=lambda session: f"/invite chair {session.code}",
        join=lambda answer: found[0] if (found := _JOIN.search(answer)) else "",
        press=lambda session, word: f"live {session} {word}",
        carded=lambda entry: next((int(found[1]) for data in _data(entry) if (found := _LIVE.match(data))), None),
        reported=lambda entry: [int(found[1]) for data in _data(entry) if (found := _CHAIR.match(data))],
    )


def _session(timetable: Timetable, slot: Slot) -> Session:
    talks = tuple(f"t{event.talk.id}" for event in timetable.events_of(slot))
    return Session(slot.id, f"s{slot.id}", slot.code, slot.start, slot.end, talks)


def _said(data: str) -> tuple[str, str, int] | None:
    """What a button of a control card says: `live 12 late 0 5`, `live 12 began`, `live 12 talk 345`."""
    found = _SAID.match(data)
    if found is None:
        return None
    number = 1 if found[3] == "sure" else int(found[4] or found[3] or 0)
    return f"s{found[1]}", found[2], number


def staffing(timetable: Timetable) -> Staffing:
    """What staff can do with this conference."""
    return Staffing(
        ids=STAFF,
        rooms=tuple(room.name for room in timetable.programme.rooms),
        look=lambda code: f"/session {code}",
        confirm=lambda data: _CONFIRM.match(data) is not None,
        confirm_now=lambda data: _CONFIRM_NOW.match(data) is not None,
        done=lambda data: int(found[1]) if (found := _DONE.match(data)) else None,
    )


def broadcasting() -> Broadcasting:
    """How staff say something to many. `press`: `later +10` of broadcast 3 is `later 3 +10`."""
    heads = tuple("".join(_TAG.split(word(lang, "broadcast.head"))) for lang in LANGS)

    def heard(entry: Entry) -> str:
        head, _, rest = (entry.text or "").partition("\n")
        return rest.split()[-1] if entry.method == "sendMessage" and head in heads and rest else ""

    def press(does: str, number: int) -> str:
        first, _, rest = does.partition(" ")
        return f"{first} {number} {rest}".rstrip()

    return Broadcasting(
        write=lambda whom, last: (
            f"/broadcast {whom} 大巴在正门等候 {last}\n---\nThe coach waits at the main gate {last}"
        ),
        number=lambda data: int(found[1]) if (found := _SENDS.match(data)) else None,
        press=press,
        heard=heard,
        speaks=lambda words: found[1] if (found := _SPEAKS.match(words)) else "",
    )


def _choice(data: str) -> tuple[str, int] | None:
    """What a button sets: `settings lead 30`."""
    found = _CHOICE.match(data)
    return (found[1], int(found[2])) if found else None


def _mark(data: str) -> tuple[str, bool] | None:
    """What a button does to a star: `star t17 1 talk #17` sets one on talk 17."""
    found = _STAR.match(data)
    return (found[1], found[2] == "1") if found else None


def _reminded(entry: Entry) -> list[str]:
    """The names in a reminder: each of its buttons that takes away a star says of what reminder it is part."""
    names = next((found[1].split(",") for each in _data(entry) if (found := _REMINDER.match(each))), [])
    return names if entry.method == "sendMessage" else []


def _changed(timetable: Timetable) -> Callable[[Entry], list[str]]:
    """The names in a notice of a change: it has a button to keep what it is about; each title begins with its code."""
    names = {talk.code: f"t{talk.id}" for talk in timetable.programme.talks if talk.code}
    names |= {slot.code: f"s{slot.id}" for slot in timetable.slots if slot.code}

    def changed(entry: Entry) -> list[str]:
        if entry.method != "sendMessage" or "keep" not in _data(entry):
            return []
        first = [line.split(" ")[0] for line in (entry.text or "").splitlines()]
        return [names[word] for word in first if word in names]

    return changed


def _data(entry: Entry) -> list[str]:
    """The data of the buttons under a message."""
    rows = entry.params.get("reply_markup", {}).get("inline_keyboard", [])
    return [button.get("callback_data", "") for row in rows for button in row]


def material(timetable: Timetable) -> Material:
    """What people ask during this conference, from the evening before to two hours after its end."""
    slots = timetable.programme.slots
    first = timetable.local(min(slot.start for slot in slots))
    return Material(
        begins=datetime.combine(first.date() - timedelta(days=1), EVENING, timetable.zone),
        ends=max(slot.end for slot in slots) + AFTERWARDS,
        starts=tuple(slot.start for slot in slots),
        presses=lambda data: data.removeprefix("~").split(" ")[0] in PRESSED,
        stars=lambda data: (_mark(data) or ("", False))[1],
        unstars=lambda data: not (_mark(data) or ("", True))[1],
        sets=lambda data: _choice(data) is not None,
        settings="/settings" if "settings" in COMMANDS else "",
        lines={lang: tuple(kind for kind in _lines(timetable, lang) if kind) for lang in LANGS},
    )


def _lines(timetable: Timetable, lang: Lang) -> list[tuple[Line, ...]]:
    """Questions in kinds: commands, words for them, days, rooms, codes, people, titles.

    A talk asked for by its code must be shown with its title, a person asked for by name with the name.
    """
    programme = timetable.programme
    plain = [command for command in COMMANDS.values() if command.name in ASKED and not command.takes]
    room_word = next(word for word in (*COMMANDS["room"].words, "room") if has_hanzi(word) == (lang == "zh"))
    speakers = timetable.people(programme.speakers)
    titles = [title for talk in programme.talks if (title := getattr(talk.titles, lang))]
    return [
        tuple(Line(f"/{command.name}") for command in plain),
        tuple(Line(word) for command in plain for word in command.words if has_hanzi(word) == (lang == "zh")),
        tuple(Line(f"/day {n}") for n, _ in enumerate(timetable.days, 1)),
        tuple(Line(f"/room {room.label(lang)}") for room in programme.rooms),
        tuple(Line(f"{room_word} {room.number}") for room in programme.rooms if room.number is not None),
        tuple(Line(f"/session {slot.code}", slot.code) for slot in programme.sessions),
        tuple(Line(f"/talk {talk.code}", talk.title) for talk in programme.talks),
        tuple(Line(talk.code.lower(), talk.title) for talk in programme.talks),
        tuple(Line(person.name, person.name) for person in speakers),
        tuple(Line(f"/speaker {person.latin}") for person in speakers if person.latin),
        tuple(Line(title[: len(title) // 2]) for title in titles),
    ]
