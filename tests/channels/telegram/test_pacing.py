"""Telegram's limits kept, whatever the delays on the way, on a clock that runs by itself."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from itertools import count

from hypothesis import given
from hypothesis import strategies as st
from virtual_time import in_virtual_time

from bot.channels.telegram.pacing import NOTICE, QUESTION, Pace, Rates
from bot.sandbox.limits import Limits

ROUNDING = 1e-9
AN, BO, GROUP = 1, 2, -100

delays = st.tuples(st.floats(0, 0.4), st.floats(0, 0.4))
"""Seconds from the request to the moment Telegram counts it, and from there to its answer."""


@st.composite
def messages(draw: st.DrawFn) -> tuple[float, int, int, tuple[float, float]]:
    """When it is to be sent, to whom, how urgently, and how long it is on the way."""
    chat = draw(st.sampled_from([GROUP, *range(1, 60)]))
    return draw(st.floats(0, 3)), chat, draw(st.sampled_from([QUESTION, NOTICE])), draw(delays)


async def send(
    pace: Pace, chat: int, urgency: int, there: float, back: float, counted: list[tuple[float, int]]
) -> None:
    async with pace.turn(chat, urgency):
        await asyncio.sleep(there)
        counted.append((asyncio.get_running_loop().time(), chat))
        await asyncio.sleep(back)


def most_within(moments: Sequence[float], seconds: float) -> int:
    """The most that fall into any stretch of so many seconds, its end not included."""
    return max(sum(begin <= one < begin + seconds - ROUNDING for one in moments) for begin in moments)


@given(st.lists(messages(), min_size=1, max_size=150))
def test_no_second_sees_more_than_its_share_whenever_telegram_counts(
    wanted: list[tuple[float, int, int, tuple[float, float]]],
) -> None:
    async def all_of_them() -> list[tuple[float, int]]:
        pace = Pace(Rates(overall=10, private=1, group=5))
        counted: list[tuple[float, int]] = []

        async def later(after: float, chat: int, urgency: int, there: float, back: float) -> None:
            await asyncio.sleep(after)
            await send(pace, chat, urgency, there, back, counted)

        await asyncio.gather(*(later(after, chat, urgency, *way) for after, chat, urgency, way in wanted))
        return counted

    counted = in_virtual_time(all_of_them())
    in_group = [moment for moment, chat in counted if chat == GROUP]

    assert len(counted) == len(wanted)
    assert most_within([moment for moment, _ in counted], 1.0) <= 10
    assert not in_group or most_within(in_group, 60.0) <= 5


@given(st.lists(st.tuples(st.sampled_from([AN, BO]), delays), min_size=1, max_size=40))
def test_telegrams_own_limits_never_refuse_what_leaves_in_turn(
    wanted: list[tuple[int, tuple[float, float]]],
) -> None:
    async def refusals() -> int:
        loop = asyncio.get_running_loop()
        ticks = count()
        # No two moments of a real clock are the same, and sums of floats may differ in the last place.
        pace, limits = Pace(Rates()), Limits(lambda: loop.time() + next(ticks) * ROUNDING, on=True)
        refused = 0

        async def one(chat: int, there: float, back: float) -> None:
            nonlocal refused
            async with pace.turn(chat):
                await asyncio.sleep(there)
                refused += bool(limits.wait("sendMessage", chat))
                limits.count("sendMessage", chat)
                await asyncio.sleep(back)

        await asyncio.gather(*(one(chat, *way) for chat, way in wanted))
        return refused

    assert in_virtual_time(refusals()) == 0


def test_a_crowd_that_nobody_interrupts_uses_all_there_is() -> None:
    async def crowd() -> float:
        pace = Pace(Rates())
        counted: list[tuple[float, int]] = []
        await asyncio.gather(*(send(pace, chat, NOTICE, 0.005, 0.005, counted) for chat in range(1, 3_001)))
        return counted[-1][0]

    # 3,000 messages at 30 a second, the first 30 at once: 99 s at best.
    assert in_virtual_time(crowd()) < 99 * 1.03


def test_a_question_in_the_middle_of_a_crowd_hardly_waits() -> None:
    async def waits() -> list[float]:
        loop = asyncio.get_running_loop()
        pace = Pace(Rates())
        crowd = [asyncio.create_task(send(pace, chat, NOTICE, 0.01, 0.01, [])) for chat in range(1, 1_000)]
        found = []
        for n in range(100):
            await asyncio.sleep(0.2)
            asked = loop.time()
            async with pace.turn(10_000 + n):
                found.append(loop.time() - asked)
        for one in crowd:
            one.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
        return found

    found = in_virtual_time(waits())
    assert max(found) < 0.05
    assert sorted(found)[94] == 0.0


def test_questions_go_before_notices_that_have_waited_longer() -> None:
    async def order() -> list[int]:
        pace = Pace(Rates(overall=1))
        counted: list[tuple[float, int]] = []
        notices = [asyncio.create_task(send(pace, chat, NOTICE, 0, 0, counted)) for chat in (1, 2, 3)]
        await asyncio.sleep(0.5)
        await send(pace, 4, QUESTION, 0, 0, counted)
        await asyncio.gather(*notices)
        return [chat for _, chat in counted]

    assert in_virtual_time(order()) == [1, 4, 2, 3]


def test_a_private_chat_takes_a_few_at_once_and_then_one_a_second() -> None:
    async def moments() -> list[float]:
        counted: list[tuple[float, int]] = []
        pace = Pace(Rates())
        await asyncio.gather(*(send(pace, AN, QUESTION, 0, 0, counted) for _ in range(5)))
        return [round(moment, 6) for moment, _ in counted]

    assert in_virtual_time(moments()) == [0, 0, 0, 1, 2]


def test_a_chat_that_was_refused_waits_and_nobody_else_does() -> None:
    async def moments() -> list[tuple[float, int]]:
        pace = Pace(Rates(overall=0, private=0, group=0))
        pace.refused(AN, 7.0)
        counted: list[tuple[float, int]] = []
        await asyncio.gather(*(send(pace, chat, QUESTION, 0, 0, counted) for chat in (AN, BO)))
        return counted

    assert in_virtual_time(moments()) == [(0.0, BO), (7.0, AN)]


def test_when_chat_after_chat_is_refused_everything_waits() -> None:
    async def moments() -> list[float]:
        pace = Pace(Rates())
        counted: list[tuple[float, int]] = []
        for chat in (1, 2):
            pace.refused(chat, 5.0)
        await send(pace, 9, QUESTION, 0, 0, counted)
        for chat in (3, 4, 5):
            pace.refused(chat, 5.0)
        await send(pace, 9, QUESTION, 0, 0, counted)
        return [moment for moment, _ in counted]

    assert in_virtual_time(moments()) == [0.0, 5.0]


def test_edits_in_a_private_chat_are_not_held_by_its_limit() -> None:
    async def last() -> float:
        pace = Pace(Rates())
        for _ in range(10):
            async with pace.turn(AN, NOTICE, edit=True):
                pass
        return asyncio.get_running_loop().time()

    # Evenly with everything else that is told: the first few at once.
    assert round(in_virtual_time(last()), 6) == round(7 / 30, 6)


def test_whoever_stops_waiting_takes_no_place() -> None:
    async def moments() -> list[float]:
        pace = Pace(Rates(overall=1))
        counted: list[tuple[float, int]] = []
        await send(pace, 1, QUESTION, 0, 0, counted)
        gone = asyncio.create_task(send(pace, 2, QUESTION, 0, 0, counted))
        here = asyncio.create_task(send(pace, 3, QUESTION, 0, 0, counted))
        await asyncio.sleep(0.5)
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone
        await here
        return [moment for moment, _ in counted]

    assert in_virtual_time(moments()) == [0.0, 1.0]
