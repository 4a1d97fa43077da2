"""kill -9 while reminders go out: every one is told, and told again only where it was on its way at a kill."""

from pathlib import Path

from crash import crash

from bot.domain.programme import Programme


async def test_no_reminder_is_lost_and_only_what_was_on_its_way_is_said_again(
    tmp_path: Path, csml2025: Programme
) -> None:
    outcome = await crash(tmp_path, csml2025, people=200, kills=10, seed=1)

    print(outcome)  # noqa: T201 - the count belongs to the result
    assert (outcome.lost, outcome.uncalled, outcome.open) == ([], [], 0)
    assert outcome.repeated == outcome.excused
