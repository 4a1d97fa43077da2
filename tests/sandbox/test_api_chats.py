async def test_a_chat_and_its_members_are_described(box, api, an):
    bo = box.user("Bo")
    group = box.group("Attendees", an, bo, admin=True)
    whole = await api("getChat", chat_id=group.id)
    assert {name: whole[name] for name in ("id", "title", "type")} == {
        "id": group.id,
        "title": "Attendees",
        "type": "supergroup",
    }
    members = [await api("getChatMember", chat_id=group.id, user_id=who) for who in (an.id, bo.id, box.bot.id)]
    assert [member["status"] for member in members] == ["creator", "member", "administrator"]
    administrators = await api("getChatAdministrators", chat_id=group.id)
    assert [member["status"] for member in administrators] == ["creator", "administrator"]
    assert await api("getChatMember", chat_id=group.id, user_id=5) == (400, "Bad Request: user not found")


async def test_a_stranger_to_a_group_has_left_it(box, api, an):
    group, bo = box.group("Attendees", an), box.user("Bo")
    assert await api("getChatMember", chat_id=group.id, user_id=bo.id) == {"user": bo.json(), "status": "left"}


async def test_a_private_chat_has_no_administrators_and_cannot_be_left(api, an):
    assert await api("getChatAdministrators", chat_id=an.id) == (
        400,
        "Bad Request: there are no administrators in the private chat",
    )
    assert await api("leaveChat", chat_id=an.id) == (
        400,
        "Bad Request: chat member status can't be changed in private chats",
    )


async def test_a_bot_that_left_a_group_is_no_member(box, api, an):
    group = box.group("Attendees", an)
    assert await api("leaveChat", chat_id=group.id) is True
    assert await api("sendMessage", chat_id=group.id, text="x") == (
        403,
        "Forbidden: bot is not a member of the supergroup chat",
    )


async def test_pinned_messages_are_seen_and_can_be_unpinned(box, api, an):
    first = await api("sendMessage", chat_id=an.id, text="1")
    second = await api("sendMessage", chat_id=an.id, text="2")
    for message in (first, second):
        assert await api("pinChatMessage", chat_id=an.id, message_id=message["message_id"]) is True
    assert [(m.text, m.pinned) for m in box.messages(an) if m.text] == [("1", True), ("2", True)]
    assert (await api("getChat", chat_id=an.id))["pinned_message"] == second

    assert await api("unpinChatMessage", chat_id=an.id) is True
    assert [(m.text, m.pinned) for m in box.messages(an) if m.text] == [("1", True), ("2", False)]

    assert await api("pinChatMessage", chat_id=an.id, message_id=99) == (400, "Bad Request: message to pin not found")
    assert await api("unpinChatMessage", chat_id=an.id, message_id=second["message_id"]) == (
        400,
        "Bad Request: message to unpin not found",
    )


async def test_pinning_in_a_group_needs_the_right(box, api, an):
    group = box.group("Attendees", an)
    message = await api("sendMessage", chat_id=group.id, text="1")
    assert await api("pinChatMessage", chat_id=group.id, message_id=message["message_id"]) == (
        400,
        "Bad Request: not enough rights to manage pinned messages in the chat",
    )


async def test_a_chat_action_is_one_that_exists(api, an):
    assert await api("sendChatAction", chat_id=an.id, action="typing") is True
    assert await api("sendChatAction", chat_id=an.id, action="thinking") == (
        400,
        "Bad Request: wrong parameter action in request",
    )
