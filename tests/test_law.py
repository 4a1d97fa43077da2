"""The law of the house: a package imports only what stands below it, and a technology only where it lives."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BOT = ROOT / "bot"

BELOW_SERVICES = {"domain", "search", "formats", "store", "replies"}
MAY_IMPORT = {
    "domain": set(),
    "search": {"domain"},
    "formats": {"domain"},
    "store": {"domain"},
    "replies": {"domain"},
    "services": BELOW_SERVICES,
    "commands": BELOW_SERVICES - {"formats"} | {"services"},
    "channels": BELOW_SERVICES - {"formats"} | {"services", "commands"},
    "sandbox": {"clock", "config"},
    "clock": {"domain"},
    "following": {"clock", "domain"},
    "config": {"domain"},
}
LIVES_IN = {"telegram": "channels", "aiosqlite": "store", "sqlite3": "store", "apscheduler": "jobs", "rich": "channels"}
WIRING = {"app", "cli", "shell", "jobs"}


def package(file: Path) -> str:
    return file.relative_to(BOT).parts[0].removesuffix(".py")


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "bot" else [node.module]
            yield from names


FILES = sorted(BOT.rglob("*.py"))


@pytest.mark.parametrize("name", sorted(MAY_IMPORT))
def test_a_package_imports_only_what_stands_below_it(name: str) -> None:
    reached = {
        (str(file.relative_to(BOT)), module)
        for file in FILES
        if package(file) == name
        for module in imports(file)
        if module.startswith("bot.") and module.split(".")[1] not in MAY_IMPORT[name] | {name}
    }
    assert reached == set()


def test_a_command_reads_and_writes_nothing_itself() -> None:
    """It is given the database to hand it on to a service."""
    strays = {
        (str(file.relative_to(BOT)), node.attr)
        for file in FILES
        if package(file) == "commands"
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"reader", "snapshot", "transaction"}
    }
    strays |= {
        (str(file.relative_to(BOT)), module)
        for file in FILES
        if package(file) == "commands"
        for module in imports(file)
        if module.startswith("bot.store") and module != "bot.store.database"
    }
    assert strays == set()


def test_a_technology_is_imported_only_where_it_lives() -> None:
    strays = {
        (str(file.relative_to(BOT)), module)
        for file in FILES
        if package(file) not in WIRING
        for module in imports(file)
        if (home := LIVES_IN.get(module.split(".")[0])) is not None and package(file) != home
    }
    assert strays == set()


def test_the_wall_clock_is_read_in_one_place() -> None:
    readers = {
        str(file.relative_to(BOT))
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and (
            (
                node.attr in {"now", "utcnow", "today"}
                and ast.unparse(node.value) in {"datetime", "date", "datetime.datetime"}
            )
            or (node.attr == "time" and ast.unparse(node.value) == "time")
        )
    }
    assert readers == {"clock.py"}


def test_migrations_are_numbered_without_a_gap() -> None:
    """Of two with one number only one would be applied."""
    found = sorted(int(file.name[:4]) for file in (ROOT / "migrations").glob("*.sql"))
    assert found == list(range(1, len(found) + 1))


def test_every_file_of_tests_has_a_name_of_its_own() -> None:
    """Pytest imports them by their names alone."""
    names = sorted(file.name for file in (ROOT / "tests").rglob("test_*.py"))
    assert names == sorted(set(names))
