"""More scars, one at a time: what each changes in the booklet of our own, and what is said about it."""

import re
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.problem import Problem
from bot.formats import booklet

BOOKLET = Path(__file__).with_name("booklet_of_history.txt").read_text("utf-8")
WHOLE = booklet.read(BOOKLET)
LINES = BOOKLET.split("\n")

IDEALS = "<p>Emmy Noether: Ideals: Chains That Stop</p>"
GERMAIN = "Sophie Germain: Conics Revisited"


def scarred(*replacements: tuple[str, str]) -> str:
    text = BOOKLET
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def new_findings(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """What is said about this text and not about the booklet as it is."""
    known = [(one.code, one.params) for one in WHOLE.findings]
    return [
        (one.code, one.level, one.params) for one in booklet.read(text).findings if (one.code, one.params) not in known
    ]


@pytest.mark.parametrize(
    ("replacements", "said"),
    [
        pytest.param(
            [("赵爽, 稷下算学馆", "甄鸾, 稷下算学馆")],
            [("speaker-differs", "warning", {"code": "B2-2", "plan": "赵爽", "abstract": "甄鸾"})],
            id="an abstract under another speaker's name goes to the talk with its title",
        ),
        pytest.param(
            [("E1-1 月食的几何解释", "E1-1 论勾股"), ("王贞仪，金陵女塾", "梅文鼎，金陵女塾")],
            [
                ("talk-without-abstract", "warning", {"code": "E1-1", "title": "月食的几何解释"}),
                ("abstract-without-talk", "warning", {"printed": "E1-1", "title": "论勾股", "speakers": "梅文鼎"}),
            ],
            id="an abstract that fits no talk is left out",
        ),
        pytest.param(
            [(IDEALS, ""), (GERMAIN, f"{GERMAIN} Emmy Noether: Ideals: Chains That Stop")],
            [("session-differs", "warning", {"code": "E1-3", "printed": "C1-4"})],
            id="a talk that moved finds its abstract under its old session",
        ),
        pytest.param(
            [("Emmy Noether（Universität Göttingen）\n\n刘徽", "Hypatia（Mouseion (Alexandria)）\n\n刘徽")],
            [("invited-differs", "warning", {"only_list": "Hypatia", "only_plan": "Emmy Noether"})],
            id="the list of invited speakers is compared with the plan",
        ),
        pytest.param(
            [("【签到时间: 5 月 15 日 15:00-18:00;", "【签到时间: 5 月 15 日 14:00-18:00;")],
            [("check-in-differs", "warning", {})],
            id="the check-in times above the plan are compared with the guide",
        ),
        pytest.param(
            [("\t王贞仪\t格物楼 1 号 会议室", "\t王贞仪\t")],
            [("room-missing", "warning", {"title": "E1"})],
            id="a session without a room does not get that of its neighbour",
        ),
        pytest.param(
            [("\t王贞仪\t格物楼 1 号 会议室", "\t王贞仪\t另行通知")],
            [("room-missing", "warning", {"title": "E1"})],
            id="a place that is to be announced is no room",
        ),
        pytest.param(
            [("11:30-12:30\t", "11:30-25:30\t")],
            [
                ("row-unreadable", "error", {"text": "11:30-25:30"}),
                ("gap-without-break", "warning", {"day": "2026-05-17", "start": "11:10", "end": "12:30"}),
                ("abstract-without-talk", "warning", {
                    "printed": "E1-1", "title": "月食的几何解释", "speakers": "王贞仪"}),
                ("abstract-without-talk", "warning", {
                    "printed": "E1-2", "title": "Conics Revisited", "speakers": "Sophie Germain"}),
            ],
            id="a row whose time does not exist is left out",
        ),
        pytest.param(
            [("5 月 17 日\t\t\t\n", "5 月 17 日\t\t\t\n请各位报告人提前十分钟到场。\n")],
            [("line-skipped", "warning", {"text": "请各位报告人提前十分钟到场。"})],
            id="a remark between rows is left out",
        ),
        pytest.param(
            [("A2-2 大衍求一术：一次同余式组的解法\n", "\n")],
            [
                ("talk-without-abstract", "warning", {"code": "A2-2", "title": "大衍求一术：一次同余式组的解法"}),
                ("text-skipped", "warning", {"printed": "A2-1"}),
            ],
            id="the abstract below a lost heading is not given to the talk above",
        ),
        pytest.param(
            [("刘徽 (稷下算学馆)\t", "\t")],
            [
                ("invited-differs", "warning", {"only_list": "刘徽", "only_plan": "–"}),
                ("speaker-missing", "warning", {"title": "Cutting the Circle: 割圆术与极限的开端"}),
                ("speaker-differs", "warning", {"code": "INV-1", "plan": "–", "abstract": "刘徽"}),
            ],
            id="an invited talk without a speaker is a talk",
        ),
        pytest.param(
            [("\t赵爽\t1 号 会议室", "\t赵爽\t5 号 会议室")],
            [
                ("room-used-twice", "error", {
                    "room": "格物楼 5 号", "first": "B1", "second": "B2",
                    "day": "2026-05-16", "start": "16:00", "end": "17:30"}),
            ],
            id="a room used twice at a time is an error",
        ),
        pytest.param(
            [("\t赵爽\t格物楼 5 号 会议室", "\t秦九韶\t格物楼 5 号 会议室")],
            [
                ("person-in-two-places", "error", {
                    "person": "秦九韶", "first": "A1", "second": "A2-2",
                    "day": "2026-05-16", "start": "14:10", "end": "14:50"}),
            ],
            id="chairing one session while speaking in another is an error",
        ),
        pytest.param(
            [("9:20-9:40\t茶歇\t\t", "9:20-9:40\t茶歇\t\t格物楼大衍厅")],
            [],
            id="a break in a room of the plan is no doubt",
        ),
        pytest.param(
            [("9:20-9:40\t茶歇\t\t", "9:20-9:40\t茶歇\t\t时间\n时间\t活动内容\t主持人\t地点")],
            [],
            id="the header that a page break repeats is no row",
        ),
    ],
)  # fmt: skip
def test_a_scar_is_said_and_nothing_else(replacements, said):
    assert new_findings(scarred(*replacements)) == said


def test_a_booklet_without_a_contents_page_reads_the_same():
    start = BOOKLET.index("目录")
    end = BOOKLET.index("一、会务指南\n")

    assert booklet.read(BOOKLET[:start] + BOOKLET[end:]).programme == WHOLE.programme


def test_line_endings_and_full_width_blanks_of_another_system_change_nothing():
    text = "\ufeff" + BOOKLET.replace("\n", "\r\n").replace(" 专题", "\u3000专题")

    assert booklet.read(text).programme == WHOLE.programme


def test_what_nobody_sees_changes_nothing():
    unseen = "\u200b\u202e\u2066\u00ad\u200e\ufeff\x07"
    text = re.sub(r"(?<=\w)(?=\w)", lambda match: unseen[match.start() % len(unseen)], BOOKLET)

    assert booklet.read(text) == WHOLE


def test_columns_may_stand_in_another_order():
    start, end = BOOKLET.index("时间\t"), BOOKLET.index("四、大会邀请报告摘要及报告人简介\n")
    moved = [
        "\t".join([*line.split("\t")[2:], *line.split("\t")[:2]]) if "\t" in line else line
        for line in BOOKLET[start:end].split("\n")
    ]
    uncut = [line for line in WHOLE.programme.slots if line.code not in ("A2", "B2", "C1")]
    read = booklet.read(BOOKLET[:start] + "\n".join(moved) + BOOKLET[end:]).programme

    assert [slot for slot in read.slots if slot.code not in ("A2", "B2", "C1")] == uncut


# A page break may cut a row anywhere between two Chinese characters or at a blank: the rest of each cell goes to the
# next page, in a row of its own.

ROWS = [n for n, line in enumerate(LINES) if re.search(r"\b(?:A1|A3|B1|E1)\s专题.*\t.*\t", line)]
LEGAL = re.compile(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])| ")


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_row_cut_anywhere_in_its_cells_reads_as_the_whole_row(data):
    number = data.draw(st.sampled_from(ROWS))
    time, *cells = LINES[number].split("\t")
    halves = [data.draw(cuts(cell)) for cell in cells]
    assume(halves[0][0])
    first = "\t".join([time, *(half[0] for half in halves)])
    second = "\t".join(["", *(half[1] for half in halves)])
    cut = "\n".join([*LINES[:number], first, "", second, *LINES[number + 1 :]])

    assert booklet.read(cut).programme == WHOLE.programme


