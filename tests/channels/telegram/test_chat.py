"""Conversations over HTTP, as users see them."""

import asyncio
from typing import Any

import pytest
from telegram_bot import running_bot

from bot.app import App
from bot.commands.table import COMMANDS
from bot.domain.model import LANGS, Lang
from bot.replies.words import word
from bot.sandbox.box import Sandbox

Bot = asyncio.Task[None]
NAMES = {"zh": "中国机器学习与科学应用大会", "en": "China Conference on Machine Learning and Scientific Applications"}


async def test_a_room_asked_for_loosely_is_answered_in_the_language_of_the_app(box: Sandbox, bot: Bot) -> None:
    an, bo = box.user("An", language_code="zh-hans"), box.user("Bo", language_code="en")

    zh = await box.reply(an, after=box.say(an, "/room 友谊宫 7号"))
    en = await box.reply(bo, after=box.say(bo, "room 7"))

    assert zh.text.splitlines()[:5] == ["友谊宫 7 号", "", "现在没有安排。", "", "接下来　13:30–15:30 A8 大模型训练"]
    assert en.text.splitlines()[0] == "Friendship Palace Room 7 友谊宫 7 号"


async def test_a_button_opens_its_thing_as_a_message_of_its_own(box: Sandbox, bot: Bot) -> None:
    an = box.user("An", language_code="zh")
    listed = await box.reply(an, after=box.say(an, "/next"))

    pressed = box.press(an, listed.message_id, "A8 7号")
    await box.answered(pressed)
    opened = await box.reply(an, after=listed.message_id)

    assert opened.text.splitlines()[0] == "A8 大模型训练"


async def test_another_day_takes_the_place_of_the_day_shown(box: Sandbox, bot: Bot) -> None:
    an = box.user("An", language_code="en")
    first = await box.reply(an, after=box.say(an, "/day 1"))

    box.press(an, first.message_id, "Sun 10 Aug")
    edited = await box.until(lambda: next((m for m in box.messages(an) if m.edited), None))

    assert (edited.message_id, edited.text.splitlines()[0]) == (first.message_id, "Sun 10 Aug (Beijing time)")


async def test_a_chosen_language_stays_whatever_the_app_says(box: Sandbox, bot: Bot) -> None:
    an = box.user("An", language_code="zh")

    asked = box.say(an, "/lang en")
    told = await box.reply(an, after=asked)
    help_page = await box.reply(an, after=box.say(an, "/help"))

    assert (told.text, help_page.text.splitlines()[0]) == ("All right, English from now on.", "What you can ask")


async def test_a_deep_link_opens_its_talk(box: Sandbox, bot: Bot, app: App) -> None:
    an = box.user("An", language_code="zh")
    talk = app.edition.timetable.event_by_code("A8-1")
    assert talk is not None

    card = await box.reply(an, after=box.start(an, f"t{talk.talk.id}"))

    assert card.text.splitlines()[0] == "大模型复杂推理技术"


async def test_what_looks_like_markup_is_shown_as_it_was_typed(box: Sandbox, bot: Bot) -> None:
    an = box.user("An", language_code="en")

    answer = await box.reply(an, after=box.say(an, "<b>&amp; {name} 🦄</b>"))

    assert answer.text.splitlines()[0] == "Nothing matches “<b>&amp; {name} 🦄</b>”."


async def test_a_message_without_text_is_answered_with_what_can_be_asked(box: Sandbox, bot: Bot) -> None:
    an = box.user("An", language_code="en")
    started = await box.reply(an, after=box.start(an))

    answer = await box.reply(an, after=box.say(an, "\u200b"))

    assert (started.message_id < answer.message_id, answer.text.splitlines()[0]) == (True, "What you can ask")


class TestGroups:
    async def test_in_a_group_it_answers_commands_mentions_and_replies_and_is_silent_for_the_rest(
        self, box: Sandbox, bot: Bot
    ) -> None:
        an, bo = box.user("An", language_code="zh"), box.user("Bo", language_code="zh")
        group = box.group("同学", an, bo)

        box.say(bo, "大家好", chat=group)
        command = await box.reply(group, after=box.say(an, "/room 7", chat=group))
        box.say(bo, "/nonsense", chat=group)
        box.say(bo, "/next@OtherBot", chat=group)
        mention = await box.reply(group, after=box.say(bo, f"@{box.bot.username} 会场 8号", chat=group))
        replied = await box.reply(group, after=box.say(an, "A8", chat=group, reply_to=mention.message_id))

        assert [message.text.splitlines()[0] for message in (command, mention, replied)] == [
            "友谊宫 7 号",
            "友谊宫 8 号",
            "A8 大模型训练",
        ]
        assert [m.text.splitlines()[0] for m in box.messages(group) if m.by == box.bot.id] == [
            "友谊宫 7 号",
            "友谊宫 8 号",
            "A8 大模型训练",
        ]

    async def test_a_page_in_a_group_is_short(self, box: Sandbox, bot: Bot) -> None:
        an = box.user("An", language_code="en")
        group = box.group("Friends", an)

        day = await box.reply(group, after=box.say(an, "/day 1", chat=group))

        assert len(day.text) < 1_300
        assert day.buttons[-1][-1].text == "Page 2/2 ›"


