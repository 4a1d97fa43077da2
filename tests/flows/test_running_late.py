"""A session that is late, and one whose room is full: what everybody reads of it, wherever they look."""

from chaired import Afternoon, afternoon, each
from staffed import office, slot

from bot.app import App
from bot.sandbox.box import sandbox
from bot.sandbox.state import User as Person
from bot.services import acquaintance, control, live, pinned

LIN = "Efficient Training and Inference Algorithms for Generative Models"
A3_TALKS = [
    "A3-1 林涛：面向生成模型的高效训练与推理算法",
    "A3-2 凌青：Physics-Assisted and Topology-Informed Deep Learning for Weather Prediction",
    "A3-3 罗珞：On the Complexity of Distributed Nonconvex Optimization",
    "A3-4 濮实：Distributed Learning over Arbitrary Topology: Linear Speed-Up with Polynomial Transient Time",
]
LATE = {"zh": "⏱ 晚约 10 分钟", "en": "⏱ Running 10 min late"}
FULL = {
    "zh": "🚫 会场已满，同时段还有 A2、A3、A4、A5、A6、A7、A8",
    "en": "🚫 Room full; at the same time: A2, A3, A4, A5, A6, A7, A8",
}


async def part(day: Afternoon, who: Person, asked: str, begins: str) -> list[str]:
    """The lines of the answer's block that begins so."""
    answer = (await day.office.ask(who, asked)).text
    return next((one.splitlines() for one in answer.split("\n\n") if one.startswith(begins)), [answer])


async def late_and_full(day: Afternoon) -> None:
    await day.until("13:20")
    await day.press("Chen", "晚 +10")
    await day.press("Luo", "🚫")
    await day.until("13:42")


async def test_in_chinese_every_view_says_how_late_it_is_and_when_it_was_planned(app: App) -> None:
    async with sandbox() as box, afternoon(app, box) as day:
        await late_and_full(day)
        li, n0 = day.office.li, day.office.crowd[0]

        assert await part(day, li, "/now", "友谊宫 1 号") == [
            "友谊宫 1 号　A3 Optimization for AI",
            "≈13:40–14:10 林涛：面向生成模型的高效训练与推理算法",
            LATE["zh"],
        ]
        assert (await part(day, li, "/room 1", "现在"))[:4] == [
            "现在　13:30–15:30 A3 Optimization for AI",
            LATE["zh"],
            "主持：袁坤",
            "≈13:40–14:10 林涛：面向生成模型的高效训练与推理算法",
        ]
        assert await part(day, li, "/session A3", "🕒") == [
            "🕒 8月9日 周六 13:30–15:30（北京时间）",
            "📍 友谊宫 1 号",
            LATE["zh"],
            "主持：袁坤",
        ]
        assert await part(day, li, "/talk A3-2", "🕒") == [
            "🕒 8月9日 周六 ≈14:10–14:40（北京时间）",
            "📍 友谊宫 1 号",
            "⏱ 晚约 10 分钟（原计划 ≈14:00）",
            "A3-2 · A3 Optimization for AI",
            "主持：袁坤",
        ]
        assert await part(day, li, "/speaker 凌青", "报告") == [
            "报告",
            "8月9日 周六 ≈14:10–14:40 A3-2 Physics-Assisted and Topology-Informed Deep Learning for Weather Prediction",
            "📍 友谊宫 1 号",
            "⏱ 晚约 10 分钟（原计划 ≈14:00）",
        ]
        assert (await part(day, li, "下午1号会议室有什么", "13:30"))[:3] == [
            "13:30–15:30　A3 Optimization for AI · 1 号",
            LATE["zh"],
            "≈13:40–14:10 林涛：面向生成模型的高效训练与推理算法",
        ]
        mine = (await day.office.ask(n0, "/mine")).text.split("\n\n")
        assert [one.splitlines()[1:] for one in mine[1:5]] == [
            [what, f"⏱ 晚约 10 分钟（原计划 ≈{planned}）"]
            for what, planned in zip(A3_TALKS, ("13:30", "14:00", "14:30", "15:00"), strict=True)
        ]


async def test_in_english_too_and_a_full_room_names_where_else_to_go(app: App) -> None:
    async with sandbox() as box, afternoon(app, box) as day:
        await late_and_full(day)
        li, n2 = day.office.li, day.office.crowd[2]
        for who in (li, n2):
            await day.office.ask(who, "/lang en")

        assert await part(day, li, "/now", "Room 1 ") == [
            "Room 1 友谊宫 1 号  A3 Optimization for AI",
            f"≈13:40–14:10 Tao Lin 林涛: {LIN}",
            LATE["en"],
        ]
        assert (await part(day, li, "/now", "Room 5"))[-1] == FULL["en"]
        assert (await part(day, li, "/room 5", "Now"))[1] == FULL["en"]
        assert (await part(day, li, "/session A1", "🕒"))[2] == FULL["en"]
        assert (await part(day, li, "/talk A1-2", "🕒"))[2] == FULL["en"]
        mine = (await day.office.ask(n2, "/mine")).text.split("\n\n")
        assert [one.splitlines()[2:] for one in mine[1:5]] == [["🚫 Room full"]] * 4
        assert (await part(day, li, "/talk A3-2", "🕒"))[2] == "⏱ Running 10 min late (planned ≈14:00)"


