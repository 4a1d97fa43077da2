"""`yicheng run` as an operator meets it: how it ends, what it says, what it never says."""

import asyncio
import signal
import sqlite3
from asyncio.subprocess import Process
from pathlib import Path
from urllib.parse import quote

import pytest
from process import running

from bot.replies.words import word
from bot.sandbox.box import Sandbox, sandbox

LOUD = {
    "YICHENG_LOG_LEVEL": "debug",
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONDEVMODE": "1",
    "PYTHONWARNINGS": "always",
}
"""Everything that can be made to talk."""


async def ended(process: Process) -> tuple[int | None, str, str]:
    """Exit code, standard output and standard error of a process that ends by itself."""
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


def sentences(err: str) -> list[str]:
    """What was said besides the log, whose lines begin with a date."""
    return [line for line in err.splitlines() if not line.startswith("20")]


@pytest.mark.parametrize(
    ("code", "method", "key"),
    [
        (401, "getMe", "telegram.unauthorized"),
        (404, "getUpdates", "telegram.unauthorized"),
        (409, "getUpdates", "telegram.conflict"),
    ],
)
async def test_a_bot_that_can_no_longer_hear_says_so_in_one_sentence(
    tmp_path: Path, code: int, method: str, key: str
) -> None:
    async with sandbox() as box:
        box.fault("error", method, code=code)
        async with running(tmp_path, box) as process:
            status, out, err = await ended(process)

    assert (status, out, sentences(err)) == (1, "", [word("en", key)])


async def test_told_to_stop_it_answers_what_is_in_hand(tmp_path: Path) -> None:
    async with sandbox() as box, running(tmp_path, box) as process:
        people = [box.user(f"User {n}", started=True) for n in range(20)]
        await listening(box)
        box.fault("delay", "sendMessage", seconds=0.5)
        for person in people:
            box.say(person, "/next")
        await box.until(lambda: len(box.requests("sendMessage")) == len(people))
        process.send_signal(signal.SIGTERM)
        status, _, err = await ended(process)

        assert (status, sentences(err)) == (0, [])
        assert [len(box.told(person)) for person in people] == [1] * len(people)
    assert updates(tmp_path) == {"done": len(people)}


async def test_told_to_stop_while_telegram_does_not_answer_it_ends_and_the_next_process_answers(
    tmp_path: Path,
) -> None:
    async with sandbox() as box, running(tmp_path, box) as process:
        people = [box.user(f"User {n}", started=True) for n in range(5)]
        await listening(box)
        fault = box.fault("delay", "sendMessage", seconds=60)
        for person in people:
            box.say(person, "/lang zh")
            box.say(person, "/next")
        await box.until(lambda: len(box.requests("sendMessage")) == len(people))
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(8):
            status, _, _ = await ended(process)
        box.faults.set.remove(fault)

        assert (status, updates(tmp_path)) == (0, {"applied": 5, "waiting": 5})
        async with running(tmp_path, box):
            await box.until(lambda: all(box.told(person)[-1][1].startswith("接下来") for person in people), seconds=30)
    assert updates(tmp_path) == {"done": 10}


async def test_the_token_is_nowhere_at_any_level(tmp_path: Path) -> None:
    async with sandbox() as box:
        an = box.user("An", started=True)
        await box.down()
        async with running(tmp_path, box, **LOUD) as process:
            assert process.stderr is not None
            early = await heard_saying(process.stderr, b"telegram is away")
            await box.up()
            await box.until(lambda: box.requests("getMyDescription"), seconds=30)
            for kind in ("drop-before", "drop-after"):
                box.fault(kind, "sendMessage", count=1)
            for method in ("sendMessage", "getUpdates", "answerCallbackQuery"):
                box.fault("error", method, code=502, count=1)
            box.fault("error", "sendMessage", code=429, count=1)
            box.inject({"message": {"message_id": "poison", "chat": 7, "date": []}})
            box.say(an, f"my token is not {box.bot.id}")
            await box.until(lambda: an.id in [chat for chat, _ in box.told()], seconds=30)
            listed = await box.reply(an, after=box.say(an, "/next"), seconds=30)
            box.press(an, listed, listed.buttons[0][0].text)
            await box.reply(an, after=listed, seconds=30)
            box.fault("error", "sendMessage", code=400, count=2)
            box.say(an, "/help")
            await box.heard()
            box.fault("error", "getUpdates", code=401)
            box.inject({})
            status, out, err = await ended(process)
            said = early.decode() + out + err

    token = box.token
    assert status == 1
    assert [
        line for line in ("telegram.Bot", "asyncio", "aiosqlite", "bot.channels", "Traceback") if line not in said
    ] == []
    files = contents(tmp_path)
    spelt = (token, token.partition(":")[2], quote(token, safe=""))
    assert [each for each in spelt if each in said or any(each.encode() in file for file in files)] == []


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir()]


async def listening(box: Sandbox) -> None:
    """Wait until the process has begun to listen."""
    await box.until(lambda: len(box.requests("getMyDescription")) == 3 and box.polling, seconds=30)


async def heard_saying(stream: asyncio.StreamReader, words: bytes) -> bytes:
    """All that is said until these words have come."""
    said = b""
    async with asyncio.timeout(30):
        while words not in said:
            said += await stream.read(65_536)
    return said


def updates(folder: Path) -> dict[str, int]:
    """How many updates are in which state."""
    conn = sqlite3.connect(folder / "yicheng.sqlite3")
    counts = dict(conn.execute("SELECT state, count(*) FROM updates GROUP BY state"))
    conn.close()
    return counts
