"""What people call the items of a programme: 茶歇, coffee, lunch, the opening."""

import tomllib
from datetime import tzinfo
from functools import cache
from pathlib import Path
from typing import NamedTuple

from bot.domain.programme import Slot


class Item(NamedTuple):
    """`hours`: the hours of the day in which a slot of this name starts."""

    name: str
    kind: str
    hours: range
    words: tuple[str, ...]

    def is_one(self, slot: Slot, zone: tzinfo) -> bool:
        """Whether a slot is such an item. Of kind "other" only its title tells."""
        if slot.kind != self.kind or slot.start.astimezone(zone).hour not in self.hours:
            return False
        titles = f"{slot.title} {slot.translation}".casefold()
        return self.kind != "other" or any(word in titles for word in self.words)


@cache
def items() -> tuple[Item, ...]:
    data = tomllib.loads(Path(__file__).with_name("items.toml").read_text("utf-8"))
    return tuple(
        Item(name, one["kind"], range(*one.get("hours", (0, 24))), tuple(one["words"])) for name, one in data.items()
    )


def called(slot: Slot, zone: tzinfo) -> list[str]:
    """What people call a slot besides its title; nothing for a session."""
    return [word for item in items() if item.is_one(slot, zone) for word in item.words]
