"""Speakers and chairs are told before it is their turn, and of every change to it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from staffed import Office, at, office

from bot.app import App
from bot.sandbox.box import sandbox
from bot.sandbox.state import User as Person
from bot.services import acquaintance, duties, live, reminders
from bot.store import roles, users

A3_2 = "A3-2 Physics-Assisted and Topology-Informed Deep Learning for Weather Prediction"
SPEAKER = [
    "🎤 20 分钟后您报告　≈14:00 · 友谊宫 1 号",
    A3_2,
    "之前 ≈13:30–14:00：A3-1 林涛",
    "专题：A3 Optimization for AI，13:30–15:30",
    "主持：袁坤",
]


@pytest.fixture
async def desk(app: App) -> AsyncIterator[Office]:
    """Half past twelve; n4 has starred nothing."""
    app.clock.set(now=at(app, "2025-08-09T12:30"))
    async with sandbox() as box, office(app, box) as opened:
        yield opened


async def serve(desk: Office, who: Person, code: str, *, notices: bool = True) -> None:
    """They chair the session, or speak in the talk."""
    timetable = desk.app.edition.timetable
    slot, event = timetable.session(code), timetable.event_by_code(code)
    user = await acquaintance.meet(desk.app.db, "telegram", str(who.id), "zh", now=desk.app.clock.now())
    async with desk.app.db.transaction() as tx:
        if slot is not None:
            await roles.grant(tx, user.id, "chair", slot.id, now=desk.app.clock.now())
        if event is not None:
            await roles.grant(tx, user.id, "speaker", event.talk.id, now=desk.app.clock.now())
        await users.set_preference(tx, user.id, "notices", int(notices))


async def until(desk: Office, time: str) -> None:
    """Conference time goes on, and everything that is due then is said."""
    desk.app.clock.set(now=at(desk.app, f"2025-08-09T{time}"))
    await desk.app.refresh()
    async with desk.app.db.transaction() as tx:  # as the bot does itself, but now
        now, timetable = desk.app.clock.now(), desk.app.edition.timetable
        await duties.look(tx, timetable, now=now)
        await reminders.look(tx, timetable, rate=None, now=now)
    await desk.settled()


async def test_a_speaker_is_told_twenty_minutes_before_where_to_be_and_what_runs_before(desk: Office) -> None:
    an = desk.crowd[4]
    await serve(desk, an, "A3-2")
    await until(desk, "13:39")
    before = desk.told(of=[an])
    await until(desk, "13:40")
    await until(desk, "13:50")

    assert (before, [text.splitlines() for text in desk.told(of=[an])["n4"]]) == ({}, [SPEAKER])


async def test_a_chair_is_told_of_the_session_with_its_talks(desk: Office) -> None:
    an = desk.crowd[4]
    await serve(desk, an, "A3")
    await until(desk, "13:10")
    said = desk.told(of=[an])["n4"][0].splitlines()

    assert said[:3] == [
        "🎙 20 分钟后您主持　13:30 · 友谊宫 1 号",
        "A3 Optimization for AI",
        "之前会场里没有安排。",
    ]
    assert [line.split("　")[1][:4] for line in said[3:]] == ["A3-1", "A3-2", "A3-3", "A3-4"]


async def test_who_chairs_and_speaks_at_one_moment_reads_one_message(desk: Office) -> None:
    an = desk.crowd[4]
    await serve(desk, an, "A3")
    await serve(desk, an, "A3-1")
    await until(desk, "13:10")

    assert [[line[:1] for line in text.splitlines()[:1]] for text in desk.told(of=[an])["n4"]] == [["🎙"]]
    assert "🎤 20 分钟后您报告" in desk.told(of=[an])["n4"][0]


async def test_a_talk_that_was_moved_is_told_at_its_new_time_and_one_called_off_is_not(desk: Office) -> None:
    an, bo = desk.crowd[4], desk.crowd[9]
    await serve(desk, an, "A3-2")
    await serve(desk, bo, "A3-3")
    await desk.do(desk.qin, "/retime A3-2 15:00-15:30")
    await desk.do(desk.qin, "/calloff A3-3")
    await desk.pass_()
    heard = {name: len(texts) for name, texts in desk.told(of=[an, bo]).items()}
    for time in ("13:40", "14:10", "14:40", "15:00"):
        await until(desk, time)

    assert heard == {"n4": 1, "n9": 1}
    assert [text.splitlines()[0] for text in desk.told(of=[an, bo])["n4"][1:]] == [
        "🎤 20 分钟后您报告　15:00 · 友谊宫 1 号"
    ]
    assert len(desk.told(of=[bo])["n9"]) == 1


async def test_whoever_was_told_and_starts_a_little_later_hears_of_the_change_and_no_second_time(desk: Office) -> None:
    an = desk.crowd[4]
    await serve(desk, an, "A3-2")
    await until(desk, "13:40")
    await desk.do(desk.qin, "/delay A3-2 5")
    await desk.pass_(timedelta())
    await until(desk, "13:46")

    assert [text.splitlines()[0] for text in desk.told(of=[an])["n4"]] == [SPEAKER[0], "🔄 安排有变动"]


@pytest.mark.parametrize("notices", [True, False])
async def test_a_speaker_and_a_chair_hear_of_every_change_whatever_they_have_starred_or_set(
    desk: Office, notices: bool
) -> None:
    an, bo, other = desk.crowd[4], desk.crowd[9], desk.crowd[14]
    await serve(desk, an, "A3-2", notices=notices)
    await serve(desk, bo, "A3", notices=notices)
    await desk.do(desk.qin, "/move A3 聚英厅")
    await desk.pass_()

    room = "会场：友谊宫 1 号 → 友谊宫 聚英厅"
    found = {name: [text.splitlines() for text in texts] for name, texts in desk.told(of=[an, bo, other]).items()}
    assert found == {
        "n4": [["🔄 安排有变动", "", A3_2, "时间：8月9日 周六 ≈14:00–14:30", room]],
        "n9": [["🔄 安排有变动", "", "A3 Optimization for AI", "时间：8月9日 周六 13:30–15:30", room]],
    }


async def test_a_speaker_who_wants_no_notices_hears_of_nothing_but_their_own(desk: Office) -> None:
    an = desk.crowd[4]
    await serve(desk, an, "A3-2", notices=False)
    await desk.do(desk.qin, "/move A1 聚英厅")
    await desk.do(desk.qin, "/retime 圆桌论坛 19:00-20:00")
    await desk.pass_()

    assert desk.told(of=[an]) == {}


async def test_a_role_that_is_taken_in_time_is_no_duty_and_one_that_comes_late_is_told_at_once(desk: Office) -> None:
    an, bo = desk.crowd[4], desk.crowd[9]
    await serve(desk, an, "A3-2")
    await until(desk, "13:39")
    user = await acquaintance.meet(desk.app.db, "telegram", str(an.id), "zh", now=desk.app.clock.now())
    talk = next(event.talk for event in desk.app.edition.timetable.events if event.talk.code == "A3-2")
    async with desk.app.db.transaction() as tx:
        await roles.take(tx, user.id, "speaker", talk.id)
    await until(desk, "13:52")
    await serve(desk, bo, "A3-2")
    await until(desk, "13:53")

    assert (desk.told(of=[an]), [text.splitlines()[0] for text in desk.told(of=[bo])["n9"]]) == (
        {},
        [SPEAKER[0].replace("20", "7")],
    )


async def test_the_bot_wakes_by_itself_when_a_duty_falls_due(desk: Office) -> None:
    an = desk.crowd[4]
    await serve(desk, an, "A3-2")
    desk.app.clock.set(now=at(desk.app, "2025-08-09T13:39:58"), speed=20)
    desk.app.alarm.ring()
    said = await desk.box.until(lambda: desk.told(of=[an]))

    assert [text.splitlines()[0] for text in said["n4"]] == [SPEAKER[0]]


async def test_what_a_speaker_was_told_says_the_new_time_when_the_session_runs_late_and_the_talk_begins(
    desk: Office,
) -> None:
    an = desk.crowd[4]
    timetable = desk.app.edition.timetable
    a3, a3_2 = timetable.session("A3"), timetable.event_by_code("A3-2")
    assert a3 is not None
    assert a3_2 is not None
    await serve(desk, an, "A3-2")
    await until(desk, "13:40")
    heard = []
    for time, word in (
        ("13:42", live.began(at(desk.app, "2025-08-09T13:42"))),
        ("14:07", live.late(12, 5)),
        ("14:08", live.talk(a3_2.talk.id, at(desk.app, "2025-08-09T14:08"))),
    ):
        await until(desk, time)
        await live.say(desk.app.db, a3.id, word)
        await until(desk, time)
        heard.append(desk.box.messages(an)[-1].text.splitlines()[:3])

    assert heard == [
        ["🎤 30 分钟后您报告　≈14:12 · 友谊宫 1 号", "⏱ 晚约 12 分钟（原计划 ≈14:00）", A3_2],
        ["🎤 您的报告　≈14:05 · 友谊宫 1 号", "⏱ 晚约 5 分钟（原计划 ≈14:00）", A3_2],
        ["🎤 您的报告　14:08 · 友谊宫 1 号", "⏱ 晚约 8 分钟", A3_2],
    ]
    assert len(desk.told(of=[an])["n4"]) == 1


async def test_what_a_speaker_was_told_of_a_talk_that_is_called_off_says_so(desk: Office) -> None:
    an = desk.crowd[4]
    await serve(desk, an, "A3-2")
    await until(desk, "13:40")
    first = desk.box.messages(an)[-1].message_id
    await desk.do(desk.qin, "/calloff A3-2")
    await until(desk, "13:45")
    told = next(one for one in desk.box.messages(an) if one.message_id == first)

    assert told.text.splitlines() == ["⚠️ 已取消（原定 ≈14:00）", A3_2]
