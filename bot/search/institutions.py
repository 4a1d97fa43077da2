"""Institutions by what they are called, so that one beside a name tells which person is meant: 北大 董老师."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.domain.model import has_hanzi
from bot.domain.programme import Person
from bot.domain.timetable import Timetable
from bot.search.fold import compact, fold
from bot.search.glossary import Groups, groups_of

_WORDS = 12  # of a name in Latin letters, at most


class Found(NamedTuple):
    """`people` are the places of the institution's people; `rest` is what else was said, folded."""

    people: frozenset[int]
    rest: str


class Institutions:
    """The institutions of people by every name of theirs: as printed, in English, and as the glossary shortens it."""

    def __init__(self, timetable: Timetable, people: Sequence[Person], glossary: Groups) -> None:
        synonyms: dict[str, set[str]] = defaultdict(set)
        for group in groups_of(glossary):
            for term in group:
                synonyms[compact(term)].update(map(compact, group))
        called: dict[str, set[int]] = defaultdict(set)
        for number, person in enumerate(people):
            for name in _names(timetable, person.affiliation):
                for other in {name, *synonyms[name]}:
                    called[other].add(number)
        self._people = {name: frozenset(numbers) for name, numbers in called.items() if len(name) > 1}
        self._beginnings = {name[:2] for name in self._people}
        self._longest = max((len(name) for name in self._people if has_hanzi(name)), default=0)

    def find(self, folded: str) -> Found | None:
        """The institution that stands in a question beside something else, the longest name first."""
        for start, end in self._places(folded):
            people = self._people.get(folded[start:end].replace(" ", ""))
            rest = f"{folded[:start]} {folded[end:]}".strip()
            if people and rest:
                return Found(people, " ".join(rest.split()))
        return None

    def _places(self, folded: str) -> Iterator[tuple[int, int]]:
        starts = [start for start in range(len(folded)) if folded[start : start + 2] in self._beginnings]
        for length in range(min(self._longest, len(folded)), 1, -1):
            yield from ((start, start + length) for start in starts if start + length <= len(folded))
        ends: list[tuple[int, int]] = []
        at = 0
        begin = set(starts)
        for word in folded.split(" "):
            ends.append((at, at + len(word)))
            at += len(word) + 1
        for count in range(min(_WORDS, len(ends)), 0, -1):
            for i in range(len(ends) - count + 1):
                if ends[i][0] in begin:
                    yield ends[i][0], ends[i + count - 1][1]


def _names(timetable: Timetable, affiliation: str) -> Iterable[str]:
    names = {fold(affiliation), fold(timetable.institution(affiliation))} - {""}
    return {name.removeprefix("the ").replace(" ", "") for name in names} | {name.replace(" ", "") for name in names}
