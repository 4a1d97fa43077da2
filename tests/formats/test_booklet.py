"""The booklet of our own, which has every scar of the real one."""

from pathlib import Path

import pytest

from bot.domain.model import Text
from bot.domain.problem import Problem
from bot.domain.programme import Committee, Contact, Member, Programme, Room, Slot
from bot.formats import booklet
from bot.formats.reading import Reading

BOOKLET = Path(__file__).with_name("booklet_of_history.txt").read_text("utf-8")

PLAN = [
    ("16 08:30-08:50", "opening", "致辞", "格物楼 大衍厅", ["李淳风"], []),
    ("16 08:50-09:35", "invited", "邀请报告一", "格物楼 大衍厅", ["祖冲之"], [
        ("INV-1", "Cutting the Circle: 割圆术与极限的开端", "刘徽"),
    ]),
    ("16 09:35-10:20", "invited", "邀请报告二", "格物楼 大衍厅", ["祖冲之"], [
        ("INV-2", "Symmetry and What It Conserves", "Emmy Noether"),
    ]),
    ("16 10:20-10:40", "break", "茶歇", None, [], []),
    ("16 10:40-12:00", "other", "参观观星台", None, [], []),
    ("16 12:00-13:30", "meal", "午餐", None, [], []),
    ("16 13:30-15:30", "session", "A1 圆周率与近似计算（I）", "格物楼 5 号", ["赵爽"], [
        ("A1-1", "密率：一个七位小数的故事", "祖冲之"),
        ("A1-2", "Ten and Its Square Root: An Early Estimate", "张衡"),
        ("A1-3", "正弦表的编制", "阿耶波多"),
    ]),
    ("16 13:30-15:30", "session", "A2 同余与不定方程", "格物楼 11 号", ["李淳风", "杨辉"], [
        ("A2-1", "物不知数问题的来历", "孙子"),
        ("A2-2", "大衍求一术：一次同余式组的解法", "秦九韶"),
        ("A2-3", "Congruences: A Notation and Its Use", "Carl Friedrich Gauss"),
    ]),
    ("16 13:30-15:30", "session", "A3 Analysis and Its Tools", "格物楼 1 号",
     ["Johann Bernoulli (Universität Basel)", "Sofia Kovalevskaya"], [
        ("A3-1", "Seven Bridges: From a Walk to a Theory", "Leonhard Euler"),
        ("A3-2", "Rotation in $n + 1$ Dimensions", "Sofia Kovalevskaya"),
        ("A3-3", "最速降线：一个公开的挑战", "Johann Bernoulli (Universität Basel)"),
    ]),
    ("16 15:30-16:00", "break", "茶歇", None, [], []),
    ("16 16:00-17:30", "session", "B1 天文与历法", "格物楼 5 号", ["郭守敬"], [
        ("B1-1", "招差术与授时历", "郭守敬"),
        ("B1-2", "Tables of the Moon: How Errors Add Up", "Johann Bernoulli (Königliche Sternwarte (Berlin))"),
        ("B1-3", "不等间距插值", "一行"),
    ]),
    ("16 16:00-17:30", "session", "B2 几何作图", "格物楼 1 号", ["赵爽"], [
        ("B2-1", "会圆术: 弧长的近似公式", "沈括"),
        ("B2-2", "弦图与勾股定理", "赵爽"),
        ("B2-3", "Conics Revisited", "Hypatia"),
    ]),
    ("17 08:30-09:20", "panel", "圆桌论坛", "格物楼 大衍厅", ["杨辉"], ["秦九韶", "Leonhard Euler", "朱世杰"]),
    ("17 09:20-09:40", "break", "茶歇", None, [], []),
    ("17 09:40-11:10", "session", "C1 代数与符号 (I)", "格物楼 11 号", ["李冶"], [
        ("C1-1", "四元消法: 四个未知数的方程组", "朱世杰"),
        ("C1-2", "天元术入门", "李冶"),
        ("C1-3", "Groups Behind Equations", "Évariste Galois"),
        ("C1-4", "Ideals: Chains That Stop", "Emmy Noether"),
    ]),
    ("17 11:30-12:30", "session", "E1 少年数学家 (I)", "格物楼 1 号", ["王贞仪"], [
        ("E1-1", "月食的几何解释", "王贞仪"),
        ("E1-2", "Conics Revisited", "Sophie Germain"),
    ]),
    ("17 12:30-13:30", "meal", "午餐", None, [], []),
]  # fmt: skip

