"""Moments as UTC text of one width, so that text order is time order: 2025-08-09T05:30:00.000Z."""

from datetime import UTC, datetime
from typing import overload


@overload
def text(moment: datetime) -> str: ...
@overload
def text(moment: datetime | None) -> str | None: ...
def text(moment: datetime | None) -> str | None:
    """UTC text with milliseconds; None stays None. Raises ValueError for a time without a zone."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    """The moment of a column that may be empty."""
    return None if text is None else moment(text)
