"""kill -9 at random moments: every update is answered, none is applied twice, each chat keeps its order."""

import random
import sqlite3
from itertools import groupby
from pathlib import Path

import pytest
from process import kill, running, start

from bot.sandbox.box import Sandbox, sandbox

PEOPLE = 20
EACH = 10
KILLS = 20

SAID = {
    "/lang en": "Fine, English from now on.",
    "/lang zh": "好的，以后用中文回答。",
    "/help": {"zh": "能问什么", "en": "What you can ask"},
    "/room 7": {"zh": "友谊宫 7 号", "en": "Friendship Palace Room 7 友谊宫 7 号"},
}


def script(rng: random.Random) -> list[tuple[str, str]]:
    """What one person asks, and the first line they must be answered; no two in a row are answered alike."""
    asked: list[tuple[str, str]] = []
    lang = "zh"
    while len(asked) < EACH:
        text = rng.choice(list(SAID))
        if text.startswith("/lang"):
            lang = text[-2:]
        answer = SAID[text]
        line = answer if isinstance(answer, str) else answer[lang]
        if not asked or asked[-1][1] != line:
            asked.append((text, line))
    return asked


@pytest.mark.parametrize("seed", [1])
async def test_nothing_is_lost_and_nothing_applied_twice(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - not a secret
    async with sandbox() as box:
        people = [box.user(f"User {n}", language_code="zh", started=True) for n in range(PEOPLE)]
        scripts = {person.id: script(rng) for person in people}
        await prepared(tmp_path, box)
        numbers = []
        for at in range(EACH):
            for person in rng.sample(people, PEOPLE):
                box.say(person, scripts[person.id][at][0])
                numbers.append(box.pending[-1]["update_id"])
        box.inject({"message": {"message_id": "poison", "chat": 7, "date": []}})

        duplicated = rng.sample(numbers, 10)
        for _ in range(KILLS):
            process = await start(tmp_path, box)
            seen = len(box.requests("sendMessage"))
            more = rng.randint(0, 9)
            await box.until(lambda upto=seen + more: len(box.requests("sendMessage")) >= upto, seconds=20)
            if duplicated:
                box.duplicate(duplicated.pop())
            await kill(process)
        async with running(tmp_path, box):
            await box.until(
                lambda: all(answered(box, person.id)[-1:] == [scripts[person.id][-1][1]] for person in people),
                seconds=30,
            )
            await box.heard()

    for person in people:
        assert answered(box, person.id) == [line for _, line in scripts[person.id]], person
    changes = sum(text.startswith("/lang") for asked in scripts.values() for text, _ in asked)
    assert applied(tmp_path) == changes
    assert set_aside(tmp_path) == 1


def answered(box: Sandbox, person: int) -> list[str]:
    """First lines of what a person was told, in order; said again where a kill fell between sending and settling."""
    lines = [text.splitlines()[0] for _, text in box.told(person)]
    return [line for line, _ in groupby(lines)]


async def prepared(folder: Path, box: Sandbox) -> None:
    """A database in which every change of a language leaves a trace."""
    async with running(folder, box):
        await box.until(lambda: box.requests("setMyCommands"), seconds=20)
    with sqlite3.connect(folder / "yicheng.sqlite3") as conn:
        conn.execute("CREATE TABLE trace (lang TEXT)")
        conn.execute(
            "CREATE TRIGGER traced AFTER UPDATE OF chosen ON users BEGIN INSERT INTO trace VALUES (new.lang); END"
        )
    conn.close()


def set_aside(folder: Path) -> int:
    conn = sqlite3.connect(folder / "yicheng.sqlite3")
    (count,) = conn.execute("SELECT count(*) FROM updates WHERE state = 'aside'").fetchone()
    conn.close()
    return int(count)


def applied(folder: Path) -> int:
    conn = sqlite3.connect(folder / "yicheng.sqlite3")
    (count,) = conn.execute("SELECT count(*) FROM trace").fetchone()
    conn.close()
    return int(count)