FINDINGS = [
    (45, "note", "affiliation-differs", {"name": "秦九韶", "kept": "湖州数书院", "other": "大宋太史局"}),
    (49, "warning", "panel-differs", {"only_list": "杨辉", "only_plan": "–"}),
    (94, "note", "room-as-above", {"title": "邀请报告一", "room": "格物楼 大衍厅"}),
    (95, "note", "chair-as-above", {"title": "邀请报告二", "chairs": "祖冲之"}),
    (95, "note", "room-as-above", {"title": "邀请报告二", "room": "格物楼 大衍厅"}),
    (100, "note", "row-cut", {"where": "A2"}),
    (100, "note", "chair-cut", {"where": "A2", "chairs": "杨辉"}),
    (103, "note", "stray-characters", {"where": "A3-2", "text": "\\xi"}),
    (106, "note", "row-cut", {"where": "B2"}),
    (112, "note", "row-cut", {"where": "C1"}),
    (115, "warning", "same-title", {"code": "E1-2", "other": "B2-3", "title": "Conics Revisited"}),
    (115, "warning", "gap-without-break", {"day": "2026-05-17", "start": "11:10", "end": "11:30"}),
    (146, "note", "code-offset", {"code": "A1-1", "printed": "A1-2"}),
    (154, "note", "code-offset", {"code": "A1-2", "printed": "A1-3"}),
    (158, "note", "abstract-repeats-title", {"code": "A1-2"}),
    (160, "note", "code-offset", {"code": "A1-3", "printed": "A1-4"}),
    (164, "note", "stray-characters", {"where": "A1-3", "text": "。"}),
    (172, "warning", "abstract-none", {"code": "A2-1"}),
    (190, "note", "heading-glued", {"text": "A3-1 Seven Bridges: From a Walk to a Theory"}),
    (194, "note", "stray-characters", {"where": "A3-1", "text": "``"}),
    (194, "note", "abstract-marked-tbd", {"code": "A3-1"}),
    (196, "note", "stray-characters", {"where": "A3-2", "text": "\\xi"}),
    (200, "note", "stray-characters", {"where": "A3-2", "text": "\\xi"}),
    (200, "note", "stray-characters", {"where": "A3-2", "text": "[]()"}),
    (200, "note", "stray-characters-kept", {"where": "A3-2", "text": "\\text{eqref{top}}"}),
    (206, "note", "heading-glued", {"text": "分会报告 B1 专题: 天文与历法"}),
    (206, "warning", "abstract-tbd", {"code": "A3-3"}),
    (210, "warning", "abstract-tbd", {"code": "B1-1"}),
    (
        212,
        "warning",
        "namesake",
        {"name": "Johann Bernoulli", "affiliations": "Universität Basel、Königliche Sternwarte (Berlin)"},
    ),
    (216, "note", "stray-characters", {"where": "B1-2", "text": "\\texttt{}"}),
    (224, "note", "stray-characters", {"where": "B2", "text": "十二、"}),
    (224, "warning", "session-title-differs", {"code": "B2", "plan": "几何作图", "abstract": "几何测量"}),
    (
        226,
        "warning",
        "title-differs",
        {"code": "B2-1", "plan": "会圆术: 弧长的近似公式", "abstract": "会圆术：弧长的近似计算"},
    ),
    (232, "note", "stray-characters", {"where": "B2-2", "text": "="}),
    (258, "warning", "abstract-pasted", {"code": "C1-2", "other": "A2-2"}),
    (260, "note", "stray-characters", {"where": "C1-3", "text": "AI"}),
]


@pytest.fixture(scope="module")
def reading() -> Reading:
    return booklet.read(BOOKLET)


@pytest.fixture(scope="module")
def programme(reading: Reading) -> Programme:
    return reading.programme


def outline(slot: Slot) -> tuple[object, ...]:
    return (
        f"{slot.start:%d %H:%M}-{slot.end:%H:%M}",
        slot.kind,
        f"{slot.code} {slot.title}".strip(),
        slot.room,
        list(slot.chairs),
        list(slot.panel) or [(talk.code, talk.title, *talk.speakers) for talk in slot.talks],
    )


def test_the_day_plan_is_read_row_by_row(programme):
    assert [outline(slot) for slot in programme.slots] == PLAN


