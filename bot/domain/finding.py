"""Something doubtful in a programme: what it is, where it stands, what was done about it."""

from typing import Literal

from pydantic import Field

from bot.domain.model import Model

Level = Literal["note", "warning", "error"]
Place = tuple[str | int, ...]


class Finding(Model):
    """One doubtful thing. `code` is a key of the catalogues (`finding.CODE`), `params` its parameters.

    level   note: read as printed, nothing lost; warning: a person should decide; error: the programme is refused.
    line    1-based line of the file read, where there is one.
    place   path into the programme document, e.g. ("slots", 3, "room"); formats turn it into a line.
    """

    code: str
    level: Level = "warning"
    line: int | None = None
    place: Place = ()
    params: dict[str, str] = Field(default_factory=dict)
