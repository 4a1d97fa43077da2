"""Loading a programme: what a file says becomes the database's programme, by rows that keep their ids."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.compare import Difference, Taken, differences, take_texts
from bot.domain.edits import Edit, Plan
from bot.domain.finding import Finding
from bot.domain.matching import match
from bot.domain.merging import Question, between, merge
from bot.domain.model import Model
from bot.domain.problem import Problem
from bot.domain.programme import Person, Programme
from bot.domain.user import User
from bot.search.pinyin import latin
from bot.services import changes
from bot.services.changes import IMPORT
from bot.store import imports, programmes
from bot.store.database import Connection, Database

Outcome = Literal["loaded", "changed", "unchanged", "compared", "texts"]


class Imported(Model):
    """What an import did.

    findings     doubts of the match between the file and what was there (the file's own are its reading's).
    differences  where the file's facts differ, when it was only compared.
    taken        how many texts were taken, when only texts were.
    edit         what was set. kept: how many questions were answered for the programme that is there, edited: how many
                 things were set, and people: how many users are told.
    """

    outcome: Outcome
    changed: bool = False
    edit: Edit = ()
    kept: int = 0
    edited: int = 0
    people: int = 0
    findings: tuple[Finding, ...] = ()
    differences: tuple[Difference, ...] = ()
    taken: Taken | None = None


@dataclass(frozen=True)
class Proposal:
    """What a file would change in the programme that is there.

    plan       an edit without anything in it where the file says nothing new.
    questions  what it cannot decide; `taken` are the names of those answered for the file.
    findings   doubts of the match between the file and what was there.
    """

    id: int
    file: str
    plan: Plan
    questions: tuple[Question, ...]
    taken: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.plan.edit and not self.questions


class _Rehearsed(Exception):  # noqa: N818 - nothing went wrong
    """Takes back what a rehearsal wrote."""


async def take(  # noqa: PLR0913 - the file, and how it is to be read
    db: Database,
    new: Programme,
    *,
    texts_only: bool,
    facts: bool,
    now: datetime,
    file: str = "",
    answer: Callable[[Question], bool] = lambda _: False,
    dry_run: bool = False,
) -> Imported:
    """Import a programme in the way its file calls for, from a command line.

    facts   the file may change the facts of a programme that is there (`Reading.by_hand`); others are only compared.
    answer  whether the file's word is taken in a question; asked outside of any transaction.

    Raises Problem `import.clashes` with its findings where the file and what staff have changed do not fit.
    """
    if texts_only:
        return await texts(db, new, dry_run=dry_run)
    if (loaded := await first(db, new, dry_run=dry_run)) is not None:
        return loaded
    if not facts:
        return await compare(db, new)
    if not dry_run:
        proposal = await propose(db, file, new, by=None)
        return await _made(db, proposal, [one.name for one in proposal.questions if answer(one)], now=now)
    with suppress(_Rehearsed):
        async with db.transaction():
            proposal = await propose(db, file, new, by=None)
            outcome = await _made(db, proposal, [one.name for one in proposal.questions if answer(one)], now=now)
            raise _Rehearsed
    return outcome


async def _made(db: Database, proposal: Proposal, taken: Sequence[str], *, now: datetime) -> Imported:
    found = proposal.findings
    if proposal.is_empty:
        return Imported(outcome="unchanged", findings=found)
    async with db.transaction() as tx:
        for name in taken:
            proposal = await decide(db, proposal.id, take=name)
        kept = len(proposal.questions) - len(proposal.taken)
        if not proposal.plan.edit:
            await settle(db, proposal.id)
            return Imported(outcome="unchanged", kept=kept, findings=found)
        seen = await changes.see(tx, proposal.plan, now=now)
        if seen.forbidden:
            raise Problem("import.clashes", file=proposal.file, findings=list(seen.forbidden))
        change = await changes.make(tx, proposal.plan, by=None, now=now)
    edit = proposal.plan.edit
    things = len({(setting.thing, setting.id) for setting in edit})
    people = change.people if change else 0
    return Imported(outcome="changed", changed=True, edit=edit, kept=kept, edited=things, people=people, findings=found)


async def propose(db: Database, file: str, new: Programme, *, by: User | None) -> Proposal:
    """Keep a file and see what it would change; one that says nothing new counts as taken at once.

    Raises Problem `import.other-conference`, `import.no-programme`.
    """
    async with db.transaction() as tx:
        await _ours(tx, new)
        number = await imports.begin(tx, file, with_latin_names(new), by=by.id if by else None)
        proposal = await decide(db, number)
        if proposal.is_empty:
            kept, last = await imports.get(tx, number), await imports.last(tx)
            if kept is not None and kept.programme == last:
                await imports.forget(tx, number)
            else:
                await imports.take(tx, number)
    return proposal


async def decide(db: Database, import_id: int, *, take: str = "", keep: str = "") -> Proposal:
    """What a file would change as things are now, with one more question answered for the file, or for us.

    `take` may be "all". Raises Problem `change.gone` for a file that was taken or is forgotten.
    """
    async with db.transaction() as tx:
        kept = await imports.get(tx, import_id)
        ours = await programmes.load(tx)
        if kept is None or kept.state != "open":
            raise Problem("change.gone")
        if ours is None:
            raise Problem("import.no-programme")
        base = await imports.last(tx) or ours
        former = await programmes.load(tx, retired=True)
        matching = match(base, kept.programme, former=former)
        theirs = await programmes.numbered(tx, matching.programme)
        names = [one.name for one in merge(base, theirs, ours).questions]
        taken = names if take == "all" else [one for one in names if (one in kept.taken or one == take) and one != keep]
        await imports.decide(tx, import_id, theirs, taken)
        merged = merge(base, theirs, ours, taken)
    plan = Plan(kind=IMPORT, edit=between(ours, merged.programme), asked=str(import_id))
    return Proposal(import_id, kept.file, plan, merged.questions, tuple(taken), tuple(matching.findings))


async def settle(db: Database, import_id: int) -> None:
    """A file about which everything stays as it is counts as taken. Raises Problem `change.gone`."""
    async with db.transaction() as tx:
        kept = await imports.get(tx, import_id)
        if kept is None or kept.state != "open":
            raise Problem("change.gone")
        await imports.take(tx, import_id)


async def first(db: Database, new: Programme, *, dry_run: bool = False) -> Imported | None:
    """Load the first programme of a database, which is the last file then. None where there is one already."""
    async with db.transaction() as tx:
        if await programmes.load(tx) is not None:
            return None
        if not dry_run:
            loaded = await programmes.numbered(tx, with_latin_names(new))
            await programmes.write(tx, loaded)
            await imports.take(tx, await imports.begin(tx, "", loaded, by=None))
    return Imported(outcome="loaded", changed=True)


async def compare(db: Database, theirs: Programme) -> Imported:
    """Where the facts of a booklet differ from the programme in the database.

    Raises Problem as `propose` does.
    """
    async with db.snapshot() as conn:
        ours = await _ours(conn, theirs)
    return Imported(outcome="compared", differences=tuple(differences(ours, theirs)))


async def texts(db: Database, theirs: Programme, *, dry_run: bool = False) -> Imported:
    """Take abstracts and biographies only, and leave the facts alone.

    Raises Problem `import.no-programme` on an empty database, `import.other-conference` on another's.
    """
    async with db.transaction() as tx:
        ours = await _ours(tx, theirs)
        merged, taken = take_texts(ours, theirs)
        changed = merged != ours
        if changed and not dry_run:
            await programmes.write(tx, merged)
    return Imported(outcome="texts", changed=changed, taken=taken)


def with_latin_names(programme: Programme) -> Programme:
    """The same programme with a Latin name for everyone whose file gives none, as pinyin reads it."""

    def named(person: Person) -> Person:
        return person if person.latin else person.model_copy(update={"latin": latin(person.name)})

    return programme.model_copy(update={"people": tuple(named(person) for person in programme.people)})


async def _ours(conn: Connection, theirs: Programme) -> Programme:
    """The programme that is there, of the same conference as a file's."""
    ours = await programmes.load(conn)
    if ours is None:
        raise Problem("import.no-programme")
    if ours.conference.key != theirs.conference.key:
        raise Problem("import.other-conference", ours=ours.conference.key, theirs=theirs.conference.key)
    return ours
