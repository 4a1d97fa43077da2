"""What an operator or an organiser copies from our pages is what the program takes."""

import re
from pathlib import Path

import pytest

from bot.config import Settings, shipped
from bot.formats import document

ROOT = Path(__file__).parent.parent
SETTING = re.compile(r"^#?(YICHENG_[A-Z_]+)=(.*)$", re.MULTILINE)
PROGRAMME = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
TABLE_ROW = re.compile(r"^\| `(YICHENG_[A-Z_]+)` \|", re.MULTILINE)

PAGES = ["README.md", "README.zh.md"]
FIELDS = {f"YICHENG_{name.upper()}": field for name, field in Settings.model_fields.items()}


def written(default: object) -> str:
    """A default as a line of the example has it; empty for what comes with the program, or is not there."""
    if isinstance(default, Path) and default.is_relative_to(shipped("data")):
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    return str(default) if isinstance(default, str | int | Path) else ""


def example() -> dict[str, str]:
    return dict(SETTING.findall((ROOT / "deploy" / "yicheng.env.example").read_text("utf-8")))


def test_the_example_has_every_setting_with_its_default() -> None:
    assert example() == {name: written(field.default) for name, field in FIELDS.items()}


def test_the_example_taken_as_it_is_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FIELDS:
        monkeypatch.delenv(name, raising=False)
    plain = Settings(_env_file=None)
    for name, value in example().items():
        monkeypatch.setenv(name, value)

    assert Settings(_env_file=None) == plain


@pytest.mark.parametrize("page", PAGES)
def test_the_programme_in_the_readme_is_read_without_a_doubt(page: str) -> None:
    readings = [document.read(text) for text in PROGRAMME.findall((ROOT / page).read_text("utf-8"))]
    assert [reading.findings for reading in readings] == [()]


@pytest.mark.parametrize("page", PAGES)
def test_the_readme_lists_every_setting(page: str) -> None:
    assert sorted(TABLE_ROW.findall((ROOT / page).read_text("utf-8"))) == sorted(FIELDS)
