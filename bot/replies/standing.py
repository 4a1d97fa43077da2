"""How a session stands by what its chair says: late, ahead, over, its room full, and where else one can go."""

from bot.domain.programme import Slot
from bot.domain.timetable import Event
from bot.replies.reply import Button, Line, Row, fitted
from bot.replies.voice import Voice


def lines(voice: Voice, slot: Slot, event: Event | None = None, *, others: bool = True) -> list[Line]:
    """What is to be said of a slot beside its printed times; of one talk of it, when it was planned.

    others  of a room that is full, where else one can go.
    """
    course = voice.timetable.course(slot)
    if course.live is None:
        return []
    said = []
    if course.live.finished is not None:
        said.append(voice.say("live.over", time=voice.clock(course.live.finished)))
    elif course.late:
        minutes, late = abs(course.late), course.late > 0
        if event is not None and event.talk.start is None and event.estimated and event.start != event.planned:
            key = "live.late_planned" if late else "live.ahead_planned"
            said.append(voice.say(key, minutes=minutes, planned=voice.clock(event.planned)))
        else:
            said.append(voice.say("live.late" if late else "live.ahead", minutes=minutes))
    if course.full:
        codes = voice.word("person.list_separator").join(one.code for one in instead(voice, slot)) if others else ""
        said.append(voice.say("live.full_but", others=codes) if codes else voice.say("live.full"))
    return said


def instead(voice: Voice, slot: Slot) -> list[Slot]:
    """The other sessions of the same time whose rooms are not full."""
    timetable = voice.timetable
    block = next((one.slots for one in timetable.blocks if one.start == slot.start), ())
    found = [one for one in block if one.id != slot.id and one.is_session and not one.called_off]
    courses = [timetable.course(one) for one in found]
    return [one.slot for one in courses if not one.full and (one.live is None or one.live.finished is None)]


def ways_out(voice: Voice, slot: Slot) -> tuple[Row, ...]:
    """Buttons to where one can go instead of a room that is full."""
    if not voice.timetable.course(slot).full:
        return ()
    openers = [Button(f"→ {one.code}", f"session #{one.id}") for one in instead(voice, slot)]
    return fitted(openers)
