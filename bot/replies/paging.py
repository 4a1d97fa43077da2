"""Long replies in pages: every page within Telegram's limits, which are the tightest of our channels.

4,096 UTF-16 units of text after entities and 100 entities a message (https://core.telegram.org/bots/api#sendmessage,
#messageentity); 64 bytes of callback data. Pages break between blocks if they can, else between lines, else in a line.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.model import Lang
from bot.replies.reply import Block, Button, Line, Reply, Row, Span, utf16
from bot.replies.words import word

UNITS = 3_600
"""Under the limit of 4,096: a page is read on a phone, and its numbers may grow by a character or two."""
CAPTION = 1_000
"""UTF-16 units of the text under a picture or file (1,024 at most: https://core.telegram.org/bots/api#senddocument)."""
ENTITIES = 90
BUTTON_ROWS = 24
LAST = 3
"""Rows at the end of a keyboard that are kept when there are too many."""
DATA = 64
"""Bytes of callback data, of which a channel may need one."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one message shows."""

    blocks: tuple[Block, ...]
    rows: tuple[Row, ...]


def page(reply: Reply, lang: Lang, number: int = 1, *, units: int = UNITS) -> Page:
    """Page `number` (1-based; beyond the last means the last), of at most `units`, with the buttons that turn it.

    A reply that no question by ids brings again cannot be turned: it has one page, and its buttons open the rest.
    """
    pages = list(_pages(reply.blocks, units))
    at = max(1, min(number, len(pages)))
    rows = tuple(tuple(_again(button, reply.ask, at) for button in row) for row in _rows(reply.rows))
    if len(pages) > 1 and reply.ask:
        rows = (*rows, _turn(reply.ask, lang, at, len(pages)))
    return Page(pages[at - 1], rows)


def _rows(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """As many rows as there may be. What leads elsewhere stands last, and stays."""
    return rows if len(rows) <= BUTTON_ROWS else (*rows[: BUTTON_ROWS - LAST], *rows[-LAST:])


def _again(button: Button, ask: str, at: int) -> Button:
    """The button with the question that shows this page again, as far as there is one and it has room for it."""
    whole = f"{button.ask} {ask}@{at}" if at > 1 else f"{button.ask} {ask}"
    return replace(button, ask=whole) if button.again and ask and len(whole.encode()) < DATA else button


def _turn(ask: str, lang: Lang, at: int, last: int) -> Row:
    def to(number: int, key: str) -> Button:
        return Button(word(lang, key, page=number, pages=last), f"{ask}@{number}", edits=True)

    back = (to(at - 1, "page.back"),) if at > 1 else ()
    forward = (to(at + 1, "page.forward"),) if at < last else ()
    return back + forward


def _pages(blocks: tuple[Block, ...], limit: int) -> Iterator[tuple[Block, ...]]:
    if _fit(blocks, limit):  # as most replies do
        yield blocks
        return
    held: list[Block] = []
    units = entities = 0
    for block in (part for whole in blocks for part in _parts(whole, limit)):
        more, styled = length((block,)), _entities((block,))
        if held and (units + more > limit or entities + styled > ENTITIES):
            yield tuple(held)
            held, units, entities = [], 0, 0
        held.append(block)
        units, entities = units + more, entities + styled
    yield tuple(held)


def _parts(block: Block, limit: int) -> Iterator[Block]:
    """The block, or parts of it that each fit a page."""
    if _fit((block,), limit):
        yield block
        return
    held: list[Line] = []
    units = entities = 0
    for line in (part for whole in block.lines for part in _cut(whole, limit)):
        more, styled = utf16("".join(span.text for span in line)) + 1, _styled(line)
        if held and (units + more > limit or entities + styled >= ENTITIES):
            yield replace(block, lines=tuple(held))
            held, units, entities = [], 0, 0
        held.append(line)
        units, entities = units + more, entities + styled
    yield replace(block, lines=tuple(held))


def _cut(line: Line, limit: int) -> Iterator[Line]:
    """The line, or pieces of it: cut at a blank or after Chinese punctuation near the end if there is one."""
    spans: list[Span] = []
    units = 0
    for span in line:
        rest = span.text
        while units + utf16(rest) > limit:
            at = _break(rest, limit - units)
            yield (*spans, replace(span, text=rest[:at]))
            rest, spans, units = rest[at:].lstrip(" "), [], 0
        spans.append(replace(span, text=rest))
        units += utf16(rest)
    yield tuple(spans)


def _break(text: str, units: int) -> int:
    """Where to cut so that at most `units` UTF-16 units come before; at least one character."""
    end = taken = 0
    for end, character in enumerate(text):  # noqa: B007 - the place where it stops is the answer
        taken += utf16(character)
        if taken > units:
            break
    near = max((text.rfind(mark, end // 2, end) + 1 for mark in " ，。；、,.;"), default=0)
    return max(1, near or end)


def _fit(blocks: tuple[Block, ...], limit: int) -> bool:
    return length(blocks) <= limit and _entities(blocks) <= ENTITIES


def length(blocks: tuple[Block, ...]) -> int:
    """UTF-16 units of the text of blocks, with what sets them apart."""
    # A blank line sets blocks apart.
    text = "".join(span.text for block in blocks for line in block.lines for span in line)
    return utf16(text) + sum(len(block.lines) + 1 for block in blocks)


def _entities(blocks: tuple[Block, ...]) -> int:
    return sum(block.quote + sum(_styled(line) for line in block.lines) for block in blocks)


def _styled(line: Line) -> int:
    return sum(span.bold + span.italic + span.struck + bool(span.link) for span in line)
