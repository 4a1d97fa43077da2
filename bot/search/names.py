"""People by what is typed for their names.

Hanzi, a given name alone, wrong characters that sound right, pinyin in either order, initials, typing errors.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from bot.domain.model import has_hanzi
from bot.domain.programme import Person
from bot.search import shapes
from bot.search.fold import compact, fold, tokens
from bot.search.fuzzy import Spelling
from bot.search.pinyin import flat, is_pinyin, latin, readings, sounds, split, syllabified

Why = Literal["name", "given-name", "surname", "initials", "sounds-like", "spelling"]

_UE = re.compile(r"(?<=[lnLN])[üÜ]")
_NAMESAKES = 50  # of one name or surname; more are no answer to anything
_UMLAUTED = re.compile(r"(?<=[jqx])u(?!o)|(?<![ln]y)(?<=y)u(?=[aen]|$)")
_ALIKE = 0.1  # share of their parts that characters have in common which may be taken for each other
_LETTERS = re.compile(r"^[a-z]+$")


class Found(NamedTuple):
    """`number` is the person's place in the list given; score 0 … 100; `rest`: what else was typed, folded."""

    number: int
    score: float
    confident: bool
    why: Why
    rest: str = ""


class LatinKeys(NamedTuple):
    """What a name in Latin letters may be typed as, without blanks: whole in either order, parts, and initials."""

    whole: frozenset[str]
    given: frozenset[str]
    surname: frozenset[str]
    initials: frozenset[str]


def latin_keys(name: str, given_length: int = 0) -> LatinKeys:
    """The keys of a name "Given Surname"; `given_length` is the number of hanzi its given name has, where it has any.

    ü after l and n is also typed v, u and yu. Initials are those of words (R Sun) and of syllables (RY Sun, SRY).
    """
    words = fold(_UE.sub("yu", name)).split()
    if not words:
        return LatinKeys(frozenset(), frozenset(), frozenset(), frozenset())
    *first, last = words
    given, surname = "".join(first), last
    if not given:
        return LatinKeys(frozenset({surname}), frozenset(), frozenset(), frozenset())
    whole = {given + surname, surname + given}
    if len(first) > 1:  # a middle name is often left out
        whole |= {first[0] + surname, surname + first[0]}
    short = {first[0][0], "".join(word[0] for word in first)}
    short |= {"".join(syllable[0] for syllable in reading) for reading in syllabified(given, given_length)}
    initials = {key for letters in short for key in (letters + surname, surname + letters)}
    initials |= {key for letters in short for key in (letters + surname[0], surname[0] + letters) if len(key) > 1}
    return LatinKeys(
        frozenset(_spellings(whole)),
        frozenset(_spellings({given, *first})),
        frozenset(_spellings({surname})),
        frozenset(_spellings(initials - whole)),
    )


