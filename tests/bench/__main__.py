"""`make bench`: Yicheng beside bare echo bots, in one interleaved run of fresh processes.

Every round measures everybody once, so that whatever else the machine does falls on all alike. Figures are medians
over the rounds with the lowest and highest; ratios are medians of the ratios within a round.
"""

import asyncio
import json
import os
import platform
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated, Any

import typer
from contenders import CONTENDERS, OTHERS, OWN_ECHO, Contender, yicheng
from measuring import Measured, measure, time_of
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.clock import Clock

FIRST = "yicheng, first start"
ASK = "yicheng ask /next"

Results = dict[str, list[Measured]]


def main(
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    updates: Annotated[int, typer.Option(min=1)] = 1500,
    users: Annotated[int, typer.Option(min=1)] = 200,
    alone: Annotated[int, typer.Option(min=2, help="Questions asked one at a time.")] = 100,
    only: Annotated[list[str] | None, typer.Option(help="Part of a contender's name; may be given again.")] = None,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write every figure to this file.")] = None,
) -> None:
    chosen = [one for one in CONTENDERS if not only or any(part in one.name for part in only)]
    results, starts = asyncio.run(_run(chosen, rounds, updates=updates, users=users, alone=alone))
    about = _about() | {"rounds": rounds, "updates": updates, "users": users, "one at a time": alone}
    _show(about, results, starts)
    if as_json:
        measured = {name: [asdict(one) for one in many] for name, many in results.items()}
        as_json.write_text(json.dumps({"about": about, "measured": measured, "starts": starts}, indent=1), "utf-8")


async def _run(
    chosen: Sequence[Contender], rounds: int, *, updates: int, users: int, alone: int
) -> tuple[Results, dict[str, list[float]]]:
    """Everybody once a round; before the first, everybody once uncounted, so that bytecode and page cache are there."""
    results: Results = defaultdict(list)
    starts: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name, Progress(transient=True) as progress:
        database = Path(name) / "yicheng.sqlite3"
        ask = [yicheng(ASK).command[0], "ask", "/next"]
        await time_of(ask, database)
        task = progress.add_task("", total=(rounds + 1) * len(chosen))
        for turn in range(rounds + 1):
            for one in chosen:
                progress.update(task, description=f"{turn}/{rounds} {one.name}", advance=1)
                load = {"updates": updates, "users": users} if turn else {"updates": 1, "users": 1}
                found = await measure(one, database, alone=alone if turn else 2, **load)
                if turn:
                    results[one.name].append(found)
            if any(one.is_ours for one in chosen):
                empty = await measure(yicheng(FIRST, "/next"), None, updates=1, users=1, alone=2)
                asking = await time_of(ask, database)
                if turn:
                    starts[FIRST].append(empty.start)
                    starts[ASK].append(asking)
    return results, starts


def _about() -> dict[str, Any]:
    cpuinfo = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    cpu = next((line.partition(":")[2].strip() for line in cpuinfo if line.startswith("model name")), "")
    versions = {name: version(name) for name in ("python-telegram-bot", "aiohttp", "httpx", "aiosqlite", "pydantic")}
    if OTHERS.exists():
        asked = "from importlib.metadata import version as v; print(v('aiogram'), v('aiohttp'), v('pydantic'))"
        theirs = subprocess.run([OTHERS, "-c", asked], capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own line
        versions |= dict(zip(("aiogram", "its aiohttp", "its pydantic"), theirs.split(), strict=True))
    return {
        "date": f"{Clock().now():%Y-%m-%d}",
        "machine": f"{cpu}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "load": f"{os.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
        **versions,
    }


def _show(about: dict[str, Any], results: Results, starts: dict[str, list[float]]) -> None:
    console = Console()
    if not console.is_terminal:
        console = Console(width=180)
    console.print(" · ".join(f"{name} {value}" for name, value in about.items()), highlight=False)
    table = Table(caption="medians over the rounds, (lowest–highest); one at a time / with every user waiting")
    table.add_column("bot")
    for head in ("updates/s", "of echo", "CPU ms", "p50 ms", "p95 ms", "crowd p50", "crowd p95", "start s", "peak MiB"):
        table.add_column(head, justify="right")
    echo = results.get(OWN_ECHO.name)
    for name, many in results.items():
        ratios = [one.rate / other.rate for one, other in zip(many, echo, strict=True)] if echo else []
        table.add_row(
            name,
            _spread(many, lambda one: one.rate, 0),
            _figures(ratios, 2) if ratios else "",
            _spread(many, lambda one: one.cpu * 1000, 2),
            _spread(many, lambda one: median(one.alone) * 1000, 1),
            _spread(many, lambda one: _p95(one.alone) * 1000, 1),
            _spread(many, lambda one: median(one.crowded) * 1000, 0),
            _spread(many, lambda one: _p95(one.crowded) * 1000, 0),
            _spread(many, lambda one: one.start, 2),
            _spread(many, lambda one: one.peak, 0),
        )
    console.print(table)
    for name, seconds in starts.items():
        console.print(f"{name}: {_figures(seconds, 2)} s", highlight=False)


def _spread(many: Sequence[Measured], figure: Callable[[Measured], float], digits: int) -> str:
    return _figures([figure(one) for one in many], digits)


def _figures(found: Sequence[float], digits: int) -> str:
    return f"{median(found):.{digits}f} ({min(found):.{digits}f}–{max(found):.{digits}f})"


def _p95(latencies: list[float]) -> float:
    return quantiles(latencies, n=20)[-1] if len(latencies) > 1 else latencies[0]


if __name__ == "__main__":
    typer.run(main)
