"""The programme as staff have made it by now, kept by a second hand: from what was confirmed.

An edit is a list of settings, each with what it found; taken back they are set the other way round. What people plan by
are the facts of a thing: its official times, its room, whether it takes place.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Thing:
    """Something that can be starred, by the name that buttons give it; `session` is the session it is part of.

    own  its times are official, and no share of its session's.
    """

    name: str
    start: datetime
    session: str = ""
    end: datetime | None = None
    room: str = ""
    code: str = ""
    own: bool = False


@dataclass(frozen=True)
class Facts:
    """What people plan by."""

    start: datetime
    end: datetime
    room: str
    cancelled: bool


@dataclass(frozen=True)
class Setting:
    """One field of one thing: start, end, room, cancelled. A talk's times are None as long as it has a share."""

    name: str
    field: str
    before: Any
    after: Any


Edit = tuple[Setting, ...]


@dataclass(frozen=True)
class _Piece:
    """A session, an item or a talk. `offset`, `length`: the share of a talk."""

    name: str
    code: str
    session: str
    start: datetime | None
    end: datetime | None
    room: str = ""
    cancelled: bool = False
    offset: timedelta = timedelta()
    length: timedelta = timedelta()


class Board:
    """`things` are what one is reminded of; `sessions` what talks are part of."""

    def __init__(self, things: Sequence[Thing], sessions: Sequence[Thing] = ()) -> None:
        parts: defaultdict[str, list[Thing]] = defaultdict(list)
        for thing in things:
            if thing.session:
                parts[thing.session].append(thing)
        whole = {one.name: one for one in sessions}
        for name, talks in parts.items():
            ends = [talk.end for talk in talks if talk.end is not None]
            alone = Thing(name, min(talk.start for talk in talks), end=max(ends, default=None), room=talks[0].room)
            whole.setdefault(name, alone)
        items = {thing.name: thing for thing in things if not thing.session}
        self.names = tuple(thing.name for thing in things)
        self.parts = {name: tuple(talk.name for talk in talks) for name, talks in parts.items()}
        self.edits = 0
        """How many were applied."""
        self._pieces = {one.name: _whole(one) for one in (whole | items).values()}
        for thing in things:
            if thing.session:
                self._pieces[thing.name] = _talk(thing, whole[thing.session])

    @property
    def sessions(self) -> list[str]:
        """Those with a code."""
        return [name for name in self.parts if self._pieces[name].code]

    def code(self, name: str) -> str:
        return self._pieces[name].code

    def session_of(self, name: str) -> str:
        """The session that a thing is part of; itself where it is whole."""
        return self._pieces[name].session or name

    def times(self, name: str) -> tuple[datetime, datetime]:
        """When it is: a talk's own times, or its share."""
        piece = self._pieces[name]
        begins = piece.start or self.times(piece.session)[0] + piece.offset
        return begins, piece.end or begins + piece.length

    def room(self, name: str) -> str:
        return self._pieces[self.session_of(name)].room

    def cancelled(self, name: str) -> bool:
        return self._pieces[name].cancelled or self._pieces[self.session_of(name)].cancelled

    def is_off(self, name: str) -> bool:
        """Whether it was called off itself."""
        return self._pieces[name].cancelled

    def takes_place(self, session: str) -> bool:
        """Whether anything of it does."""
        parts = self.parts.get(session, ())
        return not self.is_off(session) and not (parts and all(map(self.is_off, parts)))

    def has_own_times(self, name: str) -> bool:
        """Whether its times are official, and no share of its session's."""
        return self._pieces[name].start is not None

    def in_order(self, session: str) -> list[str]:
        """Its talks, as they follow each other."""
        return sorted(self.parts.get(session, ()), key=lambda name: self.times(name)[0])

    def free_until(self, session: str) -> datetime | None:
        """When what comes next in its room begins; None after the last."""
        room, end = self.room(session), self.times(session)[1]
        return min(
            (
                piece.start
                for name, piece in self._pieces.items()
                if not piece.session and room and name != session and piece.room == room and not piece.cancelled
                if piece.start is not None and piece.start >= end
            ),
            default=None,
        )

    def called_off(self) -> list[str]:
        """What was called off itself."""
        return [name for name, piece in self._pieces.items() if piece.cancelled and piece.code]

    def facts(self, name: str) -> Facts:
        piece, whole = self._pieces[name], self.times(self.session_of(name))
        return Facts(piece.start or whole[0], piece.end or whole[1], self.room(name), self.cancelled(name))

    # What staff do.

    def move(self, session: str, room: str) -> Edit:
        return self._settings(session, room=room)

    def swap_rooms(self, one: str, other: str) -> Edit:
        return (*self.move(one, self.room(other)), *self.move(other, self.room(one)))

    def delay(self, session: str, by: timedelta) -> Edit:
        """Talks with times of their own go along."""
        edit: list[Setting] = []
        for name in (session, *self.parts[session]):
            piece = self._pieces[name]
            if piece.start is not None:
                edit += self._settings(name, start=piece.start + by, end=(piece.end or piece.start) + by)
        return tuple(edit)

    def swap_times(self, one: str, other: str) -> Edit:
        (start, end), (begins, ends) = self.times(one), self.times(other)
        return (*self._settings(one, start=begins, end=ends), *self._settings(other, start=start, end=end))

    def off(self, name: str, *, cancelled: bool) -> Edit:
        return self._settings(name, cancelled=cancelled)

    def apply(self, edit: Iterable[Setting]) -> None:
        self.edits += 1
        for one in edit:
            self._pieces[one.name] = replace(self._pieces[one.name], **{one.field: one.after})

    def _settings(self, name: str, **fields: Any) -> Edit:
        piece = self._pieces[name]
        found = [Setting(name, field, getattr(piece, field), after) for field, after in fields.items()]
        return tuple(one for one in found if one.before != one.after)


def back(edit: Edit) -> Edit:
    """The edit that takes this one back."""
    return tuple(Setting(one.name, one.field, one.after, one.before) for one in reversed(edit))


def _whole(one: Thing) -> _Piece:
    return _Piece(one.name, one.code, "", one.start, one.end, one.room)


def _talk(one: Thing, session: Thing) -> _Piece:
    end = one.end or one.start
    start, until = (one.start, end) if one.own else (None, None)
    offset, length = one.start - session.start, end - one.start
    return _Piece(one.name, one.code, session.name, start, until, offset=offset, length=length)
