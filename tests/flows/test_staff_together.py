"""Staff who work at the same moment, and everybody who may be concerned: each hears what is theirs, and nobody else."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from staffed import EVENING, MINUTE, Office, all_of, at, button, office, slot

from bot.app import App
from bot.sandbox.box import sandbox
from bot.sandbox.state import User as Person
from bot.services import acquaintance, stars
from bot.store import roles, users

TITLE = "🔄 安排有变动"
A3 = "A3 Optimization for AI"
A3_2 = "A3-2 Physics-Assisted and Topology-Informed Deep Learning for Weather Prediction"
WHEN = "时间：8月9日 周六 13:30–15:30"
WHEN_2 = "时间：8月9日 周六 ≈14:00–14:30"
DONE, LATE = "✅ 换会场　已完成", "在您之前有人改过这里了，请看最新的情况再决定。"
SO_ALREADY = "现在就是这样，没有需要修改的。"
HALL, ROOM_3 = "友谊宫 聚英厅", "友谊宫 3 号"


def notice(*lines: str) -> str:
    return "\n".join((f"{TITLE}\n", *lines))


def moved_to(desk: Office, room: str) -> dict[str, list[str]]:
    """What is heard when A3 goes there."""
    line = f"会场：友谊宫 1 号 → {room}"
    return all_of(desk.of_a3, notice(A3, WHEN, line)) | all_of(desk.of_a3_2, notice(A3_2, WHEN_2, line))


@pytest.fixture
async def desk(app: App) -> AsyncIterator[Office]:
    """The evening before."""
    app.clock.set(now=at(app, EVENING))
    async with sandbox() as box, office(app, box) as opened:
        yield opened


async def both_press(desk: Office, first: str, second: str) -> list[str]:
    """Qin and Li confirm what they asked for at the same moment. The first lines of what each sees then."""
    seen = [await desk.ask(desk.qin, first), await desk.ask(desk.li, second)]
    done = await asyncio.gather(
        *(desk.press(who, one, "✅") for who, one in zip((desk.qin, desk.li), seen, strict=True))
    )
    return [one.text.splitlines()[0] for one in done]


async def made(desk: Office) -> list[str]:
    """The kinds of the changes that were made."""
    async with desk.app.db.snapshot() as conn:
        rows = await conn.execute_fetchall("SELECT kind FROM changes ORDER BY id")
        return [row["kind"] for row in rows]


async def test_of_two_who_want_different_rooms_at_the_same_moment_one_is_first_and_that_is_told(desk: Office) -> None:
    await desk.do(desk.qin, "/addroom 友谊宫 3号")
    answers = await both_press(desk, "/move A3 聚英厅", "/move A3 友谊宫3号")
    await desk.pass_()

    first = answers.index(DONE)
    assert sorted(answers) == [DONE, LATE]
    assert await made(desk) == ["addroom", "move"]
    assert desk.told() == moved_to(desk, (HALL, ROOM_3)[first])


async def test_of_two_who_want_the_same_at_the_same_moment_it_is_made_and_told_once(desk: Office) -> None:
    answers = await both_press(desk, "/move A3 聚英厅", "A3 改到 聚英厅")
    await desk.pass_()

    assert sorted(answers) == [DONE, SO_ALREADY]
    assert await made(desk) == ["move"]
    assert desk.told() == moved_to(desk, HALL)


async def test_two_who_undo_the_same_at_the_same_moment_take_it_back_once(desk: Office) -> None:
    await desk.do(desk.qin, "/move A3 聚英厅")
    await desk.pass_()
    answers = await both_press(desk, "/undo", "/undo")
    await desk.pass_()

    back = f"会场：{HALL} → 友谊宫 1 号"
    expected = moved_to(desk, HALL)
    for people, lines in ((desk.of_a3, (A3, WHEN, back)), (desk.of_a3_2, (A3_2, WHEN_2, back))):
        for person in people:
            expected[person.first_name].append(notice(*lines))
    assert sorted(answers) == ["✅ 撤销　已完成", LATE]
    assert await made(desk) == ["move", "undo"]
    assert desk.told() == expected


async def test_a_room_that_two_want_at_the_same_moment_goes_to_one_session_alone(desk: Office) -> None:
    answers = await both_press(desk, "/move A3 聚英厅", "/move A1 聚英厅")
    await desk.app.refresh()

    rooms = [slot(desk.app, code).room for code in ("A3", "A1")]
    assert sorted(answers) == [DONE, LATE]
    assert rooms == ([HALL, "友谊宫 5 号"], ["友谊宫 1 号", HALL])[answers.index(DONE)]


async def test_a_session_that_is_called_off_and_restored_is_told_to_whoever_starred_any_of_it(desk: Office) -> None:
    await desk.do(desk.qin, "/calloff A3")
    await desk.pass_()
    await desk.do(desk.li, "/restore A3")
    await desk.pass_()

    off, off_2 = ("⚠️ 已取消（原定8月9日 周六 13:30）", "⚠️ 已取消（原定8月9日 周六 ≈14:00）")
    assert desk.told() == (
        all_of(desk.of_a3, notice(A3, off), notice(A3, "恢复举行", WHEN))
        | all_of(desk.of_a3_2, notice(A3_2, off_2), notice(A3_2, "恢复举行", WHEN_2))
    )


@pytest.fixture(params=["America/New_York", "UTC"])
def elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A machine that stands in another timezone."""
    zone: str = request.param
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    yield zone
    monkeypatch.undo()
    time.tzset()


