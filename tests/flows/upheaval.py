"""Staff swap rooms while people are reminded, and the bot is killed in the midst of it: what became of every notice."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crash import BEFORE
from crowd import Told, Wanted, due, known, open_rows, opened, starred
from process import kill, start

from bot.clock import Clock
from bot.domain.programme import Programme
from bot.domain.timetable import Timetable
from bot.replies.voice import Voice
from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.seen import Seen

Expected = Counter[tuple[int, str]]
"""How often somebody must read something: by chat, and a talk's code or a session's with its rooms before and after."""


@dataclass
class Outcome:
    """What became of reminders and notices of changes.

    reminders, notices  what had to be told. changes: what staff confirmed; made: the changes in the database.
    lost, uncalled      what was told less often than it must, and what nobody was to be told.
    repeated            told more often than it must; `excused` of them were in hand at a kill as often.
    in_hand             what was on its way at a kill, over all kills.
    before_any          kills between a confirmation and the first notice of it.
    open                rows that are neither sent nor given up at the end.
    """

    reminders: int = 0
    notices: int = 0
    changes: int = 0
    made: int = 0
    kills: int = 0
    before_any: int = 0
    lost: list[tuple[int, str]] = field(default_factory=list)
    uncalled: list[tuple[int, str]] = field(default_factory=list)
    repeated: int = 0
    excused: int = 0
    in_hand: int = 0
    open: int = 0

    @property
    def good(self) -> bool:
        whole = not (self.lost or self.uncalled or self.open) and self.repeated == self.excused
        return whole and self.made == self.changes

    def __str__(self) -> str:
        return (
            f"{self.reminders} reminders and {self.notices} notices of {self.changes} changes, {self.kills} kills, "
            f"{self.before_any} of them between a confirmation and its first notice: {len(self.lost)} lost, "
            f"{self.repeated} told again; {self.in_hand} were in hand at a kill"
        )


class Upheaval:
    """A bot and its crowd; Qin is staff. `rooms`: where each session is by now."""

    def __init__(self, folder: Path, box: Sandbox, programme: Programme, wanted: Wanted, rng: random.Random) -> None:
        self.folder = folder
        self.box = box
        self.rng = rng
        self.timetable = Timetable(programme)
        self.wanted = wanted
        self.told = Told(box)
        self.expected: Expected = Counter()
        self.held: Counter[tuple[int, str]] = Counter()
        self.outcome = Outcome(reminders=len(wanted))
        self.rooms = {slot.code: slot.room or "" for slot in programme.slots if slot.code.startswith("A")}
        self.langs: dict[int, str] = {}
        self.of: dict[str, list[int]] = {}
        with opened(folder) as conn:
            self.qin = box.user("Qin", language_code="zh", started=True)
            conn.execute(
                "INSERT INTO roles (user_id, role, since) VALUES (?, 'staff', '2025-08-08')", (known(conn, self.qin),)
            )
            for address, lang in conn.execute("SELECT address, lang FROM users"):
                self.langs[int(address)] = lang
            rows = conn.execute(
                "SELECT slots.code, users.address FROM stars JOIN users ON users.id = stars.user_id"
                " JOIN slots ON slots.id = stars.subject_id WHERE stars.kind = 'slot'"
            )
            for code, address in rows:
                self.of.setdefault(code, []).append(int(address))

    async def play(self, kills: int, changes: int) -> Outcome:
        """At each moment at which people are due, staff swap rooms so many times; the kills fall in between."""
        self.process = await start(self.folder, self.box, **self._settings())
        moments = sorted(set(self.wanted.values()))
        rounds = [moment for moment in moments for _ in range(changes)]
        deaths = Counter(self.rng.choices(range(len(rounds)), k=kills))
        for n, moment in enumerate(rounds):
            await self._round(moment, deaths[n])
        async with asyncio.timeout(120):
            while open_rows(self.folder):  # noqa: ASYNC110 - the database is another process's
                await asyncio.sleep(0.01)
        self.process.terminate()
        await self.process.communicate()
        return self._counted()

    async def _round(self, moment: datetime, deaths: int) -> None:
        """One swap is confirmed at the moment at which reminders fall due, and the bot dies so often meanwhile."""
        one, other = self.rng.sample(sorted(self.rooms), 2)
        preview = await self._asked(f"/swap {one} {other}")
        self.box.clock.set(moment, 0)
        self.expected.update(set(due(self.wanted, moment)) - self.expected.keys())
        before, heard = self.told.read_on().total(), self._heard()
        self._swapped(one, other)
        for n in range(deaths):
            await self._confirmed(preview)
            left = self.expected.total() - before
            if n or self.rng.random() < 0.5:
                upto = before + self.rng.randrange(max(1, left))
                await self.box.until(lambda upto=upto: self.told.read_on().total() >= upto, seconds=120)
                for _ in range(self.rng.randrange(30)):
                    await asyncio.sleep(0)  # the requests go on meanwhile
            await self._kill(first=self._heard() == heard)
        await self._confirmed(preview)
        await self.box.until(lambda: self.expected <= self.told.read_on(), seconds=120)

    def _heard(self) -> int:
        """How many notices of changes have reached anybody."""
        return sum(number for (_, words), number in self.told.read_on().items() if "→" in words)

    def _swapped(self, one: str, other: str) -> None:
        was = dict(self.rooms)
        self.rooms[one], self.rooms[other] = was[other], was[one]
        for code in (one, other):
            old, new = (self._label(where[code]) for where in (was, self.rooms))
            for chat in self.of.get(code, ()):
                lang = self.langs[chat]
                self.expected[chat, f"{code} {old[lang]} → {new[lang]}"] += 1
                self.outcome.notices += 1
        self.outcome.changes += 1

    def _label(self, name: str) -> dict[str, str]:
        room = self.timetable.room(name)
        assert room is not None
        return {"zh": Voice("zh", self.timetable).room(room), "en": Voice("en", self.timetable).room(room)}

    async def _asked(self, text: str) -> Seen:
        return await self.box.reply(self.qin, after=self.box.say(self.qin, text), seconds=60)

    async def _confirmed(self, preview: Seen) -> None:
        """The button is pressed as long as it is there, as somebody would whose phone showed nothing."""
        edited = self._edited(preview)
        if not edited():
            await self.box.until(self._pressed(preview), seconds=60)
            await self.box.until(edited, seconds=60)

    def _pressed(self, preview: Seen) -> Callable[[], bool]:
        shown = next(one for one in self.box.messages(self.qin) if one.message_id == preview.message_id)
        label = next(one.text for row in shown.buttons for one in row if one.text.startswith("✅"))
        pressed = self.box.press(self.qin, preview.message_id, label)
        return lambda: bool(self.box.answer(pressed)) or self._edited(preview)()

    def _edited(self, preview: Seen) -> Callable[[], bool]:
        """Whether the preview has given way to what was done."""
        return lambda: any(
            entry.applied and entry.params.get("message_id") == preview.message_id
            for entry in self.box.requests("editMessageText", chat=self.qin)
        )

    async def _kill(self, *, first: bool) -> None:
        await kill(self.process)
        self.outcome.kills += 1
        self.outcome.before_any += first
        self.held.update(_in_hand(self.folder))
        self.process = await start(self.folder, self.box, **self._settings())

    def _settings(self) -> dict[str, str]:
        return {"YICHENG_CLOCK": self.box.url, "YICHENG_RATE_OVERALL": "0", "YICHENG_RATE_PRIVATE": "0"}

    def _counted(self) -> Outcome:
        found, copies = self.outcome, self.told.read_on()
        again = copies - self.expected
        found.lost = sorted((self.expected - copies).elements())
        found.uncalled = sorted(copies.keys() - self.expected.keys())
        found.repeated = again.total()
        found.excused = sum(
            min(number, self.held[chat, words.split(" ")[0]]) for (chat, words), number in again.items()
        )
        found.in_hand = self.held.total()
        found.open = open_rows(self.folder)
        with opened(self.folder) as conn:
            (found.made,) = conn.execute("SELECT count(*) FROM changes").fetchone()
        return found


def _in_hand(folder: Path) -> set[tuple[int, str]]:
    """Chat and code of the talk or session, of what was on its way when the process died."""
    with opened(folder) as conn:
        rows = conn.execute(
            """
            SELECT users.address, coalesce(talks.code, slots.code) AS code
              FROM outbox
              JOIN users ON users.id = outbox.user_id
              LEFT JOIN talks ON outbox.subject = 'talk' AND talks.id = outbox.subject_id
              LEFT JOIN slots ON outbox.subject = 'slot' AND slots.id = outbox.subject_id
             WHERE outbox.state = 'sending' AND outbox.kind IN ('reminder', 'change')
            """
        )
        return {(int(address), code) for address, code in rows}


async def upheaval(
    folder: Path, programme: Programme, *, people: int, kills: int, seed: int, changes: int = 2
) -> Outcome:
    """`changes` are made at each moment at which somebody is due to be reminded."""
    rng = random.Random(seed)  # noqa: S311 - not a secret
    async with sandbox(clock=Clock(BEFORE, 0)) as box:
        wanted = await starred(folder, box, programme, people, rng)
        return await Upheaval(folder, box, programme, wanted, rng).play(kills, changes)
