"""What many ask for at the same moment, fetched for all of them at once.

Every statement is a trip to the database's thread and back, and the trip costs more than the statement: when a hall
asks what comes next, those in it are looked up in a few trips and not in some hundred.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Together(Generic[K, V]):
    """Calls `fetch` with all the keys asked for since it was called last; it answers every key. One call at a time.

    Whoever asks gets what was true when they asked or later, or the error that `fetch` raised.
    """

    def __init__(self, fetch: Callable[[list[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._fetch = fetch
        self._waiting: dict[K, list[asyncio.Future[V]]] = {}
        self._fetching: asyncio.Task[None] | None = None

    async def __call__(self, key: K) -> V:
        found: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append(found)
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch_all())
        return await found

    async def _fetch_all(self) -> None:
        try:
            while self._waiting:
                waiting, self._waiting = self._waiting, {}
                try:
                    found = await self._fetch(list(waiting))
                except Exception as error:  # noqa: BLE001 - it is theirs who wait
                    for _, future in _left(waiting):
                        future.set_exception(error)
                else:
                    for key, future in _left(waiting):
                        future.set_result(found[key])
        finally:
            self._fetching = None


def _left(waiting: Mapping[K, Iterable[asyncio.Future[V]]]) -> Iterator[tuple[K, asyncio.Future[V]]]:
    """Without those who gave up."""
    return ((key, future) for key, futures in waiting.items() for future in futures if not future.done())
