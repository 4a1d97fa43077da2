"""Three chairs, two staff and fifty attendees: sessions that run late, catch up, are full; who was told what of it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from chaired import Afternoon, afternoon, each
from staffed import button, slot

from bot.app import App
from bot.sandbox.box import sandbox
from bot.sandbox.seen import Seen
from bot.services import acquaintance, stars

A3, A1, A8 = "A3 Optimization for AI", "A1 深度学习理论", "A8 大模型训练"
NOBODY: dict[str, list[str]] = {}


@pytest.fixture
async def day(app: App) -> AsyncIterator[Afternoon]:
    async with sandbox() as box, afternoon(app, box) as opened:
        yield opened


def lines(card: Seen) -> list[str]:
    return [line for line in card.text.splitlines() if line]


def labels(card: Seen) -> list[list[str]]:
    return [[one.text for one in row] for row in card.buttons]


async def all_here(day: Afternoon) -> None:
    await day.until("13:20")
    for name in day.chairs:
        await day.press(name, "我到了")
    day.heard()


async def test_chairs_get_their_card_ten_minutes_before_and_nobody_else_does(day: Afternoon) -> None:
    await day.until("13:19")
    before = day.heard()
    await day.until("13:20")
    heard = day.heard()
    await day.until("13:24")

    assert before == NOBODY
    assert heard == (
        {"Chen": [A3], "Luo": [A1], "Xu": [A8]}
        | each(day.office.of_a3, "⏰ 10 分钟后　≈13:30 · 友谊宫 1 号")
        | each(day.office.of_a1, "⏰ 10 分钟后　≈13:30 · 友谊宫 5 号")
    )
    assert day.heard() == NOBODY
    assert lines(day.card("Chen")) == [
        A3,
        "13:30–15:30 · 友谊宫 1 号",
        "到会场后请点“我到了”。",
        "接下来",
        "≈13:30–14:00 A3-1 林涛",
        "≈14:00–14:30 A3-2 凌青",
        "≈14:30–15:00 A3-3 罗珞",
        "≈15:00–15:30 A3-4 濮实",
    ]
    assert labels(day.card("Chen")) == [["我到了", "▶ 开始"], ["晚 +5 分钟", "晚 +10 分钟"], ["🚫 会场已满"]]


async def test_a_session_begins_ten_minutes_late_and_catches_up(day: Afternoon) -> None:
    await all_here(day)
    a3, a3_2 = day.office.of_a3, day.office.of_a3_2
    both, a1 = sorted([*a3, *a3_2], key=day.office.crowd.index), day.office.of_a1

    await day.until("13:30")
    await day.press("Chen", "晚 +10")
    late = day.heard()
    asked = await day.office.ask(day.office.li, "/session A3")
    day.heard()
    await day.until("13:40")
    await day.press("Chen", "▶ 开始")
    begun = day.heard()
    await day.until("13:50")
    too_early = day.heard()
    await day.until("14:00")
    reminded = day.heard()
    await day.until("14:12")
    second = await day.press("Chen", "▶ 下一个：A3-2")
    day.heard()
    await day.until("14:31")
    caught_up = await day.press("Chen", "▶ 下一个：A3-3")
    quiet = day.heard()
    after = {}
    for clock in ("14:41", "14:50", "15:00"):
        await day.until(clock)
        after[clock] = day.heard()
    last = await day.press("Chen", "▶ 下一个：A3-4")
    await day.until("15:30")
    over = await day.press("Chen", "本场结束")
    await day.until("15:45")

    assert late == {"Chen": [f"edit: {A3}", "edit: 🎙 10 分钟后您主持　13:40 · 友谊宫 1 号"]} | each(
        a3, "edit: ⏰ 10 分钟后　≈13:40 · 友谊宫 1 号"
    )
    assert lines(asked)[1:6] == [
        "🕒 8月9日 周六 13:30–15:30（北京时间）",
        "📍 友谊宫 1 号",
        "⏱ 晚约 10 分钟",
        "主持：袁坤",
        "≈13:40–14:10 林涛（西湖大学）",
    ]
    assert begun == {"Chen": [f"edit: {A3}"]}
    assert too_early == each(day.office.of_a1, "⏰ 10 分钟后　≈14:00 · 友谊宫 5 号")
    assert reminded == each(both, "⏰ 10 分钟后　≈14:10 · 友谊宫 1 号")
    assert lines(second)[2:4] == ["▶ A3-2 凌青，14:12 开始", "⏱ 晚约 12 分钟"]
    assert lines(caught_up)[2:5] == ["▶ A3-3 罗珞，14:31 开始", "接下来", "≈15:00–15:30 A3-4 濮实"]
    assert quiet == {"Chen": [f"edit: {A3}"]}
    assert after == {
        "14:41": NOBODY,
        "14:50": each(a3, "⏰ 10 分钟后　≈15:00 · 友谊宫 1 号") | each(a1, "⏰ 10 分钟后　≈15:00 · 友谊宫 5 号"),
        "15:00": NOBODY,
    }
    assert lines(last)[2:] == ["▶ A3-4 濮实，15:00 开始"]
    assert lines(over)[2:] == ["15:30 已结束"]
    assert day.heard() == {"Chen": [f"edit: {A3}"] * 2}


async def test_a_session_that_would_run_into_the_next_one_is_put_before_it_and_its_card_says_so(app: App) -> None:
    """Chen's A3 begins 40 minutes late; Luo chairs B6, the next in that room, at 16:00, which n4 has starred."""
    chairs = {"Chen": "A3", "Luo": "B6", "Xu": "A8"}
    async with sandbox() as box, afternoon(app, box, chairs) as day:
        fan = day.office.crowd[4]
        user = await acquaintance.meet(app.db, "telegram", str(fan.id), "zh", now=app.clock.now())
        await stars.mark(app.db, app.edition.timetable, user, slot(app, "B6"), starred=True, now=app.clock.now())
        await day.until("13:20")
        for name in ("Chen", "Xu"):
            await day.press(name, "我到了")
        await day.until("14:10")
        day.heard()
        await day.press("Chen", "▶ 开始")
        card = await day.press("Chen", "晚 +5")
        pressed = day.heard()
        later = {}
        for clock in ("14:35", "14:44", "15:00", "15:25", "15:40", "15:50", "16:00"):
            await day.until(clock)
            later[clock] = day.heard()
        a3, both = day.office.of_a3, sorted([*day.office.of_a3, *day.office.of_a3_2], key=day.office.crowd.index)

    assert lines(card)[2:] == [
        "▶ A3-1 林涛，14:10 开始",
        "⏱ 晚约 45 分钟",
        "⚠️ 16:00 起本会场是 B6 量子计算理论与方法，要赶回 15 分钟。",
        "接下来",
        "≈14:45–15:10 A3-2 凌青",
        "≈15:10–15:35 A3-3 罗珞",
        "≈15:35–16:00 A3-4 濮实",
    ]
    assert pressed == {"Chen": [f"edit: {A3}", "edit: 🎙 您主持的专题　14:10 · 友谊宫 1 号", f"edit: {A3}"]} | each(
        a3, "edit: ⏰ 14:10 · 友谊宫 1 号"
    )
    assert later == {
        "14:35": each(both, "⏰ 10 分钟后　≈14:45 · 友谊宫 1 号"),
        "14:44": NOBODY,
        "15:00": each(a3, "⏰ 10 分钟后　≈15:10 · 友谊宫 1 号"),
        "15:25": each(a3, "⏰ 10 分钟后　≈15:35 · 友谊宫 1 号"),
        "15:40": {"Luo": ["🎙 20 分钟后您主持　16:00 · 友谊宫 1 号"]},
        "15:50": {"Luo": ["B6 量子计算理论与方法"]} | each([fan], "⏰ 10 分钟后　≈16:00 · 友谊宫 1 号"),
        "16:00": {name: ["⚠️ 16:00 开始，主持人还没有报到："] for name in ("Qin", "Li")},
    }


