"""Telegram's limits, held against a page. https://core.telegram.org/bots/api#sendmessage, #inlinekeyboardbutton"""

from bot.domain.model import Lang
from bot.replies.paging import Page, page
from bot.replies.reply import Reply, plain, utf16


def pages(reply: Reply, lang: Lang) -> list[Page]:
    """Every page of a reply."""
    found = [page(reply, lang, 1)]
    while (following := page(reply, lang, len(found) + 1)).blocks != found[-1].blocks:
        found.append(following)
    return found


def broken(page: Page) -> list[str]:
    """The limits a page breaks."""
    text = "\n\n".join("\n".join(plain(line) for line in block.lines) for block in page.blocks)
    spans = [span for block in page.blocks for line in block.lines for span in line]
    buttons = [button for row in page.rows for button in row]
    entities = sum(span.bold + span.italic + span.struck + bool(span.link) for span in spans) + sum(
        b.quote for b in page.blocks
    )
    faults = {
        "no text": not text.strip(),
        "text over 4096": utf16(text) > 4096,
        "over 100 entities": entities > 100,
        "over 100 buttons": len(buttons) > 100,
        "over 8 buttons in a row": any(len(row) > 8 for row in page.rows),
        "an empty row": any(not row for row in page.rows),
        "an empty label": any(not button.label.strip() for button in buttons),
        "data not 1 to 64 bytes": any(not 1 <= len(button.ask.encode()) <= 64 for button in buttons),
    }
    return [fault for fault, present in faults.items() if present]
