"""What staff read when they change the programme: the preview, what was done, and what was done before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.edits import Edit, apply, inverse
from bot.domain.finding import Finding
from bot.domain.model import LANGS
from bot.domain.problem import Problem
from bot.domain.programme import Room, Slot
from bot.domain.timetable import Event, Timetable
from bot.domain.told import Difference
from bot.replies import desk, edited, notices
from bot.replies.reply import Block, Button, Line, Reply, Row, fitted, rows
from bot.replies.voice import Voice

READ_AT_MOST = 6
"""Things of one change that are quoted as users will read them."""


@dataclass(frozen=True)
class Made:
    """A change as it is shown. `who`: None for the command line, "" for the reader.

    people   how many it concerned; due: from when they are told.
    """

    id: int
    kind: str
    edit: Edit
    at: datetime
    due: datetime | None
    people: int
    who: str | None
    reason: str = ""
    undone: bool = False
    undoes: int | None = None


@dataclass(frozen=True)
class Warned:
    """What a plan makes wrong, and how to go round it.

    clashes    findings; forbidden: those with which it cannot be made.
    crowded    slots with their stars and the capacity of the new room.
    overlaps   talks of one session that would overlap, with official times.
    ways       buttons that lead out.
    """

    clashes: Sequence[Finding] = ()
    forbidden: bool = False
    crowded: Sequence[tuple[Slot, int, int]] = ()
    overlaps: Sequence[tuple[Event, Event]] = ()
    ways: Sequence[Button] = ()


@dataclass(frozen=True)
class Effect:
    """Whom a plan concerns: how many, from when they are told, and what they read.

    unheard  it takes back what nobody was told yet, so that nobody hears of either.
    """

    people: int
    due: datetime
    differences: Sequence[Difference]
    unheard: bool = False


def preview(  # noqa: PLR0913 - a preview is all of these at one look
    before: Voice,
    after: Timetable,
    *,
    draft: int,
    kind: str,
    edit: Edit,
    reason: str,
    effect: Effect,
    warned: Warned,
    now: datetime,
    head: Line = (),
    more: tuple[Row, ...] = (),
) -> Reply:
    """Old → new, what it makes wrong, how many are told when, and what they read in both languages.

    head  a sentence above it: why it is drawn anew.
    more  buttons of questions that are still open.
    """
    voice = before
    title = Block((head, voice.say(f"change.kind.{kind}"))[not head :])
    blocks = [title, *edited.blocks(voice, edit)]
    if reason:
        blocks.append(voice.block("change.reason", reason=reason))
    blocks += _warnings(voice, warned)
    if not warned.forbidden:
        blocks.append(_whom(voice, effect, now))
        if effect.people and not effect.unheard:
            blocks += _quoted(after, effect.differences)
    return Reply(tuple(blocks), (*more, *_answers(voice, draft, kind, effect, warned, now)), ask=f"preview {draft}")


def done(voice: Voice, made: Made) -> Reply:
    """What was done, who is told and when, and the way back."""
    blocks = [Block((voice.say("change.done", kind=voice.say(f"change.kind.{made.kind}")),))]
    blocks += edited.blocks(_before(voice, made.edit), made.edit)
    if made.reason:
        blocks.append(voice.block("change.reason", reason=made.reason))
    blocks.append(Block((_told(voice, made),)))
    back: Row = () if made.undone else (voice.button("change.button.undo", f"undo {made.id}", edits=True),)
    if made.undone:
        blocks.append(voice.block("change.is_undone"))
    return Reply(tuple(blocks), (back,) if back else ())


def _before(voice: Voice, edit: Edit) -> Voice:
    """Speaking of the programme as it was before an edit, as its preview did: a talk had an estimate then."""
    try:
        return replace(voice, timetable=Timetable(apply(voice.timetable.programme, inverse(edit))))
    except Problem:  # somebody has changed the same thing since
        return voice


def log(voice: Voice, found: Sequence[Made]) -> Reply:
    """The changes, newest first: who, when, before and after, why, and whether they were taken back."""
    if not found:
        return Reply((voice.block("change.log.empty"),))
    blocks = [voice.block("change.log.title")]
    for made in found:
        who = voice.word("change.log.machine") if made.who is None else made.who or voice.word("change.log.you")
        when = f"{voice.day_of(made.at)} {voice.clock(made.at)}"
        head = voice.say(
            "change.log.head", number=made.id, kind=voice.say(f"change.kind.{made.kind}"), when=when, who=who
        )
        lines = [line for block in edited.blocks(voice, made.edit) for line in block.lines]
        if made.undoes is not None:
            lines.insert(0, voice.say("change.log.undoes", number=made.undoes))
        if made.reason:
            lines.append(voice.say("change.reason", reason=made.reason))
        if made.undone:
            lines.append(voice.say("change.is_undone"))
        blocks.append(Block((head, *lines)))
    open_ = [made for made in found if not made.undone][:3]
    buttons = [voice.button("change.button.undo_number", f"undo {made.id}", number=made.id) for made in open_]
    return Reply(tuple(blocks), rows(buttons, 3), ask="log")


def ways_out(voice: Voice, slot: Slot, occupant: Slot | None, free: Sequence[Room]) -> list[Button]:
    """Out of a room in use: the two rooms swapped, or a room that is free then."""
    found = []
    if occupant is not None:
        swap = f"swap #s{slot.id} #s{occupant.id}"
        found.append(
            voice.button("change.button.swap", swap, edits=True, one=voice.called(slot), other=voice.called(occupant))
        )
    found += [Button(voice.brief_room(room), f"move #s{slot.id} #r{room.id}", edits=True) for room in free]
    return found


def _warnings(voice: Voice, warned: Warned) -> list[Block]:
    lines = [voice.say("change.clash", what=_clash(voice, one)) for one in warned.clashes]
    lines += [
        voice.say("change.crowded", room=voice.room_of(slot), capacity=capacity, stars=stars)
        for slot, stars, capacity in warned.crowded
    ]
    lines += [
        voice.say(
            "change.overlap",
            one=one.talk.code,
            other=other.talk.code,
            times=voice.times(max(one.start, other.start), min(one.end, other.end)),
        )
        for one, other in warned.overlaps
    ]
    if warned.forbidden:
        lines.append(voice.say("change.forbidden"))
    return [Block(tuple(lines))] if lines else []


def refused(voice: Voice, problem: Problem) -> Reply:
    """Why something can't be done. Rooms and days are called as everywhere; a day of another year keeps its date."""
    said = dict(problem.params)
    if (room := voice.timetable.room(said.get("room"))) is not None:
        said["room"] = voice.room(room)
    days = {name: date.fromisoformat(str(said[name])) for name in ("day", "first", "last") if name in said}
    years = {day.year for name, day in days.items() if name != "day"}
    said |= {name: voice.day(day) for name, day in days.items() if day.year in years}
    return desk.sentence(voice, voice.say(problem.key, **said))


