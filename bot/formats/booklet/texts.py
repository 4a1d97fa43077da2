"""Abstracts that are none: placeholders, and those pasted from another talk."""

import re
import unicodedata

from rapidfuzz import fuzz

from bot.domain.finding import Finding
from bot.formats.booklet.abstracts import Entry, repeats_title
from bot.formats.booklet.matching import Matched
from bot.formats.booklet.text import HANZI, fold

_NONE = frozenset({"", "无", "暂无", "略", "none", "na"})
_LATER = frozenset({"tbd", "tba", "待定", "待补充", "待通知"})
_MARK = re.compile(r"^[(（\[]\s*(?:tbd|tba|待定)\s*[)）\]]\s*", re.IGNORECASE)

# Percent of characters in the same order, after NFKC and without blanks, from which two abstracts are one text.
NEARLY_IDENTICAL = 95.0
# Shorter ones may well say the same in the same words.
SHORTEST_COPY = 30


def usable(matched: list[Matched], findings: list[Finding]) -> dict[str, str]:
    """The abstract of each talk that has one that can be shown, by the talk's code."""
    written = {one.code: text for one in matched if one.entry and (text := _written(one.code, one.entry, findings))}
    copies = [one for one in matched if one.code in written]
    for owner, copy in _pasted(copies, written):
        line = copy.entry.text_line if copy.entry else None
        findings.append(Finding(code="abstract-pasted", line=line, params={"code": copy.code, "other": owner.code}))
        written.pop(copy.code)
    return written


def _written(code: str, entry: Entry, findings: list[Finding]) -> str:
    """What an entry has as its abstract, without placeholders; "" where that is nothing."""

    def report(finding: str) -> None:
        level = "note" if finding in ("abstract-marked-tbd", "abstract-repeats-title") else "warning"
        findings.append(Finding(code=finding, level=level, line=entry.text_line, params={"code": code}))

    text = entry.abstract
    if fold(text) in _LATER:
        report("abstract-tbd")
        return ""
    if (unmarked := _MARK.sub("", text)) != text:
        report("abstract-marked-tbd")
        text = unmarked
    if fold(text) in _NONE:
        report("abstract-none")
        return ""
    rest = repeats_title(text, entry.title)
    if rest is not None:
        report("abstract-repeats-title")
        text = rest
    return text


def _pasted(matched: list[Matched], written: dict[str, str]) -> list[tuple[Matched, Matched]]:
    """Pairs of the talk that a text belongs to and a talk with another title that has the same text."""
    plain = {code: _plain(text) for code, text in written.items()}
    groups: list[list[Matched]] = []
    for one in matched:
        text = plain[one.code]
        group = next((group for group in groups if _nearly_identical(plain[group[0].code], text)), None)
        if group:
            group.append(one)
        else:
            groups.append([one])
    pairs = []
    for group in groups:
        owner = max(group, key=lambda one: _fitness(one.talk.title, written[one.code]))
        title = fold(owner.talk.title)
        pairs += [(owner, one) for one in group if one is not owner and fold(one.talk.title) != title]
    return pairs


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _nearly_identical(one: str, other: str) -> bool:
    if min(len(one), len(other)) < SHORTEST_COPY or 2 * abs(len(one) - len(other)) > 0.1 * (len(one) + len(other)):
        return False
    return fuzz.ratio(one, other, score_cutoff=NEARLY_IDENTICAL) >= NEARLY_IDENTICAL


def _fitness(title: str, text: str) -> float:
    """How much of a title's words, or pairs of Chinese characters, the text has."""
    text = unicodedata.normalize("NFKC", text).casefold()
    title = unicodedata.normalize("NFKC", title).casefold()
    words = set(re.findall(r"[a-z]{3,}", title))
    for run in re.findall(f"[{HANZI}]+", title):
        words.update(run[n : n + 2] for n in range(len(run) - 1))
    return sum(word in text for word in words) / len(words) if words else 0.0
