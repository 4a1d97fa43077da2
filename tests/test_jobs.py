"""The alarm clock: one wake-up after the other, however close they are."""

import asyncio
from datetime import timedelta

from bot.clock import Clock
from bot.jobs import TICK, alarm

OFTEN = 100


async def test_a_wake_up_is_not_skipped_because_the_last_one_still_runs() -> None:
    clock = Clock()
    async with alarm(clock) as ringing, asyncio.timeout(TICK / 2):  # before the tick would make good for one
        rang = 0
        for _ in range(OFTEN):
            ringing.arm(clock.now() + timedelta(milliseconds=1))
            await ringing.rang()
            rang += 1

    assert rang == OFTEN


async def test_of_two_moments_the_last_counts() -> None:
    clock = Clock()
    async with alarm(clock) as ringing, asyncio.timeout(TICK / 2):
        ringing.arm(clock.now() + timedelta(hours=1))
        ringing.arm(clock.now())
        await ringing.rang()
