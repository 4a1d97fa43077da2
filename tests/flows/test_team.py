"""Who works on the conference: seen by staff, taken from their roles, told of it."""

from collections.abc import AsyncIterator

import pytest
from staffed import Office, office
from test_invitations import start

from bot.app import App
from bot.sandbox.box import sandbox
from bot.sandbox.seen import Seen
from bot.sandbox.state import User as Person


@pytest.fixture
async def desk(app: App) -> AsyncIterator[Office]:
    async with sandbox() as box, office(app, box) as opened:
        yield opened


async def joined(desk: Office, who: Person, role: str) -> Seen:
    """They open a link, and whoever made it has heard of that."""
    welcome = await desk.ask(who, start(await desk.ask(desk.qin, f"/invite {role}")))
    await desk.settled()
    return welcome


def labels(seen: Seen) -> list[list[str]]:
    return [[button.text for button in row] for row in seen.buttons]


async def test_the_team_at_a_glance_and_list_by_list(desk: Office) -> None:
    an, bo = desk.crowd[:2]
    await joined(desk, an, "chair A3")
    await joined(desk, bo, "speaker A3-1")
    await joined(desk, bo, "chair A1")
    await desk.ask(desk.qin, "/invite staff")
    seen = await desk.ask(desk.li, "/team")
    chairs = await desk.press(desk.li, seen, "主持人")
    links = await desk.press(desk.li, await desk.ask(desk.li, "/team"), "邀请链接")

    assert seen.text.splitlines() == [
        "团队", "工作人员：Qin、用户 2", "已关联：主持人 2 位，报告人 1 位", "未使用的邀请：1 个",
    ]  # fmt: skip
    assert labels(seen) == [["工作人员（2）", "主持人（2）", "报告人（1）"], ["邀请链接（1）", "邀请"]]
    assert chairs.text.splitlines() == ["主持人（2）", "A1　n1", "A3　n0"]
    assert labels(chairs) == [["A1 n1", "A3 n0"], ["‹ 团队"]]
    assert links.text.splitlines() == ["未使用的邀请（1）", "#4 工作人员，8月16日 周六 13:20 前有效，Qin 发出"]


async def test_whoever_made_a_link_hears_who_opened_it(desk: Office) -> None:
    await joined(desk, desk.crowd[0], "chair A3")
    await desk.settled()

    assert desk.told(of=[desk.qin, desk.li])["Qin"][1:] == [
        "🤝 n0 打开了您的链接，现在是主持人：A3 Optimization for AI。"
    ]
    assert list(desk.told(of=[desk.qin, desk.li])) == ["Qin"]


async def test_a_role_is_taken_and_given_back_and_its_holder_told_of_what_is_left_of_it(desk: Office) -> None:
    an = desk.crowd[0]
    await joined(desk, an, "staff")
    seen = await desk.press(desk.qin, await desk.ask(desk.qin, "/team"), "工作人员")
    somebody = await desk.press(desk.qin, seen, "n0")
    taken = await desk.press(desk.qin, somebody, "收回")
    await desk.settled()
    refused = await desk.ask(an, "/move A3 聚英厅")
    given = await desk.press(desk.qin, taken, "恢复")
    await desk.settled()

    assert (somebody.text.splitlines(), labels(somebody)) == (["n0", "工作人员"], [["收回：工作人员"], ["‹ 团队"]])
    assert (taken.text.splitlines(), labels(taken)) == (
        ["n0", "没有身份", "已不再是工作人员"], [["恢复：工作人员"], ["‹ 团队"]]
    )  # fmt: skip
    assert given.text == somebody.text
    assert refused.text == "不认识 /move 这个命令。"
    assert desk.told(of=[an])["n0"] == [
        "您现在是工作人员。\n可以修改日程、邀请他人，都在 /staff 工作台里。",
        "您已不再是工作人员。如有疑问，请联系会务组。",
        refused.text,
        "您现在是工作人员。\n可以修改日程、邀请他人，都在 /staff 工作台里。",
    ]


async def test_links_are_revoked_in_the_list(desk: Office) -> None:
    an = desk.crowd[0]
    invited = await desk.ask(desk.qin, "/invite staff")
    links = await desk.press(desk.li, await desk.ask(desk.li, "/team"), "邀请链接")
    left = await desk.press(desk.li, links, "作废 #1")

    assert left.text == "未使用的邀请（0）"
    assert (await desk.ask(an, start(invited))).text == "这个邀请链接已被作废。请向发给您的人询问。"


async def test_a_button_of_the_panel_asks_for_what_is_missing(desk: Office) -> None:
    panel = await desk.ask(desk.qin, "/staff")
    moved = desk.box.press(desk.qin, panel.message_id, "换会场")
    await desk.box.answered(moved)
    asked = await desk.box.reply(desk.qin, after=panel)

    assert panel.text.splitlines()[:2] == ["工作台", "现在是 8月9日 周六 13:20。"]
    assert labels(panel)[0] == ["换会场", "改时间", "推迟"]
    assert asked.text.splitlines()[0] == "换会场：哪一场？"
