"""Stars as a thumb sets them: the page on a phone of 360 px, in both languages."""

import pytest
from playwright.async_api import Locator, expect
from test_demo import begin, pane

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE = {"width": 360, "height": 740}
WORDS = {
    "zh": (
        "☆ 收藏",
        "⭐ 已收藏",
        "⭐ 已收藏 A3-3（≈14:30，友谊宫 1 号），开始前会提醒您。",
        "⭐ 我的日程",
        "⭐ 您的下一场",
    ),
    "en": (
        "☆ Star",
        "⭐ Starred",
        "⭐ A3-3 is starred (≈14:30, Friendship Palace Room 1). I'll remind you before it starts.",
        "⭐ My day",
        "⭐ Next for you",
    ),
}
CROWDED = """(message) => [...message.querySelectorAll('button')]
    .filter((one) => /^([☆⭐] [A-Z]|[A-Z]\\d+(-\\d+)? )/.test(one.textContent) && one.getClientRects().length
        && (one.scrollWidth > one.clientWidth || one.offsetHeight > 48 || one.offsetWidth < 44))
    .map((one) => one.textContent)"""


async def say(chat: Locator, text: str) -> Locator:
    """Write something as one does on a phone; the bot's answer to it."""
    before = await chat.locator(".message.in").count()
    await chat.locator("textarea").fill(text)
    await chat.locator(".send").tap()
    answer = chat.locator(".message.in").nth(before)
    await answer.wait_for()
    return answer


@pytest.mark.parametrize(("lang", "locale"), [("zh", "zh-CN"), ("en", "en-GB")])
async def test_a_star_is_confirmed_by_a_toast_and_its_button_and_is_in_my_day(demo, visit, lang, locale):
    off, on, toast, mine, following = WORDS[lang]
    user = await demo.person("A", lang)
    page = await visit(f"{demo.url}/?chats={user}", size=PHONE, lang=locale, has_touch=True, is_mobile=True)
    chat = pane(page, user)
    await begin(chat)

    card = await say(chat, "/talk A3-3")
    await card.get_by_role("button", name=off, exact=True).tap()
    await expect(chat.locator(".toast")).to_have_text(toast)
    await expect(card.get_by_role("button", name=on, exact=True)).to_be_visible()

    day = await say(chat, "/mine")
    await expect(day.locator(".text")).to_contain_text(mine)
    await expect(day.get_by_role("button", name="⭐ A3-3", exact=True)).to_be_visible()
    await expect((await say(chat, "/next")).locator(".text")).to_contain_text(following)


@pytest.mark.parametrize(("lang", "locale"), [("zh", "zh-CN"), ("en", "en-GB")])
async def test_under_a_list_every_button_and_star_has_room_for_its_name_and_a_thumb(demo, visit, lang, locale):
    user = await demo.person("B", lang)
    page = await visit(f"{demo.url}/?chats={user}", size=PHONE, lang=locale, has_touch=True, is_mobile=True)
    chat = pane(page, user)
    await begin(chat)

    for question in ("/next", "/day", "/session A8", "/search diffusion"):
        shown = await say(chat, question)
        star = shown.get_by_role("button", name="☆").first
        name = (await star.text_content())[2:]
        await star.tap()
        await expect(shown.get_by_role("button", name="⭐").first).to_be_visible()
        assert (name != "", await shown.evaluate(CROWDED)) == (True, []), question
