"""The fourteen ways in which such systems fail, each as a test that it does not happen here."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import editing
import pytest
from staffed import at, slot
from telegram_bot import running_bot

from bot.app import App
from bot.channels.telegram.pacing import Rates
from bot.domain.user import User
from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.state import User as Person
from bot.services import acquaintance, reminders, stars
from bot.store.database import Database

MINUTE = timedelta(minutes=1)
NOON = "2025-08-09T12:00"
ROOM_1, HALL = "友谊宫 1 号", "友谊宫 聚英厅"
A3_2 = "A3-2 Physics-Assisted and Topology-Informed Deep Learning for Weather Prediction"


class World:
    """A bot, people with stars, and a clock that stands still until it is told."""

    def __init__(self, app: App, box: Sandbox) -> None:
        self.app = app
        self.box = box

    async def user(self, who: Person) -> User:
        return await acquaintance.meet(self.app.db, "telegram", str(who.id), "zh", now=self.app.clock.now())

    async def person(self, name: str, *codes: str) -> Person:
        who = self.box.user(name, language_code="zh", started=True)
        for code in codes:
            await self.star(who, code)
        return who

    async def star(self, who: Person, code: str, *, starred: bool = True) -> None:
        await self.app.refresh()
        timetable = self.app.edition.timetable
        thing = timetable.session(code) or timetable.event_by_code(code)
        assert thing is not None
        await stars.mark(self.app.db, timetable, await self.user(who), thing, starred=starred, now=self.app.clock.now())

    async def to(self, time: str) -> None:
        """Conference time comes to this moment, and all that is due by then is said."""
        self.app.clock.set(now=at(self.app, time))
        await self.settled()

    async def settled(self) -> None:
        now = self.app.clock.now()
        async with asyncio.timeout(30):
            await self.app.refresh()
            async with self.app.db.transaction() as tx:
                await reminders.look(tx, self.app.edition.timetable, rate=None, now=now)
            while await open_rows(self.app.db, now.isoformat()):
                self.app.alarm.ring()
                await asyncio.sleep(0)

    def heard(self, who: Person) -> list[str]:
        """What somebody got, each by its first line; a notice of a change by its lines."""
        texts = [entry.text or "" for entry in self.box.requests("sendMessage", chat=who) if entry.applied]
        return [text.removeprefix("🔄 安排有变动\n\n") if "🔄" in text else text.splitlines()[0] for text in texts]

    async def move(self, code: str, room: str) -> None:
        rooms = self.app.edition.timetable.programme.rooms
        room_id = next(one.id for one in rooms if one.name == room)
        await editing.move(self.app.db, slot(self.app, code).id, room_id, by=None, now=self.app.clock.now())

    async def retime(self, code: str, start: str, end: str) -> None:
        await editing.retime(
            self.app.db, "slot", slot(self.app, code).id, at(self.app, start), at(self.app, end), by=None,
            now=self.app.clock.now(),
        )  # fmt: skip


async def open_rows(db: Database, now: str) -> int:
    async with db.snapshot() as conn:
        rows = await conn.execute_fetchall(
            """
            SELECT count(*) AS number
              FROM outbox
             WHERE state IN ('waiting', 'sending', 'doubtful')
               AND (due IS NULL OR julianday(due) <= julianday(?))
            """,
            (now,),
        )
        return int(next(iter(rows))["number"])


@pytest.fixture
async def world(app: App) -> AsyncIterator[World]:
    app.clock.set(now=at(app, NOON))
    async with sandbox() as box:
        yield World(app, box)


async def test_1_a_sent_flag_that_is_never_cleared_a_moved_talk_is_reminded_of_again(world: World) -> None:
    an = await world.person("An", "A3-2")
    async with running_bot(world.app, world.box):
        await world.to("2025-08-09T13:50")
        await world.retime("A3", "2025-08-09T16:30", "2025-08-09T18:30")
        await world.to("2025-08-09T13:52")
        await world.to("2025-08-09T16:50")

    assert world.heard(an) == [
        "⏰ 10 分钟后　≈14:00 · 友谊宫 1 号",
        f"{A3_2}\n时间：13:30–15:30 → 16:30–18:30",
        "⏰ 10 分钟后　≈17:00 · 友谊宫 1 号",
    ]


async def test_2_an_alarm_at_the_old_time_there_is_none(world: World) -> None:
    an = await world.person("An", "A3-2")
    async with running_bot(world.app, world.box):
        await world.retime("A3", "2025-08-09T16:30", "2025-08-09T18:30")
        await world.to("2025-08-09T12:02")
        await world.to("2025-08-09T13:50")
        await world.to("2025-08-09T14:00")

    assert world.heard(an) == [f"{A3_2}\n时间：13:30–15:30 → 16:30–18:30"]


async def test_3_a_star_that_is_taken_away_reminds_of_nothing(world: World) -> None:
    an = await world.person("An", "A3-2")
    await world.star(an, "A3-2", starred=False)
    async with running_bot(world.app, world.box):
        await world.to("2025-08-09T13:50")

    assert world.heard(an) == []


async def test_4_what_falls_due_while_the_bot_is_down_is_said_when_it_is_back(world: World) -> None:
    an = await world.person("An", "A3-2")
    async with running_bot(world.app, world.box):
        pass
    world.app.clock.set(now=at(world.app, "2025-08-09T13:55"))
    async with running_bot(world.app, world.box):
        await world.settled()

    assert world.heard(an) == ["⏰ 5 分钟后　≈14:00 · 友谊宫 1 号"]


async def test_5_a_restart_repeats_nothing(world: World) -> None:
    an = await world.person("An", "A3-2")
    for _ in range(3):
        async with running_bot(world.app, world.box):
            await world.to("2025-08-09T13:50")

    assert world.heard(an) == ["⏰ 10 分钟后　≈14:00 · 友谊宫 1 号"]


async def test_6_a_fan_out_that_is_cut_in_half_is_neither_doubled_nor_lost(world: World) -> None:
    crowd = [await world.person(f"n{n}", "A3-2") for n in range(40)]
    world.app.clock.set(now=at(world.app, "2025-08-09T13:50"))
    slowly = Rates(overall=40, private=0, group=0)
    async with running_bot(world.app, world.box, slowly):
        await world.box.until(lambda: len(world.box.requests("sendMessage")) >= 15)
    cut = len(world.box.requests("sendMessage"))
    async with running_bot(world.app, world.box):
        await world.settled()

    assert 15 <= cut < 40
    assert [world.heard(who) for who in crowd] == [["⏰ 10 分钟后　≈14:00 · 友谊宫 1 号"]] * 40


async def test_7_a_star_at_the_last_minute_is_answered_at_once_and_not_reminded_of_besides(world: World) -> None:
    an = await world.person("An")
    async with running_bot(world.app, world.box):
        await world.to("2025-08-09T13:57")
        card = await world.box.reply(an, after=world.box.say(an, "/talk A3-2"))
        toast = await world.box.answered(world.box.press(an, card.message_id, "☆ 收藏"))
        await world.settled()
        await world.to("2025-08-09T13:59")

    assert toast["text"] == "⭐ 已收藏 A3-2（≈14:00，友谊宫 1 号）。3 分钟后就开始了，不再另行提醒。"
    assert len(world.heard(an)) == 1  # the card


async def test_8_a_cancelled_talk_is_announced_and_never_reminded_of(world: World) -> None:
    an = await world.person("An", "A3-2")
    event = world.app.edition.timetable.event_by_code("A3-2")
    assert event is not None
    async with running_bot(world.app, world.box):
        await editing.cancel(world.app.db, "talk", event.talk.id, by=None, now=world.app.clock.now())
        await world.to("2025-08-09T12:02")
        await world.to("2025-08-09T13:50")

    assert world.heard(an) == [f"{A3_2}\n⚠️ 已取消（原定8月9日 周六 ≈14:00）"]


async def test_9_the_first_import_tells_nobody_anything(world: World) -> None:
    an = await world.person("An", "A3-2")
    async with running_bot(world.app, world.box):
        await world.settled()
        await world.to("2025-08-09T12:05")
    async with world.app.db.snapshot() as conn:
        rows = list(await conn.execute_fetchall("SELECT 1 FROM outbox"))

    assert (world.heard(an), rows) == ([], [])


async def test_10_a_room_that_flips_and_flops_is_told_once_or_not_at_all(world: World) -> None:
    an = await world.person("An", "A3-2")
    async with running_bot(world.app, world.box):
        await world.move("A3", HALL)
        await world.move("A3", ROOM_1)
        await world.to("2025-08-09T12:02")
        for room in (HALL, ROOM_1, HALL):
            await world.move("A3", room)
        await world.to("2025-08-09T12:04")

    assert world.heard(an) == [f"{A3_2}\n时间：8月9日 周六 ≈14:00–14:30\n会场：{ROOM_1} → {HALL}"]


async def test_11_a_plenary_is_told_to_everybody_and_a_talk_elsewhere_only_to_its_own(world: World) -> None:
    world.app.clock.set(now=at(world.app, "2025-08-08T20:00"))
    an, bo, cy = await world.person("An", "A3-2"), await world.person("Bo", "A1"), await world.person("Cy")
    await world.user(cy)
    panel = next(one for one in world.app.edition.timetable.slots if one.kind == "panel")
    room = next(one for one in world.app.edition.timetable.programme.rooms if one.name == ROOM_1)
    async with running_bot(world.app, world.box):
        await editing.move(world.app.db, panel.id, room.id, by=None, now=world.app.clock.now())
        await world.to("2025-08-08T20:02")
        await world.move("A3", HALL)
        await world.to("2025-08-08T20:04")

    plenary = f"圆桌论坛\n时间：8月9日 周六 10:30–12:00\n会场：{HALL} → {ROOM_1}"
    assert [world.heard(who) for who in (an, bo, cy)] == [
        [plenary, f"{A3_2}\n时间：8月9日 周六 ≈14:00–14:30\n会场：{ROOM_1} → {HALL}"],
        [plenary],
        [plenary],
    ]


async def test_12_a_day_is_the_conference_s_own_and_not_that_of_utc(world: World) -> None:
    an = await world.person("An", "A3-2")
    async with running_bot(world.app, world.box):
        await world.retime("A3", "2025-08-10T00:30", "2025-08-10T02:30")  # still the 9th in UTC
        await world.to("2025-08-09T12:02")
        day = await world.box.reply(an, after=world.box.say(an, "/day 2025-08-10"))

    assert world.heard(an)[0] == f"{A3_2}\n时间：8月9日 周六 13:30–15:30 → 8月10日 周日 00:30–02:30"
    lines = day.text.splitlines()
    at_night = lines.index("00:30–02:30　专题报告")
    assert lines[at_night : at_night + 2] == ["00:30–02:30　专题报告", "⭐ A3 Optimization for AI · 1 号"]


async def test_13_one_429_holds_up_only_whom_it_is_about(world: World) -> None:
    an, *others = [await world.person(f"n{n}", "A3-2") for n in range(10)]
    world.box.fault("error", "sendMessage", chat=an, count=1, code=429, retry_after=2)
    async with running_bot(world.app, world.box):
        world.app.clock.set(now=at(world.app, "2025-08-09T13:50"))
        await world.box.until(lambda: all(world.heard(who) for who in others))
        held = world.heard(an)
        await world.settled()

    assert (held, world.heard(an)) == ([], ["⏰ 10 分钟后　≈14:00 · 友谊宫 1 号"])


async def test_14_somebody_who_blocked_the_bot_aborts_nothing(world: World) -> None:
    an, *others = [await world.person(f"n{n}", "A3-2") for n in range(10)]
    world.box.block(an)
    async with running_bot(world.app, world.box):
        await world.to("2025-08-09T13:50")

    assert [world.heard(who) for who in (an, *others)] == [[], *[["⏰ 10 分钟后　≈14:00 · 友谊宫 1 号"]] * 9]
