"""One bot, one fresh process, measured from outside. Linux only: CPU and memory are read from /proc.

The sandbox and the people run in this process, the bot in its own, so only the bot's CPU is counted.
"""

import asyncio
import os
import shutil
import signal
import sqlite3
import tempfile
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from contenders import NO_LIMITS, Contender, environment

from bot.clock import Clock
from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.state import User

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 300.0


@dataclass(frozen=True)
class Measured:
    """Of one process. Seconds but for `cpu` (CPU seconds per update), `rate` (updates/s) and `peak` (MiB).

    start       from the start of the process to its first answer.
    alone       latencies of questions asked one at a time.
    crowded     latencies while every user has a question open.
    """

    start: float
    rate: float
    cpu: float
    alone: list[float]
    crowded: list[float]
    peak: float


async def measure(contender: Contender, database: Path | None, *, updates: int, users: int, alone: int) -> Measured:
    """Start the bot with one question waiting; ask one at a time; then all users at once, each after their answer.

    `database` is copied; None for a bot that begins with nothing.
    """
    with _copied(database) as own:
        return await _measured(contender, own, updates=updates, users=users, alone=alone)


async def _measured(contender: Contender, database: Path, *, updates: int, users: int, alone: int) -> Measured:
    clock = Clock(datetime(2025, 8, 9, 6, 40, tzinfo=UTC))
    async with sandbox(clock=clock) as box:
        crowd = [box.user(f"User {n}", language_code="en" if n % 2 else "zh-hans", started=True) for n in range(users)]
        if contender.everybody_stars:
            _star(database, crowd)
        visit = Visit(box, clock, contender.questions)
        visit.ask(crowd[0])
        began = time.perf_counter()
        async with running(contender, box, database, **NO_LIMITS) as pid:
            await visit.answers(1)
            start = time.perf_counter() - began
            # A name makes our bot lay out its index, which it puts off until after the first answer.
            visit.ask(crowd[0], "dongbn")
            await visit.answers(1)
            for person in crowd[: max(1, users // 10)]:  # whoever is met for the first time is written down
                visit.ask(person)
                await visit.answers(1)
            visit.latencies.clear()
            for _, person in zip(range(alone), cycle(crowd[: max(1, users // 10)]), strict=False):
                visit.ask(person)
                await visit.answers(1)
            one_at_a_time, visit.latencies = visit.latencies, []
            cpu, begun = cpu_of(pid), time.perf_counter()
            await visit.crowd(crowd, updates)
            took = time.perf_counter() - begun
            # What is left to do after the last answer belongs to it.
            await asyncio.sleep(0.05)
            return Measured(
                start=start,
                rate=updates / took,
                cpu=(cpu_of(pid) - cpu) / updates,
                alone=one_at_a_time,
                crowded=visit.latencies,
                peak=_peak(pid),
            )


class Visit:
    """People who ask, and what the sandbox's ledger tells of the answers."""

    def __init__(self, box: Sandbox, clock: Clock, questions: Sequence[str]) -> None:
        self._box = box
        self._clock = clock
        self._questions = cycle(questions)
        self._asked: dict[int, datetime] = {}
        self._read = 0
        self.latencies: list[float] = []

    def ask(self, person: User, question: str = "") -> None:
        self._asked[person.id] = self._clock.now()
        self._box.say(person, question or next(self._questions))

    async def answers(self, count: int) -> None:
        """Wait for so many answers."""
        upto = len(self.latencies) + count
        await self._box.until(lambda: self._read_on() is not None and len(self.latencies) >= upto, seconds=PATIENCE)

    async def crowd(self, people: Sequence[User], updates: int) -> None:
        """Everybody asks at once, and asks again when answered, until so many updates are answered."""
        upto = len(self.latencies) + updates
        left = updates
        for person in people[:left]:
            self.ask(person)
            left -= 1

        def on() -> bool:
            nonlocal left
            for chat_id in self._read_on():
                if left:
                    self.ask(self._box.world.users[chat_id])
                    left -= 1
            return len(self.latencies) >= upto

        await self._box.until(on, seconds=PATIENCE)

    def _read_on(self) -> list[int]:
        """Take in what the ledger has become; the chats that were answered."""
        answered = []
        entries = self._box.ledger
        while self._read < len(entries):
            entry = entries[self._read]
            if entry.method == "sendMessage" and entry.outcome == "open" and not entry.applied:
                break
            self._read += 1
            if entry.method == "sendMessage" and isinstance(entry.chat_id, int):
                self.latencies.append((entry.at - self._asked.pop(entry.chat_id)).total_seconds())
                answered.append(entry.chat_id)
        return answered


async def time_of(argv: Sequence[str | Path], database: Path) -> float:
    """Seconds that a command takes from start to end."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(*argv, env=environment(database), stdout=DEVNULL, stderr=DEVNULL)
    if await process.wait():
        raise RuntimeError(f"{argv[0]} ended with {process.returncode}")
    return time.perf_counter() - began


@contextmanager
def _copied(database: Path | None) -> Iterator[Path]:
    """A database of one's own: every sandbox counts its updates anew, and a bot knows those it has had."""
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "yicheng.sqlite3"
        if database is not None:
            shutil.copy(database, own)
        yield own


def _star(database: Path, crowd: Sequence[User]) -> None:
    """Everybody two talks, nobody the same two, without reminders. The bot was started on this database before."""
    with closing(sqlite3.connect(database)) as conn, conn:
        talks = [row[0] for row in conn.execute("SELECT id FROM talks")]
        for turn, person in enumerate(crowd):
            lang = "en" if person.language_code == "en" else "zh"
            about = ("telegram", str(person.id), lang)
            user = conn.execute(
                "INSERT INTO users (channel, address, lang, since, reminders) VALUES (?, ?, ?, '', 0)", about
            ).lastrowid
            pair = {talks[n % len(talks)] for n in (turn, turn + 1 + turn // len(talks))}
            conn.executemany(
                "INSERT INTO stars (user_id, kind, subject_id, starred, since) VALUES (?, 'talk', ?, 1, '')",
                [(user, talk) for talk in pair],
            )


@asynccontextmanager
async def running(contender: Contender, box: Sandbox, database: Path, **more: str) -> AsyncIterator[int]:
    """The process, killed at the end; its number. `more`: settings of ours."""
    settings = {"YICHENG_TELEGRAM_TOKEN": box.token, "YICHENG_TELEGRAM_API_URL": box.url, **more}
    process = await asyncio.create_subprocess_exec(
        *contender.argv(box.token, box.url),
        env=environment(database, **settings),
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    try:
        yield process.pid
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


def cpu_of(pid: int) -> float:
    """CPU seconds of all threads so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _peak(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
