"""An event loop whose seconds pass at once: nothing to do is nothing to wait for."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import TypeVar

Result = TypeVar("Result")


class _Selector(selectors.SelectSelector):
    """Instead of waiting it moves the loop's time on, once whatever runs in a thread has had a moment to answer."""

    def __init__(self, patience: float) -> None:
        super().__init__()
        self.now = 0.0
        self._patience = patience

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            return super().select(10.0)
        found = super().select(min(timeout, self._patience))
        if not found:
            self.now += max(timeout, 0.0)
        return found


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """`patience`: real seconds that threads and sockets get before time moves on; 0 where there are none."""

    def __init__(self, patience: float = 0.0) -> None:
        self._virtual = _Selector(patience)
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.now


def in_virtual_time(work: Coroutine[object, object, Result], patience: float = 0.0) -> Result:
    """Run to the end on such a loop."""
    with asyncio.Runner(loop_factory=lambda: VirtualTimeLoop(patience)) as runner:
        return runner.run(work)
