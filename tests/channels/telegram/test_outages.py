"""Telegram goes away, breaks, refuses, or loses an answer on the way."""

import asyncio
import sqlite3

import pytest
from conftest import Journal
from telegram_bot import all_settled, running_bot, states

from bot.app import App
from bot.domain.problem import Problem
from bot.sandbox.box import Sandbox

Bot = asyncio.Task[None]
AWAY, BACK = "telegram is away", "telegram is back"


async def test_away_at_the_start_is_one_line_and_so_is_the_answer(journal: Journal, box: Sandbox, app: App) -> None:
    an = box.user("An", started=True)
    box.say(an, "/help")
    await box.down()

    async with running_bot(app, box):
        await journal.until(AWAY)
        await box.up()
        await box.until(lambda: box.told(an))

    assert journal.events == [AWAY, "answering"]


async def test_gone_in_the_middle_is_one_line_and_so_is_the_return(journal: Journal, box: Sandbox, app: App) -> None:
    an = box.user("An")
    async with running_bot(app, box):
        await box.reply(an, after=box.say(an, "/help"))
        await box.down()
        await journal.until(AWAY)
        await box.up()
        await journal.until(BACK)
        await box.reply(an, after=box.say(an, "/help"))

    assert journal.events == ["answering", AWAY, BACK]


@pytest.mark.parametrize("code", [500, 502])
async def test_broken_for_a_while_is_one_line_and_one_more(journal: Journal, box: Sandbox, app: App, code: int) -> None:
    an = box.user("An", started=True)
    box.say(an, "/help")
    box.fault("error", "getUpdates", code=code, count=3)

    async with running_bot(app, box):
        await journal.until(BACK)
        await box.until(lambda: box.told(an))

    assert journal.events == ["answering", AWAY, BACK]
    assert [entry["tries"] for entry in journal.entries if entry["event"] == BACK] == [3]


async def test_an_outage_while_the_profile_is_set_is_no_line_of_its_own(
    journal: Journal, box: Sandbox, app: App
) -> None:
    box.fault("error", "getMyName", code=502, count=1)

    async with running_bot(app, box):
        await box.until(lambda: len(box.requests("getMyDescription")) == 3)

    assert journal.events == ["answering"]


async def test_a_refused_profile_is_said_and_the_bot_answers(journal: Journal, box: Sandbox, app: App) -> None:
    box.fault("error", "setMyName", code=429, retry_after=80_000)
    an = box.user("An")

    async with running_bot(app, box):
        await box.reply(an, after=box.say(an, "/help"))
        await box.until(lambda: len(box.requests("setMyName")) == 3)

    assert journal.events == ["answering", *["profile not set"] * 3]


class TestOfAnAnswer:
    """What becomes of one answer."""

    async def test_asked_to_wait_it_waits_and_sends_once(self, box: Sandbox, bot: Bot, app: App) -> None:
        an = box.user("An")
        box.fault("error", "sendMessage", code=429, retry_after=1, count=1)

        await box.reply(an, after=box.say(an, "/help"))
        await all_settled(box, app)

        first, second = box.requests("sendMessage")
        assert second.received - first.received >= 1.0
        assert (len(box.told(an)), await states(app)) == (1, {"done"})

    async def test_a_wait_in_one_chat_is_no_wait_in_another(self, box: Sandbox, bot: Bot) -> None:
        an, bo = box.user("An"), box.user("Bo")
        box.fault("error", "sendMessage", chat=an, code=429, retry_after=3_600)

        box.say(an, "/help")
        await box.until(lambda: box.requests("sendMessage"))

        assert (await box.reply(bo, after=box.say(bo, "/help"))).text.splitlines()[0] == "What you can ask"

    @pytest.mark.parametrize("code", [500, 502])
    async def test_a_broken_server_is_asked_again(self, box: Sandbox, bot: Bot, app: App, code: int) -> None:
        an = box.user("An")
        box.fault("error", "sendMessage", code=code, count=2)

        await box.reply(an, after=box.say(an, "/help"))
        await all_settled(box, app)

        assert (len(box.told(an)), await states(app)) == (1, {"done"})

    async def test_cut_before_it_was_taken_it_arrives_once(self, box: Sandbox, bot: Bot, app: App) -> None:
        an = box.user("An")
        box.fault("drop-before", "sendMessage", count=1)

        await box.reply(an, after=box.say(an, "/help"))
        await all_settled(box, app)

        assert (len(box.told(an)), await states(app)) == (1, {"done"})

    async def test_cut_after_it_was_taken_it_comes_again_for_nobody_can_know(
        self, box: Sandbox, bot: Bot, app: App
    ) -> None:
        an = box.user("An")
        box.fault("drop-after", "sendMessage", count=1)

        box.say(an, "/help")
        await box.until(lambda: len(box.told(an)) == 2)
        await all_settled(box, app)

        assert (len(box.told(an)), await states(app)) == (2, {"done"})

    async def test_never_written_it_arrives_once_when_telegram_is_back(self, box: Sandbox, bot: Bot, app: App) -> None:
        an = box.user("An")
        box.fault("drop-before", "sendMessage", count=1)
        box.say(an, "/help")
        await box.until(lambda: [entry for entry in box.requests("sendMessage") if entry.outcome == "dropped"])
        await box.down()
        await box.up()

        await box.until(lambda: box.told(an))
        await all_settled(box, app)

        assert (len(box.told(an)), await states(app)) == (1, {"done"})

    async def test_on_connections_that_were_cut_meanwhile_it_arrives_once(
        self, journal: Journal, box: Sandbox, bot: Bot
    ) -> None:
        people = [box.user(f"User {n}") for n in range(8)]
        for person in people:
            box.say(person, "/help")
        await box.until(lambda: len(box.told()) == 8)
        await box.down()
        await box.up()

        for person in people:
            box.say(person, "/room 7")
        await box.until(lambda: len(box.told()) == 16)

        assert [len(box.told(person)) for person in people] == [2] * 8

    async def test_a_press_is_acknowledged_though_its_answer_must_wait(self, box: Sandbox, bot: Bot) -> None:
        an = box.user("An")
        listed = await box.reply(an, after=box.say(an, "/next"))
        box.fault("error", "sendMessage", code=429, retry_after=3_600)

        assert await box.answered(box.press(an, listed, listed.buttons[0][0].text)) == {"text": "", "show_alert": False}

    async def test_a_press_too_old_to_be_acknowledged_is_answered(self, box: Sandbox, bot: Bot, app: App) -> None:
        an = box.user("An")
        listed = await box.reply(an, after=box.say(an, "/next"))
        box.fault("error", "answerCallbackQuery", code=400)

        box.press(an, listed, listed.buttons[0][0].text)
        await box.reply(an, after=listed)
        await all_settled(box, app)

        assert await states(app) == {"done"}