async def test_a_full_room_is_shown_everywhere_with_where_else_to_go(day: Afternoon) -> None:
    await all_here(day)
    await day.press("Luo", "🚫")
    told = day.heard()
    await day.until("13:30")
    await day.press("Chen", "🚫")
    others = "🚫 会场已满，同时段还有 A2、A4、A5、A6、A7、A8"
    seen = {
        asked: others in (await day.office.ask(day.office.li, asked)).text.splitlines()
        for asked in ("/now", "/next", "/room 5号", "/session A1", "/talk A1-2")
    }
    way = await day.office.ask(day.office.li, "/session A1")
    day.heard()
    card = await day.press("Luo", "还有空位")
    freed = day.heard()
    gone = await day.office.ask(day.office.li, "/session A1")

    assert told == {"Luo": [f"edit: {A1}", "edit: 🎙 10 分钟后您主持　13:30 · 友谊宫 5 号"]} | each(
        day.office.of_a1, "edit: ⏰ 10 分钟后　≈13:30 · 友谊宫 5 号"
    )
    assert seen == dict.fromkeys(seen, True)
    assert labels(way)[1:3] == [["→ A2", "→ A4", "→ A5"], ["→ A6", "→ A7", "→ A8"]]
    assert freed == {"Luo": [f"edit: {A1}", "edit: 🎙 您主持的专题　13:30 · 友谊宫 5 号"]} | each(
        day.office.of_a1, "edit: ⏰ ≈13:30 · 友谊宫 5 号"
    )
    assert "已满" not in card.text + gone.text


async def test_a_press_that_comes_twice_counts_once(day: Afternoon) -> None:
    await all_here(day)
    card = day.card("Chen")
    pressed = [day.box.press(day.chairs["Chen"], card.message_id, button(card, "晚 +5")) for _ in range(2)]
    number = day.box.pending[-1]["update_id"]
    await asyncio.gather(*map(day.box.answered, pressed))
    day.box.duplicate(number)
    await day.box.heard()
    await day.settled()

    assert lines(day.card("Chen"))[3] == "⏱ 晚约 5 分钟"


