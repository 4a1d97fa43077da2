"""A sentence that is read piece by piece: what was understood is taken out, and what is left is read on."""

import re
import unicodedata

from bot.search.fold import simplified

TAKEN = "\x1f"  # stands where words were taken out; regular expressions see it as a blank

_APOSTROPHES = str.maketrans("’‘`´", "'" * 4)


class Said:
    """`text` is in lower case and simplified characters, letter for letter beside what was typed."""

    def __init__(self, typed: str) -> None:
        self._typed = unicodedata.normalize("NFKC", typed).translate(_APOSTROPHES)
        self.text = simplified(self._typed.casefold())
        if len(self.text) != len(self._typed):  # letters that are longer in lower case (ẞ, İ)
            self._typed = self.text

    def take(self, start: int, end: int) -> str:
        """Take these places out. Returns what stood there."""
        taken = self.text[start:end]
        self.text = f"{self.text[:start]}{TAKEN * (end - start)}{self.text[end:]}"
        return taken

    def take_all(self, pattern: re.Pattern[str]) -> list[str]:
        """Take out every match. Returns what was typed there."""
        places = [match.span() for match in pattern.finditer(self.text)]
        for start, end in places:
            self.take(start, end)
        return [self.typed(start, end) for start, end in places]

    def pieces(self) -> list[tuple[int, int]]:
        """Where what is left stands, between what was taken."""
        return [match.span() for match in re.finditer(rf"[^{TAKEN}]+", self.text)]

    def typed(self, start: int, end: int) -> str:
        """What was typed at these places."""
        return self._typed[start:end].strip()
