"""Who works on the conference: invitations, and who is what."""

from datetime import datetime

from bot.domain.programme import Slot
from bot.domain.team import Role
from bot.domain.timetable import Event
from bot.replies.reply import Block, Button, Line, Reply, Row, Share, Span
from bot.replies.voice import Voice

Thing = Slot | Event


def invite(voice: Voice) -> Reply:
    """Asks for the role."""
    buttons = tuple(
        voice.button(f"invitation.button.{role}", f"invite {role}", edits=True)
        for role in ("staff", "chair", "speaker")
    )
    return Reply(
        (voice.block("invitation.ask"),), (buttons, (voice.button("change.button.cancel", "cancel", edits=True),))
    )


def invited(voice: Voice, number: int, payload: str, role: Role, thing: Thing | None, expires: datetime) -> Reply:
    """The link, to be passed on: the only time that it is shown."""
    head = voice.say("invitation.made", role=named(voice, role, thing))
    until = voice.say("invitation.until", day=voice.day_of(expires), time=voice.clock(expires))
    link: Line = (Span(f"/start {payload}", start=payload),)
    send = Button(voice.word("invitation.button.send"), "invite", share=Share("", payload))
    again = voice.button("invitation.button.revoke", f"revoke {number}", edits=True)
    return Reply((Block((head, until)), Block((link,))), ((send,), (again,)))


def revoked(voice: Voice) -> Reply:
    return Reply((voice.block("invitation.is_revoked"),))


def welcome(voice: Voice, role: Role, thing: Thing | None) -> Reply:
    """Who somebody is now, and what they can do."""
    head = voice.say("team.you_are", role=named(voice, role, thing))
    return Reply((Block((head, voice.say(f"team.can_{role}"))),), (_views(voice, thing),))


def named(voice: Voice, role: Role, thing: Thing | None) -> str:
    """A role in a few words: chair of A3 Optimization for AI. What has left the programme is not named."""
    if thing is None:
        return voice.word(f"team.{role}")
    what = f"{thing.talk.code} {voice.title(thing.talk)}" if isinstance(thing, Event) else voice.session(thing)
    return voice.word(f"team.{role}_of", what=what.strip())


def _views(voice: Voice, thing: Thing | None) -> Row:
    if isinstance(thing, Event):
        return (Button(thing.talk.code or voice.word("button.details"), f"talk #{thing.talk.id}"),)
    if thing is not None:
        return (Button(thing.code or voice.word("button.details"), f"session #{thing.id}"),)
    return (voice.button("button.help", "help"),)
