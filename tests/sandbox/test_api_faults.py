import asyncio

import aiohttp
import pytest


def outcomes(box):
    return [(entry.outcome, entry.applied, entry.status) for entry in box.requests("sendMessage")]


async def test_a_connection_dropped_before_leaves_nothing_done(box, api, an):
    box.fault("drop-before", "sendMessage", count=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await api("sendMessage", chat_id=an.id, text="x")
    assert (box.messages(an), outcomes(box)) == ([], [("dropped", False, None)])
    assert (await api("sendMessage", chat_id=an.id, text="x"))["text"] == "x"


async def test_a_connection_dropped_after_leaves_it_done(box, api, an):
    box.fault("drop-after", "sendMessage", count=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await api("sendMessage", chat_id=an.id, text="x")
    assert [message.text for message in box.messages(an)] == ["x"]
    assert outcomes(box) == [("dropped", True, None)]
    assert box.told() == [(an.id, "x")]


async def test_a_late_answer_comes_after_the_deed(box, api, an):
    box.fault("delay", "sendMessage", seconds=30)
    call = asyncio.create_task(api("sendMessage", chat_id=an.id, text="x"))
    await box.until(lambda: [entry for entry in box.ledger if entry.applied])
    assert ([message.text for message in box.messages(an)], outcomes(box)) == (["x"], [("open", True, None)])
    call.cancel()


async def test_a_short_delay_only_delays(box, api, an):
    box.fault("delay", "sendMessage", seconds=0.01)
    assert (await api("sendMessage", chat_id=an.id, text="x"))["text"] == "x"


@pytest.mark.parametrize(
    ("code", "description"),
    [
        (500, "Internal Server Error"),
        (502, "Bad Gateway"),
        (429, "Too Many Requests: retry after 7"),
    ],
)
async def test_errors_are_answered_and_nothing_is_done(box, api, an, code, description):
    box.fault("error", "sendMessage", code=code, retry_after=7, count=1)
    assert await api("sendMessage", chat_id=an.id, text="x") == (code, description)
    assert (box.messages(an), outcomes(box)) == ([], [("refused", False, code)])


async def test_a_fault_strikes_its_method_and_chat_only(box, api, an):
    bo = box.user("Bo", started=True)
    fault = box.fault("error", "sendMessage", chat=bo)
    assert (await api("getMe"))["is_bot"] is True
    assert (await api("sendMessage", chat_id=an.id, text="x"))["text"] == "x"
    assert await api("sendMessage", chat_id=bo.id, text="x") == (500, "Internal Server Error")
    assert fault.struck == 1
    box.clear_faults()
    assert (await api("sendMessage", chat_id=bo.id, text="x"))["text"] == "x"


async def test_chance_repeats_with_the_seed(box, api):
    box.fault("error", "getMe", chance=0.5)
    struck = [isinstance(await api("getMe"), tuple) for _ in range(20)]
    assert [number for number, hit in enumerate(struck) if hit] == [2, 3, 5, 7, 8, 12, 15]


async def test_telegram_can_be_away_and_come_back_at_the_same_place(box, api, an):
    url = box.url
    poll = asyncio.create_task(api("getUpdates", timeout=50))
    await box.until(lambda: box.polling)
    await box.down()
    with pytest.raises(aiohttp.ClientConnectionError):
        await poll
    with pytest.raises(aiohttp.ClientConnectorError):
        await api("getMe")
    box.say(an, "while you were away")
    await box.up()
    assert box.url == url
    assert [update["message"]["text"] for update in await api("getUpdates")] == ["while you were away"]
