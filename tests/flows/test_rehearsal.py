"""A short rehearsal of the whole conference with the real bot, killed on the way."""

import asyncio
import json
from asyncio.subprocess import PIPE
from pathlib import Path

from process import PROGRAM, environment


async def test_every_promise_is_kept(tmp_path: Path) -> None:
    options = ("--attendees", "8", "--speed", "100000", "--seed", "3", "--kills", "1", "--json")
    process = await asyncio.create_subprocess_exec(
        PROGRAM, "rehearse", *options, cwd=tmp_path, env=environment(tmp_path), stdout=PIPE, stderr=PIPE
    )
    said, problem = await process.communicate()
    found = json.loads(said)
    assert {name: cases for name, cases in found["broken"].items() if cases} == {}
    assert (process.returncode, problem) == (0, b"")
    assert (found["answered"], found["reminded"], found["kills"]) == (found["asked"], found["due"], 1)
    assert found["due"] > 0
    assert left(tmp_path) == []


def left(folder: Path) -> list[str]:
    """What it left behind."""
    return [str(file) for file in folder.iterdir()]
