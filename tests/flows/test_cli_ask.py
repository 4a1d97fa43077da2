"""`yicheng ask` and `yicheng chat`: questions in the terminal."""

import json
import os
import pty
import shlex
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import Popen

import pytest
from process import PROGRAM, environment, quickly, said, yicheng

ROOM_7 = {
    "zh": [
        "友谊宫 7 号",
        "",
        "现在没有安排。",
        "",
        "接下来　13:30–15:30 A8 大模型训练",
        "主持：许志钦",
        "≈13:30–14:00 赵鑫：大模型复杂推理技术",
    ],
    "en": [
        "Friendship Palace Room 7 友谊宫 7 号",
        "",
        "Nothing is on here right now.",
        "",
        "Next  13:30–15:30 A8 Training of Large Models 大模型训练",
        "Chair: Zhiqin Xu 许志钦",
        "≈13:30–14:00 Xin Zhao 赵鑫: Techniques for Complex Reasoning in Large Language Models",
    ],
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_room_seven_at_twenty_past_one_is_what_the_plan_says(tmp_path, lang):
    code, lines, complaints = said(
        yicheng(tmp_path, "ask", "/room 友谊宫 7号", "--at", "2025-08-09T13:20", "--lang", lang)
    )
    assert (code, lines[:7], complaints) == (0, ROOM_7[lang], [])


def test_the_answer_as_json_has_the_same_words_and_the_buttons(tmp_path):
    code, lines, _ = quickly(tmp_path, "ask", "/room 友谊宫 7号", "--at", "2025-08-09T13:20", "--json")
    answer = json.loads("\n".join(lines))

    assert (code, sorted(answer), answer["lang"]) == (0, ["buttons", "lang", "text"], "zh")
    assert answer["text"].splitlines()[:7] == ROOM_7["zh"]
    labels = [[button["label"] for button in row] for row in answer["buttons"]]
    assert labels == [["A8 7号", "B4 7号"], ["☆ A8", "☆ B4"], ["全部会场", "当天日程"]]
    first = answer["buttons"][0][0]["ask"]
    assert quickly(tmp_path, "ask", first, "--lang", "zh")[1][0] == "A8 大模型训练"


@pytest.mark.parametrize(
    ("arguments", "locale", "lang"),
    [
        (["/room 7"], "C.UTF-8", "en"),
        (["/room 7"], "zh_CN.UTF-8", "zh"),
        (["会场 7号"], "en_GB.UTF-8", "zh"),
        (["会场 7号", "--lang", "English"], "zh_CN.UTF-8", "en"),
        (["/room 7", "--lang", "中文"], "C.UTF-8", "zh"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_questions_else_the_terminals(tmp_path, arguments, locale, lang):
    code, lines, _ = quickly(tmp_path, "ask", *arguments, LC_ALL=locale)
    assert (code, lines[0]) == (0, ROOM_7[lang][0])


def test_the_clock_of_the_settings_is_now_and_at_overrules_it(tmp_path):
    by_clock = quickly(tmp_path, "ask", "/room 7", YICHENG_CLOCK="2025-08-09T13:40")
    by_option = quickly(tmp_path, "ask", "/room 7", "--at", "2025-08-09T13:40", YICHENG_CLOCK="2025-08-10T09:00")
    with_offset = quickly(tmp_path, "ask", "/room 7", "--at", "2025-08-09T05:40Z")

    assert by_clock[1][2] == "Now  13:30–15:30 A8 Training of Large Models 大模型训练"
    assert by_clock == by_option == with_offset


def test_two_who_ask_at_once_in_an_empty_folder_are_both_answered(tmp_path):
    with ThreadPoolExecutor() as pool:
        both = list(pool.map(lambda _: said(yicheng(tmp_path, "ask", "/room 7")), range(2)))

    assert [(code, lines[0], complaints) for code, lines, complaints in both] == [(0, ROOM_7["en"][0], [])] * 2


NO_TIME = (
    "is not a time. Write 2025-08-09T13:20, with @60 behind it to run sixty times as fast, or"
    " a sandbox's address such as http://127.0.0.1:8081."
)


@pytest.mark.parametrize(
    ("arguments", "more", "complaint"),
    [
        ("ask /next --at noon", {}, "--at: “noon” is not a time. Write 2025-08-09T13:20."),
        ("ask /next --at 0001-01-01", {}, "--at: “0001-01-01” is not a time. Write 2025-08-09T13:20."),
        ("ask /next --lang fr", {}, "There is no language “fr” here; choose from zh, en."),
        ("ask /next", {"CLOCK": "noon"}, f"YICHENG_CLOCK: “noon” {NO_TIME}"),
        ("ask /next", {"CLOCK": "2025-08-09T13:20@fast"}, f"YICHENG_CLOCK: “2025-08-09T13:20@fast” {NO_TIME}"),
        ("chat", {"PROGRAMME": "no.yaml"}, "YICHENG_PROGRAMME names the file no.yaml, which does not exist."),
        ("ask /next", {"GLOSSARY": "no.yaml"}, "YICHENG_GLOSSARY names the file no.yaml, which does not exist."),
        (
            "export",
            {"DATABASE": "nowhere/db"},
            (
                "Can't open the database nowhere/db: unable to open database file. "
                "Check the path in YICHENG_DATABASE and its permissions."
            ),
        ),
        ("run", {"OWNERS": "1, ann"}, "YICHENG_OWNERS: “ann” is not a whole number."),
        (
            "run",
            {"LOG_LEVEL": "loud"},
            "YICHENG_LOG_LEVEL can't be “loud”; use one of: debug, info, warning, error.",
        ),
    ],
)
def test_what_is_set_wrongly_is_named_in_one_sentence(tmp_path, arguments, more, complaint):
    wrong = {f"YICHENG_{name}": value for name, value in more.items()}
    assert quickly(tmp_path, *arguments.split(), **wrong) == (1, [], [complaint])


def test_a_wrong_setting_ends_the_program_with_its_sentence_in_the_readers_language(tmp_path):
    assert said(yicheng(tmp_path, "chat", YICHENG_CLOCK="中午", LC_ALL="zh_CN.UTF-8")) == (
        1,
        [],
        [
            "YICHENG_CLOCK 的值“中午”不是时间。请写成 2025-08-09T13:20，需要加速时在后面加 @60；也可以写沙盒的地址，如 http://127.0.0.1:8081。"
        ],
    )


def test_settings_may_stand_in_a_file_and_the_environment_overrules_it(tmp_path):
    (tmp_path / ".env").write_text("YICHENG_LOG_LEVEL=loud\nYICHENG_PROGRAMME=nowhere.yaml\n", "utf-8")

    assert quickly(tmp_path, "ask", "/next", YICHENG_LOG_LEVEL="info") == (
        1,
        [],
        ["YICHENG_PROGRAMME names the file nowhere.yaml, which does not exist."],
    )


def test_a_database_of_a_newer_program_is_refused_in_one_sentence(tmp_path):
    quickly(tmp_path, "ask", "/next")
    with sqlite3.connect(tmp_path / "yicheng.sqlite3") as conn:
        conn.execute("INSERT INTO migrations VALUES (9999, '9999_future', '2030-01-01T00:00:00.000Z')")
        (known,) = conn.execute("SELECT max(number) FROM migrations WHERE number < 9999").fetchone()
    conn.close()

    at = f"The database {tmp_path / 'yicheng.sqlite3'} is at version 9999"
    complaint = f"{at}; this program knows versions up to {known}. Please upgrade the program."
    assert quickly(tmp_path, "ask", "/next") == (1, [], [complaint])


def test_a_conversation_piped_in_remembers_its_language_and_presses_buttons_by_number(tmp_path):
    code, lines, complaints = said(yicheng(tmp_path, "chat", typed="/lang zh\n\n会场 7号\n1\n99\n"))
    again = said(yicheng(tmp_path, "chat", typed="/room 7\n"))[1]

    assert (code, complaints) == (0, [])
    answers = {line: lines[at + 2] for at, line in enumerate(lines) if line.startswith("> ")}
    assert answers == {
        "> /lang zh": "好的，以后用中文回答。",
        "> 会场 7号": "友谊宫 7 号",
        "> 1": "A8 大模型训练",
        "> 99": "没有找到与“99”有关的内容。",
    }
    assert ROOM_7["zh"][0] in again


def test_a_conversation_without_input_shows_a_short_one_and_ends(tmp_path):
    code, lines, complaints = said(yicheng(tmp_path, "chat"))

    assert (code, complaints) == (0, [])
    assert [line for line in lines if line.startswith("> ")] == [
        "> /now", "> /next", "> room 7", "> diffusion models", "> /help"
    ]  # fmt: skip


def test_a_conversation_at_a_terminal_ends_with_the_input(tmp_path):
    ours, theirs = pty.openpty()
    os.write(ours, b"/room 7\n1\n\x04")
    with Popen(  # noqa: S603 - our own program
        [PROGRAM, "chat"], cwd=tmp_path, env=environment(tmp_path, TERM="dumb"), stdin=theirs, stdout=theirs
    ) as process:
        os.close(theirs)
        shown = everything(ours)

    answers = [line for line in shown.splitlines() if line.startswith("> ")]
    assert (process.returncode, answers) == (0, [f"> {ROOM_7['en'][0]}", "> A8 Training of Large Models", "> "])


def everything(terminal: int) -> str:
    """All that is shown, until whoever shows it has gone."""
    shown = b""
    while True:
        try:
            shown += os.read(terminal, 65536)
        except OSError:  # how a terminal says that nobody is at its other end any more
            os.close(terminal)
            return shown.decode()


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_what_the_readme_shows_is_what_the_program_says(tmp_path, name):
    readme = (Path(__file__).parents[2] / name).read_text("utf-8")
    console = readme.partition("```console\n")[2].partition("\n```")[0]
    shown = [one.strip().splitlines() for one in console.split("$ yicheng ")[1:]]
    answers = [
        quickly(tmp_path, *shlex.split(command), "--lang", "zh" if "zh" in name else "en") for command, *_ in shown
    ]

    assert len(shown) == 2
    for (_, *lines), (code, said_, complaints) in zip(shown, answers, strict=True):
        # A line of three dots stands for what is left out.
        before, _, after = "\n".join(lines).partition("\n…")
        said_all = "\n".join(said_).strip()
        assert (code, complaints, said_all[: len(before)]) == (0, [], before)
        assert said_all.endswith(after.strip())


def test_what_was_changed_in_the_chat_is_so_in_the_next_answer(tmp_path):
    process = yicheng(tmp_path, "chat", "--lang", "en", typed="/move A3 hall\n1\nA3\n")
    after = process.stdout.rpartition("> A3\n")[2]

    assert "📍 Friendship Palace Juying Hall 友谊宫 聚英厅" in after.splitlines()


def test_the_terminal_promises_no_reminder(tmp_path):
    process = yicheng(tmp_path, "chat", "--lang", "en", typed="A3-2\n1\n", YICHENG_CLOCK="2025-08-09T08:00")

    assert process.stdout.splitlines()[-1] == "⭐ A3-2 is starred (≈14:00, Friendship Palace Room 1)."
