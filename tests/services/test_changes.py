"""Changes: seen before they are made, made once, taken back; each user hears the net difference and nothing else."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import editing
import pytest

from bot.app import App
from bot.domain import edits
from bot.domain.edits import Plan, Setting
from bot.domain.problem import Problem
from bot.domain.programme import Room, Slot
from bot.domain.user import User
from bot.services import acquaintance, changes, concerned, stars
from bot.services.composing import composer
from bot.store import outbox, roles, told, users
from bot.store import stars as rows_of_stars

MINUTE = timedelta(minutes=1)
Person = Callable[[str], Awaitable[User]]


@pytest.fixture
def person(app: App) -> Person:
    async def meet(name: str) -> User:
        return await acquaintance.meet(app.db, "telegram", name, "zh", now=app.clock.now())

    return meet


def slot(app: App, code: str) -> Slot:
    found = app.edition.timetable.session(code)
    assert found is not None
    return found


def hall(app: App) -> Room:
    return next(room for room in app.edition.timetable.programme.rooms if "聚英" in room.name)


async def star(app: App, user: User, code: str) -> None:
    timetable = app.edition.timetable
    thing = timetable.session(code) or timetable.event_by_code(code)
    assert thing is not None
    await stars.mark(app.db, timetable, user, thing, starred=True, now=app.clock.now())


async def hears(app: App, user: User, *, at: datetime) -> list[tuple[str, str | None, str | None]]:
    """What a user is told at a moment: the subject's code and its rooms, before and now. It counts as told then."""
    await app.refresh()
    rooms = {room.id: room.name for room in app.edition.timetable.programme.rooms}
    async with app.db.transaction() as tx:
        marks = await rows_of_stars.of_users(tx, [user.id])
        heads = await outbox.heads(tx, besides=[], held=[], limit=100, now=at)
        groups = [group for group in await outbox.claim(tx, heads) if group[0].user_id == user.id]
        rows = [row for group in groups for row in group]
        reader = (await concerned.readers(tx, [user], marks))[user.id]
        found = concerned.differences(app.edition.timetable, reader, rows)
        compose = composer(lambda: app.edition.timetable, lambda: at)
        parcels = await compose(tx, [(user, group) for group in groups])
        await told.write(tx, [(user.id, seen) for parcel in parcels for seen in parcel.told])
        await outbox.sent(tx, {row.id: "1" for row in rows}, {}, now=at)
    return [
        (
            one.subject.event.talk.code if one.subject.event else one.subject.slot.code,
            rooms.get(one.told.room_id or 0),
            rooms.get(one.now.room_id or 0),
        )
        for one in found
    ]


async def test_a_preview_names_whom_a_move_concerns_and_what_it_clashes_with(app: App, person: Person) -> None:
    staff, an, bo, chair = [await person(name) for name in ("qin", "an", "bo", "chair")]
    await star(app, an, "A3")
    await star(app, bo, "A1-1")
    async with app.db.transaction() as tx:
        await roles.grant(tx, chair.id, "chair", slot(app, "A3").id, now=app.clock.now())
    taken = app.edition.timetable.room(slot(app, "A1").room)
    assert taken is not None

    seen = await changes.preview(
        app.db, Plan(kind="move", edit=edits.move(slot(app, "A3"), taken)), by=staff, now=app.clock.now()
    )

    assert [(one.user_id, one.slots) for one in seen.concerned] == [
        (an.id, {slot(app, "A3").id}),
        (chair.id, {slot(app, "A3").id}),
    ]
    assert [finding.code for finding in seen.clashes] == ["room-used-twice"]
    assert not await app.refresh()  # nothing has happened yet


async def test_a_draft_confirmed_twice_is_made_once_and_only_by_its_author(app: App, person: Person) -> None:
    staff, other = await person("qin"), await person("other")
    plan = Plan(kind="move", edit=edits.move(slot(app, "A3"), hall(app)))
    seen = await changes.preview(app.db, plan, by=staff, now=app.clock.now())

    with pytest.raises(Problem) as problem:
        await changes.confirm(app.db, seen.draft, by=other, now=app.clock.now())
    first = await changes.confirm(app.db, seen.draft, by=staff, now=app.clock.now())
    second = await changes.confirm(app.db, seen.draft, by=staff, now=app.clock.now())

    assert problem.value.key == "change.gone"
    assert (first.kind, first.user_id, second) == ("move", staff.id, first)


async def test_who_comes_second_is_told_that_the_preview_is_stale(app: App, person: Person) -> None:
    qin, li = await person("qin"), await person("li")
    rooms = app.edition.timetable.programme.rooms
    one = Plan(kind="move", edit=edits.move(slot(app, "A3"), hall(app)))
    two = Plan(kind="move", edit=edits.move(slot(app, "A3"), rooms[-1]))
    first = await changes.preview(app.db, one, by=qin, now=app.clock.now())
    second = await changes.preview(app.db, two, by=li, now=app.clock.now())
    await changes.confirm(app.db, first.draft, by=qin, now=app.clock.now())

    with pytest.raises(Problem) as problem:
        await changes.confirm(app.db, second.draft, by=li, now=app.clock.now())

    assert problem.value.key == "change.stale"
    await app.refresh()
    assert slot(app, "A3").room == hall(app).name


