"""The real booklet, which is not in the repository: only facts about it are here, no sentence of its authors."""

from collections import Counter
from pathlib import Path

import pytest

from bot.formats import booklet as reader
from bot.formats.reading import Reading


@pytest.fixture(scope="module")
def reading(request: pytest.FixtureRequest) -> Reading:
    path: Path = request.getfixturevalue("booklet")
    return reader.read(path.read_text("utf-8"))


def codes(reading: Reading, finding: str) -> list[str]:
    return [one.params["code"] for one in reading.findings if one.code == finding]


def test_everything_is_there_and_counted(reading):
    programme = reading.programme

    assert {
        "sessions": len(programme.sessions),
        "talks": len(programme.talks),
        "speakers": len(programme.speakers),
        "rooms": len(programme.rooms),
        "slots": len(programme.slots),
        "abstracts": sum(bool(talk.abstract) for talk in programme.talks),
        "biographies": sum(bool(person.biography) for person in programme.people),
        "committees": [len(committee.members) for committee in programme.conference.committees],
    } == {
        "sessions": 40,
        "talks": 167,
        "speakers": 164,
        "rooms": 9,
        "slots": 51,
        "abstracts": 156,
        "biographies": 4,
        "committees": [1, 14, 2, 6],
    }


def test_every_session_has_a_room_a_chair_and_talks_by_one_speaker_each(reading):
    sessions = reading.programme.sessions

    assert [slot.code for slot in sessions if not slot.room or not slot.chairs or not slot.talks] == []
    assert [talk.code for talk in reading.programme.talks if len(talk.speakers) != 1] == []


def test_talks_without_an_abstract_that_can_be_shown_are_those_with_a_finding(reading):
    empty = [talk.code for talk in reading.programme.talks if not talk.abstract]

    assert (codes(reading, "abstract-none"), codes(reading, "abstract-pasted")) == (["B1-1"], ["D3-3", "D8-1"])
    assert codes(reading, "abstract-tbd") == ["B3-4", "B4-1", "C3-3", "C4-1", "C4-3", "C4-4", "D1-1", "D7-4"]
    assert sorted(empty) == sorted(
        codes(reading, "abstract-none") + codes(reading, "abstract-pasted") + codes(reading, "abstract-tbd")
    )


def test_every_doubt_is_found_and_none_is_an_error(reading):
    assert Counter(one.code for one in reading.findings) == {
        "abstract-marked-tbd": 1,
        "abstract-none": 1,
        "abstract-pasted": 2,
        "abstract-repeats-title": 1,
        "abstract-tbd": 8,
        "chair-as-above": 2,
        "chair-cut": 2,
        "code-offset": 4,
        "gap-without-break": 1,
        "heading-glued": 4,
        "panel-differs": 1,
        "room-as-above": 4,
        "row-cut": 6,
        "same-title": 2,
        "session-title-differs": 1,
        "stray-characters": 16,
        "stray-characters-kept": 1,
        "title-differs": 3,
    }
    assert [one for one in reading.findings if one.level == "error" or one.line is None] == []


def test_findings_name_the_talks_they_are_about(reading):
    offset = [(one.params["code"], one.params["printed"]) for one in reading.findings if one.code == "code-offset"]
    same = [(one.params["code"], one.params["other"]) for one in reading.findings if one.code == "same-title"]
    gaps = [one.params for one in reading.findings if one.code == "gap-without-break"]
    cut = [one.params for one in reading.findings if one.code == "chair-cut"]

    assert offset == [("A5-1", "A5-2"), ("A5-2", "A5-3"), ("A5-3", "A5-4"), ("A5-4", "A5-5")]
    assert same == [("E4-4", "B8-4"), ("E7-4", "C8-4")]
    assert gaps == [{"day": "2025-08-10", "start": "15:30", "end": "16:00"}]
    assert cut == [{"where": "A2", "chairs": "陈国璋"}, {"where": "B3", "chairs": "陈国璋"}]
    assert codes(reading, "title-differs") == ["B4-1", "B8-4", "D5-3"]


def test_room_seven_at_twenty_past_one_is_the_session_the_plan_says(reading):
    first = next(slot for slot in reading.programme.slots if slot.room == "友谊宫 7 号")

    assert (first.code, first.title, f"{first.start:%m-%d %H:%M}-{first.end:%H:%M}", first.talks[0].speakers) == (
        "A8",
        "大模型训练",
        "08-09 13:30-15:30",
        ("赵鑫",),
    )


def test_no_text_keeps_a_break_or_a_tag_of_the_conversion(reading):
    texts = [talk.abstract for talk in reading.programme.talks] + [talk.title for talk in reading.programme.talks]

    assert [text[:20] for text in texts if "**" in text or "<http" in text or "<p>" in text or "\x1e" in text] == []
