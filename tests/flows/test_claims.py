"""Speakers and chairs say who they are; staff confirm it; the roles follow the programme."""

from collections.abc import AsyncIterator

import pytest
from staffed import EVENING, Office, at, office, slot
from telegram_bot import all_settled
from test_team import labels

from bot.app import App
from bot.sandbox.box import sandbox
from bot.sandbox.seen import Seen
from bot.sandbox.state import User as Person


@pytest.fixture
async def desk(app: App) -> AsyncIterator[Office]:
    app.clock.set(now=at(app, EVENING))
    async with sandbox() as box, office(app, box) as opened:
        yield opened


async def claimed(desk: Office, who: Person, text: str = "/iam 董彬") -> Seen:
    """They say who they are, and mean it. What they read then."""
    said = await desk.press(who, await desk.ask(who, text), "是我")
    await desk.settled()
    return said


def last(desk: Office, who: Person) -> Seen:
    return desk.box.messages(who)[-1]


async def test_whoever_says_who_they_are_is_linked_once_staff_confirm_it(desk: Office) -> None:
    an = desk.crowd[3]
    asked = await desk.ask(an, "我是董彬")
    said = await desk.press(an, asked, "是我")
    await desk.settled()
    question = last(desk, desk.qin)
    decided = await desk.press(desk.qin, question, "✅")
    await desk.settled()
    yours = await desk.ask(an, "/iam")

    assert asked.text.splitlines()[0] == "您是董彬（北京大学）吗？"
    assert said.text == "已请会务组核对您是不是董彬，有结果就告诉您。"
    assert question.text.splitlines()[0] == "🙋 n3 说：我是董彬（北京大学）。"
    assert (labels(question), last(desk, desk.li).text) == (
        [["✅ 是本人", "❌ 不是"]],
        "✅ n3 是董彬（北京大学），Qin 已确认。",
    )
    assert decided.text == "✅ n3 是董彬（北京大学），Qin 已确认。"
    assert desk.told(of=[an])["n3"][-2].splitlines()[0] == "✅ 会务组已确认您是董彬。"
    assert yours.text.splitlines()[:2] == ["您在会上的身份", "日程中的 董彬"]


async def test_a_claim_is_made_with_the_button_on_the_card_and_declined(desk: Office) -> None:
    an = desk.crowd[3]
    card = await desk.ask(an, "/speaker 董彬")
    desk.box.press(an, card.message_id, "这是我")
    asked = await desk.box.reply(an, after=card)
    await desk.press(an, asked, "是我")
    await desk.settled()
    await desk.press(desk.li, last(desk, desk.li), "❌")
    await desk.settled()
    again = await claimed(desk, an)

    assert desk.told(of=[an])["n3"][2] == "会务组没能确认您是董彬。如果弄错了，请直接找会务组，他们可以给您发邀请链接。"
    assert again.text == "会务组没有确认您是董彬。请直接找会务组，他们可以给您发邀请链接。"
    assert last(desk, desk.qin).text == "❌ n3 不是董彬（北京大学），Li 已答复。"


async def chaired_by(desk: Office, code: str, name: str) -> None:
    """This person of the programme chairs a session besides, by a file that was loaded again."""
    timetable = desk.app.edition.timetable
    async with desk.app.db.transaction() as tx:
        await tx.execute_fetchall(
            "INSERT INTO slot_people (slot_id, role, position, person_id) VALUES (?, 'chair', 9, ?)",
            (slot(desk.app, code).id, timetable.person(name).id),
        )
        await tx.execute_fetchall("UPDATE revision SET number = number + 1")
    await desk.app.refresh()


def claims_shown(desk: Office) -> set[str]:
    """What stands in the chats of both of the staff where they were asked."""
    seen = [one.text for who in (desk.qin, desk.li) for one in desk.box.messages(who)]
    return {text for text in seen if "董彬（北京大学）" in text}


async def roles_of(desk: Office) -> list[tuple[str, str | None]]:
    """The roles of everybody but staff, and the people that they come of."""
    async with desk.app.db.snapshot() as conn:
        rows = await conn.execute_fetchall(
            "SELECT role, subject_id, person_id FROM roles WHERE role <> 'staff' ORDER BY role, subject_id"
        )
    people = {one.id: one.key for one in desk.app.edition.timetable.programme.people}
    return [(row["role"], people.get(row["person_id"])) for row in rows]


async def test_a_question_that_is_on_its_way_while_it_is_decided_says_so_once_it_is_there(desk: Office) -> None:
    an = desk.crowd[3]
    desk.box.fault("delay", "sendMessage", chat=desk.li, count=1, seconds=1.0)
    await desk.press(an, await desk.ask(an, "/iam 董彬"), "是我")
    asked = await desk.box.until(lambda: [one for who in (desk.qin, desk.li) for one in desk.box.messages(who)][1:])
    await desk.press(desk.qin, last(desk, desk.qin), "✅")
    await desk.settled()

    assert (len(asked), claims_shown(desk)) == (1, {"✅ n3 是董彬（北京大学），Qin 已确认。"})
    assert labels(last(desk, desk.li)) == []


