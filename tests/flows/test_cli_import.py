"""`yicheng import`, `export` and `check`, as an organiser meets them."""

import json
import sqlite3
from collections import Counter
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from process import PROGRAM, environment, quickly, said, yicheng

TESTS = Path(__file__).parent.parent
CSML2025 = str(TESTS.parent / "data" / "csml2025" / "programme.yaml")
HISTORY = str(TESTS / "formats" / "booklet_of_history.txt")

SMALL = """\
format: yicheng/1
conference: {key: HIST2025, name: {en: Congress of the History of Mathematics}}
rooms: [{name: North}]
people: [{name: 刘徽}, {name: 祖冲之}]
slots:
  - {when: 2025-08-09 09:00-10:00, kind: session, code: A1, title: Circles, room: North, talks: [
      {code: A1-1, title: 割圆术, speakers: [刘徽]}, {code: A1-2, title: 圆周率, speakers: [祖冲之]}]}
"""


def talks(folder: Path) -> list[tuple[int, str, str, str]]:
    """The talks of the database: id, code, title and speaker."""
    conn = sqlite3.connect(folder / "yicheng.sqlite3")
    rows = conn.execute(
        """
        SELECT talks.id, code, title, people.name
          FROM talks
          JOIN talk_speakers ON talk_id = talks.id
          JOIN people ON people.id = person_id
         WHERE talks.retired = 0
         ORDER BY talks.position
        """
    ).fetchall()
    conn.close()
    return rows


def dump(folder: Path) -> str:
    conn = sqlite3.connect(folder / "yicheng.sqlite3")
    text = "\n".join(conn.iterdump())
    conn.close()
    return text


def small(folder: Path, text: str = SMALL) -> str:
    (folder / "small.yaml").write_text(text, "utf-8")
    return "small.yaml"


def test_the_real_booklet_is_imported_and_counted_and_every_doubt_is_listed(tmp_path, booklet):
    process = yicheng(tmp_path, "import", "--json", str(booklet))
    report = json.loads(process.stdout)
    findings = report.pop("findings")

    assert (process.returncode, process.stderr) == (0, "")
    assert report == {
        "conference": "CSML2025",
        "sessions": 40,
        "talks": 167,
        "speakers": 164,
        "rooms": 9,
        "slots": 51,
        "abstracts": {"usable": 156, "tbd": 8, "none": 1, "pasted": 2},
        "changed": True,
        "differences": [],
        "texts": None,
    }
    assert Counter(one["code"] for one in findings) == {
        "abstract-marked-tbd": 1,
        "abstract-none": 1,
        "abstract-pasted": 2,
        "abstract-repeats-title": 1,
        "abstract-tbd": 8,
        "chair-as-above": 2,
        "chair-cut": 2,
        "code-offset": 4,
        "gap-without-break": 1,
        "heading-glued": 4,
        "panel-differs": 1,
        "room-as-above": 4,
        "row-cut": 6,
        "same-title": 2,
        "session-title-differs": 1,
        "stray-characters": 16,
        "stray-characters-kept": 1,
        "title-differs": 3,
    }
    assert [one for one in findings if not one["line"] or not one["text"]] == []
    assert len(talks(tmp_path)) == 167


def test_the_real_booklet_lends_its_texts_and_is_compared_otherwise(tmp_path, booklet):
    quickly(tmp_path, "import", CSML2025)
    before = dump(tmp_path)

    compared = json.loads(yicheng(tmp_path, "import", "--json", str(booklet)).stdout)
    assert (compared["changed"], dump(tmp_path)) == (False, before)
    fields = {(one["kind"], one["field"]) for one in compared["differences"]}
    assert {field for _, field in fields} & {"missing", "added", "time", "room", "speakers"} == set()

    code, lines, _ = said(yicheng(tmp_path, "import", "--texts", str(booklet)))
    assert (code, lines[-1]) == (0, "Took 156 abstracts and 4 biographies, cleared 0; everything else is as it was.")
    assert "摘要" in yicheng(tmp_path, "ask", "/talk A1-2", "--lang", "zh").stdout


def test_a_booklet_of_another_conference_brings_nothing_of_the_one_that_comes_with_the_program(tmp_path):
    process = yicheng(tmp_path, "import", HISTORY)
    answer = yicheng(tmp_path, "ask", "/start", "--lang", "zh")

    assert (process.returncode, process.stderr) == (0, "")
    assert "HMATH2026" in answer.stdout
    assert [word for word in ("CSML", "友谊宫", "董彬") if word in dump(tmp_path) + answer.stdout] == []