def test_times_are_those_of_the_conference(programme):
    assert {(slot.start.year, str(slot.start.utcoffset())) for slot in programme.slots} == {(2026, "8:00:00")}
    assert {talk.start for talk in programme.talks} | {talk.end for talk in programme.talks} == {None}


def test_a_line_that_is_no_room_is_a_note_and_a_track_is_no_part_of_a_title(programme):
    notes = [(slot.title, slot.note.zh, slot.track.zh) for slot in programme.slots if slot.note or slot.track]

    assert notes == [("午餐", "见餐券", ""), ("少年数学家 (I)", "", "学生分会"), ("午餐", "见餐券", "")]


def test_rooms_come_in_order_of_appearance_in_their_first_spelling(programme):
    assert programme.rooms == (
        Room(name="格物楼 大衍厅"),
        Room(name="格物楼 5 号", printed="格物楼 5 号会议室", number=5),
        Room(name="格物楼 11 号", printed="格物楼 11 号会议室", number=11),
        Room(name="格物楼 1 号", printed="格物楼 1 号会议室", number=1),
    )


def test_the_guide_says_which_conference_it_is(programme):
    conference = programme.conference
    windows = [f"{window.start:%Y-%m-%d %H:%M}-{window.end:%H:%M}" for window in conference.check_in]

    assert (conference.key, conference.name, conference.timezone, conference.venue) == (
        "HMATH2026",
        Text(zh="古今数学家大会"),
        "Asia/Shanghai",
        Text(zh="稷下学宫·格物楼"),
    )
    assert (conference.address, conference.website) == (
        Text(zh="临淄市稷门大街 3 号"),
        "https://hmath.example/2026/index.html",
    )
    assert windows == ["2026-05-15 15:00-18:00", "2026-05-16 07:30-17:00", "2026-05-17 07:30-17:00"]
    assert conference.contacts == (
        Contact(name="李淳风", email="chunfeng@hmath.example"),
        Contact(name="杨辉", email="yanghui@hmath.example"),
        Contact(name="王贞仪", email="zhenyi@student.hmath.example", note=Text(zh="学生分会联系人")),
    )


def test_committees_have_their_members_and_lists_of_the_plan_are_no_committees(programme):
    conference = programme.conference

    assert (conference.organisers, conference.co_organisers) == (("稷下算学馆", "哥廷根数学研究所"), ("湖州数书院",))
    assert conference.committees == (
        Committee(name=Text(zh="大会主席"), members=(Member(person="刘徽", note="院士"),)),
        Committee(
            name=Text(zh="会议学术委员会"),
            members=(
                Member(person="Leonhard Euler", note="教授"),
                Member(person="秦九韶", note="研究员"),
                Member(person="商高"),
            ),
        ),
        Committee(name=Text(zh="组织委员会主席"), members=(Member(person="李淳风"),)),
        Committee(name=Text(zh="组织委员会成员"), members=(Member(person="杨辉"),)),
    )


def test_everybody_is_one_person_with_the_affiliation_of_their_talk(programme):
    assert [(person.key, person.affiliation) for person in programme.people] == [
        ("李淳风", "太史局"),
        ("祖冲之", "钱塘算社"),
        ("刘徽", "稷下算学馆"),
        ("Emmy Noether", "Universität Göttingen"),
        ("赵爽", "稷下算学馆"),
        ("张衡", "太史局"),
        ("阿耶波多", "Kusumapura School (Pataliputra)"),
        ("杨辉", "钱塘算社"),
        ("孙子", "稷下算学馆"),
        ("秦九韶", "湖州数书院"),
        ("Carl Friedrich Gauss", "Universität Göttingen"),
        ("Johann Bernoulli (Universität Basel)", "Universität Basel"),
        ("Sofia Kovalevskaya", "Stockholms högskola"),
        ("Leonhard Euler", "Imperial Academy (St Petersburg)"),
        ("郭守敬", "太史院（大都）"),
        ("Johann Bernoulli (Königliche Sternwarte (Berlin))", "Königliche Sternwarte (Berlin)"),
        ("一行", "太史院（大都）"),
        ("沈括", "梦溪园"),
        ("Hypatia", "Mouseion (Alexandria)"),
        ("朱世杰", "燕山学社（大都）"),
        ("李冶", "封龙书院"),
        ("Évariste Galois", "École préparatoire"),
        ("王贞仪", "金陵女塾"),
        ("Sophie Germain", "École polytechnique"),
        ("商高", "稷下（西周）算学馆"),
    ]


