"""A bare echo bot on python-telegram-bot: `echo_ptb.py TOKEN URL aiohttp|httpx`.

Each transport gets what it does best with: updates side by side on ours, one after another on httpx, whose pool
collapses under many requests at once.
"""

import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.channels.telegram.transport import AiohttpRequest


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    await update.message.reply_text(update.message.text)


def main(token: str, url: str, transport: str) -> None:
    builder = Application.builder().token(token).base_url(f"{url}/bot")
    if transport == "aiohttp":
        builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest(connections=2))
        builder = builder.concurrent_updates(256)
    app = builder.build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    app.run_polling()


main(*sys.argv[1:])