def _clash(voice: Voice, one: Finding) -> Line:
    """A finding as it reads in a file's report, but with people, rooms and days called as they are in the chat."""
    said = dict(one.params)
    if (room := voice.timetable.room(said.get("room"))) is not None:
        said["room"] = voice.room(room)
    person = next((one for one in voice.timetable.programme.people if one.key == said.get("person")), None)
    if person is not None:
        said["person"] = voice.person(person)
    if "day" in said:
        said["day"] = voice.day(date.fromisoformat(said["day"]))
    return voice.say(f"finding.{one.code}", **said)


def _whom(voice: Voice, effect: Effect, now: datetime) -> Block:
    if effect.unheard:
        return voice.block("change.unheard")
    if not effect.people:
        return voice.block("change.nobody")
    if effect.due <= now:
        return voice.block("change.at_once", count=effect.people)
    return voice.block("change.in_quiet", count=effect.people, seconds=round((effect.due - now).total_seconds()))


def _quoted(after: Timetable, differences: Sequence[Difference]) -> list[Block]:
    """What somebody reads who has starred it all, by the same hand as the notice itself, in each language."""
    if not differences:
        return []
    found = []
    for lang in LANGS:
        voice = Voice(lang, after)
        said = notices.changed(voice, differences[:READ_AT_MOST])
        lines = [line for block in said.blocks for line in block.lines]
        if len(differences) > READ_AT_MOST:
            lines.append(voice.say("change.and_more", count=len(differences) - READ_AT_MOST))
        found.append(Block((voice.say("change.will_read"), *lines), quote=True))
    return found


def _answers(voice: Voice, draft: int, kind: str, effect: Effect, warned: Warned, now: datetime) -> tuple[Row, ...]:
    change = (
        () if kind in ("undo", "import") else (voice.button("change.button.change", f"change {draft}", edits=True),)
    )
    leave: Row = (*change, voice.button("change.button.drop", f"drop {draft}", edits=True))
    if warned.forbidden:
        return (*fitted(warned.ways), leave)
    confirm: Row = (voice.button("change.button.confirm", f"confirm {draft}", edits=True),)
    if effect.people and not effect.unheard and effect.due > now + timedelta(seconds=1):
        confirm += (voice.button("change.button.tell_now", f"confirm {draft} now", edits=True),)
    return (confirm, *fitted(warned.ways), leave)


def _told(voice: Voice, made: Made) -> Line:
    if not made.people or made.due is None:
        return voice.say("change.told_nobody")
    if made.due <= made.at:
        return voice.say("change.told_now", count=made.people)
    return voice.say("change.told_at", count=made.people, time=voice.clock(made.due))
