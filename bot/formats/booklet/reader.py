"""From the text of a booklet to a programme."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.domain.checks import check
from bot.domain.finding import Finding
from bot.domain.problem import Problem
from bot.formats.booklet import abstracts, assembly, committees, matching, texts
from bot.formats.booklet.abstracts import Entry
from bot.formats.booklet.assembly import TIMEZONE
from bot.formats.booklet.committees import Organisation
from bot.formats.booklet.front import Front, front, windows
from bot.formats.booklet.plan import Item, Known, items
from bot.formats.booklet.rooms import Rooms
from bot.formats.booklet.sections import Chapter, chapters, lines
from bot.formats.booklet.table import find_header, rows
from bot.formats.reading import Reading


def read(text: str) -> Reading:
    """The programme of a booklet, and everything doubtful in it.

    Raises Problem("booklet.not-a-booklet", missing=...) with the first thing that was not found: "day-plan",
    "abstracts", "name" or "dates".
    """
    zone = ZoneInfo(TIMEZONE)
    found = chapters(lines(text))
    header = find_header(found)
    if header is None:
        raise Problem("booklet.not-a-booklet", missing="day-plan")
    about_abstracts = [chapter for chapter in found if abstracts.is_about_abstracts(chapter)]
    if not about_abstracts:
        raise Problem("booklet.not-a-booklet", missing="abstracts")
    facts = front(found, zone)

    findings: list[Finding] = []
    entries, headings = abstracts.entries(about_abstracts, findings)
    chapter, position = header
    rooms = Rooms()
    table = rows(chapter.lines[position:], facts.first_day.year, facts.first_day, zone, findings)
    organisation = committees.organisation(found)
    planned = items(table, _known(entries, organisation), rooms, findings)
    if not planned:
        raise Problem("booklet.not-a-booklet", missing="day-plan")
    committees.compare(organisation, planned, findings)
    matching.compare_sessions(planned, headings, findings)
    _compare_check_in(facts, chapter, position, zone, findings)
    talks = matching.match(planned, entries, findings)
    shown = texts.usable(talks, findings)

    people = assembly.people(planned, talks, organisation, findings)
    programme = assembly.programme(assembly.Parts(facts, planned, talks, shown, organisation, people, rooms))
    findings += [_with_line(finding, planned, facts) for finding in check(programme)]
    return Reading(programme=programme, findings=tuple(sorted(findings, key=lambda finding: finding.line or 0)))


def _known(entries: Iterable[Entry], organisation: Organisation) -> Known:
    titles: dict[str, dict[str, list[str]]] = {}
    everyone: set[str] = set()
    for entry in entries:
        for name in entry.speakers:
            titles.setdefault(entry.session, {}).setdefault(name, []).append(entry.title)
            everyone.add(name)
    for listed in (*organisation.committees, *organisation.panels, *organisation.invited):
        everyone.update(member.who.name for member in listed.members)
    return Known(frozenset(everyone), titles)


def _compare_check_in(facts: Front, chapter: Chapter, position: int, zone: ZoneInfo, findings: list[Finding]) -> None:
    """Whether the check-in times above the day plan are those of the guide."""
    for line in chapter.lines[:position]:
        if any(word in line.text for word in ("签到", "报到", "注册")):
            again = windows(line.text.partition("时间")[2], facts.first_day.year, zone)
            if again and again != facts.check_in:
                findings.append(Finding(code="check-in-differs", line=line.number))


def _with_line(finding: Finding, planned: list[Item], facts: Front) -> Finding:
    """A finding of the checks with its line: that of the slot, in the order of the plan, else that of the check-in."""
    place = finding.place
    line = planned[int(place[1])].row.line if place[:1] == ("slots",) else facts.check_in_line
    return finding.model_copy(update={"line": line})
