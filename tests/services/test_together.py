"""Many who ask at once are fetched for together, and none gets what was true before they asked."""

import asyncio

import pytest

from bot.services.together import Together


class Tables:
    """Something to read that takes as long as the test wants."""

    def __init__(self) -> None:
        self.fetched: list[list[str]] = []
        self.value = 1
        self.broken = False
        self.begun, self.free = asyncio.Event(), asyncio.Event()
        self.free.set()

    async def fetch(self, keys: list[str]) -> dict[str, int]:
        self.fetched.append(keys)
        found = dict.fromkeys(keys, self.value)
        self.begun.set()
        await self.free.wait()
        if self.broken:
            raise OSError("no disk")
        return found


async def test_those_who_ask_at_once_are_fetched_for_once() -> None:
    tables = Tables()
    one = Together(tables.fetch)
    assert await asyncio.gather(*(one(key) for key in "abca")) == [1, 1, 1, 1]
    assert tables.fetched == [["a", "b", "c"]]


async def test_whoever_asks_while_others_are_fetched_for_gets_what_is_true_later() -> None:
    tables = Tables()
    one = Together(tables.fetch)
    tables.free.clear()
    first = asyncio.create_task(one("a"))
    await tables.begun.wait()
    late = asyncio.create_task(one("a"))
    tables.value = 2
    tables.free.set()
    assert await first == 1
    assert await late == 2
    assert tables.fetched == [["a"], ["a"]]


async def test_an_error_reaches_all_who_waited_and_nobody_after_them() -> None:
    tables = Tables()
    one = Together(tables.fetch)
    tables.broken = True
    found = await asyncio.gather(one("a"), one("b"), return_exceptions=True)
    assert [str(error) for error in found] == ["no disk", "no disk"]
    tables.broken = False
    assert await one("a") == 1


async def test_whoever_gives_up_harms_nobody_else() -> None:
    tables = Tables()
    one = Together(tables.fetch)
    tables.free.clear()
    patient, hasty = asyncio.create_task(one("a")), asyncio.create_task(one("a"))
    await tables.begun.wait()
    hasty.cancel()
    tables.free.set()
    with pytest.raises(asyncio.CancelledError):
        await hasty
    assert await patient == 1
