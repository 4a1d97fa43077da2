"""What a newcomer does with `yicheng sandbox`: the real bot in a real browser."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="module")


def pane(page: Page, user: int) -> Locator:
    return page.locator(f'.pane[data-chat="{user}"]')


def newest(chat: Locator) -> Locator:
    return chat.locator(".message.in").last


async def begin(chat: Locator) -> None:
    await chat.locator(".start").click()
    await expect(newest(chat).locator(".text")).to_contain_text("CSML2025", timeout=20_000)


async def say(chat: Locator, text: str) -> Locator:
    """Write something; the bot's answer to it."""
    before = await chat.locator(".message.in").count()
    await chat.locator("textarea").fill(text)
    await chat.locator("textarea").press("Enter")
    answer = chat.locator(".message.in").nth(before)
    await answer.wait_for(timeout=10_000)
    return answer


async def test_a_question_is_answered_and_a_button_edits_the_answer_in_its_place(demo, visit):
    user = await demo.person("小安")
    chat = pane(await visit(f"{demo.url}/?chats={user}"), user)
    await begin(chat)

    answer = await say(chat, "/next")
    await expect(answer.locator(".text")).to_contain_text("8 场专题报告")

    answer = await say(chat, "/day")
    await expect(answer.locator(".text")).to_contain_text("8月9日 周六")
    count = await chat.locator(".message").count()
    await answer.get_by_role("button", name="8月10日 周日").click()
    await expect(answer.locator(".text")).to_contain_text("8月10日 周日")
    await expect(answer.locator(".edited")).to_have_text("已编辑")
    assert await chat.locator(".message").count() == count


async def test_the_bot_and_the_page_change_their_language(demo, visit):
    user = await demo.person("小包")
    page = await visit(f"{demo.url}/?chats={user}")
    chat = pane(page, user)
    await begin(chat)

    answer = await say(chat, "/lang")
    await answer.get_by_role("button", name="English").click()
    await expect(newest(chat).locator(".text")).to_contain_text("English")
    answer = await say(chat, "/next")
    await expect(answer.locator(".text")).to_contain_text("8 parallel sessions")

    await expect(chat.locator("textarea")).to_have_attribute("placeholder", "发消息")
    await page.get_by_role("button", name="English", exact=True).first.click()
    await expect(chat.locator("textarea")).to_have_attribute("placeholder", "Message")
    assert await page.evaluate("document.documentElement.lang") == "en"


async def test_a_jump_of_the_clock_changes_what_is_on_now(demo, visit):
    user = await demo.person("Ada", "en")
    page = await visit(f"{demo.url}/?chats={user}", lang="en-GB")
    chat = pane(page, user)
    await begin(chat)

    await page.locator(".clock-face").click()
    await page.get_by_role("button", name="Day one, 8:30").click()
    await expect(page.locator(".clock-hour")).to_have_text("08:30:00")
    answer = await say(chat, "/now")
    await expect(answer.locator(".text")).to_contain_text("Now 08:30")

    await page.locator(".clock-face").click()
    await page.get_by_role("button", name="Five minutes before the next sessions").click()
    await expect(page.locator(".clock-hour")).to_have_text("13:25:00")

    await page.locator(".clock-face").click()
    await page.get_by_label("Date and time at the venue").fill("2025-08-10T14:10")
    await page.get_by_role("button", name="Go there").click()
    answer = await say(chat, "/now")
    await expect(answer.locator(".text")).to_contain_text("Now 14:10")


async def test_the_clock_is_paused_and_made_faster(demo, visit):
    user = await demo.person("Alan", "en")
    page = await visit(f"{demo.url}/?chats={user}", lang="en-GB")
    await demo.act("clock", now="2025-08-09T13:20", speed=0)

    await page.get_by_label("Speed of the clock").select_option("600")
    await expect(page.locator(".clock-hour")).to_have_text(re.compile("^13:[34]"))
    await page.get_by_role("button", name="Stop the clock").click()
    await expect(page.get_by_role("button", name="Let the clock run")).to_be_visible()
    await demo.act("clock", now="2025-08-09T13:20", speed=0)
    await expect(page.locator(".clock-hour")).to_have_text("13:20:00")


async def test_two_people_side_by_side_are_each_answered_in_their_language(demo, visit):
    an, ben = await demo.person("安"), await demo.person("Ben", "en")
    page = await visit(f"{demo.url}/?chats={an},{ben}")
    left, right = pane(page, an), pane(page, ben)
    await begin(left)
    await begin(right)

    answers = [await say(left, "/room 7"), await say(right, "/room 7")]

    await expect(answers[0].locator(".text")).to_contain_text("接下来")
    await expect(answers[1].locator(".text")).to_contain_text("Next")
    boxes = [await left.bounding_box(), await right.bounding_box()]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    assert boxes[0]["y"] == boxes[1]["y"]


async def test_panes_are_put_away_and_brought_back(demo, visit):
    an, ben = await demo.person("安"), await demo.person("Ben", "en")
    page = await visit(f"{demo.url}/?chats={an},{ben}")
    await pane(page, an).locator(".close-pane").click()
    assert await page.locator(".pane").count() == 1
    await page.locator(f'.rail-item[data-chat="{an}"]').click()
    assert await page.locator(".pane").count() == 2


