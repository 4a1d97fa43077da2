"""`make bench-fanout`: a crowd is told, against a sandbox on this machine, by fresh processes.

limit      3,000 reminders at Telegram's 30 a second: seconds over the ideal, and how often Telegram said 429.
free       3,000 without limits, beside PTB's own `send_message` gathered on the same transport: messages/s and CPU.
questions  /next at 5 a second, with nothing else to do and while a crowd is told at 30 a second.
lateness   when the starrers of one talk are told, seen from the moment they are due.
change     a session that 1,000 have starred is moved and told at once: from staff's press to the first and the last.
broadcast  first and last of 3,000 who are told by staff, seen from the press, and /next meanwhile.
"""

import asyncio
import json
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated

import typer
from contenders import HERE, NO_LIMITS, PYTHON, yicheng
from measuring import cpu_of, running, time_of
from rich.console import Console

from bot.clock import Clock
from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.ledger import Entry
from bot.services.reminders import release

DUE = datetime(2025, 8, 9, 5, 20, tzinfo=UTC)
"""Ten minutes before A8 begins."""
BEFORE = DUE - timedelta(minutes=20)
FIRST_CHAT = 1_000_001
RATE = 30
BOT = yicheng("yicheng")
PARTS = ("limit", "free", "questions", "lateness", "change", "broadcast")
STARRERS = 1000

Figures = dict[str, list[float]]


def main(
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    people: Annotated[int, typer.Option(min=100)] = 3000,
    seconds: Annotated[int, typer.Option(min=5, help="How long questions are asked, idle and in the crowd.")] = 40,
    only: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(PARTS)}; may be given again.")] = None,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write every figure to this file.")] = None,
) -> None:
    figures = asyncio.run(_run(set(only or PARTS), rounds, people, seconds))
    console = Console()
    for name, found in figures.items():
        spread = f"({min(found):.3f}–{max(found):.3f})" if len(found) > 1 else ""
        console.print(f"{name:62} {median(found):10.3f} {spread}", highlight=False)
    if as_json:
        as_json.write_text(json.dumps(figures, indent=1), "utf-8")


async def _run(  # noqa: C901 - a line for each part
    parts: set[str], rounds: int, people: int, seconds: int
) -> Figures:
    figures: Figures = {}

    def note(name: str, figure: float) -> None:
        figures.setdefault(name, []).append(figure)

    with tempfile.TemporaryDirectory() as name:
        empty = Path(name) / "empty.sqlite3"
        await time_of([BOT.command[0], "ask", "/next"], empty)
        for _ in range(rounds):
            if "limit" in parts:
                await _limit(_starred(empty, people), people, note)
            if "free" in parts:
                await _free(_starred(empty, people), people, note)
            if "questions" in parts:
                await _questions(_starred(empty, people), people, seconds, note)
            if "broadcast" in parts:
                await _broadcast(_starred(empty, people), people, seconds, note)
            if "change" in parts:
                for limits in (True, False):
                    await _change(_starred(empty, STARRERS), note, limits=limits)
            if "lateness" in parts:
                for crowd in (50, 500):
                    await _lateness(_starred(empty, crowd), crowd, note)
    if "lateness" in parts:
        _computed(5000, note)
    return figures


Note = Callable[[str, float], None]


async def _limit(database: Path, people: int, note: Note) -> None:
    async with sandbox(limits=True, clock=Clock(BEFORE, 0)) as box:
        _crowd(box, people)
        async with running(BOT, box, database, YICHENG_CLOCK=box.url):
            await _ready(box)
            box.clock.set(DUE, 0)
            await _all_told(box, people)
        told = _told(box)
        took = told[-1].received - told[0].received
        ideal = (people - RATE) / RATE  # the first second's share at once
        note("limit: seconds over the ideal", took - ideal)
        note("limit: share over the ideal (aim: 0.03)", took / ideal - 1)
        note("limit: answers with 429 (aim: 0)", sum(entry.status == 429 for entry in box.ledger))


