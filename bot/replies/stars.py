"""Stars as buttons: one on a card, compact rows under a list, and what they confirm."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from math import ceil

from bot.domain.programme import Slot
from bot.domain.stars import Subject
from bot.domain.timetable import Event
from bot.replies.reply import Block, Button, Reply, Row, columns, fitted, plain
from bot.replies.voice import Voice

Thing = Event | Slot

NAME = 12
"""Columns of an item's title up to which it is its name on a button; a longer one is called by its kind."""
NAMED = 40
"""Characters of a name in a confirmation."""
LISTED = 36
"""Things under a list that get a star there; under a longer one the keyboard would be longer than the list."""


def button(voice: Voice, thing: Thing) -> Button:
    """Sets or takes the star of a card's thing."""
    whole = "_all" if isinstance(thing, Slot) and thing.talks else ""
    if voice.public:
        # Everybody there sees the button: it shows nobody's star, and does the same for whoever presses it.
        return Button(voice.word(f"button.star{whole}"), _ask(thing, wanted=True))
    return _button(voice, thing, voice.word(f"button.{'starred' if voice.stars.has(thing) else 'star'}{whole}"))


def under(voice: Voice, things: Sequence[Thing]) -> tuple[Row, ...]:
    """A star for each thing of a list, with its name. In front of others there are none: they would be somebody's."""
    if voice.public or not 0 < len(things) <= LISTED:
        return ()
    small = [(thing, _small(voice, thing, name(voice, thing, things))) for thing in things]
    in_one = fitted([one for _, one in small])
    if len(in_one) == 1:  # a few share a row, whatever they are
        return in_one
    found: list[Row] = []
    for _, group in groupby(small, key=lambda one: isinstance(one[0], Slot) and one[0].is_session):
        found += fitted([one for _, one in group])
    return tuple(found)


def _small(voice: Voice, thing: Thing, called: str) -> Button:
    state = "starred" if voice.stars.has(thing) else "star"
    return _button(voice, thing, voice.word(f"button.{state}_one", name=called))


def name(voice: Voice, thing: Thing, among: Sequence[Thing] = ()) -> str:
    """What a thing is called on a small button: its code, else what it is; with when, if there are more of these."""
    if isinstance(thing, Event):
        return thing.talk.code or voice.clock(thing.start)
    if thing.code:
        return thing.code
    title = voice.title(thing)
    called = title if columns(title) <= NAME else voice.word(f"kind.{thing.kind}")
    alike = [one for one in among if isinstance(one, Slot) and not one.code and one.kind == thing.kind]
    if len(alike) <= 1:
        return called
    days = [voice.date(one.start) for one in alike]
    when = [voice.date(thing.start)] if len(set(days)) > 1 else []
    if days.count(voice.date(thing.start)) > 1:
        when.append(voice.clock(thing.start))
    return " ".join((called, *when))


def confirmed(  # noqa: PLR0913 - each is something that the confirmation says
    voice: Voice,
    thing: Thing,
    view: str,
    *,
    starred: bool,
    soon: Subject | None,
    reminded: bool,
    reachable: bool,
    now: datetime,
) -> Reply:
    """A star was set or taken away. `voice` knows how the stars are now; `view` is shown again, if it is known.

    soon      what starts within the lead is said here, because no reminder of it will come.
    reminded  whether one will come of anything; not as long as the user is not `reachable`.
    """
    called = _short(voice.called(thing))
    whole = isinstance(thing, Slot) and bool(thing.talks)
    what = voice.word("star.whole", code=called) if whole else called
    # The list with the button may be from before a change: what is known of it from now on is what is said here.
    place = _place(voice, thing, now)
    if not starred:
        line = voice.say("star.off", what=what)
    elif not reachable:
        line = voice.say("star.unreachable", what=what, place=place)
    elif soon is not None:
        minutes = ceil((soon.start - now).total_seconds() / 60)
        key = "star.soon" if not whole else "star.soon_first" if reminded else "star.soon_last"
        talk = _short(voice.called(soon.event or soon.slot))
        line = voice.say(key, what=what, place=place, talk=talk, minutes=minutes)
    else:
        line = voice.say("star.on" if reminded else "star.kept", what=what, place=place)
    touched: list[Thing] = [thing]
    if isinstance(thing, Slot):
        touched += [event for event in voice.timetable.events if event.slot.id == thing.id]
    marks = tuple(_small(voice, one, name(voice, one)) for one in touched)
    return Reply((Block((line,)),), toast=plain(line), then=view, marks=marks)


def _place(voice: Voice, thing: Thing, now: datetime) -> str:
    """When and where something is, in few words; the day where that is another."""
    if thing.called_off if isinstance(thing, Slot) else thing.cancelled:
        return voice.word("star.called_off")
    slot, start = (thing, voice.timetable.course(thing).start) if isinstance(thing, Slot) else (thing.slot, thing.start)
    estimated = isinstance(thing, Event) and thing.estimated
    when = voice.word("time.about" if estimated else "time.at", time=voice.clock(start))
    if voice.date(start) != voice.date(now):
        when = f"{voice.date(start)} {when}"
    room = voice.timetable.room(slot.room)
    return voice.word("star.place", when=when, room=room.label(voice.lang)) if room else when


def _short(name: str) -> str:
    """A title that leaves room for the rest of a confirmation (Telegram: 200 characters)."""
    return name if len(name) <= NAMED else f"{name[: NAMED - 1].rstrip()}…"


def _button(voice: Voice, thing: Thing, label: str) -> Button:
    return Button(label, _ask(thing, wanted=not voice.stars.has(thing)), edits=True, again=True)


def _ask(thing: Thing, *, wanted: bool) -> str:
    """The wanted state, and not the other: pressed twice, it is the same."""
    name = f"s{thing.id}" if isinstance(thing, Slot) else f"t{thing.talk.id}"
    return f"star {name} {int(wanted)}"
