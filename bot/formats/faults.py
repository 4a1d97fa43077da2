"""What is wrong with a hand-written file: one fault each, with the field and the line it stands on."""

from collections.abc import Iterable

from bot.domain.finding import Place
from bot.domain.model import Model
from bot.domain.problem import Problem

EXCERPT = 60
"""Characters of a value that an error shows."""


class Fault(Model):
    """One thing to mend. `kind` is a key of the catalogues (`document.fault.KIND`); the rest are its parameters.

    field     the name of the field; in a list, the name of the list.
    value     what stands there, cut to a length that fits a line; "" where there is nothing to show.
    expected  what would be right: the nearest known field, or the values a field may have; "" where that is unknown.
    """

    line: int
    field: str
    kind: str
    value: str = ""
    expected: str = ""


def invalid(faults: Iterable[Fault]) -> Problem:
    """All faults of a file as one problem, in order of line."""
    ordered = sorted(faults, key=lambda fault: fault.line)
    return Problem("document.invalid", errors=[fault.model_dump() for fault in ordered])


def field_of(place: Place) -> str:
    """The name of the field at a place; in a list, the name of the list."""
    return next((step for step in reversed(place) if isinstance(step, str)), "")


def excerpt(value: object) -> str:
    """A value as it can be shown in an error: text only, and not much of it."""
    if not isinstance(value, str):
        return ""
    return value if len(value) <= EXCERPT else value[: EXCERPT - 1] + "…"
