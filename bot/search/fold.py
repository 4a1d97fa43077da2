"""Normalising text, so that what people type and what a programme prints can be compared.

Everything in bot.search compares folded text only: `fold` is applied to both sides.
"""

import re
import unicodedata
from functools import cache

from opencc import OpenCC

from bot.domain.model import has_hanzi

# Letters that Unicode does not decompose, as people without that keyboard write them.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ħ": "h"})
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_NOT_WORD = re.compile(r"[\W_]+")
# What is drawn as nothing, and halves of surrogate pairs, which no library below takes.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff]")
_MARKED = re.compile("[\u0080-\u024f\u0300-\u036f\u1e00-\u1eff]")
HANZI = "〇㐀-䶿一-鿿豈-﫿"
_TOKEN = re.compile(rf"[{HANZI}]+|[^\W_{HANZI}]+")

_FORMS = ("〇零", "一幺壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS = {character: digit for digit, forms in enumerate(_FORMS) for character in forms}
_NUMERAL = "".join(_DIGITS) + "十拾百廿卅"
_RUN = re.compile(f"[{_NUMERAL}]+")
_COUNTED = "".join(_DIGITS)
_STRUCTURED = re.compile(f"(?:([{_COUNTED}])百)?[零〇]?(?:([{_COUNTED}]?)十)?([{_COUNTED}]?)")
_COUNTERS = "号室点时月日楼层厅场届"


def fold(text: str) -> str:
    """Text in one form: NFKC, lower case, simplified, no diacritics on Latin letters, words parted by one blank.

    Punctuation parts words; an apostrophe joins them (Xi'an is xian). Any string is accepted, lone surrogates too.
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    if not text.isascii():
        text = simplified(_INVISIBLE.sub("", text))
        if _MARKED.search(text):
            text = _plain_letters(text).translate(_LETTERS)
    return _NOT_WORD.sub(" ", _APOSTROPHES.sub("", text)).strip()


def compact(text: str) -> str:
    """Folded text without blanks: 友谊宫 7 号 and 友谊宫7号 are one name, as are Bin Dong and bindong."""
    return fold(text).replace(" ", "")


def tokens(folded: str) -> list[str]:
    """The runs of hanzi and the words of other scripts in a folded text; figures belong to the word they stand in."""
    return _TOKEN.findall(folded)


def is_hanzi(character: str) -> bool:
    """Whether one character is a hanzi; a token (`tokens`) is of hanzi when its first character is one."""
    return "一" <= character <= "鿿" or "㐀" <= character <= "䶿" or "豈" <= character <= "﫿" or character == "〇"


def with_digits(folded: str, *, everywhere: bool = False) -> str:
    """Chinese numerals as digits where a number is meant: 七号 is 7号, 十七 is 17, but 统一 stays.

    A number is meant before a counter (号, 点 …), after 第, when nothing else is there, and from two numerals with a
    十 or 百. `everywhere` takes every numeral for a number: for names of rooms, where both sides are treated so.
    """

    def digits(match: re.Match[str]) -> str:
        run = match.group()
        after = folded[match.end() : match.end() + 1]
        meant = (
            everywhere
            or run == folded
            or (after != "" and after in _COUNTERS)
            or folded[: match.start()].endswith("第")
            or (len(run) > 1 and any(c in "十百廿卅" for c in run))
        )
        number = numeral(run) if meant else None
        return run if number is None else str(number)

    return _RUN.sub(digits, folded)


def numeral(run: str) -> int | None:
    """The number a run of Chinese numerals writes, 0 … 999 or digit by digit (二〇二五); None when it writes none."""
    run = run.replace("拾", "十").replace("廿", "二十").replace("卅", "三十")
    if all(c in _DIGITS for c in run):
        return int("".join(str(_DIGITS[c]) for c in run)) if run else None
    match = _STRUCTURED.fullmatch(run)
    if match is None:
        return None
    hundreds, tens, ones = match.groups()
    value = 100 * _DIGITS[hundreds] if hundreds else 0
    if tens is not None:
        value += 10 * (_DIGITS[tens] if tens else 1)
    return value + (_DIGITS[ones] if ones else 0)


def simplified(text: str) -> str:
    """Traditional characters as simplified ones."""
    # OpenCC takes UTF-8, which has no half of a surrogate pair.
    return _converter().convert(text.encode("utf-8", "replace").decode()) if has_hanzi(text) else text


def _plain_letters(text: str) -> str:
    # Marks go only from letters of the Latin script: in other scripts they make another letter.
    kept: list[str] = []
    latin = False
    for c in unicodedata.normalize("NFD", text):
        if unicodedata.combining(c):
            if latin:
                continue
        else:
            latin = c.isascii() or "\u0080" <= c <= "\u024f"
        kept.append(c)
    return unicodedata.normalize("NFC", "".join(kept))


@cache
def _converter() -> OpenCC:
    # Made at the first hanzi: a bot whose programme and people write English never loads the tables.
    return OpenCC("t2s")
