"""What chairs say of their sessions."""

from collections import defaultdict

from aiosqlite import Connection

from bot.domain.live import Begun, Live
from bot.store import programmes, times


async def facts(conn: Connection) -> list[Live]:
    """All that was said, of every slot."""
    talks: dict[int, list[Begun]] = defaultdict(list)
    for row in await conn.execute_fetchall("SELECT * FROM live_talks ORDER BY rowid"):
        talks[row["slot_id"]].append(Begun(talk_id=row["talk_id"], at=times.moment(row["began"]), late=row["late"]))
    return [
        Live(
            slot_id=row["slot_id"],
            start=times.moment(row["start"]),
            here=bool(row["here"]),
            late=row["late"],
            began=times.moment_or_none(row["began"]),
            talks=tuple(talks[row["slot_id"]]),
            finished=times.moment_or_none(row["finished"]),
            full_room=row["full_room"],
        )
        for row in await conn.execute_fetchall("SELECT * FROM live ORDER BY slot_id")
    ]


async def write(tx: Connection, live: Live) -> None:
    """Make the tables say exactly this of a slot, and raise the revision."""
    await tx.execute_fetchall(
        """
        INSERT INTO live (slot_id, start, here, late, began, finished, full_room)
             VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (slot_id) DO UPDATE
           SET start = excluded.start, here = excluded.here, late = excluded.late, began = excluded.began,
               finished = excluded.finished, full_room = excluded.full_room
        """,
        (
            live.slot_id,
            times.text(live.start),
            live.here,
            live.late,
            times.text(live.began),
            times.text(live.finished),
            live.full_room,
        ),
    )
    await tx.execute_fetchall("DELETE FROM live_talks WHERE slot_id = ?", (live.slot_id,))
    # A talk that staff have put into another session since begins there anew.
    await tx.executemany(
        "INSERT INTO live_talks (talk_id, slot_id, began, late) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET slot_id = excluded.slot_id, began = excluded.began, late = excluded.late",
        [(one.talk_id, live.slot_id, times.text(one.at), one.late) for one in live.talks],
    )
    await programmes.raise_revision(tx)
