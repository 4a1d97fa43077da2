"""Instructions of staff, written as loosely as people write when they are in a hurry."""

from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
import yaml

from bot.app import App
from bot.domain.problem import Problem
from bot.search.imperatives import instructed
from bot.services import planning
from bot.services.planning import Missing

Read = Callable[[str, str], Coroutine[None, None, str]]


@pytest.fixture
def read(app: App) -> Read:
    """How an instruction is read: the command by codes and names; what is missing behind a question mark."""

    async def plan(kind: str, words: str) -> str:
        timetable = app.edition.timetable
        codes = {f"#s{slot.id}": slot.code or slot.title for slot in timetable.slots}
        codes |= {f"#t{event.talk.id}": event.talk.code for event in timetable.events}
        codes |= {f"#r{room.id}": room.name.removeprefix("友谊宫 ") for room in timetable.programme.rooms}
        try:
            outcome = await planning.plan(app.db, app.edition, kind, words, now=app.clock.now())
        except Problem as problem:
            return problem.key
        said = " ".join(codes.get(word, word) for word in outcome.asked.split(" "))
        return f"{said} ? {outcome.what}" if isinstance(outcome, Missing) else said

    return plan


@pytest.mark.parametrize(
    ("kind", "words", "meant"),
    [
        ("move", "A3 友谊宫 聚英厅", "move A3 聚英厅"),
        ("move", "聚英厅 a3", "move A3 聚英厅"),
        ("move", "A3改到聚英厅", "move A3 聚英厅"),
        ("move", "a3专题 7号", "move A3 7 号"),
        ("move", "把A3换到七号会议室", "move A3 7 号"),
        ("move", "A3 to the main hall", "move A3 聚英厅"),
        ("move", "深度学习理论 聚英厅", "move A1 聚英厅"),
        ("move", "A3-2 聚英厅", "move A3 聚英厅"),
        ("move", "圆桌论坛 5号", "move 圆桌论坛 5 号"),
        ("move", "A3 友谊宫 3号", "move A3 ? room"),
        ("move", "A3 +友谊宫 3号", "move A3 +友谊宫 3号"),
        ("move", "", "move ? session"),
        ("move", "please move A3 to room 5", "move A3 5 号"),
        ("move", "Could you move A3 into the main hall?", "move A3 聚英厅"),
        ("move", "A3 has moved to room 5", "move A3 5 号"),
        ("move", "move Deep Learning Theory to the main hall", "move A1 聚英厅"),
        ("move", "move A3 to Room 99", "move A3 ? room"),
        ("retime", "A3 14:00-16:00", "retime A3 2025-08-09 14:00-16:00"),
        ("retime", "A3 14：00到16：00", "retime A3 2025-08-09 14:00-16:00"),
        ("retime", "A3 下午三点到五点", "retime A3 2025-08-09 15:00-17:00"),
        ("retime", "A3 14:00", "retime A3 2025-08-09 14:00-16:00"),
        ("retime", "A3 14:00-14:00", "change.backwards"),
        ("retime", "A3 16:00-14:00", "change.backwards"),
        ("retime", "A3 23:30-00:30", "retime A3 2025-08-09 23:30-00:30"),
        ("retime", "A3 2024-08-09 14:00-16:00", "change.far-day"),
        ("retime", "A3 2099-12-31 14:00-16:00", "change.far-day"),
        ("retime", "A3 2025-08-11 09:00-10:00", "retime A3 2025-08-11 09:00-10:00"),
        ("swap", "A3-1 A3-1", "swap A3-1 A3-1"),
        ("addroom", "🏠", "addroom ? newroom"),
        ("addroom", "-", "addroom ? newroom"),
        ("addroom", "长" * 301, "change.too-long"),
        ("setspeaker", "A3-2 -", "setspeaker A3-2 ? speakers"),
        ("setspeaker", "A3-2 🐼", "setspeaker A3-2 ? speakers"),
        ("setspeaker", "A3-2 " + "张" * 301, "change.too-long"),
        ("addtalk", "A3 /", "addtalk A3 ? newtalk"),
        ("retime", "A3 明天 14:00-16:00", "retime A3 2025-08-10 14:00-16:00"),
        ("retime", "8月10日 22:30-00:30 A3", "retime A3 2025-08-10 22:30-00:30"),
        ("retime", "A3-2 14:00-14:20", "retime A3-2 2025-08-09 14:00-14:20"),
        ("retime", "A3", "retime A3 ? times"),
        ("delay", "A3 15", "delay A3 15"),
        ("delay", "A3推迟15分钟", "delay A3 15"),
        ("delay", "A3 半小时", "delay A3 30"),
        ("delay", "A3 提前10分钟", "delay A3 -10"),
        ("delay", "A3早5分钟", "delay A3 -5"),
        ("delay", "A3晚点一刻钟", "delay A3 15"),
        ("move", "A3换5号", "move A3 5 号"),
        ("swap", "把A3和A1换一下", "swap A3 A1"),
        ("delay", "A3-2 -5", "delay A3-2 -5"),
        ("delay", "A3-2及之后 10", "delay A3-2 #on 10"),
        ("delay", "A3-2 and after 10", "delay A3-2 #on 10"),
        ("delay", "room 7 15", "delay 7 号 15"),
        ("delay", "7号晚15分钟", "delay 7 号 15"),
        ("retime", "move A3 to 14:10", "retime A3 2025-08-09 14:10-16:10"),
        ("retime", "A3 starts at 2:10 pm", "retime A3 2025-08-09 14:10-16:10"),
        ("retime", "reschedule A3 to 14:10-16:00 tomorrow", "retime A3 2025-08-10 14:10-16:00"),
        ("delay", "A3", "delay A3 ? minutes"),
        *(("delay", f"A3 {count}", "delay A3 ? minutes") for count in ("1e9", "1.5", "1,000", "1000", "15-20", "15x")),
        *(
            ("delay", f"A3 {count}", "delay A3 90")
            for count in ("1.5小时", "1小时30分", "1 h 30 min", "1.5h", "一个半小时")
        ),
        ("delay", "A3 2000 minutes", "delay A3 ? minutes"),
        ("delay", "A3 by an hour and 20 minutes, A3-2 too", "delay 80m ? thing"),
        ("delay", "A3 15, 16", "delay A3 15"),
        ("delay", "A3 starts 15 minutes late", "delay A3 15"),
        ("delay", "A3 starts half an hour early", "delay A3 -30"),
        ("delay", "bring A3 forward by 10 minutes", "delay A3 -10"),
        ("delay", "A3-2 and those after are 10 minutes late", "delay A3-2 #on 10"),
        ("delay", "room 7 runs 20 minutes late", "delay 7 号 20"),
        ("calloff", "取消A3-2", "calloff A3-2"),
        ("calloff", "cancel A3-2", "calloff A3-2"),
        ("calloff", "A3-2 is cancelled", "calloff A3-2"),
        ("restore", "A3-2 is back on", "restore A3-2"),
        ("swap", "swap A3 with A1", "swap A3 A1"),
        ("calloff", "董彬", "calloff INV-1"),
        ("calloff", "午餐", "calloff ? thing"),
        ("swap", "A3和A1互换", "swap A3 A1"),
        ("swap", "A3-1 A3-2", "swap A3-1 A3-2"),
        ("swap", "A3-1 A1-1", "change.swap-apart"),
        ("swap", "A3-1 A1", "change.swap-unlike"),
        ("setspeaker", "A3-2 Bin Dong and 刘徽 (魏国)", "setspeaker A3-2 Bin Dong and 刘徽 (魏国)"),
        ("settitle", "A3-2: On A-B tests", "settitle A3-2 On A-B tests"),
        ("settitle", "A3-2", "settitle A3-2 ? title"),
        ("addroom", "Now and Then Hall", "addroom +Now and Then Hall"),
        ("addroom", "友谊宫7号", "change.room-known"),
        ("settitle", "A3-2 改为 In search of move structures", "settitle A3-2 In search of move structures"),
        ("note", "A3 please bring a laptop", "note A3 please bring a laptop"),
        ("note", "A3 请带电脑 / Bring a laptop", "note A3 请带电脑 / Bring a laptop"),
    ],
)
async def test_an_instruction_is_read_as_it_is_meant(read: Read, kind: str, words: str, meant: str) -> None:
    assert await read(kind, words) == meant


