"""A stretch of time as somebody spoke of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Part = Literal["morning", "noon", "afternoon", "evening", "day"]

PARTS: dict[Part, tuple[int, int]] = {
    "morning": (0, 12),
    "noon": (12, 14),
    "afternoon": (12, 18),
    "evening": (18, 24),
    "day": (0, 24),
}
"""The hours from and to."""


@dataclass(frozen=True)
class When:
    """A stretch of time, aware, in the conference's timezone; start == end is a moment.

    part  how it was called, where it was called by name.
    """

    start: datetime
    end: datetime
    part: Part | None = None

    @property
    def is_moment(self) -> bool:
        return self.start == self.end

    def meets(self, start: datetime, end: datetime) -> bool:
        """Whether something from `start` to `end` belongs to it: what begins in the afternoon is of the afternoon."""
        return self.start <= start < self.end if self.part is not None else self.overlaps(start, end)

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether something from `start` to `end` goes on then."""
        return start <= self.start < end if self.is_moment else start < self.end and end > self.start