async def test_a_block_is_recorded_and_so_is_the_return(box: Sandbox, bot: Bot, app: App) -> None:
    an = box.user("An", language_code="zh")
    await box.reply(an, after=box.start(an))

    async def reachable() -> list[int]:
        async with app.db.snapshot() as conn:
            return [row["reachable"] for row in await conn.execute_fetchall("SELECT reachable FROM users")]

    box.block(an)
    await box.heard()
    blocked = await settled(reachable, [0])
    box.unblock(an)
    await box.heard()
    back = await settled(reachable, [1])

    assert (blocked, back) == ([0], [1])


async def settled(look: Any, wanted: object) -> object:
    """What `look` sees once the update that was heard is handled."""
    async with asyncio.timeout(30):
        while (seen := await look()) != wanted:
            pass  # each look goes to the database's thread and back
    return seen


@pytest.mark.parametrize("lang", LANGS)
async def test_commands_and_descriptions_are_registered_in_both_languages(box: Sandbox, bot: Bot, lang: Lang) -> None:
    someone = box.user("Someone", language_code=lang)

    wanted = [
        {"command": name, "description": word(lang, f"help.{name}")}
        for name, command in COMMANDS.items()
        if name not in ("help", "start") and not command.hidden and command.needs is None
    ]

    await box.until(lambda: box.menu(someone) == wanted)
    texts = await box.until(lambda: profile(box, lang))

    assert texts == {
        "setMyName": word(lang, "profile.name", key="CSML2025"),
        "setMyShortDescription": word(lang, "profile.short", key="CSML2025", conference=NAMES[lang]),
        "setMyDescription": word(lang, "profile.long", key="CSML2025", conference=NAMES[lang]),
    }


def profile(box: Sandbox, lang: Lang) -> dict[str, str] | None:
    """The profile's texts in a language, once all three are set. English is set for everybody."""
    found: dict[str, str] = {}
    for entry in box.requests():
        if entry.method in ("setMyName", "setMyShortDescription", "setMyDescription"):
            said = dict(entry.params)
            if said.pop("language_code", "en") == lang:
                (found[entry.method],) = said.values()
    return found if len(found) == 3 else None


async def test_registering_again_changes_nothing(box: Sandbox, app: App) -> None:
    def changes() -> list[str]:
        return [entry.method for entry in box.requests() if entry.method.startswith("set")]

    async with running_bot(app, box):
        await box.until(lambda: len(box.requests("getMyDescription")) == 3)
    first = len(changes())
    async with running_bot(app, box):
        await box.until(lambda: len(box.requests("getMyDescription")) == 6)

    assert changes()[first:] == ["setChatMenuButton"]


@pytest.mark.parametrize("lang", LANGS)
async def test_what_is_one_s_own_is_not_shown_in_a_group_which_leads_to_the_private_chat(
    box: Sandbox, bot: Bot, app: App, lang: Lang
) -> None:
    an = box.user("An", language_code=lang, started=True)
    group = box.group("Friends", an)

    said = [await box.reply(group, after=box.say(an, f"/{name}", chat=group)) for name in OWN]

    assert [one.text for one in said] == [word(lang, "personal.nobody")] * len(OWN)
    links = [[(button.text, button.url) for button in row] for one in said for row in one.buttons]
    address = f"https://t.me/{box.bot.username}?start="
    assert links == [[(word(lang, "button.private"), address + name)] for name in OWN]
    async with app.db.snapshot() as conn:
        assert list(await conn.execute_fetchall("SELECT * FROM users")) == []


OWN = [name for name, command in COMMANDS.items() if command.own and command.needs is None and not command.hidden]


@pytest.mark.parametrize("lang", LANGS)
async def test_a_link_from_a_group_opens_what_is_one_s_own(box: Sandbox, bot: Bot, lang: Lang) -> None:
    an = box.user("An", language_code=lang)

    opened = [(await box.reply(an, after=box.start(an, name))).text for name in ("mine", "settings")]

    assert [text.splitlines()[0] for text in opened] == {
        "zh": ["⭐ 我的日程　还没有收藏。", "设置"],
        "en": ["⭐ My day  Nothing is starred yet.", "Settings"],
    }[lang]