def test_another_conference_is_refused_in_one_sentence_that_names_both(tmp_path):
    quickly(tmp_path, "import", small(tmp_path))
    before = dump(tmp_path)

    assert said(yicheng(tmp_path, "import", CSML2025)) == (
        1,
        [],
        [
            (
                "The database holds HIST2025, the file is CSML2025. "
                "One database holds one conference: set YICHENG_DATABASE to another file."
            )
        ],
    )
    assert dump(tmp_path) == before


def test_what_was_imported_comes_out_and_goes_in_again_without_a_change(tmp_path):
    quickly(tmp_path, "import", CSML2025)
    before = dump(tmp_path)

    on_screen = yicheng(tmp_path, "export")
    to_file = yicheng(tmp_path, "export", "out.yaml")
    again = json.loads(yicheng(tmp_path, "import", "--json", "out.yaml").stdout)
    piped = json.loads(yicheng(tmp_path, "import", "--json", "/dev/stdin", typed=on_screen.stdout).stdout)

    assert said(to_file) == (0, ["Written to out.yaml."], [])
    assert (tmp_path / "out.yaml").read_text("utf-8") == on_screen.stdout
    assert (again["changed"], piped["changed"], dump(tmp_path)) == (False, False, before)


def test_talks_that_trade_places_in_the_file_keep_their_ids_with_their_speakers(tmp_path):
    quickly(tmp_path, "import", small(tmp_path))
    traded = SMALL.replace(
        "{code: A1-1, title: 割圆术, speakers: [刘徽]}, {code: A1-2, title: 圆周率, speakers: [祖冲之]}",
        "{code: A1-1, title: 圆周率, speakers: [祖冲之]}, {code: A1-2, title: 割圆术, speakers: [刘徽]}",
    )

    tried = quickly(tmp_path, "import", "--dry-run", small(tmp_path, traded))
    process = yicheng(tmp_path, "import", small(tmp_path, traded))

    listed = [
        "HIST2025: 1 slot, 1 session, 2 talks, 2 speakers, 1 room",
        "A1-1 圆周率",
        "  Code: A1-2 → A1-1",
        "A1-2 割圆术",
        "  Code: A1-1 → A1-2",
        "A1 Circles",
        "  The talks are in another order",
    ]
    rehearsed = ["3 things would change; 0 people would be told.", "This was a rehearsal: nothing was written."]
    done = ["3 things changed; 0 people will be told.", "The programme is updated."]
    assert (tried, said(process)) == ((0, [*listed, *rehearsed], []), (0, [*listed, *done], []))
    assert talks(tmp_path) == [(2, "A1-1", "圆周率", "祖冲之"), (1, "A1-2", "割圆术", "刘徽")]


def test_a_dry_run_reports_and_leaves_no_database(tmp_path):
    code, lines, _ = quickly(tmp_path, "import", "--dry-run", small(tmp_path))

    assert (code, lines[-1]) == (0, "This was a rehearsal: nothing was written.")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small.yaml"]


FILES = {
    "notes.txt": b"To whom it may concern: this is a letter.\n",
    "empty.txt": b"\xef\xbb\xbf \r\n",
    "picture.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "utf16.txt": "会议日程".encode("utf-16"),
    "gb18030.txt": "会议日程".encode("gb18030"),
    "zeros.bin": bytes(1000),
    "other.yaml": b"conference: {key: X}\n",
    "wrong.yaml": SMALL.replace("code: A1,", "kode: A1,").encode(),
    "large.yaml": SMALL.replace("name: North", "name: North, number: 99999999999999999999").encode(),
    "clash.yaml": SMALL.replace("[刘徽]}", "[刘徽, 郦道元]}").encode(),
}


