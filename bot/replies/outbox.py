"""The outbox in words, for staff and for whoever runs the bot."""

from collections.abc import Mapping
from datetime import datetime
from math import floor

from bot.domain import stars
from bot.domain.overview import Overview, Stuck
from bot.replies.reply import Block, Line, Reply, plain, rows
from bot.replies.voice import Voice
from bot.replies.words import catalogue

STATES = ("waiting", "sending", "doubtful", "failed", "sent", "dropped", "expired")
SHOWN = 9
"""Stuck notices that are listed: as many buttons as a phone shows without scrolling for long."""


def overview(voice: Voice, seen: Overview, now: datetime) -> Reply:
    """How many notices of each kind are in each state, what is stuck and why, with buttons to send that again."""
    head = [voice.say("outbox.title", day=voice.day_of(now), time=voice.clock(now))]
    head += [
        voice.say("outbox.kind", kind=_kind(voice, kind), states=_states(voice, seen.counts[kind]))
        for kind in sorted(seen.counts)
    ]
    if not seen.counts:
        head.append(voice.say("outbox.empty"))
    if seen.oldest is not None:
        minutes = floor((now - seen.oldest).total_seconds() / 60)
        head.append(voice.say("outbox.oldest", minutes=max(minutes, 0), time=voice.clock(seen.oldest)))
    blocks = [Block(tuple(head))]
    shown = seen.stuck[:SHOWN]
    if shown:
        lines = [voice.say("outbox.stuck"), *(_line(voice, one) for one in shown)]
        if len(seen.stuck) > len(shown):
            lines.append(voice.say("outbox.more", count=len(seen.stuck) - len(shown)))
        blocks.append(Block(tuple(lines)))
    elif seen.counts:
        blocks.append(voice.block("outbox.fine"))
    if seen.blocked:
        blocks.append(voice.block("outbox.blocked", count=seen.blocked))
    again = [voice.button("button.resend", f"resend {one.id}", edits=True, id=one.id) for one in shown]
    turn = [voice.button("button.refresh", "outbox", edits=True)]
    if len(seen.stuck) > 1:
        turn.append(voice.button("button.resend_all", "resend all", edits=True, count=len(seen.stuck)))
    return Reply(tuple(blocks), (*rows(again, 3), tuple(turn)), ask="outbox")


def resent(voice: Voice, count: int) -> Reply:
    """Notices go again; or there was nothing to be sent again."""
    line = voice.say("outbox.resent", count=count) if count else voice.say("outbox.not_resent")
    return Reply((Block((line,)),), toast=plain(line), then="outbox")


def _line(voice: Voice, one: Stuck) -> Line:
    what = " ".join(part for part in (_kind(voice, one.kind), _about(voice, one)) if part)
    state = voice.word(f"outbox.{one.state}")
    return voice.say("outbox.row", id=one.id, what=what, user=one.user_id, state=state, reason=one.reason or "—")


def _about(voice: Voice, one: Stuck) -> str:
    """The code or title of what a notice is about; "" where that has left the programme or there is no such thing."""
    found = stars.find(voice.timetable, one.subject, one.subject_id) if one.subject and one.subject_id else None
    if found is None:
        return ""
    return found.event.talk.code if found.event else voice.called(found.slot)


def _kind(voice: Voice, kind: str) -> str:
    return catalogue(voice.lang).get(f"outbox.kind_{kind}", kind)


def _states(voice: Voice, counts: Mapping[str, int]) -> str:
    return " · ".join(
        voice.word("outbox.state", state=voice.word(f"outbox.{state}"), count=counts[state])
        for state in STATES
        if state in counts
    )
