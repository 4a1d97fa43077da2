"""Pages as Telegram takes them: HTML and inline keyboards."""

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

from telegram import User

from bot.channels.telegram.update import Keyboard
from bot.replies.paging import Page
from bot.replies.reply import Block, Button, Line, Share, Span


def html(page: Page, bot: User | None = None) -> str:
    """The text of a page in Telegram's HTML (https://core.telegram.org/bots/api#html-style); all content is escaped.

    `bot` is what links that open it lead to.
    """
    return "\n\n".join(_block(block, bot) for block in page.blocks)


def keyboard(page: Page, bot: User | None = None) -> dict[str, Any] | None:
    """The buttons as an InlineKeyboardMarkup object; None without any. `bot` is what links lead to."""
    drawn = [[_button(one, bot) for one in row if bot is not None or not (one.share or one.opens)] for row in page.rows]
    drawn = [row for row in drawn if row]
    return {"inline_keyboard": drawn} if drawn else None


SIGNS = "☆⭐"
"""What a button that sets a star, or takes it away, begins with."""


def mended(shown: Keyboard, marks: Sequence[Button]) -> dict[str, Any]:
    """The keyboard of a message with these stars in it as they are now: what each says, and what a press wants.

    A button that begins with a star keeps what else it says.
    """
    stars = {_subject(button.ask): button for button in marks}

    def mend(button: dict[str, Any]) -> dict[str, Any]:
        now = stars.get(_subject(button.get("callback_data", "").removeprefix("~")))
        if now is None:
            return button
        text = button["text"]
        return {
            "text": f"{now.label[0]}{text[1:]}" if text[:1] in SIGNS else now.label,
            "callback_data": f"~{now.ask}",
        }

    return {"inline_keyboard": [[mend(button) for button in row] for row in shown.inline_keyboard]}


def _subject(ask: str) -> str:
    """Without the wanted state."""
    return ask.rpartition(" ")[0]


def link(bot: User, start: str) -> str:
    """The address that opens the bot at something (https://core.telegram.org/bots/features#deep-linking)."""
    return f"https://t.me/{bot.username}?start={start}"


def _block(block: Block, bot: User | None) -> str:
    lines = "\n".join(_line(line, bot) for line in block.lines)
    return f"<blockquote expandable>{lines}</blockquote>" if block.quote else lines


def _line(line: Line, bot: User | None) -> str:
    return "".join(_span(span, bot) for span in line)


def _span(span: Span, bot: User | None) -> str:
    text = escape(link(bot, span.start) if span.start and bot is not None else span.text, quote=False)
    if span.link:
        text = f'<a href="{escape(span.link)}">{text}</a>'
    if span.struck:
        text = f"<s>{text}</s>"
    if span.italic:
        text = f"<i>{text}</i>"
    return f"<b>{text}</b>" if span.bold else text


def _button(button: Button, bot: User | None) -> dict[str, Any]:
    if bot is not None and button.share is not None:
        return {"text": button.label, **_sharing(button.share, bot)}
    if bot is not None and button.opens:
        return {"text": button.label, "url": link(bot, button.opens)}
    # A tilde marks a button whose answer takes the place of the message that carries it.
    return {"text": button.label, "callback_data": f"~{button.ask}" if button.edits else button.ask}


def _sharing(share: Share, bot: User) -> dict[str, Any]:
    """A choice of chats and the card there; only the link where @BotFather was not asked for inline mode."""
    if bot.supports_inline_queries and share.words:
        anywhere = {"allow_user_chats": True, "allow_group_chats": True, "allow_channel_chats": True}
        return {"switch_inline_query_chosen_chat": {"query": share.words, **anywhere}}
    return {"url": f"https://t.me/share/url?{urlencode({'url': link(bot, share.start)})}"}
