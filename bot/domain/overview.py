"""What staff and operators see of the outbox."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.model import Model
from bot.domain.stars import Kind


class Stuck(Model):
    """A notice that is doubtful or failed, and why. `doubts`: how often nobody knows whether it arrived."""

    id: int
    kind: str
    user_id: int
    subject: Kind | None
    subject_id: int | None
    state: str
    reason: str | None
    doubts: int


class Overview(Model):
    """The outbox at a moment.

    counts   notices by kind and state.
    oldest   since when the one waits that waits longest, of those that may go.
    stuck    doubtful and failed notices that it is of use to send again, the newest first.
    blocked  how many failed because their users blocked the bot: they go again when those are back.
    """

    counts: Mapping[str, Mapping[str, int]]
    oldest: datetime | None
    stuck: tuple[Stuck, ...]
    blocked: int
