"""What the bot answers and what not: in groups, and with messages that are no plain text."""

import asyncio
from typing import Any

import pytest
from telegram import User as Me
from telegram_bot import all_settled, states

from bot.app import App
from bot.channels.telegram import incoming
from bot.channels.telegram.update import Update
from bot.sandbox.box import Sandbox
from bot.sandbox.refusal import Json
from bot.sandbox.state import Chat, User

Bot = asyncio.Task[None]


def inject(box: Sandbox, chat: Chat, person: Json, **content: Any) -> Json:
    """A message that the sandbox's people can't write, put into the chat and the updates."""
    message = box.world.put(chat, None, {"from": person, **content})
    box.inject({"message": message})
    return message


def command(text: str) -> list[Json]:
    return [{"type": "bot_command", "offset": 0, "length": len(text)}]


def said(box: Sandbox, chat: Chat | User) -> list[str]:
    """First lines of all that the bot has said in a chat."""
    return [message.text.splitlines()[0] for message in box.messages(chat) if message.by == box.bot.id]


async def test_it_answers_what_is_meant_for_it_and_is_silent_for_the_rest(box: Sandbox, bot: Bot, app: App) -> None:
    an, bo = box.user("An", language_code="zh"), box.user("Bo", language_code="en")
    group = box.group("同学 Friends", an, bo, admin=True)  # an administrator hears everything

    first = await box.reply(group, after=box.say(an, "/room 7", chat=group))
    box.say(bo, "下一场", chat=group)
    box.say(bo, "hello, what is on now?", chat=group)
    box.say(bo, "/next@OtherBot", chat=group)
    box.say(bo, "/nonsense", chat=group)
    box.say(bo, "@OtherBot /next", chat=group)
    box.say(an, "好的", chat=group, reply_to=box.say(bo, "A8", chat=group))
    second = await box.reply(group, after=box.say(bo, "/next@yichengBOT", chat=group))
    third = await box.reply(group, after=box.say(an, "下一场", chat=group, reply_to=second))
    fourth = await box.reply(group, after=box.say(an, "会场 8号 @YichengBot", chat=group))
    fifth = await box.reply(group, after=box.say(an, "@YichengBot", chat=group))
    await all_settled(box, app)

    opening = [message.text.splitlines()[0] for message in (first, second, third, fourth, fifth)]
    assert opening == [
        "友谊宫 7 号",
        "Next  Sat 9 Aug (Beijing time)",
        "接下来　8月9日 周六（北京时间）",
        "友谊宫 8 号",
        "能问什么",
    ]
    assert said(box, group) == opening


async def test_an_answer_says_which_message_it_answers(box: Sandbox, bot: Bot) -> None:
    an = box.user("An")
    group = box.group("Friends", an)

    asked = box.say(an, "/next", chat=group)
    answer = await box.reply(group, after=asked)

    assert answer.raw["reply_to_message"]["message_id"] == asked["message_id"]


async def test_in_a_forum_the_answer_and_what_its_buttons_open_stay_in_the_topic(box: Sandbox, bot: Bot) -> None:
    an = box.user("An")
    forum = box.group("Forum", an)
    forum.topics.add(5)

    asked = inject(
        box, forum, an.json(), text="/next", entities=command("/next"), message_thread_id=5, is_topic_message=True
    )
    answer = await box.reply(forum, after=asked)
    box.press(an, answer, answer.buttons[0][0].text, chat=forum)
    opened = await box.reply(forum, after=answer)

    assert [message.raw.get("message_thread_id") for message in (answer, opened)] == [5, 5]


async def test_a_chain_of_replies_in_a_group_without_topics_is_no_topic(box: Sandbox, bot: Bot) -> None:
    an = box.user("An")
    group = box.group("Friends", an)

    asked = inject(box, group, an.json(), text="/next", entities=command("/next"), message_thread_id=5)
    answer = await box.reply(group, after=asked)

    assert "message_thread_id" not in answer.raw


async def test_an_anonymous_administrator_and_a_channel_are_answered_in_the_language_they_write(
    box: Sandbox, bot: Bot
) -> None:
    an = box.user("An")
    group = box.group("同学", an)
    as_group = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    as_channel = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}

    asked = inject(box, group, as_group, sender_chat=group.json(), text="/room 友谊宫 7号", entities=command("/room"))
    zh = await box.reply(group, after=asked)
    channel = {"id": -1001, "type": "channel", "title": "News"}
    asked = inject(box, group, as_channel, sender_chat=channel, text="/room 7", entities=command("/room"))
    en = await box.reply(group, after=asked)

    assert [zh.text.splitlines()[0], en.text.splitlines()[0]] == [
        "友谊宫 7 号",
        "Friendship Palace Room 7 友谊宫 7 号",
    ]


