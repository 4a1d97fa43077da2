"""Who must be told what, a second time and as plainly as can be: everything is looked at, whenever anything happens.

Nothing of the program is used here but the words of a reminder's first line. Things are called by their codes.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

STANDS = timedelta(hours=12)


@dataclass
class Talk:
    code: str
    times: tuple[datetime, datetime] | None = None
    cancelled: bool = False


@dataclass
class Slot:
    code: str
    start: datetime
    end: datetime
    room: str
    talks: list[Talk]
    cancelled: bool = False


@dataclass(frozen=True)
class Thing:
    """What one can be reminded of, as it is at a moment."""

    code: str
    slot: str
    start: datetime
    end: datetime
    room: str
    cancelled: bool
    official: datetime
    printed: datetime
    estimated: bool
    own: bool
    planned: datetime | None = None

    @property
    def fact(self) -> tuple[datetime, bool]:
        """What one is reminded of: the official start, and whether it is a talk's own."""
        return self.official, self.own

    @property
    def other(self) -> tuple[datetime, bool]:
        """The same without having moved, had its estimate been made official, or not."""
        return (self.printed, False) if self.own else (self.planned or self.start, True)

    @property
    def facts(self) -> tuple[datetime, str, bool]:
        return self.start, self.room, self.cancelled


@dataclass
class Person:
    lead: int = 10
    reminders: bool = True
    same_room: bool = True
    blocked: bool = False
    slots: set[str] = field(default_factory=set)
    own: dict[str, bool] = field(default_factory=dict)

    def has(self, thing: Thing) -> bool:
        return self.own.get(thing.code, thing.slot in self.slots)


@dataclass
class Message:
    who: str
    sent: datetime
    shown: dict[str, tuple[datetime, str, bool]]


