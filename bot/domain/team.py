"""Who works on a conference: roles, and the one-time links by which people come to them."""

from datetime import datetime
from typing import Literal

from bot.domain.model import Model
from bot.domain.programme import Slot
from bot.domain.timetable import Event, Timetable

Role = Literal["staff", "chair", "speaker"]


class Holding(Model):
    """A role of a user. `subject_id`: the session of a chair, the talk of a speaker, 0 for staff.

    person_id  whom the user is linked to, where the role comes of that.
    """

    user_id: int
    role: Role
    subject_id: int
    person_id: int | None = None


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


class Claim(Model):
    """A user who says that they are a person of the programme; once it is confirmed, they are linked to it."""

    id: int
    user_id: int
    person_id: int
    state: Literal["open", "confirmed", "declined", "ended"]
    decided_by: int | None


class Member(Model):
    """Somebody who works on the conference. `name` is empty where none is known; `people`: whom they are linked to."""

    user_id: int
    name: str
    owner: bool
    holdings: tuple[Holding, ...]
    people: tuple[int, ...] = ()

    def has(self, role: Role) -> bool:
        return any(one.role == role for one in self.holdings)


class Roster(Model):
    """Everybody who works on the conference, and the links that nobody has used yet, the oldest first.

    claims     those that wait for staff, the oldest first.
    strangers  how many of the owners whom the settings name have never come.
    """

    members: tuple[Member, ...]
    invitations: tuple[Invitation, ...]
    claims: tuple[Claim, ...]
    strangers: int


class News(Model):
    """What happened to a role: somebody came to it by a link (`joined`), it was taken or given; or to a claim.

    person_id  whom a claim is about. who: whom the reader is told about, where that is not the reader.
    """

    what: Literal["joined", "taken", "given", "linked", "unlinked", "declined"]
    role: Role = "staff"
    subject_id: int = 0
    person_id: int | None = None
    who: str = ""


def subject(timetable: Timetable, role: Role, subject_id: int) -> Slot | Event | None:
    """The session of a chair, the talk of a speaker; None for staff, and for what has left the programme."""
    if role == "chair":
        return timetable.slot(subject_id)
    return timetable.event(subject_id) if role == "speaker" else None
