"""What an organiser or operator reads in the terminal: findings, differences, problems."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.domain.compare import Difference, Taken
from bot.domain.edits import Edit, apply
from bot.domain.finding import Finding
from bot.domain.model import Lang
from bot.domain.problem import Problem
from bot.domain.programme import Programme
from bot.domain.timetable import Timetable
from bot.replies import edited
from bot.replies.reply import plain
from bot.replies.voice import Voice
from bot.replies.words import word

_ABSTRACTS = {"abstract-tbd": "tbd", "abstract-none": "none", "abstract-pasted": "pasted"}


def counts(programme: Programme, findings: Sequence[Finding]) -> dict[str, Any]:
    """How much of everything a programme has. Talks without a usable abstract are counted by the reason found."""
    missing = Counter(_ABSTRACTS[finding.code] for finding in findings if finding.code in _ABSTRACTS)
    return {
        "conference": programme.conference.key,
        "sessions": len(programme.sessions),
        "talks": len(programme.talks),
        "speakers": len(programme.speakers),
        "rooms": len(programme.rooms),
        "slots": len(programme.slots),
        "abstracts": {
            "usable": sum(bool(talk.abstract) for talk in programme.talks),
            **{kind: missing[kind] for kind in _ABSTRACTS.values()},
        },
    }


def counted(lang: Lang, counts: dict[str, Any]) -> list[str]:
    numbers = {name: value for name, value in counts.items() if isinstance(value, int)}
    lines = [word(lang, "report.counts", conference=counts["conference"], **numbers)]
    if sum(counts["abstracts"].values()):
        lines.append(word(lang, "report.abstracts", **counts["abstracts"]))
    return lines


def findings(lang: Lang, file: str, found: Sequence[Finding]) -> list[str]:
    """A line for each, errors first, with its place in the file."""
    order = {"error": 0, "warning": 1, "note": 2}
    in_order = sorted(found, key=lambda finding: (order[finding.level], finding.line or 0))
    return [f"{file}{f':{one.line}' if one.line else ''}: {finding(lang, one)}" for one in in_order]


def finding(lang: Lang, one: Finding) -> str:
    level = word(lang, f"report.{one.level}")
    return word(lang, "report.finding", level=level, what=word(lang, f"finding.{one.code}", **one.params))


def finding_json(lang: Lang, one: Finding) -> dict[str, Any]:
    text = word(lang, f"finding.{one.code}", **one.params)
    return {**one.model_dump(mode="json", exclude={"place"}), "text": text}


def differences(lang: Lang, found: Sequence[Difference]) -> list[str]:
    return [_difference(lang, one) for one in found]


def _difference(lang: Lang, one: Difference) -> str:
    if one.field in ("missing", "added"):
        return word(
            lang, "difference.only_ours" if one.field == "missing" else "difference.only_theirs", subject=one.subject
        )
    separator = word(lang, "person.list_separator")
    field = word(lang, f"difference.{one.field}")
    ours, theirs = separator.join(one.ours) or "—", separator.join(one.theirs) or "—"
    return word(lang, "difference.line", subject=one.subject, field=field, ours=ours, theirs=theirs)


def changes(lang: Lang, programme: Programme, edit: Edit) -> list[str]:
    """What an import sets, thing by thing. `programme`: as it was before."""
    voice = Voice(lang, Timetable(apply(programme, edit)))
    return [
        f"{'  ' if n else ''}{plain(line)}" for one in edited.blocks(voice, edit) for n, line in enumerate(one.lines)
    ]


def outcome(lang: Lang, what: str, taken: Taken | None, *, dry_run: bool) -> list[str]:
    """What an import did, or would have done."""
    if taken is not None:
        lines = [
            word(lang, "report.texts", abstracts=taken.abstracts, biographies=taken.biographies, cleared=taken.cleared)
        ]
        lines += [word(lang, "report.unmatched", subject=subject) for subject in taken.unmatched]
    else:
        lines = [] if dry_run and what in ("loaded", "changed") else [word(lang, f"report.{what}")]
    return [*lines, word(lang, "report.dry_run")] if dry_run else lines


CASES = 5
"""Cases of one broken promise that are shown in the terminal."""


def rehearsed(lang: Lang, found: dict[str, Any]) -> list[tuple[str, str]]:
    """The ledger of a rehearsal as names and figures. `found`: the report as JSON."""
    counts = {
        name: found[name]
        for name in (
            "asked", "pressed", "unstarred", "settings", "chaired", "answered", "due", "reminded",
            "changes", "notices", "noticed",
            "broadcasts", "stopped", "addressed", "heard", "doubtful",
        )
    }  # fmt: skip
    counts |= {name: len(cases) for name, cases in found["broken"].items()}
    counts |= {name: found[name] for name in ("held", "kills")}
    rows = [(word(lang, f"rehearse.{name}"), f"{count:,}") for name, count in counts.items()]
    for what in ("answers", "reminders"):
        rows += [
            (word(lang, f"rehearse.{what}_{name}"), word(lang, "rehearse.milliseconds", count=f"{seconds * 1000:,.0f}"))
            for name, seconds in found[what].items()
            if seconds is not None
        ]
    return [*rows, (word(lang, "rehearse.took"), word(lang, "rehearse.seconds", count=f"{found['seconds']:,.0f}"))]


def promises(lang: Lang, broken: dict[str, list[str]]) -> list[str]:
    """The first cases of each broken promise, and a sentence that sums up. `broken`: cases by promise."""
    lines = []
    for name, cases in broken.items():
        promise = word(lang, f"rehearse.{name}")
        lines += [word(lang, "rehearse.broke", promise=promise, case=case) for case in cases[:CASES]]
        if len(cases) > CASES:
            lines.append(word(lang, "rehearse.more", promise=promise, count=len(cases) - CASES))
    count = sum(bool(cases) for cases in broken.values())
    return [*lines, word(lang, "rehearse.broken", count=count) if count else word(lang, "rehearse.kept")]


def problem(lang: Lang, error: Problem) -> list[str]:
    """The sentence for a problem, under the lines it sums up if there are any."""
    params = dict(error.params)
    lines: list[str] = []
    if error.key in ("import.refused", "import.clashes"):
        errors = params.pop("findings")
        lines = findings(lang, params["file"], errors)
        params["count"] = len(errors)
    if error.key == "document.invalid":
        faults = params.pop("errors")
        lines = [f"{params['file']}:{fault['line']}: {_fault(lang, fault)}" for fault in faults]
        params["count"] = len(faults)
    if error.key == "booklet.not-a-booklet":
        params["missing"] = word(lang, f"booklet.missing.{params['missing']}")
    simple = {name: value if isinstance(value, int) else str(value) for name, value in params.items()}
    return [*lines, word(lang, error.key, **simple)]


def _fault(lang: Lang, fault: dict[str, Any]) -> str:
    simple = {name: str(fault[name]) for name in ("field", "value", "expected")}
    guess = "-guess" if fault["kind"] == "unknown-field" and fault["expected"] else ""
    return word(lang, f"document.fault.{fault['kind']}{guess}", **simple)
