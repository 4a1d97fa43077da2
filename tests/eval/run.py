"""`make eval`: the evaluation set, kind by kind. With --misses also what was missed in the half one may look at."""

import sys
from pathlib import Path

from score import HALVES, NAMES_AND_CODES, TOPICS, Tally, queries, sentences, total

from bot.domain.timetable import Timetable
from bot.formats import document, glossary
from bot.services.editions import Edition

DATA = Path(__file__).parents[2] / "data"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def line(name: str, tally: Tally) -> str:
    def share(count: int, of: int) -> str:
        return f"{count / of:7.3f}" if of else "      –"

    nothing = tally.count - tally.wanted
    return (
        f"  {name:20}{tally.count:5}{share(tally.first, tally.wanted)}{share(tally.third, tally.wanted)}"
        f"{share(tally.false, nothing)}"
    )


def main() -> None:
    programme = document.read((DATA / "csml2025" / "programme.yaml").read_text("utf-8")).programme
    timetable = Timetable(programme)
    edition = Edition(timetable, glossary.read(DATA / "glossary.yaml"))
    for half in HALVES:
        tallies = queries(half, edition)
        read = sentences(half, edition)
        rest = tallies.keys() - NAMES_AND_CODES - TOPICS
        say(f"{half}\n  {'kind':20}{'n':>5}  hit@1  hit@3  false")
        say("\n".join(line(kind, tallies[kind]) for kind in sorted(tallies)))
        for name, kinds in (("names and codes", NAMES_AND_CODES), ("topics", TOPICS), ("nothing", rest)):
            say(line(name.upper(), total(tallies[kind] for kind in kinds if kind in tallies)))
        say(f"  {'SENTENCES':20}{read.count:5}{read.first / read.count:7.3f} exactly right\n")
        if half == "tune" and "--misses" in sys.argv:
            say("\n".join(miss for kind in sorted(tallies) for miss in (f"[{kind}]", *tallies[kind].misses)))
            say("\n".join(read.misses))


if __name__ == "__main__":
    main()
