"""The menus of staff: their commands in their private chats, in both languages, and gone again with the role.

Telegram shows the commands of a chat before everybody's (https://core.telegram.org/bots/api#botcommandscope).
"""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import count

import structlog
from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter

from bot.channels.telegram.intake import backoff, seconds
from bot.domain.model import LANGS, Lang
from bot.services.menus import Menus

log = structlog.get_logger(__name__)

_LANGUAGES: tuple[tuple[Lang, str | None], ...] = (*((lang, lang) for lang in LANGS), ("en", None))
"""English is what everybody sees for whose language there is nothing else."""


async def keep(bot: Bot, menus: Menus) -> None:
    """Bring every menu up to date whenever one is not, until cancelled."""
    while True:
        for address, staff in await menus.due():
            await _set(bot, int(address), menus.commands if staff else {})
            await menus.done(address, staff=staff)


async def _set(bot: Bot, chat: int, listed: Mapping[Lang, Sequence[tuple[str, str]]]) -> None:
    """Set the menu of a chat, or take it away where nothing is listed, however long Telegram is away.

    A refusal is logged and not tried again.
    """
    scope = BotCommandScopeChat(chat)
    for tries in count(1):
        try:
            for lang, code in _LANGUAGES:
                if listed:
                    commands = [BotCommand(name, words) for name, words in listed[lang]]
                    await bot.set_my_commands(commands, scope=scope, language_code=code)
                else:
                    await bot.delete_my_commands(scope=scope, language_code=code)
        except RetryAfter as error:
            await asyncio.sleep(seconds(error))
        except (BadRequest, Forbidden) as error:
            log.info("menu not set", chat=chat, reason=str(error))
            return
        except NetworkError:
            await asyncio.sleep(backoff(tries))
        else:
            return
