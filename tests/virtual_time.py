"""An event loop whose seconds pass at once: where there is nothing to do there is nothing to wait for."""

import asyncio
import selectors
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import TypeVar

from bot.store.database import Connection, Database

Result = TypeVar("Result")


class _Selector(selectors.SelectSelector):
    """Moves the loop's time on instead of waiting, unless the loop waits for a thread."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.held = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or (timeout > 0 and self.held):
            return super().select(60.0)
        found = super().select(0)
        if not found:
            self.now += max(timeout, 0.0)
        return found


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.seconds = _Selector()
        super().__init__(self.seconds)

    def time(self) -> float:
        return self.seconds.now


class TimelessDatabase(Database):
    """For such a loop: transactions and snapshots take no time, however long the disk needs."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        with _Held():
            async with super().transaction() as tx:
                yield tx

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        with _Held():
            async with super().snapshot() as conn:
                yield conn


class _Held:
    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        self._seconds = loop.seconds
        self._seconds.held += 1

    def __exit__(self, *_: object) -> None:
        self._seconds.held -= 1


def in_virtual_time(work: Coroutine[object, object, Result]) -> Result:
    """Run to the end on such a loop."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(work)