async def test_a_whole_conversation_needs_no_mouse(demo, visit):
    user = await demo.person("小康")
    page = await visit(f"{demo.url}/?chats={user}")
    chat = pane(page, user)
    await chat.locator(".log").focus()
    await page.keyboard.press("Tab")
    await expect(chat.locator(".start")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(newest(chat).locator(".text")).to_contain_text("CSML2025", timeout=10_000)
    await expect(chat.locator("textarea")).to_be_focused()

    await page.keyboard.type("/d")
    await expect(chat.get_by_role("option")).to_have_text(["/day一天的日程"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    # Words of the day alone: the welcome above names the dates as well.
    await expect(newest(chat).locator(".text")).to_contain_text("08:20–08:40")

    answer = newest(chat)
    await page.keyboard.press("Shift+Tab")
    keys = answer.locator(".key")
    for _ in range(await keys.count() + 2):
        if await page.evaluate("document.activeElement.textContent") == "8月10日 周日":
            break
        await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(answer.locator(".edited")).to_have_text("已编辑")
    # The button that was pressed is gone; its place keeps the focus.
    assert await page.evaluate("document.activeElement.classList.contains('key')")


async def test_markup_that_somebody_types_stays_text(demo, visit):
    user = await demo.person("小包", "en")
    page = await visit(f"{demo.url}/?chats={user}", lang="en-GB")
    chat = pane(page, user)
    await begin(chat)
    evil = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"

    answer = await say(chat, evil)

    await expect(chat.locator(".message.out .text").last).to_have_text(evil)
    await expect(answer.locator(".text")).to_contain_text("<img src=x")
    assert await chat.locator(".log img:not(.avatar), .log script").count() == 0
    assert "owned" not in await page.title()


async def test_somebody_who_blocked_the_bot_hears_nothing_until_they_come_back(demo, visit):
    user = await demo.person("Carl", "en")
    page = await visit(f"{demo.url}/?chats={user}", lang="en-GB")
    chat = pane(page, user)
    await begin(chat)

    await page.get_by_role("button", name="Faults", exact=True).click()
    await page.get_by_role("switch", name="Carl has blocked the bot").click()
    await page.keyboard.press("Escape")
    await expect(chat.locator("textarea")).to_have_count(0)

    await chat.get_by_role("button", name="Unblock and restart").click()
    await expect(chat.locator(".message.in")).to_have_count(2, timeout=10_000)
    answer = await say(chat, "/next")
    await expect(answer.locator(".text")).to_contain_text("Next")


async def test_what_is_asked_while_telegram_is_away_is_answered_when_it_is_back(demo, visit):
    user = await demo.person("Cleo", "en")
    page = await visit(f"{demo.url}/?chats={user}", lang="en-GB")
    chat = pane(page, user)
    await begin(chat)

    await page.get_by_role("button", name="Faults", exact=True).click()
    await page.get_by_role("switch", name="Telegram out of reach").click()
    await expect(page.locator("#offline")).to_contain_text("out of reach")
    await page.keyboard.press("Escape")
    count = await chat.locator(".message.in").count()
    await chat.locator("textarea").fill("/next")
    await chat.locator("textarea").press("Enter")
    await expect(chat.locator(".message.out").last).to_contain_text("/next")
    assert await chat.locator(".message.in").count() == count

    await demo.act("network")
    await expect(page.locator("#offline")).to_be_hidden()
    await expect(chat.locator(".message.in")).to_have_count(count + 1, timeout=20_000)


@pytest.mark.parametrize("lang", ["zh-CN", "en-GB"])
async def test_a_narrow_phone_never_scrolls_sideways(demo, visit, lang):
    user = await demo.person("安" if lang == "zh-CN" else "An", lang[:2])
    size = {"width": 360, "height": 740}
    page = await visit(f"{demo.url}/?chats={user}", size=size, lang=lang, has_touch=True, is_mobile=True)
    chat = pane(page, user)
    await chat.locator(".start").click()
    await newest(chat).wait_for(timeout=10_000)
    await chat.locator("textarea").fill("/day")
    await chat.locator(".send").click()
    await expect(chat.locator(".message.in").nth(1)).to_be_visible()

    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    wide = "[...document.querySelectorAll('.bar, .clock, .pane.current, .pane.current *')]"
    wide += (
        ".filter((e) => !e.closest('.unseen, .rail') && e.getBoundingClientRect().right > 361).map((e) => e.className)"
    )
    assert await page.evaluate(wide) == []
    clipped = """[...document.querySelectorAll('.clock-face span')].filter((e) => e.offsetParent
        && (e.scrollWidth > e.clientWidth + 1 && e.clientWidth
            || e.getBoundingClientRect().right > e.closest('.clock-face').getBoundingClientRect().right)
    ).map((e) => e.className)"""
    assert await page.evaluate(clipped) == []
    small = """[...document.querySelectorAll('button, select, textarea')].filter((e) => e.offsetParent
        && !e.closest('.text') && (e.offsetHeight < 44 || e.offsetWidth < 44)).map((e) => e.className)"""
    assert await page.evaluate(small) == []


async def test_a_group_hears_only_what_is_meant_for_the_bot(demo, visit):
    users = [await demo.person("安"), await demo.person("Ben", "en")]
    group = (await demo.act("group", title="午饭", members=users))["id"]
    page = await visit(f"{demo.url}/?chats={group}")
    chat = pane(page, group)
    await chat.locator("textarea").fill("一起吃饭吗")
    await chat.locator("textarea").press("Enter")
    answer = await say(chat, "/next@YichengBot")

    await expect(answer.locator(".quoted")).to_contain_text("/next@YichengBot")
    await chat.get_by_role("button", name="Ben").click()
    await expect(chat.locator(".message.in .sender")).to_have_text(["安", "安", "CSML2025 Companion"])