async def test_two_staff_who_confirm_at_once_and_one_who_presses_twice_do_it_once(desk: Office) -> None:
    an = desk.crowd[3]
    await claimed(desk, an)
    questions = {who.id: last(desk, who) for who in (desk.qin, desk.li)}
    for who in (desk.qin, desk.qin, desk.li):
        desk.box.press(who, questions[who.id].message_id, "✅ 是本人")
        desk.box.duplicate(desk.box.pending[-1]["update_id"])
    await all_settled(desk.box, desk.app)
    await desk.settled()

    assert await roles_of(desk) == [("chair", "董彬"), ("speaker", "董彬")]
    assert [text for text in desk.told(of=[an])["n3"] if text.startswith("✅")] == [
        "✅ 会务组已确认您是董彬。\n您的报告和主持的场次开始前 20 分钟，我会告诉您去哪里；有任何变动，也会告诉您。"
    ]
    assert {last(desk, who).text for who in (desk.qin, desk.li)} == {"✅ n3 是董彬（北京大学），Qin 已确认。"}


async def test_a_claim_said_twice_asks_staff_once_and_can_be_taken_back(desk: Office) -> None:
    an = desk.crowd[3]
    await claimed(desk, an)
    again = await claimed(desk, an)
    yours = await desk.ask(an, "/iam")
    sure = await desk.press(an, yours, "我不是董彬")
    desk.box.fault("error", "editMessageText", chat=desk.li, code=400, count=1)  # its buttons stay
    done = await desk.press(an, sure, "确定")
    await desk.settled()
    mended = last(desk, desk.qin)
    pressed = await desk.press(desk.li, last(desk, desk.li), "✅")
    asked = desk.told(of=[desk.qin])["Qin"]
    panel = await desk.ask(desk.qin, "/staff")

    assert again.text == "已经请会务组核对您是不是董彬，有结果就告诉您。"
    assert yours.text.splitlines() == ["您在会上的身份", "董彬：会务组还没有答复"]
    assert done.text == "好的，以后不再为此打扰您。"
    assert len(asked) == 1
    assert [(one.text, labels(one)) for one in (mended, pressed)] == [("n3 不再说自己是董彬（北京大学）。", [])] * 2
    assert panel.text.splitlines()[1:3] == ["现在是 8月8日 周五 20:00。", ""]  # nothing is stuck, no claim waits
    assert (await roles_of(desk), [one for one in desk.told(of=[an])["n3"] if one.startswith("✅")]) == ([], [])
    assert (await desk.ask(an, "/iam")).text.splitlines()[0] == "您是日程里的哪一位？请把姓名发给我，照日程里的写法。"


async def test_staff_end_a_link_and_make_it_again(desk: Office) -> None:
    an = desk.crowd[3]
    await claimed(desk, an)
    await desk.press(desk.qin, last(desk, desk.qin), "✅")
    await desk.settled()
    speakers = await desk.press(desk.li, await desk.ask(desk.li, "/team"), "报告人")
    somebody = await desk.press(desk.li, speakers, "INV-1")
    ended = await desk.press(desk.li, somebody, "收回：董彬")
    await desk.settled()
    unlinked, gone = last(desk, an).text, claims_shown(desk)
    back = await desk.press(desk.li, ended, "恢复：董彬")
    await desk.settled()

    assert labels(somebody) == [["收回：董彬"], ["‹ 团队"]]
    assert ended.text.splitlines() == ["n3", "没有身份", "已不再是董彬"]
    assert (unlinked, gone) == (
        "您已不再关联到董彬。如有疑问，请联系会务组。",
        {"n3 已不再关联到董彬（北京大学），Li 已收回。"},
    )
    assert claims_shown(desk) == {"✅ n3 是董彬（北京大学），Li 已确认。"}
    assert back.text == somebody.text
    assert last(desk, an).text.splitlines()[0] == "✅ 会务组已确认您是董彬。"


async def test_the_roles_of_a_person_follow_the_programme(desk: Office) -> None:
    an = desk.crowd[3]
    await claimed(desk, an)
    await desk.press(desk.qin, last(desk, desk.qin), "✅")
    await desk.settled()
    heard = len(desk.told(of=[an])["n3"])
    await desk.do(desk.qin, "/setspeaker A3-1 董彬")
    await desk.pass_()
    given = desk.told(of=[an])["n3"][heard:]
    await desk.do(desk.qin, "/setspeaker A3-1 刘徽")
    await desk.ask(desk.qin, "/log")
    await desk.pass_()
    taken = desk.told(of=[an])["n3"][heard + len(given) :]

    assert [text.splitlines()[0] for text in given] == ["您现在是报告人：A3-1 面向生成模型的高效训练与推理算法。"]
    assert taken == ["您已不再是报告人：A3-1 面向生成模型的高效训练与推理算法。如有疑问，请联系会务组。"]


