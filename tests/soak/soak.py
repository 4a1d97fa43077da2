"""Longer runs than a test has time for: `make soak`, or `make soak SEED=7 KILLS=500 PEOPLE=200`."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "flows"))

from killing import killed_again_and_again


def main() -> int:
    """Kill and count. 1 when anything was lost, applied twice or out of order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--each", type=int, default=10, help="questions of each of the people")
    given = parser.parse_args()

    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(
            killed_again_and_again(
                Path(folder), given.seed, people=given.people, each=given.each, kills=given.kills, poison=5
            )
        )
    good = not outcome.wrong and outcome.applied == outcome.changes and outcome.aside == 5
    lines = {
        "seed": given.seed,
        "kills": given.kills,
        "updates": outcome.updates,
        "chats answered wrongly": len(outcome.wrong),
        "languages changed / asked for": f"{outcome.applied} / {outcome.changes}",
        "answers that came twice": outcome.repeated,
        "poison set aside": f"{outcome.aside} / 5",
        "seconds": round(time.monotonic() - began),
        "outcome": "nothing lost, nothing applied twice" if good else "WRONG",
    }
    for name, value in lines.items():
        sys.stdout.write(f"{name:30} {value}\n")
    for person, (told, expected) in outcome.wrong.items():
        sys.stdout.write(f"{person}\n  told     {told}\n  expected {expected}\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
