"""What is made last is written last, where answers and notices write in one message."""

import asyncio
from contextlib import suppress

import pytest
from virtual_time import in_virtual_time

from bot.channels.telegram.places import KEPT, Places
from bot.services.channel import Later

HERE, ELSEWHERE = (7, 1), (7, 2)


def now() -> float:
    return asyncio.get_running_loop().time()


def may_mend(places: Places, made: float, place: tuple[int, int] = HERE) -> bool:
    with suppress(Later), places.mending(place, made=made):
        return True
    return False


def test_while_an_answer_is_made_and_sent_only_other_messages_are_mended() -> None:
    async def story() -> None:
        places = Places()
        before = now()
        await asyncio.sleep(1)
        async with places.answering(HERE):
            during = (may_mend(places, before), may_mend(places, now()), may_mend(places, before, ELSEWHERE))
            made_meanwhile = now()
            await asyncio.sleep(1)
        await asyncio.sleep(1)

        assert during == (False, False, True)
        assert [may_mend(places, made) for made in (before, made_meanwhile, now())] == [False, False, True]

    in_virtual_time(story())


def test_an_answer_is_made_when_what_is_being_written_there_is_there() -> None:
    async def story() -> None:
        places, order = Places(), []

        async def answer() -> None:
            async with places.answering(HERE):
                order.append("answered")

        with places.mending(HERE, made=now()):
            answering = asyncio.create_task(answer())
            await asyncio.sleep(1)
            order.append("mended")
        await answering

        assert order == ["mended", "answered"]

    in_virtual_time(story())


def test_whoever_fails_leaves_the_place_to_others_and_an_answer_of_its_own_takes_none() -> None:
    async def story() -> None:
        places = Places()
        with suppress(ZeroDivisionError):
            async with places.answering(HERE):
                raise ZeroDivisionError
        with suppress(ZeroDivisionError), places.mending(ELSEWHERE, made=now()):
            raise ZeroDivisionError
        async with places.answering(None), places.answering(ELSEWHERE):
            pass
        await asyncio.sleep(1)

        assert (may_mend(places, now()), may_mend(places, now(), ELSEWHERE)) == (True, True)

    in_virtual_time(story())


def test_of_many_answers_the_newest_are_remembered() -> None:
    async def story() -> None:
        places = Places()
        await asyncio.sleep(1)
        made = now()
        for number in range(KEPT + 1):
            async with places.answering((7, number)):
                pass

        assert [may_mend(places, made, (7, number)) for number in (0, 1, KEPT)] == [True, False, False]

    in_virtual_time(story())


def test_a_notice_that_must_wait_says_for_how_long() -> None:
    async def story() -> None:
        places = Places()
        async with places.answering(HERE):
            with pytest.raises(Later) as caught, places.mending(HERE, made=now()):
                pass

        assert (caught.value.reason, caught.value.seconds) == ("an answer takes its place", 0.5)

    in_virtual_time(story())