async def test_it_does_not_talk_to_bots_or_to_what_a_channel_copies_into_its_group(
    box: Sandbox, bot: Bot, app: App
) -> None:
    an = box.user("An")
    group = box.group("Friends", an, admin=True)
    other = {"id": 5, "is_bot": True, "first_name": "Other", "username": "OtherBot"}
    telegram = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    channel = {"id": -1001, "type": "channel", "title": "News"}

    inject(box, group, other, text="/next", entities=command("/next"))
    inject(
        box, group, telegram, sender_chat=channel, is_automatic_forward=True, text="/next", entities=command("/next")
    )
    inject(box, group, an.json(), via_bot=box.bot.json(), text="/next", entities=command("/next"))
    await all_settled(box, app)

    assert said(box, group) == []


async def test_a_post_in_a_channel_is_not_answered(box: Sandbox, bot: Bot, app: App) -> None:
    an = box.user("An")
    channel = box.channel("News", an)

    post = box.post(channel, "/next")
    box.inject({"channel_post": post})
    await all_settled(box, app)

    assert len(box.messages(channel)) == 1


async def test_a_caption_is_read_like_a_text_and_a_sticker_in_a_group_says_nothing(
    box: Sandbox, bot: Bot, app: App
) -> None:
    an = box.user("An")
    group = box.group("Friends", an)
    photo = [{"file_id": "p", "file_unique_id": "u", "width": 9, "height": 9}]

    asked = inject(box, group, an.json(), photo=photo, caption="/next", caption_entities=command("/next"))
    answer = await box.reply(group, after=asked)
    inject(box, group, an.json(), sticker=STICKER, reply_to_message=answer.raw)
    await all_settled(box, app)

    assert said(box, group) == ["Next  Sat 9 Aug (Beijing time)"]


async def test_a_group_that_became_a_supergroup_is_answered_there(box: Sandbox, bot: Bot) -> None:
    an = box.user("An")
    old = box.group("Friends", an, kind="group")
    box.fault("error", "sendMessage", code=502, count=1)

    box.say(an, "/next", chat=old)
    await box.until(lambda: box.requests("sendMessage"))
    new = box.upgrade(old)
    await box.until(lambda: said(box, new))

    assert said(box, new) == ["Next  Sat 9 Aug (Beijing time)"]


async def test_thrown_out_of_a_group_or_muted_in_it_nothing_is_set_aside(box: Sandbox, bot: Bot, app: App) -> None:
    an = box.user("An")
    group = box.group("Friends", an)
    muted = box.group("Quiet", an)
    muted.members[box.bot.id] = "left"

    box.fault("error", "sendMessage", chat=group, code=502, count=1)
    box.say(an, "/next", chat=group)
    inject(box, muted, an.json(), text="/next", entities=command("/next"))
    await box.until(lambda: len(box.requests("sendMessage")) == 2)
    box.remove_bot(group)
    await box.until(lambda: len(box.requests("sendMessage", chat=group)) == 2)
    await all_settled(box, app)

    assert await states(app) == {"done"}


async def test_a_language_chosen_in_a_group_by_a_stranger_is_theirs_when_they_come(
    box: Sandbox, bot: Bot, app: App
) -> None:
    an = box.user("An", language_code="zh")
    group = box.group("Friends", an)

    chosen = await box.reply(group, after=box.say(an, "/lang en", chat=group))
    async with app.db.snapshot() as conn:
        rows = [tuple(row) for row in await conn.execute_fetchall("SELECT lang, chosen, reachable FROM users")]
    welcome = await box.reply(an, after=box.start(an))

    assert (chosen.text, rows) == ("All right, English from now on.", [("en", 1, 0)])
    assert welcome.text.splitlines()[0] == "Hello, this is the companion to CSML2025."


STICKER = {
    "file_id": "s",
    "file_unique_id": "u",
    "type": "regular",
    "width": 512,
    "height": 512,
    "is_animated": False,
    "is_video": False,
}


