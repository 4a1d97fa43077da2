"""The first, the last, the n-th, asked for in the chat and in others."""

from datetime import datetime

import pytest
from asking import Asked, cancel, labels, lines

from bot.app import App
from bot.domain.model import Lang


async def test_what_is_cancelled_is_not_counted(app: App, asked: Asked) -> None:
    await cancel(app, "A3-1", "INV-3", "B1")
    first = lines(await asked("A3第一个报告"))
    tomorrow = lines(await asked("first talk tomorrow", "en"))
    rooms = labels(await asked("今天最后一个报告"))

    assert (first[0], first[2], tomorrow[6], rooms[:4]) == (
        "🔎 A3 Optimization for AI · 第一个报告",
        "Physics-Assisted and Topology-Informed Deep Learning for Weather Prediction",
        "🕒 Sun 10 Aug 09:05–09:50 (Beijing time)",
        [
            ["B2-4 丁钊", "B3-4 黄子昱"],
            ["B4-4 李嘉", "B5-4 李天佑"],
            ["B6-4 王鑫", "B7-4 任维络"],
            ["B8-4 袁坤"],
        ],
    )


@pytest.mark.parametrize(
    ("text", "lang", "now", "understood"),
    [
        ("最后一个报告", "zh", "2025-08-09T13:20+08:00", "🔎 8月9日 · 最后一个报告"),
        ("最后一个报告", "zh", "2025-08-10T08:00+08:00", "🔎 8月10日 · 最后一个报告"),
        ("the first talk", "en", "2025-08-01T08:00+08:00", "🔎 9 Aug · first talk"),
        ("the first talk", "en", "2025-09-01T08:00+08:00", "🔎 10 Aug · first talk"),
        ("大会最后一个专题", "zh", "2025-08-10T12:00+08:00", "🔎 大会最后一个专题"),
        ("大会第一个报告", "zh", "2025-08-10T12:00+08:00", "🔎 大会第一个报告"),
    ],
)  # fmt: skip
async def test_where_no_day_is_named_the_nearest_is_meant(
    asked: Asked, text: str, lang: Lang, now: str, understood: str
) -> None:
    assert lines(await asked(text, lang, now=datetime.fromisoformat(now)))[0] == understood


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("明天第一个报告", ["INV-3"]),
        ("last talk in A3", ["A3-4"]),
        ("A3前两个报告", ["A3-1", "A3-2"]),
        ("7号会议室今天最后一个专题", ["B4-1", "B4-2", "B4-3", "B4-4"]),
        ("A3第九个报告", []),
    ],
)
async def test_in_another_chat_just_those_are_offered(asked: Asked, text: str, offered: list[str]) -> None:
    assert [offer.title.split()[0] for offer in (await asked(f"~offer {text}")).offers] == offered


async def test_several_of_rooms_side_by_side_are_shown_room_by_room(asked: Asked) -> None:
    shown = lines(await asked("今天最后几个报告"))
    assert shown[4:8] == [
        "友谊宫 5 号　B1 大模型相关理论",
        "≈16:30–17:00 吕凯风：大模型训练的最优学习率衰减与扩展定律",
        "≈17:00–17:30 邱凯：通过强化学习提升大语言模型的逻辑推理能力",
        "≈17:30–18:00 刘勇：大模型推理机制分析",
    ]


async def test_a_talk_that_has_begun_is_not_the_first_after_a_time(asked: Asked) -> None:
    found = labels(await asked("下午两点之后第一个报告"))
    assert [label.split()[0] for row in found[:4] for label in row] == [
        "A1-2",
        "A2-2",
        "A3-2",
        "A4-2",
        "A5-2",
        "A6-3",
        "A7-3",
        "A8-2",
    ]
