"""Which texts answer a question: an inverted index, and how much of the question each text covers."""

import math
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Literal, NamedTuple, get_args

from rapidfuzz import fuzz

from bot.domain.model import has_hanzi
from bot.search.fold import tokens
from bot.search.fuzzy import Spelling
from bot.search.glossary import Glossary, Groups
from bot.search.terms import atoms, cut, pairs, phrase, stem, telling

Field = Literal["title", "translation", "kind", "speaker", "session", "summary", "affiliation", "chair", "abstract"]

_FIELDS: tuple[Field, ...] = get_args(Field)
# How well a word answers by where it stands. A text counts a word once, where it counts most.
_WEIGHTS = (1.0, 0.98, 0.96, 0.9, 0.84, 0.8, 0.78, 0.74, 0.72)
_FIELD_BITS = 4
_FIELD_MASK = (1 << _FIELD_BITS) - 1

_ENOUGH = 0.7  # share of a question that a text must cover to answer it
_BROAD = 0.6  # once this share of a question is looked up, further words only rank what was found
_RANKED = 60  # texts compared in full
_SYNONYM = 0.95
_PREFIX = 0.85
_MISSPELT = (1.0, 0.85, 0.66)  # by the number of errors: one is forgiven in a title, two are only worth an offer
_SEAM = 0.25  # weight of a pair of hanzi that stands in no text between two that do: two words meet there


class Option(NamedTuple):
    """One way to satisfy a part of a question: all of these terms.

    text     they must stand together, in this form.
    synonym  they are another word for what was asked, spelt like this.
    """

    terms: tuple[str, ...]
    quality: float
    text: str = ""
    synonym: str = ""


class Want(NamedTuple):
    """A part of a question: any of the options will do."""

    weight: float
    options: tuple[Option, ...]


class Found(NamedTuple):
    """`number` is its place; score 0 … 100; `why`: the field that answered most, or "topic": the synonym `word`."""

    number: int
    score: float
    confident: bool
    why: Field | Literal["topic"]
    word: str = ""


Document = Sequence[tuple[Field, str]]


