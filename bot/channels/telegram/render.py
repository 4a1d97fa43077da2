"""Pages as Telegram takes them: HTML and inline keyboards."""

from html import escape
from typing import Any

from bot.replies.paging import Page
from bot.replies.reply import Block, Line, Row, Span


def html(page: Page) -> str:
    """The text of a page in Telegram's HTML (https://core.telegram.org/bots/api#html-style); all content is escaped."""
    return "\n\n".join(_block(block) for block in page.blocks)


def keyboard(page: Page) -> dict[str, Any] | None:
    """The buttons as an InlineKeyboardMarkup object; None without any."""
    if not page.rows:
        return None
    return {"inline_keyboard": [_row(row) for row in page.rows]}


def _block(block: Block) -> str:
    lines = "\n".join(_line(line) for line in block.lines)
    return f"<blockquote expandable>{lines}</blockquote>" if block.quote else lines


def _line(line: Line) -> str:
    return "".join(_span(span) for span in line)


def _span(span: Span) -> str:
    text = escape(span.text, quote=False)
    if span.link:
        text = f'<a href="{escape(span.link)}">{text}</a>'
    if span.italic:
        text = f"<i>{text}</i>"
    return f"<b>{text}</b>" if span.bold else text


def _row(row: Row) -> list[dict[str, str]]:
    # A tilde marks a button whose answer takes the place of the message that carries it.
    return [{"text": button.label, "callback_data": f"~{button.ask}" if button.edits else button.ask} for button in row]
