"""Terms that mean the same, in either language, and where they stand in a question."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.search.terms import Atom, atoms

Groups = Iterable[Sequence[str]] | Mapping[str, Sequence[str]]


class Span(NamedTuple):
    """Atoms start … end of a question are the first of `terms`; the others mean the same."""

    start: int
    end: int
    terms: tuple[tuple[Atom, ...], ...]


def groups_of(groups: Groups) -> list[Sequence[str]]:
    """The groups, of a mapping those of each term with its synonyms."""
    return [(term, *others) for term, others in groups.items()] if isinstance(groups, Mapping) else list(groups)


class Glossary:
    """Groups of synonyms: ("扩散模型", "diffusion model"), or a mapping of a term to its synonyms."""

    def __init__(self, groups: Groups = ()) -> None:
        # What each term means, itself included, with the spelling of its group.
        self._groups: dict[tuple[Atom, ...], dict[tuple[Atom, ...], str]] = defaultdict(dict)
        for group in groups_of(groups):
            terms = {term: written for written in group if (term := atoms(written))}
            for term in terms:
                self._groups[term].update(terms)
        self._starting: dict[Atom, list[tuple[Atom, ...]]] = defaultdict(list)
        for term in sorted(self._groups, key=len, reverse=True):
            self._starting[term[0]].append(term)

    def written(self, term: tuple[Atom, ...]) -> str:
        """A term of the glossary as it is spelt there."""
        return self._groups[term][term]

    def spans(self, asked: Sequence[Atom]) -> list[Span]:
        """The terms that stand in a question, from the left, the longest at each place, none overlapping."""
        spans: list[Span] = []
        place = 0
        while place < len(asked):
            term = next(
                (t for t in self._starting.get(asked[place], ()) if t == tuple(asked[place : place + len(t)])), None
            )
            if term is None:
                place += 1
                continue
            others = tuple(other for other in self._groups[term] if other != term)
            spans.append(Span(place, place + len(term), (term, *others)))
            place += len(term)
        return spans
