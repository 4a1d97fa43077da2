"""The first, the second, the last: which one of several things is meant, by its place in time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, zip_longest
from typing import Literal, Protocol, TypeVar, get_args

from bot.domain.timetable import Event

Counted = Literal["talk", "session", "slot"]
COUNTED: tuple[Counted, ...] = get_args(Counted)


class _Timed(Protocol):
    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...


Thing = TypeVar("Thing", bound=_Timed)


@dataclass(frozen=True)
class Nth:
    """A place in an order of time.

    at       1 the first, 2 the second; -1 the last, -2 the last but one.
    count    how many, from the first on or up to the last.
    of       what is counted; a slot is anything that takes place.
    whole    of the whole conference, where nothing else would say which day is meant.
    session  the talks are those of this session: the last talk of the first session.
    """

    at: int
    count: int = 1
    of: Counted = "talk"
    whole: bool = False
    session: "Nth | None" = None

    @property
    def backwards(self) -> bool:
        return self.at < 0

    def pick(self, rounds: Sequence[Sequence[Thing]]) -> list[Thing]:
        """The things meant, in order of start; [] when there are not so many. `rounds` as they are counted here."""
        first = abs(self.at) - 1
        return sorted(
            (thing for one in rounds[first : first + self.count] for thing in one), key=lambda thing: thing.start
        )

    def rounds(self, things: Iterable[Thing]) -> list[list[Thing]]:
        """Things in the order they are counted in; those that begin (or, from the end, that end) together are one."""
        return _grouped(things, self._edge, back=self.backwards)

    def rounds_of_talks(self, talks: Iterable[Event]) -> list[list[Event]]:
        """Talks in the order they are counted in, room by room: where rooms run side by side, each has its first.

        Most booklets print no times of talks, so which of two rooms comes first within a block is nobody's to say.
        """
        found: list[list[Event]] = []
        for block in _grouped(talks, lambda event: self._edge(event.slot), back=self.backwards):
            rooms: dict[int, list[Event]] = {}
            for event in block:
                rooms.setdefault(id(event.slot), []).append(event)
            sides = [sorted(events, key=self._edge, reverse=self.backwards) for events in rooms.values()]
            found += [[event for event in side if event is not None] for side in zip_longest(*sides)]
        return found

    def _edge(self, thing: _Timed) -> datetime:
        return thing.end if self.backwards else thing.start


def _grouped(things: Iterable[Thing], key: Callable[[Thing], datetime], *, back: bool) -> list[list[Thing]]:
    return [list(together) for _, together in groupby(sorted(things, key=key, reverse=back), key=key)]
