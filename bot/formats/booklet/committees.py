"""The chapter on the organisation: committees, organisers, and the lists that the day plan repeats."""

import re
from dataclasses import dataclass, field

from bot.domain.finding import Finding
from bot.formats.booklet import names
from bot.formats.booklet.names import CHINESE, LATIN, Named
from bot.formats.booklet.plan import Item
from bot.formats.booklet.sections import Chapter
from bot.formats.booklet.text import bracketed, fold, split_bracket, tidy

_ORDER = re.compile(r"[（(][^（()）]*(?:排序|排名|顺序|不分先后)[^（()）]*[)）]")
_RANK = re.compile(r"(?:院士|教授|研究员|工程师|博士|主任|院长|所长|校长|老师|先生|女士|Prof\.?|Dr\.?)$")
_HEADING = re.compile(r"(?:委员会|主席|成员|委员|秘书|单位|组|论坛|报告人|嘉宾)$")
_ORGANISERS = re.compile(r"主办|承办")
_CO_ORGANISERS = re.compile(r"协办|支持|赞助")


@dataclass(frozen=True)
class Listed:
    """A member of a list; `note` is the rank printed before the affiliation."""

    who: Named
    note: str = ""


@dataclass(frozen=True)
class List:
    heading: str
    line: int
    members: tuple[Listed, ...]


@dataclass
class Organisation:
    committees: list[List] = field(default_factory=list)
    panels: list[List] = field(default_factory=list)
    invited: list[List] = field(default_factory=list)
    organisers: list[str] = field(default_factory=list)
    co_organisers: list[str] = field(default_factory=list)


def organisation(chapters: list[Chapter]) -> Organisation:
    """The lists of the chapter; headings that have none (they stand above others) are left out."""
    found = Organisation()
    chapter = next((chapter for chapter in chapters if "组织" in chapter.heading), None)
    heading, line, texts = "", 0, list[tuple[int, str]]()
    for printed in chapter.lines if chapter else ():
        text = printed.text.strip()
        if not text:
            continue
        if title := _heading(text):
            _file(found, heading, line, texts)
            heading, line, texts = title[0], printed.number, []
            text = title[1]
        if text:
            texts.append((printed.number, text))
    _file(found, heading, line, texts)
    return found


def _heading(text: str) -> tuple[str, str] | None:
    """A heading without its remark on the order of names, and what follows on its line; None if it is a member."""
    plain = tidy(_ORDER.sub("", text))
    label, colon, rest = plain.replace("：", ":", 1).partition(":")
    if colon and len(label) <= 20:
        return label.strip(), rest.strip()
    if plain != tidy(text) or (_HEADING.search(plain) and len(plain) <= 20):
        return plain, ""
    return None


def _file(found: Organisation, heading: str, line: int, texts: list[tuple[int, str]]) -> None:
    if not texts or not heading:
        return
    if _ORGANISERS.search(heading) or _CO_ORGANISERS.search(heading):
        units = [bracketed(unit) for _, text in texts for unit in names.split_outside_brackets(text)]
        (found.organisers if _ORGANISERS.search(heading) else found.co_organisers).extend(units)
        return
    parts = [(number, part) for number, text in texts for part in names.split_outside_brackets(text)]
    members = [_member(part, number) for number, part in parts]
    listed = List(heading, line, tuple(member for member in members if member.who.name))
    if re.search(r"论坛|圆桌|座谈", heading):
        found.panels.append(listed)
    elif "报告人" in heading:
        found.invited.append(listed)
    else:
        found.committees.append(listed)


def _member(text: str, line: int) -> Listed:
    name, inside = split_bracket(text)
    first, *others = names.split_outside_brackets(inside) or [""]
    if not re.fullmatch(f"{CHINESE}|{LATIN}", names.clean(name)):
        name = tidy(name)
    if others and _RANK.search(first):
        return Listed(Named(names.clean(name), bracketed("，".join(others)), line), first)
    if others and _RANK.search(others[-1]):
        return Listed(Named(names.clean(name), bracketed("，".join([first, *others[:-1]])), line), others[-1])
    if not others and _RANK.search(first):
        return Listed(Named(names.clean(name), "", line), first)
    return Listed(Named(names.clean(name), bracketed("，".join([first, *others])), line))


def compare(found: Organisation, items: list[Item], findings: list[Finding]) -> None:
    """Whether the lists of panelists and of invited speakers name whom the day plan names."""
    panelists = [one.name for item in items for one in item.panel]
    speakers = [name for item in items if item.kind == "invited" for talk in item.talks for name in talk.speakers]
    for code, lists, planned in (
        ("panel-differs", found.panels, panelists),
        ("invited-differs", found.invited, speakers),
    ):
        for listed in lists:
            here = {fold(member.who.name): member.who.name for member in listed.members}
            there = {fold(name): name for name in planned}
            if here.keys() != there.keys():
                params = {
                    "only_list": names.listed(here[key] for key in here if key not in there),
                    "only_plan": names.listed(there[key] for key in there if key not in here),
                }
                findings.append(Finding(code=code, line=listed.line, params=params))
