"""Claimed notices put into words: what is left to say, to whom, and what is true once they have read it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256

from bot.domain import calendar
from bot.domain import stars as domain
from bot.domain.stars import Stars
from bot.domain.timetable import Timetable
from bot.domain.told import seen
from bot.domain.user import User
from bot.replies import card, notices
from bot.replies.reply import Reply
from bot.replies.voice import Voice
from bot.services import claims, concerned, control, duties, reminders, team
from bot.services.announcing import Broadcasts
from bot.services.broadcasts import PLAIN, Terms
from bot.services.concerned import Reader
from bot.services.parcel import Card, Compose, Parcel
from bot.store import cards, chats, outbox, stars
from bot.store.database import Connection
from bot.store.outbox import Notice

Group = tuple[User, list[Notice]]
Words = dict[tuple[object, ...], Reply]
"""What was put into words for somebody else already: a crowd is reminded of the same talks in the same languages."""


def composer(  # noqa: C901 - one for each kind
    timetable: Callable[[], Timetable], now: Callable[[], datetime], terms: Terms = PLAIN
) -> Compose:
    """What `Delivery` puts notices into words with."""

    async def compose(tx: Connection, groups: Sequence[Group]) -> list[Parcel]:
        layout, moment = timetable(), now()
        marks = await stars.of_users(tx, [user.id for user, _ in groups])
        readers = await concerned.readers(tx, [user for user, group in groups if group[0].kind == "change"], marks)
        words: Words = {}
        said = Broadcasts(tx, layout, terms, moment)
        parcels: list[Parcel | None] = []
        for user, group in groups:
            match group[0].kind:
                case "reminder":
                    parcels.append(_reminder(layout, marks[user.id], user, group, moment, words))
                case "change":
                    parcels.append(_change(layout, readers[user.id], group, moment, words))
                case "edit":
                    parcels.append(await _edit(tx, layout, user, group[0], moment))
                case "card":
                    parcels.append(await _card(tx, Voice(user.lang, layout, marks[user.id]), user, group[0], moment))
                case "duty" | "team" | "claim" | "control" | "redraw" | "silent":
                    parcels.append(await _of_team(tx, layout, user, group, terms, moment))
                case "broadcast" | "mirror":
                    parcels.append(await said.message(user, group[0]))
                case "progress":
                    parcels.append(await said.progress(user, group[0]))
                case "approval":
                    parcels.append(await said.approval(user, group[0]))
        return [parcel for parcel in parcels if parcel is not None]

    return compose


async def _of_team(
    tx: Connection, timetable: Timetable, user: User, group: list[Notice], terms: Terms, now: datetime
) -> Parcel | None:
    """What those hear who work on the conference."""
    match group[0].kind:
        case "duty":
            return await duties.said(tx, timetable, user, group, now=now)
        case "claim":
            return await claims.said(tx, timetable, user, group[0])
        case "control":
            return await control.card(tx, timetable, user, group[0], now=now)
        case "redraw":
            return await control.redrawn(tx, timetable, user, group[0], owners=terms.owners)
        case "silent":
            return await control.silent(tx, timetable, user, group[0])
        case _:
            return await team.said(tx, timetable, user, group[0], now=now)


def _reminder(
    timetable: Timetable, stars: Stars, user: User, group: list[Notice], now: datetime, words: Words
) -> Parcel | None:
    subjects = reminders.worth_saying(timetable, stars, user, group, now)
    there_already = [one for one in subjects if reminders.follows_on(timetable, stars, one)]
    if not user.same_room:
        subjects = [one for one in subjects if one not in there_already]
    if not subjects:
        return None
    alike = (user.lang, *((one.kind, one.id) for one in subjects))
    if alike not in words:
        words[alike] = notices.reminder(Voice(user.lang, timetable), subjects, now)
    by_key = {reminders.key(user.id, one): one for one in subjects}
    rows = [notice for notice in group if notice.key in by_key]
    return Parcel(
        rows=tuple(notice.id for notice in rows),
        user=user,
        reply=words[alike],
        silent=len(there_already) == len(subjects),
        shown={notice.id: reminders.shown(timetable, by_key[notice.key]) for notice in rows},
        told=tuple(seen(timetable, one) for one in subjects),
        doubts=max(notice.doubts for notice in rows),
    )


def _change(timetable: Timetable, reader: Reader, group: list[Notice], now: datetime, words: Words) -> Parcel | None:
    """The net difference from what the user was last told; none, if it was all taken back."""
    user, found = reader.user, concerned.differences(timetable, reader, group)
    if not found:
        return None
    called_off = any(one.now.cancelled and not one.told.cancelled for one in found)
    # Whoever was told of a session was told of its talks.
    slots = {one.subject.slot.id for one in found}
    named = {(one.subject.kind, one.subject.id) for one in found}
    held = [
        one
        for one in domain.of_slots(timetable, slots)
        if one.kind == "slot" or reader.marks.has(one) or (one.kind, one.id) in named
    ]
    outdated = calendar.is_outdated(reader.calendar, timetable, reader.marks, now=now)
    starred = tuple(reader.marks.has(one.subject) for one in found)
    facts = tuple((one.subject.kind, one.subject.id, one.told, one.now, one.new) for one in found)
    alike = (user.lang, facts, starred, outdated)
    if alike not in words:
        words[alike] = notices.changed(Voice(user.lang, timetable, reader.marks), found, outdated=outdated)
    return Parcel(
        rows=tuple(notice.id for notice in group),
        user=user,
        reply=words[alike],
        silent=user.is_quiet(now, timetable.zone) and not called_off,
        told=tuple(seen(timetable, one) for one in held),
        doubts=max(notice.doubts for notice in group),
    )


async def _edit(tx: Connection, timetable: Timetable, user: User, notice: Notice, now: datetime) -> Parcel | None:
    """A reminder, or a duty, in the chat whose facts are no longer these.

    An edit makes no sound: of what a notice is still to come, it tells nobody anything.
    """
    if notice.message is None:
        return None
    held = await chats.in_message(tx, user.id, notice.message)
    found = {
        row.id: subject
        for row in held
        if row.subject is not None
        and row.subject_id is not None
        and (subject := domain.find(timetable, row.subject, row.subject_id)) is not None
    }
    current = {row: reminders.shown(timetable, subject) for row, subject in found.items()}
    if not found or all(current.get(row.id) == row.shown for row in held):
        return None
    subjects = sorted(found.values(), key=lambda one: one.start)
    unheard = {slot_id for _, slot_id in await outbox.pending(tx, "change", [user.id])}
    words = duties.words if held[0].kind == "duty" else notices.reminder
    return Parcel(
        rows=(notice.id,),
        user=user,
        reply=words(Voice(user.lang, timetable), subjects, now),
        edits=notice.message,
        shown=current,
        told=tuple(seen(timetable, one) for one in subjects if one.slot.id not in unheard),
        doubts=notice.doubts,
    )


async def _card(tx: Connection, voice: Voice, user: User, notice: Notice, now: datetime) -> Parcel | None:
    """The card of a user's day, sent for the first time or edited; none if it shows what is true.

    An edit makes no sound, so nobody counts as told of anything by it.
    """
    held = await cards.of(tx, user.id)
    if held is None:
        return None
    starred = voice.stars.of(domain.subjects(voice.timetable))
    reply = card.day(voice, starred, now)
    digest = sha256(repr((user.lang, reply)).encode()).hexdigest()
    await cards.drawn(tx, user.id, revision=voice.timetable.revision, now=now, stale=domain.next_turn(starred, now))
    if held.message is not None and held.digest == digest:
        return None
    return Parcel(
        rows=(notice.id,),
        user=user,
        reply=reply,
        silent=True,
        edits=held.message,
        doubts=notice.doubts,
        card=Card(digest, held.previous),
    )
