import pytest


async def heard(api):
    """What the bot hears, confirmed at once."""
    updates = await api("getUpdates")
    if updates:
        await api("getUpdates", offset=updates[-1]["update_id"] + 1)
    return updates


async def test_start_carries_the_payload_of_a_link(box, api):
    an = box.user("An", language_code="zh-hans", username="an_zh")
    box.start(an, "talk_A1-2")
    (update,) = await heard(api)
    assert update["message"] == {
        "message_id": 1,
        "from": {
            "id": an.id,
            "is_bot": False,
            "first_name": "An",
            "username": "an_zh",
            "language_code": "zh-hans",
        },
        "chat": {"id": an.id, "username": "an_zh", "first_name": "An", "type": "private"},
        "date": update["message"]["date"],
        "text": "/start talk_A1-2",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/next", [("bot_command", 0, 5)]),
        ("/next@YichengBot now", [("bot_command", 0, 16)]),
        ("😀 /next", [("bot_command", 3, 5)]),
        ("/next现在", []),
        ("a/next /next/ </next", []),
        ("@YichengBot hello", [("mention", 0, 11)]),
        (
            "#ai #7 https://x.org/a. me@x.org x.org",
            [("hashtag", 0, 3), ("url", 7, 15), ("email", 24, 8), ("url", 33, 5)],
        ),
        ("8:30", []),
    ],
)
async def test_commands_mentions_and_links_are_marked_as_telegram_marks_them(box, an, text, found):
    message = box.say(an, text)
    assert [(e["type"], e["offset"], e["length"]) for e in message.get("entities", [])] == found


async def test_a_pressed_button_becomes_a_callback_query(box, api, an):
    keyboard = {"inline_keyboard": [[{"text": "Star", "callback_data": "star:1"}, {"text": "Map", "url": "x.org"}]]}
    message = await api("sendMessage", chat_id=an.id, text="x", reply_markup=keyboard)

    query_id = box.press(an, message, "Star")

    (update,) = await heard(api)
    assert update["callback_query"] == {
        "id": query_id,
        "from": an.json(),
        "message": message,
        "chat_instance": "1001",
        "data": "star:1",
    }


async def test_only_a_button_that_is_there_can_be_pressed(box, api, an):
    keyboard = {"inline_keyboard": [[{"text": "Star", "callback_data": "star:1"}, {"text": "Map", "url": "x.org"}]]}
    message = await api("sendMessage", chat_id=an.id, text="x", reply_markup=keyboard)
    for button in ("Unstar", "Map"):
        with pytest.raises(LookupError, match=r"there are: Star \(star:1\)"):
            box.press(an, message, button)
    with pytest.raises(LookupError, match="no message 99"):
        box.press(an, 99, "Star")


async def test_block_and_return_are_told_through_my_chat_member(box, api, an):
    box.block(an)
    box.block(an)
    with pytest.raises(ValueError, match="has blocked the bot"):
        box.say(an, "hello")
    box.start(an)

    blocked, returned, start = await heard(api)

    bot = box.bot.json()
    assert blocked["my_chat_member"] == {
        "chat": {"id": an.id, "first_name": "An", "type": "private"},
        "from": an.json(),
        "date": blocked["my_chat_member"]["date"],
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": "kicked", "until_date": 0},
    }
    assert returned["my_chat_member"]["new_chat_member"] == {"user": bot, "status": "member"}
    assert start["message"]["text"] == "/start"


async def test_in_a_group_the_bot_hears_only_what_privacy_mode_lets_through(box, api, an):
    bo = box.user("Bo")
    group = box.group("Attendees", an, bo)
    joined, welcome = await heard(api)
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert welcome["message"]["new_chat_members"] == [box.bot.json()]
    posted = await api("sendMessage", chat_id=group.id, text="hello")

    mine = box.say(an, "lunch?", chat=group)
    for text in ("/next", "/next@yichengbot", "@YichengBot where?", "/next@OtherBot", "so /next", "@OtherBot hi"):
        box.say(bo, text, chat=group)
    box.say(bo, "thanks", chat=group, reply_to=posted)
    box.say(bo, "yes", chat=group, reply_to=mine)

    assert [update["message"]["text"] for update in await heard(api)] == [
        "/next",
        "/next@yichengbot",
        "@YichengBot where?",
        "thanks",
    ]


async def test_an_administrator_bot_hears_everything(box, api, an):
    group = box.group("Attendees", an, admin=True)
    await heard(api)
    box.say(an, "lunch?", chat=group)
    assert [update["message"]["text"] for update in await heard(api)] == ["lunch?"]


