"""From the link, or the claim, to the last word: what speakers and chairs hear once they are linked, and no longer."""

from chaired import Afternoon, afternoon
from staffed import button
from test_invitations import start

from bot.app import App
from bot.sandbox.box import sandbox
from bot.sandbox.seen import Seen
from bot.sandbox.state import User as Person

NOBODY: dict[str, list[str]] = {}
A3, A1 = "A3 Optimization for AI", "A1 深度学习理论"
REPORT = "⚠️ 13:30 开始，主持人还没有报到："


def heard(day: Afternoon, *people: Person) -> dict[str, list[str]]:
    """What these and the two staff were told since the last time."""
    names = {one.first_name for one in (*people, day.office.qin, day.office.li)}
    return {name: said for name, said in day.heard().items() if name in names}


def card_of(day: Afternoon, who: Person) -> Seen:
    return next(one for one in reversed(day.box.messages(who)) if one.text.startswith("A") and one.buttons)


async def press(day: Afternoon, who: Person, message: Seen, *labels: str) -> Seen:
    """Press one button after another, each of the answer before."""
    for label in labels:
        message = await day.office.press(who, message, button(message, label))
    await day.settled()
    return message


async def test_invited_told_carded_and_when_they_resign_left_in_peace(app: App) -> None:
    """n4 is invited to chair A3, n9 to speak in A3-2."""
    async with sandbox() as box, afternoon(app, box, {}) as day:
        chair, speaker = day.office.crowd[4], day.office.crowd[9]
        app.clock.set(now=day.app.clock.now().replace(hour=4, minute=0))  # noon at the conference
        for who, role in ((chair, "chair A3"), (speaker, "speaker A3-2")):
            await day.office.ask(who, start(await day.office.ask(day.office.qin, f"/invite {role}")))
            await day.settled()
        told = {}
        day.heard()
        for clock in ("13:09", "13:10", "13:20"):
            await day.until(clock)
            told[clock] = heard(day, chair, speaker)
        card = await press(day, chair, card_of(day, chair), "我到了")
        heard(day)
        await day.until("13:40")
        at_twenty = heard(day, chair, speaker)
        await press(day, speaker, await day.office.ask(speaker, "/iam"), "不再担任：报告人 A3-2", "确定")
        heard(day)
        gone = await press(day, chair, await day.office.ask(chair, "/iam"), "不再担任：主持人 A3", "确定")
        resigned = heard(day, chair)
        taken = next(one for one in box.messages(chair) if one.message_id == card.message_id)
        await day.office.do(day.office.qin, "/move A3 聚英厅")
        for clock in ("13:45", "14:00", "15:30"):
            await day.until(clock)

    assert told == {
        "13:09": NOBODY,
        "13:10": {"n4": ["🎙 20 分钟后您主持　13:30 · 友谊宫 1 号"]},
        "13:20": {"n4": [A3]},
    }
    assert at_twenty == {"n9": ["🎤 20 分钟后您报告　≈14:00 · 友谊宫 1 号"]}
    assert gone.text == "好的，以后不再为此打扰您。"
    assert resigned["n4"][1:] == [
        "edit: 不再担任主持人：A3 Optimization for AI？之后只有会务组能恢复。",
        f"edit: {gone.text}",
        f"edit: {taken.text}",
    ]
    assert taken.text == f"{A3} 的控制卡只有本场主持人和会务组可以用。"
    assert heard(day, chair, speaker) == {"Qin": ["换会场", "edit: ✅ 换会场　已完成"]}


async def test_claimed_and_confirmed_told_and_unlinked_by_staff(app: App) -> None:
    """n4 says that they are 罗涛, who chairs A1; Li confirms it and, after the card has come, takes it back."""
    async with sandbox() as box, afternoon(app, box, {}) as day:
        an, li = day.office.crowd[4], day.office.li
        app.clock.set(now=day.app.clock.now().replace(hour=4, minute=0))
        await press(day, an, await day.office.ask(an, "我是罗涛"), "是我")
        await press(day, li, box.messages(li)[-1], "✅")
        claimed = heard(day, an)
        await day.until("13:10")
        await day.until("13:20")
        told = heard(day, an)
        somebody = await press(day, li, await day.office.ask(li, "/team"), "主持人", "A1 ")
        heard(day, an)
        await press(day, li, somebody, "收回：罗涛")
        unlinked = heard(day, an)
        for clock in ("13:25", "13:31", "15:30"):
            await day.until(clock)

    assert claimed["n4"][-1] == "✅ 会务组已确认您是罗涛。"
    assert told == {"n4": ["🎙 20 分钟后您主持　13:30 · 友谊宫 5 号", A1]}
    assert {name: sorted(said) for name, said in unlinked.items()} == {
        "n4": [
            f"edit: {A1} 的控制卡只有本场主持人和会务组可以用。",
            "您已不再关联到罗涛。如有疑问，请联系会务组。",
        ],
        "Qin": ["edit: n4 已不再关联到罗涛，Li 已收回。"],
        "Li": ["edit: n4", "edit: n4 已不再关联到罗涛，Li 已收回。"],
    }
    assert heard(day, an) == NOBODY
