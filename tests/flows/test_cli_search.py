"""`yicheng search`, as a program of its own."""

import json
import subprocess
from pathlib import Path

from process import PROGRAM, environment


def search(folder: Path, *arguments: str, lines: str = "") -> str:
    done = subprocess.run(  # noqa: S603 - our own program
        [PROGRAM, "search", *arguments],
        cwd=folder,
        env=environment(folder),
        input=lines,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def test_hits_are_a_list_with_their_reasons_best_first(tmp_path: Path) -> None:
    assert json.loads(search(tmp_path, "董彬", "--json", "--limit", "2")) == [
        {"kind": "person", "name": "董彬", "talks": ["INV-1"], "score": 100.0, "confident": True, "why": "name"},
        {
            "kind": "talk",
            "code": "INV-1",
            "name": "AI for Mathematics: 数学的数字化与智能化",
            "score": 80.0,
            "confident": True,
            "why": "speaker",
        },
    ]


def test_a_query_a_line_is_answered_by_a_line_each(tmp_path: Path) -> None:
    asked = "a1-2\n下午7号会议室有什么\nasdfghjkl\n\n茶歇\n"
    answers = [json.loads(line) for line in search(tmp_path, "--stdin", "--json", lines=asked).splitlines()]
    assert [[hit["kind"], hit.get("code", hit["name"])] for hit in (hits[0] for hits in answers if hits)] == [
        ["talk", "A1-2"],
        ["session", "A8"],
        ["item", "茶歇"],
    ]
    assert [len(hits) > 0 for hits in answers] == [True, True, False, False, True]


def test_at_another_time_the_same_words_mean_another_session(tmp_path: Path) -> None:
    found = json.loads(search(tmp_path, "今天下午7号会议室", "--json", "--limit", "1", "--at", "2025-08-10T09:00"))
    assert [hit["code"] for hit in found] == ["D5"]


def test_the_first_and_the_last_are_found_alone(tmp_path: Path) -> None:
    asked = ("--stdin", "--json", "--at", "2025-08-09T13:20")
    answers = search(tmp_path, *asked, lines="first talk tomorrow\nA3最后一个报告\n").splitlines()
    assert [[hit["code"] for hit in json.loads(line)] for line in answers] == [["INV-3"], ["A3-4"]]


def test_without_json_the_hits_are_a_list_to_read(tmp_path: Path) -> None:
    assert search(tmp_path, "张林锋", "--lang", "zh", "--limit", "1").splitlines() == [
        "“张林锋”",
        "",
        "张林峰（上海交通大学）",
        "读音相近",
    ]
    assert search(tmp_path, "zzzz", "--lang", "en") == "Nothing matches “zzzz”.\n"
