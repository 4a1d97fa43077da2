"""Instructions of staff, written as loosely as people write when they are in a hurry."""

from collections.abc import Callable, Coroutine

import pytest

from bot.app import App
from bot.domain.problem import Problem
from bot.search.instructions import instructed
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
        ("retime", "A3 14:00-16:00", "retime A3 2025-08-09 14:00-16:00"),
        ("retime", "A3 14：00到16：00", "retime A3 2025-08-09 14:00-16:00"),
        ("retime", "A3 下午三点到五点", "retime A3 2025-08-09 15:00-17:00"),
        ("retime", "A3 14:00", "retime A3 2025-08-09 14:00-16:00"),
        ("retime", "A3 明天 14:00-16:00", "retime A3 2025-08-10 14:00-16:00"),
        ("retime", "8月10日 22:30-00:30 A3", "retime A3 2025-08-10 22:30-00:30"),
        ("retime", "A3-2 14:00-14:20", "retime A3-2 2025-08-09 14:00-14:20"),
        ("retime", "A3", "retime A3 ? times"),
        ("delay", "A3 15", "delay A3 15"),
        ("delay", "A3推迟15分钟", "delay A3 15"),
        ("delay", "A3 半小时", "delay A3 30"),
        ("delay", "A3 提前10分钟", "delay A3 -10"),
        ("delay", "A3-2 -5", "delay A3-2 -5"),
        ("delay", "A3-2及之后 10", "delay A3-2 #on 10"),
        ("delay", "room 7 15", "delay 7 号 15"),
        ("delay", "7号晚15分钟", "delay 7 号 15"),
        ("delay", "A3", "delay A3 ? minutes"),
        ("calloff", "取消A3-2", "calloff A3-2"),
        ("calloff", "董彬", "calloff INV-1"),
        ("calloff", "午餐", "calloff ? thing"),
        ("swap", "A3和A1互换", "swap A3 A1"),
        ("swap", "A3-1 A3-2", "swap A3-1 A3-2"),
        ("swap", "A3-1 A1-1", "change.swap-apart"),
        ("swap", "A3-1 A1", "change.swap-unlike"),
        ("setspeaker", "A3-2 Bin Dong and 刘徽 (魏国)", "setspeaker A3-2 Bin Dong and 刘徽 (魏国)"),
        ("settitle", "A3-2: On A-B tests", "settitle A3-2 On A-B tests"),
        ("settitle", "A3-2", "settitle A3-2 ? title"),
        ("addroom", "友谊宫7号", "change.room-known"),
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


def test_a_sentence_is_an_instruction_only_if_it_says_what_to_do_with_what() -> None:
    said = {
        "A3 改到 聚英厅": "move", "A3改到14:00": "retime", "A3推迟15分钟": "delay", "取消A3-2": "calloff",
        "A3和A1互换": "swap", "A3-2恢复": "restore", "A3": None, "扩散模型": None, "交换代数": None, "A3 在哪": None,
    }  # fmt: skip
    assert {text: instructed(text) for text in said} == said