class TestPrivate:
    """What only happens in a private chat."""

    @pytest.mark.parametrize(
        ("text", "opening"),
        [
            ("下一场", "接下来　8月9日 周六（北京时间）"),
            ("会场 7号", "友谊宫 7 号"),
            ("会场7号", "友谊宫 7 号"),
            ("帮助", "能问什么"),
        ],
    )
    async def test_chinese_words_need_no_slash(self, box: Sandbox, bot: Bot, text: str, opening: str) -> None:
        an = box.user("An", language_code="zh-hans")

        answer = await box.reply(an, after=box.say(an, text))

        assert answer.text.splitlines()[0] == opening

    @pytest.mark.parametrize(
        ("code", "opening"),
        [
            ("zh-hans", "能问什么"),
            ("zh-hant", "能问什么"),
            ("zh-TW", "能问什么"),
            ("zh", "能问什么"),
            ("pt-br", "What you can ask"),
            ("de", "What you can ask"),
            (None, "What you can ask"),
        ],
    )
    async def test_the_language_of_the_app_decides(
        self, box: Sandbox, bot: Bot, code: str | None, opening: str
    ) -> None:
        an = box.user("An", language_code=code)

        answer = await box.reply(an, after=box.say(an, "/help"))

        assert answer.text.splitlines()[0] == opening

    @pytest.mark.parametrize(
        "content",
        [
            {"sticker": STICKER},
            {"location": {"latitude": 39.9, "longitude": 116.4}},
            {"voice": {"file_id": "v", "file_unique_id": "u", "duration": 3}},
        ],
    )
    async def test_what_has_no_words_gets_a_sentence(self, box: Sandbox, bot: Bot, content: Json) -> None:
        an = box.user("An", language_code="zh", started=True)

        answer = await box.reply(an, after=inject(box, box.chat(an), an.json(), **content))

        assert answer.text == "我只看得懂文字。想知道哪个会场、报告或讲者，写下来问我就行；/help 里列出了能问什么。"

    async def test_a_photo_with_a_caption_asks_what_the_caption_asks(self, box: Sandbox, bot: Bot) -> None:
        an = box.user("An", started=True)
        photo = [{"file_id": "p", "file_unique_id": "u", "width": 9, "height": 9}]

        answer = await box.reply(an, after=inject(box, box.chat(an), an.json(), photo=photo, caption="room 7"))

        assert answer.text.splitlines()[0] == "Friendship Palace Room 7 友谊宫 7 号"

    async def test_service_messages_edits_and_an_album_without_words_are_not_answered(
        self, box: Sandbox, bot: Bot, app: App
    ) -> None:
        an = box.user("An", started=True)
        chat = box.chat(an)
        photo = [{"file_id": "p", "file_unique_id": "u", "width": 9, "height": 9}]

        pinned = inject(box, chat, an.json(), message_auto_delete_timer_changed={"message_auto_delete_time": 86400})
        inject(box, chat, an.json(), photo=photo, media_group_id="m")
        box.inject({"edited_message": {**pinned, "text": "/next", "edit_date": pinned["date"]}})
        box.inject({"business_message": {**pinned, "text": "/next", "business_connection_id": "b"}})
        await all_settled(box, app)

        assert said(box, an) == []

    @pytest.mark.parametrize("payload", ["nonsense", "t", "t0", "t99999", "T7", "a" * 64, "x_y-z"])
    async def test_a_link_that_leads_nowhere_still_welcomes(self, box: Sandbox, bot: Bot, payload: str) -> None:
        an = box.user("An")

        answer = await box.reply(an, after=box.start(an, payload))

        assert "Hello, this is the companion to CSML2025." in answer.text

    async def test_blocked_in_the_middle_of_an_answer_the_user_is_marked_unreachable(
        self, box: Sandbox, bot: Bot, app: App
    ) -> None:
        an = box.user("An")
        box.fault("error", "sendMessage", code=502, count=1)

        box.say(an, "/next")
        await box.until(lambda: box.requests("sendMessage"))
        box.world.chats[an.id].blocked = True  # no update of it has come yet
        await box.until(lambda: len(box.requests("sendMessage")) == 2)
        await all_settled(box, app)

        async with app.db.snapshot() as conn:
            rows = await conn.execute_fetchall("SELECT address, reachable FROM users ORDER BY id")
        assert [row["reachable"] for row in rows if row["address"] == str(an.id)] == [0]
        assert await states(app) == {"done"}


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("An", "Li", "An Li @an"),
        ("\u202eAn\u2066", "\u200bLi\u200f", "An Li @an"),
        ("An\n\x07\tLi\x1b[31m", "", "AnLi[31m @an"),
        ("\u2060", "", "@an"),
        ("长" * 80, "", "长" * 64),
    ],
)
def test_a_name_turns_no_line_round_and_breaks_none(first: str, last: str, name: str) -> None:
    sender = {"id": 7, "is_bot": False, "first_name": first, "last_name": last, "username": "an"}
    message = {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}, "from": sender, "text": "/next"}
    asked = incoming.read(
        Update.model_validate({"update_id": 1, "message": message}), Me(id=1, is_bot=True, first_name="Bot")
    )

    assert isinstance(asked, incoming.Incoming)
    assert asked.name == name
