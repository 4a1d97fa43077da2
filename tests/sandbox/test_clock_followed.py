"""The sandbox's clock over HTTP, and clocks that follow it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import Clock
from bot.domain.problem import Problem
from bot.following import catch_up, follow
from bot.sandbox.box import Sandbox, sandbox

BEIJING = ZoneInfo("Asia/Shanghai")
NOON = datetime(2025, 8, 9, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOON = 1.0
"""Real seconds within which a follower must have heard of a change; it takes about one thousandth of that."""


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with sandbox(clock=Clock(NOON, 0.0, zone=BEIJING)) as opened:
        yield opened


@pytest.fixture
def api(box, session):
    """A GET without parameters, a POST with them: the answer, or (400, the problem)."""

    async def call(**params):
        method = "POST" if params else "GET"
        async with session.request(method, f"{box.url}/sandbox/clock", json=params or None) as response:
            body = await response.json()
        return body if response.status == 200 else (response.status, body["problem"])

    return call


def shown(now: str, speed: float) -> dict[str, object]:
    return {"now": now, "speed": speed, "until": None, "zone": "Asia/Shanghai", "paused": speed == 0}


@asynccontextmanager
async def follower(box: Sandbox) -> AsyncIterator[Clock]:
    """A clock that follows, once it shows the time of the sandbox."""
    clock = Clock.of(box.url, BEIJING)
    task = asyncio.create_task(follow(clock))
    await until(clock, lambda: clock.now() == box.clock.now())
    try:
        yield clock
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(clock: Clock, check: Callable[[], bool], seconds: float = 5.0) -> None:
    """Until the clock is as expected; it is looked at again whenever it changes."""
    async with asyncio.timeout(seconds):
        while not check():
            await clock.changed()


async def test_the_clock_is_shown_and_set(api):
    assert await api() == shown("2025-08-09T04:00:00Z", 0)
    assert await api(now="2025-08-10T08:30") == shown("2025-08-10T00:30:00Z", 0)
    assert await api(now="2025-08-10T08:30:00+02:00") == shown("2025-08-10T06:30:00Z", 0)
    assert (await api(speed=600))["speed"] == 600
    assert (await api(paused=True))["speed"] == 0


async def test_after_a_pause_the_clock_goes_on_as_fast_as_before(api):
    await api(speed=60)
    paused = await api(paused=True)
    assert await api() == paused
    assert [(await api(paused=False))["speed"], (await api(paused=False))["speed"]] == [60, 60]


async def test_a_clock_that_never_ran_goes_on_in_real_time(api):
    assert (await api(paused=False))["speed"] == 1


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"now": "noon"}, "now: Value error, Invalid isoformat string: 'noon'"),
        ({"now": 0.5}, "now: Value error, a time is a text such as 2025-08-09T13:20"),
        ({"now": "9999-12-31T23:00"}, "now: Value error, too far away"),
        ({"speed": -1}, "speed: Input should be greater than or equal to 0"),
        ({"speed": 1e6}, "speed: Input should be less than or equal to 100000"),
        ({"speed": "fast"}, "speed: Input should be a valid number, unable to parse string as a number"),
        ({"paused": "perhaps"}, "paused: Input should be a valid boolean, unable to interpret input"),
        ({"tempo": 1}, "tempo: Extra inputs are not permitted"),
    ],
)
async def test_nonsense_is_named_and_changes_nothing(api, asked, problem):
    assert await api(**asked) == (400, problem)
    assert await api() == shown("2025-08-09T04:00:00Z", 0)


async def test_what_is_no_json_is_named(box, session):
    async with session.post(f"{box.url}/sandbox/clock", data=b"{") as response:
        assert (response.status, list(await response.json())) == (400, ["problem"])


async def test_a_follower_hears_of_each_change_at_once(box):
    async with follower(box) as clock:
        for change in ({"now": NOON + HOUR}, {"speed": 600.0}, {"speed": 0.0}, {"now": NOON - HOUR}):
            began = time.monotonic()
            heard = clock.changed()
            box.clock.set(**change)
            await asyncio.wait_for(heard, SOON)
            assert time.monotonic() - began < SOON
            assert clock.state().speed == box.clock.state().speed
        assert clock.state() == box.clock.state()


async def test_a_follower_of_a_running_clock_is_within_a_few_milliseconds_of_it(box):
    async with follower(box) as clock:
        heard = clock.changed()
        box.clock.set(speed=600)
        await asyncio.wait_for(heard, SOON)
        apart = abs((clock.now() - box.clock.now()).total_seconds()) / 600
        assert apart < SOON / 2


async def test_a_follower_stops_where_the_clock_stops(box):
    async with follower(box) as clock:
        heard = clock.changed()
        box.clock.set(speed=100_000, until=NOON + HOUR)
        await asyncio.wait_for(heard, SOON)
        while min(box.clock.now(), clock.now()) < NOON + HOUR:
            pass  # for some 36 real milliseconds
        assert clock.state() == box.clock.state()


async def test_two_followers_hear_of_the_same(box):
    async with follower(box) as one, follower(box) as two:
        heard = [one.changed(), two.changed()]
        box.clock.set(NOON + HOUR, 0)
        await asyncio.wait_for(asyncio.gather(*heard), SOON)
        assert one.state() == two.state() == box.clock.state()


async def test_a_follower_runs_on_while_the_sandbox_is_away_and_finds_it_again(box):
    async with follower(box) as clock:
        heard = clock.changed()
        box.clock.set(speed=600)
        await asyncio.wait_for(heard, SOON)
        await box.down()
        left = clock.now()
        box.clock.set(NOON + 3 * HOUR, 0)
        assert (clock.now() > left, clock.state().speed) == (True, 600)
        await box.up()
        await until(clock, lambda: clock.state() == box.clock.state())


async def test_catching_up_is_one_question(box):
    clock = Clock.of(box.url, BEIJING)
    await catch_up(clock)
    assert clock.state() == box.clock.state()


async def test_a_clock_nobody_answers_for_is_a_problem(box, monkeypatch):
    monkeypatch.setattr("bot.following.PATIENCE", 0.2)
    await box.down()
    with pytest.raises(Problem) as raised:
        await catch_up(Clock.of(box.url, BEIJING))
    assert (raised.value.key, raised.value.params) == ("clock.away", {"url": box.url})


async def test_limits_and_expiry_stay_on_real_time_however_the_clock_jumps():
    async with sandbox(clock=Clock(NOON, 0.0), limits=True) as box:
        box.clock.set(NOON + 24 * HOUR, 100_000)
        an = box.user("An", started=True)
        for _ in range(3):
            box.limits.count("sendMessage", an.id)
        assert box.limits.wait("sendMessage", an.id) == 1
