"""Edits of a programme: what each sets, that its inverse takes it back, and that a stale one is seen."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import programmes

from bot.domain import edits
from bot.domain.edits import Edit, Setting
from bot.domain.model import Text
from bot.domain.problem import Problem
from bot.domain.programme import Person, Programme, Room, Slot, Talk
from bot.domain.timetable import Event, Timetable

LATER = timedelta(minutes=15)


def numbered(programme: Programme) -> Programme:
    """With ids, as a database gives them."""
    talks = iter(range(1, 1_000))
    slots = tuple(
        slot.model_copy(
            update={"id": at, "talks": tuple(talk.model_copy(update={"id": next(talks)}) for talk in slot.talks)}
        )
        for at, slot in enumerate(programme.slots, 1)
    )
    rooms = tuple(room.model_copy(update={"id": at}) for at, room in enumerate(programme.rooms, 1))
    people = tuple(one.model_copy(update={"id": at}) for at, one in enumerate(programme.people, 1))
    return programme.model_copy(update={"slots": slots, "rooms": rooms, "people": people})


@pytest.fixture(scope="module")
def plan(csml2025: Programme) -> Timetable:
    return Timetable(numbered(csml2025))


def session(plan: Timetable, code: str) -> Slot:
    found = plan.session(code)
    assert found is not None
    return found


def event(plan: Timetable, code: str) -> Event:
    found = plan.event_by_code(code)
    assert found is not None
    return found


def after(plan: Timetable, edit: Edit) -> Timetable:
    return Timetable(edits.apply(plan.programme, edit))


def every_edit(plan: Timetable) -> dict[str, Edit]:
    a1, a3 = session(plan, "A1"), session(plan, "A3")
    one, two = event(plan, "A3-1"), event(plan, "A3-2")
    hall = next(room for room in plan.programme.rooms if "聚英" in room.name)
    stranger = Person(id=9_001, key="刘徽", name="刘徽")
    talk = Talk(id=9_002, code="A3-9", title="割圆术", speakers=(one.talk.speakers[0],))
    return {
        "move": edits.move(a3, hall),
        "retime": edits.retime(a3, a3.start + LATER, a3.end + 2 * LATER),
        "delay a talk": edits.delay(two, LATER),
        "delay a room": edits.delay_room(plan.in_room(plan.programme.rooms[0]), LATER, a3.start + LATER),
        "cancel": edits.cancel(two.talk),
        "swap rooms": edits.swap_rooms(a1, a3),
        "swap times": edits.swap_times(one, two),
        "title": edits.set_title(two.talk, "另一个题目"),
        "speakers": edits.set_speakers(two.talk, [stranger], plan.programme),
        "note": edits.set_note(a3, Text(zh="请从北门进", en="Use the north door")),
        "add a talk": edits.add_talk(a3, talk),
        "add a room": edits.add_room(Room(id=9_003, name="友谊宫 3 号", number=3)),
    }


EDITS = (
    *("move", "retime", "delay a talk", "delay a room", "cancel", "swap rooms", "swap times", "title", "speakers"),
    *("note", "add a talk", "add a room"),
)


@pytest.mark.parametrize("name", EDITS)
class TestEveryEdit:
    def test_changes_something_and_its_inverse_takes_it_back(self, plan: Timetable, name: str) -> None:
        edit = every_edit(plan)[name]
        changed = edits.apply(plan.programme, edit)
        assert changed != plan.programme
        assert edits.apply(changed, edits.inverse(edit)) == plan.programme

    def test_done_twice_is_stale(self, plan: Timetable, name: str) -> None:
        edit = every_edit(plan)[name]
        with pytest.raises(Problem) as problem:
            edits.apply(edits.apply(plan.programme, edit), edit)
        assert problem.value.key == "change.stale"

    def test_survives_being_written_down(self, plan: Timetable, name: str) -> None:
        edit = every_edit(plan)[name]
        kept = tuple(Setting.model_validate_json(setting.model_dump_json()) for setting in edit)
        assert edits.apply(plan.programme, kept) == edits.apply(plan.programme, edit)


def test_two_talks_that_change_places_have_times_of_their_own_then(plan: Timetable) -> None:
    one, two = event(plan, "A3-1"), event(plan, "A3-2")
    swapped = after(plan, edits.swap_times(one, two))
    now_one, now_two = event(swapped, "A3-1"), event(swapped, "A3-2")
    assert [(now_one.start, now_one.end), (now_two.start, now_two.end)] == [(two.start, two.end), (one.start, one.end)]
    assert not now_one.estimated
    assert not now_two.estimated


def test_what_has_begun_in_a_late_room_goes_on_for_longer_and_what_is_over_stays(plan: Timetable) -> None:
    a3 = session(plan, "A3")
    room = plan.room(a3.room)
    assert room is not None
    now = event(plan, "A3-2").start + timedelta(minutes=1)
    late = after(plan, edits.delay_room(plan.in_room(room), LATER, now))
    was, is_ = [e for e in plan.events if e.slot.id == a3.id], [e for e in late.events if e.slot.id == a3.id]
    assert [e.start for e in is_] == [e.start + (LATER if e.start > now else timedelta()) for e in was]
    assert [e.end for e in is_] == [e.end + (LATER if e.end > now else timedelta()) for e in was]
    assert session(late, "A3").end == a3.end + LATER


def test_an_end_before_the_start_is_refused(plan: Timetable) -> None:
    a3 = session(plan, "A3")
    with pytest.raises(Problem) as problem:
        edits.retime(a3, a3.end, a3.start)
    assert problem.value.key == "change.backwards"


@given(programme=programmes(), data=st.data())
@settings(max_examples=40)
def test_a_delay_and_its_opposite_leave_any_programme_as_it_was(programme: Programme, data: st.DataObject) -> None:
    plan = Timetable(numbered(programme))
    if not plan.slots:
        return
    slot: Any = data.draw(st.sampled_from(list(plan.slots)))
    there = after(plan, edits.delay(slot, LATER))
    moved = there.slot(slot.id)
    assert moved is not None
    assert after(there, edits.delay(moved, -LATER)).programme == plan.programme
