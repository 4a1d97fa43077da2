"""The SQLite file: one writer behind a lock, readers apart, migrations.

WAL, synchronous=FULL, foreign keys on. A second process (the command line beside a running bot) is a second writer:
both wait for each other up to BUSY_MS.
"""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Self

import aiosqlite
from aiosqlite import Connection

from bot.domain.problem import Problem
from bot.store import times

__all__ = ["Connection", "Database", "migrate"]

BUSY_MS = 10_000


class Database:
    """Open with `Database.open`; close with `close` or use as an async context manager."""

    def __init__(self, writer: Connection, reader: Connection, historian: Connection, opened: AsyncExitStack) -> None:
        self._writer = writer
        self._reader = reader
        self._historian = historian
        self._opened = opened
        self._writing = asyncio.Lock()
        self._looking = asyncio.Lock()
        self._owner: asyncio.Task[object] | None = None

    @classmethod
    async def open(cls, path: Path, migrations: Path, *, now: datetime) -> Self:
        """Open or create the file and bring its tables up to date.

        Raises Problem `database.cannot-open`, `database.not-a-database`, `database.newer` or
        `database.migration-failed`; the tables are then as they were.
        """
        try:
            async with AsyncExitStack() as opened:
                writer = await _connect(path, opened)
                await _use_wal(writer)
                await migrate(writer, path, migrations, now=now)
                reader, historian = await _connect(path, opened), await _connect(path, opened)
                for connection in (reader, historian):
                    await connection.execute_fetchall("PRAGMA query_only = ON")
                return cls(writer, reader, historian, opened.pop_all())
        except sqlite3.OperationalError as error:
            raise Problem("database.cannot-open", path=str(path), reason=str(error)) from None
        except sqlite3.DatabaseError as error:
            raise Problem("database.not-a-database", path=str(path), reason=str(error)) from None

    async def close(self) -> None:
        await self._opened.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def reader(self) -> Connection:
        """For reads of one statement. They see all that is committed, and what the task's own transaction wrote."""
        return self._writer if self._is_writing else self._reader

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        """Several reads that see one and the same state: the task's own transaction where it is inside one."""
        if self._is_writing:
            yield self._writer
            return
        async with self._looking:
            try:
                await self._historian.execute_fetchall("BEGIN")
                yield self._historian
            finally:
                await asyncio.shield(self._historian.rollback())

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """The one write transaction: committed at the end, rolled back by any exception.

        A task that is inside one already joins it, so that whoever calls a service can add rows of their own to what
        the service writes; only the outermost commits. What a joined part wrote is undone when an exception leaves it.

        Raises Problem `database.busy` when another process keeps the database to itself for longer than BUSY_MS.
        """
        if self._is_writing:
            async with _part(self._writer):
                yield self._writer
            return
        async with self._writing:
            try:
                self._owner = asyncio.current_task()
                await _begin(self._writer)
                yield self._writer
                await self._writer.execute_fetchall("COMMIT")
            except BaseException:
                # A task may be cancelled while BEGIN is still on its way to the thread: the rollback queues behind it,
                # does nothing after a commit, and the lock is kept until it is through.
                await asyncio.shield(self._writer.rollback())
                raise
            finally:
                self._owner = None

    @property
    def _is_writing(self) -> bool:
        return self._owner is not None and self._owner is asyncio.current_task()


async def _begin(writer: Connection) -> None:
    try:
        await writer.execute_fetchall("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise Problem("database.busy", seconds=BUSY_MS // 1000, reason=str(error)) from None


@asynccontextmanager
async def _part(writer: Connection) -> AsyncIterator[None]:
    """A part of a transaction that happens or does not. A cancelled task takes the whole transaction back anyway."""
    await writer.execute_fetchall("SAVEPOINT part")
    try:
        yield
    except Exception:
        await writer.execute_fetchall("ROLLBACK TO part")
        await writer.execute_fetchall("RELEASE part")
        raise
    await writer.execute_fetchall("RELEASE part")


async def _connect(path: Path, opened: AsyncExitStack) -> Connection:
    # aiosqlite leaves its thread to itself when it can't open a file, so whether it can is tried without it.
    sqlite3.connect(path).close()
    connection = await opened.enter_async_context(aiosqlite.connect(path, isolation_level=None))
    connection.row_factory = sqlite3.Row
    await connection.execute_fetchall(f"PRAGMA busy_timeout = {BUSY_MS}")
    await connection.execute_fetchall("PRAGMA synchronous = FULL")
    await connection.execute_fetchall("PRAGMA foreign_keys = ON")
    return connection


async def _use_wal(writer: Connection) -> None:
    """Switch the file to WAL, which it keeps. SQLite does not wait when two do so at once, so this does."""
    loop = asyncio.get_running_loop()
    until = loop.time() + BUSY_MS / 1000
    while True:
        try:
            await writer.execute_fetchall("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or loop.time() > until:
                raise
            await asyncio.sleep(0.01)
        else:
            return


async def migrate(connection: Connection, path: Path, migrations: Path, *, now: datetime) -> None:
    """Apply every numbered file the database has not seen, each with its record in one transaction."""
    found = sorted(migrations.glob("[0-9][0-9][0-9][0-9]_*.sql"))  # noqa: ASYNC240 - a handful of names, at the start
    files = {int(file.name[:4]): file for file in found}
    await connection.execute_fetchall(
        "CREATE TABLE IF NOT EXISTS migrations"
        " (number INTEGER PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL) STRICT"
    )
    done = await _done(connection)
    if unknown := done - files.keys():
        raise Problem("database.newer", path=str(path), found=max(unknown), known=max(files, default=0))
    for number in sorted(files.keys() - done):
        name = re.sub(r"[^a-z0-9_]", "", files[number].stem)
        script = files[number].read_text("utf-8")
        record = f"INSERT INTO migrations (number, name, at) VALUES ({number}, '{name}', '{times.text(now)}')"  # noqa: S608 - all three are ours
        try:
            # executescript would commit an open transaction of its own accord, so BEGIN and COMMIT are in the script.
            await connection.executescript(f"BEGIN IMMEDIATE;\n{record};\n{script}\n;COMMIT;")
        except sqlite3.Error as error:
            await connection.rollback()
            if number not in await _done(connection):
                raise Problem("database.migration-failed", path=str(path), name=name, reason=str(error)) from None
            # The record comes first, so this is another process that started at the same time and was faster.


async def _done(connection: Connection) -> set[int]:
    return {row["number"] for row in await connection.execute_fetchall("SELECT number FROM migrations")}