async def _free(database: Path, people: int, note: Note) -> None:
    async with sandbox(clock=Clock(BEFORE, 0)) as box:
        _crowd(box, people)
        async with running(BOT, box, database, YICHENG_CLOCK=box.url, **NO_LIMITS) as pid:
            await _ready(box)
            cpu, began = cpu_of(pid), time.perf_counter()
            box.clock.set(DUE, 0)
            await _all_told(box, people)
            ours = people / (time.perf_counter() - began)
            while _unsettled(database):  # noqa: ASYNC110 - the database is another process's
                await asyncio.sleep(0.01)
            ours_cpu = (cpu_of(pid) - cpu) / people
        message = _told(box)[0].params
    async with sandbox(clock=Clock(DUE, 0)) as box:
        _crowd(box, people)
        keyboard = json.dumps(message["reply_markup"])
        process = await asyncio.create_subprocess_exec(
            PYTHON, HERE / "gather_ptb.py", box.token, box.url, str(FIRST_CHAT), str(people), message["text"], keyboard,
            stdout=PIPE,
        )  # fmt: skip
        await _all_told(box, people)
        said, _ = await process.communicate()
        took, cpu = map(float, said.split())
        theirs, theirs_cpu = people / took, cpu / people
    note("free: messages/s, from the due moment", ours)
    note("free: messages/s of PTB gathered, from its beginning", theirs)
    note("free: messages/s, ours to theirs (aim: 0.8)", ours / theirs)
    note("free: CPU ms a message, queueing and settling included", ours_cpu * 1000)
    note("free: CPU ms a message of PTB gathered", theirs_cpu * 1000)


async def _questions(database: Path, people: int, seconds: int, note: Note) -> None:
    rng = random.Random(1)  # noqa: S311 - arrivals that repeat
    async with sandbox(limits=True, clock=Clock(BEFORE, 0)) as box:
        _crowd(box, people)
        askers = [box.user(f"Asker {n}", started=True).id for n in range(100)]
        async with running(BOT, box, database, YICHENG_CLOCK=box.url):
            await _ready(box)
            await _latencies(box, askers, 5, rng)  # whoever is met for the first time is written down
            idle = await _latencies(box, askers, seconds, rng)
            box.clock.set(DUE, 0)
            await box.until(lambda: len(_told(box)) > RATE, seconds=60)
            before = len(_told(box))
            began = time.perf_counter()
            crowded = await _latencies(box, askers, seconds, rng)
            rate = (len(_told(box)) - before) / (time.perf_counter() - began)
        note("questions: p95 of /next at rest, ms", _percentile(idle, 95) * 1000)
        note("questions: p95 of /next in a crowd, ms", _percentile(crowded, 95) * 1000)
        note("questions: crowd to rest (aim: 1.5)", _percentile(crowded, 95) / _percentile(idle, 95))
        note("questions: notices/s meanwhile", rate)
        note("questions: answers with 429", sum(entry.status == 429 for entry in box.ledger))


