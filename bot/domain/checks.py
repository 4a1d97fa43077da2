"""What can be wrong in a programme, whatever it was read from.

Errors are what no programme may have; warnings are what a person should look at. `Finding.place` is the path into the
programme, which a format turns into the line of its file. Each place is reported once for each thing wrong with it.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from bot.domain.finding import Finding, Place
from bot.domain.programme import Programme, Slot, Talk, Window

SHORTEST_BREAK = timedelta(minutes=15)
"""Shorter than this people only change rooms, and no programme lists it."""
UNTITLED = frozenset({"", "tba", "tbd", "待定", "未定", "无"})
"""Titles that say that there is none yet, folded. Two of them are no coincidence worth a word."""


@dataclass(frozen=True)
class _Duty:
    """A stretch of time in which a person, or a room, is taken by a slot."""

    start: datetime
    end: datetime
    slot: int
    place: Place
    label: str


def check(programme: Programme) -> list[Finding]:
    """Everything wrong or doubtful, in a fixed order. An empty list is a programme without a doubt."""
    findings = [*_unknown_names(programme), *_duplicates(programme)]
    naive = list(_naive_times(programme))
    if naive:
        # Times with and without a zone cannot be compared, so nothing else can be said about time.
        return [*findings, *naive, *_same_titles(programme)]
    zone = _zone(programme.conference.timezone)
    # Findings name times, and an organiser reads them on the conference's own clock.
    shown = _on_the_clock_of(programme, zone) if zone else programme
    findings += [*_times(shown), *_room_clashes(shown), *_person_clashes(shown), *_same_titles(shown)]
    if zone is None:
        findings.append(
            _error("unknown-timezone", "conference", "timezone", timezone=programme.conference.timezone),
        )
        return findings
    return [*findings, *_gaps(shown)]


def _on_the_clock_of(programme: Programme, zone: ZoneInfo) -> Programme:
    def on_clock(moment: datetime) -> datetime:
        # Python compares times of one zone by the clock on the wall, and 01:52 may be before 01:30 of the same night.
        # With its offset instead of its zone a time reads the same and compares by moment.
        shown = moment.astimezone(zone)
        return shown.replace(tzinfo=timezone(shown.utcoffset() or timedelta()))

    def local(moment: datetime | None) -> datetime | None:
        return moment and on_clock(moment)

    def talk(one: Talk) -> Talk:
        return one.model_copy(update={"start": local(one.start), "end": local(one.end)})

    def slot(one: Slot) -> Slot:
        talks = tuple(talk(each) for each in one.talks)
        return one.model_copy(update={"start": local(one.start), "end": local(one.end), "talks": talks})

    windows = (Window(start=on_clock(one.start), end=on_clock(one.end)) for one in programme.conference.check_in)
    conference = programme.conference.model_copy(update={"check_in": tuple(windows)})
    return programme.model_copy(update={"conference": conference, "slots": tuple(slot(one) for one in programme.slots)})


def _error(code: str, /, *place: str | int, **params: str) -> Finding:
    return Finding(code=code, level="error", place=place, params=params)


def _unknown_names(programme: Programme) -> Iterator[Finding]:
    rooms = {room.name for room in programme.rooms}
    people = {person.key for person in programme.people}
    for place, key in _mentions(programme):
        if key not in people:
            yield _error("unknown-person", *place, person=key)
    for s, slot in enumerate(programme.slots):
        if slot.room is not None and slot.room not in rooms:
            yield _error("unknown-room", "slots", s, "room", room=slot.room)


def _mentions(programme: Programme) -> Iterator[tuple[Place, str]]:
    for c, committee in enumerate(programme.conference.committees):
        for m, member in enumerate(committee.members):
            yield ("conference", "committees", c, "members", m, "person"), member.person
    for s, slot in enumerate(programme.slots):
        for n, key in enumerate(slot.chairs):
            yield ("slots", s, "chairs", n), key
        for n, key in enumerate(slot.panel):
            yield ("slots", s, "panel", n), key
        for t, talk in enumerate(slot.talks):
            for n, key in enumerate(talk.speakers):
                yield ("slots", s, "talks", t, "speakers", n), key


def _duplicates(programme: Programme) -> Iterator[Finding]:
    rooms = [(("rooms", n, "name"), room.name) for n, room in enumerate(programme.rooms)]
    people = [(("people", n, "key"), person.key) for n, person in enumerate(programme.people)]
    # A session and its only talk may share a code. Case doesn't tell codes apart: people type them freely.
    slots = [(("slots", s, "code"), slot.code.casefold()) for s, slot in enumerate(programme.slots)]
    talks = [
        (("slots", s, "talks", t, "code"), talk.code.casefold())
        for s, slot in enumerate(programme.slots)
        for t, talk in enumerate(slot.talks)
    ]
    for place in _repeated(rooms):
        yield _error("duplicate-room", *place, room=programme.rooms[int(place[1])].name)
    for place in _repeated(people):
        yield _error("duplicate-person", *place, person=programme.people[int(place[1])].key)
    for place in _repeated(slots):
        yield _error("duplicate-code", *place, code=programme.slots[int(place[1])].code)
    for place in _repeated(talks):
        yield _error("duplicate-code", *place, code=programme.slots[int(place[1])].talks[int(place[3])].code)


def _repeated(named: Iterable[tuple[Place, str]]) -> Iterator[Place]:
    """The place of every second and later use of a name; an empty one is no name."""
    seen: set[str] = set()
    for place, name in named:
        if name in seen:
            yield place
        elif name:
            seen.add(name)


def _naive_times(programme: Programme) -> Iterator[Finding]:
    for n, window in enumerate(programme.conference.check_in):
        yield from _naive(("conference", "check_in", n), window.start, window.end)
    for s, slot in enumerate(programme.slots):
        yield from _naive(("slots", s), slot.start, slot.end)
        for t, talk in enumerate(slot.talks):
            yield from _naive(("slots", s, "talks", t), talk.start, talk.end)


def _naive(place: Place, *times: datetime | None) -> Iterator[Finding]:
    for time in times:
        if time is not None and time.utcoffset() is None:
            yield _error("time-without-zone", *place, time=f"{time:%Y-%m-%d %H:%M}")
            return


def _times(programme: Programme) -> Iterator[Finding]:
    for n, window in enumerate(programme.conference.check_in):
        if window.end <= window.start:
            yield _error("ends-before-start", "conference", "check_in", n, **_span(window.start, window.end))
    for s, slot in enumerate(programme.slots):
        if slot.end <= slot.start:
            yield _error("ends-before-start", "slots", s, "end", **_span(slot.start, slot.end))
        for t, talk in enumerate(slot.talks):
            share = slot.share(t)
            start, end = talk.start or share.start, talk.end or share.end
            if talk.start and talk.end and talk.end <= talk.start:
                yield _error("ends-before-start", "slots", s, "talks", t, "end", **_span(talk.start, talk.end))
            elif (talk.start and not slot.start <= start < slot.end) or (talk.end and not slot.start < end <= slot.end):
                yield _error("talk-outside-slot", "slots", s, "talks", t, code=talk.code, **_span(start, end))


def _span(start: datetime, end: datetime) -> dict[str, str]:
    return {"day": f"{start:%Y-%m-%d}", "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}


def _label(slot: Slot) -> str:
    return slot.code or slot.title


def _room_clashes(programme: Programme) -> Iterator[Finding]:
    taken: dict[str, list[_Duty]] = defaultdict(list)
    for s, slot in enumerate(programme.slots):
        if slot.room is not None:
            taken[slot.room].append(_Duty(slot.start, slot.end, s, ("slots", s, "room"), _label(slot)))
    for room, duties in taken.items():
        for first, second in _clashes(duties):
            yield _error("room-used-twice", *second.place, room=room, **_both(first, second))


def _person_clashes(programme: Programme) -> Iterator[Finding]:
    """A person in two slots at once. Who chairs the session they speak in is in one place only."""
    taken: dict[str, list[_Duty]] = defaultdict(list)
    for s, slot in enumerate(programme.slots):
        for t, talk in enumerate(slot.talks):
            time = _talk_window(slot, t)
            for n, key in enumerate(talk.speakers):
                place = ("slots", s, "talks", t, "speakers", n)
                taken[key].append(_Duty(time.start, time.end, s, place, talk.code or _label(slot)))
        for role, keys in (("chairs", slot.chairs), ("panel", slot.panel)):
            for n, key in enumerate(keys):
                taken[key].append(_Duty(slot.start, slot.end, s, ("slots", s, role, n), _label(slot)))
    for person, duties in taken.items():
        for first, second in _clashes(duties):
            yield _error("person-in-two-places", *second.place, person=person, **_both(first, second))


def _talk_window(slot: Slot, position: int) -> Window:
    talk, share = slot.talks[position], slot.share(position)
    return Window(start=talk.start or share.start, end=talk.end or share.end)


def _both(first: _Duty, second: _Duty) -> dict[str, str]:
    return {"first": first.label, "second": second.label, **_span(second.start, min(first.end, second.end))}


def _clashes(duties: list[_Duty]) -> Iterator[tuple[_Duty, _Duty]]:
    """Pairs of duties in different slots that overlap, each pair of slots once, in order of time."""
    told: set[tuple[int, int]] = set()
    running: list[_Duty] = []
    for duty in sorted(duties, key=lambda duty: (duty.start, duty.slot)):
        if duty.end <= duty.start:
            continue
        running = [earlier for earlier in running if earlier.end > duty.start]
        for earlier in running:
            pair = (min(earlier.slot, duty.slot), max(earlier.slot, duty.slot))
            if earlier.slot != duty.slot and pair not in told:
                told.add(pair)
                yield earlier, duty
        running.append(duty)


def _same_titles(programme: Programme) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for s, slot in enumerate(programme.slots):
        for t, talk in enumerate(slot.talks):
            folded = _folded(talk.title)
            if folded in UNTITLED:
                continue
            if folded in first:
                place: Place = ("slots", s, "talks", t, "title")
                params = {"code": talk.code, "other": first[folded], "title": talk.title}
                yield Finding(code="same-title", place=place, params=params)
            else:
                first[folded] = talk.code


def _folded(title: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", title).casefold() if c.isalnum())


def _gaps(programme: Programme) -> Iterator[Finding]:
    """Time between two slots of one local day for which the programme has no item, not even a break."""
    until: datetime | None = None
    for s, slot in sorted(enumerate(programme.slots), key=lambda numbered: numbered[1].start):
        if until and slot.start - until >= SHORTEST_BREAK and slot.start.date() == until.date():
            yield Finding(code="gap-without-break", place=("slots", s), params=_span(until, slot.start))
        until = max(until, slot.end) if until else slot.end


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no name of a zone at all, or a folder of zones
        return None
