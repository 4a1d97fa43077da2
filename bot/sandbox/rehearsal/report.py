"""The ledger of a rehearsal: what was asked, how it was answered, which promises were kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

from bot.sandbox.rehearsal.promises import Promise
from bot.sandbox.rehearsal.record import Record


@dataclass(frozen=True)
class Lateness:
    """Real seconds from when something had to come to when it came; None where nothing came."""

    p50: float | None
    p99: float | None
    longest: float | None

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Lateness":
        ordered = sorted(seconds)
        return cls(_percentile(ordered, 50), _percentile(ordered, 99), _percentile(ordered, 100))


@dataclass(frozen=True)
class Report:
    """Figures of a rehearsal. `seconds`: how long it took, real.

    due, reminded  reminders that had to be sent, and those of them that were.
    changes        what staff confirmed; notices: what had to be said of it, and noticed: how much of that was.
    broadcasts     what staff said to many, stopped: that of it which was stopped on its way. addressed: whom the rest
                   was for, and heard: who of these was told. doubtful: of how many the bot did not know that.
    unstarred, settings, chaired  presses that took a star away, chose a setting, and said how a session goes.
    held           requests that the server told to wait (429); a broken promise only where limits are off.
    broken         by promise, a line for every time that it was broken; kept promises have no line.
    """

    asked: int
    pressed: int
    unstarred: int
    settings: int
    chaired: int
    answered: int
    due: int
    reminded: int
    changes: int
    notices: int
    noticed: int
    broadcasts: int
    stopped: int
    addressed: int
    heard: int
    doubtful: int
    kills: int
    held: int
    seconds: float
    answers: Lateness
    reminders: Lateness
    broken: dict[str, list[str]]

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not any(self.broken.values())

    def json(self) -> dict[str, Any]:
        return {**asdict(self), "kept": self.kept}


def report(record: Record, promises: Mapping[str, Promise], *, seconds: float) -> Report:
    """The report of a record. `seconds`: how long the rehearsal took."""
    answered = [question.lateness for question in record.questions if question.lateness is not None]
    due = Counter((one.user, one.name) for one in record.changes)
    said = [one for one in record.broadcasts if one.must]
    whole = [one for one in said if one.stopped is None]
    # A crowd may have to be told a little early for its last to be told in time.
    reminded = []
    turns: Counter[tuple[int, str]] = Counter()
    for one in record.due:
        times = record.told.get((one.user, one.name), ())
        if turns[one.user, one.name] < len(times):
            reminded.append(max(0.0, times[turns[one.user, one.name]] - one.seconds))
        turns[one.user, one.name] += 1
    return Report(
        asked=len(record.questions),
        pressed=sum(question.callback_id is not None for question in record.questions),
        unstarred=record.unstarred,
        settings=record.settings,
        chaired=record.chaired,
        answered=len(answered),
        due=len(record.due),
        reminded=len(reminded),
        changes=record.made,
        notices=len(record.changes),
        noticed=sum(min(number, len(record.noticed.get(one, ()))) for one, number in due.items()),
        broadcasts=len(said),
        stopped=len(said) - len(whole),
        addressed=sum(len(one.must) for one in whole),
        heard=sum(bool(record.heard.get((user, one.word))) for one in whole for user in one.must),
        doubtful=sum(one.doubtful for one in record.broadcasts),
        kills=len(record.kills),
        held=len(record.held),
        seconds=seconds,
        answers=Lateness.of(answered),
        reminders=Lateness.of(reminded),
        broken={name: promise(record) for name, promise in promises.items()},
    )


def _percentile(ordered: Sequence[float], percent: int) -> float | None:
    """The nearest rank: the least value that so many percent do not exceed."""
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] if ordered else None