def test_each_institution_is_there_once_and_a_latin_name_is_its_english_one(programme):
    names = [(one.name, one.english) for one in programme.institutions]

    assert names == [
        ("太史局", ""),
        ("钱塘算社", ""),
        ("稷下算学馆", ""),
        ("Universität Göttingen", "Universität Göttingen"),
        ("Kusumapura School (Pataliputra)", "Kusumapura School (Pataliputra)"),
        ("湖州数书院", ""),
        ("Universität Basel", "Universität Basel"),
        ("Stockholms högskola", "Stockholms högskola"),
        ("Imperial Academy (St Petersburg)", "Imperial Academy (St Petersburg)"),
        ("太史院（大都）", ""),
        ("Königliche Sternwarte (Berlin)", "Königliche Sternwarte (Berlin)"),
        ("梦溪园", ""),
        ("Mouseion (Alexandria)", "Mouseion (Alexandria)"),
        ("燕山学社（大都）", ""),
        ("封龙书院", ""),
        ("École préparatoire", "École préparatoire"),
        ("金陵女塾", ""),
        ("École polytechnique", "École polytechnique"),
        ("稷下（西周）算学馆", ""),
        ("哥廷根数学研究所", ""),
    ]


def test_abstracts_are_whole_and_placeholders_and_copies_are_none(programme):
    abstracts = {talk.code: talk.abstract for talk in programme.talks}

    assert [code for code, abstract in abstracts.items() if not abstract] == ["A2-1", "A3-3", "B1-1", "C1-2"]
    assert {code: abstracts[code] for code in ("A1-1", "A1-2", "A1-3", "A2-3", "A3-1", "A3-2", "B2-3", "E1-1")} == {
        "A1-1": "三百五十五除以一百一十三给出圆周率的七位小数。"
        "本报告讲这个分数是怎样找到的，又为什么在它之前的分数都要差得多。",
        "A1-2": "The square root of ten is close to pi, and it is easy to remember. "
        "We ask how far one can build with it.",
        "A1-3": "用差分造正弦表只需要加减法。本报告给出步骤，并说明误差怎样累积。",
        "A2-3": "Two numbers are congruent when a third divides their difference. "
        "A small sign for this makes long arguments short (see https://hmath.example/notes).\n\n"
        "More examples are collected in two places:\n"
        "[1] a notebook, kept since 1796;\n"
        "[2] the margin of that notebook.",
        "A3-1": "Can one cross seven bridges once each and come home? "
        "Counting the bridges at each bank settles it, and the same count works for every town.",
        "A3-2": "A rigid body with one fixed point moves by equations that can be solved in three cases. "
        "The third needs functions of $n + 1$ variables, as in $\\text{eqref{top}}$, "
        "and the code is at https://hmath.example/top.",
        "B2-3": "Cut a cone with a plane and look at the edge. "
        "Everything about the curve can be read from the tilt of the plane.",
        "E1-1": "用一盏灯、一面镜子和一张圆桌就能演示月食。\n\n圆桌是地，镜子是月，灯是日。",
    }


def test_invited_speakers_have_biographies(programme):
    biographies = {person.key: person.biography for person in programme.people if person.biography}

    assert biographies == {
        "刘徽": "刘徽, 为《九章算术》作注, 主要工作是割圆术与体积公式的证明。",
        "Emmy Noether": "Emmy Noether works on invariants and on abstract algebra. "
        "She likes to think aloud while walking.",
    }


def test_everything_doubtful_is_a_finding_with_its_line(reading):
    assert [(one.line, one.level, one.code, one.params) for one in reading.findings] == FINDINGS


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ("时间\t活动内容\t主持人\t地点", "时间\t活动内容", "day-plan"),
        ("报告摘要", "报告", "abstracts"),
        ("（HMATH2026）", "", "name"),
        ("2026 年 5 月", "5 月", "dates"),
    ],
)
def test_a_file_that_is_no_booklet_is_a_problem_that_names_what_is_missing(old, new, missing):
    with pytest.raises(Problem) as problem:
        booklet.read(BOOKLET.replace(old, new))

    assert (problem.value.key, problem.value.params) == ("booklet.not-a-booklet", {"missing": missing})


def test_an_empty_file_has_no_day_plan():
    with pytest.raises(Problem) as problem:
        booklet.read("")

    assert (problem.value.key, problem.value.params) == ("booklet.not-a-booklet", {"missing": "day-plan"})
