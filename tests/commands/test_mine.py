"""/mine: a day of one's own, in both languages."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from bot.app import App
from bot.channels.terminal import as_text
from bot.commands.dispatch import pressed, typed
from bot.domain.model import LANGS, Lang
from bot.replies.reply import Reply
from bot.services import acquaintance, changes

Asked = Callable[..., Awaitable[Reply]]
NEXT_DAY = datetime.fromisoformat("2025-08-10T07:00+08:00")


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2025-08-09T{clock}+08:00")


@pytest.fixture
def asked(app: App) -> Asked:
    """Asks as the same user each time; `~` before what a button asks, `*` before what to star."""

    async def ask(text: str, lang: Lang = "zh", now: str | datetime = "08:00") -> Reply:
        moment = at(now) if isinstance(now, str) else now
        user = await acquaintance.meet(app.db, "telegram", "7", lang, now=moment)
        question = pressed(f"star {named(app, text[1:])} 1") if text[0] == "*" else typed(text)
        return await app.answer(pressed(text[1:]) if text[0] == "~" else question, lang, user=user, at=moment)

    return ask


def named(app: App, code: str) -> str:
    """What a button calls a talk, a session or an item."""
    event = app.edition.timetable.event_by_code(code)
    slot = next((slot for slot in app.edition.timetable.slots if code in (slot.code, slot.title)), None)
    return f"t{event.talk.id}" if event else f"s{slot.id}" if slot else ""


def lines(reply: Reply) -> list[str]:
    return as_text(reply).splitlines()


def labels(reply: Reply) -> list[list[str]]:
    return [[button.label for button in row] for row in reply.rows]


@pytest.mark.parametrize("lang", LANGS)
async def test_with_nothing_starred_it_says_how_and_leads_there(asked: Asked, lang: Lang) -> None:
    reply = await asked("我的日程", lang)

    assert (lines(reply), [button.ask for button in reply.rows[0]]) == (EMPTY[lang], ["next", "day"])


EMPTY = {
    "zh": [
        "⭐ 我的日程　还没有收藏。",
        "",
        "点报告、专题或圆桌论坛下面的 ☆，就会收进这里。先看看下一场，或当天日程。",
        "收藏之后：开始前提醒您，换会场、改时间会通知您，时间撞车也看得到。",
    ],
    "en": [
        "⭐ My day  Nothing is starred yet.",
        "",
        "Press ☆ under a talk, session or panel and it shows up here. Start from what comes next, or from the day.",
        "I then remind you before it starts, tell you of a new room or time, and show you what overlaps.",
    ],
}


@pytest.mark.parametrize("lang", LANGS)
async def test_it_shows_clashes_the_way_between_rooms_and_gaps(asked: Asked, lang: Lang) -> None:
    for thing in ("圆桌论坛", "A3-1", "A8-1", "A8-2"):
        await asked(f"*{thing}", lang)

    assert lines(await asked("/mine", lang)) == DAY[lang]


DAY = {
    "zh": [
        "⭐ 我的日程　8月9日 周六（北京时间）",
        "",
        "10:30–12:00 · 友谊宫 聚英厅",
        "圆桌论坛",
        "",
        "12:00–13:30 空档 · 午餐",
        "",
        "≈13:30–14:00 · 友谊宫 1 号",
        "A3-1 林涛：面向生成模型的高效训练与推理算法",
        "⚠️ 时间与 A8-1 重叠",
        "",
        "≈13:30–14:00 · 友谊宫 7 号",
        "A8-1 赵鑫：大模型复杂推理技术",
        "⚠️ 时间与 A3-1 重叠",
        "",
        "≈14:00–14:30 · 友谊宫 7 号",
        "A8-2 刘知远：大模型密度法则与高密度大模型关键技术",
        "",
        "≈ 只印了整场的时间，各报告按平均时长估算。",
    ],
    "en": [
        "⭐ My day  Sat 9 Aug (Beijing time)",
        "",
        "10:30–12:00 · Friendship Palace Juying Hall 友谊宫 聚英厅",
        "Panel Discussion 圆桌论坛",
        "",
        "12:00–13:30 free · Lunch",
        "",
        "≈13:30–14:00 · Room 1 友谊宫 1 号",
        "A3-1 Tao Lin 林涛: Efficient Training and Inference Algorithms for Generative Models",
        "⚠️ Overlaps A8-1",
        "",
        "≈13:30–14:00 · Room 7 友谊宫 7 号",
        "A8-1 Xin Zhao 赵鑫: Techniques for Complex Reasoning in Large Language Models",
        "⚠️ Overlaps A3-1",
        "",
        "≈14:00–14:30 · Room 7 友谊宫 7 号",
        "A8-2 Zhiyuan Liu 刘知远: The Densing Law of Large Models and Key Techniques for High-Density Large Models",
        "",
        "≈ Only the session has a printed time; its talks are given equal shares.",
    ],
}


async def test_what_runs_is_on_top_and_what_is_over_is_folded_below(asked: Asked) -> None:
    for thing in ("圆桌论坛", "A3-1", "A3-2", "A8-2"):
        await asked(f"*{thing}")
    reply = await asked("/mine", now="14:05")

    assert lines(reply)[2:10] == [
        "▶ ≈14:00–14:30 · 友谊宫 1 号",
        "A3-2 凌青：Physics-Assisted and Topology-Informed Deep Learning for Weather Prediction",
        "⚠️ 时间与 A8-2 重叠",
        "",
        "▶ ≈14:00–14:30 · 友谊宫 7 号",
        "A8-2 刘知远：大模型密度法则与高密度大模型关键技术",
        "⚠️ 时间与 A3-2 重叠",
        "",
    ]
    assert (reply.blocks[3].quote, [line[0].text for line in reply.blocks[3].lines]) == (
        True,
        ["已结束", "10:30–12:00", "≈13:30–14:00"],
    )


async def test_the_other_days_are_a_press_away_and_a_day_can_be_asked_for(asked: Asked) -> None:
    for thing in ("A8", "C1"):
        await asked(f"*{thing}")
    first = await asked("/mine")
    second = await asked("~mine 2025-08-10")

    assert labels(first)[-2:] == [["8月10日 周日（4）"], ["📌 置顶", "📅 加入日历"]]
    assert labels(second)[-2][0] == "8月9日 周六（4）"
    assert (second, await asked("我的日程 明天")) == (await asked("/mine 2", now=NEXT_DAY), second)


async def test_a_cancelled_talk_stays_marked_and_stands_in_nobodys_way(app: App, asked: Asked) -> None:
    for thing in ("A3-1", "A8-1"):
        await asked(f"*{thing}")
    event = app.edition.timetable.event_by_code("A3-1")
    assert event is not None
    await changes.cancel(app.db, "talk", event.talk.id, by=None, now=at("09:00"))
    await app.refresh()

    assert lines(await asked("/mine"))[2:7] == [
        "⚠️ 已取消（≈13:30–14:00 · 友谊宫 1 号）",
        "A3-1 林涛：面向生成模型的高效训练与推理算法",
        "",
        "≈13:30–14:00 · 友谊宫 7 号",
        "A8-1 赵鑫：大模型复杂推理技术",
    ]
    assert lines(await asked("/mine", now="14:00"))[-2] == (
        "≈13:30–14:00　A3-1 林涛：面向生成模型的高效训练与推理算法（已取消）"
    )


async def test_a_day_without_stars_says_so(asked: Asked) -> None:
    await asked("*A8")

    assert lines(await asked("/mine 2025-08-10"))[-1] == "这一天没有收藏。"
