"""A programme written is the programme loaded, whatever was there before."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from strategies import programmes as any_programme

from bot.config import Settings
from bot.domain.model import Text
from bot.domain.programme import Conference, Person, Programme, Room, Slot, Talk
from bot.store import programmes, times
from bot.store.database import Database

NOW = datetime(2025, 8, 9, 5, 20, tzinfo=UTC)
HISTORY = Conference(key="HIST2025", name=Text(en="History"))


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "yicheng.sqlite3", Settings.migrations, now=NOW) as db:
        yield db


async def stored(db: Database, programme: Programme) -> Programme:
    """The programme as it was numbered and written."""
    async with db.transaction() as tx:
        numbered = await programmes.numbered(tx, programme)
        await programmes.write(tx, numbered)
    return numbered


async def loaded(db: Database, *, retired: bool = False) -> Programme | None:
    async with db.snapshot() as conn:
        return await programmes.load(conn, retired=retired)


def session(code: str, *talks: Talk, room: str = "North", id: int = 0) -> Slot:  # noqa: A002 - the model's own word
    end = NOW + timedelta(hours=1)
    return Slot(id=id, kind="session", code=code, title=code, start=NOW, end=end, room=room, talks=talks)


async def test_an_empty_database_has_no_programme_and_revision_0(db):
    assert (await loaded(db), await programmes.revision(db.reader)) == (None, 0)


async def test_the_real_programme_comes_back_whole(db, csml2025):
    numbered = await stored(db, csml2025)

    assert await loaded(db) == numbered
    assert [talk.id for talk in numbered.talks] == list(range(1, 168))
    assert await programmes.revision(db.reader) == 1


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Database]]:
    """A database for many programmes, each written over all that came before."""
    with asyncio.Runner() as runner:
        path = tmp_path_factory.mktemp("used") / "yicheng.sqlite3"
        db = runner.run(Database.open(path, Settings.migrations, now=NOW))
        yield runner, db
        runner.run(db.close())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_programme())
def test_any_programme_comes_back_as_it_was_written_over_any_others(used, programme):
    runner, db = used
    assert runner.run(stored(db, programme)) == runner.run(loaded(db))


async def test_what_a_programme_no_longer_has_is_retired_and_its_id_is_never_used_again(db):
    old = Programme(
        conference=HISTORY,
        rooms=(Room(name="North"), Room(name="South")),
        people=(Person(key="刘徽", name="刘徽"), Person(key="祖冲之", name="祖冲之")),
        slots=(
            session("A1", Talk(code="A1-1", title="割圆术", speakers=("刘徽",))),
            session("A2", Talk(code="A2-1", title="圆周率", speakers=("祖冲之",)), room="South"),
        ),
    )
    first = await stored(db, old)
    new = first.model_copy(
        update={
            "rooms": (first.rooms[0], Room(name="West")),
            "people": (first.people[0], Person(key="Emmy Noether", name="Emmy Noether")),
            "slots": (
                first.slots[0],
                session("A2", Talk(code="A2-1", title="Rings", speakers=("Emmy Noether",)), room="West"),
            ),
        }
    )
    second = await stored(db, new)
    everything = await loaded(db, retired=True)

    assert await loaded(db) == second
    assert [room.id for room in second.rooms] == [1, 3]
    assert [(person.id, person.key) for person in second.people] == [(1, "刘徽"), (3, "Emmy Noether")]
    assert [(slot.id, slot.code) for slot in second.slots] == [(1, "A1"), (3, "A2")]
    assert [(talk.id, talk.title) for talk in second.talks] == [(1, "割圆术"), (3, "Rings")]
    assert [(talk.id, talk.title, talk.speakers) for talk in everything.talks] == [
        (1, "割圆术", ("刘徽",)),
        (3, "Rings", ("Emmy Noether",)),
        (2, "圆周率", ("祖冲之",)),
    ]
    assert [(slot.id, slot.room) for slot in everything.slots] == [(1, "North"), (3, "West"), (2, "South")]


async def test_two_rooms_and_two_people_may_trade_names(db):
    first = await stored(
        db,
        Programme(
            conference=HISTORY,
            rooms=(Room(name="North"), Room(name="South")),
            people=(Person(key="刘徽", name="刘徽"), Person(key="祖冲之", name="祖冲之")),
            slots=(session("A1", Talk(code="A1-1", title="割圆术", speakers=("刘徽",))),),
        ),
    )
    (north, south), (liu, zu) = first.rooms, first.people
    traded = first.model_copy(
        update={
            "rooms": (north.model_copy(update={"name": "South"}), south.model_copy(update={"name": "North"})),
            "people": (liu.model_copy(update={"key": "祖冲之"}), zu.model_copy(update={"key": "刘徽"})),
        }
    )

    await stored(db, traded)

    assert await loaded(db) == traded


async def test_a_programme_is_written_whole_or_not_at_all(db, csml2025):
    before = await stored(db, csml2025)
    lost = before.model_copy(update={"people": before.people[1:], "slots": before.slots[:-1]})

    with pytest.raises(KeyError):
        await stored(db, lost)

    assert (await loaded(db), await programmes.revision(db.reader)) == (before, 1)


async def test_one_conference_is_all_that_fits(db, csml2025):
    await stored(db, csml2025)

    async with db.transaction() as tx:
        with pytest.raises(sqlite3.IntegrityError):
            await tx.execute_fetchall("INSERT INTO conference (id, key, facts) VALUES (2, 'HIST2025', '{}')")


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2025, 8, 9, 13, 20, tzinfo=HISTORY.zone), "2025-08-09T05:20:00.000Z"),
        (datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), "2025-12-31T23:59:59.999Z"),
    ],
)
def test_moments_are_utc_text_of_one_width(moment, text):
    assert times.text(moment) == text
    assert times.moment(text) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        times.text(datetime(2025, 8, 9, 13, 20))  # noqa: DTZ001 - the point of it
