"""kill -9 while cards are sent, a button is pressed, reminders are mended and staff are told: nothing is lost."""

import sqlite3
from asyncio.subprocess import Process
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from process import kill, start
from staffed import button

from bot.clock import Clock
from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.seen import Seen
from bot.sandbox.state import User as Person

CHAIRS = {"Chen": "A3", "Luo": "A1", "Xu": "A8"}
CROWD = 50


def moment(hour: int, minute: int) -> datetime:
    """A time of the first afternoon in UTC, eight hours behind the conference's own."""
    return datetime(2025, 8, 9, hour - 8, minute, tzinfo=UTC)


class Hall:
    """The bot as a process, killed again and again, and the people it talks to."""

    def __init__(self, folder: Path, box: Sandbox) -> None:
        self.folder, self.box = folder, box
        self.held: Counter[tuple[str, str]] = Counter()
        self.people = {name: box.user(name, language_code="zh", started=True) for name in (*CHAIRS, "Qin", "Li")}
        self.crowd = [box.user(f"n{n}", language_code="zh", started=True) for n in range(CROWD)]
        self._process: Process | None = None

    async def run(self) -> None:
        settings = {"YICHENG_CLOCK": self.box.url, "YICHENG_RATE_OVERALL": "0", "YICHENG_RATE_PRIVATE": "0"}
        self._process = await start(self.folder, self.box, **settings)

    async def dies(self) -> None:
        """Killed, what was on its way noted, and started again."""
        assert self._process is not None
        await kill(self._process)
        for kind, address in self._rows(
            "SELECT kind, address FROM outbox JOIN users ON users.id = user_id WHERE state = 'sending'"
        ):
            self.held[kind, address] += 1
        await self.run()

    async def ends(self) -> None:
        assert self._process is not None
        self._process.terminate()
        await self._process.communicate()

    async def meets_everybody(self) -> None:
        """Chairs and staff have their roles, and everybody else has starred A3."""
        await self.run()
        for person in (*self.people.values(), *self.crowd):
            self.box.say(person, "/start")
        await self.box.until(
            lambda: len(self.box.requests("sendMessage")) == len(self.people) + CROWD and not self.box.pending,
            seconds=60,
        )
        await self.ends()
        with closing(sqlite3.connect(self.folder / "yicheng.sqlite3")) as conn, conn:
            since = "2025-08-09T04:00:00.000Z"
            for name, person in self.people.items():
                role, code = ("chair", CHAIRS[name]) if name in CHAIRS else ("staff", "")
                conn.execute(
                    "INSERT INTO roles (user_id, role, subject_id, since) SELECT users.id, ?, "
                    "coalesce((SELECT id FROM slots WHERE code = ? AND code <> ''), 0), ? FROM users WHERE address = ?",
                    (role, code, since, str(person.id)),
                )
            for person in self.crowd:
                conn.execute(
                    "INSERT INTO stars (user_id, kind, subject_id, starred, since)"
                    " SELECT users.id, 'slot', slots.id, 1, ? FROM users, slots WHERE address = ? AND code = 'A3'",
                    (since, str(person.id)),
                )
        self.begun = len(self.box.ledger)
        await self.run()

    def told(self, who: Person) -> list[str]:
        """First lines of the messages somebody got since everything began."""
        entries = [entry for entry in self.box.ledger[self.begun :] if entry.method == "sendMessage" and entry.applied]
        return [(entry.text or "").split("\n")[0] for entry in entries if entry.chat_id == who.id]

    def cards(self, name: str) -> list[Seen]:
        code = CHAIRS[name]
        return [one for one in self.box.messages(self.people[name]) if one.text.startswith(f"{code} ") and one.buttons]

    def repeated(self) -> Counter[tuple[str, str]]:
        """What came more often than once, by kind and address; duties of chairs are another story."""
        found: Counter[tuple[str, str]] = Counter()
        for name in CHAIRS:
            found["control", str(self.people[name].id)] = len(self.cards(name)) - 1
        for name in ("Qin", "Li"):
            found["silent", str(self.people[name].id)] = len(self.told(self.people[name])) - 1
        for person in self.crowd:
            found["reminder", str(person.id)] = len(self.told(person)) - 1
        return found

    def late(self) -> list[tuple[str, int]]:
        return self._rows("SELECT code, late FROM live JOIN slots ON slots.id = slot_id")

    def _rows(self, sql: str) -> list[tuple[str, int]]:
        with closing(sqlite3.connect(self.folder / "yicheng.sqlite3")) as conn:
            return conn.execute(sql).fetchall()


async def test_killed_at_every_step_everybody_is_told_and_five_minutes_are_added_once(tmp_path: Path) -> None:
    async with sandbox(clock=Clock(moment(12, 0), 0)) as box:
        hall = Hall(tmp_path, box)
        await hall.meets_everybody()

        box.clock.set(moment(13, 20), 0)
        await box.until(lambda: any(hall.cards(name) for name in CHAIRS), seconds=60)
        await hall.dies()
        await box.until(
            lambda: all(hall.cards(name) for name in CHAIRS) and all(hall.told(person) for person in hall.crowd),
            seconds=60,
        )

        box.clock.set(moment(13, 25), 0)
        await box.until(lambda: any(hall.told(hall.people[name]) for name in ("Qin", "Li")), seconds=60)
        await hall.dies()
        await box.until(lambda: all(hall.told(hall.people[name]) for name in ("Qin", "Li")), seconds=60)

        chen = hall.people["Chen"]
        card = hall.cards("Chen")[-1]
        edits = len(box.requests("editMessageText"))
        box.press(chen, card.message_id, button(card, "晚 +5"))
        number = box.pending[-1]["update_id"]
        await box.until(lambda: len(box.requests("editMessageText")) > edits, seconds=60)
        await hall.dies()
        box.duplicate(number)
        await box.until(
            lambda: (
                all(any("≈13:35" in one.text for one in box.messages(person)) for person in hall.crowd)
                and "晚约 5 分钟" in hall.cards("Chen")[-1].text
                and not box.pending
            ),
            seconds=60,
        )
        late = hall.late()
        await hall.ends()

    assert late == [("A3", 5)]
    assert {name: sorted(set(hall.told(hall.people[name]))) for name in ("Qin", "Li")} == {
        name: ["⚠️ 13:30 开始，主持人还没有报到："] for name in ("Qin", "Li")
    }
    assert {person.first_name: sorted(set(hall.told(person))) for person in hall.crowd} == {
        person.first_name: ["⏰ 10 分钟后　≈13:30 · 友谊宫 1 号"] for person in hall.crowd
    }
    assert hall.repeated() - hall.held == Counter()
