"""A small conference, a channel that remembers, and the clock in the test's hand: who was told what, and when.

Everything but the channel is real: the database, the stars, the changes, the reminders, their words and the delivery.
Conference time stands where it is set; the seconds of delivery pass at once (virtual_time.py).
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import editing
from virtual_time import TimelessDatabase

from bot.config import Settings
from bot.domain import edits
from bot.domain.edits import Plan, Setting
from bot.domain.model import Text
from bot.domain.programme import Conference, Programme, Room, Slot, Talk
from bot.domain.timetable import Event, Timetable
from bot.domain.user import User
from bot.replies.reply import Reply, plain
from bot.services import acquaintance, changes, editions, importing, live, reminders, stars
from bot.services.channel import Undelivered
from bot.services.composing import composer
from bot.services.delivery import Delivery
from bot.services.stars import Marked
from bot.store import outbox, programmes, users
from bot.store.database import Connection, Database

DAY = datetime(2025, 8, 9, tzinfo=UTC)
ROOMS = ("R1", "R2", "R3")


def at(clock: str) -> datetime:
    """A time of the day of the conference."""
    hours, minutes = map(int, clock.split(":"))
    return DAY + timedelta(hours=hours, minutes=minutes)


def session(code: str, start: datetime, minutes: int, room: str, talks: int) -> Slot:
    return Slot(
        kind="session" if talks else "panel",
        code=code if talks else "",
        title=f"Session {code}" if talks else code,
        start=start,
        end=start + timedelta(minutes=minutes),
        room=room,
        talks=tuple(Talk(code=f"{code}-{n}", title=f"{code}{n}") for n in range(1, talks + 1)),
    )


def programme(*slots: Slot, zone: str = "UTC") -> Programme:
    return Programme(
        conference=Conference(key="SMALL", name=Text(en="Small"), timezone=zone),
        rooms=tuple(Room(name=name) for name in ROOMS),
        slots=slots,
    )


@dataclass
class Fake:
    """A channel that remembers what it was given, as lines, in order; `failure` is raised instead of an answer.

    words    how a reply becomes a line.
    mute     it never answers; what it was given has arrived nevertheless if `arrives`.
    content  what each message says now, by its number.
    """

    zone: object
    now: datetime
    words: Callable[[Reply], str] = field(default_factory=lambda: words)
    mute: bool = False
    arrives: bool = True
    failure: dict[str, Undelivered] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    content: dict[str, tuple[str, str]] = field(default_factory=dict)
    sent: int = 0
    tries: int = 0

    async def send(self, user: User, reply: Reply, *, silent: bool, wanted: object) -> str:
        said = f"(silent) {self.words(reply)}" if silent else self.words(reply)
        await self._given(user, said)
        self.sent += 1
        self.content[str(self.sent)] = (user.address, self.words(reply))
        return str(self.sent)

    async def edit(self, user: User, message: str, reply: Reply, *, made: float) -> None:
        await self._given(user, f"edit: {self.words(reply)}")
        self.content[message] = (user.address, self.words(reply))

    async def _given(self, user: User, said: str) -> None:
        self.tries += 1
        if (failure := self.failure.get(user.address)) is not None:
            raise failure
        if self.arrives or not self.mute:
            self.lines[user.address].append(f"{self.now.astimezone(self.zone):%H:%M} {said}")  # type: ignore[arg-type]
        if self.mute:
            await asyncio.Event().wait()


def words(reply: Reply) -> str:
    """The first two lines of each part of a reminder: when and where, and what. Of other notices only what they are."""
    if not reply.ask.startswith("reminder "):
        return "change"
    return " / ".join(" ".join(plain(line) for line in block.lines[:2]) for block in reply.blocks)


def titled(reply: Reply) -> str:
    """The same, whatever stands between when and what: that a session is late, for example."""
    if not reply.ask.startswith("reminder "):
        return "change"
    clash = [block for block in reply.blocks if len(block.lines) == 1]
    things = [block for block in reply.blocks if len(block.lines) > 1]
    titles = [next(line for line in block.lines[1:] if line[0].bold) for block in things]
    named = [f"{plain(block.lines[0])} {plain(title)}" for block, title in zip(things, titles, strict=True)]
    return " / ".join([plain(block.lines[0]) for block in clash] + named)


class World:
    """A database, a channel, a programme as this process knows it, and a delivery that can be stopped."""

    def __init__(self, db: Database, timetable: Timetable, now: datetime) -> None:
        self.db = db
        self.timetable = timetable
        self.channel = Fake(timetable.zone, now)
        self.rate: float | None = None
        self._delivery: Delivery | None = None
        self._running: asyncio.Task[None] | None = None
        self._following: datetime | None = None
        self._outdated = asyncio.Event()

    @property
    def now(self) -> datetime:
        return self.channel.now

    async def start(self) -> None:
        """The bot starts: it looks for what is due, and delivers it."""
        compose = composer(lambda: self.timetable, lambda: self.now)
        self._delivery = Delivery(
            self.db,
            {"fake": self.channel},
            compose,
            lambda: self.now,
            current=self._current,
            outdated=self._outdated.set,
        )
        self._running = asyncio.create_task(self._delivery.run())
        await self.look()

    async def stop(self) -> None:
        """The bot is stopped; what is on its way then stays in doubt."""
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
            self._running = self._delivery = None

    async def look(self) -> None:
        """What the bot does at each wake-up; then everything that it set off comes to its end."""
        await self.refresh()
        async with self.db.transaction() as tx:
            following = await reminders.look(tx, self.timetable, rate=self.rate, now=self.now)
            waiting = await outbox.next_due(tx, now=self.now)
        self._following = min((one for one in (following, waiting) if one is not None), default=None)
        if self._delivery is not None:
            self._delivery.wake()
            await asyncio.sleep(30)
            if self._outdated.is_set():
                self._outdated.clear()
                await self.look()

    async def until(self, moment: datetime) -> None:
        """Conference time goes on to a moment, and the bot looks whenever it said that it would."""
        while self._delivery is not None and self._following is not None and self._following <= moment:
            assert self._following > self.now
            self.channel.now = self._following
            await self.look()
        await self.jump(moment)

    async def jump(self, moment: datetime) -> None:
        """The clock is set; the bot, if it runs, looks then."""
        self.channel.now = moment
        if self._delivery is not None:
            await self.look()

    async def refresh(self) -> None:
        """Know the programme as it is now. Laid out again only when it changed: this is asked at every step."""
        async with self.db.snapshot() as conn:
            if await programmes.revision(conn) == self.timetable.revision:
                return
            found = await editions.laid_out(conn)
        assert found is not None
        self.timetable = found

    async def _current(self, tx: Connection) -> int | None:
        revision = await programmes.revision(tx)
        return revision if revision == self.timetable.revision else None

    # People.

    async def user(self, name: str = "an") -> User:
        return await acquaintance.meet(self.db, "fake", name, "en", now=self.now)

    async def prefers(self, name: str, preference: users.Preference, value: int | None) -> None:
        user = await self.user(name)
        async with self.db.transaction() as tx:
            await users.set_preference(tx, user.id, preference, value)
        await self._rung()

    async def star(self, *things: str, who: str = "an", starred: bool = True) -> list[Marked]:
        """Set or take away stars, on talks and slots by their codes or titles."""
        user = await self.user(who)
        marked = [
            await stars.mark(self.db, self.timetable, user, self.thing(one), starred=starred, now=self.now)
            for one in things
        ]
        await self._rung()
        return marked

    # The programme.

    def thing(self, name: str) -> Event | Slot:
        event = self.timetable.event_by_code(name)
        return event or next(slot for slot in self.timetable.slots if name in (slot.code, slot.title))

    def named(self, name: str) -> tuple[Literal["talk", "slot"], int]:
        thing = self.thing(name)
        return ("talk", thing.talk.id) if isinstance(thing, Event) else ("slot", thing.id)

    async def move(self, name: str, room: str) -> None:
        found = self.timetable.room(room)
        assert found is not None
        await editing.move(self.db, self.named(name)[1], found.id, by=None, now=self.now)
        await self._rung()

    async def retime(self, name: str, start: datetime, end: datetime) -> None:
        await editing.retime(self.db, *self.named(name), start, end, by=None, now=self.now)
        await self._rung()

    async def swap(self, one: str, other: str) -> Plan:
        """Two talks change places in time. Returns the plan that takes it back."""
        first, second = self.thing(one), self.thing(other)
        assert isinstance(first, Event)
        assert isinstance(second, Event)
        edit = edits.swap_times(first, second)
        await self.make(Plan(kind="swap", edit=edit))
        return Plan(kind="undo", edit=edits.inverse(edit))

    async def share_out(self, name: str) -> None:
        """The talks of a session have no times of their own any more: each is an equal share of it."""
        slot = self.thing(name)
        assert isinstance(slot, Slot)
        times = [(talk.id, field, getattr(talk, field)) for talk in slot.talks for field in ("start", "end")]
        edit = [
            Setting(thing="talk", id=talk_id, field=field, before=moment.isoformat())
            for talk_id, field, moment in times
            if moment is not None
        ]
        await self.make(Plan(kind="retime", edit=tuple(edit)))

    async def make(self, plan: Plan) -> None:
        """Staff do what was planned."""
        async with self.db.transaction() as tx:
            await changes.make(tx, plan, by=None, now=self.now)
        await self._rung()

    async def cancel(self, name: str) -> None:
        await editing.cancel(self.db, *self.named(name), by=None, now=self.now)
        await self._rung()

    async def restore(self, name: str) -> None:
        await editing.restore(self.db, *self.named(name), by=None, now=self.now)
        await self._rung()

    async def chair(self, name: str, word: live.Word) -> bool:
        """Its chair says something of a session. Whether it was said of how things stood."""
        said = await live.say(self.db, self.named(name)[1], word)
        await self._rung()
        return said is not None and said[1]

    async def take(self, new: Programme, *, called_off: bool = False) -> None:
        """A new programme file comes. `called_off`: what it no longer has does not take place."""
        await importing.take(self.db, new, texts_only=False, facts=True, now=self.now, answer=lambda _: called_off)
        await self._rung()

    async def _rung(self) -> None:
        """Whatever was written rings the alarm."""
        await self.refresh()
        if self._delivery is not None:
            await self.look()


@asynccontextmanager
async def world(folder: Path, given: Programme, now: datetime) -> AsyncIterator[World]:
    """A world with this programme in it; the bot does not run yet."""
    db = await TimelessDatabase.open(folder / "yicheng.sqlite3", Settings.migrations, now=now)
    async with db:
        await importing.first(db, given)
        async with db.snapshot() as conn:
            found = await editions.laid_out(conn)
        assert found is not None
        made = World(db, found, now)
        try:
            yield made
        finally:
            await made.stop()


def told(made: World, who: str = "an") -> Sequence[str]:
    """Everything that somebody was told."""
    return made.channel.lines[who]
