"""Small rules for text that came out of a word processor: what to join, what to fold, what is the same."""

import re
import unicodedata

# What stands between the halves of something that a page break cut, and between the paragraphs of a cell.
# Both are control characters that `lines` has removed from the text itself.
CUT = "\x1e"
PARAGRAPH = "\x1f"

HANZI = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_FULL_WIDTH = "、。，：；？！（）【】《》〈〉「」『』〔〕…—·"
_MARKS = re.compile(f"[{CUT}{PARAGRAPH}]")
_BLANKS = re.compile(r"\s+")
_NO_BLANK_BEFORE = ",.;:!?)]}%’”"
_NO_BLANK_AFTER = "([{‘“"
_BRACKETS = str.maketrans({"（": "(", "）": ")"})


def is_hanzi(char: str) -> bool:
    return bool(re.match(f"[{HANZI}]", char))


def fold(text: str) -> str:
    """What is left of a text when width, case, blanks and punctuation don't count."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def prefix(text: str, wanted: str) -> int | None:
    """Where in `text` the words of `wanted` end, if it begins with them but for width, case, blanks, punctuation."""
    wanted, seen = fold(wanted), ""
    for position, char in enumerate(text, 1):
        seen += fold(char)
        if not wanted.startswith(seen):
            return None
        if seen == wanted:
            return position if wanted else None
    return None


def join(left: str, right: str) -> str:
    """The two halves of a text that a page break cut: Chinese without a blank, Latin with one."""
    left, right = left.rstrip(), right.lstrip()
    if not left or not right:
        return left + right
    before, after = left[-1], right[0]
    if before in _FULL_WIDTH or after in _FULL_WIDTH or after in _NO_BLANK_BEFORE or before in _NO_BLANK_AFTER:
        return left + right
    if is_hanzi(before) and (is_hanzi(after) or after == "“"):
        return left + right
    if before == "”" and is_hanzi(after):
        return left + right
    if before == "-" and left[-2:-1].isalnum() and after.isalnum():
        return left + right
    return f"{left} {right}"


def mend(text: str) -> str:
    """A text with its page breaks and paragraphs joined, tidied."""
    whole, *rest = _MARKS.split(text)
    for part in rest:
        whole = join(whole, part)
    return tidy(whole)


def tidy(text: str) -> str:
    """Single blanks, none at the ends, none around full-width punctuation."""
    text = _BLANKS.sub(" ", text).strip()
    return re.sub(r" ?([、。，：；？！]) ?", r"\1", text)


def bracketed(text: str) -> str:
    """A name with its brackets in one form: full-width without blanks where Chinese touches them, else ASCII."""
    text = tidy(text.translate(_BRACKETS))
    if not re.search(f"[{HANZI}]", text):
        return re.sub(r"\s*\(\s*(.*?)\s*\)", r" (\1)", text).strip()
    return re.sub(r"\s*\)\s*", "）", re.sub(r"\s*\(\s*", "（", text))


def split_bracket(text: str) -> tuple[str, str]:
    """`name (inside)` as ("name", "inside"), with brackets within brackets; ("text", "") where none ends the text."""
    text = text.strip()
    plain = text.translate(_BRACKETS)
    if not plain.endswith(")"):
        return text, ""
    depth = 0
    for position in range(len(plain) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(plain[position], 0)
        if depth == 0:
            return text[:position].strip(), text[position + 1 : -1].strip()
    return text, ""
