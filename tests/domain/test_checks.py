from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.checks import check
from bot.domain.finding import Finding
from bot.domain.model import Text
from bot.domain.programme import Committee, Conference, Member, Person, Programme, Room, Slot, Talk, Window

MORNING = datetime(1637, 6, 8, tzinfo=UTC)
PEOPLE = ("刘徽", "祖冲之", "Emmy Noether", "秦九韶", "Leonhard Euler")


def at(time: str, day: int = 0) -> datetime:
    hours, minutes = map(int, time.split(":"))
    return MORNING + timedelta(days=day, hours=hours, minutes=minutes)


def talk(code: str, speaker: str, title: str = "", **times: datetime) -> Talk:
    return Talk(code=code, title=title or f"Title of {code}", speakers=(speaker,), **times)


def session(code: str, when: str, *talks: Talk, day: int = 0, room: str | None = None, **more: object) -> Slot:
    start, end = when.split("-")
    return Slot.model_validate(
        {"kind": "session", "code": code, "title": code, "start": at(start, day), "end": at(end, day), "room": room}
        | {"talks": talks}
        | more
    )


def item(title: str, when: str, *, day: int = 0, room: str | None = None, **more: object) -> Slot:
    return session("", when, day=day, room=room, **{"kind": "other", "title": title} | more)


def programme(*slots: Slot, **more: object) -> Programme:
    return Programme.model_validate(
        {
            "conference": Conference(key="H1637", name=Text(en="History"), timezone="UTC"),
            "rooms": (Room(name="Hall"), Room(name="Garden")),
            "people": tuple(Person(key=name, name=name) for name in PEOPLE),
            "slots": slots,
        }
        | more
    )


def error(code: str, /, *place: str | int, **params: str) -> Finding:
    return Finding(code=code, level="error", place=place, params=params)


def warning(code: str, /, *place: str | int, **params: str) -> Finding:
    return Finding(code=code, level="warning", place=place, params=params)


def span(start: str, end: str) -> dict[str, str]:
    return {"day": "1637-06-08", "start": start, "end": end}


def test_a_programme_without_a_doubt_has_no_findings():
    assert check(
        programme(
            item("Opening", "9:00-9:30", room="Hall", chairs=("刘徽",)),
            session("A1", "9:30-10:30", talk("A1-1", "祖冲之"), talk("A1-2", "秦九韶"), room="Hall"),
            session("A2", "9:30-10:30", talk("A2-1", "Emmy Noether"), room="Garden"),
        )
    ) == []  # fmt: skip


def test_names_that_refer_to_nobody_are_errors_at_their_place():
    conference = Conference(
        key="H1637",
        name=Text(en="History"),
        timezone="UTC",
        committees=(Committee(name=Text(en="Chairs"), members=(Member(person="刘徽"), Member(person="商高"))),),
    )
    panel = item("Panel", "11:00-12:00", panel=("刘徽", "孙子"))
    talks = session("A1", "10:00-11:00", talk("A1-1", "Nobody"), chairs=("祖冲之", "赵爽"), room="Attic")

    assert check(programme(talks, panel, conference=conference)) == [
        error("unknown-person", "conference", "committees", 0, "members", 1, "person", person="商高"),
        error("unknown-person", "slots", 0, "chairs", 1, person="赵爽"),
        error("unknown-person", "slots", 0, "talks", 0, "speakers", 0, person="Nobody"),
        error("unknown-person", "slots", 1, "panel", 1, person="孙子"),
        error("unknown-room", "slots", 0, "room", room="Attic"),
    ]


