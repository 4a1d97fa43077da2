"""Telegram counts text in UTF-16 code units: a hanzi is one, an emoji is often two."""

from bisect import bisect_left
from itertools import accumulate


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


class Ruler:
    """Translates places in one text between Python's characters and Telegram's units."""

    def __init__(self, text: str) -> None:
        # Below U+10000 both count alike, which is nearly every text.
        self._starts = None if not text or max(text) <= "\uffff" else [0, *accumulate(map(_width, text))]

    def unit(self, character: int) -> int:
        """Where a character begins, in units."""
        return character if self._starts is None else self._starts[character]

    def character(self, unit: int) -> int:
        """The character that begins at a unit, or the next one if a unit falls inside it."""
        return unit if self._starts is None else bisect_left(self._starts, unit)


def _width(character: str) -> int:
    return 2 if character > "\uffff" else 1
