"""One writer, readers apart, and migrations that happen or do not."""

import asyncio
import sqlite3
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.problem import Problem
from bot.store import database
from bot.store.database import Database

NOW = datetime(2025, 8, 9, 5, 20, tzinfo=UTC)

Migrations = Callable[..., Path]


@pytest.fixture
def migrations(tmp_path: Path) -> Migrations:
    """A folder of migrations: each text given is the script of the next number."""

    def made(*scripts: str) -> Path:
        folder = tmp_path / "migrations"
        folder.mkdir(exist_ok=True)
        for number, script in enumerate(scripts, start=1):
            (folder / f"{number:04}_step.sql").write_text(script)
        return folder

    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notes.sqlite3"


@pytest.fixture
async def db(path: Path, migrations: Migrations) -> AsyncIterator[Database]:
    async with await Database.open(path, migrations("CREATE TABLE notes (text TEXT) STRICT;"), now=NOW) as db:
        yield db


def dump(path: Path) -> list[str]:
    """Schema and data, as SQL."""
    conn = sqlite3.connect(path)
    lines = list(conn.iterdump())
    conn.close()
    return lines


async def written(db: Database) -> list[str]:
    return [row["text"] for row in await db.reader.execute_fetchall("SELECT text FROM notes ORDER BY rowid")]


async def write(db: Database, text: str) -> None:
    async with db.transaction() as tx:
        await tx.execute_fetchall("INSERT INTO notes VALUES (?)", (text,))


async def problem_of_opening(path: Path, migrations: Path) -> tuple[str, dict[str, object]]:
    with pytest.raises(Problem) as caught:
        await Database.open(path, migrations, now=NOW)
    return caught.value.key, {name: value for name, value in caught.value.params.items() if name != "reason"}


async def test_migrations_run_once_in_order_and_leave_their_record(path, migrations):
    folder = migrations(
        "CREATE TABLE notes (text TEXT);", "INSERT INTO notes VALUES ('second'); -- a comment at the end"
    )
    for _ in range(2):
        async with await Database.open(path, folder, now=NOW) as db:
            records = await db.reader.execute_fetchall("SELECT number, name, at FROM migrations")
            assert [tuple(row) for row in records] == [
                (1, "0001_step", "2025-08-09T05:20:00.000Z"),
                (2, "0002_step", "2025-08-09T05:20:00.000Z"),
            ]
            assert await written(db) == ["second"]


async def test_a_database_newer_than_the_program_is_refused_and_left_alone(path, migrations):
    async with await Database.open(path, migrations("CREATE TABLE a (x);", "CREATE TABLE b (x);"), now=NOW):
        pass
    before = dump(path)
    (migrations() / "0002_step.sql").unlink()

    assert await problem_of_opening(path, migrations()) == (
        "database.newer",
        {"path": str(path), "found": 2, "known": 1},
    )
    assert dump(path) == before


@pytest.mark.parametrize(
    "broken",
    [
        "INSERT INTO notes VALUES ('lost'); ALTER TABLE notes ADD COLUMN more; INSERT INTO nowhere VALUES (1);",
        "DROP TABLE notes; SELECT no_such_function();",
        "UPDATE notes SET text = 'lost'; INSERT INTO migrations VALUES (1, 'twice', '');",
        "DELETE FROM notes; CREATE TABLE",
        "CREATE TABLE more (text TEXT); DELETE FROM migrations; this is no SQL;",
    ],
)
async def test_a_migration_that_fails_leaves_schema_and_data_as_they_were(path, migrations, broken):
    async with await Database.open(path, migrations("CREATE TABLE notes (text TEXT);"), now=NOW) as db:
        await write(db, "kept")
    before = dump(path)

    key, params = await problem_of_opening(path, migrations("", broken))

    assert (key, params) == ("database.migration-failed", {"path": str(path), "name": "0002_step"})
    assert dump(path) == before


async def test_a_migration_that_failed_is_tried_again_once_it_is_mended(path, migrations):
    await problem_of_opening(path, migrations("CREATE TABLE notes (text TEXT);", "INSERT INTO nowhere VALUES (1);"))

    async with await Database.open(path, migrations("", "INSERT INTO notes VALUES ('mended');"), now=NOW) as db:
        assert await written(db) == ["mended"]


async def test_two_that_open_a_new_database_at_once_both_get_it(path, migrations):
    folder = migrations(*(f"CREATE TABLE t{n} (x);" for n in range(8)))

    opened = await asyncio.gather(*(Database.open(path, folder, now=NOW) for _ in range(4)))

    for db in opened:
        assert len(list(await db.reader.execute_fetchall("SELECT * FROM migrations"))) == 8
        await db.close()


async def test_what_is_no_database_is_refused_and_left_alone(path, migrations):
    path.write_text("format: yicheng/1\n" * 100)

    assert await problem_of_opening(path, migrations()) == ("database.not-a-database", {"path": str(path)})
    assert path.read_text() == "format: yicheng/1\n" * 100


@pytest.mark.parametrize("place", [".", "nowhere/notes.sqlite3"])
async def test_a_place_where_there_can_be_no_database_is_a_problem(tmp_path, migrations, place):
    path = tmp_path / place
    assert await problem_of_opening(path, migrations()) == ("database.cannot-open", {"path": str(path)})


