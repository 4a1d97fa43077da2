"""What everybody reads of a broadcast, and what staff read who write, confirm and follow it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from bot.domain.broadcast import Broadcast, Tally
from bot.domain.model import LANGS, Lang
from bot.domain.programme import Room
from bot.replies.paging import CAPTION, UNITS, length
from bot.replies.reply import Block, Button, Line, Reply, Row, rows, text
from bot.replies.voice import Voice

STATES = ("sent", "blocked", "failed", "doubtful", "expired", "dropped")
"""Ends of a message, in the order of the report; those of nobody are left out but for the first."""
MIRRORED = {
    "sent": "mirrored",
    "waiting": "mirroring",
    "sending": "mirroring",
    "doubtful": "mirror_in_doubt",
    "dropped": "mirror_stopped",
}
IN_MINUTES = (10, 30, 60)


@dataclass(frozen=True)
class Sight:
    """A broadcast as staff see it.

    people    how many it is for. seconds: how long what is left takes at Telegram's limits; 0 for no time.
    mirrored  it is also read in the group or channel of the settings. second: two members of staff must confirm it.
    """

    broadcast: Broadcast
    people: int
    seconds: int
    tally: Tally
    mirrored: bool
    second: bool


def message(voice: Voice, one: Broadcast) -> Reply:
    """What somebody of its audience reads, in their language."""
    return Reply((_said(voice, one.text.within(voice.lang)),), _opener(voice, one), attached=one.file)


def mirrored(voice: Voice, one: Broadcast) -> Reply:
    """What a group or channel reads: both languages, unless that is too long for one message."""
    texts = [(lang, getattr(one.text, lang)) for lang in LANGS if getattr(one.text, lang)] or [(voice.lang, "")]
    blocks = tuple(_said(Voice(lang, voice.timetable), said) for lang, said in texts)
    whole = length(blocks) <= (UNITS if one.file is None else CAPTION)
    return Reply(blocks if whole else blocks[:1], attached=one.file)


def preview(voice: Voice, seen: Sight, *, asked: bool = False, head: Line = ()) -> Reply:
    """Whom it is for, how long it takes, how it looks; and the ways on. `asked`: somebody else is to confirm it."""
    one = seen.broadcast
    title = voice.say("broadcast.title", whom=whom(voice, one))
    if asked:
        head = voice.say("broadcast.please")
    lines = [title, voice.say("broadcast.people", count=seen.people, time=_takes(voice, seen.seconds))]
    if not seen.people:
        lines[-1] = voice.say("broadcast.nobody")
    if one.due is not None:
        lines.append(voice.say("broadcast.at", when=_when(voice, one)))
    if one.file is not None:
        lines.append(voice.say(f"broadcast.{one.file.kind}"))
    if seen.mirrored:
        whole = len(mirrored(voice, one).blocks) == len([lang for lang in LANGS if getattr(one.text, lang)] or [""])
        lines.append(voice.say("broadcast.mirror" if whole else "broadcast.mirror_one"))
    if seen.second and not asked:
        lines.append(voice.say("broadcast.second"))
    blocks = [Block((head, *lines) if head else tuple(lines)), *_looks(voice, one)]
    return Reply(tuple(blocks), _ways(voice, seen, asked=asked), ask=f"draft {one.id}")


def progress(voice: Voice, seen: Sight) -> Reply:
    """How far a broadcast has got, and in the end what became of it."""
    one, tally = seen.broadcast, seen.tally
    lines = [voice.say("broadcast.title", whom=whom(voice, one))]
    again: list[Button] = []
    turn: list[Button] = []
    match one.state:
        case "open" | "dropped":
            lines.append(voice.say("broadcast.dropped"))
        case "asked":
            lines.append(voice.say("broadcast.waits"))
            turn.append(voice.button("broadcast.button.take_back", f"stop {one.id}", edits=True))
        case "scheduled":
            lines.append(voice.say("broadcast.scheduled", when=_when(voice, one), count=seen.people))
            turn.append(voice.button("broadcast.button.take_back", f"stop {one.id}", edits=True))
        case "sent" | "stopped":
            lines.append(_state(voice, seen))
            lines.append(_report(voice, tally))
            if tally.mirror is not None:
                lines.append(voice.say(f"broadcast.{MIRRORED.get(tally.mirror, 'unmirrored')}"))
            if tally.left and one.state == "sent":
                turn.append(voice.button("broadcast.button.stop", f"stop {one.id}", edits=True))
            if (doubtful := tally.counts.get("doubtful", 0)) and one.state == "sent":
                lines.append(voice.say("broadcast.in_doubt", count=doubtful))
            if (doubtful := doubtful + (tally.mirror == "doubtful")) and one.state == "sent":
                again.append(voice.button("broadcast.button.again", f"again {one.id}", edits=True, count=doubtful))
    if one.state not in ("open", "dropped"):
        turn.append(voice.button("button.refresh", f"progress {one.id}", edits=True))
    return Reply((Block(tuple(lines)),), tuple(row for row in (tuple(turn), tuple(again)) if row))


def settled(voice: Voice, one: Broadcast) -> Reply:
    """For whom was asked to confirm it, once somebody else has answered."""
    head = voice.say("broadcast.title", whom=whom(voice, one))
    if one.state == "dropped":
        return Reply((Block((head, voice.say("broadcast.dropped"))),))
    progress = voice.button("broadcast.button.progress", f"progress {one.id}", edits=True)
    return Reply((Block((head, voice.say("broadcast.settled"))),), ((progress,),))


def ask_whom(voice: Voice, one: Broadcast, latest: Sequence[Broadcast], *, owns_text: bool) -> Reply:
    """The first question; and what was sent lately or waits for its time."""
    where = f"audience {one.id}"
    choices = (
        (voice.button("broadcast.button.all", f"{where} all", edits=True),),
        (
            voice.button("broadcast.button.zh", f"{where} zh", edits=True),
            voice.button("broadcast.button.en", f"{where} en", edits=True),
        ),
        (
            voice.button("broadcast.button.starrers", f"{where} starrers", edits=True),
            voice.button("broadcast.button.room", f"{where} room", edits=True),
        ),
        (voice.button("broadcast.button.staff", f"{where} staff", edits=True),),
    )
    blocks = [voice.block("broadcast.whom_with" if owns_text else "broadcast.whom")]
    openers = []
    if latest:
        lines = [voice.say("broadcast.latest")]
        for other in latest:
            state = voice.word(f"broadcast.state_{other.state}")
            lines.append(voice.say("broadcast.row", number=other.id, whom=whom(voice, other), state=state))
            openers.append(Button(f"#{other.id}", f"progress {other.id}"))
        blocks.append(Block(tuple(lines)))
    return Reply(tuple(blocks), (*choices, *rows(openers, 4), (_leave(voice, one),)))


def ask_room(voice: Voice, one: Broadcast, rooms: Sequence[Room]) -> Reply:
    """Which room people are about to go to."""
    buttons = [Button(voice.brief_room(room), f"audience {one.id} #r{room.id}", edits=True) for room in rooms]
    return Reply((voice.block("broadcast.which_room"),), (*rows(buttons, 3), (_leave(voice, one),)))


def ask_words(voice: Voice, one: Broadcast, lang: Lang | None) -> Reply:
    """What to say: answered by the next message."""
    lines = [voice.say("broadcast.words" if lang is None else f"broadcast.words_{lang}")]
    if lang is None:
        lines.append(voice.say("broadcast.both"))
    lines.append(voice.say("change.step.typed"))
    return Reply((Block(tuple(lines)),), ((_leave(voice, one),),))


def ask_when(voice: Voice, one: Broadcast) -> Reply:
    """When to send it: pressed, or answered by the next message."""
    buttons = [
        voice.button("broadcast.button.in_minutes", f"later {one.id} +{count}", edits=True, count=count)
        for count in IN_MINUTES
    ]
    now = voice.button("broadcast.button.now", f"later {one.id} now", edits=True)
    lines = (voice.say("broadcast.when"), voice.say("change.step.typed"))
    return Reply((Block(lines),), (*rows(buttons, 3), (now, _leave(voice, one))))


def whom(voice: Voice, one: Broadcast) -> str:
    """Its audience in a few words."""
    timetable, number = voice.timetable, one.subject_id or 0
    match one.audience:
        case "slot":
            slot = timetable.slot(number)
            what = voice.called(slot) if slot is not None else "—"
        case "talk":
            event = timetable.event(number)
            what = voice.named(event) if event is not None else "—"
        case "room":
            room = timetable.room_by_id(number)
            what = voice.room(room) if room is not None else "—"
        case _:
            what = ""
    if what:
        return voice.word(f"broadcast.whom_{one.audience}", what=what)
    return voice.word(f"broadcast.to_{one.audience or 'nobody'}")


def _said(voice: Voice, words: str) -> Block:
    lines = [text(line) for line in words.split("\n")] if words else []
    return Block((voice.say("broadcast.head"), *lines))


def _opener(voice: Voice, one: Broadcast) -> tuple[Row, ...]:
    """What it is about, to be opened."""
    if one.audience == "slot":
        slot = voice.timetable.slot(one.subject_id or 0)
        return ((Button(voice.called(slot), f"session #{slot.id}"),),) if slot is not None else ()
    if one.audience == "talk":
        event = voice.timetable.event(one.subject_id or 0)
        return ((voice.button("button.open", f"talk #{event.talk.id}"),),) if event is not None else ()
    return ()


def _looks(voice: Voice, one: Broadcast) -> list[Block]:
    """What people will read, by the same hand as the message itself."""
    there = [lang for lang in LANGS if getattr(one.text, lang)]
    if len(there) < len(LANGS):
        said = message(voice, one).blocks
        return [Block((voice.say("broadcast.all_read"), *_lines(said)), quote=True)]
    found = []
    for lang in LANGS:
        theirs = Voice(lang, voice.timetable)
        head = voice.say(f"broadcast.read_{lang}")
        found.append(Block((head, *_lines(message(theirs, one).blocks)), quote=True))
    return found


def _lines(blocks: Sequence[Block]) -> list[Line]:
    return [line for block in blocks for line in block.lines]


def _ways(voice: Voice, seen: Sight, *, asked: bool) -> tuple[Row, ...]:
    one = seen.broadcast
    if asked:
        return (
            (voice.button("broadcast.button.confirm", f"send {one.id}", edits=True),),
            (voice.button("broadcast.button.decline", f"stop {one.id}", edits=True),),
        )
    key = "schedule" if one.due is not None else "send"
    first = [voice.button(f"broadcast.button.{key}", f"send {one.id}", edits=True)] if seen.people or one.due else []
    first.append(voice.button("broadcast.button.later", f"later {one.id}", edits=True))
    there = [lang for lang in LANGS if getattr(one.text, lang)]
    more: list[Button] = []
    if len(there) == 1:
        missing = LANGS[1 - LANGS.index(there[0])]
        more.append(voice.button(f"broadcast.button.add_{missing}", f"words {one.id} {missing}", edits=True))
    more.append(voice.button("broadcast.button.words", f"words {one.id}", edits=True))
    more.append(voice.button("broadcast.button.whom", f"audience {one.id}", edits=True))
    return (tuple(first), tuple(more), (_leave(voice, one),))


def _leave(voice: Voice, one: Broadcast) -> Button:
    return voice.button("change.button.drop", f"stop {one.id}", edits=True)


def _state(voice: Voice, seen: Sight) -> Line:
    if seen.broadcast.state == "stopped":
        return voice.say("broadcast.stopped")
    if seen.tally.left:
        return voice.say("broadcast.sending", left=seen.tally.left, time=_takes(voice, seen.seconds))
    return voice.say("broadcast.done" if seen.tally.total else "broadcast.nobody")


def _report(voice: Voice, tally: Tally) -> Line:
    counts = [(state, tally.counts.get(state, 0)) for state in STATES]
    parts = [voice.word(f"broadcast.count_{state}", count=count) for state, count in counts if count or state == "sent"]
    return text(" · ".join(parts))


def _takes(voice: Voice, seconds: int) -> str:
    if seconds < 60:
        return voice.word("broadcast.seconds", count=max(1, seconds))
    return voice.word("broadcast.minutes", count=ceil(seconds / 60))


def _when(voice: Voice, one: Broadcast) -> str:
    return f"{voice.day_of(one.due)} {voice.clock(one.due)}" if one.due is not None else ""