class Names:
    """The people of a programme by their names. `find` gives places in the list that was given."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._hanzi: dict[str, list[int]] = defaultdict(list)
        self._given: dict[str, list[int]] = defaultdict(list)
        self._surname: dict[str, list[int]] = defaultdict(list)
        self._with_gap: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._latin: dict[str, list[int]] = defaultdict(list)
        self._flat: dict[str, list[int]] = defaultdict(list)
        self._latin_given: dict[str, list[int]] = defaultdict(list)
        self._latin_surname: dict[str, list[int]] = defaultdict(list)
        self._initials: dict[str, list[int]] = defaultdict(list)
        for number, person in enumerate(people):
            self._add(number, person)
        if self._hanzi:
            readings("一")  # the table of readings is loaded now, not while someone waits for an answer
        self._longest = max(map(len, self._hanzi), default=0)
        self._spelling = Spelling(key for key in self._latin if len(key) > 4)

    def _add(self, number: int, person: Person) -> None:
        given = ""
        name = compact(person.name)
        if has_hanzi(name):
            surname, given = split(name)
            self._hanzi[name].append(number)
            self._given[given].append(number)
            self._surname[surname].append(number)
            for place, gapped in enumerate(_with_gaps(name)):
                self._with_gap[gapped].append((number, name[place]))
        written = person.latin or latin(person.name)
        keys = latin_keys(written, len(given))
        whole = set(keys.whole)
        if has_hanzi(name) and whole.isdisjoint(heard := sounds(name)):
            # Douglas Zhou is still found by what sounds like 周栋焯, and Difan Zou by what 邹获凡 sounds like.
            whole.update(_spellings(heard))
        _enter(self._latin, whole, number)
        _enter(self._flat, map(flat, whole), number)
        _enter(self._latin_given, keys.given, number)
        _enter(self._latin_surname, keys.surname, number)
        _enter(self._initials, keys.initials, number)

    def find(self, folded: str) -> list[Found]:
        """Who a folded question names, best first; each person once."""
        best: dict[int, Found] = {}
        for found in self._all(folded):
            if found.number not in best or found.score > best[found.number].score:
                best[found.number] = found
        return sorted(best.values(), key=lambda found: (-found.score, found.number))

    def _all(self, folded: str) -> Iterator[Found]:
        yield from self._hanzi_in(folded)
        yield from self._latin_in(folded)
        words = tokens(folded)
        if has_hanzi(folded):
            whole = "".join(words)
            if all(has_hanzi(word) for word in words) and len(whole) <= max(self._longest, 4):
                yield from _each(self._hanzi.get(whole, ()), 100.0, "name")
                yield from self._like_hanzi(whole)
            elif len(words) <= 4:
                yield from self._in_both_scripts(words)
        elif words and len(words) <= 4 and all(_LETTERS.match(word) for word in words):
            yield from self._like_latin("".join(words), words)

    def _hanzi_in(self, folded: str) -> Iterator[Found]:
        """Names that stand in the question as they are, the longest first, none inside another."""
        taken: list[tuple[int, int]] = []
        for length in range(self._longest, 1, -1):
            for start in range(len(folded) - length + 1):
                end = start + length
                if folded[start:end] in self._hanzi and not any(start < e and s < end for s, e in taken):
                    taken.append((start, end))
        for start, end in taken:
            rest = f"{folded[:start]} {folded[end:]}".strip()
            yield from _each(self._hanzi[folded[start:end]], 90.0 if rest else 100.0, "name", rest=rest)

    def _latin_in(self, folded: str) -> Iterator[Found]:
        """Names in Latin letters that stand in the question, words run together or not."""
        words = folded.split()
        for length in range(min(4, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                key = "".join(words[start : start + length])
                if len(key) < 4 and length != len(words):
                    continue
                if key in self._latin:
                    rest = " ".join(words[:start] + words[start + length :])
                    yield from _each(self._latin[key], 90.0 if rest else 99.0, "name", rest=rest)

    def _in_both_scripts(self, words: Sequence[str]) -> Iterator[Found]:
        """若愚 Sun, and 曾(zeng)晨宇, where the Latin letters only tell how to read it."""
        hanzi = "".join(word for word in words if has_hanzi(word))
        heard = "".join(word for word in words if not has_hanzi(word))
        if hanzi in self._hanzi and any(heard in sound for sound in sounds(hanzi)):
            yield from _each(self._hanzi[hanzi], 98.0, "name")
        for sound in sounds(f"?{hanzi}"):
            given = sound.removeprefix("?")
            for key in (given + heard, heard + given):
                yield from _each(self._latin.get(key, ()), 92.0, "name")

    def _like_hanzi(self, name: str) -> Iterator[Found]:
        yield from _each(self._given.get(name, ()), 86.0 if len(name) > 1 else 55.0, "given-name", sure=len(name) > 1)
        namesakes = self._surname.get(name, ())
        yield from _each(namesakes, 60.0, "surname", sure=len(namesakes) == 1)
        if len(name) < 2:
            return
        heard = sounds(name)
        for sound in heard:
            yield from _each(self._latin.get(sound, ()), 84.0, "sounds-like")
            yield from _each(self._flat.get(flat(sound), ()), 74.0, "sounds-like")
            yield from _each(self._latin_given.get(sound, ()), 58.0, "sounds-like", sure=False)
        for place, gapped in enumerate(_with_gaps(name)):
            for number, written in self._with_gap.get(gapped, ()):
                alike = shapes.likeness(name[place], written)
                # Of two characters one is half the name: the other must at least look like it.
                if alike > _ALIKE or len(name) > 2:
                    yield Found(number, 62.0 + 8.0 * alike, confident=False, why="spelling")

    def _like_latin(self, name: str, words: Sequence[str]) -> Iterator[Found]:
        parts: tuple[tuple[dict[str, list[int]], float, Why], ...] = (
            (self._latin_given, 82.0, "given-name"),
            (self._latin_surname, 80.0, "surname"),
        )
        for part, score, why in parts:
            numbers = part.get(name, ())
            # What a dozen people are called, and what is short enough to be an acronym, is no answer yet.
            sure = len(name) > 3 and len(numbers) <= 3
            yield from _each(numbers, score if sure else 58.0, why, sure=sure)
        if len(words) > 1:
            yield from _each(self._initials.get(name, ()), 83.0, "initials")
        elif len(name) > 1:
            sure = len(name) > 5
            yield from _each(self._initials.get(name, ()), 80.0 if sure else 50.0, "initials", sure=sure)
        yield from _each(self._flat.get(flat(name), ()), 80.0, "sounds-like")
        if name in self._latin:
            return  # what is right is not misspelt
        # A name that is spelt as pinyin should be is more likely someone else's than a slip.
        well_spelt = is_pinyin(name)
        near = [(one, fuzz.ratio(name, one.word)) for one in self._spelling.near(name)]
        nearest = max((likeness for _, likeness in near), default=0.0)  # a letter left out is nearer than a wrong one
        for one, likeness in near:
            score = 68.0 + likeness / 10 - 8.0 * (one.errors - 1) - (10.0 if well_spelt else 0.0)
            sure = one.errors == 1 and likeness == nearest and not well_spelt and len(name) > 5
            yield from _each(self._latin[one.word], score, "spelling", sure=sure)


def _each(numbers: Iterable[int], score: float, why: Why, *, sure: bool = True, rest: str = "") -> Iterator[Found]:
    for number in islice(numbers, _NAMESAKES):
        yield Found(number, score, sure, why, rest)


def _enter(index: dict[str, list[int]], keys: Iterable[str], number: int) -> None:
    for key in keys:
        if number not in index[key][-1:]:
            index[key].append(number)


def _with_gaps(name: str) -> list[str]:
    """The name with each character in turn taken out: one may be wrong by its shape."""
    return [f"{name[:i]}?{name[i + 1 :]}" for i in range(len(name))] if len(name) > 1 else []


def _spellings(keys: Iterable[str]) -> Iterator[str]:
    """Keys as they are, and with ü typed as v and u: 吕 is Lyu in a passport, lv on a keyboard, Lu on a badge.

    After j, q, x and y the u is an ü, and some type v there as well: xv for 徐.
    """
    for key in keys:
        yield key
        for letter in "ln":
            if f"{letter}yu" in key:
                yield key.replace(f"{letter}yu", f"{letter}v")
                yield key.replace(f"{letter}yu", f"{letter}u")
        if _UMLAUTED.search(key):
            yield _UMLAUTED.sub("v", key)
