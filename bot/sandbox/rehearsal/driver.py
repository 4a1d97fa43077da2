"""From act to act: the clock runs to the next one no faster than it may, and holds while anything is in flight."""

import asyncio
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import chain, groupby
from typing import Any

from bot.clock import Clock
from bot.sandbox.rehearsal.acts import Act, Actor
from bot.sandbox.rehearsal.process import BotProcess
from bot.sandbox.rehearsal.record import SETTLING, Kill
from bot.sandbox.rehearsal.stage import Stage

HOPELESS = 20
"""Unanswered questions after which a rehearsal goes no further."""


async def play(  # noqa: PLR0913 - the parts of a rehearsal, given by name
    stage: Stage,
    cast: Iterable[Actor],
    bot: BotProcess,
    *,
    speed: float,
    kills: int,
    seed: int,
    ends: datetime,
    progress: Callable[[int, int], None],
) -> None:
    """Everything that everybody does, in its order, until the conference `ends`; the bot is killed so many times.

    `progress` hears of acts done and acts there are.
    """
    acts = sorted(chain.from_iterable(cast), key=lambda act: act.at)
    moments = [(at, list(together)) for at, together in groupby(acts, key=lambda act: act.at)]
    rng = random.Random(f"{seed}/kills")  # noqa: S311 - chance for a rehearsal, and it must repeat
    fatal = _fatal([max(act.weight for act in together) for _, together in moments], kills, rng)
    done = 0
    for n, (at, together) in enumerate(moments):
        await reach(stage.box.clock, at, speed)
        if n in fatal:
            await _amid(stage, together, bot, rng)
        else:
            await asyncio.gather(*(act.do() for act in together))
        done += len(together)
        progress(done, len(acts))
        if stage.given_up >= HOPELESS or bot.gone:
            return
    await reach(stage.box.clock, ends, speed)


def _fatal(weights: Sequence[int], kills: int, rng: random.Random) -> set[int]:
    """The moments at which the bot is killed, each once, by how likely that is at each."""
    chances = {n: rng.random() ** (1 / weight) for n, weight in enumerate(weights) if weight}
    return set(sorted(chances, key=lambda n: chances[n], reverse=True)[:kills])


async def reach(clock: Clock, moment: datetime, speed: float) -> None:
    """Let the clock run until exactly this moment."""
    clock.set(speed=speed, until=moment)
    while wait := clock.seconds_until(moment):  # noqa: ASYNC110 - what is waited for is the time itself
        await asyncio.sleep(wait)


async def _amid(stage: Stage, together: list[Act], bot: BotProcess, rng: random.Random) -> None:
    """Kill the bot while it answers: before it hears of the questions, or after a few of its requests."""
    box = stage.box
    everything = asyncio.gather(*(act.do() for act in together))
    busy = asyncio.create_task(_requests(stage, rng.randint(0, sum(act.requests for act in together) + 1)))
    either: list[asyncio.Future[Any]] = [busy, everything]
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    busy.cancel()
    kill = Kill(box.seconds)
    stage.record.kills.append(kill)
    before = len(box.ledger)
    await bot.kill()
    await everything
    # What its successor answers again, not knowing that it was answered, it answers as soon as it is there.
    await box.until(lambda: any(entry.method == "getUpdates" for entry in box.ledger[before:]), seconds=60)
    kill.over = box.seconds + SETTLING


async def _requests(stage: Stage, count: int) -> None:
    """Until the bot has made so many requests more."""
    upto = len(stage.box.ledger) + count
    await stage.box.until(lambda: len(stage.box.ledger) >= upto, seconds=600)
