"""What stands in a user's calendar file, and how one file follows from the last they got."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.domain.model import Model
from bot.domain.stars import Kind, Stars, find
from bot.domain.timetable import Timetable
from bot.domain.told import Told, seen

Key = tuple[Kind, int]


class Entry(Model):
    """An event of a calendar file.

    facts      what makes a change of it real: official times, room, title, speakers, cancelled.
    start, end as shown; an estimate may shift without being a change.
    withdrawn  it was in an earlier file, and is no longer starred or no longer in the programme.
    sequence   raised by every real change; `modified` is when the last one was seen.
    """

    facts: Told
    start: datetime
    end: datetime
    summary: str
    location: str
    description: str
    withdrawn: bool = False
    sequence: int = 0
    modified: datetime

    @property
    def key(self) -> Key:
        return self.facts.kind, self.facts.subject_id

    @property
    def is_off(self) -> bool:
        return self.withdrawn or self.facts.cancelled


def following(before: Mapping[Key, Entry], wanted: Iterable[Entry], *, now: datetime) -> list[Entry]:
    """The entries of the next file, in order of start.

    before  those of the last file. Each stays for ever: whoever has it in their calendar must learn that it is off.
    """
    entries = {one.key: one for one in wanted if one.key in before or not one.is_off}
    for key, old in before.items():
        new = entries.get(key, old.model_copy(update={"withdrawn": True}))
        same = (new.facts, new.withdrawn) == (old.facts, old.withdrawn)
        since = {"sequence": old.sequence, "modified": old.modified}
        entries[key] = new.model_copy(update=since if same else {"sequence": old.sequence + 1, "modified": now})
    return sorted(entries.values(), key=lambda one: (one.start, one.key))


def is_outdated(before: Iterable[Entry], timetable: Timetable, stars: Stars, *, now: datetime) -> bool:
    """Whether the programme changed something that is still to come since it was put into a file.

    What its user un-starred is no news to them.
    """
    for entry in before:
        subject = find(timetable, *entry.key)
        if entry.withdrawn or max(entry.end, subject.end if subject else entry.end) <= now:
            continue
        if subject is None or (stars.has(subject) and seen(timetable, subject) != entry.facts):
            return True
    return False
