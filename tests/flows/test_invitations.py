"""People come to their roles by one-time links."""

import re
from collections.abc import AsyncIterator

import pytest
from staffed import Office, button, office
from telegram_bot import all_settled

from bot.app import App
from bot.sandbox.box import sandbox
from bot.sandbox.seen import Seen
from bot.services.invitations import LASTS

LINK = re.compile(r"https://t\.me/\w+\?start=([\w-]{1,64})\Z")


def start(invited: Seen) -> str:
    """What is sent by opening the link in a message."""
    found = LINK.search(invited.text)
    assert found is not None, invited.text
    return f"/start {found[1]}"


@pytest.fixture
async def desk(app: App) -> AsyncIterator[Office]:
    async with sandbox() as box, office(app, box) as opened:
        yield opened


async def test_whoever_opens_a_link_for_staff_can_change_the_programme(desk: Office) -> None:
    an, bo = desk.crowd[:2]
    invited = await desk.ask(desk.qin, "/invite staff")
    refused = await desk.ask(an, "/move A3 聚英厅")
    welcome = await desk.ask(an, start(invited))
    seen = await desk.ask(an, "/move A3 聚英厅")
    late = await desk.ask(bo, start(invited))

    assert invited.text.splitlines()[:2] == [
        "🔗 最先打开这个链接的人将成为工作人员。",
        "链接只能用一次，8月16日 周六 13:20 前有效。",
    ]
    assert refused.text == "不认识 /move 这个命令。"
    assert welcome.text.splitlines() == ["您现在是工作人员。", "可以修改日程、邀请他人，都在 /staff 工作台里。"]
    assert seen.text.splitlines()[0] == "换会场"
    assert late.text == "这个邀请链接已经用过了，每个链接只能用一次。请再要一个新的。"


@pytest.mark.parametrize(
    ("asked", "role"),
    [
        ("/invite chair A3", "主持人：A3 Optimization for AI"),
        ("/invite A3", "主持人：A3 Optimization for AI"),
        ("邀请 A3 主持", "主持人：A3 Optimization for AI"),
        ("/invite speaker A3-1", "报告人：A3-1 面向生成模型的高效训练与推理算法"),
        ("/invite a3-1", "报告人：A3-1 面向生成模型的高效训练与推理算法"),
        ("/invite 主持人 A3-1", "主持人：A3 Optimization for AI"),
    ],
)
async def test_the_role_is_understood_loosely(desk: Office, asked: str, role: str) -> None:
    an = desk.crowd[0]
    invited = await desk.ask(desk.qin, asked)
    welcome = await desk.ask(an, start(invited))

    assert welcome.text.splitlines()[0] == f"您现在是{role}。"


async def test_what_is_missing_is_asked_for_step_by_step(desk: Office) -> None:
    asked = await desk.ask(desk.qin, "/invite")
    which = await desk.press(desk.qin, asked, "报告人")
    talks = await desk.press(desk.qin, which, "A3")
    invited = await desk.press(desk.qin, talks, "A3-1")
    chair = await desk.press(desk.qin, await desk.ask(desk.qin, "/invite 主持"), "A3")
    unknown = await desk.ask(desk.qin, "/invite 主持 xyzzy")

    assert [which.text.splitlines()[0], talks.text] == ["哪个报告的报告人？", "哪个报告的报告人？"]
    assert invited.text.startswith("🔗 最先打开这个链接的人将成为报告人：A3-1")
    assert chair.text.startswith("🔗 最先打开这个链接的人将成为主持人：A3 ")
    assert unknown.text == "没有找到“xyzzy”对应的专题或报告。请写代码，如 A3、A3-2，或写姓名。"


async def test_a_revoked_an_expired_and_an_unknown_link_say_so(desk: Office) -> None:
    an = desk.crowd[0]
    first = await desk.ask(desk.qin, "/invite staff")
    second = await desk.ask(desk.qin, "/invite chair A3")
    gone = await desk.press(desk.qin, first, "作废")
    said = [(await desk.ask(an, start(first))).text]
    await desk.pass_(LASTS)
    said += [(await desk.ask(an, text)).text for text in (start(second), "/start join-nonsense")]

    assert gone.text == "链接已作废。如果之前有人用过，他的身份还在，可以用 /team 收回。"
    assert said == [
        "这个邀请链接已被作废。请向发给您的人询问。",
        "这个邀请链接已经过期。请再要一个新的。",
        "这个邀请链接无效。请向发给您的人再要一个。",
    ]
    assert (await desk.ask(an, "/move A3 聚英厅")).text == "不认识 /move 这个命令。"


async def test_staff_who_try_their_own_link_leave_it_for_others(desk: Office) -> None:
    an = desk.crowd[0]
    invited = await desk.ask(desk.qin, "/invite staff")
    own = await desk.ask(desk.qin, start(invited))
    other = await desk.ask(an, start(invited))

    assert own.text == other.text
    assert own.text.splitlines()[0] == "您现在是工作人员。"


async def test_a_link_is_not_opened_before_others(desk: Office) -> None:
    group = desk.box.group("会务", desk.qin, desk.crowd[0])
    invited = await desk.ask(desk.qin, "/invite staff")
    desk.box.say(desk.crowd[0], start(invited), chat=group)
    await all_settled(desk.box, desk.app)

    assert (await desk.ask(desk.crowd[1], start(invited))).text.splitlines()[0] == "您现在是工作人员。"


async def test_what_is_delivered_twice_makes_one_link_and_one_role(desk: Office) -> None:
    an = desk.crowd[0]
    asked = desk.box.say(desk.qin, "/invite staff")
    updates = [desk.box.pending[-1]["update_id"]]
    invited = await desk.box.reply(desk.qin, after=asked)
    opened = desk.box.say(an, start(invited))
    updates.append(desk.box.pending[-1]["update_id"])
    await desk.box.reply(an, after=opened)
    for update in updates:
        desk.box.duplicate(update)
    await all_settled(desk.box, desk.app)
    async with desk.app.db.snapshot() as conn:
        counted = [
            next(iter(await conn.execute_fetchall(f"SELECT count(*) FROM {table}")))[0]  # noqa: S608 - ours
            for table in ("invitations", "roles")
        ]

    assert counted == [1, 3]


async def test_only_a_hash_of_a_link_is_kept(desk: Office) -> None:
    invited = await desk.ask(desk.qin, "/invite staff")
    await all_settled(desk.box, desk.app)
    secret = start(invited).removeprefix("/start ")
    tables = [
        row["name"]
        for row in await desk.app.db.reader.execute_fetchall("SELECT name FROM sqlite_schema WHERE type = 'table'")
    ]
    held = [
        table
        for table in tables
        for row in await desk.app.db.reader.execute_fetchall(f'SELECT * FROM "{table}"')  # noqa: S608 - from the schema
        if secret in str(tuple(row))
    ]

    assert held == []


async def test_the_record_of_changes_names_people(desk: Office) -> None:
    await desk.do(desk.qin, "/move A3 聚英厅")
    read = await desk.ask(desk.li, "/log")

    assert read.text.splitlines()[2].split("　")[-1] == "Qin"
    assert button(read, "↩️") == "↩️ 撤销 #1"
