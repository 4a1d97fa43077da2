import pytest

from bot.sandbox.state import CALLBACK_SECONDS

NOT_MODIFIED = (
    400,
    (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as "
        "a current content and reply markup of the message"
    ),
)
TOO_OLD = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
TOO_LONG = (400, "Bad Request: message is too long")


def keyboard(*buttons):
    return {"inline_keyboard": [list(buttons)]}


STAR = {"text": "Star", "callback_data": "star:1"}


def bad(sentence):
    return (400, f"Bad Request: {sentence}")


async def test_a_message_is_answered_as_telegram_answers_it(api, an):
    text = '  <b>A1</b> 😀 see /talk and <a href="tg://user?id=1001">An</a>\n'
    message = await api("sendMessage", chat_id=an.id, text=text, parse_mode="HTML", reply_markup=keyboard(STAR))

    assert message == {
        "message_id": 1,
        "from": {"id": 110201543, "is_bot": True, "first_name": "Yicheng", "username": "YichengBot"},
        "chat": {"id": 1001, "first_name": "An", "type": "private"},
        "date": message["date"],
        "text": "A1 😀 see /talk and An",
        "entities": [
            {"type": "bold", "offset": 0, "length": 2},
            {"type": "bot_command", "offset": 10, "length": 5},
            {"type": "text_mention", "offset": 20, "length": 2, "user": an.json()},
        ],
        "reply_markup": keyboard(STAR),
    }


@pytest.mark.parametrize("text", [" ", "\n", "<b> </b>", "<b></b>"])
async def test_a_text_of_white_space_is_refused(api, an, text):
    assert await api("sendMessage", chat_id=an.id, text=text, parse_mode="HTML") == bad("text must be non-empty")


async def test_text_is_counted_in_utf16_units_after_entities(api, an):
    assert await api("sendMessage", chat_id=an.id, text="好" * 4097) == TOO_LONG
    assert await api("sendMessage", chat_id=an.id, text="😀" * 2049) == TOO_LONG
    most = await api("sendMessage", chat_id=an.id, text=f"<b>{'😀' * 2047}</b>&amp;x", parse_mode="HTML")
    assert len(most["text"]) == 2049


async def test_entities_beyond_the_hundredth_are_dropped(api, an):
    message = await api("sendMessage", chat_id=an.id, text="<b>x</b> " * 101, parse_mode="HTML")
    assert [entity["offset"] for entity in message["entities"]] == list(range(0, 200, 2))


async def test_html_is_refused_with_the_place(api, an):
    assert await api("sendMessage", chat_id=an.id, text="a<x>", parse_mode="HTML") == bad(
        'can\'t parse entities: Unsupported start tag "x" at byte offset 1'
    )


async def test_only_html_is_read(api, an):
    assert await api("sendMessage", chat_id=an.id, text="*a*", parse_mode="MarkdownV2") == bad("unsupported parse_mode")


async def test_entities_must_lie_within_the_text(api, an):
    entities = [{"type": "bold", "offset": 1, "length": 2}]
    assert await api("sendMessage", chat_id=an.id, text="ab", entities=entities) == bad(
        "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 3"
    )


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("text_link", 'Can\'t find field "url"'),
        ("text_mention", 'Can\'t find field "user"'),
        ("sparkle", "Unsupported type specified"),
    ],
)
async def test_given_entities_are_complete(api, an, kind, sentence):
    entities = [{"type": kind, "offset": 0, "length": 1}]
    assert await api("sendMessage", chat_id=an.id, text="ab", entities=entities) == bad(
        f"can't parse MessageEntity: {sentence}"
    )


async def test_given_entities_move_with_trimmed_white_space(api, an):
    entities = [{"type": "bold", "offset": 0, "length": 3}]
    message = await api("sendMessage", chat_id=an.id, text="  ab", entities=entities)
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 1}]


@pytest.mark.parametrize(
    ("button", "sentence"),
    [
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "好" * 22}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"text": " ", "callback_data": "x"}, 'can\'t parse inline keyboard button: Field "text" must be non-empty'),
        (
            {"text": "x", "callback_data": "x", "url": "https://x.org"},
            "can't parse inline keyboard button: callback_data and url exclude each other",
        ),
        ({"text": "x", "url": "no where"}, "inline keyboard button URL 'no where' is invalid: Wrong HTTP URL"),
        ({"text": "x", "callback_data": "x", "style": "pink"}, "BUTTON_STYLE_INVALID"),
        ({"text": "x", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        (
            {"text": "x", "web_app": {"url": "http://x.org"}},
            "inline keyboard button Web App URL 'http://x.org' is invalid: Only HTTPS links are allowed",
        ),
    ],
)
async def test_buttons_are_refused_as_telegram_refuses_them(api, an, button, sentence):
    assert await api("sendMessage", chat_id=an.id, text="x", reply_markup=keyboard(button)) == bad(sentence)


async def test_callback_data_may_have_64_bytes(api, an):
    button = {"text": "x", "callback_data": "好" * 21 + "x", "style": "primary"}
    message = await api("sendMessage", chat_id=an.id, text="x", reply_markup=keyboard(button))
    assert message["reply_markup"] == keyboard(button)


async def test_a_keyboard_has_a_hundred_buttons_at_most(api, an):
    rows = {"inline_keyboard": [[STAR]] * 101}
    assert await api("sendMessage", chat_id=an.id, text="x", reply_markup=rows) == bad("reply markup is too long")


async def test_an_unknown_chat_is_not_found(api):
    assert await api("sendMessage", chat_id=5, text="x") == bad("chat not found")
    assert await api("sendMessage", chat_id="@nobody", text="x") == bad("chat not found")


