import asyncio

import pytest

BUTTON = {"inline_keyboard": [[{"text": "Star", "callback_data": "star:1"}]]}


async def test_it_says_who_was_told_what_and_how_often(box, api, an):
    bo = box.user("Bo", started=True)
    message = await api("sendMessage", chat_id=an.id, text="<b>A1</b> at 9", parse_mode="HTML", reply_markup=BUTTON)
    await api("sendMessage", chat_id=bo.id, text="A1 at 9")
    await api("editMessageText", chat_id=an.id, message_id=message["message_id"], text="A1 at 10", reply_markup=BUTTON)
    query_id = box.press(an, message, "Star")
    await api("answerCallbackQuery", callback_query_id=query_id, text="Starred")
    await api("sendMessage", chat_id=5, text="nobody")

    assert box.told() == [(an.id, "A1 at 9"), (bo.id, "A1 at 9"), (an.id, "A1 at 10"), (an.id, "Starred")]
    assert box.told(bo) == [(bo.id, "A1 at 9")]


async def test_every_request_is_written_down_with_its_outcome_and_times(box, api, an, seconds):
    seconds.now += 5
    message = await api("sendMessage", chat_id=an.id, text="<b>A1</b>", parse_mode="HTML")
    seconds.now += 5
    await api("sendMessage", chat_id=5, text="nobody")

    accepted, refused = (entry.json() for entry in box.ledger)

    assert accepted == {
        "number": 1,
        "method": "sendMessage",
        "chat_id": an.id,
        "params": {"chat_id": an.id, "text": "<b>A1</b>", "parse_mode": "HTML"},
        "received": 5.0,
        "at": accepted["at"],
        "outcome": "accepted",
        "applied": True,
        "status": 200,
        "description": None,
        "message_id": message["message_id"],
        "text": "A1",
        "answered": 5.0,
    }
    assert (refused["received"], refused["outcome"], refused["applied"], refused["status"], refused["description"]) == (
        10.0,
        "refused",
        False,
        400,
        "Bad Request: chat not found",
    )


async def test_it_can_be_read_as_json_by_method_chat_and_outcome(box, api, an, session):
    await api("getMe")
    await api("getUpdates")
    await api("sendMessage", chat_id=an.id, text="1")
    await api("sendMessage", chat_id=5, text="2")

    async def read(query):
        async with session.get(f"{box.url}/sandbox/ledger{query}") as response:
            return [(entry["method"], entry["outcome"]) for entry in await response.json()]

    assert await read("") == [("getMe", "accepted"), ("sendMessage", "accepted"), ("sendMessage", "refused")]
    assert await read("?method=getUpdates") == [("getUpdates", "accepted")]
    assert await read(f"?chat_id={an.id}") == [("sendMessage", "accepted")]
    assert await read("?outcome=refused") == [("sendMessage", "refused")]
    assert await read("?after=3") == [("sendMessage", "refused")]


async def test_waiting_in_vain_names_the_last_requests(box, api, an):
    await api("sendMessage", chat_id=an.id, text="something else")
    with pytest.raises(TimeoutError, match="sendMessage 1001 accepted something else"):
        await box.reply(an, after=1, seconds=0.01)


async def test_a_test_waits_for_the_reply_and_presses_what_it_shows(box, api, an):
    asked = box.start(an)
    waiting = asyncio.create_task(box.reply(an, after=asked))
    await api("sendMessage", chat_id=an.id, text="Welcome", reply_markup=BUTTON)
    reply = await waiting
    query_id = box.press(an, reply, reply.buttons[0][0].text)
    answer = asyncio.create_task(box.answered(query_id))
    await api("answerCallbackQuery", callback_query_id=query_id, text="Starred")
    assert (reply.text, (await answer)["text"]) == ("Welcome", "Starred")
