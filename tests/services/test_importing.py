"""Programmes come again and again, and what users hang on to keeps its id."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from strategies import programmes as any_programme

from bot.config import Settings
from bot.domain.finding import Finding
from bot.domain.merging import Question
from bot.domain.model import Text
from bot.domain.problem import Problem
from bot.domain.programme import Conference, Person, Programme, Room, Slot, Talk
from bot.formats import booklet as booklets
from bot.formats import document
from bot.services import importing
from bot.services.importing import Imported
from bot.store import programmes
from bot.store.database import Database

NOW = datetime(2025, 8, 9, 5, 20, tzinfo=UTC)
HISTORY = Conference(key="HIST2025", name=Text(en="History"))


async def opened(folder: Path, name: str = "yicheng") -> Database:
    return await Database.open(folder / f"{name}.sqlite3", Settings.migrations, now=NOW)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with await opened(tmp_path) as db:
        yield db


async def tables(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """All that the database says of the programme, and its revision."""
    names = "conference", "rooms", "people", "institutions", "slots", "slot_people", "talks", "talk_speakers"
    async with db.snapshot() as conn:
        return {
            name: sorted(tuple(row) for row in await conn.execute_fetchall(f"SELECT * FROM {name}"))  # noqa: S608 - above
            for name in (*names, "revision")
        }


async def programme_of(db: Database) -> Programme:
    async with db.snapshot() as conn:
        found = await programmes.load(conn)
    assert found is not None
    return found


async def exported(db: Database) -> Programme:
    """What `export` writes, read again."""
    return document.read(document.write(await programme_of(db))).programme


async def take(db: Database, new: Programme, answer: Callable[[Question], bool] = lambda _: False) -> Imported:
    """A file imported the way staff do it."""
    return await importing.take(db, new, texts_only=False, facts=True, now=NOW, answer=answer)


async def ids_by_speaker(db: Database) -> dict[str, int]:
    return {talk.speakers[0]: talk.id for talk in (await programme_of(db)).talks}


def talk(code: str, title: str, speaker: str = "", abstract: str = "") -> Talk:
    return Talk(code=code, title=title, speakers=(speaker,) if speaker else (), abstract=abstract)


def session(code: str, *talks: Talk, hour: int = 0) -> Slot:
    start = NOW + timedelta(hours=hour)
    end = start + timedelta(hours=1)
    return Slot(kind="session", code=code, title=f"Topic {code}", start=start, end=end, room="North", talks=talks)


def history(*slots: Slot, conference: Conference = HISTORY) -> Programme:
    """A programme of these slots and whoever speaks in them."""
    speakers = dict.fromkeys(key for slot in slots for talk in slot.talks for key in talk.speakers)
    people = tuple(Person(key=key, name=key) for key in speakers)
    return Programme(conference=conference, rooms=(Room(name="North"),), people=people, slots=slots)


LIU = talk("A1-1", "割圆术", "刘徽", "割之弥细，所失弥少。")
ZU = talk("A1-2", "圆周率", "祖冲之")
NOETHER = talk("A2-1", "Rings", "Emmy Noether")
PLAN = history(session("A1", LIU, ZU), session("A2", NOETHER, hour=1))


def renumbered(*talks: Talk) -> Iterable[Talk]:
    """The same talks in another order, under the codes of their new places."""
    return (one.model_copy(update={"code": f"A1-{n}"}) for n, one in enumerate(talks, start=1))


async def test_what_was_exported_and_comes_again_changes_nothing_ids_included(db, tmp_path, csml2025):
    await importing.first(db, csml2025)
    before = await tables(db)
    out = await exported(db)

    again = await take(db, out)
    async with await opened(tmp_path, "fresh") as fresh:
        first = await importing.first(fresh, out)
        assert await tables(fresh) == before

    assert (again, await tables(db)) == (Imported(outcome="unchanged"), before)
    assert first == Imported(outcome="loaded", changed=True)


async def test_the_booklet_exported_and_imported_again_changes_nothing(db, tmp_path, booklet):
    read = booklets.read(booklet.read_text("utf-8")).programme
    await importing.first(db, read)
    before = await tables(db)
    out = await exported(db)

    assert await take(db, out) == Imported(outcome="unchanged")
    async with await opened(tmp_path, "fresh") as fresh:
        await importing.first(fresh, out)
        assert await tables(fresh) == before


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_programme())
def test_any_programme_exported_and_imported_again_changes_nothing(programme):
    async def round_trip() -> None:
        with TemporaryDirectory() as folder:
            async with await opened(Path(folder)) as db, await opened(Path(folder), "fresh") as fresh:
                await importing.first(db, programme)
                before = await tables(db)
                out = await exported(db)
                again = await take(db, out)
                await importing.first(fresh, out)
                assert (again.outcome, await tables(db), await tables(fresh)) == ("unchanged", before, before)

    asyncio.run(round_trip())


async def test_two_talks_that_trade_places_keep_their_ids_with_their_speakers(db):
    await importing.first(db, PLAN)
    before = await ids_by_speaker(db)

    imported = await take(db, history(session("A1", *renumbered(ZU, LIU)), session("A2", NOETHER, hour=1)))

    assert imported.model_copy(update={"edit": ()}) == Imported(outcome="changed", changed=True, edited=3)
    assert await ids_by_speaker(db) == before == {"刘徽": 1, "祖冲之": 2, "Emmy Noether": 3}
    assert [one.code for one in (await programme_of(db)).talks] == ["A1-1", "A1-2", "A2-1"]


async def test_two_talks_of_the_real_programme_trade_places_across_sessions(db, csml2025):
    await importing.first(db, csml2025)
    before = await ids_by_speaker(db)
    slots = {slot.code: slot for slot in csml2025.sessions}
    one, other = slots["A8"].talks[0], slots["A1"].talks[1]
    places = {
        one.code: other.model_copy(update={"code": one.code}),
        other.code: one.model_copy(update={"code": other.code}),
    }

    def traded(slot: Slot) -> Slot:
        return slot.model_copy(update={"talks": tuple(places.get(talk.code, talk) for talk in slot.talks)})

    await take(db, csml2025.model_copy(update={"slots": tuple(map(traded, csml2025.slots))}))

    assert await ids_by_speaker(db) == before


async def test_a_talk_that_moves_to_another_session_keeps_its_id(db):
    await importing.first(db, PLAN)
    moved = talk("A2-2", "圆周率", "祖冲之")

    await take(db, history(session("A1", LIU), session("A2", NOETHER, moved, hour=1)))

    slots = (await programme_of(db)).slots
    assert [[one.id for one in slot.talks] for slot in slots] == [[1], [3, 2]]


async def test_a_talk_with_a_new_title_and_code_keeps_its_id_with_its_speaker(db):
    await importing.first(db, PLAN)

    await take(db, history(session("A1", LIU, talk("A1-3", "球体积", "祖冲之")), session("A2", NOETHER, hour=1)))

    assert (await ids_by_speaker(db))["祖冲之"] == 2


async def test_what_a_file_lost_and_has_again_is_called_off_and_restored_with_its_id_and_its_abstract(db):
    await importing.first(db, PLAN)
    whole = await tables(db)

    gone = await take(db, history(session("A2", NOETHER, hour=1)), answer=lambda _: True)
    off = await programme_of(db)
    untold = session("A1", LIU.model_copy(update={"abstract": ""}), ZU)
    asked: list[tuple[str, str]] = []
    back = await take(db, history(untold, PLAN.slots[1]), answer=lambda one: not asked.append((one.name, one.why)))

    assert (gone.edited, [slot.cancelled for slot in off.slots], await ids_by_speaker(db)) == (
        1, [True, False], {"刘徽": 1, "祖冲之": 2, "Emmy Noether": 3},
    )  # fmt: skip
    assert (back.edited, asked) == (1, [("slot 1 cancelled", "restored")])
    again = await tables(db)
    assert again.pop("revision") == [(1, 3)]
    assert again == {name: rows for name, rows in whole.items() if name != "revision"}


async def test_what_a_file_no_longer_has_stays_as_it_is_until_somebody_says_otherwise(db):
    await importing.first(db, PLAN)
    before = await tables(db)

    imported = await take(db, history(session("A1", LIU, ZU)))

    assert imported == Imported(outcome="unchanged", kept=1)
    assert await tables(db) == before


async def test_two_candidates_are_a_finding_and_the_talk_is_new(db):
    twins = [talk("", "Lightning", "祖冲之"), talk("", "Lightning", "祖冲之")]
    await importing.first(db, history(session("A1", *twins), session("A2", NOETHER, hour=1)))

    imported = await take(
        db, history(session("A1", LIU), session("A2", NOETHER, hour=1), session("A3", twins[0], hour=2))
    )

    unclear = Finding(
        code="match-ambiguous", place=("slots", 2, "talks", 0), params={"kind": "talk", "subject": "Lightning"}
    )
    assert imported.model_copy(update={"edit": ()}) == Imported(
        outcome="changed", changed=True, kept=2, edited=4, findings=(unclear,)
    )
    assert [[one.id for one in slot.talks] for slot in (await programme_of(db)).slots] == [[1, 2, 4], [3], [5]]


async def test_the_same_file_twice_changes_nothing_even_where_nothing_tells_two_talks_apart(db):
    twins = history(session("A1", talk("", "Lightning", "祖冲之"), talk("", "Lightning", "祖冲之")))
    await importing.first(db, twins)
    before = await tables(db)

    assert await take(db, twins) == Imported(outcome="unchanged")
    assert await tables(db) == before


async def test_another_conference_is_refused_by_name_whatever_way_it_comes(db, csml2025):
    await importing.first(db, csml2025)
    before = await tables(db)
    ways: list[Callable[[], object]] = [
        lambda: importing.take(db, PLAN, texts_only=False, facts=True, now=NOW),
        lambda: importing.take(db, PLAN, texts_only=False, facts=False, now=NOW),
        lambda: importing.take(db, PLAN, texts_only=True, facts=False, now=NOW),
        lambda: importing.take(db, PLAN, texts_only=False, facts=True, now=NOW, dry_run=True),
    ]
    for way in ways:
        with pytest.raises(Problem) as caught:
            await way()
        assert (caught.value.key, caught.value.params) == (
            "import.other-conference",
            {"ours": "CSML2025", "theirs": "HIST2025"},
        )

    assert await tables(db) == before


async def test_texts_take_abstracts_and_biographies_and_leave_the_facts_alone(db, csml2025, booklet):
    theirs = booklets.read(booklet.read_text("utf-8")).programme
    await importing.first(db, csml2025)
    before = await programme_of(db)

    imported = await importing.take(db, theirs, texts_only=True, facts=False, now=NOW)
    after = await programme_of(db)
    again = await importing.take(db, theirs, texts_only=True, facts=False, now=NOW)

    assert imported.model_dump(exclude={"differences"}) == {
        "outcome": "texts",
        "changed": True,
        "edit": (),
        "findings": (),
        "kept": 0,
        "edited": 0,
        "people": 0,
        "taken": {"abstracts": 156, "biographies": 4, "cleared": 0, "unmatched": ()},
    }
    assert sum(bool(talk.abstract) for talk in after.talks) == 156
    assert sum(bool(person.biography) for person in after.people) == 4
    assert without_texts(after) == before
    assert (again.outcome, again.changed) == ("texts", False)


def without_texts(programme: Programme) -> Programme:
    def slot(one: Slot) -> Slot:
        return one.model_copy(update={"talks": tuple(talk.model_copy(update={"abstract": ""}) for talk in one.talks)})

    people = tuple(person.model_copy(update={"biography": ""}) for person in programme.people)
    return programme.model_copy(update={"people": people, "slots": tuple(map(slot, programme.slots))})


async def test_texts_survive_a_hand_edited_file_that_has_none(db, csml2025, booklet):
    theirs = booklets.read(booklet.read_text("utf-8")).programme
    await importing.first(db, csml2025)
    await importing.texts(db, theirs)
    before = await tables(db)

    assert await take(db, csml2025) == Imported(outcome="unchanged")
    assert await tables(db) == before


async def test_texts_need_a_programme_to_go_to(db):
    with pytest.raises(Problem) as caught:
        await importing.take(db, PLAN, texts_only=True, facts=True, now=NOW)
    assert (caught.value.key, (await tables(db))["talks"]) == ("import.no-programme", [])


async def test_a_booklet_is_only_compared_with_a_programme_that_is_there(db):
    await importing.first(db, PLAN)
    before = await tables(db)
    theirs = history(session("A1", LIU, talk("A1-2", "球体积", "祖冲之")), session("A2", NOETHER, hour=2))

    imported = await importing.take(db, theirs, texts_only=False, facts=False, now=NOW)

    assert (imported.outcome, imported.changed, await tables(db)) == ("compared", False, before)
    assert [(one.kind, one.subject, one.field, one.ours, one.theirs) for one in imported.differences] == [
        ("talk", "A1-2", "title", ("圆周率",), ("球体积",)),
        ("session", "A2", "time", ("2025-08-09 14:20", "2025-08-09 15:20"), ("2025-08-09 15:20", "2025-08-09 16:20")),
    ]


async def test_the_real_booklet_is_only_compared_with_the_real_programme(db, csml2025, booklet):
    await importing.first(db, csml2025)
    before = await tables(db)

    imported = await importing.take(
        db, booklets.read(booklet.read_text("utf-8")).programme, texts_only=False, facts=False, now=NOW
    )

    assert (imported.outcome, imported.changed, await tables(db)) == ("compared", False, before)
    assert {one.field for one in imported.differences} & {"missing", "added", "time", "room", "speakers"} == set()


async def test_a_booklet_is_loaded_where_there_is_nothing_yet(db):
    assert await importing.take(db, PLAN, texts_only=False, facts=False, now=NOW) == Imported(
        outcome="loaded", changed=True
    )


@pytest.mark.parametrize("texts_only", [False, True])
async def test_a_dry_run_says_what_would_happen_and_writes_nothing(db, texts_only):
    await importing.first(db, PLAN)
    before = await tables(db)
    new = history(session("A1", LIU, ZU.model_copy(update={"abstract": "密率。"})), session("A2", NOETHER, hour=2))

    imported = await importing.take(db, new, texts_only=texts_only, facts=True, now=NOW, dry_run=True)

    assert (imported.changed, await tables(db)) == (True, before)


async def test_people_get_a_latin_name_as_pinyin_reads_it_unless_the_file_gives_one(db):
    people = (Person(key="单墫", name="单墫"), Person(key="祖冲之", name="祖冲之", latin="Zu Ch'ung-chih"))
    await importing.first(db, PLAN.model_copy(update={"people": people, "slots": ()}))

    assert [person.latin for person in (await programme_of(db)).people] == ["Zun Shan", "Zu Ch'ung-chih"]