async def _broadcast(database: Path, people: int, seconds: int, note: Note) -> None:
    """Nobody is due for a reminder; whoever asks is not among those who are told."""
    rng = random.Random(1)  # noqa: S311 - arrivals that repeat
    async with sandbox(limits=True, clock=Clock(BEFORE, 0)) as box:
        _crowd(box, people)
        staff = box.user("Staff", started=True)
        with closing(sqlite3.connect(database)) as conn, conn:
            row = conn.execute(
                "INSERT INTO users (channel, address, lang, since) VALUES ('telegram', ?, 'en', '2025-08-08')",
                (str(staff.id),),
            ).lastrowid
            conn.execute(
                "INSERT INTO roles (user_id, role, subject_id, since) VALUES (?, 'staff', 0, '2025-08-08')", (row,)
            )
        askers = [box.user(f"Asker {n}", started=True).id for n in range(100)]
        async with running(BOT, box, database, YICHENG_CLOCK=box.url):
            await _ready(box)
            await _latencies(box, askers, 5, rng)  # whoever is met for the first time is written down
            idle = await _latencies(box, askers, seconds, rng)
            said = box.say(staff, "/broadcast A8 The bus leaves at 17:30\n---\n大巴 17:30 出发")
            preview = await box.reply(staff, after=said, seconds=60)
            pressed = box.seconds
            box.press(staff, preview.message_id, "✅ Send")
            await box.until(lambda: len(_told(box)) > RATE, seconds=60)
            crowded = await _latencies(box, askers, seconds, rng)
            under_way = len(_told(box)) < people
            await box.until(lambda: len(_told(box)) >= people, seconds=people / RATE * 2 + 60)
        told = _told(box)
        note("broadcast: p95 of /next at rest, ms", _percentile(idle, 95) * 1000)
        note("broadcast: p95 of /next under way, ms", _percentile(crowded, 95) * 1000)
        note("broadcast: under way to rest (aim: 1.5)", _percentile(crowded, 95) / _percentile(idle, 95))
        note("broadcast: still under way when the last question was answered (1: yes)", float(under_way))
        note("broadcast: first told after the press, s", told[0].received - pressed)
        note("broadcast: last told after the press, s", told[-1].received - pressed)
        note("broadcast: answers with 429", sum(entry.status == 429 for entry in box.ledger))


async def _latencies(box: Sandbox, askers: Sequence[int], seconds: float, rng: random.Random) -> list[float]:
    """Ask /next five times a second, at random moments, each time somebody else; wait for all the answers."""
    asked: dict[int, float] = {}
    found: list[float] = []
    read_on = _reader(box)
    read_on()

    def answered(*, enough: float) -> bool:
        moment = time.perf_counter()
        found.extend(moment - asked.pop(entry.chat_id) for entry in read_on() if entry.chat_id in asked)
        return len(found) >= enough

    watching = asyncio.create_task(box.until(lambda: answered(enough=float("inf")), seconds=seconds * 10 + 60))
    began = time.perf_counter()
    turn = 0
    while time.perf_counter() - began < seconds:
        await asyncio.sleep(rng.expovariate(5))
        asker = askers[turn % len(askers)]
        turn += 1
        asked[asker] = time.perf_counter()
        box.say(asker, "/next")
    await box.until(lambda: answered(enough=turn), seconds=60)
    watching.cancel()
    return found


async def _change(database: Path, note: Note, *, limits: bool) -> None:
    """A8 goes to the main hall the evening before, and staff press "tell now"."""
    async with sandbox(limits=limits, clock=Clock(DUE - timedelta(hours=17), 0)) as box:
        _crowd(box, STARRERS)
        owner = box.user("Owner", started=True)
        settings = {"YICHENG_CLOCK": box.url, "YICHENG_OWNERS": str(owner.id), **({} if limits else NO_LIMITS)}
        async with running(BOT, box, database, **settings):
            await _ready(box)
            preview = await box.reply(owner, after=box.say(owner, "/move A8 友谊宫 聚英厅"), seconds=60)
            now = next(one.text for row in preview.buttons for one in row if one.text.startswith("⚡"))
            pressed = box.seconds
            box.press(owner, preview.message_id, now)
            await _all_told(box, STARRERS + 1)  # the preview as well
        told = [entry.received - pressed for entry in _told(box)]
    how = "at 30 a second" if limits else "without limits"
    note(f"change: {how}, from the press to the first, s (aim: 0.5)", told[0])
    note(f"change: {how}, to the last, s (aim: {34.5 if limits else 3.0})", told[-1])
    note(f"change: {how}, answers with 429 (aim: 0)", sum(entry.status == 429 for entry in box.ledger))


