"""What Telegram shows of the bot: commands, name, descriptions, in both languages; set only where they differ.

Telegram answers a change of name with long waits when it comes often, so a restart must not repeat it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import count

import structlog
from telegram import Bot, BotCommand, MenuButtonCommands
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.channels.telegram.intake import backoff
from bot.commands.table import HELP
from bot.domain.model import LANGS, Lang
from bot.domain.programme import Conference
from bot.replies import desk
from bot.replies.words import word

log = structlog.get_logger(__name__)

NAME, SHORT, LONG = 64, 120, 512
"""Characters of name, short description and description (https://core.telegram.org/bots/api#setmyname and after)."""


async def register(bot: Bot, conference: Conference) -> None:
    """Bring the profile up to date, however long Telegram is away. A refusal is logged and no reason not to answer."""
    await _attempt(lambda: bot.set_chat_menu_button(menu_button=MenuButtonCommands()))
    # English is what everybody sees for whose language there is nothing else.
    await _attempt(lambda: _in_language(bot, conference, "en", None))
    for lang in LANGS:
        await _attempt(partial(_in_language, bot, conference, lang, lang))


async def _in_language(bot: Bot, conference: Conference, lang: Lang, code: str | None) -> None:
    commands = tuple(BotCommand(name, words) for name, words in desk.menu(lang, HELP))
    if await bot.get_my_commands(language_code=code) != commands:
        await bot.set_my_commands(commands, language_code=code)
    title = conference.name.within(lang) or conference.key
    name = word(lang, "profile.name", key=conference.key)[:NAME]
    await _set(name, (await bot.get_my_name(code)).name, lambda: bot.set_my_name(name, code))
    short = word(lang, "profile.short", key=conference.key, conference=title)[:SHORT]
    shown = (await bot.get_my_short_description(code)).short_description
    await _set(short, shown, lambda: bot.set_my_short_description(short, code))
    long = word(lang, "profile.long", key=conference.key, conference=title)[:LONG]
    await _set(long, (await bot.get_my_description(code)).description, lambda: bot.set_my_description(long, code))


async def _set(wanted: str, shown: str, change: Callable[[], Awaitable[bool]]) -> None:
    if wanted != shown:
        await change()


async def _attempt(work: Callable[[], Awaitable[object]]) -> None:
    for tries in count(1):
        try:
            await work()
        except TelegramError as error:
            # PTB counts a refusal among the network's errors.
            if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
                await asyncio.sleep(backoff(tries))  # that Telegram is away is said by whoever listens to it
                continue
            log.warning("profile not set", reason=str(error))
        return
