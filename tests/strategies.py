"""Random programmes that are valid: no check finds an error in them, and every text in them is legal.

`programmes()` is for any test that says "for every programme". Ids are 0, times are UTC and whole minutes.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.model import Text
from bot.domain.programme import (
    Committee,
    Conference,
    Contact,
    Institution,
    Member,
    Person,
    Programme,
    Room,
    Slot,
    Talk,
    Window,
)
from bot.domain.visible import visible

ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "UTC",
)

# Days on which clocks change somewhere in ZONES, and days on which they do not.
MORNINGS = (
    datetime(2025, 8, 9, tzinfo=UTC),
    datetime(2025, 3, 29, 22, tzinfo=UTC),
    datetime(2025, 10, 25, 21, tzinfo=UTC),
    datetime(2025, 11, 2, 3, tzinfo=UTC),
    datetime(2026, 4, 4, 13, tzinfo=UTC),
    datetime(2024, 2, 28, 18, tzinfo=UTC),
    datetime(2025, 12, 31, 20, tzinfo=UTC),
)

# What YAML, spreadsheets, templates and search have stumbled over before.
ODD_TEXTS = (
    "no",
    "~",
    "null",
    "1e3",
    "007",
    "8:20",
    "2025-08-09",
    "2025-08-09 08:20-08:40",
    ": #",
    "- a",
    "a: b",
    "# 1",
    "<<",
    "=",
    "@home",
    "%d",
    "{x}",
    "[1, 2]",
    "*star*",
    "&amp; <b>",
    "it's",
    '"quoted"',
    "back\\slash",
    "🦀 crab",
    "שלום",
    "مرحبا (x)",
    "龘𠮷",
    "é",
    "深度学习理论（I）：一",
    "a\u2028b",
    "a\u00a0b",
    "TBD",
    "0",
    "?",
    "!",
    "---",
    "...",
)


def words() -> st.SearchStrategy[str]:
    """One line of text, never empty, without blanks at its ends and without what nobody sees."""
    characters = st.characters(exclude_categories=("Cs", "Cc"))
    plain = st.text(characters, min_size=1, max_size=30).map(lambda text: visible(text).strip())
    return st.one_of(st.sampled_from(ODD_TEXTS), plain.filter(bool))


def maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), strategy)


def prose() -> st.SearchStrategy[str]:
    """Some paragraphs."""
    return st.lists(words(), min_size=1, max_size=4).map("\n".join)


def in_both_languages() -> st.SearchStrategy[Text]:
    return st.builds(Text, zh=maybe(words()), en=maybe(words()))


@st.composite
def people(draw: st.DrawFn) -> tuple[Person, ...]:
    """Two to twelve people; those who share a name have it with their affiliation as key."""
    names = draw(st.lists(st.tuples(words(), maybe(words())), min_size=2, max_size=12, unique=True))
    shared = {name for name, _ in names if [other for other, _ in names].count(name) > 1}
    found: dict[str, Person] = {}
    for name, affiliation in names:
        key = f"{name}（{affiliation}）" if name in shared else name
        fields = {"latin": draw(maybe(words())), "biography": draw(maybe(prose()))}
        found.setdefault(key, Person(key=key, name=name, affiliation=affiliation, **fields))
    return tuple(found.values())


@st.composite
def rooms(draw: st.DrawFn) -> tuple[Room, ...]:
    numbers = st.none() | st.integers(0, 999)
    fields = {
        "printed": maybe(words()),
        "english": maybe(words()),
        "number": numbers,
        "aliases": st.lists(words(), max_size=2).map(tuple),
        "capacity": numbers,
    }
    names = draw(st.lists(words(), min_size=1, max_size=4, unique=True))
    return tuple(Room(name=name, **{field: draw(values) for field, values in fields.items()}) for name in names)


@st.composite
def talks(draw: st.DrawFn, codes: list[str], speakers: list[str], start: datetime, end: datetime) -> tuple[Talk, ...]:
    """One talk a code, within its slot; speakers are taken off the list, so that nobody speaks twice at a time."""
    minutes = int((end - start).total_seconds() // 60)
    placed = []
    for code in codes:
        times: dict[str, Any] = {}
        if draw(st.booleans()):
            first = draw(st.integers(0, minutes - 1))
            times["start"] = start + timedelta(minutes=first)
            times["end"] = start + timedelta(minutes=draw(st.integers(first + 1, minutes)))
        count = min(len(speakers), draw(st.integers(0, 2)))
        placed.append(
            Talk(
                code=code,
                title=draw(words()),
                translation=draw(maybe(words())),
                speakers=tuple(speakers.pop() for _ in range(count)),
                summary=draw(in_both_languages()),
                abstract=draw(maybe(prose())),
                cancelled=draw(st.booleans()),
                **times,
            )
        )
    return tuple(placed)


@st.composite
def slots(draw: st.DrawFn, known: tuple[Person, ...], places: tuple[Room, ...], morning: datetime) -> tuple[Slot, ...]:
    """Blocks one after the other, each of up to three slots at a time in rooms and with people of their own."""
    plan: list[Slot] = []
    now = morning
    for _ in range(draw(st.integers(0, 5))):
        start = now + timedelta(minutes=draw(st.integers(0, 600)))
        end = start + timedelta(minutes=draw(st.one_of(st.integers(5, 300), st.integers(1400, 3000))))
        free_rooms = draw(st.permutations([room.name for room in places]))
        free_people = list(draw(st.permutations([person.key for person in known])))
        for _ in range(draw(st.integers(1, 3))):
            kind = draw(
                st.sampled_from(("session", "session", "opening", "invited", "panel", "break", "meal", "other"))
            )
            code = f"{'ABCDEFGHIJ'[len(plan) % 10]}{len(plan) + 1}" if kind == "session" else ""
            count = draw(st.integers(0, 4)) if kind == "session" else int(kind == "invited")
            codes = [f"{code or 'INV'}-{len(plan)}{at}" for at in range(count)]
            chairs = tuple(free_people.pop() for _ in range(min(len(free_people), draw(st.integers(0, 2)))))
            plan.append(
                Slot(
                    kind=kind,
                    code=code,
                    title=draw(words()),
                    translation=draw(maybe(words())),
                    track=draw(in_both_languages()),
                    start=start,
                    end=end,
                    room=free_rooms.pop() if free_rooms and draw(st.booleans()) else None,
                    chairs=chairs,
                    panel=(free_people.pop(),) if kind == "panel" and free_people else (),
                    note=draw(in_both_languages()),
                    cancelled=draw(st.booleans()),
                    talks=draw(talks(codes, free_people, start, end)),
                )
            )
        now = end
    return tuple(plan)


@st.composite
def conferences(draw: st.DrawFn, known: tuple[Person, ...], morning: datetime) -> Conference:
    one = st.sampled_from([person.key for person in known])
    members = st.lists(st.builds(Member, person=one, note=maybe(words())), max_size=3).map(tuple)
    committee = st.builds(Committee, name=in_both_languages().filter(bool), members=members)
    contact = st.builds(Contact, name=words(), email=maybe(words()), phone=maybe(words()), note=in_both_languages())
    opening = draw(st.lists(st.tuples(st.integers(-3000, 3000), st.integers(1, 1500)), max_size=2))
    return Conference(
        key=draw(words()),
        name=draw(in_both_languages().filter(bool)),
        timezone=draw(st.sampled_from(ZONES)),
        venue=draw(in_both_languages()),
        address=draw(in_both_languages()),
        website=draw(maybe(words())),
        check_in=tuple(
            Window(start=morning + timedelta(minutes=first), end=morning + timedelta(minutes=first + length))
            for first, length in opening
        ),
        contacts=tuple(draw(st.lists(contact, max_size=2))),
        organisers=tuple(draw(st.lists(words(), max_size=2))),
        co_organisers=tuple(draw(st.lists(words(), max_size=2))),
        committees=tuple(draw(st.lists(committee, max_size=2, unique_by=lambda one: one.name))),
    )


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """A whole programme: people (namesakes too), rooms, parallel sessions, items, talks with and without own times."""
    known, places = draw(people()), draw(rooms())
    morning = draw(st.sampled_from(MORNINGS)) + timedelta(minutes=draw(st.integers(0, 600)))
    names = draw(st.lists(words(), max_size=4, unique=True))
    return Programme(
        conference=draw(conferences(known, morning)),
        rooms=places,
        people=known,
        institutions=tuple(Institution(name=name, english=draw(maybe(words()))) for name in names),
        slots=draw(slots(known, places, morning)),
    )
