"""A short rehearsal of the whole conference with the real bot, killed on the way."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from process import PROGRAM, environment

from bot import rehearse as wired
from bot.config import Settings
from bot.sandbox.rehearsal import changes as counting
from bot.sandbox.rehearsal.run import Plan


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
    assert (found["noticed"], found["changes"] > 0) == (found["notices"], True)
    assert found["chaired"] > 50
    assert (found["heard"], found["broadcasts"] > 0) == (found["addressed"], True)
    assert left(tmp_path) == []


FORGETFUL = """
from bot.services import audiences, concerned

find = audiences.find

async def queue(*_, **__):
    pass

async def all_but_one(*args, **named):
    return (await find(*args, **named))[1:]

concerned.queue = queue
audiences.find = all_but_one
from bot.cli import main

main()
"""
"""A bot that does what staff say and tells nobody of it, and leaves one out of whomever they write to."""


async def test_a_bot_that_tells_nobody_of_changes_and_leaves_one_out_of_broadcasts_is_found_out(
    options: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wired, "COMMAND", (sys.executable, "-c", FORGETFUL, "run"))
    monkeypatch.setattr(counting, "PATIENCE", 0.05)
    plan = Plan(attendees=12, speed=100_000, seed=3)
    _, report = await wired.rehearse(options, plan, "en", lambda *_: None)

    broken = {name for name, cases in report.broken.items() if cases}
    assert (report.kept, broken, report.noticed) == (False, {"changes_lost", "broadcasts_lost"}, 0)


def left(folder: Path) -> list[str]:
    """What it left behind."""
    return [str(file) for file in folder.iterdir()]
