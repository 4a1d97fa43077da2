"""Messages out as plain JSON.

PTB's own methods make objects of a keyboard, JSON of the objects, and objects of the message that comes back, which
nobody reads: that costs more than the request itself.
"""

from typing import Any, cast

from telegram import Bot
from telegram.constants import ParseMode
from telegram.request import RequestData

from bot.channels.telegram.transport import Prepared

Json = dict[str, Any]


def content(html: str, keyboard: Json | None) -> Json:
    """What a message says, as parameters of sendMessage and editMessageText."""
    said: Json = {"text": html, "parse_mode": ParseMode.HTML, "link_preview_options": {"is_disabled": True}}
    return said | {"reply_markup": keyboard} if keyboard else said


async def post(bot: Bot, method: str, parameters: str) -> Any:
    """The result of a call with a JSON object of parameters. Raises what PTB's own methods raise."""
    request = cast("RequestData", Prepared(parameters.encode()))
    return await bot.request.post(f"{bot.base_url}/{method}", request)
