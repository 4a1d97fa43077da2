"""A new file against a programme that staff have changed: what it proposes, what it asks, what it leaves alone."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from strategies import programmes
from test_edits import numbered

from bot.domain import edits
from bot.domain.merging import between, merge
from bot.domain.programme import Programme, Slot, Talk
from bot.domain.timetable import Timetable

LATER = timedelta(minutes=15)


@pytest.fixture(scope="module")
def base(csml2025: Programme) -> Programme:
    return numbered(csml2025)


def session(programme: Programme, code: str) -> Slot:
    return next(slot for slot in programme.slots if slot.code == code)


def room(programme: Programme, name: str) -> str:
    return next(one.name for one in programme.rooms if name in one.name)


def with_room(programme: Programme, code: str, name: str) -> Programme:
    slots = tuple(
        slot.model_copy(update={"room": room(programme, name)}) if slot.code == code else slot
        for slot in programme.slots
    )
    return programme.model_copy(update={"slots": slots})


def without(programme: Programme, code: str) -> Programme:
    slots = tuple(
        slot.model_copy(update={"talks": tuple(talk for talk in slot.talks if talk.code != code)})
        for slot in programme.slots
    )
    return programme.model_copy(update={"slots": slots})


def test_the_identical_file_proposes_nothing_whatever_was_changed_since(base: Programme) -> None:
    a3 = session(base, "A3")
    ours = edits.apply(base, (*edits.delay(a3, LATER), *edits.cancel(a3.talks[0])))

    merged = merge(base, base, ours)

    assert (merged.programme, merged.questions, between(ours, merged.programme)) == (ours, (), ())


def test_what_only_the_file_changed_is_taken_and_what_only_we_changed_stays(base: Programme) -> None:
    ours = edits.apply(base, edits.delay(session(base, "A3"), LATER))
    merged = merge(base, with_room(base, "A3", "聚英"), ours)

    assert merged.programme == with_room(ours, "A3", "聚英")
    assert merged.questions == ()


def test_what_both_changed_is_asked_and_ours_stands_until_then(base: Programme) -> None:
    ours = with_room(base, "A3", "聚英")
    theirs = with_room(with_room(base, "A3", "5 号"), "A1", "1 号")
    merged = merge(base, theirs, ours)
    name = f"slot {session(base, 'A3').id} room"

    assert [(one.name, one.why) for one in merged.questions] == [(name, "conflict")]
    assert merged.programme == with_room(ours, "A1", "1 号")
    assert merge(base, theirs, ours, [name]).programme == theirs


def test_what_both_changed_alike_is_no_question(base: Programme) -> None:
    ours = theirs = with_room(base, "A3", "聚英")

    assert merge(base, theirs, ours).questions == ()


def test_a_talk_that_the_file_no_longer_has_is_asked_about_and_called_off_at_most(base: Programme) -> None:
    theirs = without(base, "A3-2")
    talk = session(base, "A3").talks[1]
    merged = merge(base, theirs, base)

    assert (merged.programme, [one.why for one in merged.questions]) == (base, ["missing"])
    assert merge(base, theirs, base, [merged.questions[0].name]).programme == edits.apply(base, edits.cancel(talk))


def test_a_talk_that_was_called_off_stays_so_unless_the_file_s_word_is_taken(base: Programme) -> None:
    talk = session(base, "A3").talks[1]
    off = edits.apply(base, edits.cancel(talk))

    assert merge(base, base, off).programme == off
    restored = merge(off, base, off)
    assert (restored.programme, [one.why for one in restored.questions]) == (off, ["restored"])


def test_what_staff_added_stays_behind_its_neighbour(base: Programme) -> None:
    a3 = session(base, "A3")
    ours = edits.apply(base, edits.add_talk(a3, Talk(id=9_001, code="A3-5", title="割圆术")))
    merged = merge(base, without(base, "A3-1"), ours)

    assert [talk.code for talk in session(merged.programme, "A3").talks] == ["A3-1", "A3-2", "A3-3", "A3-4", "A3-5"]


@settings(max_examples=25)
@given(programmes(), programmes())
def test_between_leads_from_any_programme_to_what_a_file_makes_of_it(one: Programme, other: Programme) -> None:
    ours, theirs = numbered(one), numbered(other)
    merged = merge(ours, theirs, ours).programme

    assert edits.apply(ours, between(ours, merged)) == merged
    assert between(merged, merged) == ()


def test_taking_back_an_added_talk_calls_it_off_for_somebody_may_have_starred_it(base: Programme) -> None:
    edit = edits.add_talk(session(base, "A3"), Talk(id=9_001, code="A3-5", title="割圆术"))
    with_talk = edits.apply(base, edit)
    back = edits.apply(with_talk, edits.taken_back(with_talk, edit))

    assert [(talk.code, talk.cancelled) for talk in session(back, "A3").talks[-1:]] == [("A3-5", True)]
    assert Timetable(back).event(9_001) is not None
