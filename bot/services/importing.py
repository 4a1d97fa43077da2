"""Loading a programme: what a file says becomes the database's programme, by rows that keep their ids."""

from typing import Literal

from bot.domain.compare import Difference, Taken, differences, take_texts
from bot.domain.finding import Finding
from bot.domain.matching import match
from bot.domain.model import Model
from bot.domain.problem import Problem
from bot.domain.programme import Person, Programme, Slot, Talk
from bot.search.pinyin import latin
from bot.store import programmes
from bot.store.database import Database

Outcome = Literal["loaded", "changed", "unchanged", "compared", "texts"]


class Imported(Model):
    """What an import did.

    findings     doubts of the match between the file and what was there (the file's own are its reading's).
    differences  where the file's facts differ, when it was only compared.
    taken        how many texts were taken, when only texts were.
    """

    outcome: Outcome
    changed: bool = False
    findings: tuple[Finding, ...] = ()
    differences: tuple[Difference, ...] = ()
    taken: Taken | None = None


async def take(db: Database, new: Programme, *, texts_only: bool, facts: bool, dry_run: bool = False) -> Imported:
    """Import a programme in the way its file calls for.

    facts  the file may change the facts of a programme that is there (`Reading.by_hand`); others are only compared.
    """
    if texts_only:
        return await texts(db, new, dry_run=dry_run)
    if not facts and (compared := await compare(db, new)) is not None:
        return compared
    return await replace(db, new, dry_run=dry_run)


async def replace(db: Database, new: Programme, *, dry_run: bool = False) -> Imported:
    """Make `new` the programme. What it no longer has is retired and keeps its id. The same file twice changes nothing.

    Raises Problem `import.other-conference` when the database holds another one.
    """
    async with db.transaction() as tx:
        old = await programmes.load(tx)
        _same_conference(old, new)
        former = await programmes.load(tx, retired=True)
        matching = match(old, with_latin_names(new), former=former)
        numbered = keeping(former, await programmes.numbered(tx, matching.programme))
        changed = numbered != old
        if changed and not dry_run:
            await programmes.write(tx, numbered)
    outcome: Outcome = "loaded" if old is None else "changed" if changed else "unchanged"
    return Imported(outcome=outcome, changed=changed, findings=tuple(matching.findings))


async def compare(db: Database, theirs: Programme) -> Imported | None:
    """Where the facts of a booklet differ from the programme in the database; None on an empty one."""
    async with db.snapshot() as conn:
        ours = await programmes.load(conn)
    if ours is None:
        return None
    _same_conference(ours, theirs)
    return Imported(outcome="compared", differences=tuple(differences(ours, theirs)))


async def texts(db: Database, theirs: Programme, *, dry_run: bool = False) -> Imported:
    """Take abstracts and biographies only, and leave the facts alone.

    Raises Problem `import.no-programme` on an empty database, `import.other-conference` on another's.
    """
    async with db.transaction() as tx:
        ours = await programmes.load(tx)
        if ours is None:
            raise Problem("import.no-programme")
        _same_conference(ours, theirs)
        merged, taken = take_texts(ours, theirs)
        changed = merged != ours
        if changed and not dry_run:
            await programmes.write(tx, merged)
    return Imported(outcome="texts", changed=changed, taken=taken)


def keeping(former: Programme | None, new: Programme) -> Programme:
    """The same programme with what a file does not take away: texts of the authors, and what was called off.

    A hand-edited file never has the texts: they came with `--texts` and are not lost by a change of the facts. And a
    file that still has a talk does not know that staff called it off.
    """
    if former is None:
        return new
    talks = {talk.id: talk for talk in former.talks}
    called_off = {slot.id for slot in former.slots if slot.cancelled}
    biographies = {person.id: person.biography for person in former.people}

    def talk(one: Talk) -> Talk:
        old = talks.get(one.id, one)
        update = {"abstract": one.abstract or old.abstract, "cancelled": one.cancelled or old.cancelled}
        return one.model_copy(update=update)

    def slot(one: Slot) -> Slot:
        update = {"cancelled": one.cancelled or one.id in called_off, "talks": tuple(map(talk, one.talks))}
        return one.model_copy(update=update)

    def person(one: Person) -> Person:
        return one if one.biography else one.model_copy(update={"biography": biographies.get(one.id, "")})

    return new.model_copy(update={"people": tuple(map(person, new.people)), "slots": tuple(map(slot, new.slots))})


def with_latin_names(programme: Programme) -> Programme:
    """The same programme with a Latin name for everyone whose file gives none, as pinyin reads it."""

    def named(person: Person) -> Person:
        return person if person.latin else person.model_copy(update={"latin": latin(person.name)})

    return programme.model_copy(update={"people": tuple(named(person) for person in programme.people)})


def _same_conference(old: Programme | None, new: Programme) -> None:
    if old is not None and old.conference.key != new.conference.key:
        raise Problem("import.other-conference", ours=old.conference.key, theirs=new.conference.key)
