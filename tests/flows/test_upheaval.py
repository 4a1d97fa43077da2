"""kill -9 between a confirmation and its notices, while reminders go out: nothing lost, no doubtless repetition."""

from pathlib import Path

from upheaval import upheaval

from bot.domain.programme import Programme


async def test_no_change_and_no_reminder_is_lost_and_only_what_was_on_its_way_is_said_again(
    tmp_path: Path, csml2025: Programme
) -> None:
    outcome = await upheaval(tmp_path, csml2025, people=100, kills=8, seed=1, changes=1)

    print(outcome)  # noqa: T201 - the count belongs to the result
    assert (outcome.lost, outcome.uncalled, outcome.open) == ([], [], 0)
    assert (outcome.repeated, outcome.made) == (outcome.excused, outcome.changes)
    assert outcome.before_any > 0
