"""Texts cut into what is looked up: pairs of hanzi, and words of other scripts by their stem."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.search.courtesy import hollow
from bot.search.fold import fold, is_hanzi, tokens

Atom = str  # one hanzi, the stem of one word, or a blank between two runs of hanzi

_PLURAL = re.compile(r"(?<=[a-z]{2})(?:(?<=[^aeious])ies|(?<![suig])s)$")
_HYPHENATED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")
_BRITISH = re.compile(r"(?<=[a-z]{3})is(e|es|ed|er|ing|ation)$")

# Characters between words of a question rather than in them.
_BETWEEN = re.compile("[的与及吗呢了]|关于|以及|有关|基于|面向|什么|怎么|哪些|如何")


class Cut(NamedTuple):
    """A text folded, its pieces (runs of hanzi and stems of other words) in order, and its terms, each once."""

    folded: str
    pieces: tuple[str, ...]
    terms: tuple[str, ...]


@lru_cache(4096)  # a programme says the same affiliations and session titles hundreds of times
def cut(text: str) -> Cut:
    folded = fold(text)
    found = pieces(folded)
    every = dict.fromkeys(terms(found))
    if "-" in text:  # a hyphenated word counts in parts and as one: pre, training, pretraining
        every.update(dict.fromkeys(stem(fold(word.replace("-", ""))) for word in _HYPHENATED.findall(text)))
    return Cut(folded, tuple(found), tuple(every))


@lru_cache(65536)
def stem(word: str) -> str:
    """A word without its plural ending, spelt the American way; words with figures stay as they are."""
    if not word.isascii() or not word.isalpha() or len(word) < 4:
        return word
    word = _BRITISH.sub(r"iz\1", word)
    return _PLURAL.sub(lambda match: "y" if match.group() == "ies" else "", word)


def pieces(folded: str) -> list[str]:
    """The runs of hanzi of a folded text and the stems of its other words, in order."""
    return [token if is_hanzi(token[0]) else stem(token) for token in tokens(folded)]


def terms(found: Iterable[str]) -> Iterator[str]:
    """The terms of a text in pieces, repetitions included."""
    for piece in found:
        if is_hanzi(piece[0]):
            yield from pairs(piece)
        else:
            yield piece


def pairs(run: str) -> list[str]:
    """The pairs of neighbours in a run of hanzi; a run of one is itself."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def atoms(text: str) -> tuple[Atom, ...]:
    """A text as single hanzi and stems of words, in order; a blank stands between two runs of hanzi."""
    found: list[Atom] = []
    for piece in pieces(fold(text)):
        if is_hanzi(piece[0]):
            if found and is_hanzi(found[-1][0]):
                found.append(" ")
            found.extend(piece)
        else:
            found.append(piece)
    return tuple(found)


def phrase(term: Sequence[Atom]) -> tuple[str, ...]:
    """The terms that a text with this phrase has."""
    found: list[str] = []
    run = ""
    for atom in (*term, ""):
        if atom and is_hanzi(atom[0]):
            run += atom
            continue
        if run:
            found.extend(pairs(run))
            run = ""
        if atom.strip():
            found.append(atom)
    return tuple(dict.fromkeys(found))


def telling(asked: str) -> str:
    """A folded question without words that say nothing of its subject; it may be empty then."""
    return " ".join(part for part in _BETWEEN.sub(" ", asked).split() if part not in hollow())
