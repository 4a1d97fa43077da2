"""`make bench-search`: how long a question takes at 167, 3,000 and 30,000 talks, beside a plain scan of all titles.

The larger programmes are made of this one's: titles of halves of real titles, names of real surnames and given names,
always the same ones. The plain scan is rapidfuzz's process.extract with WRatio over the titles, as one would begin.
"""

import random
import resource
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from rapidfuzz import fuzz, process

from bot.domain.programme import Person, Programme, Slot, Talk
from bot.domain.timetable import Timetable
from bot.formats import document, glossary
from bot.search.index import Index
from bot.search.pinyin import latin
from bot.services import searching
from bot.services.editions import Edition

DATA = Path(__file__).parents[2] / "data"
SIZES = (167, 3_000, 30_000)
NOW = datetime(2025, 8, 9, 5, 20, tzinfo=UTC)
FIXED = (
    "扩散模型", "强化学习", "大模型", "diffusion models", "neural operator", "optimization", "a1-2", "B12", "7号会议室",
    "room 7", "明天上午有强化学习吗", "what's on in room 7 after lunch", "any talks on diffusion models this afternoon",
    "茶歇几点", "清华 量子", "red pizza", "今天天气怎么样",
    "asdfghjkl", "when does Bin Dong speak", "张", "learning", "difusion modle", "多臂老虎机",
)  # fmt: skip


def programme(count: int) -> Programme:
    """The real programme, or one of that many talks made of it."""
    real = document.read((DATA / "csml2025" / "programme.yaml").read_text("utf-8")).programme
    if count <= len(real.talks):
        return real
    draw = random.Random(count)  # noqa: S311 - the same programme each time
    people = _people(real, max(200, count * 2 // 3), draw)
    halves = [_halves(talk.title) for talk in real.talks]
    english = [_halves(talk.translation or talk.title) for talk in real.talks]
    template = next(slot for slot in real.slots if slot.is_session)
    slots = []
    for number in range(count // 4):
        talks = []
        for place in range(1, 5):
            head, tail = draw.randrange(len(halves)), draw.randrange(len(halves))
            talks.append(
                Talk(
                    id=4 * number + place,
                    code=f"S{number}-{place}",
                    title=f"{halves[head][0]}{halves[tail][1]}",
                    translation=f"{english[head][0]}{english[tail][1]}",
                    speakers=(draw.choice(people).key,),
                )
            )
        room = draw.choice(real.rooms).name
        updates = {"id": number + 1, "code": f"S{number}", "chairs": (), "talks": tuple(talks), "room": room}
        slots.append(Slot.model_validate({**template.model_dump(), **updates}))
    return Programme(
        conference=real.conference.model_copy(update={"committees": ()}),
        rooms=real.rooms,
        people=tuple(people),
        institutions=real.institutions,
        slots=tuple(slots),
    )


def _people(real: Programme, count: int, draw: random.Random) -> list[Person]:
    named = [person for person in real.people if person.latin and len(person.name) in (2, 3)]
    made: dict[str, Person] = {}
    while len(made) < count:
        first, second, third = (draw.choice(named) for _ in range(3))
        name = first.name[0] + second.name[1:2] + (third.name[-1] if draw.random() < 0.7 else "")
        affiliation = draw.choice(named).affiliation
        key = name if name not in made else f"{name}（{affiliation} {len(made)}）"
        made[key] = Person(id=len(made) + 1, key=key, name=name, latin=latin(name), affiliation=affiliation)
    return list(made.values())


def _halves(title: str) -> tuple[str, str]:
    middle = len(title) // 2
    near = title.find(" ", middle) if title.isascii() else middle
    cut = near if near > 0 else middle
    return title[:cut], title[cut:]


def queries(made: Programme) -> list[str]:
    """What is asked: the fixed questions, and names and pieces of titles of this very programme."""
    draw = random.Random(1)  # noqa: S311 - the same questions each time
    people = draw.sample(made.people, 40)
    titles = [talk.title for talk in draw.sample(made.talks, 60)]
    asked = [*FIXED, *(person.name for person in people), *(person.latin for person in people)]
    asked += [person.latin.replace(" ", "").lower()[:-1] for person in people]
    asked += [f"{person.name}老师在哪讲" for person in people[:20]]
    asked += [title[: max(4, len(title) // 2)] for title in titles] + titles[:20]
    return list(dict.fromkeys(asked))


def timed(ask: Callable[[str], object], asked: list[str]) -> tuple[float, float, float]:
    """p50, p95 and the longest, in milliseconds; no question is asked twice."""
    for question in ("热身", "warming up", "张三丰", "Zhang Sanfeng", "room 99"):  # loads what is loaded once
        ask(question)
    taken = []
    for question in asked:
        began = perf_counter()
        ask(question)
        taken.append(1000 * (perf_counter() - began))
    cuts = quantiles(taken, n=20)
    return cuts[9], cuts[18], max(taken)


def mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(count: int) -> str:
    made = programme(count)
    timetable = Timetable(made)
    before = mebibytes()
    began = perf_counter()
    edition = Edition(timetable, glossary.read(DATA / "glossary.yaml"))
    assert edition.index
    built, grown = perf_counter() - began, mebibytes() - before
    asked = queries(made)
    titles = [talk.title for talk in made.talks]
    ours = timed(lambda words: searching.hits(edition, words, now=NOW, limit=5), asked)
    others = [f"{words} {n}" for n, words in enumerate(asked)]
    with ThreadPoolExecutor(1) as beside:  # as a changed programme is indexed beside the answers from the last one
        building = beside.submit(Index, timetable, glossary.read(DATA / "glossary.yaml"))
        meanwhile = timed(lambda words: building.done() or searching.hits(edition, words, now=NOW, limit=5), others)
    plain = timed(lambda words: process.extract(words, titles, scorer=fuzz.WRatio, limit=5), asked)
    figures = "  ".join(f"{p50:8.2f} {p95:8.2f} {longest:8.2f}" for p50, p95, longest in (ours, plain))
    return f"{len(made.talks):7,} {len(asked):8}  {figures}  {built:8.2f} {grown:8.0f} {meanwhile[1]:16.2f}"


def main() -> None:
    if len(sys.argv) > 1:
        sys.stdout.write(f"{measure(int(sys.argv[1]))}\n")
        return
    sys.stdout.write(
        "                  search (ms)                 plain scan (ms)             index            search meanwhile\n"
        "  talks  queries       p50      p95      max       p50      p95      max   build s      MiB         p95 (ms)\n"
    )
    for count in SIZES:  # each in a process of its own, so that memory is this programme's alone
        sys.stdout.flush()
        subprocess.run([sys.executable, __file__, str(count)], check=True)  # noqa: S603 - this very file


if __name__ == "__main__":
    main()
