import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.courtesy import bare
from bot.search.fold import compact, fold, numeral, tokens, with_digits
from bot.search.terms import stem


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("友誼宮　七號", "友谊宫 七号"),
        ("Ａ１－２", "a1 2"),
        ("Schrödinger", "schrodinger"),
        ("Łódź Ångström Straße", "lodz angstrom strasse"),
        ("Xi’an, Xi'an", "xian xian"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("《割圆术》：π≈3.14", "割圆术 π 3 14"),
        ("\ud800", ""),
    ],
)
def test_text_is_folded_into_one_form(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text(st.characters(codec=None)))
def test_any_text_folds_and_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert compact(text) == "".join(fold(text).split())


def test_tokens_are_runs_of_hanzi_and_words_with_their_figures() -> None:
    assert tokens(fold("LLM推理的4D流场, 第2版")) == ["llm", "推理的", "4d", "流场", "第", "2", "版"]


@pytest.mark.parametrize(
    ("run", "number"),
    [
        ("七", 7),
        ("十", 10),
        ("十七", 17),
        ("二十", 20),
        ("二十一", 21),
        ("廿一", 21),
        ("两百零五", 205),
        ("一百一十三", 113),
        ("二〇二五", 2025),
        ("一一", 11),
        ("零", 0),
        ("十十", None),
        ("百", None),
    ],
)
def test_chinese_numerals_are_read_as_numbers(run: str, number: int | None) -> None:
    assert numeral(run) == number


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("七号", "7号"),
        ("第三天", "第3天"),
        ("三点半", "3点半"),
        ("十七", "17"),
        ("友谊宫十一号", "友谊宫11号"),
        ("统一框架", "统一框架"),
        ("一致性", "一致性"),
    ],
)
def test_numerals_become_digits_only_where_a_number_is_meant(written: str, read: str) -> None:
    assert with_digits(written) == read


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("董彬老师的报告在哪", "董彬"),
        ("when does Bin Dong speak?", "bin dong"),
        ("any talks on diffusion models this afternoon", "diffusion models"),
        ("明天上午有强化学习吗", "强化学习"),
        ("有限元", "有限元"),
        ("在线学习", "在线学习"),
        ("报告", "报告"),
        ("What is in room 7 after lunch", "room 7"),
        ("找一下RAG的报告", "rag"),
        ("inference", "inference"),
    ],
)
def test_courtesy_is_taken_off_the_ends_and_nothing_else(question: str, asked: str) -> None:
    assert bare(fold(question)) == asked


def test_plurals_and_british_spellings_have_one_stem() -> None:
    words = ("networks", "network", "optimisation", "optimization", "LLMs", "theories", "bias", "gas", "4ds")
    assert [stem(word.casefold()) for word in words] == [
        "network",
        "network",
        "optimization",
        "optimization",
        "llm",
        "theory",
        "bia",
        "gas",
        "4ds",
    ]
