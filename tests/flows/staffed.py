"""A conference office in the sandbox: two staff and fifty attendees, and who of them was told what."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram_bot import NO_LIMITS, running_bot

from bot.app import App
from bot.channels.telegram.pacing import Rates
from bot.domain.programme import Slot
from bot.sandbox.box import Sandbox
from bot.sandbox.seen import Seen
from bot.sandbox.state import User as Person
from bot.services import acquaintance, reminders, stars
from bot.store import roles

MINUTE = timedelta(minutes=1)
LOOK = 0.01
"""Seconds between two looks at what is still open: without them the bot itself would hardly have its turn."""
EVENING = "2025-08-08T20:00"
"""The evening before: nothing begins within the hour."""


@dataclass
class Office:
    """Qin and Li are staff. Attendees n = 0 … 49: every fifth has starred A3, the one after A3-2, the next A1."""

    app: App
    box: Sandbox
    qin: Person
    li: Person
    crowd: list[Person]

    @property
    def of_a3(self) -> list[Person]:
        return self.crowd[0::5]

    @property
    def of_a3_2(self) -> list[Person]:
        return self.crowd[1::5]

    @property
    def of_a1(self) -> list[Person]:
        return self.crowd[2::5]

    async def ask(self, who: Person, text: str) -> Seen:
        """Say something and wait for the answer."""
        return await self.box.reply(who, after=self.box.say(who, text))

    async def press(self, who: Person, message: Seen, label: str) -> Seen:
        """Press the button whose words begin with `label`, and wait for the answer, which takes the message's place."""
        edits = len(self.box.requests("editMessageText", chat=who))
        await self.box.answered(self.box.press(who, message.message_id, button(message, label)))
        await self.box.until(
            lambda: [e for e in self.box.requests("editMessageText", chat=who)[edits:] if e.outcome != "open"]
        )
        return next(one for one in self.box.messages(who) if one.message_id == message.message_id)

    async def do(self, who: Person, text: str, label: str = "✅") -> Seen:
        """A change asked for in one message and confirmed with one press."""
        return await self.press(who, await self.ask(who, text), label)

    async def pass_(self, by: timedelta = 2 * MINUTE) -> None:
        """Let conference time pass, and everything that is due be said."""
        self.app.clock.set(now=self.app.clock.now() + by)
        await self.settled()

    async def come_to(self, time: str) -> None:
        """Let it be this time at the conference, and everything that is due be said."""
        self.app.clock.set(now=at(self.app, time))
        await self.settled()

    async def settled(self) -> None:
        """Wait until nothing that is due is still to be sent."""
        await self.app.refresh()
        async with self.app.db.transaction() as tx:
            await reminders.look(tx, self.app.edition.timetable, rate=None, now=self.app.clock.now())
        async with asyncio.timeout(60):
            while await self._open():
                self.app.alarm.ring()
                await asyncio.sleep(LOOK)

    async def _open(self) -> bool:
        now = self.app.clock.now().astimezone().isoformat()
        async with self.app.db.snapshot() as conn:
            rows = await conn.execute_fetchall(
                """
                SELECT 1
                  FROM outbox
                 WHERE state IN ('waiting', 'sending', 'doubtful')
                   AND (due IS NULL OR julianday(due) <= julianday(?))
                 LIMIT 1
                """,
                (now,),
            )
        return bool(list(rows))

    def told(self, *, of: Iterable[Person] | None = None) -> dict[str, list[str]]:
        """What attendees were told, by name; who heard nothing is not in it."""
        found = {
            person.first_name: [entry.text or "" for entry in self.box.requests("sendMessage", chat=person)]
            for person in (self.crowd if of is None else of)
        }
        return {name: texts for name, texts in found.items() if texts}


def button(message: Seen, label: str) -> str:
    """The words of the button that begins so."""
    there = [one.text for row in message.buttons for one in row]
    return next((text for text in there if text.startswith(label)), label)


def all_of(people: Iterable[Person], *texts: str) -> dict[str, list[str]]:
    """Everybody was told exactly this."""
    return {person.first_name: list(texts) for person in people}


def slot(app: App, code: str) -> Slot:
    found = app.edition.timetable.session(code)
    assert found is not None
    return found


@asynccontextmanager
async def office(
    app: App, box: Sandbox, *, more: Mapping[int, str] | None = None, rates: Rates = NO_LIMITS
) -> AsyncIterator[Office]:
    """`more`: what else attendees have starred, by number and code."""
    now = app.clock.now()
    qin, li = (box.user(name, language_code="zh", started=True) for name in ("Qin", "Li"))
    crowd = [box.user(f"n{n}", language_code="zh", started=True) for n in range(50)]
    starred = {n: code for first, code in enumerate(("A3", "A3-2", "A1")) for n in range(first, 50, 5)} | dict(
        more or {}
    )
    async with app.db.transaction() as tx:
        for person in (qin, li):
            user = await acquaintance.meet(app.db, "telegram", str(person.id), "zh", now=now)
            await roles.grant(tx, user.id, "staff", 0, now=now)
        for n, person in enumerate(crowd):
            user = await acquaintance.meet(app.db, "telegram", str(person.id), "zh", now=now)
            if n in starred:
                timetable = app.edition.timetable
                thing = timetable.session(starred[n]) or timetable.event_by_code(starred[n])
                assert thing is not None
                await stars.mark(app.db, timetable, user, thing, starred=True, now=now)
    async with running_bot(app, box, rates):
        yield Office(app, box, qin, li, crowd)


def at(app: App, time: str) -> datetime:
    """A moment of the conference, in its timezone: 2025-08-09T13:30."""
    return datetime.fromisoformat(time).replace(tzinfo=app.edition.timetable.zone)
