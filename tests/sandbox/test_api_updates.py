import asyncio

CONFLICT = (
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
)
WEBHOOK_ACTIVE = (
    409,
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
)


def texts(updates):
    return [update["message"]["text"] for update in updates]


def says(box, who, *words):
    return [box.say(who, word) for word in words]


async def test_what_is_not_confirmed_comes_again(box, api, an):
    says(box, an, "1", "2", "3")
    first = await api("getUpdates", limit=2)
    assert texts(first) == ["1", "2"]
    assert await api("getUpdates", limit=2) == first
    assert texts(await api("getUpdates", offset=first[1]["update_id"])) == ["2", "3"]
    assert texts(await api("getUpdates", offset=first[1]["update_id"] + 1)) == ["3"]
    assert texts(await api("getUpdates")) == ["3"]


async def test_updates_have_ids_in_sequence(box, api, an):
    says(box, an, "1", "2", "3")
    ids = [update["update_id"] for update in await api("getUpdates")]
    assert ids == list(range(ids[0], ids[0] + 3))


async def test_a_negative_offset_keeps_the_last_and_forgets_the_rest(box, api, an):
    says(box, an, "1", "2", "3")
    assert texts(await api("getUpdates", offset=-2)) == ["2", "3"]
    assert texts(await api("getUpdates")) == ["2", "3"]


async def test_a_batch_has_a_hundred_at_most(box, api, an):
    says(box, an, *map(str, range(101)))
    assert len(await api("getUpdates", limit=0)) == 100
    assert len(await api("getUpdates", limit=1000)) == 100


async def test_a_long_poll_ends_as_soon_as_there_is_something(box, api, an):
    poll = asyncio.create_task(api("getUpdates", timeout=50))
    await box.until(lambda: box.polling)
    says(box, an, "hello")
    assert texts(await poll) == ["hello"]


async def test_a_long_poll_without_news_ends_empty(api):
    assert await api("getUpdates", timeout=1) == []


async def test_a_second_poll_ends_the_older_one(box, api, an):
    older = asyncio.create_task(api("getUpdates", timeout=50))
    await box.until(lambda: box.polling)
    newer = asyncio.create_task(api("getUpdates", timeout=50))
    assert await older == CONFLICT
    says(box, an, "hello")
    assert texts(await newer) == ["hello"]


async def test_polling_is_refused_while_there_is_a_webhook(box, api):
    poll = asyncio.create_task(api("getUpdates", timeout=50))
    await box.until(lambda: box.polling)
    await api("setWebhook", url="http://127.0.0.1:9/hook")
    assert await poll == (409, "Conflict: terminated by setWebhook request")
    assert await api("getUpdates") == WEBHOOK_ACTIVE
    await api("deleteWebhook")
    assert await api("getUpdates") == []


async def test_kinds_of_updates_that_nobody_asked_for_are_not_kept(box, api, an):
    await api("getUpdates", allowed_updates=["callback_query"])
    says(box, an, "1")
    box.block(an)
    assert await api("getUpdates") == []
    await api("getUpdates", allowed_updates=[])
    box.unblock(an)
    says(box, an, "2")
    assert [sorted(set(update) - {"update_id"}) for update in await api("getUpdates")] == [
        ["my_chat_member"],
        ["message"],
    ]


async def test_updates_are_kept_for_a_day(box, api, an, seconds):
    says(box, an, "1")
    seconds.now += 12 * 3600
    says(box, an, "2")
    seconds.now += 12 * 3600 + 1
    assert texts(await api("getUpdates")) == ["2"]


async def test_a_duplicate_comes_even_after_it_was_confirmed(box, api, an):
    says(box, an, "1", "2")
    first, second = await api("getUpdates")
    box.duplicate(first["update_id"])
    assert await api("getUpdates", offset=second["update_id"] + 1) == [first]
    assert await api("getUpdates") == []


async def test_pending_updates_can_be_reordered(box, api, an):
    says(box, an, "1", "2", "3")
    ids = [update["update_id"] for update in box.pending]
    box.reorder()
    assert texts(await api("getUpdates")) == ["3", "2", "1"]
    box.reorder([ids[1]])
    assert texts(await api("getUpdates")) == ["2", "3", "1"]


async def test_a_poison_update_is_delivered_as_it_is(box, api, an):
    update_id = box.inject({"message": {"message_id": "no number"}})
    says(box, an, "after")
    poison, after = await api("getUpdates")
    assert poison == {"update_id": update_id, "message": {"message_id": "no number"}}
    assert (after["update_id"], after["message"]["text"]) == (update_id + 1, "after")


async def test_an_edit_after_a_press_does_not_change_what_was_pressed(box, api, an):
    button = {"text": "More", "callback_data": "more"}
    message = await api("sendMessage", chat_id=an.id, text="old", reply_markup={"inline_keyboard": [[button]]})
    box.press(an, message, "More")
    await api("editMessageText", chat_id=an.id, message_id=message["message_id"], text="new")
    assert [u["callback_query"]["message"]["text"] for u in await api("getUpdates")] == ["old"]
