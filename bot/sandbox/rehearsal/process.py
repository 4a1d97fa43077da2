"""The real bot as a process of its own, killed and started again."""

import asyncio
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Mapping, Sequence
from pathlib import Path
from typing import Any

ENOUGH = 5
"""Deaths of its own accord after which it is not started again."""


class BotEnded(Exception):  # noqa: N818 - it is what happened, not whose fault it is
    """The bot did not even begin to listen; its argument is the last line of the bot's log."""


class BotProcess:
    """A command that is kept running. `deaths`: the last line of the log each time it ended by itself."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self._command = command
        self._environment = environment
        self._folder = folder
        self._log = folder / "bot.log"
        self._process: Process | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._killed = False
        self._died = asyncio.Event()
        self.deaths: list[str] = []

    @property
    def gone(self) -> bool:
        """Whether it has ended by itself so often that it was given up."""
        return len(self.deaths) >= ENOUGH

    async def start(self, listening: Awaitable[Any]) -> None:
        """Start it, and wait until it is `listening`. Raises BotEnded when it ends before that."""
        await self._start()
        self._keeping = asyncio.create_task(self._keep())
        waiting = [asyncio.ensure_future(listening), asyncio.create_task(self._died.wait())]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for each in waiting:
            each.cancel()
        if self.deaths:
            raise BotEnded(self.deaths[0])

    async def kill(self) -> None:
        """Kill it with SIGKILL; a successor starts at once."""
        if self._process is not None and self._process.returncode is None:
            self._killed = True
            self._process.send_signal(signal.SIGKILL)

    async def stop(self) -> None:
        """End it for good, as an operator would."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    async def _start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, cwd=self._folder, env=self._environment, stdin=DEVNULL, stdout=log, stderr=log
            )

    async def _keep(self) -> None:
        while self._process is not None and not self.gone:
            await self._process.wait()
            if not self._killed:
                lines = self._log.read_text("utf-8", errors="replace").splitlines()
                self.deaths.append(lines[-1] if lines else f"exit code {self._process.returncode}")
                self._died.set()
            self._killed = False
            await self._start()
