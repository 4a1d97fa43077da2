"""Changes of the programme through the whole program: who is told what, and nobody else."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram_bot import running_bot

from bot.app import App
from bot.sandbox.box import Sandbox, sandbox
from bot.services import changes


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with sandbox() as opened:
        yield opened


def sent(box: Sandbox, who: object) -> list[str]:
    """The messages that somebody got, whole."""
    return [entry.text or "" for entry in box.requests("sendMessage", chat=who)]


async def test_a_move_is_told_to_whoever_starred_the_session_after_the_quiet_time(app: App, box: Sandbox) -> None:
    an, bo = box.user("An", language_code="zh"), box.user("Bo", language_code="en")
    b3 = app.edition.timetable.session("B3")
    hall = next(room for room in app.edition.timetable.programme.rooms if "聚英" in room.name)
    async with running_bot(app, box):
        for who, label in ((an, "☆ 收藏"), (bo, "☆ Star")):
            card = await box.reply(who, after=box.say(who, "/talk B3-2" if who is an else "/talk A8-2"))
            await box.answered(box.press(who, card.message_id, label))
        now = app.clock.now()
        await changes.move(app.db, b3.id, hall.id, by=None, now=now)
        app.alarm.ring()
        app.clock.set(now=now + timedelta(seconds=61))
        await box.until(lambda: len(sent(box, an)) == 2)

    assert sent(box, an)[1:] == [
        (
            "🔄 安排有变动\n\nB3-2 脑启发的持续学习方法与生理健康应用\n"
            "时间：8月9日 周六 ≈16:30–17:00\n会场：友谊宫 11 号 → 友谊宫 聚英厅"
        )
    ]
    assert sent(box, bo)[1:] == []