async def test_the_pinned_day_of_whoever_goes_there_follows_and_no_other(app: App) -> None:
    async with sandbox() as box, afternoon(app, box) as day:
        await day.until("13:16")
        n0, n2 = day.office.crowd[0], day.office.crowd[2]
        for who in (n0, n2):
            user = await acquaintance.meet(app.db, "telegram", str(who.id), "zh", now=app.clock.now())
            await pinned.ask(app.db, user, now=app.clock.now())
        await day.settled()
        shown = {who.id: next(one for one in box.messages(who) if one.pinned) for who in (n0, n2)}
        await day.until("13:20")
        day.heard()
        await day.press("Chen", "晚 +10")
        heard = day.heard()
        now = {who.id: next(one for one in box.messages(who) if one.pinned) for who in (n0, n2)}

        assert [name for name in heard if name in each([n0, n2])] == [n0.first_name]
        assert now[n2.id].text == shown[n2.id].text
        assert now[n0.id].text.split("\n\n")[1].splitlines() == [
            "≈13:40–14:10 · 友谊宫 1 号",
            A3_TALKS[0],
            "⏱ 晚约 10 分钟（原计划 ≈13:30）",
        ]


async def test_nobody_is_sent_to_a_room_that_is_full_too_or_to_a_session_that_is_not_on(app: App) -> None:
    """A2 is called off, A4 is full, A5 is over, all talks of A6 are called off."""
    async with sandbox() as box, office(app, box) as desk:
        now = app.clock.now()
        user = await acquaintance.meet(app.db, "telegram", str(desk.qin.id), "zh", now=now)
        for code, words in (("A4", [live.full]), ("A5", [live.began(now), live.finished(now)]), ("A1", [live.full])):
            for word in words:
                await control.say(app.db, slot(app, code).id, word, by=user, message=None, now=now)
        await desk.do(desk.qin, "/calloff A2")
        for talk in slot(app, "A6").talks:
            await desk.do(desk.qin, f"/calloff {talk.code}")
        await app.refresh()
        answer = await desk.ask(desk.li, "/session A1")

    assert "🚫 会场已满，同时段还有 A3、A7、A8" in answer.text.splitlines()
    assert [[one.text for one in row] for row in answer.buttons if row[0].text.startswith("→")] == [
        ["→ A3", "→ A7", "→ A8"]
    ]


async def test_the_life_of_a_card_in_english(app: App) -> None:
    async with sandbox() as box, afternoon(app, box, {"Chen": "A3"}) as day:
        await day.office.ask(day.chairs["Chen"], "/lang en")
        await day.office.ask(day.office.qin, "/lang en")
        await day.until("13:20")
        life, buttons = [], []
        await day.until("13:25")
        report = box.messages(day.office.qin)[-1].text
        for clock, label in (
            ("13:26", "I'm here"),
            ("13:30", "Late +10"),
            ("13:40", "▶ Start"),
            ("14:12", "▶ Next: A3-2"),
            ("14:12", "🚫 Room full"),
            ("14:20", "Late +10"),
            ("14:20", "Late +10"),
            ("14:40", "Finished"),
            ("14:40", "It is over"),
        ):
            await day.until(clock)
            card = await day.press("Chen", label)
            life.append([line for line in card.text.splitlines()[1:] if line and not line.startswith("≈")])
            buttons.append([one.text for row in card.buttons for one in row])

    when = "13:30–15:30 · Friendship Palace Room 1 友谊宫 1 号"
    second = "▶ A3-2 Qing Ling 凌青, since 14:12"
    full = "🚫 Room full; at the same time: A1, A2, A4, A5, A6, A7, A8"
    b6 = "B6 Theory and Methods of Quantum Computing 量子计算理论与方法"
    over = f"⚠️ {b6} starts in this room at 16:00: 2 min must be made up."
    late, ahead = ["Late +5 min", "Late +10 min", "On time"], "Still to come"
    assert report.splitlines() == [
        "⚠️ These start at 13:30, and their chairs have not checked in:",
        "A3 Optimization for AI · Friendship Palace Room 1 友谊宫 1 号 (Chen)",
    ]
    assert life == [
        [when, "You are in the room; it has not started yet.", ahead],
        [when, "You are in the room; it has not started yet.", "⏱ Running 10 min late", ahead],
        [when, "▶ A3-1 Tao Lin 林涛, since 13:40", "⏱ Running 10 min late", ahead],
        [when, second, "⏱ Running 12 min late", ahead],
        [when, second, "⏱ Running 12 min late", full, ahead],
        [when, second, "⏱ Running 22 min late", full, ahead],
        [when, second, "⏱ Running 32 min late", full, over, ahead],
        ["Not started yet: A3-3 Luo Luo 罗珞, A3-4 Shi Pu 濮实. Is the session really over?"],
        [when, "Finished at 14:40"],
    ]
    assert buttons == [
        ["▶ Start", *late[:2], "🚫 Room full"],
        ["▶ Start", *late, "🚫 Room full"],
        ["▶ Next: A3-2", *late, "Finished", "🚫 Room full", "↩ One step back"],
        ["▶ Next: A3-3", *late, "Finished", "🚫 Room full", "↩ One step back"],
        *[["▶ Next: A3-3", *late, "Finished", "There is room", "↩ One step back"]] * 3,
        ["It is over", "Not yet"],
        ["↩ Not over yet"],
    ]
