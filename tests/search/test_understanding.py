"""Sentences read by rules, on the real programme, at twenty past one on the first day unless told otherwise."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.timetable import Timetable
from bot.formats import document, glossary
from bot.search.index import Index
from bot.search.said import Said
from bot.search.spoken_times import take_time
from bot.search.understanding import read

DATA = Path(__file__).parents[2] / "data"
TIMETABLE = Timetable(document.read((DATA / "csml2025" / "programme.yaml").read_text("utf-8")).programme)
INDEX = Index(TIMETABLE, glossary.read(DATA / "glossary.yaml"))
NOW = datetime(2025, 8, 9, 13, 20, tzinfo=TIMETABLE.zone)


def reading(text: str) -> str:
    """What, who, where, when, topic, item and which one, as far as they are there."""
    found = read(text, INDEX, NOW)
    when = f"{found.when.start:%d %H:%M}-{found.when.end:%d %H:%M}" if found.when else ""
    nth = f"{found.nth.at} {found.nth.of}" if found.nth else ""
    who, where = found.who.name if found.who else "", found.where.name if found.where else ""
    return " | ".join(part for part in (found.what, who, where, when, found.topic, found.item, nth) if part)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("下午7号会议室有什么", "talks | 友谊宫 7 号 | 09 12:00-09 18:00"),
        ("张林峰在哪讲", "where | 张林峰"),
        ("张林锋在哪讲", "where | 张林峰"),
        ("明天上午有强化学习吗", "talks | 10 00:00-10 12:00 | 强化学习"),
        ("现在有什么大模型的报告", "now | 09 13:20-09 13:20 | 大模型"),
        ("下一场 5号", "next | 友谊宫 5 号"),
        ("what's on in room 7 after lunch", "talks | 友谊宫 7 号 | 09 13:30-09 18:00"),
        ("any talks on diffusion models this afternoon", "talks | 09 12:00-09 18:00 | diffusion models"),
        ("when does Bin Dong speak", "when | 董彬"),
        ("茶歇几点", "when | tea break"),
        ("午餐在哪", "where | lunch"),
        ("签到", "item | check-in"),
        ("谁讲扩散模型", "talks | 扩散模型"),
        ("董彬明天讲吗", "when | 董彬 | 10 00:00-11 00:00"),
        ("A8几点开始", "when | A8"),
        ("邀请报告一几点", "when | 邀请报告一"),
        ("7号3点", "talks | 友谊宫 7 号 | 09 15:00-09 15:00"),
        ("現在七號會議室在講什麼", "now | 友谊宫 7 号 | 09 13:20-09 13:20"),
        ("who is next in room 7", "next | 友谊宫 7 号"),
        ("AI for Math", "talks | AI for Math"),
        ("有限元的报告", "talks | 有限元"),
        ("next token prediction", "unknown"),
        ("wifi密码", "info"),
        ("神经网络", "talks | 神经网络"),
        ("厕所在哪", "unknown"),
        ("学生分会什么时候", "when | 学生分会"),
        ("明天第一个报告", "talks | 10 00:00-11 00:00 | 1 talk"),
        ("今天最后一场几点", "when | 09 00:00-10 00:00 | -1 talk"),
        ("谁最后讲", "talks | -1 talk"),
        ("7號會議室最後一個報告", "talks | 友谊宫 7 号 | -1 talk"),
        ("第一天第一个专题", "talks | 09 00:00-10 00:00 | 1 session"),
        ("第二个茶歇", "item | tea break | 2 slot"),
        ("倒数第二个报告", "talks | -2 talk"),
        ("the last but one talk in A3", "talks | A3 | -2 talk"),
        ("who is last in room 7", "talks | 友谊宫 7 号 | -1 talk"),
        ("the last thing tomorrow", "talks | 10 00:00-11 00:00 | -1 slot"),
        ("明天谁先讲", "talks | 10 00:00-11 00:00 | 1 talk"),
        ("明天第一个上台的是谁", "talks | 10 00:00-11 00:00 | 1 talk"),
        ("which session comes first tomorrow", "talks | 10 00:00-11 00:00 | 1 session"),
        ("the closing talk today", "talks | 09 00:00-10 00:00 | -1 talk"),
        *((said, "next") for said in ("and next?", "and then?", "and after that?", "what's after that?", "那之后呢")),
        ("先进材料", "unknown"),
        ("第一天", "talks | 09 00:00-10 00:00"),
        ("第一个会议室", "unknown"),
        ("第一作者", "unknown"),
        ("last night", "talks | 08 18:00-09 00:00"),
        ("first-order methods", "unknown"),
        ("first author", "unknown"),
        ("一阶", "talks | 一阶"),
        ("", "unknown"),
        ("？？？", "unknown"),
    ],
)
def test_a_sentence_is_read(text: str, expected: str) -> None:
    assert reading(text) == expected


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("今天", "09 00:00", "10 00:00"),
        ("明天下午", "10 12:00", "10 18:00"),
        ("后天", "11 00:00", "12 00:00"),
        ("今晚", "09 18:00", "10 00:00"),
        ("三点半", "09 15:30", "09 15:30"),
        ("两点一刻", "09 14:15", "09 14:15"),
        ("差一刻三点", "09 14:45", "09 14:45"),
        ("10点", "09 10:00", "09 10:00"),
        ("15:30", "09 15:30", "09 15:30"),
        ("at 3pm", "09 15:00", "09 15:00"),
        ("half past two", "09 14:30", "09 14:30"),
        ("8月10日上午9点", "10 09:00", "10 09:00"),
        ("10号上午", "10 00:00", "10 12:00"),
        ("周日", "10 00:00", "11 00:00"),
        ("Sunday morning", "10 00:00", "10 12:00"),
        ("on the 10th", "10 00:00", "11 00:00"),
        ("day two", "10 00:00", "11 00:00"),
        ("最后一天", "10 00:00", "11 00:00"),
        ("十分钟后", "09 13:30", "09 13:30"),
        ("一个半小时后", "09 14:50", "09 14:50"),
        ("in 20 minutes", "09 13:40", "09 13:40"),
        ("next hour", "09 13:20", "09 14:20"),
        ("刚才", "09 12:20", "09 13:20"),
        ("午饭后", "09 13:30", "09 18:00"),
        ("after the tea break", "09 16:00", "09 18:00"),
        ("before lunch", "09 00:00", "09 12:00"),
        ("三点以后", "09 15:00", "09 18:00"),
        ("下午2到4点", "09 14:00", "09 16:00"),
        ("2-4pm", "09 14:00", "09 16:00"),
        ("from 9 to 11", "09 09:00", "09 11:00"),
        ("later today", "09 13:20", "10 00:00"),
    ],
)
def test_a_time_is_heard_relative_to_the_conference(text: str, start: str, end: str) -> None:
    said = Said(text)
    when = take_time(said, TIMETABLE, NOW)
    assert when is not None
    assert (f"{when.start:%d %H:%M}", f"{when.end:%d %H:%M}", said.text.strip()) == (start, end, "")


@pytest.mark.parametrize("text", ["A1-2", "10号", "7号会议室", "2到", "25点", "31:99", "Ruoyu Sun"])
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert take_time(Said(text), TIMETABLE, NOW) is None


PIECES = "第一二个最后倒数前两场报告first last talk明下午3点7号会议室在哪董彬讲what is room next after lunch 8/10:-.'"


@given(st.text(st.characters(codec=None), max_size=80) | st.text(PIECES, max_size=60))
def test_any_text_has_a_reading(text: str) -> None:
    found = read(text, INDEX, NOW)
    assert found.when is None or found.when.start <= found.when.end
