"""What a chair says moves estimates, and reminders with them; nothing official."""

from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path

from reminding import World, at, programme, session, told, world
from virtual_time import in_virtual_time

from bot.domain.stars import find
from bot.domain.told import seen
from bot.services import live
from bot.services.channel import Blocked

Story = Callable[[World], Awaitable[None]]


def played(story: Story) -> Callable[[Path], None]:
    """A1 … A4 from 14:00, half an hour each, in R1; An has starred A-3, at ≈15:00; it is noon."""
    given = programme(session("A", at("14:00"), 120, "R1", 4), session("P", at("16:30"), 60, "R1", 0))

    async def on_stage(folder: Path) -> None:
        async with world(folder, given, at("12:00")) as made:
            await made.start()
            await made.star("A-3")
            await story(made)

    @wraps(story)
    def test(tmp_path: Path) -> None:
        in_virtual_time(on_stage(tmp_path))

    del test.__wrapped__  # type: ignore[attr-defined] - its parameter is no fixture
    return test


@played
async def test_a_reminder_waits_for_a_session_that_is_late(w: World) -> None:
    await w.until(at("14:00"))
    await w.chair("A", live.late(0, 10))
    await w.until(at("16:00"))

    assert told(w) == ["15:00 ⏰ In 10 min  ≈15:10 · R1 ⏱ Running 10 min late (planned ≈15:00)"]


@played
async def test_a_reminder_in_the_chat_is_mended_and_none_comes_again(w: World) -> None:
    await w.until(at("14:55"))
    await w.chair("A", live.late(0, 10))
    await w.until(at("16:00"))

    assert told(w) == [
        "14:50 ⏰ In 10 min  ≈15:00 · R1 A3",
        "14:55 edit: ⏰ In 15 min  ≈15:10 · R1 ⏱ Running 10 min late (planned ≈15:00)",
    ]


@played
async def test_a_session_that_catches_up_is_reminded_of_when_it_is_time(w: World) -> None:
    await w.until(at("14:10"))
    await w.chair("A", live.began(at("14:10")))
    await w.until(at("14:32"))
    await w.chair("A", live.talk(w.named("A-2")[1], at("14:32")))
    await w.until(at("16:00"))

    assert told(w) == ["14:50 ⏰ In 10 min  ≈15:00 · R1 A3"]


@played
async def test_a_session_that_is_ahead_is_reminded_of_at_once(w: World) -> None:
    await w.chair("A", live.began(at("14:00")))
    await w.until(at("14:45"))
    await w.chair("A", live.talk(w.named("A-2")[1], at("14:20")))
    await w.until(at("16:00"))

    assert told(w) == ["14:45 ⏰ In 5 min  ≈14:50 · R1 ⏱ Running 10 min ahead (planned ≈15:00)"]


@played
async def test_a_room_that_is_full_is_mended_in_the_reminder(w: World) -> None:
    await w.until(at("14:52"))
    await w.chair("A", live.full)
    await w.chair("A", live.full)
    await w.until(at("16:00"))

    assert told(w) == ["14:50 ⏰ In 10 min  ≈15:00 · R1 A3", "14:52 edit: ⏰ In 8 min  ≈15:00 · R1 🚫 Room full"]


@played
async def test_a_session_moved_to_another_room_is_full_no_longer(w: World) -> None:
    def full() -> bool:
        return w.timetable.course(w.timetable.session("A")).full  # type: ignore[arg-type]

    await w.chair("A", live.full)
    before = full()
    await w.move("A", "R2")

    assert (before, full()) == (True, False)


@played
async def test_an_item_without_talks_is_reminded_of_when_it_is_late_too(w: World) -> None:
    await w.star("P", starred=True)
    await w.until(at("16:10"))
    await w.chair("P", live.late(0, 20))
    await w.until(at("17:00"))

    assert told(w)[-1] == "16:40 ⏰ In 10 min  16:50 · R1 ⏱ Running 20 min late"


@played
async def test_nothing_official_is_different(w: World) -> None:
    kind, row = w.named("A-3")
    before = find(w.timetable, kind, row)
    assert before is not None
    await w.chair("A", live.late(0, 10))
    after = find(w.timetable, kind, row)
    assert after is not None

    assert seen(w.timetable, after) == seen(w.timetable, before)
    assert (after.official, after.start) == (before.official, at("15:10"))
    assert w.timetable.plan.event(row) == before.event


@played
async def test_what_is_called_off_or_gone_has_nothing_said_of_it(w: World) -> None:
    await w.cancel("A")

    assert await live.say(w.db, w.named("A")[1], live.here) is None
    assert await live.say(w.db, 999, live.here) is None


@played
async def test_whoever_comes_back_after_the_printed_start_is_reminded_of_a_talk_that_is_late(w: World) -> None:
    w.channel.failure["an"] = Blocked("blocked by the user")
    await w.until(at("15:05"))
    await w.chair("A", live.late(0, 20))
    w.channel.failure.clear()
    await w.user("an")
    await w.look()
    await w.until(at("16:00"))

    assert told(w) == ["15:10 ⏰ In 10 min  ≈15:20 · R1 ⏱ Running 20 min late (planned ≈15:00)"]


@played
async def test_whoever_comes_back_while_a_talk_is_late_is_reminded_in_time_and_not_at_once(w: World) -> None:
    w.channel.failure["an"] = Blocked("blocked by the user")
    await w.until(at("14:52"))
    await w.chair("A", live.late(0, 60))
    w.channel.failure.clear()
    await w.user("an")
    await w.look()
    await w.until(at("16:30"))

    assert [line[:40] for line in told(w)] == ["15:35 ⏰ In 10 min  ≈15:45 · R1 ⏱ Running"]
