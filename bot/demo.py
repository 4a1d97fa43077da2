"""`yicheng sandbox`: a Telegram on this machine, some people in it, and the real bot as a process of its own.

The bot's database is made anew each time, since the people's messages are forgotten too; the programme in it is the one
of the organiser's own database, or else the one that an empty database would get.
"""

import asyncio
import errno
import os
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from bot import app as wiring
from bot import shell
from bot.clock import Clock
from bot.config import Settings
from bot.domain.model import LANGS, Lang
from bot.domain.problem import Problem
from bot.domain.programme import Programme
from bot.domain.timetable import Block, Timetable
from bot.replies.voice import Voice
from bot.replies.words import word
from bot.sandbox.box import Sandbox, sandbox
from bot.services import importing
from bot.understudy import Understudy, keep_running

AN, BEN, QIN = 1001, 1002, 1003
"""An attendee who reads Chinese, one who reads English, and a member of staff."""
PORTS = 20
"""How many ports are tried, one after the other."""

Say = Callable[..., None]
"""Called with the key of a sentence and its parameters, whenever there is something to say in the terminal."""


async def play(
    options: Settings, understudy: Understudy, *, host: str, port: int, at: str, speed: float, say: Say
) -> None:
    """Run until SIGINT or SIGTERM.

    Raises Problem: `sandbox.no-port`, `sandbox.no-address`, `cli.not_a_time`, and those of the database.
    """
    programme = await wiring.programme_at_hand(options)
    timetable = Timetable(programme)
    clock = Clock(_moment(at, timetable), speed, zone=timetable.zone)
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with _open(host, port, say, clock=clock, stage=stage(timetable), token=_token()) as box:
        people(box, timetable.conference.key)
        say("sandbox.open", url=box.url)
        database = options.database.with_name(f"{options.database.stem}-sandbox-{box.port}.sqlite3")
        async with _fresh(options, database, programme):
            bot = keep_running(
                understudy, _environment(box, database), lambda code: say("sandbox.restarting", code=code)
            )
            child = asyncio.create_task(bot)
            await asyncio.wait([child, asyncio.create_task(stop.wait())], return_when=asyncio.FIRST_COMPLETED)
            child.cancel()
            with suppress(asyncio.CancelledError):
                await child


def people(box: Sandbox, key: str) -> None:
    """The people of the demonstration and their group, before any of them has spoken."""
    for number, name, language in ((AN, "安", "zh"), (BEN, "Ben", "en"), (QIN, "秦老师", "zh")):
        box.user(name, id=number, language_code=language)
    box.group(word("zh", "sandbox.group", key=key), QIN, AN, BEN)


def stage(timetable: Timetable) -> dict[str, Any]:
    """What the page shows of the conference: plain JSON, see `sandbox`."""
    conference = timetable.conference
    roles = {AN: "attendee", BEN: "attendee", QIN: "staff"}
    return {
        "title": conference.key,
        "zone": {lang: Voice(lang, timetable).zone() for lang in LANGS},
        "roles": {str(number): _both(f"sandbox.{role}") for number, role in roles.items()},
        "jumps": [
            {"label": _both(f"sandbox.{name}"), "times": [time.isoformat() for time in times]}
            for name, times in _jumps(timetable)
            if times
        ],
    }


def _jumps(timetable: Timetable) -> Iterable[tuple[str, list[datetime]]]:
    """Moments worth seeing. Where there are several, the page goes to the next."""
    if not timetable.slots:
        return
    first = timetable.local(timetable.slots[0].start)
    yield "evening", [first.replace(hour=20, minute=0) - timedelta(days=1)]
    yield "morning", [first.replace(hour=8, minute=30)]
    five = timedelta(minutes=5)
    yield "soon", [block.start - five for block in timetable.blocks if _has_sessions(block)]
    yield "lunch", [slot.start + five for slot in timetable.slots if slot.kind == "meal"]
    yield "over", [max(slot.end for slot in timetable.slots) + timedelta(minutes=30)]


def _has_sessions(block: Block) -> bool:
    return any(slot.is_session for slot in block.slots)


def _moment(at: str, timetable: Timetable) -> datetime:
    """The time asked for, or else ten minutes before the first sessions: there is much to ask about then."""
    if at:
        return shell.moment(at, timetable.zone)
    begin = [block.start for block in timetable.blocks if _has_sessions(block)] or [
        block.start for block in timetable.blocks
    ]
    if not begin:
        raise Problem("import.no-programme")
    return begin[0] - timedelta(minutes=10)


@asynccontextmanager
async def _open(host: str, port: int, say: Say, **more: Any) -> AsyncIterator[Sandbox]:
    """The sandbox on this port, or on the next one that is free."""
    async with AsyncExitStack() as stack:
        for number in range(port, port + PORTS):
            try:
                box = await stack.enter_async_context(sandbox(host=host, port=number, **more))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise Problem("sandbox.no-address", host=host, reason=error.strerror or str(error)) from None
                continue
            if box.port != port:
                say("sandbox.taken", port=port, other=box.port)
            yield box
            return
        raise Problem("sandbox.no-port", first=port, last=port + PORTS - 1)


@asynccontextmanager
async def _fresh(options: Settings, path: Path, programme: Programme) -> AsyncIterator[None]:
    """A new database with the programme in it, which is removed in the end."""
    _remove(path)
    try:
        async with wiring.database(options.model_copy(update={"database": path})) as db:
            await importing.first(db, programme)
        yield
    finally:
        _remove(path)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _environment(box: Sandbox, database: Path) -> dict[str, str]:
    """What makes `yicheng run` a bot of this sandbox."""
    return {
        # A newcomer wants to see the conversation, not the log; whoever wants the log says so.
        "YICHENG_LOG_LEVEL": "warning",
        **os.environ,
        "YICHENG_TELEGRAM_TOKEN": box.token,
        "YICHENG_TELEGRAM_API_URL": box.url,
        "YICHENG_CLOCK": box.url,
        "YICHENG_OWNERS": str(QIN),
        "YICHENG_DATABASE": str(database),
    }


def is_private(host: str) -> bool:
    """Whether only this machine can reach what listens on `host`."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _token() -> str:
    """A token of the right shape that nobody else on this machine can guess."""
    return f"110201543:{secrets.token_urlsafe(26)}"


def _both(key: str) -> dict[Lang, str]:
    return {lang: word(lang, key) for lang in LANGS}
