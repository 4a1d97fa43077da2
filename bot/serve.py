"""The bot on Telegram, from its first look at the database until it is told to stop."""

import asyncio
import signal
from collections.abc import Mapping

from bot import app as wiring
from bot import log
from bot.channels.telegram import running
from bot.channels.telegram.pacing import Rates
from bot.clock import Clock
from bot.commands.dispatch import Question
from bot.config import Settings
from bot.domain.model import Lang
from bot.domain.problem import Problem
from bot.domain.user import User
from bot.replies.reply import Reply
from bot.services.channel import Channel


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

        async def answer(question: Question, lang: Lang, user: User | None) -> Reply:
            return await app.answer(question, lang, user=user)

        rates = Rates(options.rate_overall, options.rate_private, options.rate_group)

        async def notify(channels: Mapping[str, Channel]) -> None:
            await app.notify(channels, rate=rates.overall or None)

        beside = [asyncio.create_task(app.keep_fresh()), asyncio.create_task(app.follow())]
        try:
            await running.run(
                token,
                options.telegram_api_url,
                app.db,
                answer,
                app.meant,
                app.received,
                notify,
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
