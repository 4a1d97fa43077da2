"""Two lists, and who in the one is who in the other: by rules from the surest to the loosest, always one to one."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
Keys = Callable[[T], Iterable[Hashable]]

CROWD = 16
"""A key that more things share tells none of them apart, and comparing all with all would take minutes."""
ROUNDS = 8
"""Each pair that is settled can make another one clear; a longer chain than this is no evidence any more."""


class Pairing(Generic[T]):
    """`partner` maps positions in `news` to positions in `olds`; `unclear` are news with several equal candidates."""

    def __init__(self, olds: Sequence[T], news: Sequence[T]) -> None:
        self.olds = olds
        self.news = news
        self.partner: dict[int, int] = {}
        self.unclear: list[int] = []
        self._open_olds = dict.fromkeys(range(len(olds)))
        self._open_news = dict.fromkeys(range(len(news)))

    @property
    def unpaired(self) -> list[int]:
        """Positions in `news` that have no partner, the unclear ones not among them."""
        return list(self._open_news)

    def by(self, keys: Keys[T], *, accept: Callable[[T, T], bool] | None = None, final: bool = False) -> None:
        """Pair those that are each other's only best candidate: the one with which they share the most keys.

        accept(old, new)  says which candidates are possible at all.
        final             no later rule may separate what is tied now: it is unclear and stays without a partner.
        """
        for _ in range(ROUNDS):
            for_new, for_old = self._candidates(keys, accept)
            best_new = {new: _best(counts) for new, counts in for_new.items()}
            best_old = {old: _best(counts) for old, counts in for_old.items()}
            pairs = [(new, best[0]) for new, best in best_new.items() if len(best) == 1 and best_old[best[0]] == [new]]
            if not pairs:
                break
            for new, old in pairs:
                self._settle(new, old)
        if final:
            tied = {new: olds for new, olds in best_new.items() if new in self._open_news}
            for new, olds in tied.items():
                if len(olds) > 1 or len(best_old[olds[0]]) > 1:
                    self.unclear.append(new)
                    del self._open_news[new]
                    for old in olds:
                        self._open_olds.pop(old, None)

    def in_order(self, key: Callable[[T], Hashable]) -> None:
        """Pair those that have the same key one after the other: for things that only their order tells apart."""
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for old in self._open_olds:
            waiting[key(self.olds[old])].append(old)
        for new in self.unpaired:
            if queue := waiting.get(key(self.news[new])):
                self._settle(new, queue.popleft())

    def _settle(self, new: int, old: int) -> None:
        self.partner[new] = old
        del self._open_news[new], self._open_olds[old]

    def _candidates(
        self, keys: Keys[T], accept: Callable[[T, T], bool] | None
    ) -> tuple[dict[int, Counter[int]], dict[int, Counter[int]]]:
        """For each new the olds it shares keys with and how many, and the other way round."""
        olds_by_key: dict[Hashable, list[int]] = defaultdict(list)
        for old in self._open_olds:
            for key in keys(self.olds[old]):
                olds_by_key[key].append(old)
        news_by_key: dict[Hashable, list[int]] = defaultdict(list)
        for new in self._open_news:
            for key in keys(self.news[new]):
                if key in olds_by_key:
                    news_by_key[key].append(new)
        for_new: dict[int, Counter[int]] = defaultdict(Counter)
        for_old: dict[int, Counter[int]] = defaultdict(Counter)
        for key, news in news_by_key.items():
            for new in news[:CROWD]:
                for old in olds_by_key[key][:CROWD]:
                    if accept is None or accept(self.olds[old], self.news[new]):
                        for_new[new][old] += 1
                        for_old[old][new] += 1
        return for_new, for_old


def _best(counts: Counter[int]) -> list[int]:
    """The candidates with the most keys; several where they have as many."""
    most = max(counts.values())
    return [candidate for candidate, count in counts.items() if count == most]