async def test_a_retime_across_midnight_of_another_timezone_is_of_the_conference_s_own_day(
    elsewhere: str, desk: Office
) -> None:
    """12:00 at the conference is midnight in New York, 8:00 is midnight of UTC."""
    times, due = {"America/New_York": ("11:30–12:30", "11:20"), "UTC": ("07:30–08:30", "07:20")}[elsewhere]
    await desk.do(desk.qin, f"/retime A3 {times.replace('–', '-')}")
    await desk.pass_()
    await desk.come_to(f"2025-08-09T{due}")
    day = await desk.ask(desk.crowd[4], "/day 2025-08-09")

    line = f"时间：13:30–15:30 → {times}"
    started = f"⏰ 10 分钟后　≈{times[:5]} · 友谊宫 1 号"
    heard = {name: [texts[0], *(text.splitlines()[0] for text in texts[1:])] for name, texts in desk.told().items()}
    del heard["n4"]  # the answer to /day
    assert heard == all_of(desk.of_a3, notice(A3, line), started) | all_of(desk.of_a3_2, notice(A3_2, line))
    assert f"{times}　专题报告" in day.text


async def known(desk: Office, who: Person) -> int:
    return (await acquaintance.meet(desk.app.db, "telegram", str(who.id), "zh", now=desk.app.clock.now())).id


async def test_a_move_concerns_chairs_and_speakers_who_linked_themselves_and_nobody_who_does_not_care(
    desk: Office,
) -> None:
    chair, speaker, english, deaf, gone = desk.crowd[3], desk.crowd[8], desk.crowd[4], desk.crowd[5], desk.crowd[10]
    now = desk.app.clock.now()
    a3, talk = slot(desk.app, "A3"), desk.app.edition.timetable.event_by_code("A3-1")
    assert talk is not None
    async with desk.app.db.transaction() as tx:
        await roles.grant(tx, await known(desk, chair), "chair", a3.id, now=now)
        await roles.grant(tx, await known(desk, speaker), "speaker", talk.talk.id, now=now)
        await users.set_preference(tx, await known(desk, deaf), "notices", 0)
    for who, starred in ((english, True), (gone, False)):
        user = await acquaintance.meet(desk.app.db, "telegram", str(who.id), "zh", now=now)
        await stars.mark(desk.app.db, desk.app.edition.timetable, user, a3, starred=starred, now=now)
    async with desk.app.db.transaction() as tx:
        await users.choose_language(tx, await known(desk, english), "en")

    await desk.do(desk.qin, "/move A3 聚英厅")
    await desk.app.refresh()
    late = await desk.ask(desk.crowd[9], "/talk A3-3")
    await desk.box.answered(desk.box.press(desk.crowd[9], late.message_id, button(late, "☆")))
    await desk.pass_()

    line = f"会场：友谊宫 1 号 → {HALL}"
    told = desk.told()
    del told["n9"]  # the card that was asked for
    expected = moved_to(desk, HALL)
    del expected["n5"], expected["n10"]
    assert told == expected | {
        "n3": [notice(A3, WHEN, line)],
        "n8": [notice("A3-1 面向生成模型的高效训练与推理算法", "时间：8月9日 周六 ≈13:30–14:00", line)],
        "n4": [
            (
                "🔄 A change to your programme\n\nA3 Optimization for AI\nTime: Sat 9 Aug 13:30–15:30\n"
                "Room: Friendship Palace Room 1 友谊宫 1 号 → Friendship Palace Juying Hall 友谊宫 聚英厅"
            )
        ],
    }
    assert len(desk.told(of=[desk.crowd[9]])["n9"]) == 1


async def test_what_moves_while_its_session_runs_is_told_at_once(desk: Office) -> None:
    """The session began long ago, its last talk begins in ten minutes: whoever is on the way must hear of it now."""
    await desk.come_to("2025-08-09T14:50")
    seen = await desk.ask(desk.qin, "/move A3 聚英厅")
    done = await desk.press(desk.qin, seen, "✅")
    await desk.pass_(timedelta())

    line = notice(A3, WHEN, f"会场：友谊宫 1 号 → {HALL}")
    assert done.text.splitlines()[-1] == "正在通知 20 人。"
    assert [desk.told(of=[who])[who.first_name][1:] for who in desk.of_a3] == [[line]] * 10


async def test_a_mended_reminder_that_comes_before_the_notice_does_not_replace_it(desk: Office) -> None:
    """Reminded at ten to two, put off until the evening; then, hours ahead and in quiet, the room is another."""
    await desk.come_to("2025-08-09T13:50")
    await desk.do(desk.qin, "/retime A3 18:00-20:00")
    await desk.pass_(timedelta())
    await desk.come_to("2025-08-09T14:30")
    await desk.do(desk.qin, "/move A3 聚英厅")
    await desk.pass_(MINUTE / 4)
    mended = [desk.box.messages(who)[0].text.splitlines()[0] for who in desk.of_a3_2]
    before = [len(desk.told(of=[who])[who.first_name]) for who in desk.of_a3_2]
    await desk.pass_()

    line = notice(A3_2, "时间：8月9日 周六 ≈18:30–19:00", f"会场：友谊宫 1 号 → {HALL}")
    assert (set(mended), set(before)) == ({"⏰ 240 分钟后　≈18:30 · 友谊宫 聚英厅"}, {2})
    assert [desk.told(of=[who])[who.first_name][2:] for who in desk.of_a3_2] == [[line]] * 10


async def test_a_speaker_who_is_named_twice_is_one_and_a_talk_swapped_with_itself_stays(desk: Office) -> None:
    twice = await desk.ask(desk.qin, "/setspeaker A3-2 张三, 张三")
    same = await desk.ask(desk.qin, "/swap A3-1 A3-1")

    assert [line for line in twice.text.splitlines() if "张三" in line][:2] == ["新增人员：张三", "报告人：凌青 → 张三"]
    assert same.text == SO_ALREADY
