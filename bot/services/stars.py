"""Stars set and read. Setting the same twice changes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import stars as domain
from bot.domain.programme import Slot
from bot.domain.stars import Stars, Subject
from bot.domain.timetable import Event, Timetable
from bot.domain.told import seen
from bot.domain.user import User
from bot.services import concerned, reminders
from bot.services.concerned import Concerned
from bot.store import cards, outbox, programmes, stars, times, told
from bot.store.database import Connection, Database

SAID = "said when starred"
"""The reason of a reminder's row that is none: the confirmation told of it."""


@dataclass(frozen=True)
class Marked:
    """What a mark came to.

    soon      what starts within the user's lead, so that no reminder of it will come: the first of it.
    reminded  whether a reminder will come of anything that is marked by it.
    """

    starred: bool
    soon: Subject | None = None
    reminded: bool = False


async def of(db: Database, user: User | None) -> Stars:
    """The marks of a user; none for nobody."""
    return await stars.of(db.reader, user.id) if user is not None else Stars()


async def mark(
    db: Database, timetable: Timetable, user: User, thing: Event | Slot, *, starred: bool, now: datetime
) -> Marked:
    """Star a talk or a slot, or take the star away.

    A talk's own mark wins over its session's, so taking a talk out of a starred session leaves a row that says so.
    `timetable` is what the user sees it in. The programme may have been changed since it was laid out, and whoever had
    starred it then was told: this user is, too.
    """
    async with db.transaction() as tx:
        before = await stars.of(tx, user.id)
        if isinstance(thing, Event):
            await _mark_talk(tx, user, before, thing, starred=starred, now=now)
        else:
            await _mark_slot(tx, user, thing, starred=starred, now=now)
        after = await stars.of(tx, user.id)
        talks = [event for event in timetable.events if event.slot.id == thing.id] if isinstance(thing, Slot) else []
        touched = [domain.subject(timetable, one) for one in (thing, *talks)]
        held = after.of(touched)
        fresh = [one for one in held if not before.has(one)]
        await cards.touch(tx, user.id)
        await told.write(tx, [(user.id, seen(timetable, one)) for one in fresh])
        if fresh and user.reachable and await programmes.revision(tx) != timetable.revision:
            whom = [Concerned(user.id, frozenset(one.slot.id for one in fresh))]
            await concerned.queue(tx, f"starred {times.text(now)}", whom, timetable, timetable, now=now)
        # What begins within the lead is said with the confirmation: a row without a message keeps a reminder away.
        lead = timedelta(minutes=user.lead)
        ahead = [one for one in held if one.start > now and not one.cancelled and not (one.kind == "slot" and talks)]
        soon = [one for one in ahead if one.start - lead <= now and one in fresh]
        said = [reminders.row(user.id, one, state="dropped", reason=SAID) for one in soon]
        await outbox.reopen(tx, said, now=now, over=("waiting", "doubtful", *reminders.UNTOLD))
    return Marked(
        starred,
        soon=min(soon, key=lambda one: one.start, default=None),
        reminded=user.reminders and any(one.start - lead > now for one in ahead),
    )


async def _mark_talk(tx: Connection, user: User, before: Stars, event: Event, *, starred: bool, now: datetime) -> None:
    talk_id = event.talk.id
    by_slot = event.slot.id in before.slots
    if starred == by_slot:
        # The session says it already: an own mark to the contrary goes; one to the same effect stays.
        if before.talks.get(talk_id) is (not starred):
            await stars.clear(tx, user.id, "talk", [talk_id])
    else:
        await stars.set_star(tx, user.id, "talk", talk_id, starred=starred, now=now)


async def _mark_slot(tx: Connection, user: User, slot: Slot, *, starred: bool, now: datetime) -> None:
    if starred:
        await stars.set_star(tx, user.id, "slot", slot.id, starred=True, now=now)
        return
    await stars.clear(tx, user.id, "slot", [slot.id])
    # A talk that was taken out of the session's star is out of nothing now; one with a star of its own keeps it.
    await stars.clear(tx, user.id, "talk", [talk.id for talk in slot.talks], only_off=True)