@st.composite
def cuts(draw, cell: str) -> tuple[str, str]:
    """A cell in two halves; a paragraph that is cut is closed and opened again."""
    # The code stands on the first page: what begins a row is how a row is known.
    code = re.search(r"[A-Z]\d", cell)
    start = code.end() if code else 0
    if not code and draw(st.booleans()):
        return draw(st.sampled_from([(cell, ""), ("", cell)]))
    places = [match for match in LEGAL.finditer(cell, start) if "</p> <p>" not in cell[match.start() - 4 :][:8]]
    if not places:
        return cell, ""
    place = draw(st.sampled_from(places))
    first, second = cell[: place.start()], cell[place.end() :]
    return (f"{first}</p>", f"<p>{second}") if "<p>" in cell else (first, second)


@given(
    st.text(
        alphabet="一二三四五、会务指南议日程报告摘要A1-9专题：:\t\n（）() 年月日时间活动内容主持人地点茶歇*$",
        max_size=400,
    )
)
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_reading_or_a_problem(text):
    _read(text)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_booklet_that_lost_and_gained_anything_is_a_reading_or_a_problem(data):
    text = BOOKLET
    for _ in range(data.draw(st.integers(1, 8))):
        start = data.draw(st.integers(0, len(text)))
        lost = data.draw(st.sampled_from([0, 1, 3, 40, 400]))
        gained = data.draw(
            st.text(max_size=4) | st.sampled_from(["\t", "\n", "**", "99", "：", "(", "）", "<p>", "A1-1 "])
        )
        text = text[:start] + gained + text[start + lost :]
    _read(text)


def _read(text: str) -> None:
    lines = text.count("\n") + text.count("\r") + 1
    try:
        places = [one.line or 0 for one in booklet.read(text).findings]
    except Problem as problem:
        places, said = [], problem.key
    else:
        said = "booklet.not-a-booklet"
    assert (said, [line for line in places if not 1 <= line <= lines]) == ("booklet.not-a-booklet", [])
