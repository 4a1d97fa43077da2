"""Messages out as plain JSON.

PTB's own methods make objects of a keyboard, JSON of the objects, and objects of the message that comes back, which
nobody reads: that costs more than the request itself.
"""

import json
from typing import Any, cast

from telegram import Bot, InlineKeyboardMarkup, InputFile, ReplyParameters
from telegram.constants import ParseMode
from telegram.request import RequestData

from bot.channels.telegram.transport import Prepared
from bot.channels.telegram.update import Json
from bot.domain.broadcast import Attachment
from bot.replies.reply import File


def content(html: str, keyboard: Json | None) -> Json:
    """What a message says, as parameters of sendMessage and editMessageText."""
    said: Json = {"text": html, "parse_mode": ParseMode.HTML, "link_preview_options": {"is_disabled": True}}
    return said | {"reply_markup": keyboard} if keyboard else said


def caption(said: Json, file: Attachment) -> Json:
    """The same under a picture or document, as parameters of sendPhoto and sendDocument."""
    kept = {name: value for name, value in said.items() if name not in ("text", "link_preview_options")}
    return {file.kind: file.id, "caption": said["text"], **kept}


def written(said: Json) -> str:
    """Parameters as the inside of a JSON object: written once for a crowd that is told the same."""
    return json.dumps(said)[1:-1]


async def post(bot: Bot, method: str, parameters: Json, *, said: str = "") -> Any:
    """The result of a call; `said`: more parameters, which are written already. Raises what PTB's own methods raise."""
    inside = ", ".join(part for part in (written(parameters), said) if part)
    request = cast("RequestData", Prepared(f"{{{inside}}}".encode()))
    return await bot.request.post(f"{bot.base_url}/{method}", request)


async def send_document(bot: Bot, file: File, said: Json) -> None:
    """Send a file; `said` are the parameters that sendMessage would get, the text among them if there is one."""
    document = InputFile(file.content, file.name)
    document.mimetype = file.mime  # PTB guesses it from the name, as far as this machine knows names
    keyboard = said.get("reply_markup")
    answers = said.get("reply_parameters")
    await bot.send_document(
        said["chat_id"],
        document,
        caption=said["text"] or None,
        parse_mode=said["parse_mode"],
        reply_markup=InlineKeyboardMarkup.de_json(keyboard, bot) if keyboard else None,
        message_thread_id=said.get("message_thread_id"),
        reply_parameters=ReplyParameters(**answers) if answers else None,
    )