def test_a_name_or_code_that_is_given_twice_is_an_error_at_its_second_place():
    again = programme(
        session("A1", "9:00-10:00", talk("X", "刘徽", "割圆术")),
        session("a1", "10:00-11:00", talk("x", "祖冲之")),
        item("Tea", "11:00-11:10"),
        item("Lunch", "11:10-12:00"),
        rooms=(Room(name="Hall"), Room(name="Hall")),
        people=(*(Person(key=name, name=name) for name in PEOPLE), Person(key="刘徽", name="刘徽")),
    )

    assert check(again) == [
        error("duplicate-room", "rooms", 1, "name", room="Hall"),
        error("duplicate-person", "people", 5, "key", person="刘徽"),
        error("duplicate-code", "slots", 1, "code", code="a1"),
        error("duplicate-code", "slots", 1, "talks", 0, "code", code="x"),
    ]


def test_a_session_and_its_only_talk_may_share_a_code():
    assert check(programme(session("K1", "9:00-10:00", talk("K1", "刘徽")))) == []


def test_what_ends_before_it_starts_is_an_error():
    conference = Conference(
        key="H1637",
        name=Text(en="History"),
        timezone="UTC",
        check_in=(Window(start=at("9:00"), end=at("8:00")),),
    )
    backwards = talk("B1-1", "刘徽", start=at("11:30"), end=at("11:00"))

    assert check(
        programme(
            session("A1", "10:00-10:00", talk("A1-1", "祖冲之")),
            session("B1", "10:00-12:00", backwards),
            conference=conference,
        )
    ) == [
        error("ends-before-start", "conference", "check_in", 0, **span("09:00", "08:00")),
        error("ends-before-start", "slots", 0, "end", **span("10:00", "10:00")),
        error("ends-before-start", "slots", 1, "talks", 0, "end", **span("11:30", "11:00")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "outside"),
    [
        ("9:50", "10:20", ("09:50", "10:20")),
        ("10:40", "11:10", ("10:40", "11:10")),
        ("12:00", None, ("12:00", "11:00")),
        ("10:00", "11:00", None),
        (None, "10:30", None),
    ],
)
def test_a_talk_with_times_of_its_own_stays_within_its_slot(start, end, outside):
    times = {name: at(time) for name, time in (("start", start), ("end", end)) if time}
    found = check(programme(session("A1", "10:00-11:00", talk("A1-1", "刘徽", **times))))

    expected = [error("talk-outside-slot", "slots", 0, "talks", 0, code="A1-1", **span(*outside))] if outside else []
    assert found == expected


@pytest.mark.parametrize("timezone", ["Mars/Olympus", "", "Europe", "../etc/passwd"])
def test_a_timezone_that_does_not_exist_is_an_error(timezone):
    conference = Conference(key="H1637", name=Text(en="History"), timezone=timezone)

    assert check(programme(conference=conference)) == [
        error("unknown-timezone", "conference", "timezone", timezone=timezone)
    ]


def test_a_time_without_a_zone_is_an_error_and_is_compared_with_nothing():
    naive = Slot(kind="other", title="Tea", start=datetime(1637, 6, 8, 9), end=at("10:00"), room="Hall")  # noqa: DTZ001

    assert check(programme(naive, item("Talk", "9:00-10:00", room="Hall"))) == [
        error("time-without-zone", "slots", 0, time="1637-06-08 09:00")
    ]


def test_a_room_used_twice_at_a_time_is_an_error_and_one_after_the_other_is_not():
    assert check(
        programme(
            session("A1", "9:00-10:00", room="Hall"),
            session("A2", "9:30-10:30", room="Hall"),
            session("A3", "10:30-11:30", room="Hall"),
            session("A4", "9:00-11:30", room="Garden"),
        )
    ) == [
        error("room-used-twice", "slots", 1, "room", room="Hall", first="A1", second="A2", **span("09:30", "10:00"))
    ]  # fmt: skip


def test_chairing_the_session_one_speaks_in_is_being_in_one_place():
    assert check(programme(session("A1", "9:00-10:00", talk("A1-1", "刘徽"), chairs=("刘徽",)))) == []


