"""What the pages say is tested is tested: every test that they name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("docs/*.md"), *ROOT.glob("README*.md")))
TESTS = {
    path.relative_to(ROOT).as_posix(): set(
        re.findall(r"^ *(?:async )?def test_(\w+)", path.read_text("utf-8"), re.MULTILINE)
    )
    for path in ROOT.glob("tests/**/test_*.py")
}


@pytest.mark.parametrize("page", PAGES)
def test_a_file_of_tests_that_is_named_is_there(page: str) -> None:
    named = re.findall(r"\btests/[\w/]+\.py\b", (ROOT / page).read_text("utf-8"))

    assert [file for file in named if not (ROOT / file).is_file()] == []


def test_every_case_of_a_reminder_is_a_test_and_every_test_a_case() -> None:
    page = (ROOT / "docs/reminders.md").read_text("utf-8")
    named = set(re.findall(r"\| `([a-z]\w+)` \|$", page, re.MULTILINE))

    assert named - TESTS["tests/services/test_reminders.py"] - TESTS["tests/services/test_live.py"] == (
        named & TESTS["tests/services/test_release.py"]
    )
    assert TESTS["tests/services/test_reminders.py"] - named == set()
