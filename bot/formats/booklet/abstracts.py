"""The chapters of abstracts: what each talk's entry says, before it is known which talk of the plan it is."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.domain.finding import Finding
from bot.formats.booklet import names
from bot.formats.booklet.names import CHINESE, LATIN, ONE_LATIN
from bot.formats.booklet.scars import left, unwrapped, without_markup, without_tail
from bot.formats.booklet.sections import Chapter, Line, unglued
from bot.formats.booklet.text import bracketed, fold, join, mend, prefix, split_bracket, tidy

_SESSION = re.compile(
    r"^(?P<stray>[一二三四五六七八九十\d]+、)?\s*(?:[^\sA-Za-z]{2,8}\s*)?(?P<code>[A-Z]{1,2}\d{1,2})\s*专题\s*[:：]"
    r"\s*(?P<title>.+)$",
    re.ASCII,
)
_TALK = re.compile(r"^(?P<code>[A-Z]{1,2}\d{1,2}-\d{1,2})[\s.、:：]+(?P<title>.+)$", re.ASCII)
_INVITED = re.compile(r"^(?:大会)?(?P<code>(?:邀请|特邀|主旨|大会)报告\s*[一二三四五六七八九十\d]*)\s*$")
_ABSTRACT = re.compile(r"^(?:报告)?(?:摘\s*要|Abstract)\s*[:：]\s*", re.IGNORECASE)
_BIOGRAPHY = re.compile(r"^(?:(?:报告人|个人|作者)(?:简介|介绍)|简介|Biography|Bio)\s*[:：]\s*", re.IGNORECASE)
_NAME = rf"(?:{CHINESE}|{LATIN}|{ONE_LATIN})"
_SPEAKER = re.compile(
    rf"^(?P<names>{_NAME}(?:\s*[、/;；]\s*{_NAME})*)\s*[,，]\s*(?P<affiliation>.+)$",
)
_NEW_PARAGRAPH = re.compile(r"^(?:\[\d+\]|[(（]?\d{1,2}[)）.、]|[•·\-*]\s)")
_SENTENCE_ENDS = re.compile(r"[。！？.!?；;：:][”\"’')）\]】]*$")

INVITED = "INV"

# Folded characters from which a title at the start of an abstract is no coincidence.
SHORTEST_REPEATED = 8


@dataclass(frozen=True)
class Scar:
    """Characters that belong to nothing, and whether they stayed."""

    line: int
    text: str
    kept: bool = False


@dataclass(frozen=True)
class Entry:
    """One talk's entry. `session` is the code of the session it stands under, INVITED for invited talks.

    code        as printed; `邀请报告一` for an invited talk.
    line        of the entry's heading; `text_line` of its abstract.
    """

    session: str
    code: str
    title: str
    speakers: tuple[str, ...]
    affiliation: str
    abstract: str
    biography: str
    line: int
    text_line: int
    scars: tuple[Scar, ...]


@dataclass(frozen=True)
class SessionHeading:
    code: str
    title: str
    line: int


@dataclass
class _Block:
    """The lines of one entry while they are collected."""

    session: str
    code: str
    line: int
    lines: list[Line] = field(default_factory=list)


def is_about_abstracts(chapter: Chapter) -> bool:
    return "报告摘要" in "".join(chapter.heading.split())


def entries(chapters: Iterable[Chapter], findings: list[Finding]) -> tuple[list[Entry], list[SessionHeading]]:
    """All entries of the chapters of abstracts, in order, and the headings of the sessions between them."""
    found: list[Entry] = []
    sessions: list[SessionHeading] = []
    for chapter in chapters:
        blocks: list[_Block] = []
        session = ""
        for line in unglued(chapter):
            if line.glued:
                params = {"text": line.text[:60]}
                findings.append(Finding(code="heading-glued", level="note", line=line.number, params=params))
            if heading := _SESSION.match(line.text):
                session = heading["code"]
                sessions.append(SessionHeading(session, tidy(heading["title"]), line.number))
                if heading["stray"]:
                    params = {"where": session, "text": heading["stray"]}
                    findings.append(Finding(code="stray-characters", level="note", line=line.number, params=params))
            elif talk := _TALK.match(line.text):
                title = Line(line.number, talk["title"])
                blocks.append(_Block(session or talk["code"].split("-")[0], talk["code"], line.number, [title]))
            elif invited := _INVITED.match(line.text):
                session = INVITED
                blocks.append(_Block(INVITED, "".join(invited["code"].split()), line.number))
            elif blocks:
                blocks[-1].lines.append(line)
        found += [_entry(block, findings) for block in blocks]
    return found, sessions


def _entry(block: _Block, findings: list[Finding]) -> Entry:
    (_, head), *texts = _parts(block.lines)
    if "abstract" not in dict(texts):
        # Without its label an abstract begins after the title and the speaker.
        head, texts = head[:2], [("abstract", head[2:]), *texts]
    title, speakers, affiliation = _head(head)
    title, tail = without_tail(title)
    title, wrapped = unwrapped(title)
    written: dict[str, str] = {}
    for kind, lines in texts:
        if kind in written:
            # Most likely the heading above it was not read. Better no abstract than another talk's.
            params = {"printed": block.code}
            findings.append(Finding(code="text-skipped", line=lines[0].number, params=params))
        else:
            written[kind] = _written(lines)
    abstract, gone = without_markup(written.get("abstract", ""))
    text_line = next((lines[0].number for kind, lines in texts if kind == "abstract" and lines), block.line)
    scars = [Scar(block.line, text) for text in (tail, wrapped) if text]
    scars += [Scar(text_line, text) for text in gone]
    scars += [Scar(text_line, text, kept=True) for text in (left(abstract),) if text]
    return Entry(
        session=block.session,
        code=block.code,
        title=title,
        speakers=speakers,
        affiliation=affiliation,
        abstract=abstract,
        biography=without_markup(written.get("biography", ""))[0],
        line=block.line,
        text_line=text_line,
        scars=tuple(scars),
    )


def _parts(lines: list[Line]) -> Iterator[tuple[str, list[Line]]]:
    """The head, the abstract, the biography: each kind with its lines, its label taken away."""
    kind, collected = "head", list[Line]()
    for line in lines:
        for label, starts in (("abstract", _ABSTRACT), ("biography", _BIOGRAPHY)):
            if match := starts.match(line.text):
                yield kind, collected
                kind, collected = label, []
                line = Line(line.number, line.text[match.end() :])  # noqa: PLW2901 - the same line, without its label
                break
        collected.append(line)
    yield kind, collected


def _head(lines: list[Line]) -> tuple[str, tuple[str, ...], str]:
    """Title, speakers and affiliation. The speaker's line is the last that looks like one: titles have commas too."""
    speaker = next((n for n in range(len(lines) - 1, -1, -1) if _speaker(lines[n].text)), None)
    titles, rest = (lines[:speaker], lines[speaker:]) if speaker is not None else (lines[:1], lines[1:])
    title = _joined(line.text for line in titles)
    who = _joined(line.text for line in rest)
    if match := _speaker(who):
        return mend(title), names.split_list(match["names"]), bracketed(match["affiliation"])
    if re.fullmatch(_NAME, who):
        return mend(title), (names.clean(who),), ""
    return mend(join(title, who)), (), ""


