"""The pinned card of a user's day, through the whole program: sent once, edited when it is no longer true, let go."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import editing
import pytest
from telegram_bot import running_bot, states

from bot.app import App
from bot.domain.model import LANGS, Lang
from bot.replies.words import word
from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.seen import Seen
from bot.sandbox.state import User
from bot.services import acquaintance, stars


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with sandbox() as opened:
        yield opened


def talk(app: App, code: str) -> int:
    return next(talk.id for talk in app.edition.timetable.programme.talks if talk.code == code)


async def star(app: App, box: Sandbox, who: User, code: str) -> None:
    """Stars a talk on its own card, by its button."""
    shown = await box.reply(who, after=box.say(who, f"/talk {code}"))
    await box.answered(box.press(who, shown.message_id, shown.buttons[0][0].text))


async def pinned(box: Sandbox, who: User) -> Seen:
    return await box.until(lambda: next((one for one in box.messages(who) if one.pinned), None))


async def shows(box: Sandbox, who: User, words: str) -> str:
    """The pinned card's text, once it has these words."""
    return await box.until(lambda: next((m.text for m in box.messages(who) if m.pinned and words in m.text), None))


def sent(box: Sandbox, who: User) -> int:
    return len(box.requests("sendMessage", chat=who))


async def kept(app: App) -> int:
    async with app.db.snapshot() as conn:
        return len(list(await conn.execute_fetchall("SELECT * FROM cards")))


async def card_states(app: App) -> list[str]:
    async with app.db.snapshot() as conn:
        return [row["state"] for row in await conn.execute_fetchall("SELECT state FROM outbox WHERE kind = 'card'")]


async def until_kept(app: App, count: int) -> int:
    async with asyncio.timeout(30):
        while (found := await kept(app)) != count:
            pass  # each look goes to the database's thread and back
    return found


@pytest.mark.parametrize("lang", LANGS)
async def test_it_is_pinned_silently_and_says_what_the_day_holds(app: App, box: Sandbox, lang: Lang) -> None:
    an = box.user("An", language_code=lang)
    async with running_bot(app, box):
        await star(app, box, an, "A8-2")
        await star(app, box, an, "A3-1")
        asked = await box.reply(an, after=box.say(an, "/card"))
        card = await pinned(box, an)

    assert asked.text == word(lang, "card.coming")
    assert card.text.split("\n\n") == TEXTS[lang]
    silent = [one.params["disable_notification"] for one in box.requests() if "disable_notification" in one.params]
    assert silent == [True, True]


LIN = "Efficient Training and Inference Algorithms for Generative Models"
LIU = "The Densing Law of Large Models and Key Techniques for High-Density Large Models"
TEXTS = {
    "zh": [
        "📌 我的日程　8月9日 周六（北京时间）",
        "≈13:30–14:00 · 友谊宫 1 号\nA3-1 林涛：面向生成模型的高效训练与推理算法",
        "≈14:00–14:30 · 友谊宫 7 号\nA8-2 刘知远：大模型密度法则与高密度大模型关键技术\n🚶 要从 1 号过来，中间没有间隔",
        "≈ 只印了整场的时间，各报告按平均时长估算。",
    ],
    "en": [
        "📌 My day  Sat 9 Aug (Beijing time)",
        f"≈13:30–14:00 · Room 1 友谊宫 1 号\nA3-1 Tao Lin 林涛: {LIN}",
        f"≈14:00–14:30 · Room 7 友谊宫 7 号\nA8-2 Zhiyuan Liu 刘知远: {LIU}\n🚶 Straight from Room 1, no time between",
        "≈ Only the session has a printed time; its talks are given equal shares.",
    ],
}


async def test_a_star_a_change_and_the_passing_of_time_edit_it_and_nothing_else_is_sent(app: App, box: Sandbox) -> None:
    an = box.user("An", language_code="zh")
    a8, other = app.edition.timetable.session("A8"), app.edition.timetable.programme.rooms[0]
    async with running_bot(app, box):
        box.say(an, "/card")
        await shows(box, an, "还没有收藏")
        await star(app, box, an, "A8-2")
        before = await shows(box, an, "友谊宫 7 号")
        messages = sent(box, an)

        await editing.move(app.db, a8.id, other.id, by=None, now=app.clock.now())
        await app.refresh()
        app.alarm.ring()
        moved = await shows(box, an, other.name)

        app.clock.set(now=START + timedelta(minutes=41))  # 14:01
        running = await shows(box, an, "▶ ≈14:00")
        app.clock.set(now=START + timedelta(minutes=71))  # 14:31
        over = await shows(box, an, "已结束")

    assert ("▶" in before, "▶" in moved, "友谊宫 7 号" in moved, "已结束" in running) == (False, False, False, False)
    assert over.splitlines()[-2:] == ["已结束", "≈14:00–14:30　A8-2 刘知远：大模型密度法则与高密度大模型关键技术"]
    assert sum(one.pinned for one in box.messages(an)) == 1
    assert sent(box, an) - messages == 1  # the notice of the change


