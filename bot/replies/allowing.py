"""In which groups staff may work."""

from bot.replies.reply import Reply
from bot.replies.voice import Voice


def allowed(voice: Voice) -> Reply:
    off = voice.button("group.button.forbid", "allow off", edits=True)
    return Reply((voice.block("group.allowed"),), ((off, voice.button("button.staff", "staff")),))


def forbidden(voice: Voice) -> Reply:
    return Reply((voice.block("group.forbidden"),), ((voice.button("group.button.allow", "allow", edits=True),),))


def not_here(voice: Voice) -> Reply:
    """A member of staff tries the same, and can't allow it."""
    return Reply((voice.block("group.not_here"),))


def not_yet(voice: Voice) -> Reply:
    """An owner tries what staff do in a group where it is not allowed."""
    return Reply((voice.block("group.not_yet"),), ((voice.button("group.button.allow", "allow", edits=True),),))
