"""What one would write without an outbox: PTB's `send_message` for everybody, gathered. Nothing is kept.

`gather_ptb.py TOKEN URL FIRST_CHAT MESSAGES TEXT KEYBOARD`; prints seconds and CPU seconds of the sending,
from its very beginning: most requests are written down before the first one leaves.
"""

import asyncio
import json
import resource
import sys
import time

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode

from bot.channels.telegram.transport import AiohttpRequest


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def main(token: str, url: str, first: str, messages: str, text: str, keyboard: str) -> None:
    request = AiohttpRequest(pool_timeout=60)
    async with Bot(token, base_url=f"{url}/bot", request=request) as bot:
        board = InlineKeyboardMarkup.de_json(json.loads(keyboard), bot)
        preview = LinkPreviewOptions(is_disabled=True)
        before, began = cpu(), time.perf_counter()
        await asyncio.gather(
            *(
                bot.send_message(
                    chat, text, parse_mode=ParseMode.HTML, reply_markup=board, link_preview_options=preview
                )
                for chat in range(int(first), int(first) + int(messages))
            )
        )
        sys.stdout.write(f"{time.perf_counter() - began} {cpu() - before}\n")


asyncio.run(main(*sys.argv[1:]))