@pytest.mark.parametrize(
    ("file", "complaint"),
    [
        (
            "notes.txt",
            (
                "notes.txt is not a conference booklet: a day plan "
                "(a table with tabs and the header 时间 活动内容 主持人 地点) was not found. Nothing was written."
            ),
        ),
        ("empty.txt", "empty.txt is empty."),
        ("picture.png", "picture.png is not UTF-8 text. Save it as UTF-8 text or YAML and import that."),
        ("utf16.txt", "utf16.txt is not UTF-8 text. Save it as UTF-8 text or YAML and import that."),
        ("gb18030.txt", "gb18030.txt is not UTF-8 text. Save it as UTF-8 text or YAML and import that."),
        ("zeros.bin", "zeros.bin is not UTF-8 text. Save it as UTF-8 text or YAML and import that."),
        ("/dev/zero", "/dev/zero is larger than 32 MiB, too large for a programme file or a booklet."),
        (".", ". is a folder. Name the programme file (YAML) or booklet (text) in it."),
        ("nowhere.yaml", "There is no file nowhere.yaml. Please check the path."),
        ("other.yaml", "other.yaml is not a programme file: it has no line “format: yicheng/1”."),
        (
            "wrong.yaml",
            (
                "wrong.yaml:6: There is no field “kode”. Did you mean “code”?\n"
                "wrong.yaml: 1 thing to correct, listed above. Nothing was imported."
            ),
        ),
        (
            "large.yaml",
            (
                "large.yaml:3: “number” must be a whole number, 0 or more, not “99999999999999999999”.\n"
                "large.yaml: 1 thing to correct, listed above. Nothing was imported."
            ),
        ),
        (
            "clash.yaml",
            (
                "clash.yaml:7: error: There is no 郦道元 among the people.\n"
                "clash.yaml has 1 error and was not loaded. Mend what is listed above and try again."
            ),
        ),
    ],
)
def test_a_file_that_is_no_programme_is_refused_with_a_sentence_and_no_database(tmp_path, file, complaint):
    if file in FILES:
        (tmp_path / file).write_bytes(FILES[file])

    assert quickly(tmp_path, "import", file) == (1, [], complaint.splitlines())
    assert sorted(path.name for path in tmp_path.iterdir()) == [file] * (file in FILES)


def test_a_file_that_is_no_booklet_ends_the_program_with_one_sentence(tmp_path):
    (tmp_path / "notes.txt").write_bytes(FILES["notes.txt"])

    assert said(yicheng(tmp_path, "import", "notes.txt", LC_ALL="zh_CN.UTF-8")) == (
        1,
        [],
        [
            (
                "notes.txt 不是会议手册：没有找到日程表（表头为“时间 活动内容 主持人 地点”，以制表符分隔）。"
                "没有写入任何内容。"
            )
        ],
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt"]


def test_an_export_that_cannot_be_written_says_so(tmp_path):
    assert quickly(tmp_path, "export", "nowhere/out.yaml") == (
        1,
        [],
        ["Can't write nowhere/out.yaml: No such file or directory. Choose another place."],
    )


def test_a_reader_that_has_enough_of_an_export_is_no_error(tmp_path):
    with Popen(  # noqa: S603 - our own program
        [PROGRAM, "export"], cwd=tmp_path, env=environment(tmp_path), stdout=PIPE, stderr=PIPE
    ) as process:
        process.stdout.close()
        complaint = process.stderr.read()

    assert (process.returncode, complaint) == (0, b"")


def test_check_lists_what_is_doubtful_in_the_database_or_a_file_and_fails_on_errors(tmp_path):
    of_database = yicheng(tmp_path, "check")
    of_file = json.loads("".join(quickly(tmp_path, "check", "--json", CSML2025)[1]))
    clean = quickly(tmp_path, "check", small(tmp_path))
    clash = quickly(tmp_path, "check", small(tmp_path, FILES["clash.yaml"].decode()))

    assert said(of_database) == (
        0,
        [
            (
                "CSML2025: please check: E4-4 has the same title as B8-4: "
                "“Subspace Optimization for Large Language Models with Convergence Guarantees”."
            ),
            (
                "CSML2025: please check: E7-4 has the same title as C8-4: "
                "“基于混合机器学习架构的复杂流场长期高保真预测方法研究”."
            ),
            "CSML2025: please check: Nothing is planned on 2025-08-10 15:30–16:00, not even a break.",
        ],
        [],
    )
    assert sorted(one["code"] for one in of_file) == ["gap-without-break", "same-title", "same-title"]
    assert clean == (0, ["small.yaml: nothing to report."], [])
    assert clash == (1, ["small.yaml:7: error: There is no 郦道元 among the people."], [])
