"""A user's starred things as a calendar file, each file following from the last."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import calendar as domain
from bot.domain import stars as starred
from bot.domain.calendar import Entry
from bot.domain.user import User
from bot.replies import calendar as words
from bot.replies.reply import File
from bot.replies.voice import Voice
from bot.store import calendar, cards
from bot.store.database import Database


@dataclass(frozen=True)
class Given:
    """A calendar file, what stands in it, and whether its user has their day pinned as well."""

    file: File
    entries: Sequence[Entry]
    pinned: bool


async def give(db: Database, voice: Voice, user: User, *, name: str, now: datetime) -> Given | None:
    """The next file of a user under this name, written down as the one they got. None while there is nothing for it."""
    subjects = voice.stars.of(starred.subjects(voice.timetable))
    async with db.transaction() as tx:
        before = await calendar.of(tx, user.id)
        entries = domain.following(before, [words.entry(voice, one, now) for one in subjects], now=now)
        if not entries:
            return None
        await calendar.write(tx, user.id, entries)
        pinned = await cards.of(tx, user.id) is not None
    # The library takes a quarter of a second to load, once: nobody else should wait for that.
    content = await asyncio.to_thread(_written, voice, entries, timedelta(minutes=user.lead), now)
    return Given(File(name, "text/calendar", content), entries, pinned)


def _written(voice: Voice, entries: Sequence[Entry], lead: timedelta, now: datetime) -> bytes:
    from bot.formats import ical  # noqa: PLC0415 - as said where it is called

    return ical.write(voice.timetable.conference, words.name(voice), entries, lead=lead, stamp=now)
