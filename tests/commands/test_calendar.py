"""The calendar file of the starred talks, one after the other, through the whole program."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import editing
from icalendar import Calendar

from bot.app import App
from bot.channels.terminal import as_text
from bot.domain import calendar as domain
from bot.domain.timetable import Timetable
from bot.domain.user import User
from bot.replies.reply import Reply
from bot.services import acquaintance, importing, stars
from bot.services.editions import Edition
from bot.store import calendar

Says = Callable[[str], Awaitable[Reply]]
Events = dict[str, tuple[int, str, str, str]]


async def met(app: App) -> User:
    return await acquaintance.meet(app.db, "telegram", "7", "en", now=app.clock.now())


def events(reply: Reply) -> Events:
    """By UID: SEQUENCE, STATUS, start in the conference's time, place."""
    assert reply.file is not None
    return {
        str(one["UID"]): (int(one["SEQUENCE"]), str(one["STATUS"]), f"{one.start:%H:%M}", str(one["LOCATION"])[:24])
        for one in Calendar.from_ical(reply.file.content).events
    }


def talk(app: App, code: str) -> int:
    return next(talk.id for talk in app.edition.timetable.programme.talks if talk.code == code)


async def outdated(app: App) -> bool:
    user = await met(app)
    marks = await stars.of(app.db, user)
    entries = await calendar.of(app.db.reader, user.id)
    return domain.is_outdated(entries.values(), app.edition.timetable, marks, now=app.clock.now())


async def test_without_a_star_there_is_no_file(says: Says) -> None:
    reply = await says("/ics")

    assert (reply.file, as_text(reply)) == (
        None,
        "You have starred nothing yet. Press ☆ Star under a talk, then send /ics.",
    )


async def test_nothing_changed_is_the_same_file_later(app: App, says: Says) -> None:
    await says(f"~star t{talk(app, 'A8-2')} 1")
    first = await says("/ics")
    app.clock.set(now=app.clock.now() + timedelta(minutes=5))
    second = await says("/ics")

    uid = f"talk-{talk(app, 'A8-2')}@CSML2025.yicheng"
    assert events(first) == events(second) == {uid: (0, "CONFIRMED", "14:00", "Friendship Palace Room 7")}
    assert (first.file and first.file.name, first.file and first.file.mime) == ("CSML2025.ics", "text/calendar")
    assert as_text(first).splitlines()[0] == (
        "📅 Your 1 starred entry: open the file to put it into your calendar. It rings 10 min before the start."
    )


async def test_a_starred_session_is_each_of_its_talks(app: App, says: Says) -> None:
    a8 = app.edition.timetable.session("A8")
    await says(f"~star s{a8.id} 1")

    assert list(events(await says("/ics"))) == [f"talk-{one.id}@CSML2025.yicheng" for one in a8.talks]


async def test_every_real_change_raises_the_sequence_once_and_says_when(app: App, says: Says) -> None:
    a8 = app.edition.timetable.session("A8")
    number = talk(app, "A8-2")
    uid = f"talk-{number}@CSML2025.yicheng"
    other = app.edition.timetable.programme.rooms[0].id
    began = app.clock.now()
    await says(f"~star t{number} 1")
    seen, old = [events(await says("/ics"))[uid]], []

    async def after(change: Awaitable[object]) -> None:
        app.clock.set(now=app.clock.now() + timedelta(minutes=1))
        await change
        await app.refresh()
        old.append(await outdated(app))
        seen.append(events(await says("/ics"))[uid])

    now = app.clock.now
    await after(editing.move(app.db, a8.id, other, by=None, now=now()))
    await after(
        editing.retime(
            app.db, "talk", number, began + timedelta(hours=2), began + timedelta(hours=3), by=None, now=now()
        )
    )
    await after(editing.cancel(app.db, "talk", number, by=None, now=now()))
    await after(editing.restore(app.db, "talk", number, by=None, now=now()))

    assert [(sequence, status, start) for sequence, status, start, _ in seen] == [
        (0, "CONFIRMED", "14:00"),
        (1, "CONFIRMED", "14:00"),
        (2, "CONFIRMED", "15:20"),
        (3, "CANCELLED", "15:20"),
        (4, "CONFIRMED", "15:20"),
    ]
    assert (old, await outdated(app)) == ([True, True, True, True], False)
    assert len({place for _, _, _, place in seen}) == 2
    (event,) = Calendar.from_ical((await says("/ics")).file.content).events  # type: ignore[union-attr]
    assert event["LAST-MODIFIED"].dt == began + timedelta(minutes=4)