START = datetime.fromisoformat("2025-08-09T13:20+08:00")


async def test_what_changes_nothing_in_it_is_no_edit(app: App, box: Sandbox) -> None:
    an = box.user("An", language_code="zh")
    e5, other = app.edition.timetable.session("E5"), app.edition.timetable.programme.rooms[0]
    async with running_bot(app, box):
        await star(app, box, an, "A8-2")
        box.say(an, "/card")
        await shows(box, an, "A8-2")
        edits = len(box.requests("editMessageText", chat=an))
        await editing.move(app.db, e5.id, other.id, by=None, now=app.clock.now())
        await app.refresh()
        app.alarm.ring()
        async with asyncio.timeout(30):
            while await card_states(app) != ["dropped"]:
                pass

    assert len(box.requests("editMessageText", chat=an)) == edits


async def test_another_language_is_seen_on_it(app: App, box: Sandbox) -> None:
    an = box.user("An", language_code="zh")
    async with running_bot(app, box):
        await star(app, box, an, "A8-2")
        box.say(an, "/card")
        await shows(box, an, "我的日程")
        box.say(an, "/lang en")

        assert "Zhiyuan Liu" in await shows(box, an, "My day")


async def test_asked_for_again_it_takes_the_place_of_the_old_one(app: App, box: Sandbox) -> None:
    an = box.user("An", language_code="zh")
    async with running_bot(app, box):
        box.say(an, "/card")
        first = await pinned(box, an)
        box.say(an, "/card")
        second = await box.until(
            lambda: next((m for m in box.messages(an) if m.pinned and m.message_id != first.message_id), None)
        )
        await box.until(lambda: first.message_id not in {one.message_id for one in box.messages(an)})
        await star(app, box, an, "A8-2")
        await shows(box, an, "A8-2")

    assert [one.message_id for one in box.messages(an) if one.pinned] == [second.message_id]


async def test_deleted_it_is_forgotten_at_the_next_edit(app: App, box: Sandbox) -> None:
    an = box.user("An", language_code="zh")
    async with running_bot(app, box):
        box.say(an, "/card")
        card = await pinned(box, an)
        del box.chat(an).messages[card.message_id]
        await star(app, box, an, "A8-2")
        await box.until(lambda: any(one.outcome == "refused" for one in box.requests("editMessageText", chat=an)))
        left = await until_kept(app, 0)
        async with app.db.snapshot() as conn:
            rows = await conn.execute_fetchall("SELECT state, reason FROM outbox WHERE kind = 'card'")

    assert (left, [tuple(row) for row in rows]) == (0, [("dropped", "Message to edit not found")])


async def test_taken_down_it_says_so_in_its_place_and_is_left_alone(app: App, box: Sandbox) -> None:
    an = box.user("An", language_code="zh")
    async with running_bot(app, box):
        box.say(an, "/card")
        card = await pinned(box, an)
        box.press(an, card.message_id, "不再更新")
        text = await shows(box, an, "不再更新，可以取消置顶")
        await star(app, box, an, "A8-2")
        left = await kept(app)

    assert (text, left) == (word("zh", "card.off"), 0)
    assert [one.text for one in box.messages(an) if one.pinned] == [text]


async def test_a_pin_that_is_refused_leaves_the_message(app: App, box: Sandbox) -> None:
    an = box.user("An", language_code="zh")
    box.fault("error", "pinChatMessage", code=500)
    async with running_bot(app, box):
        box.say(an, "/card")
        await box.until(lambda: any("还没有收藏" in one.text for one in box.messages(an)))
        await star(app, box, an, "A8-2")
        await box.until(lambda: any("📌" in m.text and "A8-2" in m.text for m in box.messages(an)))

    assert (sent(box, an), await states(app)) == (3, {"done"})


async def test_what_changes_while_an_edit_is_on_its_way_is_in_the_next(app: App, box: Sandbox) -> None:
    an = box.user("An", language_code="zh")
    async with running_bot(app, box):
        box.say(an, "/card")
        await pinned(box, an)
        box.fault("delay", "editMessageText", chat=an, count=1, seconds=0.5)
        user = await acquaintance.known(app.db, "telegram", str(an.id))
        assert user is not None
        for code in ("A8-2", "A3-1"):
            event = next(one for one in app.edition.timetable.events if one.talk.code == code)
            await stars.mark(app.db, app.edition.timetable, user, event, starred=True, now=app.clock.now())
            app.alarm.ring()
            if code == "A8-2":
                await box.until(lambda: box.requests("editMessageText", chat=an))
        text = await shows(box, an, "A3-1")

    assert "A8-2" in text
