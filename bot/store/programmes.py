"""The programme's tables: loaded whole, written whole, by rows that keep their ids."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC
from itertools import count
from sqlite3 import Row
from typing import Any, Literal, TypeVar

from aiosqlite import Connection

from bot.domain.model import Text
from bot.domain.programme import Conference, Institution, Person, Programme, Room, Slot, Talk, Window
from bot.store import times

K = TypeVar("K")
V = TypeVar("V")


async def revision(conn: Connection) -> int:
    """Raised by every change of the programme."""
    rows = list(await conn.execute_fetchall("SELECT number FROM revision"))
    number: int = rows[0]["number"]
    return number


async def load(conn: Connection, *, retired: bool = False) -> Programme | None:
    """The programme as it stands, or None on an empty database. With `retired`, what left it stands in it as well."""
    conference = list(await conn.execute_fetchall("SELECT facts FROM conference"))
    if not conference:
        return None

    async def rows(table: str) -> list[Row]:
        sql = f"SELECT * FROM {table} WHERE retired <= ? ORDER BY retired, position"  # noqa: S608 - the names below
        return list(await conn.execute_fetchall(sql, (retired,)))

    rooms, people, slots, talks = await rows("rooms"), await rows("people"), await rows("slots"), await rows("talks")
    institutions = await conn.execute_fetchall("SELECT name, english FROM institutions ORDER BY position")
    roles = await conn.execute_fetchall("SELECT * FROM slot_people ORDER BY slot_id, role, position")
    speakers = await conn.execute_fetchall("SELECT * FROM talk_speakers ORDER BY talk_id, position")

    key = {row["id"]: row["key"] for row in people}
    room_name = {row["id"]: row["name"] for row in rooms}
    spoken_by = _grouped((row["talk_id"], key.get(row["person_id"])) for row in speakers)
    in_role = _grouped(((row["slot_id"], row["role"]), key.get(row["person_id"])) for row in roles)
    talks_of: dict[int, list[Talk]] = defaultdict(list)
    for row in talks:
        talks_of[row["slot_id"]].append(_talk(row, tuple(spoken_by[row["id"]])))
    return Programme(
        conference=Conference.model_validate_json(conference[0]["facts"]),
        rooms=tuple(_room(row) for row in rooms),
        people=tuple(_person(row) for row in people),
        institutions=tuple(Institution(name=row["name"], english=row["english"]) for row in institutions),
        slots=tuple(
            _slot(
                row,
                room=room_name.get(row["room_id"]),
                chairs=tuple(in_role[row["id"], "chair"]),
                panel=tuple(in_role[row["id"], "panelist"]),
                talks=tuple(talks_of[row["id"]]),
            )
            for row in slots
        ),
    )


async def numbered(conn: Connection, programme: Programme) -> Programme:
    """The same programme with an id for everything that has none yet. Ids are never used twice."""
    room_id, person_id = count(await next_id(conn, "rooms")), count(await next_id(conn, "people"))
    slot_id, talk_id = count(await next_id(conn, "slots")), count(await next_id(conn, "talks"))

    def talk(one: Talk) -> Talk:
        return one if one.id else one.model_copy(update={"id": next(talk_id)})

    def slot(one: Slot) -> Slot:
        update = {"id": one.id or next(slot_id), "talks": tuple(talk(each) for each in one.talks)}
        return one.model_copy(update=update)

    return programme.model_copy(
        update={
            "rooms": tuple(one if one.id else one.model_copy(update={"id": next(room_id)}) for one in programme.rooms),
            "people": tuple(
                one if one.id else one.model_copy(update={"id": next(person_id)}) for one in programme.people
            ),
            "slots": tuple(slot(one) for one in programme.slots),
        }
    )


async def write(conn: Connection, programme: Programme) -> None:
    """Make the tables say exactly this numbered programme, retire what it no longer has, and raise the revision."""
    await conn.execute_fetchall(
        "INSERT INTO conference (id, key, facts) VALUES (1, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET key = excluded.key, facts = excluded.facts",
        (programme.conference.key, _facts(programme.conference)),
    )
    # Retired first, so that a name freed by one row may be taken by another within the same file.
    for table in ("rooms", "people", "slots", "talks"):
        await conn.execute_fetchall(f"UPDATE {table} SET retired = 1")  # noqa: S608 - the four names above
    await _upsert(conn, "rooms", [_room_row(at, room) for at, room in enumerate(programme.rooms)])
    await _upsert(conn, "people", [_person_row(at, person) for at, person in enumerate(programme.people)])
    await conn.execute_fetchall("DELETE FROM institutions")
    await conn.executemany(
        "INSERT INTO institutions (position, name, english) VALUES (?, ?, ?)",
        [(at, one.name, one.english) for at, one in enumerate(programme.institutions)],
    )
    room_id = {room.name: room.id for room in programme.rooms}
    person_id = {person.key: person.id for person in programme.people}
    await _upsert(conn, "slots", [_slot_row(at, slot, room_id) for at, slot in enumerate(programme.slots)])
    talks = [(slot, talk) for slot in programme.slots for talk in slot.talks]
    await _upsert(conn, "talks", [_talk_row(at, slot, talk) for at, (slot, talk) in enumerate(talks)])
    await conn.execute_fetchall("DELETE FROM slot_people WHERE slot_id IN (SELECT id FROM slots WHERE retired = 0)")
    await conn.executemany(
        "INSERT INTO slot_people (slot_id, role, position, person_id) VALUES (?, ?, ?, ?)",
        [
            (slot.id, role, at, person_id[key])
            for slot in programme.slots
            for role, keys in (("chair", slot.chairs), ("panelist", slot.panel))
            for at, key in enumerate(keys)
        ],
    )
    await conn.execute_fetchall("DELETE FROM talk_speakers WHERE talk_id IN (SELECT id FROM talks WHERE retired = 0)")
    await conn.executemany(
        "INSERT INTO talk_speakers (talk_id, position, person_id) VALUES (?, ?, ?)",
        [(talk.id, at, person_id[key]) for _, talk in talks for at, key in enumerate(talk.speakers)],
    )
    await raise_revision(conn)


async def raise_revision(tx: Connection) -> None:
    """What is asked about the programme has other answers from now on."""
    await tx.execute_fetchall("UPDATE revision SET number = number + 1")


async def next_id(conn: Connection, table: Literal["rooms", "people", "slots", "talks"]) -> int:
    """An id that nothing has had yet, retired rows included."""
    rows = list(await conn.execute_fetchall(f"SELECT coalesce(max(id), 0) AS last FROM {table}"))  # noqa: S608 - ours
    last: int = rows[0]["last"]
    return last + 1


async def _upsert(conn: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    columns = list(rows[0])
    names = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join(f":{column}" for column in columns)
    updates = ", ".join(f'"{column}" = excluded."{column}"' for column in columns if column != "id")
    await conn.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT (id) DO UPDATE SET {updates}",  # noqa: S608 - ours
        rows,
    )


def _grouped(pairs: Iterable[tuple[K, V | None]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        if value is not None:
            groups[key].append(value)
    return groups


def _facts(conference: Conference) -> str:
    """The conference as JSON, its times in UTC as everywhere in the database."""
    windows = (Window(start=one.start.astimezone(UTC), end=one.end.astimezone(UTC)) for one in conference.check_in)
    return conference.model_copy(update={"check_in": tuple(windows)}).model_dump_json()


def _room(row: Row) -> Room:
    return Room(
        id=row["id"],
        name=row["name"],
        printed=row["printed"],
        english=row["english"],
        number=row["number"],
        aliases=tuple(json.loads(row["aliases"])),
        capacity=row["capacity"],
    )


def _room_row(position: int, room: Room) -> dict[str, Any]:
    aliases = json.dumps(room.aliases, ensure_ascii=False)
    return {**room.model_dump(exclude={"aliases"}), "position": position, "aliases": aliases, "retired": 0}


def _person(row: Row) -> Person:
    return Person(
        id=row["id"],
        key=row["key"],
        name=row["name"],
        latin=row["latin"],
        affiliation=row["affiliation"],
        biography=row["biography"],
    )


def _person_row(position: int, person: Person) -> dict[str, Any]:
    return {**person.model_dump(), "position": position, "retired": 0}


def _slot(
    row: Row, *, room: str | None, chairs: tuple[str, ...], panel: tuple[str, ...], talks: tuple[Talk, ...]
) -> Slot:
    return Slot(
        id=row["id"],
        kind=row["kind"],
        code=row["code"],
        title=row["title"],
        translation=row["translation"],
        track=Text(zh=row["track_zh"], en=row["track_en"]),
        start=times.moment(row["start"]),
        end=times.moment(row["end"]),
        room=room,
        chairs=chairs,
        panel=panel,
        note=Text(zh=row["note_zh"], en=row["note_en"]),
        cancelled=bool(row["cancelled"]),
        talks=talks,
    )


def _slot_row(position: int, slot: Slot, room_id: dict[str, int]) -> dict[str, Any]:
    return {
        "id": slot.id,
        "position": position,
        "kind": slot.kind,
        "code": slot.code,
        "title": slot.title,
        "translation": slot.translation,
        "track_zh": slot.track.zh,
        "track_en": slot.track.en,
        "start": times.text(slot.start),
        "end": times.text(slot.end),
        "room_id": room_id[slot.room] if slot.room is not None else None,
        "note_zh": slot.note.zh,
        "note_en": slot.note.en,
        "cancelled": slot.cancelled,
        "retired": 0,
    }


def _talk(row: Row, speakers: tuple[str, ...]) -> Talk:
    return Talk(
        id=row["id"],
        code=row["code"],
        title=row["title"],
        translation=row["translation"],
        speakers=speakers,
        start=times.moment_or_none(row["start"]),
        end=times.moment_or_none(row["end"]),
        cancelled=bool(row["cancelled"]),
        summary=Text(zh=row["summary_zh"], en=row["summary_en"]),
        abstract=row["abstract"],
    )


def _talk_row(position: int, slot: Slot, talk: Talk) -> dict[str, Any]:
    return {
        "id": talk.id,
        "slot_id": slot.id,
        "position": position,
        "code": talk.code,
        "title": talk.title,
        "translation": talk.translation,
        "start": times.text(talk.start),
        "end": times.text(talk.end),
        "cancelled": talk.cancelled,
        "summary_zh": talk.summary.zh,
        "summary_en": talk.summary.en,
        "abstract": talk.abstract,
        "retired": 0,
    }
