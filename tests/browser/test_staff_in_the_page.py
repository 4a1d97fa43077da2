"""A change by staff in the browser: one pane moves a session, the other hears of it and is reminded of the new room."""

import pytest
from playwright.async_api import expect
from test_demo import begin, newest, pane, say

from bot.demo import QIN

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_staff_move_a_session_and_whoever_starred_it_hears_and_is_reminded_of_the_new_room(demo, visit):
    await demo.act("clock", now="2025-08-09T12:00", speed=0)
    an = await demo.person("小安")
    page = await visit(f"{demo.url}/?chats={QIN},{an}")
    staff, attendee = pane(page, QIN), pane(page, an)
    await begin(staff)
    await begin(attendee)
    card = await say(attendee, "/session A3")
    await card.get_by_role("button", name="☆").first.click()
    await expect(card.get_by_role("button", name="⭐").first).to_be_visible()

    panel = await say(staff, "/staff")
    await expect(panel.locator(".text")).to_contain_text("工作台")
    seen = await say(staff, "/move A3 聚英厅")
    await expect(seen.locator(".text")).to_contain_text("涉及 1 人")
    await seen.get_by_role("button", name="✅ 确认").first.click()
    await expect(seen.locator(".text")).to_contain_text("已完成")
    await demo.act("clock", now="2025-08-09T12:02", speed=0)
    await expect(newest(attendee).locator(".text")).to_contain_text("友谊宫 1 号 → 友谊宫 聚英厅")
    await expect(newest(attendee).locator("strong").last).to_have_text("友谊宫 聚英厅")
    await attendee.get_by_role("button", name="到最新消息").click()
    await expect(newest(attendee).locator(".text")).to_be_in_viewport()

    await demo.act("clock", now="2025-08-09T13:20", speed=0)
    await expect(newest(attendee).locator(".text")).to_contain_text("10 分钟后")
    await expect(newest(attendee).locator(".text")).to_contain_text("友谊宫 聚英厅")
    await expect(newest(attendee).locator(".text")).to_be_in_viewport()
