"""The answer to a question: text and buttons; knows no channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from bot.domain.broadcast import Attachment


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style. It is always literal: a channel escapes it, whatever it holds.

    start  in place of the text, a channel that has addresses shows the one that opens the bot at this (`Share.start`).
    """

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""
    start: str = ""
    struck: bool = False


Line = tuple[Span, ...]

A_ROW = {4: 7, 3: 10, 2: 18}
"""How many buttons stand side by side on a phone of 360 px, by the columns of the widest label."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together. Pages break between blocks if they can. `quote` folds away where a channel can."""

    lines: tuple[Line, ...]
    quote: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """How a thing is told of elsewhere: `words` find it, `start` opens it here (ASCII, 64 at most).

    Without words there is nothing but the link to pass on.
    """

    words: str
    start: str


@dataclass(frozen=True, slots=True)
class Button:
    """A question to press.

    ask    the question, with ids and never names (Telegram: 64 bytes of callback data).
    edits  the answer takes the place of the message that carries the button.
    again  the answer is the reply that carries the button, as it is then; its question is added to `ask`.
    share  the button passes its thing on to others; a channel that cannot do so leaves it out.
    opens  the button leads to the private chat, which begins with this (as `Share.start`); likewise.
    """

    label: str
    ask: str
    edits: bool = False
    again: bool = False
    share: Share | None = None
    opens: str = ""


Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A card to be chosen and sent in another chat; `button` is its label, `share` opens its thing here."""

    title: str
    description: str
    blocks: tuple[Block, ...]
    button: str
    share: Share


@dataclass(frozen=True, slots=True)
class File:
    """A file to keep; `mime` is its media type."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer.

    ask    the question that brings this reply again, by ids; it makes the buttons that turn its pages.
    toast  a few words that confirm what a button did; a channel without toasts leaves them out.
    then   the question whose reply is shown in place of this one, which is only the confirmation.
    offers cards to choose from, best first, where words were typed in another chat.
    file   goes with the text. attached: the same, for a file that the channel has already.
    marks  stars as they are after a button set one: where the reply that carried it can't be made again, they take the
           places of its buttons that set the same stars.
    nothing  what was asked for was not found.
    """

    blocks: tuple[Block, ...]
    rows: tuple[Row, ...] = ()
    ask: str = ""
    toast: str = ""
    then: str = ""
    offers: tuple[Offer, ...] = ()
    file: File | None = None
    attached: Attachment | None = None
    nothing: bool = False
    marks: tuple[Button, ...] = ()


def rows(buttons: Sequence[Button], width: int) -> tuple[Row, ...]:
    """Buttons in rows of at most `width`."""
    return tuple(tuple(buttons[n : n + width]) for n in range(0, len(buttons), width))


def fitted(buttons: Sequence[Button]) -> tuple[Row, ...]:
    """Buttons in rows as few and as even as they can be with every label whole on a phone of 360 px."""
    if not buttons:
        return ()
    widest = max(columns(button.label) for button in buttons)
    most = next((count for count, width in A_ROW.items() if widest <= width), 1)
    return rows(buttons, ceil(len(buttons) / ceil(len(buttons) / most)))


def paired(buttons: Sequence[Button]) -> tuple[Row, ...]:
    """Buttons two in a row where both labels are whole there on such a phone, else one."""
    found: list[Row] = []
    for button in buttons:
        last = found[-1] if found else ()
        if len(last) == 1 and max(columns(one.label) for one in (*last, button)) <= A_ROW[2]:
            found[-1] = (*last, button)
        else:
            found.append((button,))
    return tuple(found)


def columns(label: str) -> int:
    """How wide a label is in halves of a hanzi, or of a sign; a letter is a little wider than that."""
    narrow = sum(character < "\u2600" for character in label)
    return 2 * (len(label) - narrow) + ceil(1.2 * narrow)


def plain(line: Line) -> str:
    return "".join(span.text for span in line)


def struck(line: Line) -> Line:
    """The line, struck out: in one run, for a message may not have many (Telegram: 100)."""
    return (Span(plain(line), struck=True),) if line else ()


def text(literal: str, *, bold: bool = False, italic: bool = False) -> Line:
    return (Span(literal, bold=bold, italic=italic),) if literal else ()


def utf16(literal: str) -> int:
    """Length in UTF-16 code units, which is how Telegram counts."""
    return len(literal) if literal.isascii() else len(literal.encode("utf-16-le", "surrogatepass")) // 2