class Texts:
    """Documents of fields. Built once and then only read."""

    def __init__(self, documents: Iterable[Document], glossary: Groups = ()) -> None:
        self._glossary = Glossary(glossary)
        self._postings: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self._whole: list[str] = []
        self._titles: list[tuple[str, ...]] = []
        for number, document in enumerate(documents):
            self._add(number, document)
        self._words = sorted(term for term in self._postings if not has_hanzi(term))
        self._spelling = Spelling(word for word in self._words if len(word) > 3)

    def __len__(self) -> int:
        return len(self._whole)

    def _add(self, number: int, document: Document) -> None:
        best: dict[str, int] = {}
        whole: list[str] = []
        titles: list[str] = []
        for field, text in sorted(document, key=lambda part: _FIELDS.index(part[0])):
            place = _FIELDS.index(field)
            found = cut(text)
            for term in found.terms:
                best.setdefault(term, place)
            whole.append(f" {' '.join(found.pieces)} ")
            if field in {"title", "translation"}:
                titles.append(found.folded)
        for term, place in best.items():
            self._postings[term].append(number << _FIELD_BITS | place)
        # Kept for phrases: stems between blanks, fields between bars, so that no phrase is found across two fields.
        self._whole.append("|".join(whole))
        self._titles.append(tuple(titles))

    def find(self, asked: str, within: Sequence[range], limit: int) -> list[Found]:
        """The texts of the given ranges that cover most of a folded question, best first."""
        wants = self._wants(asked)
        total = sum(want.weight for want in wants)
        if not total:
            return []
        covered = self._cover(wants, total)
        if sum(map(len, within)) < len(self._whole):
            covered = {number: value for number, value in covered.items() if any(number in part for part in within)}
        first = sorted(covered.items(), key=itemgetter(1), reverse=True)[: max(_RANKED, limit)]
        found = [self._found(number, value / total, wants, asked) for number, value in first]
        return sorted(found, key=lambda one: (-one.score, one.number))[:limit]

    def _cover(self, wants: Sequence[Want], total: float) -> dict[int, float]:
        """The weight of the question that each text covers. Rare words find texts; common words then only rank them."""
        covered: dict[int, float] = {}
        looked_up = 0.0
        for want in sorted(wants, key=lambda want: sum(self._frequency(option) for option in want.options)):
            closed = bool(covered) and looked_up >= _BROAD * total
            for number, quality in self._satisfying(want, covered if closed else None).items():
                covered[number] = covered.get(number, 0.0) + want.weight * quality
            looked_up += want.weight
        return covered

    def _satisfying(self, want: Want, among: dict[int, float] | None) -> dict[int, float]:
        best: dict[int, float] = {}
        for option in want.options:
            if len(option.terms) == 1:
                matches = self._with_term(option.terms[0], among)
            else:
                matches = self._with_phrase(option, among)
            for number, quality in matches.items():
                if quality * option.quality > best.get(number, 0.0):
                    best[number] = quality * option.quality
        return best

    def _with_term(self, term: str, among: dict[int, float] | None) -> dict[int, float]:
        postings = self._postings.get(term, ())
        if among is None:
            return {entry >> _FIELD_BITS: _WEIGHTS[entry & _FIELD_MASK] for entry in postings}
        if len(among) * 8 < len(postings):
            places = ((number, self._place(term, number)) for number in among)
            return {number: _WEIGHTS[place] for number, place in places if place is not None}
        return {n: _WEIGHTS[entry & _FIELD_MASK] for entry in postings if (n := entry >> _FIELD_BITS) in among}

    def _with_phrase(self, option: Option, among: dict[int, float] | None) -> dict[int, float]:
        by_rarity = sorted(option.terms, key=lambda term: len(self._postings.get(term, ())))
        found = self._with_term(by_rarity[0], among)
        for term in by_rarity[1:]:
            more = self._with_term(term, found)
            found = {number: min(found[number], quality) for number, quality in more.items()}
        if option.text:
            found = {number: quality for number, quality in found.items() if option.text in self._whole[number]}
        return found

    def _place(self, term: str, number: int) -> int | None:
        """The field in which a text has a term."""
        postings = self._postings.get(term)
        if not postings:
            return None
        at = bisect_left(postings, number << _FIELD_BITS)
        if at < len(postings) and postings[at] >> _FIELD_BITS == number:
            return postings[at] & _FIELD_MASK
        return None

    def _found(self, number: int, share: float, wants: Sequence[Want], asked: str) -> Found:
        why: Field | Literal["topic"] = "title"
        word, most = "", 0.0
        for want in wants:
            for option in want.options:
                places = [self._place(term, number) for term in option.terms]
                known = [place for place in places if place is not None]
                if len(known) < len(places) or (option.text and option.text not in self._whole[number]):
                    continue
                worst = max(known)
                if want.weight * option.quality * _WEIGHTS[worst] > most:
                    most = want.weight * option.quality * _WEIGHTS[worst]
                    why, word = "topic" if option.synonym else _FIELDS[worst], option.synonym
        titles = self._titles[number]
        alike = max((fuzz.ratio(asked, title) for title in titles), default=0.0) / 100
        together = any(asked in title for title in titles)
        return Found(number, 88 * share + 5 * alike + 3 * together, share >= _ENOUGH, why, word)

    # A question as wants.

    def _wants(self, asked: str) -> list[Want]:
        sequence = atoms(asked)
        wants: list[Want] = []
        rest_from = 0
        spans = [span for span in self._glossary.spans(sequence) if self._known(span.terms)]
        for span in spans:
            wants.extend(self._plain(sequence[rest_from : span.start]))
            rest_from = span.end
            first, *others = span.terms
            options = (_option(first), *(_option(term, self._glossary.written(term)) for term in others))
            wants.append(Want(2 * self._rarity(max(map(self._frequency, options))), options))
        wants.extend(self._plain(sequence[rest_from:]))
        return list({want.options: want for want in wants}.values())

    def _known(self, synonyms: Iterable[Sequence[str]]) -> bool:
        return any(all(term in self._postings for term in phrase(synonym)) for synonym in synonyms)

    def _plain(self, sequence: Sequence[str]) -> list[Want]:
        wants: list[Want] = []
        for token in tokens(telling(_joined(sequence))):
            if has_hanzi(token):
                wants += self._of_run(pairs(token))
            else:
                options = self._options(token)
                rarity = self._rarity(max((self._frequency(option) for option in options), default=0))
                wants.append(Want(1.5 * rarity, options or (Option((token,), 1.0),)))
        return wants

    def _of_run(self, run: Sequence[str]) -> list[Want]:
        known = [False, *(pair in self._postings for pair in run), False]
        return [
            Want(
                self._rarity(self._count(pair)) * (_SEAM if known[i] and not known[i + 1] and known[i + 2] else 1.0),
                (Option((pair,), 1.0),),
            )
            for i, pair in enumerate(run)
        ]

    def _options(self, word: str) -> tuple[Option, ...]:
        """What a word of a question may stand for: itself; or else what it begins, is made of, or is misspelt for."""
        if word in self._postings:
            return (Option((word,), 1.0),)
        at = bisect_left(self._words, word)
        if len(word) > 3:
            longer = [known for known in self._words[at : at + 8] if known.startswith(word)]
            if longer:
                return tuple(Option((known,), _PREFIX) for known in longer)
        for seam in range(3, len(word) - 2):
            head, tail = word[:seam], stem(word[seam:])
            if head in self._postings and tail in self._postings:
                return (Option((head, tail), 0.95, f" {head} {tail} "),)
        near = [one for one in self._spelling.near(word) if one.word[0] == word[0]]
        return tuple(Option((one.word,), _MISSPELT[one.errors]) for one in near if one.errors == near[0].errors)

    def _count(self, term: str) -> int:
        return len(self._postings.get(term, ()))

    def _frequency(self, option: Option) -> int:
        return min(map(self._count, option.terms), default=0)

    def _rarity(self, count: int) -> float:
        """The weight of a word that `count` texts have; what none has weighs as much as what one has."""
        return math.log(1 + len(self._whole) / max(count, 1))


def _option(term: Sequence[str], synonym: str = "") -> Option:
    together = "" if any(map(has_hanzi, term)) or len(term) == 1 else f" {' '.join(term)} "
    return Option(phrase(term), _SYNONYM if synonym else 1.0, together, synonym)


def _joined(sequence: Sequence[str]) -> str:
    """Atoms as text again: hanzi run together, words parted."""
    return "".join(atom if has_hanzi(atom) else f" {atom} " for atom in sequence)
