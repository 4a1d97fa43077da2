"""The real program as a process of its own, for tests that run, question or kill it."""

import asyncio
import os
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, chdir
from pathlib import Path
from subprocess import CompletedProcess

from typer.testing import CliRunner

from bot.cli import cli
from bot.sandbox.box import Sandbox

PROGRAM = Path(sys.executable).with_name("yicheng")


def environment(folder: Path, box: Sandbox | None = None, **more: str) -> dict[str, str]:
    """An environment with nothing of this machine's own settings in it."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("YICHENG_")}
    plain |= {
        "YICHENG_DATABASE": str(folder / "yicheng.sqlite3"),
        "YICHENG_CLOCK": "2025-08-09T13:20@0",
        "LC_ALL": "C.UTF-8",
    }
    if box is not None:
        plain |= {"YICHENG_TELEGRAM_TOKEN": box.token, "YICHENG_TELEGRAM_API_URL": box.url}
    return plain | more


async def start(folder: Path, box: Sandbox, **more: str) -> Process:
    """`yicheng run` against the sandbox."""
    return await asyncio.create_subprocess_exec(
        PROGRAM, "run", cwd=folder, env=environment(folder, box, **more), stdout=PIPE, stderr=PIPE
    )


async def kill(process: Process) -> str:
    """kill -9. Returns what it had logged."""
    if process.returncode is None:
        process.send_signal(signal.SIGKILL)
    _, logged = await process.communicate()
    return logged.decode()


@asynccontextmanager
async def ended(process: Process) -> AsyncIterator[Process]:
    """A process for the length of the block; then told to end by SIGTERM, if it has not."""
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


@asynccontextmanager
async def running(folder: Path, box: Sandbox, **more: str) -> AsyncIterator[Process]:
    """`yicheng run` for the length of the block; ended by SIGTERM."""
    async with ended(await start(folder, box, **more)) as process:
        yield process


def yicheng(folder: Path, *arguments: str, typed: str = "", **more: str) -> CompletedProcess[str]:
    """The program, run to its end in a folder of its own, with what is typed piped in."""
    return subprocess.run(  # noqa: S603 - our own program
        [PROGRAM, *arguments],
        cwd=folder,
        env=environment(folder, **more),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def said(process: CompletedProcess[str]) -> tuple[int, list[str], list[str]]:
    """Exit code, lines of output, lines of complaint."""
    return process.returncode, process.stdout.splitlines(), process.stderr.splitlines()


def quickly(folder: Path, *arguments: str, **more: str) -> tuple[int, list[str], list[str]]:
    """What `said` says of the same command, without the second that a process of its own takes to start."""
    with chdir(folder):
        result = CliRunner().invoke(cli, arguments, env=environment(folder, **more))
    return result.exit_code, result.stdout.splitlines(), result.stderr.splitlines()
