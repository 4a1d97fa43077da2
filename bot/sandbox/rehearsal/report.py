"""The ledger of a rehearsal: what was asked, how it was answered, which promises were kept."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

from bot.sandbox.rehearsal.promises import Promise
from bot.sandbox.rehearsal.record import Record


@dataclass(frozen=True)
class Report:
    """Figures of a rehearsal. Seconds are real; lateness is from a question to its answer, None without any answer.

    held    requests that the server told to wait (429); a broken promise only where limits are off.
    broken  by promise, a line for every time that it was broken; kept promises have no line.
    """

    asked: int
    answered: int
    pressed: int
    kills: int
    held: int
    seconds: float
    p50: float | None
    p99: float | None
    longest: float | None
    broken: dict[str, list[str]]

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not any(self.broken.values())

    def json(self) -> dict[str, Any]:
        return {**asdict(self), "kept": self.kept}


def report(record: Record, promises: Mapping[str, Promise], *, seconds: float) -> Report:
    """The report of a record. `seconds`: how long the rehearsal took."""
    late = sorted(question.lateness for question in record.questions if question.lateness is not None)
    return Report(
        asked=len(record.questions),
        answered=len(late),
        pressed=sum(question.callback_id is not None for question in record.questions),
        kills=len(record.kills),
        held=len(record.held),
        seconds=seconds,
        p50=_percentile(late, 50),
        p99=_percentile(late, 99),
        longest=_percentile(late, 100),
        broken={name: promise(record) for name, promise in promises.items()},
    )


def _percentile(ordered: Sequence[float], percent: int) -> float | None:
    """The nearest rank: the least value that so many percent do not exceed."""
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] if ordered else None
