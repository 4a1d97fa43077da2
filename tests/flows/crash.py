"""A bot killed again and again while reminders go out, and what became of them."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crowd import Told, due, in_hand, open_rows, starred
from process import kill, start

from bot.clock import Clock
from bot.domain.programme import Programme
from bot.sandbox.box import sandbox

BEFORE = datetime(2025, 8, 9, 4, tzinfo=UTC)
"""Noon of the first day: nobody is due."""


@dataclass(frozen=True)
class Outcome:
    """Reminders, by chat and code of the talk.

    lost        due and never told. uncalled: told and not due.
    repeated    told more often than once; `excused` of them were in hand at a kill as often as they were repeated.
    in_hand     reminders that were on their way at a kill, over all kills.
    open        rows that are neither sent nor given up at the end.
    """

    reminders: int
    kills: int
    lost: list[tuple[int, str]]
    uncalled: list[tuple[int, str]]
    repeated: int
    excused: int
    in_hand: int
    open: int

    @property
    def good(self) -> bool:
        return not (self.lost or self.uncalled or self.open) and self.repeated == self.excused

    def __str__(self) -> str:
        return (
            f"{self.reminders} reminders, {self.kills} kills: {len(self.lost)} lost, {self.repeated} told again; "
            f"{self.in_hand} were in hand at a kill"
        )


async def crash(folder: Path, programme: Programme, *, people: int, kills: int, seed: int) -> Outcome:
    """Let the clock stand at each due moment until everybody is told; kill -9 at moments chosen by the seed."""
    rng = random.Random(seed)  # noqa: S311 - not a secret
    async with sandbox(clock=Clock(BEFORE, 0)) as box:
        wanted = await starred(folder, box, programme, people, rng)
        told = Told(box)
        deaths = sorted(rng.sample(range(1, len(wanted)), kills))
        held: Counter[tuple[int, str]] = Counter()
        settings = {"YICHENG_CLOCK": box.url, "YICHENG_RATE_OVERALL": "0", "YICHENG_RATE_PRIVATE": "0"}
        process = await start(folder, box, **settings)
        for moment in sorted(set(wanted.values())):
            box.clock.set(moment, 0)
            expected = set(due(wanted, moment))
            while True:
                upto = min(deaths[0] if deaths else len(wanted), len(expected))
                await box.until(lambda upto=upto: len(told.read_on()) >= upto, seconds=60)
                if not deaths or len(told.copies) < deaths[0]:
                    break
                while deaths and deaths[0] <= len(told.copies):
                    deaths.pop(0)
                for _ in range(rng.randrange(30)):
                    await asyncio.sleep(0)  # the requests go on meanwhile
                await kill(process)
                held.update(in_hand(folder))
                process = await start(folder, box, **settings)
        # Whatever is said again because it was in doubt comes to its end as well.
        async with asyncio.timeout(60):
            while open_rows(folder):  # noqa: ASYNC110 - the database is another process's
                await asyncio.sleep(0)
        process.terminate()
        await process.communicate()
        copies = told.read_on()
        again = {one: number - 1 for one, number in copies.items() if number > 1}
        return Outcome(
            reminders=len(wanted),
            kills=kills,
            lost=sorted(wanted.keys() - copies.keys()),
            uncalled=sorted(copies.keys() - wanted.keys()),
            repeated=sum(again.values()),
            excused=sum(min(number, held[one]) for one, number in again.items()),
            in_hand=held.total(),
            open=open_rows(folder),
        )