async def test_an_estimate_that_shifts_alone_is_no_change(app: App, says: Says) -> None:
    """A talk before it gets a time of its own: the share that is left moves nothing that was printed."""
    a8 = app.edition.timetable.session("A8")
    last = a8.talks[-1].id
    await says(f"~star t{last} 1")
    before = events(await says("/ics"))
    programme = app.edition.timetable.programme
    shorter = a8.model_copy(update={"talks": a8.talks[-1:]})
    slots = tuple(shorter if slot.id == a8.id else slot for slot in programme.slots)

    app.edition = Edition(Timetable(programme.model_copy(update={"slots": slots})), app.edition.glossary)
    old = await outdated(app)
    after = events(await says("/ics"))

    ((uid, first), (_, second)) = [*before.items(), *after.items()]
    assert (uid, first[:2], second[:2], first[2] != second[2], old) == (
        f"talk-{last}@CSML2025.yicheng", (0, "CONFIRMED"), (0, "CONFIRMED"), True, False,
    )  # fmt: skip


async def test_what_is_un_starred_is_called_off_for_good_and_comes_back_with_its_star(app: App, says: Says) -> None:
    kept, dropped = talk(app, "A8-2"), talk(app, "E5-1")
    for number in (kept, dropped):
        await says(f"~star t{number} 1")
    uid = f"talk-{dropped}@CSML2025.yicheng"
    seen = [events(await says("/ics"))[uid][:2]]
    await says(f"~star t{dropped} 0")
    reply = await says("/ics")
    seen += [events(reply)[uid][:2], events(await says("/ics"))[uid][:2]]
    await says(f"~star t{dropped} 1")
    seen.append(events(await says("/ics"))[uid][:2])

    assert seen == [(0, "CONFIRMED"), (1, "CANCELLED"), (1, "CANCELLED"), (2, "CONFIRMED")]
    assert as_text(reply).splitlines()[:2] == [
        "📅 Your 1 starred entry: open the file to put it into your calendar. It rings 10 min before the start.",
        "1 more is marked as cancelled, for your calendar to strike out.",
    ]
    assert not await outdated(app)


async def test_what_a_new_file_no_longer_has_is_called_off_and_the_file_out_of_date(app: App, says: Says) -> None:
    number = talk(app, "E5-1")
    await says(f"~star t{number} 1")
    first = events(await says("/ics"))
    programme = app.edition.timetable.programme
    slots = tuple(
        slot.model_copy(update={"talks": tuple(one for one in slot.talks if one.id != number)})
        for slot in programme.slots
    )
    new = programme.model_copy(update={"slots": slots})
    await importing.take(app.db, new, texts_only=False, facts=True, now=app.clock.now(), answer=lambda _: True)
    await app.refresh()
    old = await outdated(app)
    second = events(await says("/ics"))

    uid = f"talk-{number}@CSML2025.yicheng"
    assert (first[uid][:2], old, second[uid]) == ((0, "CONFIRMED"), True, (1, "CANCELLED", *first[uid][2:]))


async def test_what_is_off_from_the_start_is_not_put_into_a_calendar(app: App, says: Says) -> None:
    number = talk(app, "E5-1")
    await editing.cancel(app.db, "talk", number, by=None, now=app.clock.now())
    await app.refresh()
    await says(f"~star t{number} 1")
    await says(f"~star t{talk(app, 'A8-2')} 1")

    assert list(events(await says("/ics"))) == [f"talk-{talk(app, 'A8-2')}@CSML2025.yicheng"]


async def test_the_alarm_is_the_user_s_lead(app: App, says: Says) -> None:
    await says(f"~star t{talk(app, 'A8-2')} 1")
    await says("~settings lead 30")
    reply = await says("/ics")
    assert reply.file is not None

    (alarm,) = Calendar.from_ical(reply.file.content).walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(minutes=-30)
