"""Broadcasts and what staff see of them, put into words."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from math import ceil

from bot.domain.broadcast import MIRROR, Broadcast
from bot.domain.model import Lang
from bot.domain.timetable import Timetable
from bot.domain.user import User
from bot.replies import broadcasts as replies
from bot.replies.broadcasts import Sight
from bot.replies.reply import Reply
from bot.replies.voice import Voice
from bot.services import audiences
from bot.services.broadcasts import Terms
from bot.services.parcel import Parcel
from bot.store import broadcasts, chats
from bot.store.database import Connection, Database
from bot.store.outbox import Notice


async def see(db: Database, timetable: Timetable, broadcast: Broadcast, terms: Terms, *, now: datetime) -> Sight:
    """A broadcast as staff see it at this moment."""
    async with db.snapshot() as conn:
        return await sight(conn, timetable, broadcast, terms, now=now)


async def sight(conn: Connection, timetable: Timetable, broadcast: Broadcast, terms: Terms, *, now: datetime) -> Sight:
    """What staff want to know of a broadcast: how many it is for, how long that takes, how far it has got."""
    tally = await broadcasts.tally(conn, broadcast.id)
    begun = broadcast.state in ("sent", "stopped")
    people = (
        tally.total if begun else len(await audiences.find(conn, timetable, broadcast, owners=terms.owners, now=now))
    )
    left = tally.left if begun else people
    return Sight(
        broadcast=broadcast,
        people=people,
        seconds=ceil(left / terms.rate) if terms.rate else 0,
        tally=tally,
        mirrored=terms.mirrors(broadcast),
        second=terms.second and broadcast.audience == "all",
    )


@dataclass
class Broadcasts:
    """Puts the rows of one claim into words; what is the same for many of them is made once."""

    tx: Connection
    timetable: Timetable
    terms: Terms
    now: datetime
    _found: dict[int, Broadcast | None] = field(default_factory=dict)
    _said: dict[tuple[int, Lang | None], Reply] = field(default_factory=dict)

    async def message(self, user: User, notice: Notice) -> Parcel | None:
        """What everybody reads; none of one that was stopped."""
        found = await self._of(notice)
        if found is None or found.state != "sent":
            return None
        lang = None if user.channel == MIRROR else user.lang
        if (found.id, lang) not in self._said:
            voice = Voice(user.lang, self.timetable)
            self._said[found.id, lang] = (
                replies.mirrored(voice, found) if lang is None else replies.message(voice, found)
            )
        return Parcel(
            rows=(notice.id,),
            user=user,
            reply=self._said[found.id, lang],
            silent=user.is_quiet(self.now, self.timetable.zone),
            doubts=notice.doubts,
            broadcast=found.id,
        )

    async def progress(self, user: User, notice: Notice) -> Parcel | None:
        """How far it has got, for whoever confirmed it; none if their message says so already."""
        found = await self._of(notice)
        if found is None:
            return None
        reply = replies.progress(
            Voice(user.lang, self.timetable), await sight(self.tx, self.timetable, found, self.terms, now=self.now)
        )
        digest = sha256(repr(reply).encode()).hexdigest()
        if notice.message is not None and notice.shown == digest:
            return None
        return Parcel(
            rows=(notice.id,),
            user=user,
            reply=reply,
            edits=notice.message,
            shown={notice.id: digest},
            doubts=notice.doubts,
            broadcast=found.id,
            is_progress=True,
        )

    async def approval(self, user: User, notice: Notice) -> Parcel | None:
        """Asks another member of staff to confirm; once that is settled, says so where it was asked."""
        found = await self._of(notice)
        if found is None:
            return None
        voice = Voice(user.lang, self.timetable)
        if found.state == "asked":
            seen = await sight(self.tx, self.timetable, found, self.terms, now=self.now)
            message, reply = None, replies.preview(voice, seen, asked=True)
        else:
            message = notice.message or await chats.message(self.tx, "approval", found.id, user.id)
            reply = replies.settled(voice, found)
            if message is None:
                return None
        return Parcel(rows=(notice.id,), user=user, reply=reply, edits=message, doubts=notice.doubts)

    async def _of(self, notice: Notice) -> Broadcast | None:
        number = notice.subject_id or 0
        if number not in self._found:
            self._found[number] = await broadcasts.get(self.tx, number)
        return self._found[number]
