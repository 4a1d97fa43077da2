"""Reminders through the whole program: the real channel against the sandbox, the clock in the test's hand."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from telegram_bot import running_bot

from bot.app import App
from bot.sandbox.box import Sandbox, sandbox


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with sandbox() as opened:
        yield opened


async def test_a_starred_talk_is_reminded_of_ten_minutes_before(app: App, box: Sandbox) -> None:
    an = box.user("An", language_code="en")
    async with running_bot(app, box):
        card = await box.reply(an, after=box.say(an, "/talk A8-2"))
        toast = await box.answered(box.press(an, card.message_id, "☆ Star"))
        app.clock.set(now=datetime(2025, 8, 9, 5, 50, tzinfo=UTC))
        await box.until(lambda: len(box.requests("sendMessage")) == 2)

    assert toast["text"] == "⭐ A8-2 is starred (≈14:00, Friendship Palace Room 7). I'll remind you before it starts."
    assert box.messages(an)[-1].text.splitlines() == [
        "⏰ In 10 min  ≈14:00 · Friendship Palace Room 7 友谊宫 7 号",
        "The Densing Law of Large Models and Key Techniques for High-Density Large Models",
        "Zhiyuan Liu 刘知远",
        "A8-2 · A8 Training of Large Models 大模型训练",
        "Chair: Zhiqin Xu 许志钦",
    ]


@pytest.mark.parametrize(("lang", "unstar", "star"), [("zh", "取消收藏", "☆ 收藏"), ("en", "Un-star", "☆ Star")])
async def test_a_star_taken_away_in_a_reminder_can_be_set_again_there(
    app: App, box: Sandbox, lang: str, unstar: str, star: str
) -> None:
    an = box.user("An", language_code=lang)

    def buttons() -> list[str]:
        return [button.text for row in box.messages(an)[-1].buttons for button in row]

    async with running_bot(app, box):
        card = await box.reply(an, after=box.say(an, "/talk A8-2"))
        await box.answered(box.press(an, card.message_id, star))
        app.clock.set(now=datetime(2025, 8, 9, 5, 50, tzinfo=UTC))
        await box.until(lambda: len(box.requests("sendMessage")) == 2)
        seen, texts = [buttons()], [box.messages(an)[-1].text]
        for label in (unstar, star):
            await box.answered(box.press(an, box.messages(an)[-1].message_id, label))
            await box.until(lambda label=label: label not in buttons())
            seen.append(buttons())
            texts.append(box.messages(an)[-1].text)

    assert [labels[-1] for labels in seen] == [unstar, star, unstar]
    assert (len({tuple(labels[:-1]) for labels in seen}), len(set(texts))) == (1, 1)
