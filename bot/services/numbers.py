"""The conference in numbers, for staff and for whoever runs the bot."""

from bot.domain.model import LANGS
from bot.domain.numbers import Day, Numbers, Starred
from bot.domain.timetable import Timetable
from bot.store import numbers
from bot.store.database import Database

MISSES = 20
"""Words that found nothing that are told."""
KINDS = ("reminder", "duty", "change", "broadcast")
"""Notices whose lateness is told: what somebody waits for."""


async def see(db: Database, timetable: Timetable) -> Numbers:
    """Everything that is counted, at this moment."""
    async with db.snapshot() as conn:
        people, reachable = await numbers.users(conn)
        met, active = await numbers.met(conn, timetable.zone), await numbers.active(conn)
        asked = await numbers.asked(conn)
        stars = await numbers.starred(conn)
        days = sorted({day for day, _ in met} | {day for day, _ in active} | asked.keys())
        return Numbers(
            users={lang: people.get(lang, 0) for lang in LANGS},
            reachable=reachable,
            days=tuple(
                Day(
                    day=day,
                    new={lang: met[day, lang] for lang in LANGS},
                    active={lang: active[day, lang] for lang in LANGS},
                    asked=asked.get(day, (0, 0))[0],
                    missed=asked.get(day, (0, 0))[1],
                )
                for day in days
            ),
            kinds=tuple(await numbers.kinds(conn)),
            misses=tuple(await numbers.misses(conn, MISSES)),
            sessions=_sessions(timetable, stars),
            notices=tuple(await numbers.lateness(conn, KINDS)),
        )


def _sessions(timetable: Timetable, stars: dict[int, int]) -> tuple[Starred, ...]:
    found = []
    for slot in timetable.slots:
        room = timetable.room(slot.room)
        if slot.is_session:
            found.append(
                Starred(
                    slot_id=slot.id,
                    code=slot.code,
                    title=slot.title,
                    stars=stars.get(slot.id, 0),
                    room=room.name if room is not None else None,
                    capacity=room.capacity if room is not None else None,
                )
            )
    return tuple(sorted(found, key=lambda one: -one.stars))
