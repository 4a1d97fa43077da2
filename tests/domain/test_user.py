"""What users choose for themselves."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.user import User


@pytest.mark.parametrize(
    ("chosen", "quiet"),
    [
        ((22, 8), ["22:00", "23:59", "00:00", "07:59"]),
        ((13, 14), ["13:00", "13:59"]),
        ((None, None), []),
    ],
)
def test_quiet_hours_may_run_past_midnight_and_end_on_the_minute(
    chosen: tuple[int | None, int | None], quiet: list[str]
) -> None:
    start, end = (hour * 60 if hour is not None else None for hour in chosen)
    user = User(id=1, channel="fake", address="an", lang="en", quiet_from=start, quiet_to=end)
    clocks = ("21:59", "22:00", "23:59", "00:00", "07:59", "08:00", "12:59", "13:00", "13:59", "14:00")
    zone = ZoneInfo("Asia/Shanghai")

    local = {
        clock: datetime.fromisoformat(f"2025-08-09T{clock}").replace(tzinfo=zone).astimezone(UTC) for clock in clocks
    }
    assert [clock for clock in clocks if user.is_quiet(local[clock], zone)] == quiet
