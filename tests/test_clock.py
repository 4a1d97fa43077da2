"""The conference clock. Real time passes while it is read, so running clocks are held between two bounds."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import Clock, ClockState
from bot.domain.problem import Problem

BEIJING = ZoneInfo("Asia/Shanghai")
NOON = datetime(2025, 8, 9, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def stopped(at: datetime = NOON) -> Clock:
    return Clock(at, 0.0, zone=BEIJING)


@pytest.mark.parametrize(
    ("setting", "speed"),
    [("2025-08-09T12:00@0", 0), ("2025-08-09T12:00@60", 60), ("2025-08-09T04:00Z", 1), ("2025-08-09T12:00", 1)],
)
def test_a_setting_is_a_time_of_the_conference_and_a_speed(setting: str, speed: float) -> None:
    state = Clock.of(setting, BEIJING).state()
    assert NOON <= state.now < NOON + timedelta(minutes=5)
    assert (state.speed, state.paused, state.zone) == (speed, speed == 0, "Asia/Shanghai")


def test_no_setting_is_real_time() -> None:
    before = Clock().now()
    assert before <= Clock.of("", BEIJING).now() <= Clock().now()


@pytest.mark.parametrize("setting", ["http://127.0.0.1:8081", "http://127.0.0.1:8081/", "http://[::1]:8081"])
def test_a_setting_is_the_address_of_a_sandbox(setting: str) -> None:
    assert Clock.of(setting, BEIJING).owner == setting.rstrip("/")


@pytest.mark.parametrize(
    "setting",
    [
        "noon", "2025-08-09T12:00@fast", "2025-08-09T12:00@-1", "2025-08-09T12:00@nan", "2025-08-09T12:00@inf",
        "2025-08-09T12:00@100001", "@60", "0001-01-01T00:00", "9999-12-31T23:59", "http://", "http://127.0.0.1:0",
        "http://127.0.0.1:port", "http://127.0.0.1:8081/sandbox/clock", "http://127.0.0.1:8081?x", "ftp://127.0.0.1:1",
    ],
)  # fmt: skip
def test_nonsense_is_refused(setting: str) -> None:
    with pytest.raises(Problem) as raised:
        Clock.of(setting, BEIJING)
    assert (raised.value.key, raised.value.params) == ("clock.not-a-time", {"setting": setting})


def test_a_clock_that_stands_still_never_reaches_what_comes() -> None:
    clock = stopped()
    assert (clock.seconds_until(NOON - HOUR), clock.seconds_until(NOON), clock.seconds_until(NOON + HOUR)) == (
        0,
        0,
        None,
    )


def test_a_fast_clock_reaches_an_hour_sooner() -> None:
    clock = stopped()
    clock.set(speed=3600)
    wait = clock.seconds_until(NOON + HOUR)
    assert wait is not None
    assert 0 < wait <= 1


def test_a_jump_keeps_the_speed_and_a_change_of_speed_keeps_the_time() -> None:
    clock = stopped()
    clock.set(NOON + HOUR)
    assert clock.state() == ClockState(now=NOON + HOUR, speed=0, zone="Asia/Shanghai")
    clock.set(speed=100_000)
    clock.set(speed=0)
    assert clock.now() >= NOON + HOUR
    assert clock.now() == clock.now()


def test_a_clock_told_to_stop_at_a_moment_stops_exactly_there() -> None:
    clock = stopped()
    clock.set(speed=100_000, until=NOON + HOUR)
    assert clock.seconds_until(NOON + 2 * HOUR) is None
    while clock.now() < NOON + HOUR:
        pass
    assert clock.state() == ClockState(now=NOON + HOUR, speed=0, zone="Asia/Shanghai")


def test_real_time_can_be_taken_in_hand() -> None:
    clock = Clock()
    before = clock.now()
    clock.set(speed=0)
    stood = clock.now()
    assert before <= stood <= Clock().now()
    assert clock.now() == stood


async def test_every_waiter_is_woken_by_every_change() -> None:
    clock = stopped()
    for change in ({"now": NOON + HOUR}, {"speed": 60.0}, {"speed": 0.0}):
        waiters = [clock.changed(), clock.changed()]
        clock.set(**change)  # type: ignore[arg-type]
        assert [waiter.done() for waiter in waiters] == [True, True]


async def test_a_waiter_that_gives_up_is_forgotten() -> None:
    clock = stopped()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(clock.changed(), 0)
    clock.set(NOON + HOUR)
    assert clock.now() == NOON + HOUR
