"""Moments as UTC text of one width, so that text order is time order: 2025-08-09T05:30:00.000Z."""

from datetime import UTC, datetime


def text(moment: datetime) -> str:
    """UTC text with milliseconds. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
