"""What a chair says of a session: here, it begins, the next talk, late by so much, finished, the room is full.

Each thing said leads from one state to another. Saying it twice changes nothing; what was said of a state that is no
longer so, by a button under an old message, is `STALE` and changes nothing either.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from bot.domain.model import Model

EARLY = timedelta(minutes=30)
"""Nothing begins earlier than this before its printed start: that is a slip of the finger."""
TRIFLE = 3
"""Minutes of which nobody says that a session is late: the shares of talks are rough anyway."""
MOST = 120
"""Minutes late at most; whoever is later than that calls the session off or moves it."""

STALE: Literal["stale"] = "stale"


class Begun(Model):
    """When a talk began; `late` is the session's lateness as it was before."""

    talk_id: int
    at: datetime
    late: int


class Live(Model):
    """What was said of a slot.

    start      the official start that it was said of.
    late       minutes that what comes next is behind its planned time; below 0 ahead of it.
    began      when the slot began. talks: when its talks did, in the order in which they began.
    full_room  the row of the room that is full.
    """

    slot_id: int
    start: datetime
    here: bool = False
    late: int = 0
    began: datetime | None = None
    talks: tuple[Begun, ...] = ()
    finished: datetime | None = None
    full_room: int | None = None

    @property
    def talk_id(self) -> int | None:
        """The talk that began last."""
        return self.talks[-1].talk_id if self.talks else None


Said = Live | Literal["stale"]
Order = Sequence[tuple[int, datetime]]
"""The talks of a slot that are on, by id, and their planned starts, in order."""


def here(live: Live) -> Said:
    """A chair is in the room."""
    return live.model_copy(update={"here": True})


def begin(live: Live, order: Order, now: datetime) -> Said:
    """The slot begins, and its first talk with it."""
    if live.began is not None:
        return live
    if now < live.start - EARLY:
        return STALE
    begun = live.model_copy(update={"here": True, "began": now, "late": max(0, _behind(live.start, now))})
    return begun.model_copy(update={"talks": (Begun(talk_id=order[0][0], at=now, late=live.late),)} if order else {})


def talk(live: Live, order: Order, talk_id: int, now: datetime) -> Said:
    """A talk begins, the one before it having been under way."""
    planned = dict(order)
    if talk_id in {one.talk_id for one in live.talks}:
        return live if talk_id == live.talk_id else STALE
    if live.began is None or live.finished is not None or talk_id != following(live, order):
        return STALE
    late = _behind(planned[talk_id], now)
    return live.model_copy(
        update={"late": late, "talks": (*live.talks, Begun(talk_id=talk_id, at=now, late=live.late))}
    )


def back(live: Live, talk_id: int) -> Said:
    """A talk has not begun after all; with the first, the slot has not."""
    if talk_id not in {one.talk_id for one in live.talks}:
        return live
    if live.talk_id != talk_id or live.finished is not None:
        return STALE
    left = live.talks[:-1]
    return live.model_copy(update={"talks": left, "late": live.talks[-1].late, "began": live.began if left else None})


def late(live: Live, before: int, wanted: int) -> Said:
    """What comes next is so many minutes behind; `before`: how many it was when that was said."""
    if live.late == wanted:
        return live
    if live.late != before or live.finished is not None or not -MOST <= wanted <= MOST:
        return STALE
    return live.model_copy(update={"late": wanted})


def finish(live: Live, now: datetime) -> Said:
    """The slot is over."""
    if live.finished is not None:
        return live
    return STALE if live.began is None else live.model_copy(update={"finished": now})


def go_on(live: Live) -> Said:
    """It is not over after all."""
    return live.model_copy(update={"finished": None})


def full(live: Live, room_id: int | None) -> Said:
    """A room is full; None: there is room again."""
    return live.model_copy(update={"full_room": room_id})


def of(said: Live | None, slot_id: int, start: datetime) -> Live:
    """What was said of a slot at its official start; what was said of it at another is no longer of use."""
    return said if said is not None and said.start == start else Live(slot_id=slot_id, start=start)


def following(live: Live, order: Order) -> int | None:
    """The talk that comes after the one that began last; None after the last."""
    ids = [talk_id for talk_id, _ in order]
    begun = {one.talk_id for one in live.talks}
    last = max((place for place, talk_id in enumerate(ids) if talk_id in begun), default=-1)
    return ids[last + 1] if last + 1 < len(ids) else None


def _behind(planned: datetime, now: datetime) -> int:
    """Whole minutes after the planned start."""
    minutes = round((now - planned) / timedelta(minutes=1))
    return 0 if abs(minutes) < TRIFLE else max(-MOST, min(MOST, minutes))
