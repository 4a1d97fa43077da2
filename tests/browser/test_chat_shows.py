"""Everything Telegram can show, shown by the page: the sandbox in this process, the test in the bot's place."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot.clock import Clock
from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.state import User

pytestmark = pytest.mark.asyncio(loop_scope="module")

Call = Callable[..., Awaitable[Any]]
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest_asyncio.fixture(loop_scope="module")
async def box() -> AsyncIterator[Sandbox]:
    async with sandbox(clock=Clock(datetime(2025, 8, 9, 5, 20, tzinfo=UTC), 0.0)) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def api(box: Sandbox) -> AsyncIterator[Call]:
    async with aiohttp.ClientSession() as session:

        async def call(method: str, files: dict[str, tuple[str, bytes, str]] | None = None, **params: Any) -> Any:
            form = aiohttp.FormData(quote_fields=False)
            for name, (file, data, kind) in (files or {}).items():
                form.add_field(name, data, filename=file, content_type=kind)
            for name, value in params.items():
                form.add_field(name, str(value))
            body = form if files else None
            async with session.post(
                f"{box.url}/bot{box.token}/{method}", data=body, json=None if files else params
            ) as response:
                answer = await response.json()
            assert answer["ok"], answer
            return answer["result"]

        yield call


@pytest.fixture
def an(box: Sandbox) -> User:
    return box.user("An", started=True)


@pytest_asyncio.fixture(loop_scope="module")
async def page(box: Sandbox, an: User, visit: Callable[..., Awaitable[Page]]) -> Page:
    return await visit(box.url, lang="en-GB")


def chat(page: Page) -> Locator:
    return page.locator(".pane").first


def texts(page: Page) -> Locator:
    return chat(page).locator(".message .text")


async def test_entities_become_what_they_are(page, api, an):
    html = (
        "<b>bold</b> <i>italic</i> <u>under</u> <s>gone</s> <code>x &lt; y</code> <b>a<i>b</i></b> 🎓 <b>after</b> "
        '<a href="https://example.org/?a=1&amp;b=2">link</a> <tg-spoiler>secret</tg-spoiler>'
    )
    await api("sendMessage", chat_id=an.id, text=html, parse_mode="HTML")
    shown = texts(page).last
    await expect(shown).to_have_text("bold italic under gone x < y ab 🎓 after link secret")
    found = await shown.evaluate("(e) => [...e.querySelectorAll('*')].map((n) => [n.tagName, n.textContent])")
    assert found == [
        ["STRONG", "bold"],
        ["EM", "italic"],
        ["U", "under"],
        ["S", "gone"],
        ["CODE", "x < y"],
        ["STRONG", "ab"],
        ["EM", "b"],
        ["STRONG", "after"],
        ["A", "link"],
        ["SPAN", "secret"],
        ["SPAN", "secret"],
    ]
    link = shown.locator("a")
    assert await link.get_attribute("href") == "https://example.org/?a=1&b=2"
    assert await link.get_attribute("rel") == "noopener noreferrer"
    await shown.get_by_role("button", name="Show the hidden words").press("Enter")
    await expect(shown.locator(".spoiler-shown")).to_have_text("secret")


async def test_what_the_bot_says_is_never_markup(page, api, an):
    evil = "<img src=x onerror=\"document.title='owned'\"><a href='javascript:alert(1)'>x</a>"
    await api("sendMessage", chat_id=an.id, text=evil)
    await expect(texts(page).last).to_have_text(evil)
    assert await chat(page).locator(".log img, .log a").count() == 0
    assert await page.title() == "Yicheng sandbox"


async def test_a_long_quote_is_folded_until_it_is_asked_for(page, api, an):
    lines = "\n".join(f"line {n}" for n in range(12))
    quote = f"<blockquote expandable>{lines}</blockquote>"
    await api("sendMessage", chat_id=an.id, text=quote, parse_mode="HTML")
    shown = texts(page).last.locator("blockquote")
    await expect(shown).to_have_text(lines)
    folded = (await shown.bounding_box())["height"]
    await chat(page).get_by_role("button", name="Show more").click()
    assert (await shown.bounding_box())["height"] > folded * 2
    await expect(chat(page).get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")


async def test_after_a_quote_stands_no_more_empty_line_than_before_it(page, api, an):
    await api("sendMessage", chat_id=an.id, text="a\n\n<blockquote>b</blockquote>\n\nc", parse_mode="HTML")
    shown = texts(page).last
    await expect(shown).to_have_text("a b c")
    assert await shown.evaluate("(e) => [...e.childNodes].map((n) => n.textContent)") == ["a\n\n", "b", "\nc"]


async def test_a_pressed_button_waits_for_its_answer_and_shows_it(page, api, box, an):
    board = {"inline_keyboard": [[{"text": "Star", "callback_data": "s"}, {"text": "Ask", "callback_data": "a"}]]}
    await api("sendMessage", chat_id=an.id, text="A1", reply_markup=board)
    key = chat(page).get_by_role("button", name="Star")
    await key.click()
    await expect(key).to_have_attribute("aria-busy", "true")
    query = await box.until(lambda: box.pending and box.pending[-1].get("callback_query"))
    await api("answerCallbackQuery", callback_query_id=query["id"], text="Starred")
    await expect(chat(page).locator(".toast")).to_have_text("Starred")
    assert await key.get_attribute("aria-busy") is None

    await chat(page).get_by_role("button", name="Ask").click()
    query = await box.until(lambda: next((u["callback_query"] for u in box.pending[1:] if "callback_query" in u), None))
    await api("answerCallbackQuery", callback_query_id=query["id"], text="Really", show_alert=True)
    await expect(page.get_by_role("dialog", name="Notice")).to_contain_text("Really")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Notice")).to_have_count(0)


async def test_silent_pinned_deleted_and_edited_messages_are_told_apart(page, api, an):
    first = await api("sendMessage", chat_id=an.id, text="Hall changed", disable_notification=True)
    await expect(chat(page).locator(".message").last.locator(".silent")).to_have_text("Sent without a sound")
    await api("pinChatMessage", chat_id=an.id, message_id=first["message_id"])
    await expect(chat(page).locator(".pinned-bar")).to_contain_text("Hall changed")
    await api("editMessageText", chat_id=an.id, message_id=first["message_id"], text="Hall changed again")
    await expect(chat(page).locator(".pinned-bar")).to_contain_text("Hall changed again")
    await expect(chat(page).locator(".message .edited")).to_have_text("edited")
    await api("deleteMessage", chat_id=an.id, message_id=first["message_id"])
    await expect(chat(page).locator(".message")).to_have_count(0)
    await expect(chat(page).locator(".pinned-bar")).to_be_hidden()


async def test_pictures_open_and_documents_are_saved(page, api, an):
    await api("sendPhoto", {"photo": ("qr.png", PIXEL, "image/png")}, chat_id=an.id, caption="A code")
    await chat(page).get_by_role("button", name="Open the picture: A code").click()
    await expect(page.get_by_role("dialog", name="A code").locator("img")).to_be_visible()
    await page.keyboard.press("Escape")

    calendar = ("我的日程.ics", b"BEGIN:VCALENDAR", "text/calendar")
    await api("sendDocument", {"document": calendar}, chat_id=an.id)
    async with page.expect_download() as saving:
        await chat(page).get_by_role("link", name="我的日程.ics").click()
    assert (await saving.value).suggested_filename == "我的日程.ics"


async def test_typing_shows_at_the_top_and_ends_with_the_message(page, api, an):
    await api("sendChatAction", chat_id=an.id, action="typing")
    await expect(chat(page).locator(".pane-sub")).to_have_text("Yicheng is typing…")
    await api("sendMessage", chat_id=an.id, text="Here")
    await expect(chat(page).locator(".pane-sub")).to_have_text("chatting with Yicheng")


async def test_the_menu_speaks_the_language_of_the_person(page, api, an):
    await api("setMyCommands", commands=[{"command": "now", "description": "What is on"}], language_code="en")
    await api("setMyCommands", commands=[{"command": "now", "description": "现在"}])
    await chat(page).get_by_role("button", name="Menu", exact=True).click()
    await expect(chat(page).get_by_role("option")).to_have_text(["/nowWhat is on"])
    await chat(page).get_by_role("option").click()
    await expect(texts(page).last).to_have_text("/now")


async def test_a_deep_link_to_the_bot_stays_in_the_page(page, api, box, an):
    await api("sendMessage", chat_id=an.id, text=f"https://t.me/{box.bot.username}?start=talk_17")
    await texts(page).last.get_by_role("link").click()
    await chat(page).get_by_role("button", name="Start", exact=True).click()
    await expect(texts(page).last).to_have_text("/start talk_17")


async def test_a_link_to_the_page_can_ask_for_a_start(box, visit):
    ben = box.user("Ben")
    page = await visit(f"{box.url}/?start=talk_9&user={ben.id}", lang="en-GB")
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(texts(page).last).to_have_text("/start talk_9")


async def test_an_inline_question_offers_its_results(page, api, box, an):
    field = chat(page).locator("textarea")
    await field.fill(f"@{box.bot.username} diffusion")
    query = await box.until(lambda: box.pending and box.pending[-1].get("inline_query"))
    assert query["query"] == "diffusion"
    content = {"message_text": "<b>A1-1</b>", "parse_mode": "HTML"}
    result = {"type": "article", "id": "1", "title": "A1-1", "description": "Room 5", "input_message_content": content}
    await api("answerInlineQuery", inline_query_id=query["id"], results=[result])
    await expect(chat(page).get_by_role("option")).to_have_text(["A1-1Room 5"])
    await field.press("ArrowDown")
    await field.press("Enter")
    await expect(texts(page).last).to_have_text("A1-1")
    await expect(chat(page).locator(".via")).to_have_text("via @YichengBot")


async def test_a_chat_that_nobody_looks_at_counts_what_is_new(page, api, box, an):
    ben = box.user("Ben", started=True)
    cy = box.user("Cy", started=True)
    for _ in range(2):
        await api("sendMessage", chat_id=cy.id, text="Soon")
    button = page.locator(f'.rail-item[data-chat="{cy.id}"]')
    await expect(button.locator(".badge")).to_have_text("2")
    await expect(page).to_have_title("(2) Yicheng sandbox")
    await button.click()
    await expect(button.locator(".badge")).to_be_hidden()
    assert await page.locator(f'.rail-item[data-chat="{ben.id}"] .badge').is_hidden()


async def test_the_page_comes_back_by_itself_when_the_sandbox_does(box, an, visit):
    # A connection that is refused is an error in every browser's console; this page is not held to silence.
    page = await visit(box.url, lang="en-GB", silent=False)
    await box.down()
    await expect(page.locator("#offline")).to_contain_text("trying again")
    box.say(an, "meanwhile")
    await box.up()
    await expect(page.locator("#offline")).to_be_hidden(timeout=15_000)
    await expect(texts(page).last).to_have_text("meanwhile")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_can_be_read_on_their_ground(page, api, an, scheme):
    await page.emulate_media(color_scheme=scheme)
    board = {"inline_keyboard": [[{"text": "Star", "callback_data": "s"}]]}
    await api(
        "sendMessage", chat_id=an.id, text="<a href='https://example.org'>A1</a>", parse_mode="HTML", reply_markup=board
    )
    await expect(texts(page).last).to_have_text("A1")
    contrast = """() => {
        const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
        const light = (colour) => {
            canvas.clearRect(0, 0, 1, 1);
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
            const part = (v) => (v /= 255, v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(part);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        const css = getComputedStyle(document.documentElement);
        const value = (name) => light(css.getPropertyValue(name));
        const pairs = [['--ink', '--surface'], ['--ink-2', '--surface'], ['--ink-2', '--surface-2'],
            ['--ink-2', '--in'], ['--in-ink', '--in'], ['--accent-strong', '--in'], ['--on-accent', '--accent'],
            ['--bad', '--surface'], ['--good', '--in'], ['--out-ink', '--out-1'], ['--out-ink', '--out-2']];
        return pairs.filter(([a, b]) => ratio(value(a), value(b)) < 4.5).map((pair) => pair.join(' on '));
    }"""
    assert await page.evaluate(contrast) == []
