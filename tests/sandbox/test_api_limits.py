import pytest

from bot.sandbox.box import sandbox


@pytest.fixture
async def box(seconds):
    async with sandbox(monotonic=seconds, limits=True) as box:
        yield box


@pytest.fixture
def send(box, session):
    """The retry_after of a message, 0 when it was taken."""

    async def send(chat):
        async with session.post(
            f"{box.url}/bot{box.token}/sendMessage", json={"chat_id": chat.id, "text": "x"}
        ) as response:
            body = await response.json()
        if body["ok"]:
            return 0
        wait = body["parameters"]["retry_after"]
        assert (response.status, body["description"]) == (429, f"Too Many Requests: retry after {wait}")
        return wait

    return send


async def test_a_private_chat_takes_a_short_burst_and_then_one_a_second(an, send, seconds):
    assert [await send(an) for _ in range(4)] == [0, 0, 0, 1]
    seconds.now += 1
    assert [await send(an) for _ in range(2)] == [0, 1]


async def test_thirty_messages_go_out_in_any_second(box, send, seconds):
    people = [box.user(f"P{number}", started=True) for number in range(31)]
    assert [await send(person) for person in people] == [0] * 30 + [1]
    seconds.now += 0.5
    assert await send(people[30]) == 1
    seconds.now += 0.5
    assert await send(people[30]) == 0


async def test_a_group_takes_twenty_a_minute(box, an, send, seconds):
    group = box.group("Attendees", an)
    assert [await send(group) for _ in range(21)] == [0] * 20 + [60]
    seconds.now += 50
    assert await send(group) == 10
    assert await send(an) == 0
    seconds.now += 10
    assert await send(group) == 0


async def test_what_was_refused_counts_for_nothing(api, an, send):
    for _ in range(5):
        assert await api("sendMessage", chat_id=an.id, text="<x>", parse_mode="HTML") == (
            400,
            'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0',
        )
    assert [await send(an) for _ in range(4)] == [0, 0, 0, 1]


async def test_other_methods_are_free_and_limits_can_be_switched_off(box, api, an, send):
    assert [await send(an) for _ in range(4)] == [0, 0, 0, 1]
    assert await api("sendChatAction", chat_id=an.id, action="typing") is True
    box.limits.on = False
    assert [await send(an) for _ in range(10)] == [0] * 10
