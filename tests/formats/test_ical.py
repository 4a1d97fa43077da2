"""Calendar files, parsed back and looked at octet by octet."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from bot.domain.calendar import Entry
from bot.domain.model import Text
from bot.domain.programme import Conference
from bot.domain.told import Told
from bot.formats import ical

START = datetime(2025, 8, 9, 5, 30, tzinfo=UTC)
STAMP = datetime(2025, 8, 9, 1, tzinfo=UTC)
HANZI = "面向生成模型的高效训练与推理算法，" * 8
AWKWARD = 'a, b; c\\d "e": \\n f, '


def conference(zone: str = "Asia/Shanghai") -> Conference:
    return Conference(key="CSML2025", name=Text(zh="大会"), timezone=zone)


def entry(number: int, *, start: datetime = START, cancelled: bool = False, **more: object) -> Entry:
    facts = Told(
        kind="talk", subject_id=number, start=start, end=start + timedelta(minutes=30),
        room_id=1, cancelled=cancelled, title="T", speakers=(),
    )  # fmt: skip
    fields = {
        "start": start, "end": facts.end, "summary": HANZI, "location": "友谊宫 7 号, A; B", "modified": STAMP,
        "description": f"{AWKWARD}\n{HANZI}", **more,
    }  # fmt: skip
    return Entry.model_validate({"facts": facts, **fields})


def written(*entries: Entry, zone: str = "Asia/Shanghai", lead: int = 10) -> bytes:
    return ical.write(conference(zone), "我的日程", entries, lead=timedelta(minutes=lead), stamp=STAMP)


def test_what_is_written_is_read_back_as_it_was() -> None:
    calendar = Calendar.from_ical(written(entry(17, sequence=3), lead=15))
    (event,) = calendar.events
    (alarm,) = event.walk("VALARM")

    assert {name: str(event[name]) for name in ("UID", "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS")} == {
        "UID": "talk-17@CSML2025.yicheng",
        "SUMMARY": HANZI,
        "LOCATION": "友谊宫 7 号, A; B",
        "DESCRIPTION": f"{AWKWARD}\n{HANZI}",
        "STATUS": "CONFIRMED",
    }
    assert (event["SEQUENCE"], event["LAST-MODIFIED"].dt, event["DTSTAMP"].dt) == (3, STAMP, STAMP)
    assert (event.start, event.end, str(event["DTSTART"].params["TZID"])) == (
        START,
        START + timedelta(minutes=30),
        "Asia/Shanghai",
    )
    assert (alarm["ACTION"], alarm["TRIGGER"].dt) == ("DISPLAY", timedelta(minutes=-15))
    assert (calendar["VERSION"], calendar["METHOD"], calendar["X-WR-CALNAME"]) == ("2.0", "PUBLISH", "我的日程")


def test_lines_end_with_crlf_and_have_75_octets_at_most_that_are_whole_characters() -> None:
    octets = written(entry(1), entry(2, cancelled=True))
    lines = octets.split(b"\r\n")

    assert (max(map(len, lines)) <= 75, b"\n" in octets.replace(b"\r\n", b""), lines[-1]) == (True, False, b"")
    assert [line for line in lines if line.decode("utf-8") is None] == []
    assert b"\r\nLOCATION:" + "友谊宫 7 号\\, A\\; B".encode() + b"\r\n" in octets
    unfolded = octets.replace(b"\r\n ", b"").decode()
    assert f'\r\nDESCRIPTION:a\\, b\\; c\\\\d "e": \\\\n f\\, \\n{HANZI}\r\n' in unfolded


def test_what_is_off_is_cancelled_rings_no_bell_and_takes_no_time() -> None:
    calendar = Calendar.from_ical(written(entry(1, cancelled=True), entry(2, withdrawn=True), entry(3)))

    assert [
        (str(event["STATUS"]), str(event.get("TRANSP", "")), len(event.walk("VALARM"))) for event in calendar.events
    ] == [("CANCELLED", "TRANSPARENT", 0), ("CANCELLED", "TRANSPARENT", 0), ("CONFIRMED", "", 1)]


@pytest.mark.parametrize(
    ("zone", "offsets"),
    [("Asia/Shanghai", {"+0800"}), ("Europe/Berlin", {"+0100", "+0200"}), ("America/New_York", {"-0400", "-0500"})],
)
def test_the_conference_s_zone_is_written_out(zone: str, offsets: set[str]) -> None:
    octets = written(entry(1), zone=zone)
    calendar = Calendar.from_ical(octets)
    (timezone,) = calendar.timezones

    assert str(timezone["TZID"]) == zone
    assert {one["TZOFFSETTO"].to_ical() for one in timezone.subcomponents} == offsets
    assert calendar.events[0].start == START.astimezone(ZoneInfo(zone))


def test_a_conference_in_utc_needs_no_zone() -> None:
    octets = written(entry(1), zone="UTC")

    assert (b"DTSTART:20250809T053000Z" in octets, b"VTIMEZONE" in octets) == (True, False)


def test_the_same_entries_give_the_same_file() -> None:
    assert written(entry(1), entry(2)) == written(entry(1), entry(2))
