"""Five minutes before the start staff hear which sessions nobody has said anything of, and whom to look for."""

from chaired import Afternoon, afternoon, each
from staffed import button, slot

from bot.app import App
from bot.sandbox.box import sandbox
from bot.services import acquaintance
from bot.store import claims, roles

NOBODY: dict[str, list[str]] = {}
REPORT = "⚠️ 13:30 开始，主持人还没有报到："


async def is_person(day: Afternoon, name: str, printed: str) -> None:
    """This chair is linked to a person of the programme, as staff have confirmed."""
    db, now = day.app.db, day.app.clock.now()
    user = await acquaintance.meet(db, "telegram", str(day.chairs[name].id), "zh", now=now)
    async with db.transaction() as tx:
        person = day.app.edition.timetable.person(printed)
        made = await claims.make(tx, user.id, person.id, now=now)
        await claims.settle(tx, made.id, "confirmed", over=["open"], by=None, now=now)


async def test_silent_chairs_are_reported_once_to_staff_in_one_message(app: App) -> None:
    async with sandbox() as box, afternoon(app, box) as day:
        await is_person(day, "Xu", "许志钦")
        await day.until("13:20")
        await day.press("Chen", "我到了")
        day.heard()
        await day.until("13:24")
        before = day.heard()
        await day.until("13:25")
        told = day.heard()
        report = box.messages(day.office.qin)[-1]
        await day.until("13:26")
        await day.until("13:31")
        again = day.heard()
        card = await day.office.ask(day.office.qin, "/chair A8")

    assert (before, told, again) == (NOBODY, {name: [REPORT] for name in ("Qin", "Li")}, NOBODY)
    assert report.text.splitlines() == [
        REPORT,
        "A1 深度学习理论 · 友谊宫 5 号（Luo）",
        "A8 大模型训练 · 友谊宫 7 号（许志钦）",
    ]
    assert [[one.text for one in row] for row in report.buttons] == [["A1", "A8"]]
    assert card.text.splitlines()[0] == "A8 大模型训练"


async def test_when_all_chairs_are_there_staff_hear_nothing(app: App) -> None:
    async with sandbox() as box, afternoon(app, box) as day:
        await day.until("13:20")
        for name in day.chairs:
            await day.press(name, "我到了")
        day.heard()
        await day.until("13:31")

        assert day.heard() == NOBODY


async def test_of_two_chairs_one_is_enough_and_of_chairs_who_are_not_linked_nobody_complains(app: App) -> None:
    """A2 and A5 have two linked chairs each, A3 one beside the printed one, A8 only a printed one."""
    chairs = {"Chen": "A2", "Zhou": "A2", "Guo": "A5", "Feng": "A5", "Wu": "A3"}
    async with sandbox() as box, afternoon(app, box, chairs) as day:
        await is_person(day, "Guo", "郭玲")
        await day.until("13:20")
        await day.press("Chen", "我到了")
        day.heard()
        await day.until("13:31")
        report = box.messages(day.office.qin)[-1]

        assert {name: said for name, said in day.heard().items() if name in ("Qin", "Li", *chairs)} == {
            name: [REPORT] for name in ("Qin", "Li")
        }
        assert report.text.splitlines()[1:] == [
            "A3 Optimization for AI · 友谊宫 1 号（Wu）",
            "A5 科学机器学习 · 友谊宫 2 号（郭玲、Feng）",
        ]


async def test_whoever_became_a_chair_too_late_to_press_anything_is_not_looked_for(app: App) -> None:
    async with sandbox() as box, afternoon(app, box, {"Chen": "A3"}) as day:
        await day.until("13:20")
        await day.press("Chen", "我到了")
        await day.until("13:26")
        async with app.db.transaction() as tx:
            user = await acquaintance.meet(app.db, "telegram", str(day.office.crowd[4].id), "zh", now=app.clock.now())
            await roles.grant(tx, user.id, "chair", slot(app, "A8").id, now=app.clock.now())
        await day.until("13:28")

        assert {name: said for name, said in day.heard().items() if name in ("Qin", "Li")} == NOBODY


async def test_staff_who_say_something_in_a_chair_s_place_are_not_told_to_look_for_them(app: App) -> None:
    async with sandbox() as box, afternoon(app, box, {"Chen": "A3", "Luo": "A1"}) as day:
        await day.until("13:22")
        card = await day.office.ask(day.office.qin, "/chair A3")
        await day.office.press(day.office.qin, card, button(card, "晚 +5"))
        await day.until("13:25")

        assert box.messages(day.office.li)[-1].text.splitlines() == [REPORT, "A1 深度学习理论 · 友谊宫 5 号（Luo）"]


async def test_a_session_that_is_moved_is_looked_for_at_its_new_time(app: App) -> None:
    async with sandbox() as box, afternoon(app, box, {"Chen": "A3"}) as day:
        await day.until("13:20")
        await day.press("Chen", "我到了")
        await day.office.do(day.office.qin, "/delay A3 30")
        await day.until("13:31")
        day.heard()
        await day.until("13:55")
        await day.until("13:56")
        said = {name: said for name, said in day.heard().items() if name in ("Qin", "Li")}

    assert said == each([day.office.qin, day.office.li], REPORT.replace("13:30", "14:00"))
