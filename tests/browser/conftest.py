"""A real browser, and `yicheng sandbox` as a real process. Everything in one event loop for each file of tests."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

PROGRAM = Path(sys.executable).with_name("yicheng")
CHROMIUM = Path(os.environ.get("YICHENG_TEST_CHROMIUM", "/usr/bin/chromium"))
HAS_BROWSER = CHROMIUM.exists()
expect.set_options(timeout=20_000)  # milliseconds: a machine with much to do takes its time
WIDE = {"width": 1280, "height": 860}


@dataclass(frozen=True)
class Demo:
    """A running `yicheng sandbox`, with the session to control it through."""

    url: str
    session: aiohttp.ClientSession

    async def act(self, verb: str, **params: Any) -> Any:
        async with self.session.post(f"{self.url}/sandbox/{verb}", json=params) as response:
            body = await response.json()
        assert response.status == 200, body
        return body

    async def person(self, name: str, language: str = "zh") -> int:
        """Somebody new, whom no other test knows."""
        user = await self.act("user", first_name=name, language_code=language)
        number: int = user["id"]
        return number


def plain_environment(folder: Path) -> dict[str, str]:
    """An environment with nothing of this machine's own settings in it."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("YICHENG_")}
    return plain | {"YICHENG_DATABASE": str(folder / "yicheng.sqlite3"), "LANG": "C.UTF-8"}


@asynccontextmanager
async def running_demo(folder: Path, *options: str) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """`yicheng sandbox` for the length of the block: its address and process."""
    process = await asyncio.create_subprocess_exec(
        PROGRAM,
        "sandbox",
        "--no-open",
        "--at",
        "2025-08-09T13:20",
        "--speed",
        "0",
        *options,
        cwd=folder,
        env=plain_environment(folder),
        stdout=PIPE,
    )
    assert process.stdout is not None
    try:
        line = ""
        async for raw in process.stdout:
            line = raw.decode()
            if line.startswith("Open "):
                break
        yield line.split()[1], process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    async with running_demo(folder, "--port", "8321") as (url, _), aiohttp.ClientSession() as session:
        yield Demo(url, session)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    if not HAS_BROWSER:
        pytest.skip(f"no browser at {CHROMIUM}: install Debian's chromium, or set YICHENG_TEST_CHROMIUM")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        await chromium.close()


Open = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser) -> AsyncIterator[Open]:
    """Open an address. In the end nothing may have gone wrong in any page, or been asked of any other place."""
    contexts, complaints = [], []

    async def opened(
        url: str, *, size: dict[str, int] | None = None, lang: str = "zh-CN", silent: bool = True, **more: Any
    ) -> Page:
        context = await browser.new_context(viewport=size or WIDE, locale=lang, **more)
        contexts.append(context)
        page = await context.new_page()
        if silent:
            page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        base = "/".join(url.split("/")[:3])
        page.on("request", lambda asked: None if asked.url.startswith(f"{base}/") else complaints.append(asked.url))
        await page.goto(url)
        await page.locator(".pane").first.wait_for()
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert complaints == []
