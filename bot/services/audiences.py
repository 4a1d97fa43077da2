"""Whom a broadcast is for: read from what staff type or press, and found among the users."""

import re
from collections.abc import Collection
from datetime import datetime

from bot.domain import stars as domain
from bot.domain.broadcast import Audience, Broadcast
from bot.domain.timetable import Timetable
from bot.search.fold import fold
from bot.services import rights
from bot.services.editions import Edition
from bot.store import roles, stars, users
from bot.store.database import Connection

Whom = tuple[Audience, int | None]

_NAMED: dict[str, Audience] = {
    **dict.fromkeys(("all", "everybody", "everyone", "全体", "所有人", "大家", "全员"), "all"),
    **dict.fromkeys(("staff", "会务组", "会务", "工作人员", "主持人"), "staff"),
    **dict.fromkeys(("zh", "chinese", "中文"), "zh"),
    **dict.fromkeys(("en", "english", "英文", "英语"), "en"),
}
_ID = re.compile(r"#([str])(\d+)$")
_KINDS: dict[str, Audience] = {"s": "slot", "t": "talk", "r": "room"}
_ROOM_WORDS = 3
"""Words that a room's name may have: Friendship Palace 7."""


def read(edition: Edition, words: str) -> tuple[Whom | None, str]:
    """The audience that a message begins with, and the rest of it; without one, the whole of it.

    By a name (全体, en), a row (#s5), a session's or talk's code, or a room.
    """
    heads = [match.end() for match in re.finditer(r"\S+(?=\s|$)", words.split("\n", 1)[0])]
    for end in reversed(heads[:_ROOM_WORDS]):
        head = words[:end].strip(" \t:：,，")
        whom = _one_word(edition.timetable, head) if end == heads[0] else None
        if whom is None and edition.index.rooms.is_name(head):
            room = edition.index.rooms.find(head).room
            whom = ("room", room.id) if room is not None else None
        if whom is not None:
            return whom, words[end:].lstrip(" \t:：,，").strip()
    return None, words.strip()


def _one_word(timetable: Timetable, word: str) -> Whom | None:
    if match := _ID.match(word):
        kind, number = _KINDS[match[1]], int(match[2])
        find = {"slot": timetable.slot, "talk": timetable.event, "room": timetable.room_by_id}[kind]
        return (kind, number) if find(number) is not None else None
    if (named := _NAMED.get(fold(word))) is not None:
        return named, None
    if (event := timetable.event_by_code(word)) is not None:
        return "talk", event.talk.id
    slot = timetable.session(word)
    return ("slot", slot.id) if slot is not None else None


async def find(
    conn: Connection, timetable: Timetable, broadcast: Broadcast, *, owners: Collection[int], now: datetime
) -> list[int]:
    """The users of its audience who can be reached, by id.

    Of a session: whoever starred it or a talk of it. Of a room: whose next starred talk is there.
    `owners`: the addresses on Telegram of the owners, who are staff.
    """
    match broadcast.audience:
        case "all":
            return await users.reachable(conn)
        case "zh" | "en":
            return await users.reachable(conn, lang=broadcast.audience)
        case "staff":
            return sorted(set(await staff(conn, owners, chairs=True)))
        case "slot" | "talk":
            return await _starrers(conn, timetable, broadcast)
        case "room":
            return await _coming(conn, timetable, broadcast.subject_id, now)
        case None:
            return []


async def staff(conn: Connection, owners: Collection[int], *, chairs: bool = False) -> list[int]:
    """Staff and owners who can be reached, and chairs if they are meant as well."""
    wanted = ("staff", "chair") if chairs else ("staff",)
    found = {one.user_id for one in await roles.everybody(conn) if one.role in wanted}
    found |= {one.id for one in await rights.owning(conn, owners)}
    return [user_id for user_id in await users.reachable(conn) if user_id in found]


async def _starrers(conn: Connection, timetable: Timetable, broadcast: Broadcast) -> list[int]:
    number = broadcast.subject_id or 0
    if broadcast.audience == "slot":
        slot = timetable.slot(number)
        wanted = [] if slot is None else domain.of_slots(timetable, [slot.id])
    else:
        event = timetable.event(number)
        slot, wanted = (None, []) if event is None else (event.slot, [domain.subject(timetable, event)])
    if slot is None:
        return []
    perhaps = await stars.of_slot(conn, slot.id, [talk.id for talk in slot.talks])
    marks = await stars.of_users(conn, perhaps)
    can = set(await users.reachable(conn))
    return [user_id for user_id in perhaps if user_id in can and marks[user_id].of(wanted)]


async def _coming(conn: Connection, timetable: Timetable, room_id: int | None, now: datetime) -> list[int]:
    room = timetable.room_by_id(room_id or 0)
    if room is None:
        return []
    ahead = [one for one in domain.subjects(timetable) if one.start > now and not one.cancelled]
    can = await users.reachable(conn)
    marks = await stars.of_users(conn, can)
    coming = {user_id: next((one for one in ahead if marks[user_id].has(one)), None) for user_id in can}
    return [user_id for user_id, one in coming.items() if one is not None and one.slot.room == room.name]