async def test_a_change_is_taken_back_once(app: App, person: Person) -> None:
    staff, now = await person("qin"), app.clock.now()
    before = slot(app, "A3").room
    change = await editing.move(app.db, slot(app, "A3").id, hall(app).id, by=staff, now=now)
    assert change is not None
    seen = await changes.preview(app.db, await changes.undoing(app.db, change.id), by=staff, now=now)
    undone = await changes.confirm(app.db, seen.draft, by=staff, now=now)

    with pytest.raises(Problem) as problem:
        await changes.undoing(app.db, change.id)

    assert (undone.undoes, problem.value.key) == (change.id, "change.undone")
    await app.refresh()
    assert slot(app, "A3").room == before


async def test_there_and_back_within_the_quiet_time_is_told_to_nobody(app: App, person: Person) -> None:
    an, now = await person("an"), app.clock.now()
    await star(app, an, "B3")
    home = app.edition.timetable.room(slot(app, "B3").room)
    assert home is not None
    await editing.move(app.db, slot(app, "B3").id, hall(app).id, by=None, now=now)
    await editing.move(app.db, slot(app, "B3").id, home.id, by=None, now=now)

    assert await hears(app, an, at=now + 2 * MINUTE) == []


async def test_three_changes_are_one_difference_and_a_later_one_is_told_though_the_clock_stands(
    app: App, person: Person
) -> None:
    an, now, rooms = await person("an"), app.clock.now(), app.edition.timetable.programme.rooms
    await star(app, an, "B3")
    home = slot(app, "B3").room
    for room in (rooms[1], rooms[2], hall(app)):
        await editing.move(app.db, slot(app, "B3").id, room.id, by=None, now=now)
    first = await hears(app, an, at=now + 2 * MINUTE)
    await editing.move(app.db, slot(app, "B3").id, rooms[1].id, by=None, now=now)
    second = await hears(app, an, at=now + 2 * MINUTE)

    assert (first, second) == ([("B3", home, hall(app).name)], [("B3", hall(app).name, rooms[1].name)])


async def test_whoever_stars_after_a_change_is_not_told_of_it(app: App, person: Person) -> None:
    an, now = await person("an"), app.clock.now()
    await editing.move(app.db, slot(app, "B3").id, hall(app).id, by=None, now=now)
    await app.refresh()
    await star(app, an, "B3")

    assert await hears(app, an, at=now + 2 * MINUTE) == []


async def test_what_everybody_goes_to_concerns_everybody_who_wants_to_hear(app: App, person: Person) -> None:
    an, bo = await person("an"), await person("bo")
    async with app.db.transaction() as tx:
        await users.set_preference(tx, bo.id, "notices", 0)
    panel = next(one for one in app.edition.timetable.slots if one.kind == "panel")
    room, now = app.edition.timetable.programme.rooms[1], app.clock.now() - timedelta(hours=5)
    await editing.move(app.db, panel.id, room.id, by=None, now=now)

    assert await hears(app, an, at=now + 2 * MINUTE) == [("", hall(app).name, room.name)]
    assert await hears(app, bo, at=now + 2 * MINUTE) == []


async def test_what_begins_within_the_hour_does_not_wait(app: App, person: Person) -> None:
    an, now = await person("an"), app.clock.now()  # ten minutes before A3
    await star(app, an, "A3-2")
    home = slot(app, "A3").room
    await editing.move(app.db, slot(app, "A3").id, hall(app).id, by=None, now=now)

    assert await hears(app, an, at=now) == [("A3-2", home, hall(app).name)]


async def test_a_talk_that_leaves_a_starred_session_concerns_whoever_was_told_of_it(app: App, person: Person) -> None:
    qin, an, bo = await person("qin"), await person("an"), await person("bo")
    await star(app, an, "A3")
    await star(app, bo, "A3")
    home, other = slot(app, "A3"), slot(app, "B3")
    event = app.edition.timetable.event_by_code("A3-2")
    assert event is not None
    await stars.mark(app.db, app.edition.timetable, bo, event, starred=False, now=app.clock.now())
    leaves = Setting(thing="talk", id=event.talk.id, field="slot", before=home.id, after=other.id)
    seen = await changes.preview(app.db, Plan(kind="retime", edit=(leaves,)), by=qin, now=app.clock.now())
    await changes.confirm(app.db, seen.draft, by=qin, now=app.clock.now())
    heard = [await hears(app, who, at=app.clock.now() + 2 * MINUTE) for who in (an, bo)]

    assert [(one.user_id, one.slots) for one in seen.concerned] == [(an.id, {other.id})]
    assert heard == [[("A3-2", home.room, other.room)], []]
    marks = [await stars.of(app.db, who) for who in (an, bo)]
    assert [one.talks for one in marks] == [{event.talk.id: True}, {event.talk.id: False}]
