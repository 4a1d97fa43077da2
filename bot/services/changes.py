"""Edits of the published programme: previewed, made, taken back; each with its notices in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import edits
from bot.domain.checks import check
from bot.domain.edits import Plan
from bot.domain.finding import Finding
from bot.domain.problem import Problem
from bot.domain.programme import Programme, Slot
from bot.domain.timetable import Timetable
from bot.domain.told import Difference
from bot.domain.user import User
from bot.services import acquaintance, claims, concerned
from bot.services.concerned import QUIET, Concerned
from bot.store import changes, imports, programmes, stars
from bot.store.changes import Change, Draft
from bot.store.database import Connection, Database

IMPORT = "import"
"""The kind of a plan that takes a programme file; its `asked` is the number of the import."""

TOLERATED = frozenset(("person-in-two-places",))
"""What a change may make wrong with a warning: people sort it out among themselves, two sessions in a room do not."""


@dataclass(frozen=True)
class Crowded:
    """A slot whose room holds fewer than have starred it."""

    slot: Slot
    stars: int
    capacity: int


@dataclass(frozen=True)
class Preview:
    """What a plan would do, before anything happens.

    draft          its number; 0 where it was not kept.
    before, after  the programme as it is and as it would be.
    clashes        errors it would make that are not there now; `forbidden` are those with which it can't be made.
    concerned      the users who would be told, and differences: what somebody reads who starred all that it touches.
    due            from when they are told, if it is confirmed now and in quiet.
    unheard        it takes back what nobody was told yet.
    """

    draft: int
    plan: Plan
    before: Timetable
    after: Timetable
    clashes: tuple[Finding, ...]
    crowded: tuple[Crowded, ...]
    concerned: tuple[Concerned, ...]
    differences: tuple[Difference, ...]
    due: datetime
    unheard: bool = False

    @property
    def forbidden(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.clashes if one.code not in TOLERATED)


async def preview(db: Database, plan: Plan, *, by: User, now: datetime) -> Preview:
    """Keep a plan as a draft of a user, and see what it would do.

    Raises Problem `change.stale` where the programme is not as the edit found it, `change.nothing` for an edit that
    changes nothing.
    """
    if not plan.edit:
        raise Problem("change.nothing")
    async with db.transaction() as tx:
        seen = await see(tx, plan, now=now)
        return replace(seen, draft=await changes.draft(tx, plan, by=by.id, now=now))


async def again(db: Database, draft_id: int, *, by: User, now: datetime) -> Preview:
    """A draft as it would turn out now. Raises Problem as `confirm` does, `change.gone` for one that is closed."""
    async with db.snapshot() as conn:
        draft = await _own_draft(conn, draft_id, by)
        if draft.state != "open":
            raise Problem("change.gone")
        return replace(await see(conn, draft.plan, now=now), draft=draft_id)


async def current(db: Database) -> Timetable:
    """The programme as it is by now, within the transaction at hand if there is one."""
    async with db.snapshot() as conn:
        return Timetable(await _programme(conn))


async def asked(db: Database, draft_id: int, *, by: User) -> Plan:
    """The plan of a draft, whatever became of it. Raises Problem `change.gone`."""
    async with db.snapshot() as conn:
        return (await _own_draft(conn, draft_id, by)).plan


async def confirm(db: Database, draft_id: int, *, by: User, now: datetime, quiet: timedelta = QUIET) -> Change:
    """Make the edit of a draft. What was confirmed before is not made again: the change that came of it is returned.

    Raises Problem `change.stale` when somebody else changed the same thing meanwhile, or has taken the room, and the
    draft stays open; `change.gone` for a draft that was dropped, is not there or not this user's.
    """
    async with db.transaction() as tx:
        draft = await _own_draft(tx, draft_id, by)
        done = await changes.get(tx, draft.change_id) if draft.change_id is not None else None
        if done is not None:
            return done
        if not await changes.close_draft(tx, draft_id, "done"):
            raise Problem("change.gone")
        if (await see(tx, draft.plan, now=now)).forbidden:
            raise Problem("change.stale")
        change = await make(tx, draft.plan, by=by, now=now, quiet=quiet)
        if change is None:
            raise Problem("change.nothing")
        await changes.came_of(tx, draft_id, change.id)
        return change


async def drop(db: Database, draft_id: int, *, by: User) -> bool:
    """Forget a draft. False when it was confirmed or dropped before."""
    async with db.transaction() as tx:
        await _own_draft(tx, draft_id, by)
        return await changes.close_draft(tx, draft_id, "dropped")


async def make(
    tx: Connection, plan: Plan, *, by: User | None, now: datetime, quiet: timedelta = QUIET
) -> Change | None:
    """Change the programme, record it and queue the notices. None for an edit that changes nothing.

    Raises Problem `change.stale` where the programme is not as the edit found it, `change.undone` for a change that
    was taken back before.
    """
    if not plan.edit:
        return None
    if plan.undoes is not None and await changes.is_undone(tx, plan.undoes):
        raise Problem("change.undone")
    old = await _programme(tx)
    new = await programmes.numbered(tx, edits.apply(old, plan.edit))
    before, after = Timetable(old), Timetable(new)
    await programmes.write(tx, new)
    whom = await concerned.find(tx, new, plan.edit)
    for talk_id, slot_id in concerned.departed(plan.edit):
        for user_id in await stars.by_slot(tx, talk_id, slot_id):
            await stars.set_star(tx, user_id, "talk", talk_id, starred=True, now=now)
    people = 0 if await _unheard(tx, plan, now=now) else len(whom)
    due = _due(before, after, whom, now=now, quiet=quiet) if people else None
    change = await changes.record(tx, plan, by=by.id if by else None, people=people, due=due, now=now)
    if plan.kind == IMPORT:
        await imports.take(tx, int(plan.asked))
    if by is not None:
        await acquaintance.remember(tx, by)
    await concerned.queue(tx, str(change.id), whom, before, after, now=now, quiet=quiet)
    await claims.follow(tx, after, now=now, due=now + quiet)
    return change


async def undoing(db: Database, change_id: int) -> Plan:
    """The plan that takes a change back, to be previewed. Raises Problem `change.gone`, `.undone`, `.stale`."""
    async with db.snapshot() as conn:
        change = await changes.get(conn, change_id)
        programme = await _programme(conn)
    if change is None:
        raise Problem("change.gone")
    if change.undone is not None:
        raise Problem("change.undone")
    return Plan(kind="undo", edit=edits.taken_back(programme, change.edit), undoes=change.id)


async def see(conn: Connection, plan: Plan, *, now: datetime) -> Preview:
    """What a plan would do, without keeping it. Raises Problem `change.stale`."""
    old = await _programme(conn)
    new = edits.apply(old, plan.edit)
    before, after = Timetable(old), Timetable(new)
    whom = await concerned.find(conn, new, plan.edit)
    known = {_fault(finding) for finding in check(old)}
    return Preview(
        draft=0,
        plan=plan,
        before=before,
        after=after,
        clashes=tuple(one for one in check(new) if one.level == "error" and _fault(one) not in known),
        crowded=tuple(await _crowded(conn, before, after)),
        concerned=tuple(whom),
        differences=tuple(concerned.would_read(before, after, plan.edit)),
        due=_due(before, after, whom, now=now, quiet=QUIET),
        unheard=await _unheard(conn, plan, now=now),
    )


async def _unheard(conn: Connection, plan: Plan, *, now: datetime) -> bool:
    """Whether a plan takes back what is still within its quiet time."""
    undone = await changes.get(conn, plan.undoes) if plan.undoes is not None else None
    return undone is not None and undone.due is not None and undone.due > now


async def _crowded(conn: Connection, before: Timetable, after: Timetable) -> list[Crowded]:
    found = []
    for slot in after.slots:
        room, was = after.room(slot.room), before.slot(slot.id)
        if room is None or room.capacity is None or (was is not None and was.room == slot.room):
            continue
        starred = len(set(await stars.of_slot(conn, slot.id, [talk.id for talk in slot.talks])))
        if starred > room.capacity:
            found.append(Crowded(slot, starred, room.capacity))
    return found


def _due(
    before: Timetable, after: Timetable, whom: Sequence[Concerned], *, now: datetime, quiet: timedelta
) -> datetime:
    """From when the first of them are told."""
    touched = {slot_id for one in whom for slot_id in one.slots}
    pairs = [(before.slot(slot_id), after.slot(slot_id)) for slot_id in touched]
    soon = any(was and slot and concerned.starts_soon(was, slot, now) for was, slot in pairs)
    return now if soon else now + quiet


async def _programme(tx: Connection) -> Programme:
    programme = await programmes.load(tx)
    if programme is None:
        raise Problem("import.no-programme")
    return programme


async def _own_draft(tx: Connection, draft_id: int, by: User) -> Draft:
    draft = await changes.get_draft(tx, draft_id)
    if draft is None or draft.user_id != by.id:
        raise Problem("change.gone")
    return draft


def _fault(finding: Finding) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A fault whatever its place in the list: an edit may shift positions."""
    return finding.code, tuple(sorted(finding.params.items()))
