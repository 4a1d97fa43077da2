"""The office the evening before, half of whom read English, and who read what of what staff say to many."""

import struct
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from staffed import EVENING, Office, at, office, slot
from telegram_bot import NO_LIMITS

from bot.app import App
from bot.channels.telegram.pacing import Rates
from bot.sandbox.box import sandbox
from bot.sandbox.ledger import Entry
from bot.sandbox.seen import Seen
from bot.sandbox.state import User as Person
from bot.services import acquaintance, languages
from bot.store import roles

HEAD = {"zh": "📢 会务组通知", "en": "📢 From the organisers"}
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 64, 48)
BUS = "大巴 17:30 出发"
BOTH = f"{BUS}\n---\nThe bus leaves at 17:30"


@asynccontextmanager
async def opened(app: App, rates: Rates = NO_LIMITS) -> AsyncIterator[Office]:
    """The evening before; every second attendee reads English, the first three are chairs of A3, A1 and A8."""
    app.clock.set(now=at(app, EVENING))
    async with sandbox() as box, office(app, box, rates=rates) as desk:
        for n, person in enumerate(desk.crowd):
            user = await acquaintance.meet(app.db, "telegram", str(person.id), "zh", now=app.clock.now())
            await languages.choose(app.db, user, "en" if n % 2 else "zh")
            if n < 3:
                async with app.db.transaction() as tx:
                    await roles.grant(tx, user.id, "chair", slot(app, ("A3", "A1", "A8")[n]).id, now=app.clock.now())
        yield desk


SENDING = ("sendMessage", "sendPhoto", "sendDocument")


def told(desk: Office) -> dict[str, list[str]]:
    """What everybody was told, with or without a file, by name; of staff only what was said to many."""
    found: dict[str, list[str]] = {}
    names = {person.id: person.first_name for person in everybody(desk)}
    staff = (desk.qin.id, desk.li.id)
    for entry in desk.box.ledger:
        text = entry.text or ""
        if entry.method not in SENDING or not entry.applied or entry.chat_id not in names:
            continue
        if entry.chat_id not in staff or text.startswith(tuple(HEAD.values())):
            found.setdefault(names[int(entry.chat_id)], []).append(text)
    return found


def read(desk: Office, people: Iterable[Person], zh: str, en: str | None = None) -> dict[str, list[str]]:
    """Each of these people read it in their language."""
    words = {"zh": zh, "en": zh if en is None else en}
    found = {}
    for person in people:
        lang = "en" if person in desk.crowd[1::2] else "zh"
        found[person.first_name] = [f"{HEAD[lang]}\n{words[lang]}"]
    return found


def everybody(desk: Office) -> list[Person]:
    return [*desk.crowd, desk.qin, desk.li]


def workers(desk: Office) -> list[Person]:
    """Staff, and the three chairs."""
    return [*desk.crowd[:3], desk.qin, desk.li]


async def hired(desk: Office, name: str) -> Person:
    """One more member of staff."""
    person = desk.box.user(name, language_code="zh", started=True)
    user = await acquaintance.meet(desk.app.db, "telegram", str(person.id), "zh", now=desk.app.clock.now())
    async with desk.app.db.transaction() as tx:
        await roles.grant(tx, user.id, "staff", 0, now=desk.app.clock.now())
    return person


async def send(desk: Office, text: str) -> Seen:
    """A broadcast in one message and one press, all of it delivered. The progress as it is then."""
    done = await desk.do(desk.qin, text)
    await desk.settled()
    return seen(desk, desk.qin, done)


async def in_turn(desk: Office, zh: str, en: str) -> Seen:
    """The preview of a broadcast to all whose two texts are too long for one message of its author."""
    await desk.press(desk.qin, await desk.ask(desk.qin, f"/broadcast all {zh}"), "＋ English")
    return await desk.ask(desk.qin, en)


def seen(desk: Office, who: Person, message: Seen) -> Seen:
    """A message as it is now."""
    return next(one for one in desk.box.messages(who) if one.message_id == message.message_id)


def files(desk: Office) -> list[Entry]:
    return [entry for entry in desk.box.ledger if entry.method in ("sendPhoto", "sendDocument")]


async def rows(desk: Office, kind: str = "broadcast") -> dict[str, set[str]]:
    """Users by the state of their row, by address."""
    async with desk.app.db.snapshot() as conn:
        found = await conn.execute_fetchall(
            "SELECT state, address FROM outbox JOIN users ON users.id = user_id WHERE kind = ?", (kind,)
        )
    states: dict[str, set[str]] = {}
    for row in found:
        states.setdefault(row["state"], set()).add(row["address"])
    return states


def reached(desk: Office) -> list[str]:
    """Whom the broadcast reached, by address, as often as it did."""
    return [
        str(entry.chat_id)
        for entry in desk.box.ledger
        if entry.method in SENDING and entry.applied and (entry.text or "").startswith(tuple(HEAD.values()))
    ]


def addresses(desk: Office) -> set[str]:
    return {str(person.id) for person in everybody(desk)}
