"""What the rows of the day plan mean: sessions with their talks, and the items between them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from bot.domain.finding import Finding
from bot.domain.programme import SlotKind
from bot.formats.booklet import names
from bot.formats.booklet.names import CHINESE, LATIN, Named
from bot.formats.booklet.rooms import Rooms, is_place
from bot.formats.booklet.scars import unwrapped
from bot.formats.booklet.table import Row
from bot.formats.booklet.text import CUT, PARAGRAPH, mend, prefix, split_bracket, tidy

_GAP = rf"[\s{CUT}{PARAGRAPH}]"
_SESSION = re.compile(
    rf"^(?:(?P<track>[^\sA-Za-z:：](?:{CUT}?[^\sA-Za-z:：]){{1,7}}){_GAP}*)?(?P<code>[A-Z]{{1,2}}\d{{1,2}}){_GAP}*"
    rf"(?:专{CUT}?题|专{CUT}?场)?{_GAP}*[:：]\s*(?P<rest>.*)$",
    re.DOTALL | re.ASCII,
)
_NO_TRACK = ("分会报告", "分会", "专题报告")
_KINDS: tuple[tuple[SlotKind, str], ...] = (
    ("invited", "邀请报告|特邀报告|大会报告|主旨报告"),
    ("panel", "圆桌|论坛|座谈"),
    ("break", "茶歇|休息|coffee|break"),
    ("meal", "餐|宴|lunch|dinner"),
    ("check-in", "签到|注册|报到"),
    ("opening", "致辞|开幕"),
)
_PLENARY = ("opening", "invited", "panel")
_INVITED = re.compile(rf"^(?P<label>\S*报告[一二三四五六七八九十\d]*){_GAP}*[:：]?\s*(?P<rest>.*)$", re.DOTALL)


@dataclass(frozen=True)
class PlannedTalk:
    title: str
    speakers: tuple[str, ...]
    affiliation: str = ""


@dataclass(frozen=True)
class Item:
    """A row of the day plan, understood. `room` is a room's name; `note` is what stands in its place."""

    row: Row
    kind: SlotKind
    title: str
    code: str = ""
    track: str = ""
    talks: tuple[PlannedTalk, ...] = ()
    panel: tuple[Named, ...] = ()
    chairs: tuple[str, ...] = ()
    room: str | None = None
    note: str = ""


Titles = Mapping[str, list[str]]  # a session's titles by speaker


@dataclass(frozen=True)
class Known:
    """What the abstracts and lists know, to tell names from words: everybody, and each session's titles by speaker."""

    everyone: frozenset[str] = frozenset()
    titles: Mapping[str, Titles] = field(default_factory=dict)


def items(rows: list[Row], known: Known, rooms: Rooms, findings: list[Finding]) -> list[Item]:
    """The items in the order of the plan, each in its room."""
    found = [_item(row, known, findings) for row in rows]
    findings += [_note("row-cut", item.row, where=item.code or item.title) for item in found if item.row.cut]
    return _placed(_chaired(found, known, findings), rooms, findings)


def _item(row: Row, known: Known, findings: list[Finding]) -> Item:
    text = row.activity
    if session := _SESSION.match(text):
        code, track = session["code"], mend(session["track"] or "")
        title, talks = _talks(session["rest"], known.titles.get(code, {}), known.everyone)
        item = Item(row, "session", title, code, "" if track in _NO_TRACK else track, talks)
        if not talks:
            findings.append(Finding(code="session-without-talks", line=row.line, params={"code": code}))
        return _without_scars(item, findings)
    kind = _kind(text)
    if kind == "invited" and (invited := _INVITED.match(text)):
        before, affiliation = split_bracket(mend(invited["rest"]))
        title, speaker = names.take_last(before, known.everyone)
        if not speaker:
            findings.append(Finding(code="speaker-missing", line=row.line, params={"title": title}))
        talk = PlannedTalk(title, (speaker,) if speaker else (), affiliation)
        return _without_scars(Item(row, kind, mend(invited["label"]), talks=(talk,)), findings)
    if kind == "panel":
        title, panel = _panel(mend(text), row, known)
        return Item(row, kind, title, panel=panel)
    return Item(row, kind, mend(text))


def _note(code: str, row: Row, /, **params: str) -> Finding:
    return Finding(code=code, level="note", line=row.line, params=params)


def _kind(text: str) -> SlotKind:
    """What a row is, by its first word: what follows may be a title, which may say anything."""
    head = "".join(re.split(_GAP, text, maxsplit=1)[:1])
    return next((kind for kind, words in _KINDS if re.search(words, head, re.IGNORECASE)), "other")


def _without_scars(item: Item, findings: list[Finding]) -> Item:
    talks = []
    for number, talk in enumerate(item.talks, 1):
        title, scars = unwrapped(talk.title)
        if scars:
            where = f"{item.code}-{number}" if item.code else item.title
            findings.append(_note("stray-characters", item.row, where=where, text=scars))
        talks.append(replace(talk, title=title))
    return replace(item, talks=tuple(talks))


def _talks(text: str, titles: Titles, everyone: Collection[str]) -> tuple[str, tuple[PlannedTalk, ...]]:
    """A session's title and talks from `title name: title name: title`, where titles have colons too."""
    starts = _boundaries(text, titles, everyone)
    title = mend(text[: starts[0].start()] if starts else text)
    ends = [*(match.start() for match in starts), len(text)][1:]
    talks = tuple(
        PlannedTalk(mend(text[match.end() : end]), names.split_list(match["names"]))
        for match, end in zip(starts, ends, strict=True)
    )
    return title, talks


