"""Three chairs, two staff and fifty attendees: sessions that run late, catch up, are full; who was told what of it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from chaired import Afternoon, afternoon, each
from staffed import button

from bot.app import App
from bot.sandbox.box import sandbox
from bot.sandbox.seen import Seen

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
    both = sorted([*a3, *a3_2], key=day.office.crowd.index)

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
    await day.until("14:50")

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
    assert quiet["Chen"] == [f"edit: {A3}"]
    assert {name: said for name, said in day.heard().items() if name in each(a3)} == each(
        a3, "⏰ 10 分钟后　≈15:00 · 友谊宫 1 号"
    )


async def test_a_session_that_would_run_into_the_next_one_is_put_before_it_and_its_card_says_so(
    day: Afternoon,
) -> None:
    await all_here(day)
    await day.until("14:10")
    await day.press("Chen", "▶ 开始")
    card = await day.press("Chen", "晚 +5")

    assert lines(card)[2:] == [
        "▶ A3-1 林涛，14:10 开始",
        "⏱ 晚约 45 分钟",
        "⚠️ 16:00 起本会场是 B6 量子计算理论与方法，要赶回 15 分钟。",
        "接下来",
        "≈14:45–15:10 A3-2 凌青",
        "≈15:10–15:35 A3-3 罗珞",
        "≈15:35–16:00 A3-4 濮实",
    ]


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
    card = await day.press("Luo", "还有空位")
    gone = await day.office.ask(day.office.li, "/session A1")

    assert told == {"Luo": [f"edit: {A1}", "edit: 🎙 10 分钟后您主持　13:30 · 友谊宫 5 号"]} | each(
        day.office.of_a1, "edit: ⏰ 10 分钟后　≈13:30 · 友谊宫 5 号"
    )
    assert seen == dict.fromkeys(seen, True)
    assert labels(way)[1:3] == [["→ A2", "→ A4", "→ A5"], ["→ A6", "→ A7", "→ A8"]]
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
