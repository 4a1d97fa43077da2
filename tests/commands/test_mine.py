"""/mine: a day of one's own, in both languages."""

from datetime import datetime

import pytest
from asking import Asked, cancel, labels, lines

from bot.app import App
from bot.domain.model import LANGS, Lang

NEXT_DAY = datetime.fromisoformat("2025-08-10T07:00+08:00")


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


@pytest.mark.parametrize("lang", LANGS)
async def test_a_gap_leads_to_what_there_is_to_hear_in_it(asked: Asked, lang: Lang) -> None:
    for thing in ("INV-1", "A8-1", "A8-4"):
        await asked(f"*{thing}", lang)
    day = await asked("/mine", lang)
    fill = [button for row in day.rows for button in row if button.ask.startswith("read ")]
    shown = [lines(await asked(f"~{button.ask}", lang))[0] for button in fill]

    assert ([button.label for button in fill], shown) == FILL[lang]


FILL = {
    "zh": (
        ["09:25–13:30 有什么可听", "14:00–15:00 有什么可听"],
        ["🔎 8月9日 09:25–13:30", "🔎 8月9日 14:00–15:00"],
    ),
    "en": (
        ["What is on 09:25–13:30", "What is on 14:00–15:00"],
        ["🔎 9 Aug 09:25–13:30", "🔎 9 Aug 14:00–15:00"],
    ),
}


async def test_a_cancelled_talk_stays_marked_and_stands_in_nobodys_way(app: App, asked: Asked) -> None:
    for thing in ("A3-1", "A8-1"):
        await asked(f"*{thing}")
    await cancel(app, "A3-1")

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


class TestBeforeEverybodys:
    """What of one's own /now and /next show first."""

    @pytest.mark.parametrize("lang", LANGS)
    async def test_next_says_the_way_in_one_line_also_when_it_is_in_no_next_block(
        self, asked: Asked, lang: Lang
    ) -> None:
        for thing in ("B4-1", "E5"):
            await asked(f"*{thing}", lang)
        said = [lines(await asked("/next", lang, now=one))[:2] for one in ("13:20", "15:48", "23:00", NEXT_DAY)]

        assert said == NEXT[lang]

    async def test_those_that_begin_together_are_each_named_and_the_many_counted(self, asked: Asked) -> None:
        for thing in ("A1", "A2", "A3", "A4", "A8"):
            await asked(f"*{thing}")
        said = lines(await asked("/next", now="13:20"))[:10]

        assert said[::3] == [
            "⭐ 您的下一场　≈13:30 友谊宫 5 号，10 分钟后",
            "⭐ 您的下一场　≈13:30 友谊宫 11 号，10 分钟后",
            "⭐ 您的下一场　≈13:30 友谊宫 1 号，10 分钟后",
            "同时开始的还有 2 场，见 /mine。",
        ]

    async def test_whoever_stays_in_the_room_is_told_so(self, asked: Asked) -> None:
        for thing in ("A8-1", "A8-2"):
            await asked(f"*{thing}")

        assert lines(await asked("/next", now="13:35"))[0] == "⭐ 您的下一场　≈14:00 就在这里（友谊宫 7 号），25 分钟后"

    @pytest.mark.parametrize("lang", LANGS)
    async def test_now_shows_what_of_theirs_is_on_and_what_comes(self, asked: Asked, lang: Lang) -> None:
        for thing in ("A8-1", "B4-1"):
            await asked(f"*{thing}", lang)

        assert lines(await asked("/now", lang, now="13:35"))[2:7] == NOW[lang]

    async def test_each_is_marked_once_where_everybody_s_are_listed(self, asked: Asked) -> None:
        for thing in ("A8-1", "A3-2"):
            await asked(f"*{thing}")
        starred = [line for line in lines(await asked("/now", now="13:35"))[6:] if "⭐" in line]

        assert starred == ["⭐ 友谊宫 1 号　A3 Optimization for AI", "⭐ ≈13:30–14:00 赵鑫：大模型复杂推理技术"]

    async def test_in_a_group_there_is_nothing_of_anybody_s(self, asked: Asked) -> None:
        before = [await asked(one, group="5", now="13:35") for one in ("/now", "/next", "/day", "/talk A8-2")]
        await asked("*A8")

        assert [await asked(one, group="5", now="13:35") for one in ("/now", "/next", "/day", "/talk A8-2")] == before

    async def test_what_is_cancelled_is_not_next(self, app: App, asked: Asked) -> None:
        for thing in ("A8-1", "A8-2", "B4-1"):
            await asked(f"*{thing}")
        await cancel(app, "A8-2")

        assert lines(await asked("/next", now="13:35"))[0] == "⭐ 您的下一场　≈16:00 友谊宫 7 号"


ZHENG = "Beyond the 80/20 Rule: High-Entropy Minority Tokens Drive Effective Reinforcement Learning for LLM Reasoning"
ZENG = "In vivo 3D ultrasound computed tomography of musculoskeletal tissues with generative neural PDE solvers"
ZHAO = "Techniques for Complex Reasoning in Large Language Models"
NEXT = {
    "zh": [
        ["⭐ 您的下一场　≈16:00 友谊宫 7 号", f"B4-1 郑楚杰：{ZHENG}"],
        ["⭐ 您的下一场　≈16:00 友谊宫 7 号，12 分钟后", f"B4-1 郑楚杰：{ZHENG}"],
        ["⭐ 您的下一场　明天 ≈16:00 友谊宫 2 号", f"E5-1 曾祉竣：{ZENG}"],
        ["⭐ 您的下一场　≈16:00 友谊宫 2 号", f"E5-1 曾祉竣：{ZENG}"],
    ],
    "en": [
        ["⭐ Next for you  ≈16:00 Room 7 友谊宫 7 号", f"B4-1 Chujie Zheng 郑楚杰: {ZHENG}"],
        ["⭐ Next for you  ≈16:00 Room 7 友谊宫 7 号, in 12 min", f"B4-1 Chujie Zheng 郑楚杰: {ZHENG}"],
        ["⭐ Next for you  Tomorrow ≈16:00 Room 2 友谊宫 2 号", f"E5-1 Zhijun Zeng 曾祉竣: {ZENG}"],
        ["⭐ Next for you  ≈16:00 Room 2 友谊宫 2 号", f"E5-1 Zhijun Zeng 曾祉竣: {ZENG}"],
    ],
}
NOW = {
    "zh": ["▶ ≈13:30–14:00 · 友谊宫 7 号", "A8-1 赵鑫：大模型复杂推理技术", "", *NEXT["zh"][0]],
    "en": ["▶ ≈13:30–14:00 · Room 7 友谊宫 7 号", f"A8-1 Xin Zhao 赵鑫: {ZHAO}", "", *NEXT["en"][0]],
}
