"""`yicheng sandbox` as whoever started it sees it: where to look, what happens to the bot, how it ends."""

import asyncio
import json
import os
import signal
import socket
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from process import PROGRAM, ended, environment


@asynccontextmanager
async def started(folder: Path, *options: str, **more: str) -> AsyncIterator[Process]:
    """`yicheng sandbox` for the length of the block."""
    process = await asyncio.create_subprocess_exec(
        PROGRAM, "sandbox", "--no-open", *options, cwd=folder, env=environment(folder, **more), stdout=PIPE, stderr=PIPE
    )
    async with ended(process):
        yield process


async def said(process: Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().rstrip("\n")


async def act(url: str, verb: str, **params: Any) -> Any:
    async with aiohttp.ClientSession() as session, session.post(f"{url}/sandbox/{verb}", json=params) as response:
        return await response.json()


async def answers(url: str, user: int, question: str) -> str:
    """What the bot says to a question, as soon as the ledger has it."""
    async with aiohttp.ClientSession() as session, session.get(f"{url}/sandbox/events") as events:
        await act(url, "say", user=user, text=question)
        async with asyncio.timeout(30):
            async for line in events.content:
                about = json.loads(line.removeprefix(b"data:")) if line.startswith(b"data:") else {}
                message = about.get("message")
                if message and about["chat"] == user and message["from"]["is_bot"]:
                    text: str = message["text"]
                    return text
    raise AssertionError("the stream ended before the answer")


def taken() -> tuple[socket.socket, int]:
    """A port that somebody else listens on, with a free one behind it.

    Below those that the system gives to whoever asks for any, and apart for each process that runs tests.
    """
    port = 20_000 + os.getpid() % 1_000 * 10
    while True:
        port += 1
        held, next_one = socket.socket(), socket.socket()
        try:
            held.bind(("127.0.0.1", port))
            next_one.bind(("127.0.0.1", port + 1))
        except OSError:
            held.close()
            continue
        finally:
            next_one.close()
        held.listen()
        return held, port


async def test_a_taken_port_is_said_and_the_next_one_used(tmp_path):
    held, port = taken()
    with held:
        async with started(tmp_path, "--port", str(port)) as process:
            assert await said(process) == f"Port {port} is taken; using {port + 1}."
            assert await said(process) == f"Open http://127.0.0.1:{port + 1} in a browser (Ctrl-C ends)"


async def test_a_bot_that_dies_is_started_again_and_answers(tmp_path):
    held, port = taken()
    held.close()
    async with started(tmp_path, "--port", str(port), "--at", "2025-08-09T13:20", "--speed", "0") as process:
        url = (await said(process)).split()[1]
        assert (await answers(url, 1002, "/now")).startswith("Now 13:20")
        os.kill(_bot_of(process), signal.SIGKILL)
        assert await said(process) == "The bot has ended (code -9); starting it again."
        await act(url, "clock", now="2025-08-10T10:30")
        assert (await answers(url, 1002, "/now")).startswith("Now 10:30")


async def test_it_ends_at_once_and_leaves_nothing_behind(tmp_path):
    held, port = taken()
    held.close()
    async with started(tmp_path, "--port", str(port)) as process:
        url = (await said(process)).split()[1]
        await answers(url, 1001, "/now")
        bot = _bot_of(process)
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(15):
            out, err = await process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")
    assert not _lives(bot)
    assert list(tmp_path.iterdir()) == []


async def test_a_door_to_other_machines_is_named(tmp_path):
    held, port = taken()
    held.close()
    async with started(tmp_path, "--port", str(port), "--host", "0.0.0.0") as process:  # noqa: S104 - it is the case
        assert (await said(process)).startswith("Note: 0.0.0.0 can be reached from other machines.")
        assert await said(process) == f"Open http://127.0.0.1:{port} in a browser (Ctrl-C ends)"


async def test_the_organisers_own_programme_is_the_one_that_is_played(tmp_path):
    own = (
        (Path(__file__).parents[2] / "data/csml2025/programme.yaml").read_text("utf-8").replace("CSML2025", "OURS2025")
    )
    (tmp_path / "ours.yaml").write_text(own, "utf-8")
    importing = await asyncio.create_subprocess_exec(
        PROGRAM, "import", "ours.yaml", cwd=tmp_path, env=environment(tmp_path), stdout=PIPE
    )
    await importing.communicate()
    held, port = taken()
    held.close()
    async with started(tmp_path, "--port", str(port)) as process:
        url = (await said(process)).split()[1]
        async with aiohttp.ClientSession() as session, session.get(f"{url}/sandbox/state") as response:
            state = await response.json()
    assert [chat["title"] for chat in state["chats"]] == ["OURS2025 交流群"]


def _bot_of(process: Process) -> int:
    """The process id of the bot that the sandbox has started."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()
    return int(children[0])


def _lives(number: int) -> bool:
    return Path(f"/proc/{number}").exists()
