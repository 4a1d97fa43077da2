"""Which entry of the abstracts is which talk of the day plan."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.finding import Finding
from bot.formats.booklet.abstracts import INVITED, Entry, SessionHeading
from bot.formats.booklet.names import listed
from bot.formats.booklet.plan import Item, PlannedTalk
from bot.formats.booklet.text import fold

# The plan's title with up to this many characters behind it has caught a piece of something else.
LONGEST_STRAY = 3


@dataclass(frozen=True)
class Matched:
    """A talk of the plan at its place: the `number`-th talk of `item`, with its entry if it has one."""

    item: Item
    talk: PlannedTalk
    code: str
    entry: Entry | None


def match(items: Iterable[Item], entries: Iterable[Entry], findings: list[Finding]) -> list[Matched]:
    """The talks in the order of the plan. By speaker within the session, then by title, then across sessions."""
    places = list(_places(items))
    waiting = list(entries)
    found: dict[str, Entry] = {}
    for is_match in (_same, _same_speaker, _same_title, _same_elsewhere):
        for item, talk, code in places:
            if code in found:
                continue
            entry = next((entry for entry in waiting if is_match(_session(item), talk, entry)), None)
            if entry:
                waiting.remove(entry)
                found[code] = entry
    matched = [Matched(item, talk, code, found.get(code)) for item, talk, code in places]
    for one in matched:
        _report(one, findings)
    for entry in waiting:
        _report_scars(entry, entry.code, findings)
        params = {"printed": entry.code, "title": entry.title, "speakers": listed(entry.speakers)}
        findings.append(Finding(code="abstract-without-talk", line=entry.line, params=params))
    return matched


def _places(items: Iterable[Item]) -> Iterable[tuple[Item, PlannedTalk, str]]:
    """Every talk with the code that its place gives it."""
    invited = 0
    used: set[str] = set()
    for item in items:
        for number, talk in enumerate(item.talks, 1):
            if item.kind == "session":
                code = f"{item.code}-{number}"
            else:
                invited += 1
                code = f"{INVITED}-{invited}"
            while code in used:  # a session printed twice; which of the two is wrong is not ours to say
                code += "'"
            used.add(code)
            yield item, talk, code


def _session(item: Item) -> str:
    return item.code if item.kind == "session" else INVITED


def _speakers(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold, names))


def _same(session: str, talk: PlannedTalk, entry: Entry) -> bool:
    return _same_speaker(session, talk, entry) and fold(talk.title) == fold(entry.title)


def _same_speaker(session: str, talk: PlannedTalk, entry: Entry) -> bool:
    return entry.session == session and not _speakers(talk.speakers).isdisjoint(_speakers(entry.speakers))


def _same_title(session: str, talk: PlannedTalk, entry: Entry) -> bool:
    return entry.session == session and fold(talk.title) == fold(entry.title)


def _same_elsewhere(session: str, talk: PlannedTalk, entry: Entry) -> bool:
    return _same(entry.session, talk, entry) and session != entry.session


def _report(matched: Matched, findings: list[Finding]) -> None:
    entry, code, talk = matched.entry, matched.code, matched.talk
    if entry is None:
        params = {"code": code, "title": talk.title}
        findings.append(Finding(code="talk-without-abstract", line=matched.item.row.line, params=params))
        return

    def report(finding: str, **params: str) -> None:
        level = "note" if finding in ("code-offset", "stray-characters") else "warning"
        findings.append(Finding(code=finding, level=level, line=entry.line, params=params))

    _report_scars(entry, code, findings)
    if entry.session != _session(matched.item):
        report("session-differs", code=code, printed=entry.code)
    elif entry.code != (matched.item.title if entry.session == INVITED else code):
        report("code-offset", code=code, printed=entry.code)
    if _speakers(entry.speakers) != _speakers(talk.speakers):
        report("speaker-differs", code=code, plan=listed(talk.speakers), abstract=listed(entry.speakers))
    if fold(entry.title) != fold(talk.title):
        more = entry.title.removeprefix(talk.title).strip()
        if more != entry.title and len(more) <= LONGEST_STRAY:
            report("stray-characters", where=code, text=more)
        else:
            report("title-differs", code=code, plan=talk.title, abstract=entry.title)


def _report_scars(entry: Entry, code: str, findings: list[Finding]) -> None:
    for scar in entry.scars:
        params = {"where": code, "text": scar.text}
        finding = "stray-characters-kept" if scar.kept else "stray-characters"
        findings.append(Finding(code=finding, level="note", line=scar.line, params=params))


def compare_sessions(items: Iterable[Item], headings: Iterable[SessionHeading], findings: list[Finding]) -> None:
    """Sessions whose title above their abstracts is another than in the plan."""
    planned = {item.code: item.title for item in items if item.code}
    for heading in headings:
        title = planned.get(heading.code)
        if title is not None and fold(title) != fold(heading.title):
            params = {"code": heading.code, "plan": title, "abstract": heading.title}
            findings.append(Finding(code="session-title-differs", line=heading.line, params=params))