async def test_a_room_is_added_as_the_others_of_its_house_are_called(app: App) -> None:
    plan = await planning.plan(app.db, app.edition, "addroom", "友谊宫3号", now=app.clock.now())

    assert not isinstance(plan, Missing)
    facts = plan.edit[0].after
    assert (facts["name"], facts["english"], facts["number"]) == ("友谊宫 3 号", "Friendship Palace Room 3", 3)


async def test_a_reason_is_kept_and_is_no_part_of_the_room(app: App) -> None:
    plan = await planning.plan(app.db, app.edition, "move", "A3 聚英厅 因为人太多", now=app.clock.now())

    assert not isinstance(plan, Missing)
    assert (plan.reason, [setting.after for setting in plan.edit]) == ("人太多", ["友谊宫 聚英厅"])


SAID = {
    "move": (
        "A3 改到 聚英厅",
        "把A3换到7号",
        "A3换7号",
        "A3换聚英厅",
        "move A3 to room 5",
        "Please move A3 to the main hall",
        "A3 is moved to room 5",
        "A3 is now in room 5",
        "Could you move A3 to room 5?",
    ),
    "delay": (
        "A3推迟15分钟",
        "7号推迟半小时",
        "A3晚15分钟",
        "7号晚点一刻钟开始",
        "A3早5分钟",
        "A3 starts 15 minutes late",
        "delay A3 by 15 minutes",
        "push A3 back 10 min",
        "A3-2 starts 10 minutes earlier",
        "room 7 runs 20 minutes behind",
        "A3 is delayed by half an hour",
        "A3 starts late",
    ),
    "retime": (
        "A3改到14:00",
        "推迟A3到15:00",
        "A3 starts at 14:00",
        "move A3 to 14:00",
        "A3 is postponed to 3 pm",
        "reschedule A3 to 14:00-16:00",
    ),
    "calloff": (
        "取消A3-2",
        "A3-2取消了",
        "cancel A3-2",
        "A3-2 is cancelled",
        "A3-2 canceled because the speaker is ill",
        "call off A3-2",
    ),
    "restore": ("A3-2恢复", "restore A3-2", "A3-2 is back on"),
    "swap": ("A3和A1互换", "把A3和A1换一下", "swap A3 and A1", "please swap A3-1 with A3-2"),
}
ASKED = (
    "A3",
    "扩散模型",
    "交换代数",
    "A3 在哪",
    "A3改到哪了",
    "A3改到几点了",
    "A3-2取消了吗",
    "A3取消了？",
    "A3推迟了多久",
    "A3晚15分钟吗",
    "A3晚了多少分钟",
    "今晚 8点15分 7号",
    "早上8点15分7号",
    "7号换成什么了",
    "is A3 late",
    "Is A3 15 minutes late?",
    "A3-2 cancelled?",
    "is A3-2 cancelled",
    "did A3 move to room 5",
    "has A3 been moved to room 5",
    "who moved A3 to room 5",
    "when does A3 start",
    "does A3 start at 14:00",
    "why was A3 cancelled",
    "can I swap A3 and A1",
    "which talks in A3 were cancelled",
    "where is A3 now",
    "how late is A3",
    "what is on in room 7 later today",
    "talks in A3 late in the afternoon",
    "room 5 at 14:00",
    "room 7 later",
    "how do I move to hall 2",
    "next in room 7",
    "exchange economies",
    "cancelled talks",
    "move",
    "late",
)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAID.items() for text in texts])
def test_a_sentence_that_says_what_to_do_with_what_is_an_instruction(kind: str, text: str) -> None:
    assert instructed(text) == kind


@pytest.mark.parametrize("text", ASKED)
def test_a_question_is_no_instruction(text: str) -> None:
    assert instructed(text) is None


def test_no_sentence_that_attendees_ask_is_an_instruction() -> None:
    asked = [
        one["text"]
        for name in ("sentences.tune.yaml", "sentences.held.yaml")
        for one in yaml.safe_load((Path(__file__).parents[1] / "eval" / name).read_text("utf-8"))
    ]
    assert [text for text in asked if instructed(text)] == []
