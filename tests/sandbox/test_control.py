import pytest


@pytest.fixture
def control(box, session):
    """A verb of the sandbox's own API: its result, or (code, problem)."""

    async def call(verb, **params):
        async with session.post(f"{box.url}/sandbox/{verb}", json=params) as response:
            body = await response.json()
        return body if response.status == 200 else (response.status, body["problem"])

    return call


async def test_another_process_can_play_a_whole_scene(box, api, control, session):
    an = await control("user", first_name="An", language_code="zh")
    assert an == {"id": 1001, "is_bot": False, "first_name": "An", "language_code": "zh"}
    await control("start", user=1001)
    keyboard = {"inline_keyboard": [[{"text": "Star", "callback_data": "star:1"}]]}
    message = await api("sendMessage", chat_id=1001, text="Welcome", reply_markup=keyboard)
    query_id = await control("press", user=1001, message=message["message_id"], button="Star")
    await api("answerCallbackQuery", callback_query_id=query_id, text="Starred")

    assert await control("answer", query_id=query_id) == {"text": "Starred", "show_alert": False}
    shown = await control("messages", chat=1001)
    assert [(m["text"], m["buttons"]) for m in shown] == [
        ("/start", []),
        ("Welcome", [[{"text": "Star", "data": "star:1", "url": None}]]),
    ]
    group = await control("group", title="Attendees", members=[1001])
    await control("say", user=1001, text="/next", chat=group["id"])
    await control("block", user=1001)
    async with session.get(f"{box.url}/sandbox/state") as response:
        state = await response.json()
    assert state == {
        "bot": box.bot.json(),
        "users": [an],
        "chats": [
            {"id": 1001, "first_name": "An", "type": "private", "started": True, "blocked": True},
            {**group, "started": True, "blocked": False},
        ],
        "pending": 6,
        "polling": False,
        "faults": [],
        "limits": False,
    }


async def test_faults_and_limits_are_switched(box, api, control):
    await control("fault", kind="error", method="getMe", code=502, count=1)
    assert await api("getMe") == (502, "Bad Gateway")
    await control("fault", kind="error", method="getMe")
    await control("clear_faults")
    assert (await api("getMe"))["is_bot"] is True
    assert await control("limits", on=True) == {"on": True}
    assert box.limits.on is True


async def test_updates_are_injected_repeated_and_reordered(api, control):
    first = await control("inject", update={"poison": 1})
    second = await control("inject", update={"poison": 2})
    await control("reorder", update_ids=[second])
    await control("duplicate", update_id=second)
    assert [update["update_id"] for update in await api("getUpdates")] == [second, second, first]


@pytest.mark.parametrize(
    ("verb", "params", "answer"),
    [
        (
            "say",
            {"user": "An", "text": "x"},
            (400, "user.int: Input should be a valid integer, unable to parse string as an integer"),
        ),
        ("say", {"user": 1001, "text": ""}, (400, "Telegram's apps send texts of 1 to 4096 UTF-16 units")),
        ("press", {"user": 1001, "message": 9, "button": "x"}, (400, "no message 9 there")),
        ("fault", {"kind": "fire"}, (400, "kind: Input should be 'delay', 'drop-before', 'drop-after' or 'error'")),
    ],
)
@pytest.mark.usefixtures("an")
async def test_mistakes_are_named(control, verb, params, answer):
    assert await control(verb, **params) == answer


async def test_an_unknown_verb_names_the_known_ones(control):
    code, problem = await control("sing")
    assert (code, problem.split(", ")[:3]) == (404, ["no such verb; there are: answer", "block", "channel"])
