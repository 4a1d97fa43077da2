"""The aims of search and understanding, on the half that was tuned on and on the half that nobody looked at."""

from pathlib import Path

import pytest
from score import HALVES, NAMES_AND_CODES, TOPICS, Tally, queries, sentences, total

from bot.domain.programme import Programme
from bot.domain.timetable import Timetable
from bot.formats import glossary
from bot.services.editions import Edition

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def edition(csml2025: Programme) -> Edition:
    timetable = Timetable(csml2025)
    return Edition(timetable, glossary.read(DATA / "glossary.yaml"))


@pytest.mark.parametrize("half", HALVES)
def test_names_codes_and_topics_come_first_and_nonsense_has_no_sure_answer(half: str, edition: Edition) -> None:
    tallies = queries(half, edition)
    names = total(tallies[kind] for kind in NAMES_AND_CODES)
    topics = total(tallies[kind] for kind in TOPICS)
    nothing = total(tally for kind, tally in tallies.items() if kind not in NAMES_AND_CODES | TOPICS)

    assert {
        "names and codes first": share(names.first, names) >= 0.95,
        "names and codes among three": share(names.third, names) >= 0.99,
        "topics among three": share(topics.third, topics) >= 0.95,
        "nonsense sure of itself": share(nothing.false, nothing) <= 0.02,
    } == {
        "names and codes first": True,
        "names and codes among three": True,
        "topics among three": True,
        "nonsense sure of itself": True,
    }


@pytest.mark.parametrize("half", HALVES)
def test_sentences_are_read_exactly(half: str, edition: Edition) -> None:
    tally = sentences(half, edition)
    assert share(tally.first, tally) >= 0.95


def share(part: int, of: Tally) -> float:
    return part / of.count
