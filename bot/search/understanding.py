"""One sentence, in Chinese or English, read by rules: what is asked, about whom, where, when and on which topic.

What is understood is taken out of the sentence piece by piece, the surest first: times, the room, the words that only
ask. What is left names an item such as lunch, somebody, a room, or a topic, or else nothing of this conference.
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal

from bot.domain.model import has_hanzi
from bot.domain.nth import Nth
from bot.domain.programme import Person, Room, Slot
from bot.domain.timetable import Timetable
from bot.domain.when import When
from bot.search.courtesy import bare
from bot.search.fold import fold
from bot.search.index import LONGEST, Index, Kind
from bot.search.items import items
from bot.search.ordinals import take_nth
from bot.search.phrases import Alone, is_alone, take_asked, take_info, trim
from bot.search.said import Said
from bot.search.spoken_rooms import take_room
from bot.search.spoken_times import take_time

What = Literal["talks", "now", "next", "room", "person", "when", "where", "item", "info", "unknown"]

_CERTAIN = 99.0  # score of what is called by its very name, title or code
_OF_TALKS = re.compile(r"报告|讲座|演讲|专题|有.+[吗么]|有没有|\b(?:talk|session|presentation|lecture|paper)s?\b")
_SESSIONS: tuple[Kind, ...] = ("session",)
_OF_SESSION = re.compile(r"专题|专场|分会|\bsession\b")
# Whether somebody speaks at some time: the answer is when they do.
_WHETHER = re.compile(r"(?:讲|发言|演讲)[吗么嘛]|讲不讲|会讲|要讲|^(?:does|is|will)\b.*\b(?:speak|talk|present|lectur)")
_ALONE: tuple[Alone, ...] = ("talks_alone", "next_alone", "info_alone")
# Titles of items in which a word that asks for talks stands.
_PROTECTED = re.compile(
    r"(?:大会邀请|大会|特邀|邀请|主旨)报告[一二三四五六\d]?|\b(?:invited talks?|keynotes?|plenar(?:y|ies))(?: \d)?\b"
)


@dataclass(frozen=True)
class Reading:
    """What a sentence asks.

    what   talks: which talks or sessions; now, next: what runs or comes; when, where: of who, item or topic; room,
           person, item: all about one; info: practical things; unknown: nothing that was understood.
    when   the time spoken of; for `now` this moment, for `next` none.
    topic  the words of the topic as typed; a code or a title is one too.
    item   a name of items.toml: lunch, tea break, check-in …
    nth    which one of those is asked for: the first, the last …
    session  the one whose talks are counted; `topic` is what it was called.
    """

    what: What
    who: Person | None = None
    where: Room | None = None
    when: When | None = None
    topic: str = ""
    item: str = ""
    nth: Nth | None = None
    session: Slot | None = None


@dataclass(frozen=True)
class _Left:
    """What the words left over name. `known`: the programme has something on the topic."""

    item: str = ""
    who: Person | None = None
    room: Room | None = None
    topic: str = ""
    known: bool = False
    alone: frozenset[str] = frozenset()


def read(text: str, index: Index, now: datetime) -> Reading:
    """The reading of a sentence. Any string has one; characters beyond the 200th are not read."""
    text = text[:LONGEST]
    if (plain := _called(text, index)) is not None:
        return plain
    said = Said(text)
    nth = take_nth(said)
    of_session = _OF_SESSION.search(said.text) is not None
    when = take_time(said, index.timetable, now)
    asked: set[str] = {"info"} if take_info(said) else set()
    where = take_room(said, index.rooms)
    protected = said.take_all(_PROTECTED)
    item = _long_item(said)
    asked |= take_asked(said)
    if _WHETHER.search(text.casefold()):
        asked.add("whether")
    if _OF_TALKS.search(text.casefold()):
        asked.add("talks")
    trim(said)
    left = _named(said, index, _Left(item=item, topic=" ".join(protected), known=bool(protected)))
    if nth is not None and left.item:
        nth = replace(nth, of="slot")
    session = _session(left.topic, index, spoken_of=of_session) if nth is not None and nth.of == "talk" else None
    reading = Reading("unknown", left.who, where or left.room, when, left.topic, left.item, nth, session)
    what = _what(reading, asked | left.alone, known=left.known)
    if what in {"unknown", "info"}:
        return Reading(what, item=left.item)
    if what == "now":
        local = index.timetable.local(now)
        return replace(reading, what=what, when=When(local, local))
    return replace(reading, what=what, when=None if what == "next" else when)


def _called(text: str, index: Index) -> Reading | None:
    """The reading of a text that is nothing but a name, a title or a code."""
    folded = fold(text)
    hit = next(iter(index.find(text, limit=1)), None)
    if hit is None or hit.score < _CERTAIN or bare(folded) != folded:
        return None
    if isinstance(hit.subject, Person):
        return Reading("person", who=hit.subject) if hit.why == "name" else None
    if hit.kind in {"talk", "session"} and hit.why in {"code", "title"} and hit.score >= 100:
        return Reading("talks", topic=text.strip())
    return None


def _session(topic: str, index: Index, *, spoken_of: bool) -> Slot | None:
    """The session that is called so; by its title only where a session is spoken of, for a title is a topic too."""
    hit = next(iter(index.find(topic, limit=1, kinds=_SESSIONS) if topic else ()), None)
    if hit is None or not hit.confident or not (hit.why == "code" or spoken_of):
        return None
    return hit.subject if isinstance(hit.subject, Slot) else None


def _long_item(said: Said) -> str:
    """The item whose longer name stands in a sentence, such as tea break or 圆桌论坛; its words are taken out."""
    for item in items():
        for word in sorted(item.words, key=len, reverse=True):
            at = said.text.find(word)
            if item.kind != "invited" and at >= 0 and (len(word) > 3 if has_hanzi(word) else re.search("[ -]", word)):
                said.take(at, at + len(word))
                return item.name
    return ""


def _named(said: Said, index: Index, left: _Left) -> _Left:
    """What the pieces that are left name, each by itself, besides what is known already."""
    topics = [left.topic] if left.topic else []
    known = left.known
    for start, end in said.pieces():
        piece = said.typed(start, end)
        folded = fold(piece)
        if not folded:
            continue
        alone = frozenset(kind for kind in _ALONE if is_alone(folded, kind))
        named = index.named(piece)
        if alone:
            left = replace(left, alone=left.alone | alone)
        elif not left.item and (item := _item(folded, index.timetable)):
            left = replace(left, item=item)
        elif isinstance(named, Person) and left.who is None:
            rest = index.besides(folded, named)
            about = rest if rest and index.named(rest) is True else ""
            topics += [about] if about else []
            known = known or bool(about)
            left = replace(left, who=named)
        elif isinstance(named, Room) and left.room is None:
            left = replace(left, room=named)
        else:
            topics.append(piece)
            known = known or named is not False
    return replace(left, topic=" ".join(topics), known=known)


def _item(folded: str, timetable: Timetable) -> str:
    """The item that a piece is called by, one of the programme first; "" when it is called so by nobody."""
    called = [
        item for item in items() if item.kind != "invited" and any(_is_called(folded, word) for word in item.words)
    ]
    there = (item for item in called if any(item.is_one(slot, timetable.zone) for slot in timetable.slots))
    return next((item.name for item in there), called[0].name if called else "")


def _is_called(folded: str, word: str) -> bool:
    """Whether a piece is a word, give or take the end of a question: 午餐吃 and 合影环节 are, 点云配准 is not."""
    if has_hanzi(word):
        return folded.startswith(word) and len(folded) - len(word) <= 2
    return folded.removesuffix("s") == _singular(word)


@lru_cache(1024)
def _singular(word: str) -> str:
    return fold(word).removesuffix("s")


def _what(reading: Reading, asked: AbstractSet[str], *, known: bool) -> What:  # noqa: C901, PLR0911, PLR0912 - a table of cases
    subject = reading.who or reading.item or (reading.topic and known)
    for question in ("when", "where"):
        if question in asked and (subject or reading.where or reading.nth) and "info" not in asked:
            return question
    if "whether" in asked and reading.who and not reading.topic:
        return "when"
    if "info" in asked or ("info_alone" in asked and not (subject or reading.nth)):
        return "info"
    if reading.item:
        return "item"
    if reading.topic and not known and "talks" not in asked:
        return "unknown"
    if "next" in asked or "next_alone" in asked:
        return "next"
    if "now" in asked:
        return "now"
    if reading.nth is not None:
        return "talks"
    if reading.who is not None:
        return "talks" if reading.when or reading.where or reading.topic or asked & {"talks", "speaks"} else "person"
    if reading.where is not None and not (reading.when or reading.topic):
        return "room"
    if reading.topic or reading.when or "talks" in asked or "talks_alone" in asked:
        if "when" in asked and not reading.topic:
            return "when"
        return "talks"
    return "when" if "when" in asked else "info" if "where" in asked else "unknown"
