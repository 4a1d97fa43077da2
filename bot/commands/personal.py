"""What users set for themselves, and what is kept about them. All of it is for somebody known, in a private chat."""

import re
from dataclasses import replace

from bot.commands.ask import Ask
from bot.replies import personal as replies
from bot.replies.reply import Reply
from bot.services import personal, preferences
from bot.services.personal import Kept


async def settings(ask: Ask) -> Reply:
    """The settings; with an argument, one of them set: `lead 15`, `reminders 0`, `quiet 22-8`, `lang en`."""
    user, wanted = ask.somebody, " ".join(ask.args.casefold().split())
    chosen = await preferences.choose(ask.db, user, wanted) if wanted else None
    if chosen is None:
        return replies.settings(ask.voice, user)
    return replies.settings(replace(ask.voice, lang=chosen.lang), chosen, changed=wanted.split()[0])


async def privacy(ask: Ask) -> Reply:
    """What is kept, why, and for how long."""
    return replies.privacy(ask.voice)


async def mydata(ask: Ask) -> Reply:
    """Everything that is kept about whoever asks, as a file."""
    timetable = ask.edition.timetable
    content = await personal.everything(ask.db, timetable, ask.somebody, now=ask.now)
    return replies.everything(ask.voice, content, file_name(ask, "-mydata.json"))


async def forgetme(ask: Ask) -> Reply:
    """Everything about whoever asks deleted, once they say yes to that."""
    if ask.args == "yes":
        found = await personal.forget(ask.db, ask.somebody)
        return replies.forgotten(ask.voice, found.tables, _others(found), found.unnamed)
    if ask.args == "no":
        return replies.kept_on(ask.voice)
    found = await personal.kept(ask.db, ask.somebody)
    return replies.forget(ask.voice, found.tables, _others(found))


def _others(found: Kept) -> int:
    return found.but("users", *replies.COUNTED)


def file_name(ask: Ask, ending: str) -> str:
    """A file name that begins with the conference's key."""
    return re.sub(r"[^\w.-]+", "-", ask.edition.timetable.conference.key) + ending
