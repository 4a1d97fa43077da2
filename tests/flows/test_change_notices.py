"""Changes of the programme through the whole program: who is told what, and nobody else."""

from collections.abc import AsyncIterator
from datetime import timedelta

import editing
import pytest
from telegram_bot import running_bot

from bot.app import App
from bot.domain.model import LANGS, Lang
from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.seen import Seen


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
        await editing.move(app.db, b3.id, hall.id, by=None, now=now)
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


def labels(message: Seen) -> list[list[str]]:
    return [[button.text for button in row] for row in message.buttons]


async def test_a_notice_offers_to_update_the_calendar_that_it_makes_wrong(app: App, box: Sandbox) -> None:
    an, bo = box.user("An", language_code="en"), box.user("Bo", language_code="en")
    b3 = app.edition.timetable.session("B3")
    hall = next(room for room in app.edition.timetable.programme.rooms if "聚英" in room.name)

    def files() -> list[Seen]:
        return [one for one in box.messages(an) if "document" in one.raw]

    async with running_bot(app, box):
        for who in (an, bo):
            card = await box.reply(who, after=box.say(who, "/talk B3-2"))
            await box.answered(box.press(who, card.message_id, "☆ Star"))
        file = await box.reply(an, after=box.say(an, "/ics"))
        told = len(sent(box, an)), len(sent(box, bo))
        now = app.clock.now()
        await editing.move(app.db, b3.id, hall.id, by=None, now=now)
        app.alarm.ring()
        app.clock.set(now=now + timedelta(seconds=61))
        await box.until(lambda: (len(sent(box, an)), len(sent(box, bo))) == (told[0] + 1, told[1] + 1))
        notices = [box.messages(who)[-1] for who in (an, bo)]
        await box.answered(box.press(an, notices[0].message_id, "📅 Update my calendar"))
        await box.until(lambda: len(files()) == 2)
        await box.answered(box.press(an, file.message_id, "📌 Pin my day"))
        await box.until(lambda: any(one.pinned for one in box.messages(an)))
        third = await box.reply(an, after=box.say(an, "/ics"))

    assert [labels(notice)[-1] for notice in notices] == [["📅 Update my calendar", "Got it"], ["Got it"]]
    assert [labels(one) for one in (file, third)] == [[["📌 Pin my day", "Settings"]], [["Settings"]]]


LABELS = {"zh": ("☆ 收藏", "取消收藏"), "en": ("☆ Star", "Un-star")}


@pytest.mark.parametrize("lang", LANGS)
async def test_a_star_taken_away_in_a_notice_can_be_set_again_there(app: App, box: Sandbox, lang: Lang) -> None:
    an = box.user("An", language_code=lang)
    b3 = app.edition.timetable.session("B3")
    hall = next(room for room in app.edition.timetable.programme.rooms if "聚英" in room.name)
    star, unstar = LABELS[lang]

    async def pressed(label: str) -> list[str]:
        """Its row as it is when the button says something else."""
        number = box.messages(an)[-1].message_id
        await box.answered(box.press(an, number, label))
        return await box.until(lambda: label not in (row := labels(box.messages(an)[-1])[0]) and row)

    async with running_bot(app, box):
        card = await box.reply(an, after=box.say(an, "/talk B3-2"))
        await box.answered(box.press(an, card.message_id, star))
        now = app.clock.now()
        await editing.move(app.db, b3.id, hall.id, by=None, now=now)
        app.alarm.ring()
        app.clock.set(now=now + timedelta(seconds=61))
        await box.until(lambda: len(sent(box, an)) == 2)
        rows = [labels(box.messages(an)[-1])[0]]
        rows += [await pressed(unstar), await pressed("☆ B3-2"), await pressed("⭐ B3-2")]

    assert [row[1] for row in rows] == [unstar, "☆ B3-2", "⭐ B3-2", "☆ B3-2"]
    assert {(row[0], row[2]) for row in rows} == {("B3-2", {"zh": "同时段还有", "en": "Also on then"}[lang])}
