"""The booklet as numbered lines, and the chapters they belong to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.visible import visible
from bot.formats.booklet.text import CUT, PARAGRAPH, fold

# 三、会议日程 in the text; 三、会议日程5 or 三、会议日程..... 5 on the contents page.
_HEADING = re.compile(r"^[一二三四五六七八九十]+、\s*(?P<title>.*?)[\s.…·]*\d*$")
_KNOWN = ("会务指南", "会议组织", "会议日程", "报告摘要", "会场分布")

# A heading that the converter glued to the end of a paragraph: **B4-1 Title**
_GLUED = re.compile(r"\*\*(?P<heading>(?:\S+\s+)?[A-Za-z]{1,2}\d{1,2}(?:\s*专题\s*[:：]|-\d{1,2}\s).*?)\*\*")


@dataclass(frozen=True)
class Line:
    """A line with its 1-based number in the file. `glued` headings were at the end of the line before."""

    number: int
    text: str
    glued: bool = False


@dataclass(frozen=True)
class Chapter:
    """A chapter of the booklet: its heading (会务指南, without the number) and the lines below it."""

    heading: str
    line: int
    lines: tuple[Line, ...]


def lines(text: str) -> list[Line]:
    """The lines of a text, blanks made plain, without marks of our own and what nobody sees.

    Numbers count line feeds, as editors do.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace(CUT, "").replace(PARAGRAPH, "").replace("\u3000", " ").replace("\xa0", " ")
    return [Line(number, line) for number, line in enumerate(visible(text).split("\n"), 1)]


def chapters(booklet: list[Line]) -> list[Chapter]:
    """The chapters in order, without the contents page, which repeats every heading."""
    headings = [(position, title) for position, line in enumerate(booklet) if (title := _title(line.text))]
    body, contents = _body(headings)
    starts: list[tuple[int, str]] = []
    for position, title in body:
        known = fold(title) in contents if contents else any(word in title for word in _KNOWN)
        if known and fold(title) not in {fold(earlier) for _, earlier in starts}:
            starts.append((position, title))
    ends = [*(position for position, _ in starts), len(booklet)][1:]
    return [
        Chapter(title, booklet[start].number, tuple(booklet[start + 1 : end]))
        for (start, title), end in zip(starts, ends, strict=True)
    ]


def _title(text: str) -> str:
    match = _HEADING.match(text.strip())
    return match["title"].strip() if match else ""


def _body(headings: list[tuple[int, str]]) -> tuple[list[tuple[int, str]], set[str]]:
    """The headings after the contents page, and what the contents page announces (nothing where there is none)."""
    seen: list[str] = []
    for index, (_, title) in enumerate(headings):
        # At least two before it repeats: a page header repeats one heading alone.
        if len(seen) > 1 and fold(title) == seen[0]:
            return headings[index:], set(seen)
        seen.append(fold(title))
    return headings, set()


def unglued(chapter: Chapter) -> Iterator[Line]:
    """The lines that are not blank, with headings torn off the paragraph they were glued to."""
    for line in chapter.lines:
        rest = line.text
        while match := _GLUED.search(rest):
            if match.start() and rest[: match.start()].strip():
                yield Line(line.number, rest[: match.start()].strip())
            yield Line(line.number, match["heading"].strip(), glued=bool(match.start()))
            rest = rest[match.end() :]
        if rest.strip():
            yield Line(line.number, rest.strip())
