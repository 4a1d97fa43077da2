"""People's names in running text: how they look, and how a list of them is told apart."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.formats.booklet.text import CUT, HANZI, PARAGRAPH, bracketed, mend, split_bracket

_GAP = rf"[\s{CUT}]"
CHINESE = rf"(?:[{HANZI}](?:{CUT}?[{HANZI}]){{1,3}}|[{HANZI}]+(?:·[{HANZI}]+)+)"
_WORD = r"[A-ZÀ-ÖØ-ÞČŁŚŠŽ][\w.'’-]*"
_PARTICLE = r"(?:van|von|der|den|de|du|la|le|di|da|del|al|ibn|bin)"
LATIN = rf"(?:{_WORD}(?:{_GAP}+(?:{_PARTICLE}{_GAP}+){{0,2}}{_WORD}){{1,3}})"
ONE_LATIN = rf"(?:{_WORD})"

_LIST = re.compile(r"[、，,；;/]")
_ONE_HANZI = re.compile(rf"[{HANZI}]")


@dataclass(frozen=True)
class Named:
    """A name with the affiliation printed beside it, and where."""

    name: str
    affiliation: str
    line: int


def pattern(names: Iterable[str]) -> str:
    """A regular expression for any of these names, blanks and page breaks inside them allowed."""
    return "|".join(_pattern(name) for name in sorted(names, key=len, reverse=True))


def _pattern(name: str) -> str:
    parts = [f"{_GAP}+" if char == " " else re.escape(char) for char in name]
    between = f"{_GAP}{{0,2}}" if re.fullmatch(f"[{HANZI}]+", name) else f"{CUT}?"
    return between.join(parts)


def clean(name: str) -> str:
    """A name without page breaks, and without the blank that spreads a name of two characters."""
    name = mend(name)
    return name.replace(" ", "") if re.fullmatch(rf"[{HANZI} ]+", name) else name


def split_list(text: str) -> tuple[str, ...]:
    """Names with a separator between them: 刘徽、祖冲之."""
    return tuple(name for part in _LIST.split(text) if (name := clean(part)))


def listed(found: Iterable[str]) -> str:
    """Names as a finding shows them, a dash where there are none."""
    return "、".join(found) or "–"


def split_outside_brackets(text: str) -> list[str]:
    """A list whose separators don't count inside brackets: 刘徽（曹魏，山东）、祖冲之（刘宋）."""
    parts, depth = [""], 0
    for char in text:
        depth += 1 if char in "（(" else -1 if char in "）)" else 0
        if depth <= 0 and _LIST.match(char):
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]


def chairs(cell: str, known: Collection[str]) -> tuple[str, ...]:
    """The names in a cell that separates them by blanks only. Latin names are told apart where they are known."""
    found: list[str] = []
    for chunk in re.split(rf"[{PARAGRAPH}、，,；;/]", _rejoined(cell)):
        words = chunk.split()
        while words:
            taken = _taken(words, known)
            found.append(clean(" ".join(words[:taken])))
            words = words[taken:]
    return tuple(dict.fromkeys(found))


def _taken(words: list[str], known: Collection[str]) -> int:
    """How many words the first name has."""
    if all(len(word) == 1 and _ONE_HANZI.match(word) for word in words[:2]):
        return min(2, len(words))
    if _ONE_HANZI.match(words[0]):
        return 1
    latin = next((n for n, word in enumerate(words) if _ONE_HANZI.match(word)), len(words))
    return next((n for n in range(latin, 0, -1) if " ".join(words[:n]) in known), latin)


def _rejoined(cell: str) -> str:
    """A cell of names without page breaks. A break inside a name of two or three leaves one character alone."""
    whole, *rest = cell.split(CUT)
    for part in rest:
        ends, starts = whole.split()[-1:], part.split()[:1]
        alone = any(len(word) == 1 and _ONE_HANZI.match(word) for word in ends + starts)
        whole = f"{whole.rstrip()}{'' if alone else ' '}{part.lstrip()}"
    return whole


def take_last(text: str, known: Collection[str]) -> tuple[str, str]:
    """`title name` as ("title", "name"): a known name, else one that looks like one; ("title", "") without any."""
    chinese_or_two_words = rf"{CHINESE}|{_WORD}{_GAP}+(?:{_PARTICLE}{_GAP}+)?{_WORD}"
    for names in (pattern(known), chinese_or_two_words) if known else (chinese_or_two_words,):
        match = re.search(rf"(?:^|(?<=[\s{CUT}{PARAGRAPH}：:]))(?:{names})$", text.rstrip())
        if match:
            return text[: match.start()].strip(), clean(match[0])
    return text.strip(), ""


def with_affiliation(text: str, line: int) -> Named:
    """`name (affiliation)`."""
    name, affiliation = split_bracket(mend(text))
    return Named(clean(name), bracketed(affiliation), line)
