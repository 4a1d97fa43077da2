"""All words of the program: two catalogues with the same keys and the same placeholders.

A template is one line of text with `{name}` for a parameter, `{name|one|other}` for a word that follows a number,
`<b>…</b>` and `<i>…</i>`. Parameters are literal: nothing in a title or a name is ever read as a template.
"""

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from bot.domain.model import Lang
from bot.replies.reply import Line, Span, plain

Param = str | int | Line

_PART = re.compile(r"<(/?)([bi])>|\{([a-z_]+)(?:\|([^|{}]*)\|([^|{}]*))?\}")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A literal run, a parameter, or a word chosen by a number; in one style."""

    literal: str = ""
    name: str = ""
    forms: tuple[str, str] | None = None
    bold: bool = False
    italic: bool = False


@cache
def catalogue(lang: Lang) -> dict[str, str]:
    """Templates by dotted key, as they stand in the catalogue's tables."""
    return dict(_flat("", tomllib.loads(files("bot.replies").joinpath(f"{lang}.toml").read_text("utf-8"))))


def say(lang: Lang, key: str, /, **params: Param) -> Line:
    """The line of a template. Raises KeyError for an unknown key or a missing parameter: both are our mistake."""
    spans: list[Span] = []
    for piece in _pieces(lang, key):
        if not piece.name:
            spans.append(Span(piece.literal, bold=piece.bold, italic=piece.italic))
            continue
        value = params[piece.name]
        if piece.forms is not None:
            spans.append(Span(piece.forms[0] if value == 1 else piece.forms[1], bold=piece.bold, italic=piece.italic))
        elif isinstance(value, tuple):
            spans.extend(
                replace(span, bold=span.bold or piece.bold, italic=span.italic or piece.italic) for span in value
            )
        elif value != "":
            spans.append(Span(str(value), bold=piece.bold, italic=piece.italic))
    return tuple(spans)


def word(lang: Lang, key: str, /, **params: Param) -> str:
    """The same without style, for buttons and terminals."""
    words: list[str] = []
    for piece in _pieces(lang, key):
        value = params[piece.name] if piece.name else piece.literal
        if piece.forms is not None:
            value = piece.forms[0] if value == 1 else piece.forms[1]
        words.append(plain(value) if isinstance(value, tuple) else str(value))
    return "".join(words)


@cache
def _pieces(lang: Lang, key: str) -> tuple[_Piece, ...]:
    template = catalogue(lang)[key]
    pieces: list[_Piece] = []
    bold = italic = False
    at = 0
    for match in _PART.finditer(template):
        if match.start() > at:
            pieces.append(_Piece(literal=template[at : match.start()], bold=bold, italic=italic))
        closing, tag, name, one, other = match.groups()
        if tag == "b":
            bold = not closing
        elif tag == "i":
            italic = not closing
        else:
            forms = (one, other) if one is not None else None
            pieces.append(_Piece(name=name, forms=forms, bold=bold, italic=italic))
        at = match.end()
    if at < len(template):
        pieces.append(_Piece(literal=template[at:], bold=bold, italic=italic))
    return tuple(pieces)


def _flat(prefix: str, table: dict[str, Any]) -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    for key, value in table.items():
        entries += _flat(f"{prefix}{key}.", value) if isinstance(value, dict) else [(prefix + key, value)]
    return entries
