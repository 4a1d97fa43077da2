"""What a user is told of themselves: their settings, and what is kept about them."""

from collections.abc import Mapping

from bot.domain.model import LANGS
from bot.domain.user import LEADS, QUIET_HOURS, User
from bot.replies.reply import Block, Button, File, Line, Reply, Row, plain
from bot.replies.voice import Voice


def settings(voice: Voice, user: User, changed: str = "") -> Reply:
    """The settings, each with its choices as buttons. `changed` names the one that was just set."""
    lines = _lines(voice, user)
    quiet = [
        _choice(voice, f"quiet {start}-{end}", f"{start}–{end}", chosen=user.quiet_from == start * 60)
        for start, end in QUIET_HOURS
    ]
    buttons = (
        tuple(
            _choice(voice, f"lead {one}", voice.word("preferences.minutes", minutes=one), chosen=user.lead == one)
            for one in LEADS
        ),
        _switch(voice, "reminders", on=user.reminders),
        _switch(voice, "same_room", on=user.same_room),
        _switch(voice, "notices", on=user.notices),
        (_choice(voice, "quiet off", voice.word("preferences.never"), chosen=user.quiet_from is None), *quiet),
        tuple(_choice(voice, f"lang {one}", voice.word(f"lang.{one}"), chosen=user.lang == one) for one in LANGS),
        (voice.button("button.privacy", "privacy"),),
    )
    toast = plain(lines[changed]) if changed else ""
    return Reply((Block((voice.say("preferences.title"), *lines.values())),), buttons, ask="settings", toast=toast)


def _lines(voice: Voice, user: User) -> dict[str, Line]:
    """How each setting stands."""
    lines = {
        "lead": voice.say("preferences.lead", minutes=user.lead),
        "reminders": voice.say("preferences.reminders" if user.reminders else "preferences.no_reminders"),
        "same_room": voice.say("preferences.same_room" if user.same_room else "preferences.no_same_room"),
        "notices": voice.say("preferences.notices" if user.notices else "preferences.no_notices"),
        "quiet": voice.say("preferences.no_quiet"),
        "lang": voice.say("preferences.lang", lang=voice.word(f"lang.{user.lang}")),
    }
    if user.quiet_from is not None and user.quiet_to is not None:
        hours = {"start": _hour(user.quiet_from), "end": _hour(user.quiet_to)}
        lines["quiet"] = voice.say("preferences.quiet", zone=voice.zone(), **hours)
    return lines


def _switch(voice: Voice, name: str, *, on: bool) -> Row:
    return (
        _choice(voice, f"{name} 1", voice.word(f"preferences.{name}_on"), chosen=on),
        _choice(voice, f"{name} 0", voice.word(f"preferences.{name}_off"), chosen=not on),
    )


def _choice(voice: Voice, wanted: str, label: str, *, chosen: bool) -> Button:
    """Sets one value, whatever it is now: pressed twice it does the same."""
    return Button(voice.word("preferences.chosen", choice=label) if chosen else label, f"settings {wanted}", edits=True)


def _hour(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def privacy(voice: Voice) -> Reply:
    """What is kept, why, and for how long."""
    kept = [voice.say(f"privacy.{what}") for what in ("you", "names", "stars", "messages", "questions", "numbers")]
    turn: Row = (voice.button("button.mydata", "mydata"), voice.button("button.forgetme", "forgetme"))
    return Reply(
        (Block((voice.say("privacy.title"), *kept)), voice.block("privacy.nothing_else"), voice.block("privacy.end")),
        (turn,),
        ask="privacy",
    )


def everything(voice: Voice, content: bytes, name: str) -> Reply:
    """All that is kept about a user, as a file."""
    return Reply(
        (voice.block("mydata.here"),),
        ((voice.button("button.privacy", "privacy"), voice.button("button.forgetme", "forgetme")),),
        file=File(name, "application/json", content),
    )


COUNTED = ("stars", "outbox", "roles")
"""What is counted by its own name; everything else is other records."""


def forget(voice: Voice, counts: Mapping[str, int], others: int) -> Reply:
    """Asks before everything is deleted. `counts` by table, and how many other records there are."""
    turn: Row = (
        voice.button("forget.yes", "forgetme yes", edits=True),
        voice.button("forget.no", "forgetme no", edits=True),
    )
    line = voice.say("forget.ask", what=_what(voice, counts, others))
    return Reply((Block((line, voice.say("forget.final"))),), (turn,))


def forgotten(voice: Voice, counts: Mapping[str, int], others: int, unnamed: int) -> Reply:
    """Everything is deleted: what that was. `unnamed`: changes of the programme that stay without their author."""
    lines = [voice.say("forget.done", what=_what(voice, counts, others))]
    if unnamed:
        lines.append(voice.say("forget.unnamed", count=unnamed))
    if counts.get("outbox") or counts.get("cards"):
        lines.append(voice.say("forget.stale"))
    lines.append(voice.say("forget.again"))
    return Reply((Block(tuple(lines)),))


def kept_on(voice: Voice) -> Reply:
    """Nothing was deleted."""
    return Reply((voice.block("forget.kept"),), ((voice.button("button.privacy", "privacy"),),))


def _what(voice: Voice, counts: Mapping[str, int], others: int) -> str:
    parts = [voice.word("forget.settings")]
    parts += [voice.word(f"forget.{table}", count=counts[table]) for table in COUNTED if counts.get(table)]
    if others:
        parts.append(voice.word("forget.others", count=others))
    return voice.word("person.list_separator").join(parts)
