import pytest

NEXT = {"command": "next", "description": "What comes next"}
NEXT_ZH = {"command": "next", "description": "接下来有什么"}


async def test_commands_are_kept_by_scope_and_language(api):
    await api("setMyCommands", commands=[NEXT])
    await api("setMyCommands", commands=[NEXT_ZH], language_code="zh", scope={"type": "all_private_chats"})

    assert await api("getMyCommands") == [NEXT]
    assert await api("getMyCommands", language_code="zh") == []
    assert await api("getMyCommands", language_code="zh", scope={"type": "all_private_chats"}) == [NEXT_ZH]

    await api("deleteMyCommands")
    assert await api("getMyCommands") == []


async def test_a_menu_shows_the_nearest_scope_in_the_users_language(box, api, an):
    bo = box.user("Bo", language_code="en", started=True)
    group = box.group("Attendees", bo, an)
    mine = {"command": "mine", "description": "Staff"}
    await api("setMyCommands", commands=[NEXT])
    await api("setMyCommands", commands=[NEXT_ZH], language_code="zh")
    await api("setMyCommands", commands=[mine], scope={"type": "chat", "chat_id": bo.id})
    await api("setMyCommands", commands=[mine], scope={"type": "chat_administrators", "chat_id": group.id})

    assert (box.menu(an), box.menu(bo)) == ([NEXT_ZH], [mine])
    assert (box.menu(an, group), box.menu(bo, group)) == ([NEXT_ZH], [mine])


@pytest.mark.parametrize(
    ("command", "description", "sentence"),
    [
        ("", "x", "command must be non-empty"),
        ("x" * 33, "x", "command length must not exceed 32"),
        ("Next", "x", "BOT_COMMAND_INVALID"),
        ("下一场", "x", "BOT_COMMAND_INVALID"),
        ("next", " ", "command description must be non-empty"),
        ("next", "x" * 257, "command description length must not exceed 256"),
    ],
)
async def test_commands_are_refused_as_telegram_refuses_them(api, command, description, sentence):
    commands = [{"command": command, "description": description}]
    assert await api("setMyCommands", commands=commands) == (400, f"Bad Request: {sentence}")


async def test_there_are_a_hundred_commands_at_most(api):
    assert await api("setMyCommands", commands=[NEXT] * 101) == (400, "Bad Request: BOT_COMMANDS_TOO_MUCH")


async def test_a_language_is_two_letters(api):
    assert await api("setMyCommands", commands=[NEXT], language_code="zh-CN") == (
        400,
        "Bad Request: invalid language code specified",
    )


async def test_commands_of_a_chat_need_the_chat(api):
    assert await api("setMyCommands", commands=[NEXT], scope={"type": "chat", "chat_id": 5}) == (
        400,
        "Bad Request: chat not found",
    )


@pytest.mark.parametrize(
    ("method", "field", "limit", "otherwise"),
    [
        ("MyName", "name", 64, "Yicheng"),
        ("MyDescription", "description", 512, ""),
        ("MyShortDescription", "short_description", 120, ""),
    ],
)
async def test_words_about_the_bot_fall_back_to_those_for_everybody(api, method, field, limit, otherwise):
    assert await api(f"get{method}") == {field: otherwise}
    assert await api(f"set{method}", **{field: "x" * limit}) is True
    assert await api(f"set{method}", **{field: "议程"}, language_code="zh") is True
    assert await api(f"get{method}", language_code="zh") == {field: "议程"}
    assert await api(f"get{method}", language_code="de") == {field: "x" * limit}
    assert await api(f"set{method}", language_code="zh") is True
    assert await api(f"get{method}", language_code="zh") == {field: "x" * limit}
    too_long = (400, f"Bad Request: {field.replace('_', ' ')} is too long")
    assert await api(f"set{method}", **{field: "x" * (limit + 1)}) == too_long


async def test_the_menu_button_is_everybodys_or_one_chats(box, api, an):
    app = {"type": "web_app", "text": "Map", "web_app": {"url": "https://x.org"}}
    assert await api("getChatMenuButton") == {"type": "commands"}
    await api("setChatMenuButton", chat_id=an.id, menu_button=app)
    assert await api("getChatMenuButton", chat_id=an.id) == app
    assert await api("getChatMenuButton") == {"type": "commands"}
    group = box.group("Attendees", an)
    assert await api("setChatMenuButton", chat_id=group.id) == (400, "Bad Request: chat must be private")


async def test_log_out_and_close_are_agreed_to(api):
    assert [await api("logOut"), await api("close")] == [True, True]
