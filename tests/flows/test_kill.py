"""kill -9 at random moments: every update is answered, none is applied twice, each chat keeps its order."""

from pathlib import Path

from killing import killed_again_and_again


async def test_nothing_is_lost_and_nothing_applied_twice(tmp_path: Path) -> None:
    outcome = await killed_again_and_again(tmp_path, seed=1)

    assert outcome.wrong == {}
    assert (outcome.updates, outcome.applied, outcome.aside) == (200, outcome.changes, 1)