async def test_an_exception_takes_everything_back(db):
    async def fails() -> None:
        async with db.transaction():
            await write(db, "lost")
            raise LookupError

    with pytest.raises(LookupError):
        await fails()
    await write(db, "kept")

    assert await written(db) == ["kept"]


async def test_two_tasks_in_transactions_do_not_mix(db):
    turns = [asyncio.Event(), asyncio.Event()]

    async def fails():
        async with db.transaction() as tx:
            await tx.execute_fetchall("INSERT INTO notes VALUES ('lost')")
            turns[0].set()
            await turns[1].wait()
            raise LookupError

    async def succeeds():
        await turns[0].wait()
        writing = asyncio.create_task(write(db, "kept"))
        await asyncio.gather(*(db.reader.execute_fetchall("SELECT 1") for _ in range(20)))  # time to go wrong in
        assert (writing.done(), await written(db)) == (False, [])
        turns[1].set()
        await writing

    results = await asyncio.gather(fails(), succeeds(), return_exceptions=True)

    assert [type(result) for result in results] == [LookupError, type(None)]
    assert await written(db) == ["kept"]


async def test_a_task_joins_the_transaction_it_is_in_and_only_the_outermost_commits(db):
    seen = []

    async def fails() -> None:
        async with db.transaction() as tx:
            await write(db, "part")
            await tx.execute_fetchall("INSERT INTO notes VALUES ('rest')")
            seen.append(await written(db))
            async with db.snapshot() as conn:
                seen.append([row["text"] for row in await conn.execute_fetchall("SELECT text FROM notes")])
            raise LookupError

    with pytest.raises(LookupError):
        await fails()

    assert (seen, await written(db)) == ([["part", "rest"], ["part", "rest"]], [])


async def test_a_part_that_fails_is_undone_whatever_the_transaction_around_it_does(db):
    async def fails() -> None:
        async with db.transaction():
            await write(db, "lost")
            raise LookupError

    async with db.transaction() as tx:
        await write(db, "before")
        with pytest.raises(LookupError):
            await fails()
        await tx.execute_fetchall("INSERT INTO notes VALUES ('after')")

    assert await written(db) == ["before", "after"]


@pytest.mark.parametrize("steps", range(12))
async def test_a_task_cancelled_anywhere_in_a_transaction_leaves_none_open(db, steps):
    async def writes():
        async with db.transaction() as tx:
            await tx.execute_fetchall("INSERT INTO notes VALUES ('one')")
            async with db.transaction():
                await tx.execute_fetchall("INSERT INTO notes VALUES ('two')")

    task = asyncio.create_task(writes())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await write(db, "three")

    # Both or none: a cancelled commit may have happened.
    assert await written(db) in (["three"], ["one", "two", "three"])


async def test_a_task_cancelled_while_it_waits_for_its_turn_takes_nothing_with_it(db):
    async with db.transaction() as tx:
        waiting = asyncio.create_task(write(db, "lost"))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await tx.execute_fetchall("INSERT INTO notes VALUES ('kept')")

    assert await written(db) == ["kept"]


async def test_a_snapshot_does_not_see_what_is_written_meanwhile_and_a_single_read_does(db):
    async with db.snapshot() as conn:
        await conn.execute_fetchall("SELECT count(*) FROM notes")
        await write(db, "new")
        seen = len(list(await conn.execute_fetchall("SELECT * FROM notes")))
        assert (seen, await written(db)) == (0, ["new"])


async def test_readers_cannot_write(db):
    async with db.snapshot() as conn:
        for connection in (conn, db.reader):
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                await connection.execute_fetchall("INSERT INTO notes VALUES ('no')")


OTHER = """
import sqlite3, sys
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
conn.execute("BEGIN IMMEDIATE")
conn.execute("INSERT INTO notes VALUES ('other process')")
print("mine", flush=True)
sys.stdin.readline()
conn.execute("COMMIT")
"""


async def test_a_writer_waits_for_another_process(db, path):
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", OTHER, path, stdin=PIPE, stdout=PIPE)
    assert await other.stdout.readline() == b"mine\n"

    writing = asyncio.create_task(write(db, "ours"))
    await asyncio.gather(*(db.reader.execute_fetchall("SELECT 1") for _ in range(20)))
    assert (writing.done(), await written(db)) == (False, [])

    await other.communicate(b"\n")
    await writing
    assert await written(db) == ["other process", "ours"]


async def test_a_process_that_never_lets_go_is_a_problem_and_not_a_crash(path, migrations, monkeypatch):
    monkeypatch.setattr(database, "BUSY_MS", 20)
    async with await Database.open(path, migrations("CREATE TABLE notes (text TEXT);"), now=NOW) as db:
        other = await asyncio.create_subprocess_exec(sys.executable, "-c", OTHER, path, stdin=PIPE, stdout=PIPE)
        await other.stdout.readline()
        with pytest.raises(Problem) as caught:
            await write(db, "ours")
        await other.communicate(b"\n")
        await write(db, "later")
        assert (caught.value.key, await written(db)) == ("database.busy", ["other process", "later"])
