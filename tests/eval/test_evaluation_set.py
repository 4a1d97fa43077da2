"""The evaluation set itself: it asks only for what the programme has, and its halves share nothing."""

from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.programme import Programme

HERE = Path(__file__).parent
HALVES = ["tune", "held"]
NOTHING_FITS = {"nonsense", "no-such", "off-topic", "acronym-inside"}
WHAT = {"talks", "now", "next", "room", "person", "when", "where", "item", "info", "unknown"}
ITEMS = {"lunch", "tea break", "dinner", "check-in", "opening", "panel", "photo", "breakfast"}


@cache
def entries(name: str, half: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = yaml.safe_load((HERE / f"{name}.{half}.yaml").read_text("utf-8"))
    return read


def known(programme: Programme) -> set[tuple[str, str]]:
    """Every (kind, name) that an entry may want."""
    return {
        *(("person", person.key) for person in programme.people),
        *(("room", room.name) for room in programme.rooms),
        *(("session", slot.code) for slot in programme.slots if slot.code),
        *(("item", slot.title) for slot in programme.slots if not slot.code),
        *(("talk", talk.code) for slot in programme.slots for talk in slot.talks),
    }


@pytest.mark.parametrize("half", HALVES)
def test_every_query_wants_only_what_the_programme_has(half: str, csml2025: Programme) -> None:
    wanted = {one for query in entries("queries", half) for want in query["want"] for one in want.items()}

    assert wanted - known(csml2025) == set()


@pytest.mark.parametrize("half", HALVES)
def test_only_the_kinds_that_nothing_fits_want_nothing(half: str) -> None:
    empty = {query["kind"] for query in entries("queries", half) if not query["want"]}
    full = {query["kind"] for query in entries("queries", half) if query["want"]}

    assert (empty, full & NOTHING_FITS) == (NOTHING_FITS, set())


@pytest.mark.parametrize("half", HALVES)
def test_namesakes_are_two_or_three_people(half: str) -> None:
    sizes = {len(query["want"]) for query in entries("queries", half) if query["kind"] == "namesakes"}

    assert sizes == {2, 3}


@pytest.mark.parametrize(("name", "text"), [("queries", "query"), ("sentences", "text")])
def test_no_question_is_asked_twice(name: str, text: str) -> None:
    times = Counter(entry[text].strip().casefold() for half in HALVES for entry in entries(name, half))

    assert [question for question, count in times.items() if count > 1] == []


def test_each_kind_is_in_both_halves_alike() -> None:
    tune, held = (Counter(query["kind"] for query in entries("queries", half)) for half in HALVES)

    assert {kind for kind in tune | held if abs(tune[kind] - held[kind]) > 1} == set()


@pytest.mark.parametrize("half", HALVES)
def test_readings_are_made_of_the_words_agreed(half: str, csml2025: Programme) -> None:
    readings = [sentence["read"] for sentence in entries("sentences", half)]

    # The first and the last were asked for when the held half was closed already.
    keys = {key for read in readings for key in read} - {"nth"}
    assert keys == {"what", "who", "where", "topic", "item", "from", "to"}
    assert {read["what"] for read in readings} == WHAT
    assert {read["item"] for read in readings if "item" in read} == ITEMS
    named = {
        (kind, read[key]) for read in readings for kind, key in [("person", "who"), ("room", "where")] if key in read
    }
    assert named - known(csml2025) == set()


@pytest.mark.parametrize("half", HALVES)
def test_readings_keep_the_conventions_of_time(half: str) -> None:
    for sentence in entries("sentences", half):
        read, at = sentence["read"], datetime.fromisoformat(sentence["at"]).isoformat(timespec="minutes")
        times = (read.get("from"), read.get("to"))
        if read["what"] == "now":
            assert times == (at, at), sentence
        elif read["what"] == "next" or times == (None, None):
            assert times == (None, None), sentence
        else:
            assert datetime.fromisoformat(times[0]) <= datetime.fromisoformat(times[1]), sentence
