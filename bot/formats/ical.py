"""iCalendar out (RFC 5545): a user's day as a file for their calendar."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from bot.domain.calendar import Entry
from bot.domain.programme import Conference


def write(conference: Conference, name: str, entries: Iterable[Entry], *, lead: timedelta, stamp: datetime) -> bytes:
    """A calendar of entries, lines folded at 75 octets and ended by CRLF.

    name   what calendar programs call it.
    lead   how long before the start each rings; what is off does not ring.
    stamp  when the file is made.
    """
    listed = list(entries)
    calendar = Calendar()
    calendar.add("prodid", "-//Yicheng//Conference companion//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in listed:
        calendar.add_component(_event(conference, entry, lead, stamp))
    years = [entry.start.astimezone(conference.zone).year for entry in listed] or [stamp.year]
    calendar.add_missing_timezones(date(min(years), 1, 1), date(max(years) + 1, 1, 1))
    for zone in calendar.timezones:
        zone.pop("comment", None)  # for how long it was computed says nothing to a reader
    octets: bytes = calendar.to_ical()
    return octets


def uid(conference: Conference, entry: Entry) -> str:
    """The same for ever, whatever becomes of the thing: rows of the programme are never renumbered (RFC 7986, 5.3)."""
    return f"{entry.facts.kind}-{entry.facts.subject_id}@{conference.key}.yicheng"


def _event(conference: Conference, entry: Entry, lead: timedelta, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", uid(conference, entry))
    event.add("dtstamp", stamp)
    event.add("last-modified", entry.modified)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.start.astimezone(conference.zone))
    if entry.end > entry.start:
        event.add("dtend", entry.end.astimezone(conference.zone))
    event.add("summary", entry.summary)
    if entry.location:
        event.add("location", entry.location)
    if entry.description:
        event.add("description", entry.description)
    event.add("status", "CANCELLED" if entry.is_off else "CONFIRMED")
    if entry.is_off:
        event.add("transp", "TRANSPARENT")  # nobody is busy then
    else:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -lead)
        alarm.add("description", entry.summary)
        event.add_component(alarm)
    return event
