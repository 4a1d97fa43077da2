"""Two staff change the programme before fifty attendees: the ledger says exactly who was told what."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from staffed import EVENING, MINUTE, Office, all_of, at, button, office, slot
from telegram_bot import all_settled

from bot.app import App
from bot.commands.table import COMMANDS
from bot.sandbox.box import sandbox
from bot.store import programmes

TITLE = "🔄 安排有变动"
A3 = "A3 Optimization for AI"
A3_2 = "A3-2 Physics-Assisted and Topology-Informed Deep Learning for Weather Prediction"
A3_1 = "A3-1 面向生成模型的高效训练与推理算法"
A1 = "A1 深度学习理论"
WHEN = "时间：8月9日 周六 13:30–15:30"
WHEN_2 = "时间：8月9日 周六 ≈14:00–14:30"
TO_HALL = "会场：友谊宫 1 号 → 友谊宫 聚英厅"


def notice(*lines: str) -> str:
    return "\n".join((f"{TITLE}\n", *lines))


def to_hall(desk: Office) -> dict[str, list[str]]:
    """What is heard when A3 goes to the main hall."""
    return all_of(desk.of_a3, notice(A3, WHEN, TO_HALL)) | all_of(desk.of_a3_2, notice(A3_2, WHEN_2, TO_HALL))


@pytest.fixture
async def desk(app: App) -> AsyncIterator[Office]:
    """The evening before."""
    app.clock.set(now=at(app, EVENING))
    async with sandbox() as box, office(app, box) as opened:
        yield opened


async def test_a_move_to_the_main_hall_is_seen_before_and_told_to_starrers_after_the_quiet_time(desk: Office) -> None:
    seen = await desk.ask(desk.qin, "/move A3 友谊宫 聚英厅")
    done = await desk.press(desk.qin, seen, "✅")
    before = desk.told()
    await desk.pass_()

    assert seen.text.splitlines()[:7] == [
        "换会场", "", A3, TO_HALL, "", "涉及 20 人，确认后 60 秒发出通知，其间撤销则无人知晓。", "",
    ]  # fmt: skip
    assert done.text.splitlines() == ["✅ 换会场　已完成", "", A3, TO_HALL, "", "20:01 通知 20 人。"]
    assert (before, desk.told()) == ({}, to_hall(desk))


async def test_plain_sentences_change_the_programme_for_staff_and_for_nobody_else(desk: Office) -> None:
    said = ["move A3 to the main hall", "A3 starts 15 minutes late", "move A3 to 14:10", "cancel A3-2"]
    titles = ["换会场", "推迟或提前", "改时间", "取消"]
    seen = [await desk.ask(desk.qin, words) for words in said]
    asked = await desk.ask(desk.qin, "is A3 15 minutes late?")
    others = [(await desk.ask(desk.crowd[4], words)).text.splitlines()[0] for words in said]

    assert [one.text.splitlines()[0] for one in seen] == titles
    assert {asked.text.splitlines()[0], *others} & {*titles} == set()


async def test_tell_now_waits_for_nothing(desk: Office) -> None:
    await desk.do(desk.qin, "A3 改到 聚英厅", "⚡")
    await desk.pass_(timedelta())

    assert desk.told() == to_hall(desk)


async def test_a_room_that_nobody_knows_is_offered_to_be_added(desk: Office) -> None:
    unknown = await desk.ask(desk.qin, "/move A3 友谊宫 3号")
    seen = await desk.press(desk.qin, unknown, "＋ 新增 友谊宫 3 号")
    await desk.press(desk.qin, seen, "✅")
    await desk.pass_()

    room = "会场：友谊宫 1 号 → 友谊宫 3 号"
    assert unknown.text.splitlines()[0] == "没有找到会场“友谊宫 3号”。"
    assert desk.told() == all_of(desk.of_a3, notice(A3, WHEN, room)) | all_of(desk.of_a3_2, notice(A3_2, WHEN_2, room))
    assert (await desk.ask(desk.crowd[4], "/room 友谊宫3号")).text.splitlines()[0] == "友谊宫 3 号"


async def test_a_room_in_use_is_refused_and_the_two_rooms_are_swapped_instead(desk: Office) -> None:
    refused = await desk.ask(desk.qin, "/move A3 5号")
    swap = await desk.press(desk.qin, refused, "🔁 A3 与 A1")
    await desk.press(desk.qin, swap, "✅")
    await desk.pass_()

    there, back = "会场：友谊宫 1 号 → 友谊宫 5 号", "会场：友谊宫 5 号 → 友谊宫 1 号"
    assert refused.text.splitlines()[-2:] == [
        "⚠️ 友谊宫 5 号：8月9日 周六 13:30–15:30，A1 与 A3 冲突。",
        "这样不能确认，请选别的办法：",
    ]
    assert [[one.text for one in row] for row in refused.buttons] == [
        ["🔁 A3 与 A1 对调会场"],
        ["友谊宫 聚英厅"],
        ["✏️ 修改", "放弃"],
    ]
    assert desk.told() == (
        all_of(desk.of_a3, notice(A3, WHEN, there))
        | all_of(desk.of_a3_2, notice(A3_2, WHEN_2, there))
        | all_of(desk.of_a1, notice(A1, WHEN, back))
    )


async def test_two_talks_of_a_session_swap_their_times(desk: Office) -> None:
    await desk.do(desk.qin, "/swap A3-1 A3-2")
    await desk.pass_()

    first, second = "时间：13:30–15:30 → 14:00–14:30", "时间：13:30–15:30 → 13:30–14:00"
    assert desk.told() == (
        all_of(desk.of_a3, f"{notice(A3_2, second)}\n\n{A3_1}\n{first}") | all_of(desk.of_a3_2, notice(A3_2, second))
    )


async def test_a_delay_is_told_with_the_times_before_and_after(desk: Office) -> None:
    await desk.do(desk.qin, "A3推迟15分钟")
    await desk.pass_()

    times = "时间：13:30–15:30 → 13:45–15:45"
    assert desk.told() == all_of(desk.of_a3, notice(A3, times)) | all_of(desk.of_a3_2, notice(A3_2, times))


async def test_everything_in_a_room_is_late_from_now_on(desk: Office) -> None:
    desk.app.clock.set(now=at(desk.app, "2025-08-09T12:00"))
    seen = await desk.ask(desk.qin, "/delay 1号 10")
    await desk.press(desk.qin, seen, "✅")
    await desk.pass_()

    times = "时间：13:30–15:30 → 13:40–15:40"
    assert [line for line in seen.text.splitlines() if line.startswith(("A", "B"))][:2] == [
        A3, "B6 量子计算理论与方法",
    ]  # fmt: skip
    assert desk.told() == all_of(desk.of_a3, notice(A3, times)) | all_of(desk.of_a3_2, notice(A3_2, times))


async def test_what_is_called_off_and_later_restored_is_told_both_times(desk: Office) -> None:
    await desk.do(desk.qin, "/calloff A3-2")
    await desk.pass_()
    await desk.do(desk.li, "/restore A3-2")
    await desk.pass_()

    off = notice(A3_2, "⚠️ 已取消（原定8月9日 周六 ≈14:00）")
    on = notice(A3_2, "恢复举行", WHEN_2)
    assert desk.told() == all_of([*desk.of_a3, *desk.of_a3_2], off, on)


async def test_a_session_is_moved_past_midnight_of_the_conference_s_zone(desk: Office) -> None:
    await desk.do(desk.qin, "/retime A3 23:30-00:30")
    await desk.pass_()

    times = "时间：13:30–15:30 → 23:30–00:30"
    moved = slot(desk.app, "A3")
    assert (moved.start.isoformat(), moved.end.isoformat()) == (
        "2025-08-09T15:30:00+00:00",
        "2025-08-09T16:30:00+00:00",
    )
    assert desk.told() == all_of(desk.of_a3, notice(A3, times)) | all_of(desk.of_a3_2, notice(A3_2, times))


async def test_what_is_undone_within_the_quiet_time_was_never_said(desk: Office) -> None:
    done = await desk.do(desk.qin, "/move A3 聚英厅")
    undo = await desk.press(desk.qin, done, "↩️")
    await desk.press(desk.qin, undo, "✅")
    await desk.pass_()

    assert undo.text.splitlines()[-1] == "这项修改还没有通知出去，现在撤销，谁也不会收到。"
    assert desk.told() == {}


async def test_what_is_undone_later_is_told_like_any_change(desk: Office) -> None:
    await desk.do(desk.qin, "/move A3 聚英厅")
    await desk.pass_()
    seen = await desk.ask(desk.li, "/undo")
    await desk.press(desk.li, seen, "✅")
    await desk.pass_()

    back = "会场：友谊宫 聚英厅 → 友谊宫 1 号"
    expected = to_hall(desk)
    for person in desk.of_a3:
        expected[person.first_name].append(notice(A3, WHEN, back))
    for person in desk.of_a3_2:
        expected[person.first_name].append(notice(A3_2, WHEN_2, back))
    assert desk.told() == expected


async def test_there_and_back_is_told_to_nobody(desk: Office) -> None:
    await desk.do(desk.qin, "/move A3 聚英厅")
    await desk.do(desk.li, "/move A3 1号")
    await desk.pass_()

    assert desk.told() == {}


async def test_three_edits_in_a_minute_are_one_message(desk: Office) -> None:
    await desk.do(desk.qin, "/move A3 聚英厅")
    await desk.pass_(MINUTE / 4)
    await desk.do(desk.qin, "/delay A3 15")
    await desk.pass_(MINUTE / 4)
    await desk.do(desk.li, "/delay A3 -5")
    await desk.pass_()

    both = ("时间：13:30–15:30 → 13:40–15:40", TO_HALL)
    assert desk.told() == all_of(desk.of_a3, notice(A3, *both)) | all_of(desk.of_a3_2, notice(A3_2, *both))


async def test_of_two_who_edit_the_same_session_the_second_sees_it_drawn_anew(desk: Office) -> None:
    first = await desk.ask(desk.qin, "/move A3 聚英厅")
    second = await desk.ask(desk.li, "/retime A3 14:00-16:00")
    third = await desk.ask(desk.li, "/move A3 5号")
    await desk.press(desk.qin, first, "✅")
    done = await desk.press(desk.li, second, "✅")  # another field: nothing to quarrel about
    late = await desk.ask(desk.li, "/move A3 聚英厅")
    await desk.pass_()

    assert done.text.splitlines()[0] == "✅ 改时间　已完成"
    assert late.text == "现在就是这样，没有需要修改的。"
    assert "✅" not in "".join(one.text for row in third.buttons for one in row)
    both = ("时间：13:30–15:30 → 14:00–16:00", TO_HALL)
    assert desk.told() == all_of(desk.of_a3, notice(A3, *both)) | all_of(desk.of_a3_2, notice(A3_2, *both))


async def test_a_stale_preview_is_refused_and_redrawn(desk: Office) -> None:
    first = await desk.ask(desk.qin, "/move A3 聚英厅")
    second = await desk.ask(desk.li, "/move A3 友谊宫3号")
    second = await desk.press(desk.li, second, "＋")
    await desk.press(desk.qin, first, "✅")
    redrawn = await desk.press(desk.li, second, "✅")
    await desk.press(desk.li, redrawn, "✅")
    await desk.pass_()

    assert redrawn.text.splitlines()[:7] == [
        "在您之前有人改过这里了，请看最新的情况再决定。", "换会场", "", "新增会场：友谊宫 3 号", "", A3,
        "会场：友谊宫 聚英厅 → 友谊宫 3 号",
    ]  # fmt: skip
    room = "会场：友谊宫 1 号 → 友谊宫 3 号"
    assert desk.told() == all_of(desk.of_a3, notice(A3, WHEN, room)) | all_of(desk.of_a3_2, notice(A3_2, WHEN_2, room))


async def test_who_presses_twice_changes_once_and_reads_the_same_twice(desk: Office) -> None:
    seen = await desk.ask(desk.qin, "/move A3 聚英厅")
    await asyncio.gather(
        *(desk.box.answered(desk.box.press(desk.qin, seen.message_id, button(seen, "✅"))) for _ in range(2))
    )
    await desk.pass_()

    edits = [entry.params["text"] for entry in desk.box.requests("editMessageText", chat=desk.qin)]
    async with desk.app.db.snapshot() as conn:
        made = list(await conn.execute_fetchall("SELECT kind FROM changes"))
    assert (len(edits), len(set(edits)), len(made)) == (2, 1, 1)
    assert desk.told() == to_hall(desk)


async def test_an_update_delivered_twice_changes_once(desk: Office) -> None:
    seen = await desk.ask(desk.qin, "/move A3 聚英厅")
    pressed = desk.box.press(desk.qin, seen.message_id, button(seen, "✅"))
    update = desk.box.pending[-1]["update_id"]
    await desk.box.answered(pressed)
    desk.box.duplicate(update)
    await all_settled(desk.box, desk.app)
    await desk.pass_()

    async with desk.app.db.snapshot() as conn:
        made = list(await conn.execute_fetchall("SELECT kind FROM changes"))
    assert (len(made), desk.told()) == (1, to_hall(desk))


async def test_an_attendee_who_tries_every_staff_command_changes_nothing_and_learns_nothing(desk: Office) -> None:
    who = desk.crowd[4]
    async with desk.app.db.snapshot() as conn:
        before = await programmes.revision(conn)
    unknown = (await desk.ask(who, "/nonsense")).text
    tried = [command.name for command in COMMANDS.values() if command.needs is not None]
    answers = [(await desk.ask(who, f"/{name} A3 聚英厅")).text for name in tried]
    async with desk.app.db.snapshot() as conn:
        after = await programmes.revision(conn)

    assert answers == [unknown.replace("nonsense", name) for name in tried]
    assert (await desk.ask(who, "A3 改到 聚英厅")).text.splitlines()[0] != "换会场"
    assert before == after


async def test_what_everybody_goes_to_concerns_everybody(desk: Office) -> None:
    seen = await desk.ask(desk.qin, "/retime 圆桌论坛 10:45-12:00")
    await desk.press(desk.qin, seen, "✅")
    await desk.pass_()

    text = notice("圆桌论坛", "时间：10:30–12:00 → 10:45–12:00")
    assert desk.told() == all_of(desk.crowd, text)
    assert desk.told(of=[desk.qin])["Qin"][-1] == text


async def test_a_question_is_answered_by_the_next_message_and_cancel_leaves_it(desk: Office) -> None:
    asked = await desk.ask(desk.qin, "/settitle A3-2")
    seen = await desk.ask(desk.qin, "割圆术")
    await desk.ask(desk.li, "/settitle A3-2")
    left = await desk.ask(desk.li, "/cancel")
    searched = await desk.ask(desk.li, "割圆术")

    assert asked.text.splitlines()[0] == f"改题目：{A3_2} 的新题目是？"
    assert seen.text.splitlines()[3] == f"题目：{A3_2.removeprefix('A3-2 ')} → 割圆术"
    assert left.text == "已退出，什么都没有变。"
    assert searched.text.splitlines()[0] == "没有找到与“割圆术”有关的内容。"


async def test_step_by_step_with_buttons_alone(desk: Office) -> None:
    step = await desk.ask(desk.qin, "/move")
    for label in ("8月10日 10:10", "8月9日 13:30", "A3", "友谊宫 聚英厅", "✅"):
        step = await desk.press(desk.qin, step, label)
    await desk.pass_()

    assert desk.told() == to_hall(desk)


async def test_what_stands_in_the_way_is_said_in_the_readers_words(desk: Office) -> None:
    await desk.ask(desk.qin, "/lang en")
    taken = await desk.ask(desk.qin, "/move A3 room 5")
    busy = await desk.ask(desk.qin, "/retime A3 16:00-18:00")
    far = [await desk.ask(desk.qin, f"/retime A3 {day} 14:00-16:00") for day in ("2025-08-20", "2024-08-09")]

    assert [line for one in (taken, busy) for line in one.text.splitlines() if line.startswith("⚠️")] == [
        "⚠️ Friendship Palace Room 5 友谊宫 5 号 is taken by both A1 and A3, Sat 9 Aug 13:30–15:30.",
        "⚠️ Friendship Palace Room 1 友谊宫 1 号 is taken by both A3 and B6, Sat 9 Aug 16:00–18:00.",
        "⚠️ Kun Yuan 袁坤 is in both A3 and B8, Sat 9 Aug 16:00–18:00.",
    ]
    assert [one.text for one in far] == [
        f"{day} is not a day of this conference. Please choose one from Fri 8 Aug to Mon 11 Aug."
        for day in ("Wed 20 Aug", "2024-08-09")
    ]


async def test_what_can_be_pressed_may_be_typed_and_what_is_no_answer_is_answered(desk: Office) -> None:
    said = [
        "/move",
        "下一场",
        "A3",
        "聚英厅",
        "/delay A3",
        "12",
        "/delay",
        "A3 改到 聚英厅",
        "/swap A3-1",
        "A3-4",
        "A3-4",
    ]
    seen = [(await desk.ask(desk.qin, one)).text.splitlines()[0] for one in said]
    left = [(await desk.ask(desk.li, one)).text for one in ("/restore", "/cancel", "/move", "/cancel")]

    assert seen == [
        "换会场：哪一场？", "大会还没有开始，8月9日 周六 08:20 开始。",
        "换会场：A3 Optimization for AI 换到哪里？", "换会场",
        "推迟或提前：A3 Optimization for AI 推迟几分钟？", "推迟或提前", "推迟或提前：哪一场、哪个报告？", "换会场",
        "对调：A3-1 面向生成模型的高效训练与推理算法 和哪个对调？", "对调",
        "Distributed Learning over Arbitrary Topology: Linear Speed-Up with Polynomial Transient Time",
    ]  # fmt: skip
    assert [*left[:2], left[3]] == ["没有被取消的安排。", "现在没有正在进行的操作。", "已退出，什么都没有变。"]


async def test_a_note_in_both_languages_is_shown_to_whoever_writes_it(desk: Office) -> None:
    seen = await desk.ask(desk.qin, "/note A3 Bring a laptop / 请带电脑")

    assert seen.text.splitlines()[:4] == ["备注", "", A3, "备注：请带电脑 / Bring a laptop"]


async def test_a_room_that_is_late_is_asked_about_and_refused_as_a_room(desk: Office) -> None:
    await desk.ask(desk.qin, "/lang en")
    asked = await desk.ask(desk.qin, "/delay room 7")
    desk.app.clock.set(now=at(desk.app, "2025-08-10T19:00"))
    over = await desk.ask(desk.qin, "/delay room 7")

    assert asked.text == "Delay: Friendship Palace Room 7 友谊宫 7 号, by how many minutes?"
    assert over.text == "Nothing more is planned in Friendship Palace Room 7 友谊宫 7 号."


async def test_what_was_done_is_said_as_it_was_shown_before(desk: Office) -> None:
    asked = ("/delay A3-3 20", "/move A3 +友谊宫 3号", "/addtalk A3 割圆术 / 刘徽（魏国）", "/calloff A3-3", "/undo")
    lines = []
    for words in asked:
        seen = await desk.ask(desk.qin, words)
        done = await desk.press(desk.qin, seen, "✅")
        lines.append(
            [[one for one in each.text.split("\n\n")[1:] if "→" in one or "新增" in one] for each in (seen, done)]
        )

    assert lines[0][1] == [
        "A3-3 On the Complexity of Distributed Nonconvex Optimization\n时间：≈14:30–15:00 → 14:50–15:20"
    ]
    assert [done == seen[: len(done)] for seen, done in lines] == [True] * len(asked)


async def test_a_session_that_is_late_is_swapped_with_what_runs_beside_it(desk: Office) -> None:
    await desk.do(desk.qin, "/delay A3 15")
    asked = await desk.ask(desk.qin, "/swap A3")

    assert [row[0].text.split()[0] for row in asked.buttons] == ["A1", "A2", "A4", "A5", "A6", "A7", "A8", "退出"]
