"""What was asked, counted; and the counts of everything else."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from aiosqlite import Connection

from bot.domain.broadcast import MIRROR
from bot.domain.model import Lang
from bot.domain.numbers import Asked, Kind, Lateness, Miss
from bot.store import times
from bot.store.json_list import json_list

MISSES = 1_000
"""Words that found nothing that are kept, the newest."""
NOBODYS = json_list((MIRROR, "terminal"))
"""Channels on which no attendee sits."""


async def record(tx: Connection, asked: Collection[Asked]) -> None:
    """Count questions. Whoever was forgotten meanwhile is not brought back."""
    counted = Counter((one.day.isoformat(), one.kind, one.lang) for one in asked)
    nothing = Counter((one.day.isoformat(), one.kind, one.lang) for one in asked if one.nothing)
    await tx.executemany(
        """
        INSERT INTO questions (day, kind, lang, asked, missed)
             VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET asked = asked + excluded.asked, missed = missed + excluded.missed
        """,
        [(*key, count, nothing[key]) for key, count in counted.items()],
    )
    visits = {(one.user_id, one.day.isoformat()) for one in asked if one.user_id is not None}
    await tx.executemany("INSERT OR IGNORE INTO visits SELECT id, ?2 FROM users WHERE id = ?1", list(visits))
    missed = [(one.user_id, one.day.isoformat(), one.missed) for one in asked if one.missed]
    if missed:
        await tx.executemany(
            "INSERT INTO misses (user_id, day, words) SELECT id, ?2, ?3 FROM users WHERE id = ?1", missed
        )
        await tx.execute_fetchall("DELETE FROM misses WHERE id <= (SELECT max(id) FROM misses) - ?", (MISSES,))


async def users(conn: Connection) -> tuple[dict[Lang, int], int]:
    """Everybody by language, and how many of them can be written to."""
    rows = await conn.execute_fetchall(
        f"""
        SELECT lang, count(*) AS number, sum(reachable) AS reachable
          FROM users
         WHERE {_SOMEBODY}
         GROUP BY lang
         ORDER BY lang
        """,  # noqa: S608 - ours
        (NOBODYS,),
    )
    return {row["lang"]: row["number"] for row in rows}, sum(row["reachable"] for row in rows)


async def met(conn: Connection, zone: ZoneInfo) -> Counter[tuple[date, Lang]]:
    """How many people were met for the first time, by day and language."""
    rows = await conn.execute_fetchall(f"SELECT since, lang FROM users WHERE {_SOMEBODY}", (NOBODYS,))  # noqa: S608 - ours
    return Counter((_day(times.moment(row["since"]), zone), row["lang"]) for row in rows)


async def active(conn: Connection) -> Counter[tuple[date, Lang]]:
    """How many people asked something, by day and language."""
    rows = await conn.execute_fetchall(
        f"""
        SELECT day, lang, count(*) AS number
          FROM visits
          JOIN users ON users.id = visits.user_id
         WHERE {_SOMEBODY}
         GROUP BY day, lang
        """,  # noqa: S608 - ours
        (NOBODYS,),
    )
    return Counter({(date.fromisoformat(row["day"]), row["lang"]): row["number"] for row in rows})


async def asked(conn: Connection) -> dict[date, tuple[int, int]]:
    """How many questions by day, and how many of them found nothing."""
    rows = await conn.execute_fetchall(
        "SELECT day, sum(asked) AS asked, sum(missed) AS missed FROM questions GROUP BY day"
    )
    return {date.fromisoformat(row["day"]): (row["asked"], row["missed"]) for row in rows}


async def kinds(conn: Connection) -> list[Kind]:
    rows = await conn.execute_fetchall(
        """
        SELECT kind, sum(asked) AS asked, sum(missed) AS missed
          FROM questions
         GROUP BY kind
         ORDER BY asked DESC, kind
        """
    )
    return [Kind.model_validate(dict(row)) for row in rows]


async def misses(conn: Connection, limit: int) -> list[Miss]:
    """Words that found nothing, those of the most people first."""
    rows = await conn.execute_fetchall(
        """
        SELECT min(words) AS words, count(DISTINCT user_id) AS people
          FROM misses
         GROUP BY lower(words)
         ORDER BY people DESC, max(id) DESC
         LIMIT ?
        """,
        (limit,),
    )
    return [Miss.model_validate(dict(row)) for row in rows]


async def starred(conn: Connection) -> dict[int, int]:
    """By slot, how many people starred it or a talk of it."""
    rows = await conn.execute_fetchall(
        """
        SELECT slot_id, count(*) AS number
          FROM (
               SELECT user_id, subject_id AS slot_id FROM stars WHERE kind = 'slot' AND starred = 1
                UNION
               SELECT user_id, talks.slot_id
                 FROM stars
                 JOIN talks ON talks.id = stars.subject_id
                WHERE kind = 'talk' AND starred = 1
               )
         GROUP BY slot_id
        """
    )
    return {row["slot_id"]: row["number"] for row in rows}


async def lateness(conn: Connection, sent_kinds: Iterable[str]) -> list[Lateness]:
    """How late notices were sent, by kind, in conference time.

    A reminder is due at its user's lead before the start, or when it was starred later than that; another notice when
    it was queued, or at the end of its quiet time. What leaves early, because a crowd takes its time, is not late.
    """
    rows = await conn.execute_fetchall(
        """
        WITH late AS (
            SELECT outbox.kind,
                   max(0.0, 86400.0 * (julianday(settled) - max(
                       julianday(queued),
                       coalesce(
                           CASE outbox.kind WHEN 'reminder' THEN julianday(moment) - users.lead / 1440.0 END,
                           julianday(due), 0
                       )
                   ))) AS seconds
              FROM outbox
              JOIN users ON users.id = outbox.user_id
             WHERE outbox.state = 'sent' AND outbox.kind IN (SELECT value FROM json_each(?))
        ), placed AS (
            SELECT kind, seconds,
                   row_number() OVER (PARTITION BY kind ORDER BY seconds) AS place,
                   count(*) OVER (PARTITION BY kind) AS number
              FROM late
        )
        SELECT kind, number AS sent,
               round(max(CASE WHEN place = (number + 1) / 2 THEN seconds END), 2) AS median,
               round(max(CASE WHEN place = (95 * number + 99) / 100 THEN seconds END), 2) AS p95,
               round(max(seconds), 2) AS longest
          FROM placed
         GROUP BY kind
         ORDER BY kind
        """,
        (json_list(sent_kinds),),
    )
    return [Lateness.model_validate(dict(row)) for row in rows]


_SOMEBODY = "channel NOT IN (SELECT value FROM json_each(?))"


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
