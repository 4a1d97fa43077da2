"""The real program follows the clock of a sandbox, in whichever way it is asked."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from process import PROGRAM, environment, running

from bot.clock import Clock
from bot.sandbox.box import Sandbox, sandbox


def beijing(day: int, hour: int, minute: int) -> datetime:
    return datetime(2025, 8, day, hour - 8, minute, tzinfo=UTC)


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with sandbox(clock=Clock(beijing(9, 13, 20), 0.0)) as opened:
        yield opened


async def test_a_running_bot_hears_of_a_jump_before_the_next_question(tmp_path: Path, box: Sandbox) -> None:
    an = box.user("An", language_code="en", started=True)
    heads = []
    async with running(tmp_path, box, YICHENG_CLOCK=box.url):
        for moment in (beijing(9, 13, 20), beijing(10, 8, 30), beijing(9, 20, 0)):
            box.clock.set(moment, 0)
            reply = await box.reply(an, after=box.say(an, "/now"), seconds=20)
            heads.append(reply.text.splitlines()[0])
    assert heads == [
        "Now 13:20  Sat 9 Aug (Beijing time)",
        "Now 08:30  Sun 10 Aug (Beijing time)",
        "Now 20:00  Sat 9 Aug (Beijing time)",
    ]


@pytest.mark.parametrize("command", [("ask", "/now"), ("chat", "--lang", "en")])
async def test_a_question_in_the_terminal_is_asked_at_the_sandboxs_time(
    tmp_path: Path, box: Sandbox, command: tuple[str, ...]
) -> None:
    said, code = await yicheng(*command, folder=tmp_path, clock=box.url, typed="/now\n")
    assert (code, [line for line in said.splitlines() if line.startswith("Now ")]) == (
        0,
        ["Now 13:20  Sat 9 Aug (Beijing time)"],
    )


async def yicheng(*command: str, folder: Path, clock: str, typed: str = "") -> tuple[str, int | None]:
    """Standard output and exit code."""
    process = await asyncio.create_subprocess_exec(
        PROGRAM,
        *command,
        cwd=folder,
        env=environment(folder, YICHENG_CLOCK=clock),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
    said, _ = await process.communicate(typed.encode())
    return said.decode(), process.returncode
