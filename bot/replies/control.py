"""The control card: what a chair presses while their session runs, and how the session stands by it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.course import Course
from bot.domain.live import Live, following
from bot.domain.programme import Person, Slot
from bot.domain.timetable import Event
from bot.domain.user import User
from bot.replies import standing
from bot.replies.desk import sentence
from bot.replies.reply import Block, Button, Line, Reply, Row, fitted, text
from bot.replies.voice import Voice

STEPS = (5, 10)
"""Minutes that a press adds."""


def card(voice: Voice, slot: Slot, others: Sequence[Slot] = ()) -> Reply:
    """How a session stands and what can be said of it. `others`: more sessions of the same chair.

    Its buttons carry what is wanted, and what was so when they were drawn, so that one under an old card does no harm.
    No minutes to go stand in it: they would be wrong a minute later.
    """
    course = voice.timetable.course(slot)
    live = course.live or Live(slot_id=slot.id, start=slot.start)
    room = voice.room_of(slot)
    head = [
        voice.say("control.title", session=voice.session(slot)),
        voice.say("control.when", times=voice.slot_times(slot), room=room, sep=" · " if room else ""),
    ]
    openers = fitted([Button(voice.called(one), f"chair #{one.id}") for one in others])
    if slot.called_off:
        return Reply((Block((*head, voice.say("control.called_off"))),), openers)
    ahead = _ahead(voice, slot, live)
    lines = [_state(voice, live), *standing.lines(voice, slot)] if live.finished is None else []
    if live.finished is not None:
        lines = standing.lines(voice, slot)
    if course.over and course.after is not None:
        lines.append(_over(voice, course, course.after))
    blocks = [Block((*head, *lines))]
    if ahead and live.finished is None:
        blocks.append(Block((voice.say("control.ahead"), *(_line(voice, event) for event in ahead))))
    return Reply(tuple(blocks), (*_buttons(voice, slot, live, ahead), *openers), ask=f"chair #{slot.id}")


def not_yours(voice: Voice, slot: Slot) -> Reply:
    """For whoever may not say anything of a session."""
    return sentence(voice, voice.say("control.not_yours", session=voice.session(slot)))


def really_finished(voice: Voice, slot: Slot) -> Reply:
    """Asks before talks are taken to be over that nobody has said to have begun."""
    live = voice.timetable.course(slot).live or Live(slot_id=slot.id, start=slot.start)
    left = voice.word("person.list_separator").join(_called(voice, event) for event in _ahead(voice, slot, live))
    head = voice.say("control.title", session=voice.session(slot))
    return Reply(
        (Block((head, voice.say("control.really", talks=left))),),
        (
            (
                voice.button("control.button.really", f"live {slot.id} finished sure", edits=True),
                voice.button("control.button.no", f"chair #{slot.id}", edits=True),
            ),
        ),
    )


@dataclass(frozen=True)
class Silent:
    """A session of which nothing was said, and who was to: people of the programme, or users by their own name."""

    slot: Slot
    chairs: Sequence[Person | User]


def silent(voice: Voice, sessions: Sequence[Silent]) -> Reply:
    """Sessions of one time whose chairs have pressed nothing, for staff."""
    lines = [voice.say("control.silent", time=voice.clock(sessions[0].slot.start))]
    lines += [
        voice.say(
            "control.silent_one",
            session=voice.session(one.slot),
            room=voice.room_of(one.slot),
            people=_chairs(voice, one.chairs),
        )
        for one in sessions
    ]
    openers = [Button(voice.called(one.slot), f"chair #{one.slot.id}") for one in sessions]
    return Reply((Block(tuple(lines)),), fitted(openers))


def _chairs(voice: Voice, chairs: Sequence[Person | User]) -> str:
    """Each name once: two users may be linked to one person."""
    names = (
        voice.person(one) if isinstance(one, Person) else one.name or voice.word("team.nameless", number=one.id)
        for one in chairs
    )
    return voice.word("person.list_separator").join(dict.fromkeys(names))


def _ahead(voice: Voice, slot: Slot, live: Live) -> list[Event]:
    """The talks that are still to begin."""
    on = [event for event in voice.timetable.events_of(slot) if not event.talk.cancelled]
    coming = following(live, [(event.talk.id, event.planned) for event in on])
    place = next((n for n, event in enumerate(on) if event.talk.id == coming), len(on))
    return on[place:]


def _state(voice: Voice, live: Live) -> Line:
    event = voice.timetable.event(live.talk_id) if live.talk_id is not None else None
    if event is not None:
        return voice.say("control.talk", what=_called(voice, event), time=voice.clock(live.talks[-1].at))
    if live.began is not None:
        return voice.say("control.began", time=voice.clock(live.began))
    return voice.say("control.here" if live.here else "control.waits")


def _over(voice: Voice, course: Course, after: Slot) -> Line:
    return voice.say("control.over", time=voice.clock(after.start), what=voice.session(after), minutes=course.over)


def _line(voice: Voice, event: Event) -> Line:
    return text(f"{voice.event_times(event)} {_called(voice, event)}")


def _called(voice: Voice, event: Event) -> str:
    return f"{event.talk.code} {voice.people(event.talk.speakers)}".strip()


def _buttons(voice: Voice, slot: Slot, live: Live, ahead: Sequence[Event]) -> list[Row]:
    where = f"live {slot.id}"

    def button(key: str, word: str, **params: str | int) -> Button:
        return voice.button(f"control.button.{key}", f"{where} {word}", edits=True, **params)

    if live.finished is not None:
        return [(button("on", "on"),)]
    turns: list[Row] = []
    if live.began is None:
        here = () if live.here else (button("here", "here"),)
        turns.append((*here, button("began", "began")))
    elif ahead:
        turns.append((button("next", f"talk {ahead[0].talk.id}", code=voice.called(ahead[0])),))
    minutes = [button("more", f"late {live.late} {live.late + step}", minutes=step) for step in STEPS]
    on_time = (button("on_time", f"late {live.late} 0"),) if live.late else ()
    turns.append((*minutes, *on_time))
    full = live.full_room is not None and voice.timetable.course(slot).full
    room = (button("not_full", "full 0") if full else button("full", "full 1"),) if slot.room is not None else ()
    end = (button("finished", "finished"),) if live.began is not None else ()
    turns.append((*end, *room))
    if live.talk_id is not None:
        turns.append((button("back", f"back {live.talk_id}"),))
    return [row for row in turns if row]
