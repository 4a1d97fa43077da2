"""Hanyu pinyin of names: how a Chinese name is written in Latin letters, and how characters sound.

Readings come from pypinyin's table of characters, corrected by surnames.toml; ü after l and n is written yu (吕 Lyu),
as in passports. Syllables carry no tones and are in lower case unless said otherwise.
"""

import os
import re
import tomllib
from collections.abc import Callable
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

from bot.domain.model import has_hanzi
from bot.search.fold import HANZI, simplified

_RUNS = re.compile(f"[{HANZI}]+")
_READINGS = 2  # further readings of a character are not met in names
_SOUNDS = 16  # combinations of readings tried for one name


class Tables(NamedTuple):
    readings: dict[str, str]
    compound: dict[str, str]
    given: dict[str, str]
    syllables: frozenset[str]


def latin(name: str) -> str:
    """A person's name as "Given Surname" in pinyin, e.g. 单若愚 → "Ruoyu Shan", 欧阳修 → "Xiu Ouyang".

    A name in parts (艾米·诺特) keeps their order. A name without hanzi is returned as it is.
    """
    if not has_hanzi(name):
        return " ".join(name.split())
    parts = _RUNS.findall("".join(name.split()))
    if len(parts) > 1:
        return " ".join("".join(map(_given, part)).capitalize() for part in parts)
    # Only the surname is made simplified, for the table: simplified, a given 乾 (qian) would turn into 干 (gan).
    surname, _ = split(simplified(parts[0]))
    given = parts[0][len(surname) :]
    family = tables().compound.get(surname) or "".join(_surname(c)[0] for c in surname)
    return f"{''.join(map(_given, given)).capitalize()} {family.capitalize()}".strip()


def split(name: str) -> tuple[str, str]:
    """Surname and given name of a name in hanzi without blanks.

    From five characters on, a name without a compound surname has no part that is a surname (转写名): all is given.
    """
    for length in (4, 2):
        if len(name) > length and name[:length] in tables().compound:
            return name[:length], name[length:]
    return ("", name) if len(name) > 4 else (name[:1], name[1:])


def sounds(name: str) -> tuple[str, ...]:
    """How a name in hanzi may sound, its syllables joined, the likeliest first; at most 16 readings."""
    surname, given = split(name)
    family = [tables().compound[surname]] if surname in tables().compound else _surname(surname) if surname else [""]
    characters = [_either(c) for c in given]
    return tuple(dict.fromkeys("".join(s) for s in islice(product(family, *characters), _SOUNDS)))


def spoken(text: str) -> str:
    """Any text with its hanzi by their usual reading, the rest as it is: 友谊宫 → youyigong."""
    return "".join(readings(c)[0] if has_hanzi(c) else c for c in text)


@cache
def readings(character: str) -> tuple[str, ...]:
    """The usual readings of a character, the commonest first; the character itself where the table has none."""
    found = _characters()(character)
    return tuple(dict.fromkeys(reading.replace("v", "yu") for reading in found))[:_READINGS]


def flat(spelling: str) -> str:
    """A spelling without what speakers of the south and hasty writers do not tell apart: zh z, ch c, sh s, ng n."""
    return re.sub(r"([zcs])h", r"\1", spelling).replace("ng", "n")


def syllabified(word: str, count: int) -> list[tuple[str, ...]]:
    """Every way to read a word as `count` syllables of pinyin: ("fangan", 2) → fang an, fan gan."""
    if count == 0:
        return [] if word else [()]
    syllables = tables().syllables
    return [
        (word[:end], *rest)
        for end in range(min(6, len(word)), 0, -1)
        if word[:end] in syllables
        for rest in syllabified(word[end:], count - 1)
    ]


def is_pinyin(word: str) -> bool:
    """Whether a word is two to four syllables of pinyin, and so may well be a name that is spelt rightly."""
    return len(word) <= 24 and any(syllabified(word, count) for count in (2, 3, 4))


@cache
def tables() -> Tables:
    data = tomllib.loads(Path(__file__).with_name("surnames.toml").read_text("utf-8"))
    syllables = frozenset(data["pinyin"]["syllables"].split())
    return Tables(data["readings"], data["compound"], data["given"], syllables)


def _given(character: str) -> str:
    return tables().given.get(character) or readings(character)[0]


def _either(character: str) -> list[str]:
    return list(dict.fromkeys((_given(character), *readings(character))))


def _surname(character: str) -> list[str]:
    return list(dict.fromkeys((tables().readings.get(character, readings(character)[0]), *readings(character))))


@cache
def _characters() -> Callable[[str], list[str]]:
    """The table of characters of pypinyin, loaded when the first character is read.

    Without its phrases it takes 12 MiB and 0.07 s instead of 58 MiB and 0.2 s, and names are no phrases.
    """
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin  # noqa: PLC0415 - a bot that never reads a character never loads it

    def read(character: str) -> list[str]:
        return pinyin(character, style=Style.NORMAL, heteronym=True)[0] if character else []

    return read