async def test_who_is_not_in_a_group_cannot_write_there(box, an):
    group = box.group("Attendees", an)
    with pytest.raises(LookupError, match="Bo is not in Attendees"):
        box.say(box.user("Bo"), "hello", chat=group)


async def test_a_bot_that_was_thrown_out_can_neither_hear_nor_write(box, api, an):
    group = box.group("Attendees", an)
    box.remove_bot(group)
    await heard(api)
    box.say(an, "/next", chat=group)
    assert await heard(api) == []
    assert await api("sendMessage", chat_id=group.id, text="x") == (
        403,
        "Forbidden: bot was kicked from the supergroup chat",
    )
    assert await api("getChat", chat_id=group.id) == (403, "Forbidden: bot was kicked from the supergroup chat")


async def test_a_group_that_became_a_supergroup_says_its_new_id(box, api, an, session):
    group = box.group("Attendees", an, kind="group")
    new = box.upgrade(group)
    async with session.post(
        f"{box.url}/bot{box.token}/sendMessage", json={"chat_id": group.id, "text": "x"}
    ) as response:
        assert await response.json() == {
            "ok": False,
            "error_code": 400,
            "description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": {"migrate_to_chat_id": new.id},
        }
    assert (await api("sendMessage", chat_id=new.id, text="x"))["chat"]["type"] == "supergroup"


async def test_a_channel_takes_posts_and_tells_of_posts(box, api, an):
    channel = box.channel("News", an, username="csml_news")
    await heard(api)
    posted = await api("sendMessage", chat_id="@csml_news", text="hello")
    assert (posted["message_id"], posted["sender_chat"], "from" in posted) == (1, channel.json(), False)
    box.post(channel, "from the owner")
    (update,) = await heard(api)
    assert update["channel_post"]["text"] == "from the owner"


async def test_an_edited_message_is_told(box, api, an):
    said = box.say(an, "/nxt")
    box.edit(an, said, "/next")
    _, edited = await heard(api)
    assert (edited["edited_message"]["text"], edited["edited_message"]["message_id"]) == ("/next", said["message_id"])


async def test_a_chosen_inline_result_becomes_a_message_that_can_be_edited(box, api, an):
    group = box.group("Attendees", an)
    await heard(api)
    query_id = box.inline_query(an, "A1")
    (asked,) = await heard(api)
    assert asked["inline_query"] == {
        "id": query_id,
        "from": an.json(),
        "query": "A1",
        "offset": "",
        "chat_type": "sender",
    }
    article = {"type": "article", "id": "A1", "title": "A1", "input_message_content": {"message_text": "Session A1"}}
    assert await api("answerInlineQuery", inline_query_id=query_id, results=[article], cache_time=0) is True

    box.choose(query_id, "A1", group)

    assert [(m.by, m.text) for m in box.messages(group)[-1:]] == [(an.id, "Session A1")]
    (chosen,) = await heard(api)
    inline_id = chosen["chosen_inline_result"]["inline_message_id"]
    assert await api("editMessageText", inline_message_id=inline_id, text="Session A1, Room 5") is True
    assert [m.text for m in box.messages(group)[-1:]] == ["Session A1, Room 5"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": ""}, "RESULT_ID_INVALID"),
        ({"id": "x" * 65}, "RESULT_ID_INVALID"),
        ({"title": " "}, "ARTICLE_TITLE_EMPTY"),
        ({"input_message_content": {"message_text": "x" * 4097}}, "message is too long"),
        ({"type": "leaflet"}, "can't parse results JSON object"),
        ({"colour": "red"}, 'unknown field "colour" of InlineQueryResultArticle'),
    ],
)
async def test_inline_results_are_checked(box, api, an, change, sentence):
    query_id = box.inline_query(an, "A1")
    article = {"type": "article", "id": "A1", "title": "A1", "input_message_content": {"message_text": "x"}}
    assert await api("answerInlineQuery", inline_query_id=query_id, results=[article | change]) == (
        400,
        f"Bad Request: {sentence}",
    )


async def test_an_inline_answer_has_fifty_results_of_different_ids_and_comes_soon(box, api, an, seconds):
    query_id = box.inline_query(an, "A1")

    async def answer(*ids):
        article = {"type": "article", "title": "A1", "input_message_content": {"message_text": "x"}}
        return await api("answerInlineQuery", inline_query_id=query_id, results=[article | {"id": i} for i in ids])

    assert await answer(*map(str, range(51))) == (400, "Bad Request: RESULTS_TOO_MUCH")
    assert await answer("1", "1") == (400, "Bad Request: RESULT_ID_DUPLICATE")
    seconds.now += 31
    assert await answer("1") == (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )
