"""The Telegram channel, running: long polling until it is told to stop or can no longer hear."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime

import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram import profile
from bot.channels.telegram.answering import CHANNEL, Answer, Answering
from bot.channels.telegram.intake import Intake, backoff
from bot.channels.telegram.outlet import Outlet
from bot.channels.telegram.pacing import Pace, Rates
from bot.channels.telegram.transport import AiohttpRequest
from bot.domain.problem import Problem
from bot.domain.programme import Conference
from bot.services.delivery import Channel
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
    notify: Notify,
    *,
    rates: Rates,
    conference: Conference,
    now: Callable[[], datetime],
    real_now: Callable[[], datetime],
    stop: asyncio.Event,
    proxy: str = "",
) -> None:
    """Answer, and deliver through `notify`, until `stop` is set.

    `now` is conference time; `real_now` dates the pulse for whoever watches the process.

    Raises Problem `telegram.unauthorized` or `telegram.conflict` when the bot can no longer hear, so that whoever
    watches the process learns of it; `proxy.wrong` for a proxy of a kind that can't be used.
    """
    base = f"{api_url.rstrip('/')}/bot"
    try:
        polling = AiohttpRequest(connections=2, proxy=proxy or None)
        sending = AiohttpRequest(proxy=proxy or None)
    except ValueError:
        raise Problem("proxy.wrong") from None  # without its value, which may hold a password
    bot = Bot(token, base_url=base, base_file_url=f"{api_url.rstrip('/')}/file/bot", request=sending)
    listener = Bot(token, base_url=base, request=polling)
    await sending.initialize()
    await polling.initialize()
    try:
        if not await _connect(bot, stop):
            return
        await listener.initialize()
        pace = Pace(rates)
        answering = Answering(bot, db, answer, now, pace)
        intake = Intake(listener, db, answering.handle, real_now=real_now)
        async with asyncio.TaskGroup() as tasks:
            hearing = tasks.create_task(intake.run())
            helpers = [
                tasks.create_task(answering.settle()),
                tasks.create_task(profile.register(bot, conference)),
                tasks.create_task(notify({CHANNEL: Outlet(bot, pace)})),
            ]
            await asyncio.wait([hearing, tasks.create_task(stop.wait())], return_when=asyncio.FIRST_COMPLETED)
            hearing.cancel()
            await intake.finish(FINISH)
            stop.set()
            for helper in helpers:
                helper.cancel()
    except* Problem as problems:
        raise problems.exceptions[0] from None
    finally:
        await polling.shutdown()
        await sending.shutdown()


async def _connect(bot: Bot, stop: asyncio.Event) -> bool:
    """Learn who we are, however long Telegram is away. False when told to stop before."""
    tries = 0
    while not stop.is_set():
        try:
            await bot.initialize()
            await bot.delete_webhook()
        except InvalidToken:
            raise Problem("telegram.unauthorized") from None
        except TelegramError as error:
            if not tries:
                log.warning("telegram is away", reason=str(error))
            tries += 1
            waiting = asyncio.create_task(stop.wait())
            await asyncio.wait([waiting], timeout=backoff(tries))
            waiting.cancel()
        else:
            log.info("answering", bot=bot.username, tries=tries + 1)
            return True
    return False
