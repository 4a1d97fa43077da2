"""Updates that are wrong, come twice, or come out of order."""

import asyncio
from typing import Any

import pytest
from telegram_bot import all_settled, running_bot, states

from bot.app import App
from bot.sandbox.box import Sandbox
from bot.sandbox.refusal import Json

Bot = asyncio.Task[None]
CHAT: Json = {"id": 9, "type": "private", "first_name": "Ghost"}
SENDER: Json = {"id": 9, "is_bot": False, "first_name": "Ghost"}
MESSAGE: Json = {"message_id": 1, "date": 1_754_716_800, "chat": CHAT, "from": SENDER}

POISON: dict[str, Json] = {
    "a message of wrong types": {"message": {"message_id": "poison", "chat": 7, "date": []}},
    "a message that is a text": {"message": "hello"},
    "a message that is a list": {"message": [1, 2]},
    "a message without a chat": {"message": {"message_id": 1, "date": 0, "from": SENDER, "text": "/next"}},
    "a sender without an id": {"message": {**MESSAGE, "text": "/next", "from": {"first_name": "x"}}},
    "a language that is a number": {"message": {**MESSAGE, "text": "/next", "from": {**SENDER, "language_code": 5}}},
    "a text that is a number": {"message": {**MESSAGE, "text": 5}},
    "an entity beyond the text": {
        "message": {
            **MESSAGE,
            "chat": {"id": -9, "type": "group", "title": "x"},
            "text": "/next",
            "entities": [{"type": 7, "offset": "a"}],
        }
    },
    "a button without a sender": {"callback_query": {"id": "1", "chat_instance": "1", "data": "next"}},
    "a button without an id": {"callback_query": {"from": SENDER, "chat_instance": "1", "data": "next"}},
    "a member of no kind": {"my_chat_member": {"chat": CHAT, "from": SENDER, "date": 0, "old_chat_member": {}}},
}
HARMLESS: dict[str, Json] = {
    "nothing at all": {},
    "a kind of a later Bot API": {"telepathy": {"thought": "next"}},
    "a known kind with more fields": {"message_reaction": {"chat": CHAT, "message_id": 1, "date": 0} | {
        "old_reaction": [], "new_reaction": [], "mood": {"deeply": [{"nested": None}]}}},
    "an edited message": {"edited_message": {**MESSAGE, "text": "/next", "edit_date": 1_754_716_801}},
    "a post of a channel": {"channel_post": {**MESSAGE, "chat": {"id": -1, "type": "channel"}, "text": "/next"}},
    "a message of another bot": {
        "message": {**MESSAGE, "from": {**SENDER, "is_bot": True}, "text": "/next", "chat": {"id": -9, "type": "group"}}
    },
}  # fmt: skip


async def rows(app: App) -> list[tuple[Any, ...]]:
    async with app.db.snapshot() as conn:
        found = await conn.execute_fetchall("SELECT state, reason IS NOT NULL FROM updates ORDER BY seq")
        return [tuple(row) for row in found]


@pytest.mark.parametrize("shape", POISON)
async def test_a_poison_update_is_set_aside_with_its_reason_and_stops_nothing(
    box: Sandbox, bot: Bot, app: App, shape: str
) -> None:
    an = box.user("An")

    box.say(an, "/help")
    box.inject(POISON[shape])
    after = await box.reply(an, after=box.say(an, "/lang en"))
    await box.until(lambda: len(box.requests("sendMessage", chat=an)) == 2)
    await all_settled(box, app)

    assert await rows(app) == [("done", 0), ("aside", 1), ("done", 0)]
    assert after is not None


@pytest.mark.parametrize("shape", HARMLESS)
async def test_what_is_not_for_the_bot_is_settled_without_a_word(box: Sandbox, bot: Bot, app: App, shape: str) -> None:
    box.inject(HARMLESS[shape])
    await all_settled(box, app)

    assert await rows(app) == [("done", 0)]
    assert box.told() == []


async def test_half_a_character_stops_nothing(box: Sandbox, bot: Bot, app: App) -> None:
    an = box.user("An", started=True)
    message = {**MESSAGE, "chat": box.chat(an).json(), "from": an.json(), "text": "room 7 \ud83d"}

    box.inject({"message": message})
    await box.until(lambda: box.told(an))
    await all_settled(box, app)

    assert await states(app) == {"done"}


async def test_poison_that_an_earlier_process_stored_stops_nothing(box: Sandbox, app: App) -> None:
    async with app.db.transaction() as tx:
        await tx.execute_fetchall(
            """
            INSERT INTO updates (source, number, payload)
                 VALUES ('1', 1, 'no JSON'), ('1', 2, '{"update_id": 2, "message": 5}')
            """
        )
    an = box.user("An")

    async with running_bot(app, box):
        await box.reply(an, after=box.say(an, "/help"))
        await all_settled(box, app)

    assert await rows(app) == [("aside", 1), ("aside", 1), ("done", 0)]


async def test_an_answer_without_updates_is_taken_for_an_outage(box: Sandbox, bot: Bot) -> None:
    an = box.user("An")
    box.world.updates._pending.append((0.0, {"no": "number"}))  # noqa: SLF001 - the sandbox numbers what it is given

    await box.until(lambda: len(box.requests("getUpdates")) >= 2)
    asked = len(box.requests("getUpdates"))
    box.world.updates._pending.clear()  # noqa: SLF001 - as above
    await box.reply(an, after=box.say(an, "/help"))

    assert asked <= 3


async def test_delivered_twice_it_is_answered_once(box: Sandbox, bot: Bot, app: App) -> None:
    an = box.user("An", language_code="zh")

    for text in ("/lang en", "/next", "/lang zh"):
        before = len(box.told(an))
        box.say(an, text)
        number = box.pending[-1]["update_id"]
        box.duplicate(number)
        await box.until(lambda told=before: len(box.told(an)) > told)
        box.duplicate(number)
        await all_settled(box, app)

    assert [text.splitlines()[0] for _, text in box.told(an)] == [
        "All right, English from now on.",
        "Next  Sat 9 Aug (Beijing time)",
        "好的，以后用中文回答。",
    ]


async def test_a_button_pressed_and_delivered_twice_is_answered_once(box: Sandbox, bot: Bot, app: App) -> None:
    an = box.user("An")
    listed = await box.reply(an, after=box.say(an, "/next"))
    before = len(box.told(an))

    box.press(an, listed, listed.buttons[0][0].text)
    box.duplicate(box.pending[-1]["update_id"])
    await all_settled(box, app)

    assert len(box.told(an)) == before + 1


async def test_out_of_order_everything_is_answered(box: Sandbox, app: App) -> None:
    people = [box.user(f"User {n}", started=True) for n in range(5)]
    texts = ["/lang en", "/help", "/room 7", "/next"]
    for text in texts:
        for person in people:
            box.say(person, text)
    box.reorder()

    async with running_bot(app, box):
        await box.until(lambda: len(box.told()) == 20)
        await all_settled(box, app)

    openings = [[text.splitlines()[0] for _, text in box.told(person)] for person in people]
    assert (
        openings
        == [
            [
                "Next  Sat 9 Aug (Beijing time)",
                "Friendship Palace Room 7 友谊宫 7 号",
                "What you can ask",
                "All right, English from now on.",
            ]
        ]
        * 5
    )
    assert await states(app) == {"done"}
