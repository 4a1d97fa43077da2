"""How long a newcomer waits: from `make demo` to the first answer in the page, everything installed.

.venv/bin/python tests/bench/demo.py [ROUNDS]
"""

import asyncio
import statistics
import sys
import time
from asyncio.subprocess import PIPE
from pathlib import Path

from playwright.async_api import Browser, async_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
HAS_BROWSER = CHROMIUM.exists()


async def once(browser: Browser, port: int) -> dict[str, float]:
    """Seconds from the start until the address is printed, the page is drawn and the bot has answered Start."""
    page = await browser.new_page()  # a newcomer's browser is open already
    began = time.perf_counter()
    marks: dict[str, float] = {}

    def mark(name: str) -> None:
        marks[name] = time.perf_counter() - began

    process = await asyncio.create_subprocess_exec(
        "make", "--silent", "demo", f"DEMO=--no-open --port {port}", cwd=ROOT, stdout=PIPE, start_new_session=True
    )
    assert process.stdout is not None
    try:
        words = (await process.stdout.readline()).decode().split()
        url = next(word for word in words if word.startswith("http"))
        mark("address")
        await page.goto(url)
        await page.locator(".start").first.click()
        mark("page")
        await page.locator(".message.in").first.wait_for()
        mark("answer")
        await page.close()
    finally:
        process.terminate()
        await process.communicate()
    return marks


async def main(rounds: int) -> None:
    if not HAS_BROWSER:
        sys.stdout.write(f"make demo: not measured, there is no browser at {CHROMIUM}\n")
        return
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        found = [await once(browser, 8400 + number) for number in range(rounds)]
        await browser.close()
    for name in found[0]:
        each = sorted(marks[name] for marks in found)
        sys.stdout.write(f"make demo → {name}: median {statistics.median(each):.2f} s, worst {each[-1]:.2f} s\n")


asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