async def test_the_bot_cannot_write_first(box, api):
    bo = box.user("Bo")
    assert await api("sendMessage", chat_id=bo.id, text="x") == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )


async def test_who_blocked_the_bot_or_left_telegram_is_not_reached(box, api, an):
    box.block(an)
    assert await api("sendMessage", chat_id=an.id, text="x") == (403, "Forbidden: bot was blocked by the user")
    box.start(an)
    assert (await api("sendMessage", chat_id=an.id, text="x"))["text"] == "x"
    box.deactivate(an)
    assert await api("sendMessage", chat_id=an.id, text="x") == (403, "Forbidden: user is deactivated")


async def test_a_reply_quotes_a_message_that_is_there(box, api, an):
    asked = box.say(an, "next")
    reply = await api("sendMessage", chat_id=an.id, text="x", reply_parameters={"message_id": asked["message_id"]})
    assert reply["reply_to_message"] == asked

    gone = {"message_id": 99}
    assert await api("sendMessage", chat_id=an.id, text="x", reply_parameters=gone) == bad(
        "message to be replied not found"
    )
    alone = await api(
        "sendMessage", chat_id=an.id, text="x", reply_parameters={**gone, "allow_sending_without_reply": True}
    )
    assert "reply_to_message" not in alone


async def test_an_edit_replaces_text_entities_and_buttons(box, api, an):
    old = await api("sendMessage", chat_id=an.id, text="<b>a</b>", parse_mode="HTML", reply_markup=keyboard(STAR))

    new = await api("editMessageText", chat_id=an.id, message_id=old["message_id"], text="b")

    assert new == {
        **{name: old[name] for name in ("message_id", "from", "chat", "date")},
        "text": "b",
        "edit_date": new["edit_date"],
    }
    assert [(m.text, m.buttons, m.edited) for m in box.messages(an)] == [("b", (), True)]


async def test_an_edit_that_changes_nothing_is_refused(api, an):
    content = {"chat_id": an.id, "text": "<b>a</b>", "parse_mode": "HTML", "reply_markup": keyboard(STAR)}
    message_id = (await api("sendMessage", **content))["message_id"]

    assert await api("editMessageText", message_id=message_id, **content) == NOT_MODIFIED
    assert (
        await api("editMessageReplyMarkup", chat_id=an.id, message_id=message_id, reply_markup=keyboard(STAR))
        == NOT_MODIFIED
    )


async def test_buttons_can_be_taken_away_alone(box, api, an):
    message = await api("sendMessage", chat_id=an.id, text="x", reply_markup=keyboard(STAR))
    await api("editMessageReplyMarkup", chat_id=an.id, message_id=message["message_id"])
    assert [(m.text, m.buttons) for m in box.messages(an)] == [("x", ())]


async def test_only_own_text_messages_that_are_there_can_be_edited(box, api, an):
    asked = box.say(an, "next")
    venue = await api("sendVenue", chat_id=an.id, latitude=39.9, longitude=116.4, title="Hall", address="Beijing")

    async def edit(**params):
        return await api("editMessageText", text="x", **params)

    assert await edit(chat_id=an.id, message_id=99) == bad("message to edit not found")
    assert await edit(chat_id=an.id, message_id=asked["message_id"]) == bad("message can't be edited")
    assert await edit(chat_id=an.id, message_id=venue["message_id"]) == bad("there is no text in the message to edit")
    assert await edit(chat_id=an.id) == bad("message identifier is not specified")
    assert await edit(message_id=1) == bad("chat_id is empty")
    assert await edit(inline_message_id="x") == bad("MESSAGE_ID_INVALID")


async def test_what_is_deleted_is_gone(box, api, an):
    message = await api("sendMessage", chat_id=an.id, text="x")
    which = {"chat_id": an.id, "message_id": message["message_id"]}

    assert await api("deleteMessage", **which) is True

    assert box.messages(an) == []
    assert await api("deleteMessage", **which) == bad("message to delete not found")
    assert await api("editMessageText", **which, text="y") == bad("message to edit not found")


async def test_others_messages_in_a_group_are_deleted_by_administrators_only(box, api, an):
    group, led = box.group("Talk", an), box.group("Led", an, admin=True)
    for chat, result in ((group, bad("message can't be deleted")), (led, True)):
        said = box.say(an, "hello", chat=chat)
        assert await api("deleteMessage", chat_id=chat.id, message_id=said["message_id"]) == result


async def test_a_pressed_button_is_answered_once_and_soon(box, api, an, seconds):
    message = await api("sendMessage", chat_id=an.id, text="x", reply_markup=keyboard(STAR))
    first, second = box.press(an, message, "Star"), box.press(an, message, "star:1")

    assert await api("answerCallbackQuery", callback_query_id=first, text="Starred", show_alert=True) is True
    assert box.answer(first) == {"text": "Starred", "show_alert": True}
    assert await api("answerCallbackQuery", callback_query_id=first) == TOO_OLD
    assert await api("answerCallbackQuery", callback_query_id="5") == TOO_OLD

    seconds.now += CALLBACK_SECONDS + 1
    assert await api("answerCallbackQuery", callback_query_id=second) == TOO_OLD
    assert box.answer(second) is None


async def test_a_toast_has_200_characters_at_most(box, api, an):
    message = await api("sendMessage", chat_id=an.id, text="x", reply_markup=keyboard(STAR))
    query = box.press(an, message, "Star")
    assert await api("answerCallbackQuery", callback_query_id=query, text="好" * 201) == bad("MESSAGE_TOO_LONG")
    assert await api("answerCallbackQuery", callback_query_id=query, text="好" * 200) is True