def _boundaries(text: str, titles: Titles, everyone: Collection[str]) -> list[re.Match[str]]:
    """Where the talks begin: at a name before a colon.

    Certain are the names of this session's speakers according to the abstracts, names known from elsewhere, and any
    name at the start of a paragraph. A mere word of two to four characters may be the part of a title before its colon.
    """
    certain = {match.start(): match for match in _before_colon(text, f"{CHINESE}|{LATIN}", after=PARAGRAPH)}
    if known := names.pattern({*everyone, *titles}):
        certain |= {match.start(): match for match in _before_colon(text, known)}
    told = {name for match in certain.values() for name in names.split_list(match["names"])}
    for name in sorted(titles.keys() - told):
        # The blank before a name may have been lost; a speaker's own name before a colon is still no word of a title.
        certain |= {match.start(): match for match in _before_colon(text, names.pattern([name]), after=".")}
    told.update(name for match in certain.values() for name in names.split_list(match["names"]))
    complete = bool(titles) and titles.keys() <= told

    words = {match.start(): match for match in _before_colon(text, CHINESE)}
    found: list[re.Match[str]] = []
    for start, match in sorted((words | certain).items()):
        if start in certain or _is_name(text, start, found[-1] if found else None, titles, complete=complete):
            found.append(match)
    return found


def _is_name(text: str, start: int, before: re.Match[str] | None, titles: Titles, *, complete: bool) -> bool:
    """Whether a word before a colon is a speaker whom the abstracts don't have.

    Not right behind a speaker, for a talk has a title; not within the title that the abstracts have for the speaker
    before; behind that title certainly. Else only while speakers of the session are missing.
    """
    if before is None:
        return not complete
    if not text[before.end() : start].strip():
        return False
    of_speaker = [title for name in names.split_list(before["names"]) for title in titles.get(name, ())]
    ends = [end for title in of_speaker if (end := prefix(text[before.end() :], title))]
    return start >= before.end() + max(ends) if ends else not complete


def _before_colon(text: str, name: str, after: str = rf"[\s{CUT}{PARAGRAPH}]") -> list[re.Match[str]]:
    several = rf"(?P<names>(?:{name})(?:\s*[、，,/]\s*(?:{name}))*)"
    before = rf"(?:^|(?<={after}))" if after != PARAGRAPH else f"(?<={PARAGRAPH})"
    return list(re.finditer(rf"{before}{several}[\s{CUT}]*[：:]", text))


def _panel(text: str, row: Row, known: Known) -> tuple[str, tuple[Named, ...]]:
    """`圆桌论坛 刘徽（曹魏）、祖冲之（刘宋）` as title and panelists."""
    first, *others = names.split_outside_brackets(text)
    before, affiliation = split_bracket(first)
    title, name = names.take_last(before, known.everyone)
    if not title or not (affiliation or others):
        return tidy(text), ()
    panelists = [names.with_affiliation(f"{name}({affiliation})", row.line)]
    panelists += [names.with_affiliation(other, row.line) for other in others]
    return title.rstrip("：:"), tuple(panelist for panelist in panelists if panelist.name)


def _chaired(found: list[Item], known: Known, findings: list[Finding]) -> list[Item]:
    """Chairs from their column. Between invited talks without a break a blank cell is merged with the one above."""
    chaired: list[Item] = []
    for item in found:
        chairs = names.chairs(item.row.chair, known.everyone)
        early = names.chairs(item.row.chair.split(CUT)[0], known.everyone)
        late = [chair for chair in chairs if chair not in early]
        if late and len(chairs) > len(early):
            findings.append(_note("chair-cut", item.row, where=item.code or item.title, chairs="、".join(late)))
        above = chaired[-1] if chaired else None
        if not chairs and item.kind == "invited" and above and above.kind == "invited" and above.chairs:
            chairs = above.chairs
            findings.append(_note("chair-as-above", item.row, title=item.title, chairs="、".join(chairs)))
        chaired.append(replace(item, chairs=chairs))
    return chaired


def _placed(found: list[Item], rooms: Rooms, findings: list[Finding]) -> list[Item]:
    """Rooms from their column. In the plenary block a blank cell means "as above", across breaks, until a session."""
    placed: list[Item] = []
    above: str | None = None
    for item in found:
        cell = item.row.place
        if placed and (item.row.start.date() != placed[-1].row.start.date() or placed[-1].kind == "session"):
            above = None
        if item.kind in ("break", "meal", "check-in", "other"):
            placed.append(item)
            continue
        if is_place(cell):
            room: str | None = rooms.add(cell)
        elif item.kind in _PLENARY and not cell and above:
            room = above
            findings.append(_note("room-as-above", item.row, title=item.title, room=room))
        else:
            room = None
            findings.append(Finding(code="room-missing", line=item.row.line, params={"title": item.code or item.title}))
        above = room if item.kind in _PLENARY else None
        placed.append(replace(item, room=room, note=mend(cell) if room is None else ""))
    return [_between(item, rooms) for item in placed]


def _between(item: Item, rooms: Rooms) -> Item:
    """A break or meal: in a room where the plan names one that it also uses for talks, else with a note."""
    if item.kind in (*_PLENARY, "session") or not item.row.place:
        return item
    if is_place(item.row.place) and (item.kind == "other" or rooms.knows(item.row.place)):
        return replace(item, room=rooms.add(item.row.place))
    return replace(item, note=mend(item.row.place))
