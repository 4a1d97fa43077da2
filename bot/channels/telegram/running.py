"""The Telegram channel, running: long polling until it is told to stop or can no longer hear."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from itertools import count

import structlog
from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram import profile
from bot.channels.telegram.answering import CHANNEL, Answer, Answering, Meant, Received
from bot.channels.telegram.intake import Intake, backoff, seconds
from bot.channels.telegram.menus import keep
from bot.channels.telegram.outlet import Outlet
from bot.channels.telegram.pacing import Pace, Rates
from bot.channels.telegram.places import Places
from bot.channels.telegram.transport import AiohttpRequest
from bot.domain.broadcast import MIRROR
from bot.domain.problem import Problem
from bot.domain.programme import Conference
from bot.services.channel import Channel
from bot.services.menus import Menus
from bot.store.database import Database

log = structlog.get_logger(__name__)

Notify = Callable[[Mapping[str, Channel]], Coroutine[None, None, None]]
"""Delivers what is due through channels, by name, until it is cancelled."""

FINISH = 3.0
"""Seconds that questions in hand get to be answered when the bot is told to stop."""


async def run(  # noqa: PLR0913 - wiring: each is a part that somebody else owns
    token: str,
    api_url: str,
    db: Database,
    answer: Answer,
    meant: Meant,
    received: Received,
    notify: Notify,
    *,
    menus: Menus,
    ring: Callable[[], None],
    rates: Rates,
    conference: Conference,
    now: Callable[[], datetime],
    real_now: Callable[[], datetime],
    stop: asyncio.Event,
    proxy: str = "",
) -> None:
    """Answer, and deliver through `notify`, until `stop` is set.

    `ring` is called when there may be something to deliver. `now` is conference time; `real_now` dates the pulse for
    whoever watches the process.

    Raises Problem `telegram.unauthorized` or `telegram.conflict` when the bot can no longer hear, so that whoever
    watches the process learns of it; `proxy.wrong` for a proxy of a kind that can't be used.
    """
    base = f"{api_url.rstrip('/')}/bot"
    try:
        polling = AiohttpRequest(connections=2, proxy=proxy or None)
        sending = AiohttpRequest(proxy=proxy or None)
    except ValueError:
        raise Problem("proxy.wrong") from None  # without its value, which may hold a password
    bot = Bot(
        token,
        base_url=base,
        base_file_url=f"{api_url.rstrip('/')}/file/bot",
        request=sending,
        get_updates_request=polling,
    )
    await sending.initialize()
    await polling.initialize()
    pace = Pace(rates)
    places = Places()
    outlet = Outlet(bot, pace, places)
    answering = Answering(
        bot, db, answer, now, pace, places, ring=ring, meant=meant, received=received, zone=conference.zone
    )
    try:
        async with asyncio.TaskGroup() as tasks:
            connecting = tasks.create_task(_connect(bot))
            stopping = tasks.create_task(stop.wait())
            await asyncio.wait([connecting, stopping], return_when=asyncio.FIRST_COMPLETED)
            if stopping.done():
                connecting.cancel()
                return
            intake = Intake(bot, polling, db, answering.handle, tasks, real_now=real_now)
            hearing = tasks.create_task(_hear(intake))
            helpers = [
                tasks.create_task(answering.settle()),
                tasks.create_task(profile.register(bot, conference)),
                tasks.create_task(keep(bot, menus)),
                tasks.create_task(notify({CHANNEL: outlet, MIRROR: outlet})),
            ]
            await stopping
            hearing.cancel()
            await intake.finish(FINISH)
            for helper in helpers:
                helper.cancel()
    except* Problem as problems:
        raise problems.exceptions[0] from None
    finally:
        await polling.shutdown()
        await sending.shutdown()


async def _hear(intake: Intake) -> None:
    """Poll until cancelled. When another instance takes over, what this one has in hand is still its own to answer."""
    try:
        await intake.run()
    except Problem:
        await intake.finish(FINISH)
        raise


async def _connect(bot: Bot) -> None:
    """Learn who we are, however long Telegram is away."""
    for tries in count(1):
        try:
            await bot.initialize()
            await bot.delete_webhook()
        except InvalidToken:
            break
        except TelegramError as error:
            if tries == 1:
                log.warning("telegram is away", reason=str(error))
            await asyncio.sleep(seconds(error) if isinstance(error, RetryAfter) else backoff(tries))
        else:
            log.info("answering", bot=bot.username, tries=tries)
            return
    # Raised here, for PTB's error quotes the token and would hang on this one as its context.
    raise Problem("telegram.unauthorized")
