"""The bot on Telegram, from its first look at the database until it is told to stop."""

import asyncio
import signal
from functools import partial

from bot import app as wiring
from bot import log
from bot.channels.telegram import running
from bot.channels.telegram.pacing import Rates
from bot.clock import Clock
from bot.config import Settings
from bot.domain.problem import Problem


async def serve(options: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises Problem without a token, a programme, or a Telegram that takes the token."""
    token = options.telegram_token.get_secret_value()
    proxy = options.telegram_proxy.get_secret_value()
    log.configure(options.log_level, [token, proxy])
    if not token:
        raise Problem("telegram.no-token")
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with wiring.app(options) as app:
        rates = Rates(options.rate_overall, options.rate_private, options.rate_group)
        beside = [asyncio.create_task(app.keep_fresh()), asyncio.create_task(app.follow())]
        try:
            await running.run(
                token,
                options.telegram_api_url,
                app.db,
                app.answer,
                app.meant,
                app.received,
                partial(app.notify, rate=rates.overall or None),
                menus=app.menus,
                ring=app.alarm.ring,
                rates=rates,
                conference=app.edition.timetable.conference,
                now=app.clock.now,
                real_now=Clock().now,
                stop=stop,
                proxy=proxy,
            )
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
