"""Small worlds for tests: the real CSML2025 programme, laid out once."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from ready_programme import Ready

from bot import app as wiring
from bot.app import App
from bot.config import Settings
from bot.domain.programme import Programme
from bot.formats import document

ROOT = Path(__file__).parent.parent
START = datetime(2025, 8, 9, 5, 20, tzinfo=UTC)

# How fast examples are made says how busy the machine is, and nothing about the program.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def csml2025() -> Programme:
    """The programme that comes with the project."""
    return document.read((ROOT / "data" / "csml2025" / "programme.yaml").read_text("utf-8")).programme


@pytest.fixture(scope="session")
def booklet() -> Path:
    """The real booklet, which is not ours to give away: its path comes from the environment."""
    path = os.environ.get("YICHENG_TEST_BOOKLET", "")
    if not path:
        pytest.skip("set YICHENG_TEST_BOOKLET to the path of the CSML2025 booklet to run this test")
    return Path(path)


@pytest.fixture
def options(tmp_path: Path) -> Settings:
    """Settings of a database of one's own, at twenty past one on the first day."""
    return Settings(
        _env_file=None,
        database=tmp_path / "yicheng.sqlite3",
        clock="2025-08-09T13:20@0",  # type: ignore[call-arg]
    )


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    """Imported and indexed by the program itself, once for all tests of a process."""
    database = tmp_path_factory.mktemp("ready") / "yicheng.sqlite3"

    async def made() -> Ready:
        async with wiring.app(Settings(_env_file=None, database=database)) as app:
            return Ready(database, app.edition, app.glossary)

    return asyncio.run(made())


@pytest.fixture
async def app(options: Settings, ready: Ready) -> AsyncIterator[App]:
    """Everything put together on the real programme in a database of one's own, the clock standing still."""
    shutil.copyfile(ready.database, options.database)
    async with (
        wiring.database(options) as db,
        wiring.around(db, ready.edition, ready.glossary, options) as opened,
    ):
        yield opened
