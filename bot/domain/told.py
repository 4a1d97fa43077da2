"""What a user last saw of something they starred, and how that differs from what is true now."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.model import Model
from bot.domain.stars import Kind, Subject
from bot.domain.timetable import Timetable


class Told(Model):
    """The official times, the room, the state, the title and the speakers of a subject, as a user last saw them."""

    kind: Kind
    subject_id: int
    start: datetime
    end: datetime
    room_id: int | None
    cancelled: bool
    title: str
    speakers: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """What a user was last told of a subject, and what is true now. `new`: there was nothing to tell of it before."""

    subject: Subject
    told: Told
    now: Told
    new: bool = False


def seen(timetable: Timetable, subject: Subject) -> Told:
    """What somebody who is shown a subject now sees of it."""
    room = timetable.room(subject.slot.room)
    talk = subject.event.talk if subject.event else None
    return Told(
        kind=subject.kind,
        subject_id=subject.id,
        start=subject.official,
        end=talk.end if talk and talk.end else subject.slot.end,
        room_id=room.id if room else None,
        cancelled=subject.cancelled,
        title=talk.title if talk else subject.slot.title,
        speakers=talk.speakers if talk else (),
    )