FATAL = [
    (401, "getMe", "telegram.unauthorized"),
    (404, "getMe", "telegram.unauthorized"),
    (401, "getUpdates", "telegram.unauthorized"),
    (404, "getUpdates", "telegram.unauthorized"),
    (409, "getUpdates", "telegram.conflict"),
    (401, "sendMessage", "telegram.unauthorized"),
]


@pytest.mark.parametrize(("code", "method", "key"), FATAL)
async def test_a_bot_that_can_no_longer_hear_ends_and_loses_no_question(
    box: Sandbox, app: App, code: int, method: str, key: str
) -> None:
    an = box.user("An", started=True)
    fault = box.fault("error", method, code=code)
    box.say(an, "/help")

    async with running_bot(app, box) as bot:
        with pytest.raises(Problem) as caught:
            await asyncio.wait_for(bot, 10)
    box.faults.set.remove(fault)
    async with running_bot(app, box):
        await box.until(lambda: box.told(an))
        await all_settled(box, app)

    assert (caught.value.key, len(box.told(an))) == (key, 1)
    assert await states(app) == {"done"}
    assert not any(secret(box) in repr(error) for error in chain(caught.value))


async def test_while_it_gives_way_it_answers_what_it_has_in_hand(box: Sandbox, app: App) -> None:
    an = box.user("An", started=True)
    box.fault("delay", "sendMessage", seconds=0.2)

    async with running_bot(app, box) as bot:
        box.say(an, "/help")
        await box.until(lambda: box.requests("sendMessage"))
        box.fault("error", "getUpdates", code=409)
        box.inject({})  # ends the request that waits
        with pytest.raises(Problem, match="conflict"):
            await asyncio.wait_for(bot, 10)

    assert await states(app) == {"done"}


async def test_of_two_instances_one_gives_way(box: Sandbox, app: App) -> None:
    async with running_bot(app, box) as first:
        await box.until(lambda: box.polling)
        async with running_bot(app, box) as second:
            done, left = await asyncio.wait([first, second], return_when=asyncio.FIRST_COMPLETED, timeout=20)

            assert (len(done), len(left)) == (1, 1)
            assert [type(task.exception()) for task in done] == [Problem]


async def test_a_database_that_fails_ends_the_bot_instead_of_one_chat(box: Sandbox, app: App) -> None:
    an, bo = box.user("An"), box.user("Bo", started=True)

    async with running_bot(app, box) as bot:
        await box.reply(an, after=box.say(an, "/help"))
        async with app.db.transaction() as tx:
            await tx.execute_fetchall("ALTER TABLE updates RENAME TO elsewhere")
        box.say(bo, "/help")
        with pytest.raises(ExceptionGroup) as caught:
            await asyncio.wait_for(bot, 10)

    assert [type(error) for error in caught.value.exceptions] == [sqlite3.OperationalError]
    assert [update["message"]["from"]["first_name"] for update in box.pending] == ["Bo"]


async def test_told_to_stop_while_a_connection_hangs_it_stops(box: Sandbox, app: App) -> None:
    box.fault("delay", "getMe", seconds=60)

    async with asyncio.timeout(5), running_bot(app, box):
        await box.until(lambda: box.requests("getMe"))


def secret(box: Sandbox) -> str:
    return box.token.partition(":")[2]


def chain(error: BaseException) -> list[BaseException]:
    """An error and everything that hangs on it."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and one not in found:
            found.append(one)
            waiting += [one.__context__, one.__cause__]
            waiting += one.exceptions if isinstance(one, BaseExceptionGroup) else ()
    return found
