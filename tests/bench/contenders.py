"""Who is measured: how each is started, and what it is asked."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PYTHON = Path(sys.executable)
OTHERS = Path(".venv-bench/bin/python")
"""Aiogram wants an older pydantic than ours, so it lives in an environment of its own (`make bench` makes it)."""

NO_LIMITS = {f"YICHENG_RATE_{which}": "0" for which in ("OVERALL", "PRIVATE", "GROUP")}
"""Settings of a bot that keeps no limits, as the echo bots keep none."""

MIX = ("/next", "/room 7", "/talk A1-2")
"""What a hall asks between two talks: the same few things."""

SESSIONS = [f"{part}{number}" for part in "ABCDE" for number in range(1, 9)]
VARIETY = (
    *(f"/talk {session}-{number}" for number in range(1, 5) for session in SESSIONS),
    *(f"/session {session}" for session in SESSIONS),
    *(f"/room {number}" for number in range(1, 9)),
)
"""Everything there is, one after the other."""


@dataclass(frozen=True)
class Contender:
    """A bot. Its command is completed by the token and the URL where it takes them as arguments.

    everybody_stars  each has starred another talk: no two are told the same, and nothing kept for a crowd helps.
    """

    name: str
    command: tuple[str | Path, ...]
    questions: tuple[str, ...] = MIX
    is_ours: bool = False
    everybody_stars: bool = False

    def argv(self, token: str, url: str) -> list[str | Path]:
        if self.is_ours:
            return [*self.command]
        program, script, *rest = self.command
        return [program, script, token, url, *rest]


def yicheng(name: str, *questions: str, everybody_stars: bool = False) -> Contender:
    command = (PYTHON.with_name("yicheng"), "run")
    return Contender(name, command, questions, is_ours=True, everybody_stars=everybody_stars)


OWN_ECHO = Contender("PTB echo, our transport", (PYTHON, HERE / "echo_ptb.py", "aiohttp"))
CONTENDERS = (
    *(yicheng(f"yicheng {question}", question) for question in MIX),
    yicheng("yicheng mix", *MIX),
    yicheng("yicheng, all different", *VARIETY, everybody_stars=True),
    OWN_ECHO,
    Contender("PTB echo, httpx", (PYTHON, HERE / "echo_ptb.py", "httpx")),
    Contender("aiogram echo", (OTHERS, HERE / "echo_aiogram.py")),
)


def environment(database: Path, **more: str) -> Mapping[str, str]:
    """This machine's own settings taken out, and Python free to keep its bytecode, as an installed bot does."""
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("YICHENG_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    # Twenty to three on the first day: seven sessions run, so /next and /room have much to say.
    settings = {"YICHENG_DATABASE": str(database), "YICHENG_CLOCK": "2025-08-09T14:40@0", "LANG": "C.UTF-8"}
    return {**plain, **settings, **more}
