"""How well the evaluation set is answered: hits per kind of query, and readings of sentences that are exactly right."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from bot.domain.nth import Nth
from bot.domain.timetable import Timetable
from bot.search.fold import fold
from bot.search.index import Hit
from bot.search.understanding import Reading, read
from bot.services import searching
from bot.services.editions import Edition

HERE = Path(__file__).parent
AT = datetime(2025, 8, 9, 5, 20, tzinfo=UTC)
"""When the queries are asked: before the first sessions."""
HALVES = ("tune", "held")

NAMES_AND_CODES = frozenset(
    (
        "hanzi", "hanzi-given", "hanzi-sound", "hanzi-shape", "traditional", "pinyin-full", "pinyin-typo", "initials",
        "u-v-yu", "surname-reading", "courtesy-name", "affiliation-hint", "namesakes", "codes", "rooms", "wrapped",
        "noise",
    )
)  # fmt: skip
TOPICS = frozenset(
    (
        "session-title", "topic-zh", "topic-en", "topic-zh-en", "topic-en-zh", "topic-typo", "acronyms", "institution",
        "items", "mixed", "traditional-topic",
    )
)  # fmt: skip
"""All other kinds want nothing: a confident answer to them is a false one."""


@dataclass
class Tally:
    """Queries of one kind: how many, how many answered first and among the first three, how many falsely sure."""

    count: int = 0
    first: int = 0
    third: int = 0
    wanted: int = 0
    false: int = 0
    misses: list[str] = field(default_factory=list)


def load(name: str, half: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((HERE / f"{name}.{half}.yaml").read_text("utf-8"))
    return found


def queries(half: str, edition: Edition) -> dict[str, Tally]:
    """The tallies by kind."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for case in load("queries", half):
        hits = searching.hits(edition, case["query"], now=AT, limit=5)
        tally = tallies[case["kind"]]
        tally.count += 1
        right = [any(_is(hit, want) for want in case["want"]) for hit in hits]
        if not case["want"]:
            tally.false += any(hit.confident for hit in hits)
            good = not any(hit.confident for hit in hits)
        else:
            every = all(any(_is(hit, want) for hit in hits[:3]) for want in case["want"])
            third = every if case["kind"] == "namesakes" else any(right[:3])
            tally.wanted += 1
            tally.first += any(right[:1])
            tally.third += third
            good = third and any(right[:1])
        if not good:
            tally.misses.append(f"{case['query']}: want {case['want']}, got {[_told(hit) for hit in hits[:3]]}")
    return dict(tallies)


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of some kinds."""
    whole = Tally()
    for tally in tallies:
        whole.count += tally.count
        whole.first += tally.first
        whole.third += tally.third
        whole.wanted += tally.wanted
        whole.false += tally.false
    return whole


def sentences(half: str, edition: Edition) -> Tally:
    """How many sentences are read exactly as expected (`first`)."""
    tally = Tally()
    for case in load("sentences", half):
        now = datetime.fromisoformat(case["at"]).replace(tzinfo=edition.timetable.zone)
        wanted = {name: fold(value) if name == "topic" else value for name, value in case["read"].items()}
        found = as_expected(read(case["text"], edition.index, now), edition.timetable)
        tally.count += 1
        tally.first += found == wanted
        if found != wanted:
            tally.misses.append(f"{case['text']} ({case['at'][5:]}): want {wanted}, got {found}")
    return tally


def as_expected(reading: Reading, timetable: Timetable) -> dict[str, str]:
    """A reading in the words of the evaluation set."""
    parts = {
        "what": reading.what,
        "who": reading.who.key if reading.who else "",
        "where": reading.where.name if reading.where else "",
        "topic": fold(reading.topic),
        "item": reading.item,
        "from": timetable.local(reading.when.start).isoformat()[:16] if reading.when else "",
        "to": timetable.local(reading.when.end).isoformat()[:16] if reading.when else "",
        "nth": _place(reading.nth) if reading.nth else "",
    }
    return {name: value for name, value in parts.items() if value}


def _place(nth: Nth) -> str:
    count = f" x{nth.count}" if nth.count > 1 else ""
    return f"{nth.at} {nth.of}{count}{' of all' if nth.whole else ''}"


def _is(hit: Hit, want: dict[str, str]) -> bool:
    ((kind, name),) = want.items()
    return hit.kind == kind and name in _names(hit)


def _names(hit: Hit) -> tuple[str, ...]:
    subject: Any = hit.subject
    if hit.kind == "talk":
        return (subject.talk.code,)
    if hit.kind == "person":
        return (subject.key, subject.name)
    return (subject.code,) if hit.kind == "session" else (subject.title,) if hit.kind == "item" else (subject.name,)


def _told(hit: Hit) -> str:
    return f"{hit.kind} {_names(hit)[0]} {hit.score:.0f}{'!' if hit.confident else ''} {hit.why}"
