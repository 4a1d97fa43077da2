"""A thousand people are told, the bot killed a hundred times meanwhile: part of `make soak`.

Of `reminders` alone, or also of `changes`: then staff swap rooms while people are reminded.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "flows"))

from crash import crash
from upheaval import upheaval

from bot.formats import document

PROGRAMME = Path(__file__).parents[2] / "data" / "csml2025" / "programme.yaml"
RUNS = {"reminders": crash, "changes": upheaval}


def main() -> int:
    """Kill and count. 1 when anything was lost, or told again though it was not on its way at a kill."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=RUNS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--people", type=int, default=1000)
    given = parser.parse_args()

    began = time.monotonic()
    programme = document.read(PROGRAMME.read_text("utf-8")).programme
    with tempfile.TemporaryDirectory() as folder:
        run = RUNS[given.what](Path(folder), programme, people=given.people, kills=given.kills, seed=given.seed)
        outcome = asyncio.run(run)
    sys.stdout.write(f"seed {given.seed}: {outcome}; {time.monotonic() - began:.0f} s\n")
    sys.stdout.write("nothing lost, nothing told again without a doubt\n" if outcome.good else f"WRONG: {outcome!r}\n")
    return 0 if outcome.good else 1


if __name__ == "__main__":
    sys.exit(main())
