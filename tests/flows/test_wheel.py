"""The wheel holds all that the program needs: installed anywhere, it answers in an empty folder."""

import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from subprocess import run

import pytest
from process import environment

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dist = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(dist)]
    run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own build
    (built,) = dist.iterdir()
    return built


def test_the_wheel_holds_the_data_the_migrations_and_no_words_of_the_authors(wheel):
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if not name.endswith("/")}
        programme = packed.read("bot/_share/data/csml2025/programme.yaml").decode()

    shipped = {f"bot/_share/{file.relative_to(ROOT)}" for top in ("data", "migrations") for file in files(ROOT / top)}
    modules = {str(file.relative_to(ROOT)) for file in files(ROOT / "bot")}
    assert {name for name in names if not name.startswith("yicheng-")} == shipped | modules
    assert [word for word in ("abstract:", "biography:") if word in programme] == []


def files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts]


def test_installed_anywhere_it_answers_in_an_empty_folder(wheel, tmp_path):
    place, empty = tmp_path / "venv", tmp_path / "empty"
    empty.mkdir()
    venv.create(place)
    python = place / "bin" / "python"
    uv = Path(sys.executable).with_name("uv")
    install = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--no-index", "--python", python, wheel]
    run(install, check=True)  # noqa: S603 - our own wheel
    # What it depends on is borrowed from here, behind its own, so that no package has to be fetched.
    (site,) = place.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    plain = {name: value for name, value in environment(empty).items() if not name.startswith("YICHENG_")}
    ask = [place / "bin" / "yicheng", "ask", "/next", "--at", "2025-08-09T13:20", "--lang", "en"]
    find = [python, "-c", "import bot; print(bot.__file__)"]

    asked = run(ask, cwd=empty, env=plain, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    where = run(find, cwd=empty, env=plain, check=True, capture_output=True, text=True)  # noqa: S603 - ours

    assert (asked.returncode, asked.stderr) == (0, "")
    assert "A8 Training of Large Models" in asked.stdout
    assert Path(where.stdout.strip()).is_relative_to(place)
    assert sorted(path.name for path in empty.iterdir()) == ["yicheng.sqlite3"]
