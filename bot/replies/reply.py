"""The answer to a question: text and buttons; knows no channel."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style. It is always literal: a channel escapes it, whatever it holds."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together. Pages break between blocks if they can. `quote` folds away where a channel can."""

    lines: tuple[Line, ...]
    quote: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A question to press.

    ask    the question, with ids and never names (Telegram: 64 bytes of callback data).
    edits  the answer takes the place of the message that carries the button.
    """

    label: str
    ask: str
    edits: bool = False


Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer.

    ask    the question that brings this reply again, by ids; it makes the buttons that turn its pages.
    toast  a few words that confirm what a button did; a channel without toasts leaves them out.
    then   the question whose reply is shown in place of this one, which is only the confirmation.
    """

    blocks: tuple[Block, ...]
    rows: tuple[Row, ...] = ()
    ask: str = ""
    toast: str = ""
    then: str = ""


def rows(buttons: Sequence[Button], width: int) -> tuple[Row, ...]:
    """Buttons in rows of at most `width`."""
    return tuple(tuple(buttons[n : n + width]) for n in range(0, len(buttons), width))


def plain(line: Line) -> str:
    return "".join(span.text for span in line)


def text(literal: str, *, bold: bool = False, italic: bool = False) -> Line:
    return (Span(literal, bold=bold, italic=italic),) if literal else ()


def utf16(literal: str) -> int:
    """Length in UTF-16 code units, which is how Telegram counts."""
    return len(literal) if literal.isascii() else len(literal.encode("utf-16-le", "surrogatepass")) // 2
