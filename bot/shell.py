"""How the command line speaks: its language, lines and JSON, and problems as sentences."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from rich.console import Console

from bot.clock import parse
from bot.config import Settings, settings
from bot.domain.model import LANGS, Lang, has_hanzi
from bot.domain.problem import Problem
from bot.replies import reports
from bot.services import languages


def locale() -> Lang:
    """The language of the terminal: Chinese where the environment says so, else English."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next((name for name in names if name), "").startswith("zh") else "en"


def run(work: Callable[[Settings], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        await work(settings())

    with problems_told():
        asyncio.run(all_of_it())


@contextmanager
def problems_told() -> Iterator[None]:
    """A problem becomes a sentence on standard error and exit code 1."""
    try:
        yield
    except Problem as error:
        fail(error)
    except BrokenPipeError:
        # Whoever read our output has enough (yicheng export | head); nothing is wrong.
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - so that the interpreter's last flush is quiet
        raise SystemExit(0) from None


def fail(error: Problem) -> NoReturn:
    for line in reports.problem(locale(), error):
        sys.stderr.write(f"{line}\n")
    raise SystemExit(1)


def has_browser() -> bool:
    """Whether somebody sits in front of a desktop. A browser of the terminal would take the terminal away."""
    desktop = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(desktop) and sys.stdout.isatty()


def language(wanted: str, question: str) -> Lang:
    """The language asked for; else the question's own if it is Chinese, else the terminal's."""
    if wanted:
        named = languages.named(wanted)
        if named is None:
            fail(Problem("cli.no_such_language", lang=wanted, known=", ".join(LANGS)))
        return named
    return "zh" if has_hanzi(question) else locale()


def moment(at: str, zone: ZoneInfo) -> datetime:
    """The time asked for, UTC; without an offset it is local time of `zone`. Raises Problem `cli.not_a_time`."""
    try:
        return parse(at, zone)
    except ValueError:
        raise Problem("cli.not_a_time", at=at) from None


def console() -> Console:
    """A terminal wraps at its width; what is piped on is not wrapped at all."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def print_lines(lines: list[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


def print_json(value: Any, *, indent: int | None = 2) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=indent) + "\n")
    sys.stdout.flush()  # whoever writes a question a line waits for the answer to each
