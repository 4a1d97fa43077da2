"""The bot of `yicheng sandbox`: a process of its own, soon there, and started again whenever it ends."""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

RESTART = 1.0
"""Seconds until a bot that has died is started again."""
GOODBYE = 5.0
"""Seconds the bot gets to end when it is told to."""


class Understudy:
    """A bot that has learnt its part before it is called.

    Forked while this process has neither an event loop nor a connection, it imports what this one need not, and is up
    in a third of the time that a new process would take. A bot that has to be started again is a new process.
    """

    def __init__(self) -> None:
        fork = multiprocessing.get_context("fork")
        waiting, self._calling = fork.Pipe(duplex=False)
        self._process = fork.Process(target=_act, args=(waiting, self._calling), daemon=True)
        self._process.start()
        waiting.close()

    async def run(self, environment: dict[str, str]) -> int:
        """Be `yicheng run` in this environment; its exit code."""
        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def over() -> None:
            if not gone.done():
                gone.set_result(None)

        asyncio.get_running_loop().add_reader(self._process.sentinel, over)
        self._calling.send(environment)
        try:
            await asyncio.shield(gone)
        except asyncio.CancelledError:
            self._process.terminate()
            await _within_reason(gone, self._process.kill)
            raise
        finally:
            asyncio.get_running_loop().remove_reader(self._process.sentinel)
            self._process.join()
        return self._process.exitcode or 0


def _act(waiting: Connection, calling: Connection) -> None:
    """The understudy's side. The end of the one who calls is the end of the wait."""
    calling.close()
    try:
        from bot import serve, shell  # noqa: PLC0415 - while the other process has work of its own

        environment = waiting.recv()
    except (EOFError, KeyboardInterrupt):
        return
    os.environ.clear()
    os.environ.update(environment)
    shell.run(serve.serve)


async def _new_process(environment: dict[str, str]) -> int:
    """`yicheng run` in a process of its own; its exit code."""
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env=environment)
    try:
        return await child.wait()
    except asyncio.CancelledError:
        child.terminate()
        await _within_reason(asyncio.ensure_future(child.wait()), child.kill)
        raise


async def _within_reason(end: asyncio.Future[Any], kill: Callable[[], None]) -> None:
    """Wait for the end of a bot that was told to go, and make it end if it does not."""
    await asyncio.wait([end], timeout=GOODBYE)
    if not end.done():
        kill()
    await end


async def keep_running(understudy: Understudy, environment: dict[str, str], died: Callable[[int], None]) -> None:
    """The bot, started again whenever it ends, until cancelled. `died` is told each exit code."""
    code = await understudy.run(environment)
    while True:
        died(code)
        await asyncio.sleep(RESTART)
        code = await _new_process(environment)