def test_chairing_one_session_while_speaking_in_another_is_an_error():
    assert check(
        programme(
            session("A1", "9:00-10:00", talk("A1-1", "祖冲之"), talk("A1-2", "刘徽")),
            session("A2", "9:00-10:00", talk("A2-1", "秦九韶"), chairs=("刘徽",)),
        )
    ) == [
        error(
            "person-in-two-places", "slots", 0, "talks", 1, "speakers", 0,
            person="刘徽", first="A2", second="A1-2", **span("09:30", "10:00"),
        )
    ]  # fmt: skip


def test_speaking_in_two_parallel_sessions_is_an_error_only_when_the_shares_overlap():
    first = session("A1", "9:00-10:00", talk("A1-1", "刘徽"), talk("A1-2", "祖冲之"))
    apart = session("A2", "9:00-10:00", talk("A2-1", "秦九韶"), talk("A2-2", "刘徽"))
    together = session("A2", "9:00-10:00", talk("A2-1", "刘徽"), talk("A2-2", "秦九韶"))

    assert check(programme(first, apart)) == []
    assert check(programme(first, together)) == [
        error(
            "person-in-two-places", "slots", 1, "talks", 0, "speakers", 0,
            person="刘徽", first="A1-1", second="A2-1", **span("09:00", "09:30"),
        )
    ]  # fmt: skip


def test_a_panelist_is_there_for_the_whole_panel_and_told_once_for_two_slots():
    panel = item("Panel", "9:00-10:00", panel=("刘徽",))
    talks = session("A1", "9:00-10:00", talk("A1-1", "刘徽"), talk("A1-2", "刘徽"), chairs=("刘徽",))

    assert [(one.code, one.params["first"], one.params["second"]) for one in check(programme(panel, talks))] == [
        ("person-in-two-places", "Panel", "A1-1")
    ]


def test_the_same_title_twice_is_a_warning_whatever_its_width_case_and_blanks():
    assert check(
        programme(
            session("A1", "9:00-10:00", talk("A1-1", "刘徽", "割圆术：Part 1"), talk("A1-2", "祖冲之", "TBD")),
            session("A2", "10:00-11:00", talk("A2-1", "秦九韶", "割圆术:PART１"), talk("A2-2", "祖冲之", "TBD")),
        )
    ) == [
        warning("same-title", "slots", 1, "talks", 0, "title", code="A2-1", other="A1-1", title="割圆术:PART１")
    ]  # fmt: skip


def test_a_gap_of_a_quarter_of_an_hour_without_an_item_is_a_warning_and_the_night_is_not():
    assert check(
        programme(
            session("A1", "9:00-10:00"),
            session("A2", "9:00-10:30"),
            session("B1", "10:40-12:00"),
            session("C1", "12:15-13:00"),
            session("D1", "9:00-10:00", day=1),
        )
    ) == [warning("gap-without-break", "slots", 3, **span("12:00", "12:15"))]  # fmt: skip


def test_a_gap_belongs_to_the_day_of_the_conference_and_not_of_greenwich():
    conference = Conference(key="H1637", name=Text(en="History"), timezone="Etc/GMT-8")
    found = check(programme(session("A1", "15:00-15:30"), session("B1", "16:30-17:00"), conference=conference))

    assert found == []


def test_the_night_when_clocks_go_back_is_measured_in_moments():
    berlin = Conference(key="H2026", name=Text(en="History"), timezone="Europe/Berlin")
    start = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)  # 02:50 in Berlin, ten minutes before it is 02:00 again
    night = Slot(kind="other", title="Stars", start=start, end=start + timedelta(minutes=20))

    assert check(programme(night, conference=berlin)) == []


def test_a_large_programme_is_checked_without_comparing_everything_with_everything():
    names = [f"Person {n}" for n in range(3_000)]
    slots = [
        session(f"S{n}", "9:00-10:00", *(talk(f"S{n}-{k}", names[10 * n + k]) for k in range(10)), day=n)
        for n in range(300)
    ]

    assert check(programme(*slots, people=tuple(Person(key=name, name=name) for name in names))) == []