async def test_whoever_is_linked_to_two_people_keeps_a_talk_that_goes_from_one_to_the_other(desk: Office) -> None:
    an = desk.crowd[3]
    for name in ("董彬", "刘知远"):
        await claimed(desk, an, f"/iam {name}")
        await desk.press(desk.qin, last(desk, desk.qin), "✅")
        await desk.settled()
    await desk.do(desk.qin, "/setspeaker A3-1 刘知远")
    await desk.pass_()
    heard = desk.told(of=[an])["n3"]
    await desk.do(desk.qin, "/setspeaker A3-1 董彬")
    await desk.pass_()
    yours = await desk.ask(an, "/iam")
    since = desk.told(of=[an])["n3"][len(heard) :]

    assert heard[-1].splitlines()[0] == "您现在是报告人：A3-1 面向生成模型的高效训练与推理算法。"
    assert [one.splitlines()[0] for one in since] == ["🔄 安排有变动", "您在会上的身份"]
    assert yours.text.splitlines().count("报告人：A3-1 面向生成模型的高效训练与推理算法") == 1


async def test_a_change_that_is_taken_back_in_the_quiet_time_says_nothing_of_roles(desk: Office) -> None:
    an = desk.crowd[3]
    await claimed(desk, an)
    await desk.press(desk.qin, last(desk, desk.qin), "✅")
    await desk.settled()
    heard = desk.told(of=[an])["n3"]
    done = await desk.do(desk.qin, "/setspeaker A3-1 董彬")
    await desk.press(desk.qin, await desk.press(desk.qin, done, "↩️"), "✅")
    await desk.pass_()

    assert desk.told(of=[an])["n3"] == heard


async def test_staff_are_told_of_others_linked_to_the_same_person(desk: Office) -> None:
    an, bo = desk.crowd[3:5]
    await claimed(desk, an)
    await desk.press(desk.qin, last(desk, desk.qin), "✅")
    await claimed(desk, bo)

    assert last(desk, desk.qin).text.splitlines()[-1] == "⚠️ 已关联到这个人的还有：n3"


async def test_who_waits_for_several_answers_is_asked_to_be_patient(desk: Office) -> None:
    an = desk.crowd[3]
    said = [(await claimed(desk, an, f"/iam {name}")).text for name in ("刘知远", "赵鑫", "许志钦", "董彬")]

    assert said[-1] == "您已有几个认领在等会务组核对。请等结果，或先撤回一个：/iam"


async def test_whoever_is_two_people_keeps_what_they_are_as_the_other(desk: Office) -> None:
    """许志钦 chairs A8; with a change of its chairs 刘知远, whom n3 is as well, chairs it too."""
    an = desk.crowd[3]
    await chaired_by(desk, "A8", "刘知远")
    for name in ("许志钦", "刘知远"):
        await claimed(desk, an, f"/iam {name}")
        await desk.press(desk.qin, last(desk, desk.qin), "✅")
        await desk.settled()
    both = await roles_of(desk)
    sure = await desk.press(an, await desk.ask(an, "/iam"), "我不是许志钦")
    await desk.press(an, sure, "确定")
    await desk.settled()

    assert [one for one in both if one[0] == "chair" and one[1] == "刘知远"] == []
    assert [one for one in await roles_of(desk) if one[0] == "chair"] == [("chair", "刘知远")]
    assert {person for _, person in await roles_of(desk)} == {"刘知远"}


async def test_who_decides_in_a_list_finds_the_question_in_their_chat_answered_too(desk: Office) -> None:
    an = desk.crowd[3]
    await claimed(desk, an)
    question = last(desk, desk.qin)
    listed = await desk.press(desk.qin, await desk.ask(desk.qin, "/team"), "认领")
    opened = await desk.press(desk.qin, listed, "#1")
    decided = await desk.press(desk.qin, opened, "✅")
    await desk.settled()
    mended = next(one for one in desk.box.messages(desk.qin) if one.message_id == question.message_id)

    assert (decided.text, mended.text, labels(mended)) == (*["✅ n3 是董彬（北京大学），Qin 已确认。"] * 2, [])


async def test_whoever_is_asked_for_their_name_may_ask_something_else(desk: Office) -> None:
    an = desk.crowd[3]
    said = [(await desk.ask(an, one)).text.splitlines()[0] for one in ("/iam", "A3", "7号", "帮助", "王五六", "董彬")]

    assert said == [
        "您是日程里的哪一位？请把姓名发给我，照日程里的写法。",
        "A3 Optimization for AI",
        "友谊宫 7 号",
        "能问什么",
        "没有找到叫“王五六”的人。请照日程里的写法写姓名。",
        "您是董彬（北京大学）吗？",
    ]
