"""Inline mode: words after the bot's name in any chat, and cards that lead back."""

import asyncio
from typing import Any

import pytest

from bot.app import App
from bot.sandbox.box import Sandbox

Bot = asyncio.Task[None]


async def offered(box: Sandbox, person: Any, words: str) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    query = box.inline_query(person, words)
    answer = await box.until(lambda: box.world.inlines[query].answer)
    return query, box.world.inlines[query].results or [], answer


async def test_words_typed_in_any_chat_offer_cards_of_talks_for_this_person_only(box: Sandbox, bot: Bot) -> None:
    an = box.user("An", language_code="zh")
    _, cards, answer = await offered(box, an, "扩散")

    assert (cards[0]["title"], cards[0]["description"], answer["is_personal"], answer["cache_time"]) == (
        "E3-2 LLaDA-V: 对扩散语言模型进行视觉指令微调",
        "游泽彬 · 8月10日 周日 ≈16:40–17:20 · 4 号",
        True,
        10,
    )


async def test_a_chosen_card_opens_the_bot_at_its_talk(box: Sandbox, bot: Bot, app: App) -> None:
    an, bo = box.user("An", language_code="zh"), box.user("Bo", language_code="en")
    group = box.group("Friends", an, bo)
    event = app.edition.timetable.event_by_code("A8-1")
    assert event is not None

    query, cards, _ = await offered(box, an, "a8-1")
    card = box.choose(query, cards[0]["id"], group)
    url = card["reply_markup"]["inline_keyboard"][0][0]["url"]
    opened = await box.reply(bo, after=box.start(bo, url.partition("?start=")[2]))

    assert (card["text"].splitlines()[0], url, opened.text.splitlines()[0]) == (
        "大模型复杂推理技术",
        f"https://t.me/{box.bot.username}?start=t{event.talk.id}",
        "Techniques for Complex Reasoning in Large Language Models (our translation)",
    )


async def test_without_words_what_comes_next_is_offered(box: Sandbox, bot: Bot) -> None:
    an = box.user("An", language_code="en")

    _, cards, _ = await offered(box, an, "")

    assert [card["title"].split()[0] for card in cards] == [f"A{n}-1" for n in range(1, 9)]


@pytest.mark.parametrize("words", ["zzzz", "🦄" * 128, "\u200b", "&&&"])
async def test_where_nothing_fits_there_is_a_way_to_the_bot(box: Sandbox, bot: Bot, words: str) -> None:
    an = box.user("An", language_code="en")

    _, cards, answer = await offered(box, an, words)

    assert (cards, answer["button"]) == (
        [],
        {"text": "Nothing found; ask the companion", "start_parameter": "help"},
    )


async def test_many_cards_are_cut_at_the_limit(box: Sandbox, bot: Bot) -> None:
    an = box.user("An", language_code="en")

    _, cards, _ = await offered(box, an, "learning")

    assert len(cards) == 50


async def test_a_talk_can_be_passed_on_from_its_card(box: Sandbox, bot: Bot) -> None:
    an = box.user("An", language_code="zh")

    card = await box.reply(an, after=box.say(an, "A8-1"))
    message = box.message(an, card.message_id)
    share = next(b for row in message["reply_markup"]["inline_keyboard"] for b in row if b["text"] == "转发")

    assert share["switch_inline_query_chosen_chat"] == {
        "query": "A8-1",
        "allow_user_chats": True,
        "allow_group_chats": True,
        "allow_channel_chats": True,
    }
