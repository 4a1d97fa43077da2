"""A conference's programme: what a programme file says, and what the database holds.

People and rooms are referred to by name. `id` is the row in the database, 0 until there is one; it is in no file.
Times are aware; a programme file gives them in the conference's timezone.
"""

from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.model import Lang, Model, Text, language_of

SlotKind = Literal["session", "opening", "invited", "panel", "break", "meal", "check-in", "other"]


class Window(Model):
    """A stretch of time, start inclusive, end exclusive."""

    start: datetime
    end: datetime


class Contact(Model):
    name: str
    email: str = ""
    phone: str = ""
    note: Text = Text()


class Member(Model):
    """A member of a committee; `note` is what is printed beside the name (院士, 教授)."""

    person: str
    note: str = ""


class Committee(Model):
    name: Text
    members: tuple[Member, ...] = ()


class Conference(Model):
    """One edition. `key` tells it from every other: one database holds one conference."""

    key: str
    name: Text
    timezone: str = "Asia/Shanghai"
    venue: Text = Text()
    address: Text = Text()
    website: str = ""
    check_in: tuple[Window, ...] = ()
    contacts: tuple[Contact, ...] = ()
    organisers: tuple[str, ...] = ()
    co_organisers: tuple[str, ...] = ()
    committees: tuple[Committee, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Room(Model):
    """A room. `name` refers to it; `printed` is the booklet's form where that is longer; `number` is on its door."""

    id: int = 0
    name: str
    printed: str = ""
    english: str = ""
    number: int | None = None
    aliases: tuple[str, ...] = ()
    capacity: int | None = None

    def label(self, lang: Lang) -> str:
        return self.english if lang == "en" and self.english else self.name


class Person(Model):
    """A speaker, chair, panelist or committee member.

    key        refers to the person: the name, or "name (affiliation)" where two share a name.
    latin      the name in Latin letters, Given Surname.
    biography  the author's words; only in the database of whoever imports the booklet.
    """

    id: int = 0
    key: str
    name: str
    latin: str = ""
    affiliation: str = ""
    biography: str = ""


class Institution(Model):
    name: str
    english: str = ""


class Talk(Model):
    """One presentation.

    title        as printed; translation: the title in the other language, ours.
    start, end   the talk's own official times; None when only its session has times (then it gets an equal share).
    cancelled    it does not take place; it stays in the programme, and may be restored.
    summary      one plain sentence in each language, ours.
    abstract     the author's words; only in the database of whoever imports the booklet.
    """

    id: int = 0
    code: str
    title: str
    translation: str = ""
    speakers: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    cancelled: bool = False
    summary: Text = Text()
    abstract: str = ""

    @property
    def titles(self) -> Text:
        return both(self.title, self.translation)


class Slot(Model):
    """One row of the day plan: a session (kind "session", with a code and talks) or an item.

    An invited talk is an item with one talk. `panel` are the panelists of a panel. `track` sets a group of sessions
    apart (学生分会). `note` is a line shown with the slot (见餐券).
    """

    id: int = 0
    kind: SlotKind
    code: str = ""
    title: str
    translation: str = ""
    track: Text = Text()
    start: datetime
    end: datetime
    room: str | None = None
    chairs: tuple[str, ...] = ()
    panel: tuple[str, ...] = ()
    note: Text = Text()
    cancelled: bool = False
    talks: tuple[Talk, ...] = ()

    @property
    def titles(self) -> Text:
        return both(self.title, self.translation)

    @property
    def is_session(self) -> bool:
        return self.kind == "session"

    @property
    def called_off(self) -> bool:
        """Whether nothing of it takes place."""
        return self.cancelled or bool(self.talks and all(talk.cancelled for talk in self.talks))

    def bounds(self) -> list[datetime]:
        """Where the equal shares of the talks begin and end, in whole minutes: one moment more than there are talks."""
        minutes, count = (self.end - self.start).total_seconds() / 60, len(self.talks)
        return [self.start + timedelta(minutes=round(minutes * n / count)) for n in range(count + 1)] if count else []

    def share(self, position: int) -> Window:
        """The equal share of the slot that the talk at `position` (0-based) gets when it has no time of its own."""
        bounds = self.bounds()
        return Window(start=bounds[position], end=bounds[position + 1])


class Programme(Model):
    conference: Conference
    rooms: tuple[Room, ...] = ()
    people: tuple[Person, ...] = ()
    institutions: tuple[Institution, ...] = ()
    slots: tuple[Slot, ...] = ()

    @property
    def sessions(self) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.slots if slot.is_session)

    @property
    def talks(self) -> tuple[Talk, ...]:
        return tuple(talk for slot in self.slots for talk in slot.talks)

    @property
    def speakers(self) -> frozenset[str]:
        return frozenset(key for talk in self.talks for key in talk.speakers)


def both(printed: str, translation: str) -> Text:
    """Title and translation by language."""
    if language_of(printed) == "zh":
        return Text(zh=printed, en=translation)
    return Text(zh=translation, en=printed)
