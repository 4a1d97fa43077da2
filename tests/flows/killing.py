"""The story of a bot that is killed again and again while people ask; told short by a test and long by `make soak`."""

import random
import sqlite3
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from process import kill, running, start

from bot.sandbox.box import Sandbox, sandbox

SAID = {
    "/lang en": "All right, English from now on.",
    "/lang zh": "好的，以后用中文回答。",
    "/help": {"zh": "能问什么", "en": "What you can ask"},
    "/room 7": {"zh": "友谊宫 7 号", "en": "Friendship Palace Room 7 友谊宫 7 号"},
}


@dataclass(frozen=True)
class Outcome:
    """What became of it.

    wrong       people who were told something else than they asked for, or in another order: told, expected.
    changes     changes of a language that were asked for; `applied` those that were written.
    repeated    answers that came again, because a kill fell between sending and settling.
    aside       updates that were set aside: the poison.
    """

    wrong: dict[int, tuple[list[str], list[str]]]
    updates: int
    changes: int
    applied: int
    repeated: int
    aside: int


async def killed_again_and_again(
    folder: Path, seed: int, *, people: int = 20, each: int = 10, kills: int = 20, poison: int = 1
) -> Outcome:
    """`people` ask `each` questions; the process is killed `kills` times at moments that the seed decides."""
    rng = random.Random(seed)  # noqa: S311 - not a secret
    async with sandbox() as box:
        asking = [box.user(f"User {n}", language_code="zh", started=True) for n in range(people)]
        scripts = {person.id: script(rng, each) for person in asking}
        await prepare(folder, box)
        numbers = []
        for at in range(each):
            for person in rng.sample(asking, people):
                box.say(person, scripts[person.id][at][0])
                numbers.append(box.pending[-1]["update_id"])
        for _ in range(poison):
            box.inject({"message": {"message_id": "poison", "chat": 7, "date": []}})

        duplicated = rng.sample(numbers, max(1, kills // 2))
        upto = 2 * len(numbers) // kills
        for _ in range(kills):
            process = await start(folder, box)
            try:
                enough = min(len(box.requests("sendMessage")) + rng.randint(0, upto), len(numbers))
                await box.until(lambda enough=enough: len(box.requests("sendMessage")) >= enough, seconds=60)
                # Only what was delivered can be delivered once more.
                waiting = {update["update_id"] for update in box.pending}
                if again := [number for number in duplicated if number not in waiting]:
                    duplicated.remove(again[-1])
                    box.duplicate(again[-1])
            finally:
                await kill(process)
        async with running(folder, box):
            await box.until(
                lambda: all(answers(box, person.id)[-1:] == [scripts[person.id][-1][1]] for person in asking),
                seconds=120,
            )
            await box.heard()
        told = {person.id: answers(box, person.id) for person in asking}
        expected = {person: [line for _, line in asked] for person, asked in scripts.items()}
        aside, applied = counts(folder)
        return Outcome(
            wrong={one: (told[one], expected[one]) for one in told if told[one] != expected[one]},
            updates=len(numbers),
            changes=sum(text.startswith("/lang") for asked in scripts.values() for text, _ in asked),
            applied=applied,
            repeated=len(box.told()) - sum(map(len, told.values())),
            aside=aside,
        )


def script(rng: random.Random, length: int) -> list[tuple[str, str]]:
    """What one person asks, and the first line they must be answered; no two in a row are answered alike."""
    asked: list[tuple[str, str]] = []
    lang = "zh"
    while len(asked) < length:
        text = rng.choice(list(SAID))
        if text.startswith("/lang"):
            lang = text[-2:]
        answer = SAID[text]
        line = answer if isinstance(answer, str) else answer[lang]
        if not asked or asked[-1][1] != line:
            asked.append((text, line))
    return asked


def answers(box: Sandbox, person: int) -> list[str]:
    """First lines of what a person was told, in order; said again where a kill fell between sending and settling."""
    lines = [text.splitlines()[0] for _, text in box.told(person)]
    return [line for line, _ in groupby(lines)]


async def prepare(folder: Path, box: Sandbox) -> None:
    """A database in which every change of a language leaves a trace."""
    async with running(folder, box):
        await box.until(lambda: box.requests("setMyCommands"), seconds=30)
    with sqlite3.connect(folder / "yicheng.sqlite3") as conn:
        conn.execute("CREATE TABLE trace (lang TEXT)")
        conn.execute(
            "CREATE TRIGGER traced AFTER UPDATE OF chosen ON users BEGIN INSERT INTO trace VALUES (new.lang); END"
        )
    conn.close()


def counts(folder: Path) -> tuple[int, int]:
    """Updates set aside, and changes of a language that were written."""
    conn = sqlite3.connect(folder / "yicheng.sqlite3")
    (aside,) = conn.execute("SELECT count(*) FROM updates WHERE state = 'aside'").fetchone()
    (applied,) = conn.execute("SELECT count(*) FROM trace").fetchone()
    conn.close()
    return aside, applied