def _speaker(text: str) -> re.Match[str] | None:
    """`刘徽, 曹魏` or, under an invited talk's title, `(刘徽, 曹魏)`."""
    before, inside = split_bracket(text)
    return _SPEAKER.match(inside if inside and not before else text.strip())


def _joined(lines: Iterable[str]) -> str:
    whole = ""
    for line in lines:
        whole = join(whole, line)
    return whole


def _written(lines: list[Line]) -> str:
    """A text in paragraphs. A page break in it looks like a paragraph, but stands in the middle of a sentence."""
    whole, previous = "", 0
    for line in lines:
        text = tidy(line.text)
        if not text:
            continue
        if not whole:
            whole = text
        elif _NEW_PARAGRAPH.match(text) or (_SENTENCE_ENDS.search(whole) and not text[0].islower()):
            whole += ("\n" if line.number == previous + 1 else "\n\n") + text
        else:
            whole = join(whole, text)
        previous = line.number
    return whole


def repeats_title(abstract: str, title: str) -> str | None:
    """The abstract without the title that it begins with; None where it does not begin with it."""
    end = prefix(abstract, title) if len(fold(title)) >= SHORTEST_REPEATED else None
    rest = abstract[end:] if end else ""
    # After a title a new sentence begins; a sentence that has a title's words goes on.
    return rest.strip() if rest[:1].isspace() and rest.strip() and not rest.strip()[0].islower() else None
