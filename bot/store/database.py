"""The SQLite file: one writer behind a lock, a reader apart, migrations.

WAL, synchronous=FULL, foreign keys on. A second process (the command line beside a running bot) is a second writer:
both wait for each other up to BUSY_MS.
"""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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

    def __init__(self, writer: Connection, reader: Connection) -> None:
        self._writer = writer
        self._reader = reader
        self._writing = asyncio.Lock()
        self._reading = asyncio.Lock()
        self._owner: asyncio.Task[object] | None = None

    @classmethod
    async def open(cls, path: Path, migrations: Path, *, now: datetime) -> Self:
        """Open or create the file and bring its tables up to date.

        Raises Problem `database.cannot-open`, `database.not-a-database`, `database.newer` or
        `database.migration-failed`; the file is then as it was.
        """
        try:
            writer = await _connect(path)
        except sqlite3.OperationalError as error:
            raise Problem("database.cannot-open", path=str(path), reason=str(error)) from None
        try:
            try:
                await writer.execute_fetchall("PRAGMA journal_mode = WAL")
                await writer.execute_fetchall("PRAGMA synchronous = FULL")
                await writer.execute_fetchall("PRAGMA foreign_keys = ON")
            except sqlite3.DatabaseError as error:
                key = (
                    "database.cannot-open" if isinstance(error, sqlite3.OperationalError) else "database.not-a-database"
                )
                raise Problem(key, path=str(path), reason=str(error)) from None
            await migrate(writer, path, migrations, now=now)
            reader = await _connect(path)
            await reader.execute_fetchall("PRAGMA query_only = ON")
        except BaseException:
            await writer.close()
            raise
        return cls(writer, reader)

    async def close(self) -> None:
        await self._reader.close()
        await self._writer.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """The one write transaction: committed at the end, rolled back by any exception.

        A task that is inside one already joins it, so that whoever calls a service can add rows of their own to what
        the service writes; only the outermost commits.
        """
        if self._owner is asyncio.current_task():
            yield self._writer
            return
        async with self._writing:
            try:
                self._owner = asyncio.current_task()
                await self._writer.execute_fetchall("BEGIN IMMEDIATE")
                yield self._writer
                await self._writer.execute_fetchall("COMMIT")
            finally:
                self._owner = None
                # A task may be cancelled while BEGIN is still on its way to the thread: the rollback queues behind it,
                # does nothing after a commit, and the lock is kept until it is through.
                await asyncio.shield(self._writer.rollback())

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        """Several reads that see one and the same state."""
        async with self._reading:
            try:
                await self._reader.execute_fetchall("BEGIN")
                yield self._reader
            finally:
                await asyncio.shield(self._reader.rollback())


async def _connect(path: Path) -> Connection:
    connection = await aiosqlite.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    await connection.execute_fetchall(f"PRAGMA busy_timeout = {BUSY_MS}")
    return connection


async def migrate(connection: Connection, path: Path, migrations: Path, *, now: datetime) -> None:
    """Apply every numbered file the database has not seen, each with its record in one transaction."""
    found = sorted(migrations.glob("[0-9][0-9][0-9][0-9]_*.sql"))  # noqa: ASYNC240 - a handful of names, at the start
    files = {int(file.name[:4]): file for file in found}
    await connection.execute_fetchall(
        "CREATE TABLE IF NOT EXISTS migrations"
        " (number INTEGER PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL) STRICT"
    )
    rows = await connection.execute_fetchall("SELECT number FROM migrations")
    done = {row["number"] for row in rows}
    if unknown := done - files.keys():
        raise Problem("database.newer", path=str(path), found=max(unknown), known=max(files, default=0))
    for number in sorted(files.keys() - done):
        name = re.sub(r"[^a-z0-9_]", "", files[number].stem)
        script = files[number].read_text("utf-8")
        record = f"INSERT INTO migrations (number, name, at) VALUES ({number}, '{name}', '{times.text(now)}')"  # noqa: S608 - all three are ours
        try:
            # executescript would commit an open transaction of its own accord, so BEGIN and COMMIT are in the script.
            await connection.executescript(f"BEGIN IMMEDIATE;\n{script}\n;{record};\nCOMMIT;")
        except sqlite3.Error as error:
            await connection.rollback()
            raise Problem("database.migration-failed", path=str(path), name=name, reason=str(error)) from None