async def _lateness(database: Path, people: int, note: Note) -> None:
    """The clock runs as it does in life."""
    ahead = timedelta(seconds=people / RATE * 1.2 + 5)
    async with sandbox(limits=True, clock=Clock(DUE - ahead, 0)) as box:
        _crowd(box, people)
        async with running(BOT, box, database, YICHENG_CLOCK=box.url):
            await _ready(box)
            box.clock.set(speed=1)
            await _all_told(box, people)
        late = [(entry.at - DUE).total_seconds() for entry in _told(box)]
    _note_lateness(people, late, note)


def _computed(people: int, note: Note) -> None:
    """From the rates: when the first must leave, and each of the rest in turn."""
    at = round(DUE.timestamp() * 1000)
    begin = (release({at: people}, RATE)[at] - at) / 1000
    _note_lateness(people, [begin + n / RATE for n in range(people)], note, how="computed")


def _note_lateness(people: int, late: Sequence[float], note: Note, *, how: str = "measured") -> None:
    for name, figure in (("first", min(late)), ("p50", median(late)), ("p99", _percentile(late, 99))):
        note(f"lateness: {people} starrers, {how}, {name}, s", figure)


def _percentile(found: Sequence[float], percent: int) -> float:
    return quantiles(found, n=100)[percent - 1]


def _crowd(box: Sandbox, people: int) -> None:
    for n in range(people):
        box.user(f"User {n}", id=FIRST_CHAT + n, started=True)


def _starred(empty: Path, people: int) -> Path:
    """A database in which so many people starred A8, half of them in each language."""
    database = empty.with_name("starred.sqlite3")
    for left in empty.parent.glob("starred.sqlite3*"):
        left.unlink()
    shutil.copy(empty, database)
    with closing(sqlite3.connect(database)) as conn, conn:
        (slot,) = conn.execute("SELECT id FROM slots WHERE code = 'A8'").fetchone()
        for n in range(people):
            user = conn.execute(
                "INSERT INTO users (channel, address, lang, since) VALUES ('telegram', ?, ?, '2025-08-08')",
                (str(FIRST_CHAT + n), "en" if n % 2 else "zh"),
            ).lastrowid
            conn.execute("INSERT INTO stars VALUES (?, 'slot', ?, 1, '2025-08-08')", (user, slot))
    return database


def _unsettled(database: Path) -> int:
    with closing(sqlite3.connect(database)) as conn:
        rows = conn.execute("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending', 'doubtful')")
        return int(rows.fetchone()[0])


def _told(box: Sandbox) -> list[Entry]:
    """Notices that arrived, in order."""
    return [
        entry
        for entry in box.ledger
        if entry.method == "sendMessage" and entry.applied and int(entry.chat_id or 0) >= FIRST_CHAT
    ]


async def _ready(box: Sandbox) -> None:
    """The bot has told Telegram who it is, and listens."""
    await box.until(lambda: box.requests("setChatMenuButton") and box.polling, seconds=60)


async def _all_told(box: Sandbox, people: int) -> None:
    told = 0
    read_on = _reader(box)

    def all_of_them() -> bool:
        nonlocal told
        told += len(read_on())
        return told >= people

    await box.until(all_of_them, seconds=people / RATE * 2 + 60)


def _reader(box: Sandbox) -> Callable[[], list[Entry]]:
    """Gives the messages that arrived since the last time, without looking through the whole ledger again."""
    read = 0
    open_ones: list[Entry] = []

    def read_on() -> list[Entry]:
        nonlocal read, open_ones
        looked_at = [*open_ones, *(entry for entry in box.ledger[read:] if entry.method == "sendMessage")]
        read = len(box.ledger)
        open_ones = [entry for entry in looked_at if not entry.applied and entry.outcome == "open"]
        return [entry for entry in looked_at if entry.applied]

    return read_on


if __name__ == "__main__":
    sys.exit(typer.run(main))
