"""What many ask for at the same moment, fetched for all of them at once.

Every statement is a trip to the database's thread and back, and the trip costs more than the statement: when a hall
asks what comes next, those in it are looked up in a few trips and not in some hundred.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Together(Generic[K, V]):
    """Calls `fetch` with all the keys asked for since it was called last; it answers every key. One call at a time.

    Whoever asks gets what was true when they asked or later, or the error that `fetch` raised.
    """

    def __init__(self, fetch: Callable[[list[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._fetch = fetch
        self._waiting: dict[K, asyncio.Future[V]] = {}
        self._fetching: asyncio.Task[None] | None = None

    async def __call__(self, key: K) -> V:
        if key not in self._waiting:
            self._waiting[key] = asyncio.get_running_loop().create_future()
        found = self._waiting[key]
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch_all())
        return await asyncio.shield(found)  # others may wait for the same

    async def _fetch_all(self) -> None:
        try:
            while self._waiting:
                waiting, self._waiting = self._waiting, {}
                try:
                    found = await self._fetch(list(waiting))
                except Exception as error:  # noqa: BLE001 - it is theirs who wait
                    for future in waiting.values():
                        future.set_exception(error)
                        future.exception()  # whoever waited may be gone
                else:
                    for key, future in waiting.items():
                        future.set_result(found[key])
        finally:
            self._fetching = None
