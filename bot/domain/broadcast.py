"""What staff say to many at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from bot.domain.model import Model, Text

Audience = Literal["all", "slot", "talk", "room", "zh", "en", "staff"]
State = Literal["open", "asked", "scheduled", "sent", "stopped", "dropped"]

MIRROR = "mirror"
"""The channel of the group or channel in which broadcasts to everybody can be read as well. Nobody sits there."""


class Attachment(Model):
    """A picture or a document that the channel has already, by its id there. `of_album`: one of several."""

    kind: Literal["photo", "document"]
    id: str
    of_album: bool = False


class Broadcast(Model):
    """`user_id`: the author, None once they are forgotten. `subject_id`: the slot, talk or room of the audience.

    due  when it is to go out, if not at once.
    """

    id: int
    user_id: int | None
    audience: Audience | None
    subject_id: int | None
    text: Text
    file: Attachment | None
    due: datetime | None
    state: State

    @property
    def is_complete(self) -> bool:
        """Whether it says something, to somebody."""
        return self.audience is not None and (bool(self.text) or self.file is not None)


class Tally(Model):
    """How many messages of a broadcast are in each state; who blocked the bot is told apart from what failed.

    mirror  the state of the one for the group or channel that reads along; None where there is none.
    """

    counts: Mapping[str, int]
    mirror: str | None = None

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """What is still to be settled without anybody's help."""
        return self.counts.get("waiting", 0) + self.counts.get("sending", 0)
