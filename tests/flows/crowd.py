"""People with stars, put into a database, and who of them was reminded of what: from the sandbox's ledger."""

import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from process import running

from bot.domain.programme import Programme
from bot.domain.timetable import Timetable
from bot.sandbox.box import Sandbox
from bot.sandbox.state import User

LEAD = timedelta(minutes=10)
CODED = re.compile(r"^([A-Z]+\d*-\d+) · ", re.MULTILINE)
MOVED = re.compile(r"^([A-Z]+\d+) [^\n]*\n[^\n]*\n(?:会场：|Room: )(.+)$", re.MULTILINE)
"""In a notice of a change: a session, and its rooms before and after."""

Wanted = dict[tuple[int, str], datetime]
"""When somebody is due to be reminded of which talk: by chat and code."""


async def starred(folder: Path, box: Sandbox, programme: Programme, people: int, rng: random.Random) -> Wanted:
    """A database in which each of so many people has starred one or two of the sessions A1 … A8.

    The ids of a database are not those of a programme file: talks are told apart by code.
    """
    async with running(folder, box):
        await box.until(lambda: box.requests("setMyCommands"), seconds=30)
    crowd = [box.user(f"User {n}", language_code="en", started=True) for n in range(people)]
    sessions = {
        slot.code: [event for event in Timetable(programme).events if event.slot.code == slot.code]
        for slot in programme.slots
        if slot.code and slot.code.startswith("A")
    }
    wanted: Wanted = {}
    with opened(folder) as conn:
        slots = dict(conn.execute("SELECT code, id FROM slots WHERE code IS NOT NULL"))
        for person in crowd:
            user_id = known(conn, person)
            for code in rng.sample(sorted(sessions), rng.choice((1, 1, 2))):
                conn.execute("INSERT INTO stars VALUES (?, 'slot', ?, 1, '2025-08-08')", (user_id, slots[code]))
                wanted |= {(person.id, event.talk.code): event.start - LEAD for event in sessions[code]}
    return wanted


def known(conn: sqlite3.Connection, person: User) -> int:
    """The row of a user, made."""
    lang = "en" if person.id % 2 else "zh"
    cursor = conn.execute(
        "INSERT INTO users (channel, address, lang, since) VALUES ('telegram', ?, ?, '2025-08-08')",
        (str(person.id), lang),
    )
    return int(cursor.lastrowid or 0)


@contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """The database of a bot that does not run; committed at the end."""
    with closing(sqlite3.connect(folder / "yicheng.sqlite3")) as conn, conn:
        yield conn


def in_hand(folder: Path) -> set[tuple[int, str]]:
    """Chat and code of the talk, of what was on its way when the process died."""
    with opened(folder) as conn:
        rows = conn.execute(
            """
            SELECT users.address, talks.code
              FROM outbox
              JOIN users ON users.id = outbox.user_id
              JOIN talks ON talks.id = outbox.subject_id
             WHERE outbox.state = 'sending'
            """
        )
        return {(int(address), code) for address, code in rows}


def open_rows(folder: Path) -> int:
    """How many notices are neither sent nor given up."""
    with opened(folder) as conn:
        rows = conn.execute("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending', 'doubtful')")
        return int(rows.fetchone()[0])


class Told:
    """Reads the ledger on: how often each reminder and change reached its chat, whether or not the bot heard of it."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self._read = 0
        self._unsettled: list[int] = []
        self.copies: Counter[tuple[int, str]] = Counter()

    def read_on(self) -> Counter[tuple[int, str]]:
        """By chat, and the code of a talk or that of a session with its rooms before and after."""
        entries = self._box.ledger
        looked_at = [*self._unsettled, *range(self._read, len(entries))]
        self._read, self._unsettled = len(entries), []
        for number in looked_at:
            entry = entries[number]
            if entry.method == "sendMessage" and entry.applied and isinstance(entry.chat_id, int):
                text = entry.text or ""
                self.copies.update((entry.chat_id, code) for code in CODED.findall(text))
                if text.startswith("🔄"):
                    self.copies.update((entry.chat_id, f"{code} {rooms}") for code, rooms in MOVED.findall(text))
            elif entry.outcome == "open":
                self._unsettled.append(number)
        return self.copies


def due(wanted: Wanted, now: datetime) -> Sequence[tuple[int, str]]:
    """What must have been told by now."""
    return [one for one, moment in wanted.items() if moment <= now]
