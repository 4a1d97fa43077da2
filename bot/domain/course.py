"""When the talks of a slot take place, by the plan and by what its chair said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.live import Live
from bot.domain.programme import Slot, Talk, Window

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Course:
    """How a slot goes.

    start, end  when it begins and ends, as far as is known.
    live   what its chair said; None where nobody has said anything of it at this time.
    late   minutes that what comes next is behind; below 0 ahead.
    full   its room is full.
    after  what comes next in its room. over: minutes by which it would run into that, and which must be made up.
    """

    slot: Slot
    start: datetime
    end: datetime
    live: Live | None = None
    late: int = 0
    full: bool = False
    after: Slot | None = None
    over: int = 0


def of(slot: Slot, live: Live | None, *, room_id: int | None, after: Slot | None) -> Course:
    """The course of a slot. `after`: the next slot in its room, past whose start nothing is put."""
    if live is None or live.start != slot.start:
        return Course(slot, slot.start, slot.end, after=after)
    late = timedelta(minutes=live.late)
    start = live.began or slot.start + late
    end = max(slot.end, slot.end + late)
    over = 0
    if after is not None and end > after.start:
        over = -(-(end - after.start) // MINUTE)
        end = after.start
    return Course(
        slot,
        start=start,
        end=max(start, end) if live.finished is None else live.finished,
        live=live,
        late=live.late if live.finished is None else 0,
        full=live.full_room is not None and live.full_room == room_id and live.finished is None,
        after=after,
        over=over if live.finished is None else 0,
    )


def placed(course: Course, talks: Sequence[Talk], plan: Sequence[Window]) -> list[Window]:
    """When talks take place that were planned for these stretches of time, in order.

    What has begun stands. What comes is shifted by what the session is late; where that would run into the next slot
    of the room, the talks to come share what is left as they would have shared what there was. Nothing begins before
    its own printed time.
    """
    live = course.live
    if live is None or not talks:
        return list(plan)
    at = {one.talk_id: one.at for one in live.talks}
    last = max((place for place, talk in enumerate(talks) if talk.id in at), default=-1)
    starts = [at.get(talk.id, window.start) for talk, window in zip(talks[: last + 1], plan, strict=False)]
    starts += _coming(course, live, talks[last + 1 :], plan[last + 1 :])
    ends = [_end(course, starts, plan, place) for place in range(len(talks))]
    found = [Window(start=start, end=max(start, end)) for start, end in zip(starts, ends, strict=True)]
    if live.finished is None:
        return found
    over = live.finished
    return [
        *found[: max(last, 0)],
        *(Window(start=one.start, end=max(one.start, over)) for one in found[max(last, 0) : last + 1]),
        *(Window(start=min(one.start, over), end=min(one.end, over)) for one in found[last + 1 :]),
    ]


def _coming(course: Course, live: Live, talks: Sequence[Talk], plan: Sequence[Window]) -> list[datetime]:
    """The starts of what is still to come."""
    if not plan:
        return []
    late = timedelta(minutes=live.late)
    shifted = [
        window.start if talk.start is not None and live.late < 0 else window.start + late
        for talk, window in zip(talks, plan, strict=True)
    ]
    if not course.over or course.after is None:
        return shifted
    until = course.after.start
    first = min(shifted[0], until)
    span = course.slot.end - plan[0].start
    share = max(0.0, (until - first) / span) if span > timedelta() else 0.0
    return [first + round((window.start - plan[0].start) / MINUTE * share) * MINUTE for window in plan]


def _end(course: Course, starts: Sequence[datetime], plan: Sequence[Window], place: int) -> datetime:
    """The end of a talk: that of its slot, the start of the next, or as long after its start as was planned."""
    length = plan[place].end - plan[place].start
    if place + 1 < len(plan):
        joined = plan[place].end >= plan[place + 1].start
        return starts[place + 1] if joined else min(starts[place] + length, starts[place + 1])
    if plan[place].end < course.slot.end:
        return min(starts[place] + length, course.end)
    return course.end if course.late >= 0 else course.slot.end + timedelta(minutes=course.late)
