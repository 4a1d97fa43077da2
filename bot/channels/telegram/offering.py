"""Inline mode: words typed after the bot's name in any chat, answered with cards to choose from."""

import structlog
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    User,
)
from telegram.constants import InlineQueryLimit, ParseMode
from telegram.error import TelegramError

from bot.channels.telegram.render import html, link
from bot.domain.model import Lang
from bot.replies.paging import Page
from bot.replies.reply import Offer, Reply
from bot.replies.words import word

log = structlog.get_logger(__name__)

CACHE_SECONDS = 10
"""What runs now changes; but nobody types the same word twice in ten seconds to learn something new."""
TITLE = 200
"""Characters of a card's title and description; a list shows two or three lines of them."""


async def offer(bot: Bot, query_id: str, reply: Reply, lang: Lang) -> None:
    """Answer an inline query. It is worth nothing later, so what fails is not tried again."""
    shown = reply.offers[: InlineQueryLimit.RESULTS]
    try:
        await bot.answer_inline_query(
            query_id,
            [_article(one, bot.bot) for one in shown],
            cache_time=CACHE_SECONDS,
            is_personal=True,
            button=None if shown else InlineQueryResultsButton(word(lang, "inline.nothing"), start_parameter="help"),
        )
    except TelegramError as error:
        log.debug("inline query not answered", reason=str(error))


def _article(one: Offer, bot: User) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        one.share.start,
        one.title[:TITLE],
        InputTextMessageContent(
            html(Page(one.blocks, ())),
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        description=one.description[:TITLE],
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton(one.button, url=link(bot, one.share.start))]]),
    )