async def test_staff_use_the_card_too_and_everybodys_card_follows(day: Afternoon) -> None:
    await all_here(day)
    stale = day.card("Chen")
    card = await day.office.ask(day.office.qin, "/chair A3")
    await day.office.press(day.office.qin, card, "晚 +10")
    await day.settled()
    chens = lines(day.card("Chen"))
    answer = await day.box.answered(day.box.press(day.chairs["Chen"], stale.message_id, button(stale, "晚 +10")))
    await day.settled()
    await day.press("Chen", "准点")
    qins = next(one for one in day.box.messages(day.office.qin) if one.message_id == card.message_id)

    assert chens[3] == "⏱ 晚约 10 分钟"
    assert answer["text"] == "已记下"
    assert lines(qins)[3] == "接下来"


async def test_whoever_is_no_chair_of_it_presses_nothing(day: Afternoon) -> None:
    await all_here(day)
    texts = [
        (await day.office.ask(who, asked)).text
        for who, asked in (
            (day.office.crowd[4], "/chair A3"),
            (day.office.crowd[4], "/chair"),
            (day.chairs["Luo"], "/chair A3"),
        )
    ]
    own = await day.office.ask(day.chairs["Luo"], "主持")

    assert texts == [
        f"{A3} 的控制卡只有本场主持人和会务组可以用。",
        "您还没有登记为主持人。是主持人的话，请发 /iam。",
        f"{A3} 的控制卡只有本场主持人和会务组可以用。",
    ]
    assert lines(own)[0] == A1


async def test_finished_with_talks_left_is_asked_again_and_can_be_taken_back(day: Afternoon) -> None:
    await all_here(day)
    await day.until("13:30")
    await day.press("Chen", "▶ 开始")
    await day.until("14:00")
    asked = await day.press("Chen", "本场结束")
    over = await day.press("Chen", "结束了")
    listed = "A3" in (await day.office.ask(day.office.li, "/now")).text
    back = await day.press("Chen", "↩ 还没有结束")

    assert lines(asked)[1] == "A3-2 凌青、A3-3 罗珞、A3-4 濮实 还没有开始，确定本场结束了吗？"
    assert lines(over) == [A3, "13:30–15:30 · 友谊宫 1 号", "14:00 已结束"]
    assert not listed
    assert lines(back)[2] == "▶ A3-1 林涛，13:30 开始"


async def test_a_card_that_is_out_follows_a_session_that_is_moved_and_another_comes_in_time(day: Afternoon) -> None:
    await day.until("13:20")
    day.heard()
    await day.office.do(day.office.qin, "/retime A3 14:30-15:30")
    await day.settled()
    moved = lines(day.card("Chen"))
    await day.until("14:10")
    await day.until("14:20")
    cards = [lines(one)[:2] for one in day.box.messages(day.chairs["Chen"]) if one.text.startswith(A3)]

    assert moved[:3] == [A3, "14:30–15:30 · 友谊宫 1 号", "到会场后请点“我到了”。"]
    assert day.heard()["Chen"] == [
        "🔄 安排有变动",
        f"edit: {A3}",
        "edit: 🎙 70 分钟后您主持　14:30 · 友谊宫 1 号",
        "🎙 20 分钟后您主持　14:30 · 友谊宫 1 号",
        A3,
    ]
    assert cards == [[A3, "14:30–15:30 · 友谊宫 1 号"]] * 2


async def test_a_card_of_a_session_that_is_called_off_says_so_and_has_no_buttons(day: Afternoon) -> None:
    await day.until("13:20")
    card = day.card("Chen")
    day.heard()
    await day.office.do(day.office.qin, "/calloff A3")
    await day.settled()
    await day.until("13:31")
    called_off = next(one for one in day.box.messages(day.chairs["Chen"]) if one.message_id == card.message_id)

    assert day.heard()["Chen"] == ["🔄 安排有变动", f"edit: {A3}", "edit: ⚠️ 已取消（原定 13:30）"]
    assert (lines(called_off), labels(called_off)) == ([A3, "13:30–15:30 · 友谊宫 1 号", "⚠️ 已取消。"], [])


async def test_whoever_comes_to_be_a_chair_late_gets_the_card_at_once_and_whoever_is_none_any_more_none(
    day: Afternoon,
) -> None:
    late = day.office.crowd[4]
    await day.until("13:16")
    await day.leaves("Xu")
    await day.until("13:40")
    day.heard()
    await day.joins(late, "A8")
    await day.settled()
    heard = day.heard()
    await day.leaves("Luo")
    pressed = await day.press("Luo", "▶ 开始")

    assert heard == each([late], "A8 大模型训练")
    assert "A8 大模型训练" not in [lines(one)[0] for one in day.box.messages(day.chairs["Xu"])]
    assert pressed.text == f"{A1} 的控制卡只有本场主持人和会务组可以用。"
