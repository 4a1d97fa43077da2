"""Who works on a conference: roles, and the one-time links by which people come to them."""

from datetime import datetime
from typing import Literal

from bot.domain.model import Model
from bot.domain.programme import Slot
from bot.domain.timetable import Event, Timetable

Role = Literal["staff", "chair", "speaker"]


class Holding(Model):
    """A role of a user. `subject_id`: the session of a chair, the talk of a speaker, 0 for staff."""

    user_id: int
    role: Role
    subject_id: int


class Invitation(Model):
    """A link that gives a role to whoever opens it first, until it expires or is revoked.

    used  when it was; whoever used it may have had themselves forgotten since.
    """

    id: int
    role: Role
    subject_id: int
    made_by: int | None
    expires: datetime
    used: datetime | None
    revoked: bool


def subject(timetable: Timetable, role: Role, subject_id: int) -> Slot | Event | None:
    """The session of a chair, the talk of a speaker; None for staff, and for what has left the programme."""
    if role == "chair":
        return timetable.slot(subject_id)
    return timetable.event(subject_id) if role == "speaker" else None
