"""Following the clock of another process over HTTP, within half a round trip.

A module of its own, imported only where there is somebody to follow: no other question should wait for aiohttp.
"""

import asyncio
import time
from datetime import timedelta

import aiohttp
from pydantic import ValidationError

from bot.clock import CHANGES_PATH, CLOCK_PATH, HEARTBEAT, Clock, ClockState
from bot.domain.problem import Problem

PATIENCE = 3.0
"""Real seconds in which an owner must answer."""
FIRST_WAIT, LONGEST_WAIT = 0.05, 2.0
AWAY = (OSError, TimeoutError, ValidationError, aiohttp.ClientError)
"""What asking raises when the owner is not there, or is something else."""


async def catch_up(clock: Clock) -> None:
    """Show what the owner shows now. Raises Problem `clock.away` when it does not answer in time."""
    wait = FIRST_WAIT
    try:
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
            while await _ask(clock, session) is None:
                await asyncio.sleep(wait)
                wait *= 2
    except TimeoutError:
        raise Problem("clock.away", url=clock.owner) from None


async def follow(clock: Clock) -> None:
    """Hear of each change at once, until cancelled. While the owner is away the clock runs on as it last did."""
    wait = FIRST_WAIT
    async with aiohttp.ClientSession() as session:
        while True:
            wait = FIRST_WAIT if await _listen(clock, session) else min(wait * 2, LONGEST_WAIT)
            await asyncio.sleep(wait)


async def _ask(clock: Clock, session: aiohttp.ClientSession) -> float | None:
    """Take over what the owner shows. Returns how long its answer was under way, in seconds; None if none came."""
    asked = time.monotonic()
    limit = aiohttp.ClientTimeout(total=PATIENCE)
    try:
        async with session.get(f"{clock.owner}{CLOCK_PATH}", timeout=limit, raise_for_status=True) as response:
            state = ClockState.model_validate_json(await response.read())
    except AWAY:
        return None
    late = (time.monotonic() - asked) / 2
    _take(clock, state, late)
    return late


async def _listen(clock: Clock, session: aiohttp.ClientSession) -> bool:
    """Take over every change until the connection ends. Whether there was one."""
    # Asked twice: only the second answer, on a connection that stands, measures nothing but the way.
    if await _ask(clock, session) is None or (late := await _ask(clock, session)) is None:
        return False
    limit = aiohttp.ClientTimeout(total=None, connect=PATIENCE, sock_read=HEARTBEAT * 3)
    try:
        async with session.get(f"{clock.owner}{CHANGES_PATH}", timeout=limit, raise_for_status=True) as response:
            async for line in response.content:
                if line.startswith(b"data:"):
                    _take(clock, ClockState.model_validate_json(line.removeprefix(b"data:")), late)
    except AWAY:
        return True
    return True


def _take(clock: Clock, state: ClockState, late: float) -> None:
    """Show what the owner showed `late` seconds ago."""
    now = state.now + timedelta(seconds=late * state.speed)
    clock.set(now if state.until is None else min(now, state.until), state.speed, state.until)
