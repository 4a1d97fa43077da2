"""The parts of a booklet, put together as a programme."""

from dataclasses import dataclass

from bot.domain.finding import Finding
from bot.domain.model import Text, has_hanzi
from bot.domain.programme import Committee, Conference, Institution, Member, Person, Programme, Slot, Talk
from bot.formats.booklet.committees import Listed, Organisation
from bot.formats.booklet.front import Front
from bot.formats.booklet.matching import Matched
from bot.formats.booklet.names import Named
from bot.formats.booklet.people import People
from bot.formats.booklet.plan import Item
from bot.formats.booklet.rooms import Rooms
from bot.formats.booklet.text import bracketed, fold

# Booklets of this kind are printed in China, which has one time.
TIMEZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Parts:
    """What was read; `abstracts` are those that may be shown, by the code of the talk."""

    front: Front
    items: list[Item]
    talks: list[Matched]
    abstracts: dict[str, str]
    organisation: Organisation
    people: People
    rooms: Rooms


def people(items: list[Item], talks: list[Matched], organisation: Organisation, findings: list[Finding]) -> People:
    """Everybody, the talks first: what stands beside a talk says who somebody is."""
    found = People(findings)
    found.add_speakers(named for talk in talks for named in _speakers(talk))
    found.add_others(named for item in items for named in item.panel)
    found.add_others(
        Named(name, bracketed(talk.talk.affiliation), talk.item.row.line)
        for talk in talks
        for name in talk.talk.speakers
    )
    for listed in (*organisation.committees, *organisation.panels, *organisation.invited):
        found.add_others(member.who for member in listed.members)
    found.add_others(_chair(name, item) for item in items for name in item.chairs)
    return found


def _speakers(talk: Matched) -> list[Named]:
    """A talk's speakers by the plan's names, with the affiliation that stands with the abstract, else in the plan."""
    affiliation, line = bracketed(talk.talk.affiliation), talk.item.row.line
    if talk.entry and talk.entry.affiliation:
        affiliation, line = talk.entry.affiliation, talk.entry.line
    return [Named(name, affiliation, line) for name in talk.talk.speakers]


def _chair(name: str, item: Item) -> Named:
    return Named(name, "", item.row.line)


def programme(parts: Parts) -> Programme:
    """The programme, slots in the order of the plan, people in the order in which it names them, committees after."""
    slots = tuple(_slot(item, parts) for item in parts.items)
    committees = tuple(
        Committee(name=Text(zh=one.heading), members=tuple(_member(member, parts.people) for member in one.members))
        for one in parts.organisation.committees
    )
    persons = _persons(parts, slots)
    front, organisation = parts.front, parts.organisation
    named = [person.affiliation for person in persons] + organisation.organisers + organisation.co_organisers
    return Programme(
        conference=Conference(
            key=front.key,
            name=Text(zh=front.name) if has_hanzi(front.name) else Text(en=front.name),
            timezone=TIMEZONE,
            venue=Text(zh=front.venue),
            address=Text(zh=front.address),
            website=front.website,
            check_in=front.check_in,
            contacts=front.contacts,
            organisers=tuple(organisation.organisers),
            co_organisers=tuple(organisation.co_organisers),
            committees=committees,
        ),
        rooms=parts.rooms.all(),
        people=persons,
        institutions=_institutions(named),
        slots=slots,
    )


def _slot(item: Item, parts: Parts) -> Slot:
    talks = [talk for talk in parts.talks if talk.item is item]
    speakers = [[parts.people.key(named) for named in _speakers(talk)] for talk in talks]
    among = [key for keys in speakers for key in keys]
    return Slot(
        kind=item.kind,
        code=item.code,
        title=item.title,
        track=Text(zh=item.track),
        start=item.row.start,
        end=item.row.end,
        room=item.room,
        chairs=tuple(parts.people.key(_chair(name, item), among) for name in item.chairs),
        panel=tuple(parts.people.key(named) for named in item.panel),
        note=Text(zh=item.note),
        talks=tuple(
            Talk(
                code=talk.code,
                title=talk.talk.title,
                speakers=tuple(keys),
                abstract=parts.abstracts.get(talk.code, ""),
            )
            for talk, keys in zip(talks, speakers, strict=True)
        ),
    )


def _member(listed: Listed, people: People) -> Member:
    return Member(person=people.key(listed.who), note=listed.note)


def _persons(parts: Parts, slots: tuple[Slot, ...]) -> tuple[Person, ...]:
    biographies = {
        parts.people.key(named): talk.entry.biography
        for talk in parts.talks
        for named in _speakers(talk)[:1]
        if talk.entry and talk.entry.biography
    }
    keys = [key for slot in slots for key in (*slot.chairs, *slot.panel, *_speaking(slot))]
    keys += [parts.people.key(one.who) for listed in parts.organisation.committees for one in listed.members]
    return tuple(parts.people.person(key, biographies.get(key, "")) for key in dict.fromkeys(keys))


def _speaking(slot: Slot) -> list[str]:
    return [key for talk in slot.talks for key in talk.speakers]


def _institutions(names: list[str]) -> tuple[Institution, ...]:
    """Each institution once, by its first spelling; a Latin name is its own English one."""
    first: dict[str, str] = {}
    for name in names:
        if name:
            first.setdefault(fold(name), name)
    return tuple(Institution(name=name, english="" if has_hanzi(name) else name) for name in first.values())
