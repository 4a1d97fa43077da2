"""A crowd that is due at one moment: when telling it begins, and that its last is told in time."""

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reminding import World, at, programme, session, words, world
from virtual_time import in_virtual_time

from bot.domain.user import User
from bot.replies.reply import Reply
from bot.services import reminders
from bot.services.composing import composer
from bot.services.delivery import Delivery
from bot.services.reminders import GRACE, PACE, release
from bot.store import programmes

RATE = 30.0

crowds = st.dictionaries(st.integers(0, 3_600_000), st.integers(1, 10_000), min_size=1, max_size=8)
rates = st.sampled_from((1.0, 20.0, 30.0, 1000.0))


def ends(begins: Mapping[int, int], crowds: Mapping[int, int], rate: float) -> dict[int, float]:
    """When the last of each crowd is told: one after the other, at the pace that is counted on."""
    free = float("-inf")
    found = {}
    for moment in sorted(crowds):
        free = max(free, begins[moment]) + crowds[moment] / (rate * PACE) * 1000
        found[moment] = free
    return found


@given(crowds=crowds, rate=rates)
def test_the_last_of_every_crowd_is_told_five_seconds_after_its_moment_at_the_latest(
    crowds: dict[int, int], rate: float
) -> None:
    begins = release(crowds, rate)
    late = {
        moment: end
        for moment, end in ends(begins, crowds, rate).items()
        if end > moment + GRACE * 1000 + 1.001  # begun on a whole millisecond, and sums of fractions are inexact
    }
    assert late == {}


@given(crowds=crowds, rate=rates)
def test_no_crowd_begins_earlier_than_it_must(crowds: dict[int, int], rate: float) -> None:
    begins = release(crowds, rate)
    for moment, following in pairwise([*sorted(crowds), None]):
        took = crowds[moment] / (rate * PACE) * 1000
        through = moment + GRACE * 1000
        if following is not None:
            through = min(through, begins[following] + 1)
        assert begins[moment] == moment or through - took - 2 <= begins[moment] < moment


@given(crowds=crowds)
def test_without_a_limit_everybody_is_told_when_they_are_due(crowds: dict[int, int]) -> None:
    assert release(crowds, None) == {moment: moment for moment in crowds}


@pytest.mark.parametrize(
    ("people", "begins"),
    [(1, 0.0), (135, 0.0), (136, 0.0), (1_000, -32.0), (3_000, -106.1), (10_000, -365.3)],
)
def test_a_crowd_begins_as_much_earlier_as_it_is_large(people: int, begins: float) -> None:
    found = release({0: people}, RATE)[0] / 1000
    assert found == pytest.approx(begins, abs=0.1)


def test_two_crowds_close_together_do_not_stand_in_each_others_way() -> None:
    found = release({0: 1_350, 30_000: 1_350}, RATE)
    assert found == {0: -65_000, 30_000: -15_000}


class Paced:
    """A channel that takes 30 a second, and remembers what it was given when, on conference time."""

    def __init__(self, made: World) -> None:
        self._made = made
        self._turn = asyncio.Lock()
        self.told: list[tuple[datetime, str]] = []

    async def send(self, user: User, reply: Reply, *, silent: bool, wanted: object) -> str:
        async with self._turn:
            await asyncio.sleep(1 / RATE)
        self.told.append((now(), words(reply)))
        return str(len(self.told))

    async def edit(self, user: User, message: str, reply: Reply, *, made: float) -> None:
        raise AssertionError("nothing changes here")


BEGAN = at("13:40")


def now() -> datetime:
    """Conference time goes as the loop's does."""
    return BEGAN + timedelta(seconds=asyncio.get_running_loop().time())


async def told(folder: Path, people: int, leads: tuple[int, ...] = (10,)) -> list[tuple[datetime, str]]:
    """What a crowd that starred one talk is told, each with one of these leads."""
    given = programme(session("A", at("14:00"), 60, "R1", 1))
    async with world(folder, given, BEGAN) as made:
        async with made.db.transaction() as tx:
            await tx.executemany(
                "INSERT INTO users (channel, address, lang, since, lead) VALUES ('fake', ?, 'en', '2025', ?)",
                [(str(n), leads[n % len(leads)]) for n in range(people)],
            )
            await tx.execute_fetchall(
                "INSERT INTO stars SELECT id, 'talk', ?, 1, '2025' FROM users", (made.named("A-1")[1],)
            )

        channel = Paced(made)
        delivery = Delivery(
            made.db,
            {"fake": channel},
            composer(lambda: made.timetable, now),
            now,
            current=programmes.revision,
            outdated=lambda: None,
        )
        running = asyncio.create_task(delivery.run())
        while len(channel.told) < people:
            async with made.db.transaction() as tx:
                following = await reminders.look(tx, made.timetable, rate=RATE, now=now())
            delivery.wake()
            await asyncio.sleep((following - now()).total_seconds() if following else 1)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return channel.told


def test_three_thousand_are_told_by_five_seconds_after_the_moment_and_none_two_minutes_before(tmp_path: Path) -> None:
    found = in_virtual_time(told(tmp_path, 3_000))
    due = at("13:50")

    assert len(found) == 3_000
    assert due - timedelta(minutes=2) <= found[0][0]
    assert found[-1][0] <= due + timedelta(seconds=GRACE)
    # The words were made within the two seconds before; they say the minutes of then.
    assert [one for one in found if minutes(one[1]) not in true_minutes(one[0])] == []


def test_two_crowds_of_one_talk_are_both_told_in_time(tmp_path: Path) -> None:
    found = in_virtual_time(told(tmp_path, 600, leads=(10, 15)))

    assert [
        sum(moment <= at(clock) + timedelta(seconds=GRACE) for moment, _ in found) for clock in ("13:45", "13:50")
    ] == [
        300,
        600,
    ]
    assert found[0][0] >= at("13:45") - timedelta(seconds=10)


def minutes(said: str) -> int:
    match = re.search(r"In (\d+) min", said)
    assert match is not None
    return int(match[1])


def true_minutes(moment: datetime) -> set[int]:
    left = [(at("14:00") - moment).total_seconds() / 60 + early / 60 for early in (0, 2)]
    return set(map(ceil, left))