class Model:
    """`lines`: what everybody was told, in the form of tests/reminding.py, but for the order of parts and lines."""

    def __init__(self, slots: list[Slot], people: list[str]) -> None:
        self.slots = {slot.code: slot for slot in slots}
        self.people = {name: Person() for name in people}
        self.lines: dict[str, list[str]] = defaultdict(list)
        self._said: dict[tuple[str, str, tuple[datetime, bool]], datetime] = {}
        self._confirmed: set[tuple[str, str, tuple[datetime, bool]]] = set()
        self._messages: list[Message] = []

    def things(self) -> list[Thing]:
        found = []
        for slot in self.slots.values():
            minutes = (slot.end - slot.start).total_seconds() / 60
            count = len(slot.talks)
            shares = [slot.start + timedelta(minutes=round(minutes * n / max(count, 1))) for n in range(count + 1)]
            for n, talk in enumerate(slot.talks):
                start, end = talk.times or (shares[n], shares[n + 1])
                found.append(
                    Thing(
                        code=talk.code,
                        slot=slot.code,
                        start=start,
                        end=max(start, end),
                        room=slot.room,
                        cancelled=talk.cancelled or slot.cancelled,
                        official=talk.times[0] if talk.times else slot.start,
                        printed=slot.start,
                        estimated=talk.times is None and len(slot.talks) > 1,
                        own=talk.times is not None,
                    )
                )
            if not slot.talks:
                found.append(
                    Thing(
                        slot.code,
                        slot.code,
                        slot.start,
                        slot.end,
                        slot.room,
                        slot.cancelled,
                        slot.start,
                        slot.start,
                        estimated=False,
                        own=False,
                    )
                )
        return found

    # What happens.

    def star(self, who: str, code: str, *, starred: bool, now: datetime) -> None:
        person, things = self.people[who], self.things()
        before = {thing.code for thing in things if person.has(thing)}
        self._mark(person, code, starred=starred)
        for thing in things:
            if thing.code in before or not person.has(thing) or thing.cancelled:
                continue
            if thing.start - timedelta(minutes=person.lead) <= now < thing.start:
                key = (who, thing.code, thing.fact)
                if key not in self._said or key in self._confirmed:
                    self._said[key] = thing.start
                    self._confirmed.add(key)

    def _mark(self, person: Person, code: str, *, starred: bool) -> None:
        if code in self.slots and starred:
            person.slots.add(code)
        elif code in self.slots:
            person.slots.discard(code)
            off = [talk.code for talk in self.slots[code].talks if person.own.get(talk.code) is False]
            person.own = {talk: mark for talk, mark in person.own.items() if talk not in off}
        else:
            slot = next(slot.code for slot in self.slots.values() if code in [talk.code for talk in slot.talks])
            if starred != (slot in person.slots):
                person.own[code] = starred
            elif person.own.get(code) is (not starred):
                del person.own[code]

    def retime(self, code: str, start: datetime, end: datetime) -> None:
        if code in self.slots:
            slot = self.slots[code]
            shift = start - slot.start
            slot.start, slot.end = start, end
            for talk in slot.talks:
                if talk.times:
                    talk.times = (talk.times[0] + shift, talk.times[1] + shift)
            return
        self.talk(code).times = (start, end)
        (holder,) = (slot for slot in self.slots.values() if self.talk(code) in slot.talks)
        holder.start, holder.end = min(holder.start, start), max(holder.end, end)

    def swap(self, one: str, other: str) -> None:
        times = {thing.code: (thing.start, thing.end) for thing in self.things()}
        self.talk(one).times, self.talk(other).times = times[other], times[one]

    def share_out(self, code: str) -> None:
        for talk in self.slots[code].talks:
            talk.times = None

    def cancel(self, code: str, *, cancelled: bool) -> None:
        if code in self.slots:
            self.slots[code].cancelled = cancelled
        else:
            self.talk(code).cancelled = cancelled

    def talk(self, code: str) -> Talk:
        return next(talk for slot in self.slots.values() for talk in slot.talks if talk.code == code)

    # What must come of it.

    def next_due(self, now: datetime) -> datetime | None:
        """The next moment at which anybody may have to be reminded of anything."""
        moments = [
            thing.start - timedelta(minutes=person.lead) for person in self.people.values() for thing in self.things()
        ]
        return min((moment for moment in moments if moment > now), default=None)

    def due(self, now: datetime) -> list[tuple[str, str]]:
        """Who must be reminded of what at a moment, and was not yet."""
        things = self.things()
        return [
            (who, thing.code)
            for who, person in self.people.items()
            for thing in things
            if self._is_due(who, person, thing, things, now)
        ]

    def look(self, now: datetime, *, copies: int = 1) -> None:
        """Tell everybody what they must be told by now. `copies`: how often it arrives; the last one is known of."""
        things = self.things()
        for who, person in self.people.items():
            together: dict[datetime, list[Thing]] = defaultdict(list)
            for thing in things:
                if self._is_due(who, person, thing, things, now):
                    together[thing.start].append(thing)
            for start, group in together.items():
                silent = "(silent) " if all(_follows(person, thing, things) for thing in group) else ""
                self.lines[who] += [f"{now:%H:%M} {silent}{_words(group, now)}"] * copies
                self._messages.append(Message(who, now, {thing.code: thing.facts for thing in group}))
                for thing in group:
                    self._said[who, thing.code, thing.fact] = start
        self._mend(things, now)

    def _is_due(self, who: str, person: Person, thing: Thing, things: list[Thing], now: datetime) -> bool:
        if person.blocked or not person.reminders or not person.has(thing) or thing.cancelled:
            return False
        if not thing.start - timedelta(minutes=person.lead) <= now < thing.start:
            return False
        if (who, thing.code, thing.fact) in self._said:
            return False
        if self._said.get((who, thing.code, thing.other)) == thing.start:
            return False
        return person.same_room or not _follows(person, thing, things)

    def _mend(self, things: list[Thing], now: datetime) -> None:
        by_code = {thing.code: thing for thing in things}
        for message in self._messages:
            if self.people[message.who].blocked:
                continue
            held = [by_code[code] for code in message.shown]
            stale = any(thing.facts != message.shown[thing.code] and thing.end > now for thing in held)
            if stale and now - message.sent < STANDS:
                self.lines[message.who].append(f"{now:%H:%M} edit: {_words(held, now)}")
                message.shown = {thing.code: thing.facts for thing in held}


def _follows(person: Person, thing: Thing, things: list[Thing]) -> bool:
    return any(
        other.end == thing.start and other.room == thing.room and not other.cancelled and person.has(other)
        for other in things
    )


def _words(group: list[Thing], now: datetime) -> str:
    starts = [thing.start for thing in group if not thing.cancelled]
    together = max((starts.count(start) for start in starts), default=0)
    clash = [f"{together} of your starred talks begin together:"] if together > 1 else []
    return parts_in_order(" / ".join(clash + [_first_line(thing, now) for thing in group]))


def _first_line(thing: Thing, now: datetime) -> str:
    minutes = ceil((thing.start - now).total_seconds() / 60)
    time = f"{'≈' if thing.estimated else ''}{thing.start:%H:%M}"
    title = thing.code.replace("-", "")
    if thing.cancelled:
        return f"⚠️ Cancelled (was {time}) {title}"
    if minutes > 0:
        return f"⏰ In {minutes} min  {time} · {thing.room} {title}"
    return f"⏰ {time} · {thing.room} {title}"


def parts_in_order(words: str) -> str:
    """Parts of a message in an order that does not matter."""
    return " / ".join(sorted(words.split(" / ")))
