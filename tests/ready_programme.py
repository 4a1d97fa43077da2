"""The real programme, ready to be copied: not every test need wait until it is imported and indexed."""

from dataclasses import dataclass
from pathlib import Path

from bot.formats.glossary import Glossary
from bot.services.editions import Edition


@dataclass(frozen=True)
class Ready:
    """A database with the real programme in it, and that programme laid out and indexed. Only copied and read."""

    database: Path
    edition: Edition
    glossary: Glossary
