"""Words within a few typing errors of a word, among very many, without comparing it with each of them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA


class Near(NamedTuple):
    word: str
    errors: int


class Spelling:
    """A vocabulary that can be asked for words nearly spelt like another.

    One error is a letter left out, added, wrong, or two neighbours swapped (optimal string alignment distance).
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(dict.fromkeys(words))
        self._by_pair: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self._words):
            for pair in _pairs(word):
                self._by_pair[pair].append(number)

    def near(self, word: str) -> list[Near]:
        """The words as many errors away as the length allows at most, fewest errors first, 20 at most."""
        errors = allowed(word)
        if errors == 0:
            return []
        # One error spoils three pairs of neighbouring letters at most (a swap does), so a word within reach shares at
        # least one of any 3 * errors + 1 pairs: the rarest ones leave the fewest words to compare.
        rarest = sorted(_pairs(word), key=lambda pair: len(self._by_pair.get(pair, ())))[: 3 * errors + 1]
        numbers = {number for pair in rarest for number in self._by_pair.get(pair, ())}
        candidates = [self._words[number] for number in numbers]
        close = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=errors, limit=None)
        found = [Near(candidate, int(distance)) for candidate, distance, _ in close]
        return sorted(found, key=lambda near: (near.errors, near.word))[:20]


def allowed(word: str) -> int:
    """How many errors a word of this length may have and still be meant: none up to 4 letters, then 1, from 9 on 2.

    In short words one letter makes another word: RAG, RAM, GAN, GNN.
    """
    return 0 if len(word) < 5 else 1 if len(word) < 9 else 2


def _pairs(word: str) -> set[str]:
    framed = f"\x02{word}\x03"
    return {framed[i : i + 2] for i in range(len(framed) - 1)}
