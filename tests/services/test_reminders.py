"""What happens in every case (docs/reminders.md): everything that a user was told, with the time at which."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from reminding import World, at, programme, session, told, world
from virtual_time import in_virtual_time

from bot.domain import edits
from bot.domain.edits import Plan
from bot.domain.programme import Programme, Slot, Talk
from bot.services import acquaintance, changes
from bot.services.channel import Blocked, Refused

Story = Callable[[World], Awaitable[None]]
Play = Callable[..., None]

NOON = at("12:00")
REMINDED = "13:50 ⏰ In 10 min  ≈14:00 · R1 A1"


def two_rooms(*, later: int = 0) -> Programme:
    """A and B at two o'clock, C after A in the same room, then a panel. `later`: minutes by which A and C are."""
    return programme(
        session("A", at("14:00") + timedelta(minutes=later), 60, "R1", 2),
        session("B", at("14:00"), 60, "R2", 2),
        session("C", at("15:00") + timedelta(minutes=later), 60, "R1", 2),
        session("Panel", at("16:30"), 60, "R2", 0),
    )


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Runs a story in a world in which the bot runs; it is noon."""

    async def on_stage(story: Story, given: Programme, now: datetime) -> None:
        async with world(tmp_path, given, now) as made:
            await made.user("an")
            await made.start()
            await story(made)

    def played(story: Story, given: Programme | None = None, now: datetime = NOON) -> None:
        in_virtual_time(on_stage(story, given or two_rooms(), now))

    return played


# The rule, and when it does not hold.


def test_a_starred_talk_is_reminded_of_ten_minutes_before_it_starts(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.until(at("18:00"))
        assert told(w) == [REMINDED]

    play(story)


def test_a_session_without_talks_or_an_item_is_reminded_of_at_its_start(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("Panel")
        await w.until(at("18:00"))
        assert told(w) == ["16:20 ⏰ In 10 min  16:30 · R2 Panel"]

    play(story)


def test_a_sessions_star_is_for_all_its_talks_those_added_later_too(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A")
        slot = w.thing("A")
        assert isinstance(slot, Slot)
        added = edits.add_talk(slot, Talk(id=99, code="A-3", title="A3"))
        async with w.db.transaction() as tx:
            await changes.make(tx, Plan(kind="add", edit=added), by=None, now=w.now)
        await w.until(at("18:00"))
        assert [line for line in told(w) if "⏰" in line] == [
            REMINDED,
            "14:10 (silent) ⏰ In 10 min  ≈14:20 · R1 A2",
            "14:30 (silent) ⏰ In 10 min  ≈14:40 · R1 A3",
        ]

    play(story)


def test_a_talks_own_mark_wins_over_its_sessions(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A", "B-2")
        await w.star("A-2", starred=False)
        await w.star("B", starred=False)
        await w.until(at("18:00"))
        assert told(w) == [REMINDED, "14:20 ⏰ In 10 min  ≈14:30 · R2 B2"]

    play(story)


def test_what_starts_together_is_one_message_with_the_clash_said(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1", "B-1")
        await w.until(at("18:00"))
        assert told(w) == [
            f"13:50 2 of your starred talks begin together: / {REMINDED[6:]} / ⏰ In 10 min  ≈14:00 · R2 B1"
        ]

    play(story)


def test_a_clash_of_which_one_was_called_off_is_no_clash(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "notices", 0)
        await w.star("A-1", "B-1")
        await w.until(at("13:55"))
        await w.cancel("B-1")
        assert told(w)[1:] == ["13:55 edit: ⏰ In 5 min  ≈14:00 · R1 A1 / ⚠️ Cancelled (was ≈14:00) B1"]

    play(story)


def test_the_next_talk_in_the_same_room_comes_silently(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-2", "C-1")
        await w.until(at("18:00"))
        assert told(w) == ["14:20 ⏰ In 10 min  ≈14:30 · R1 A2", "14:50 (silent) ⏰ In 10 min  ≈15:00 · R1 C1"]

    play(story)


def test_the_next_talk_in_the_same_room_does_not_come_where_that_is_switched_off(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "same_room", 0)
        await w.star("A-2", "C-1")
        await w.until(at("18:00"))
        assert told(w) == ["14:20 ⏰ In 10 min  ≈14:30 · R1 A2"]

    play(story)


def test_it_comes_after_all_when_they_are_no_longer_in_that_room(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "same_room", 0)
        await w.star("A-2", "C-1")
        await w.until(at("14:55"))
        await w.star("A-2", starred=False)
        assert told(w)[1:] == ["14:55 ⏰ In 5 min  ≈15:00 · R1 C1"]

    play(story)


# Stars that come and go.


def test_nobody_is_reminded_of_what_they_took_the_star_from(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.star("A-1", starred=False)
        await w.until(at("18:00"))
        assert told(w) == []

    play(story)


def test_starred_again_is_reminded_of_once(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.star("A-1", starred=False)
        await w.star("A-1")
        await w.until(at("13:52"))
        await w.star("A-1", starred=False)
        await w.star("A-1")
        await w.until(at("18:00"))
        assert told(w) == [REMINDED]

    play(story)


def test_unstarred_while_the_bot_was_away_and_starred_again_is_reminded_of_in_time(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "lead", 30)
        await w.star("A-1")
        await w.stop()
        w.channel.now = at("13:30")
        await w.look()  # it is due, and the bot is stopped before it is said
        await w.star("A-1", starred=False)
        await w.start()
        await w.prefers("an", "lead", 10)
        await w.star("A-1")
        await w.until(at("18:00"))
        assert told(w) == [REMINDED]

    play(story)


def test_starred_three_minutes_before_the_start_the_confirmation_says_so_and_no_reminder_follows(play: Play) -> None:
    async def story(w: World) -> None:
        await w.until(at("13:57"))
        (marked,) = await w.star("A-1")
        await w.until(at("18:00"))
        assert marked.soon is not None
        assert (marked.soon.start - at("13:57"), marked.reminded) == (timedelta(minutes=3), False)
        assert told(w) == []

    play(story)


def test_a_session_starred_three_minutes_before_its_start_is_reminded_of_from_the_second_talk_on(play: Play) -> None:
    async def story(w: World) -> None:
        await w.until(at("13:57"))
        (marked,) = await w.star("A")
        await w.until(at("18:00"))
        assert (marked.soon is not None, marked.reminded) == (True, True)
        assert told(w) == ["14:20 (silent) ⏰ In 10 min  ≈14:30 · R1 A2"]

    play(story)


def test_starred_again_while_its_reminder_waits_is_said_by_the_confirmation_alone(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.stop()
        w.channel.now = at("13:52")
        await w.look()
        await w.star("A-1", starred=False)
        (marked,) = await w.star("A-1")
        await w.start()
        assert marked.soon is not None
        assert told(w) == []

    play(story)


def test_what_is_called_off_is_not_said_to_start_soon(play: Play) -> None:
    async def story(w: World) -> None:
        await w.until(at("13:55"))
        await w.cancel("A-1")
        (marked,) = await w.star("A-1")
        await w.restore("A-1")
        assert (marked.soon, marked.reminded) == (None, False)
        assert [line for line in told(w) if "⏰" in line] == ["13:55 ⏰ In 5 min  ≈14:00 · R1 A1"]

    play(story)


# A programme that changes.


def test_moved_later_before_the_reminder_it_comes_at_the_new_time(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.until(at("13:30"))
        await w.retime("A", at("15:00"), at("16:00"))
        await w.until(at("18:00"))
        assert told(w) == ["13:30 change", "14:50 ⏰ In 10 min  ≈15:00 · R1 A1"]

    play(story)


def test_moved_later_after_the_reminder_that_is_mended_and_another_comes(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.until(at("13:55"))
        await w.retime("A", at("15:00"), at("16:00"))
        await w.until(at("18:00"))
        assert told(w) == [
            REMINDED,
            "13:55 change",
            "13:55 edit: ⏰ In 65 min  ≈15:00 · R1 A1",
            "14:50 ⏰ In 10 min  ≈15:00 · R1 A1",
        ]

    play(story)


def test_moved_earlier_into_the_lead_it_is_reminded_of_at_once(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.until(at("13:00"))
        await w.retime("A", at("13:05"), at("14:05"))
        await w.until(at("18:00"))
        assert told(w) == ["13:00 change", "13:00 ⏰ In 5 min  ≈13:05 · R1 A1"]

    play(story)


def test_moved_to_before_now_there_is_no_reminder(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.until(at("13:30"))
        await w.retime("A", at("13:00"), at("14:00"))
        await w.until(at("18:00"))
        assert told(w) == ["13:30 change"]

    play(story)


def test_moved_away_and_back_while_the_reminder_waits_it_still_comes(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "notices", 0)
        await w.star("A-1")
        await w.until(at("13:49"))
        await w.stop()
        w.channel.now = at("13:50")
        await w.look()
        await w.retime("A", at("15:00"), at("16:00"))
        await w.start()
        await w.until(at("13:52"))
        await w.retime("A", at("14:00"), at("15:00"))
        await w.until(at("18:00"))
        assert told(w) == ["13:52 ⏰ In 8 min  ≈14:00 · R1 A1"]

    play(story)


def test_the_room_is_that_of_the_moment_it_is_said(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.until(at("13:49"))
        await w.stop()
        w.channel.now = at("13:50")
        await w.look()
        await w.move("A", "R3")
        await w.start()
        await w.until(at("18:00"))
        assert told(w) == ["13:50 change", "13:50 ⏰ In 10 min  ≈14:00 · R3 A1"]

    play(story)


def test_a_room_that_changes_after_the_reminder_is_mended_in_it(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.until(at("13:55"))
        await w.move("A", "R3")
        await w.until(at("18:00"))
        assert told(w) == [REMINDED, "13:55 change", "13:55 edit: ⏰ In 5 min  ≈14:00 · R3 A1"]

    play(story)


def test_called_off_before_the_reminder_there_is_none(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.until(at("13:30"))
        await w.cancel("A")
        await w.until(at("18:00"))
        assert told(w) == ["13:30 change"]

    play(story)


def test_called_off_after_the_reminder_that_says_so(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.until(at("13:55"))
        await w.cancel("A-1")
        await w.until(at("18:00"))
        assert told(w) == [REMINDED, "13:55 change", "13:55 edit: ⚠️ Cancelled (was ≈14:00) A1"]

    play(story)


def test_restored_in_time_it_is_reminded_of_as_if_nothing_had_been(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.until(at("13:20"))
        await w.cancel("A")
        await w.until(at("13:30"))
        await w.restore("A")
        await w.until(at("18:00"))
        assert told(w) == ["13:20 change", "13:30 change", REMINDED]

    play(story)


def test_restored_after_the_reminder_was_due_it_comes_late(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "notices", 0)
        await w.star("A-1")
        await w.until(at("13:49"))
        await w.cancel("A")
        await w.until(at("13:53"))
        await w.restore("A")
        await w.until(at("18:00"))
        assert told(w) == ["13:53 ⏰ In 7 min  ≈14:00 · R1 A1"]

    play(story)


def test_called_off_and_restored_while_the_reminder_waits_it_still_comes(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "notices", 0)
        await w.star("A-1")
        await w.stop()
        w.channel.now = at("13:50")
        await w.look()
        await w.cancel("A")
        await w.start()
        await w.restore("A")
        await w.until(at("18:00"))
        assert told(w) == [REMINDED]

    play(story)


def test_an_estimate_that_shifts_after_the_reminder_is_mended_in_it(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "notices", 0)
        await w.star("A-2")
        await w.until(at("14:25"))
        await w.retime("A", at("14:00"), at("15:30"))
        await w.until(at("18:00"))
        assert told(w) == ["14:20 ⏰ In 10 min  ≈14:30 · R1 A2", "14:25 edit: ⏰ In 20 min  ≈14:45 · R1 A2"]

    play(story)


def test_an_estimate_that_becomes_official_without_moving_is_not_reminded_of_again(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "notices", 0)
        await w.star("A-2")
        await w.until(at("14:25"))
        await w.retime("A-2", at("14:30"), at("15:00"))
        await w.until(at("18:00"))
        assert told(w) == ["14:20 ⏰ In 10 min  ≈14:30 · R1 A2"]

    play(story)


def test_swapped_to_the_start_of_its_session_and_back_it_is_reminded_of_again(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "notices", 0)
        await w.star("A-2")
        await w.until(at("13:30"))
        back = await w.swap("A-1", "A-2")
        await w.until(at("13:55"))
        await w.make(back)
        await w.until(at("18:00"))
        assert told(w) == [
            "13:50 ⏰ In 10 min  14:00 · R1 A2",
            "13:55 edit: ⏰ In 35 min  ≈14:30 · R1 A2",
            "14:20 ⏰ In 10 min  ≈14:30 · R1 A2",
        ]

    play(story)


def test_an_official_time_that_becomes_the_same_estimate_is_not_reminded_of_again(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "notices", 0)
        await w.star("A-2")
        await w.retime("A-2", at("14:30"), at("15:00"))
        await w.until(at("14:25"))
        await w.share_out("A")
        await w.until(at("18:00"))
        assert told(w) == ["14:20 ⏰ In 10 min  14:30 · R1 A2"]

    play(story)


def test_an_estimate_that_shifts_while_the_reminder_waits_does_not_let_it_expire(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "notices", 0)
        await w.star("A-2")
        await w.until(at("14:19"))
        await w.stop()
        w.channel.now = at("14:20")
        await w.look()
        await w.retime("A", at("14:00"), at("15:30"))
        w.channel.now = at("14:31")
        await w.start()
        await w.until(at("18:00"))
        assert told(w) == ["14:35 ⏰ In 10 min  ≈14:45 · R1 A2"]

    play(story)


def test_a_message_that_was_deleted_is_tried_to_be_mended_once(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "notices", 0)
        await w.star("A-1")
        await w.until(at("13:55"))
        w.channel.failure["an"] = Refused("message to edit not found")
        await w.move("A", "R3")
        tries = w.channel.tries
        for _ in range(3):
            await w.look()
        assert (told(w), w.channel.tries - tries) == ([REMINDED], 0)

    play(story)


def test_a_new_programme_file_moves_the_reminder_with_the_talk(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.take(two_rooms(later=30))
        await w.until(at("18:00"))
        assert told(w) == ["12:01 change", "14:20 ⏰ In 10 min  ≈14:30 · R1 A1"]

    play(story)


def test_a_talk_that_a_new_programme_file_puts_into_another_session_keeps_the_star_of_its_old_one(play: Play) -> None:
    given = two_rooms()
    a, b, *others = given.slots
    parted = given.model_copy(
        update={
            "slots": (
                a.model_copy(update={"talks": a.talks[:1]}),
                b.model_copy(update={"talks": (*b.talks, a.talks[1])}),
                *others,
            )
        }
    )

    async def story(w: World) -> None:
        for who in ("an", "bo", "cy"):
            await w.user(who)
        await w.star("A")
        await w.star("A", who="bo")
        await w.star("A-2", who="bo", starred=False)
        await w.star("B", who="cy")
        await w.take(parted)
        await w.until(at("18:00"))
        assert told(w) == [
            "12:01 change",
            "13:50 ⏰ In 10 min  14:00 · R1 A1",
            "14:30 ⏰ In 10 min  ≈14:40 · R2 A2",
        ]
        assert told(w, "bo") == ["13:50 ⏰ In 10 min  14:00 · R1 A1"]
        assert told(w, "cy") == [
            "12:01 change",
            "13:50 ⏰ In 10 min  ≈14:00 · R2 B1",
            "14:10 (silent) ⏰ In 10 min  ≈14:20 · R2 B2",
            "14:30 (silent) ⏰ In 10 min  ≈14:40 · R2 A2",
        ]

    play(story, given)


def without_a() -> Programme:
    given = two_rooms()
    return given.model_copy(update={"slots": given.slots[1:]})


def test_what_a_new_programme_file_no_longer_has_and_staff_call_off_is_not_reminded_of(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1", "B-1")
        await w.take(without_a(), called_off=True)
        await w.until(at("18:00"))
        assert told(w) == ["12:01 change", "13:50 ⏰ In 10 min  ≈14:00 · R2 B1"]

    play(story)


def test_what_a_new_programme_file_no_longer_has_and_staff_keep_is_reminded_of(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.take(without_a())
        await w.until(at("18:00"))
        assert told(w) == [REMINDED]

    play(story)


# A bot that is away, and people who are.


def test_down_across_the_due_moment_it_says_the_minutes_that_are_left(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.stop()
        await w.jump(at("13:57"))
        await w.start()
        await w.until(at("18:00"))
        assert told(w) == ["13:57 ⏰ In 3 min  ≈14:00 · R1 A1"]

    play(story)


def test_down_until_after_the_start_it_says_nothing(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.stop()
        await w.jump(at("14:00"))
        await w.start()
        await w.until(at("18:00"))
        assert told(w) == []

    play(story)


def test_killed_while_it_was_on_its_way_it_is_said_again(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        w.channel.mute = True
        await w.until(at("13:50"))
        await w.stop()
        w.channel.mute = False
        await w.start()
        await w.until(at("18:00"))
        assert told(w) == [REMINDED, REMINDED]

    play(story)


def test_whoever_blocked_the_bot_is_reminded_when_they_are_back_in_time(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1", "B-2", "Panel")
        w.channel.failure["an"] = Blocked("blocked by the user")
        await w.until(at("13:53"))
        w.channel.failure.clear()
        await acquaintance.meet(w.db, "fake", "an", "en", now=w.now)
        await w.look()
        await w.until(at("18:00"))
        assert told(w) == [
            "13:53 ⏰ In 7 min  ≈14:00 · R1 A1",
            "14:20 ⏰ In 10 min  ≈14:30 · R2 B2",
            "16:20 ⏰ In 10 min  16:30 · R2 Panel",
        ]

    play(story)


# Settings.


def test_a_longer_lead_is_told_at_once_where_that_is_over_already(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.until(at("13:35"))
        await w.prefers("an", "lead", 30)
        await w.until(at("18:00"))
        assert told(w) == ["13:35 ⏰ In 25 min  ≈14:00 · R1 A1"]

    play(story)


def test_a_shorter_lead_is_kept_to(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.until(at("13:45"))
        await w.prefers("an", "lead", 5)
        await w.until(at("18:00"))
        assert told(w) == ["13:55 ⏰ In 5 min  ≈14:00 · R1 A1"]

    play(story)


def test_a_lead_changed_after_the_reminder_brings_no_other(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.until(at("13:52"))
        for minutes in (5, 30, 15):
            await w.prefers("an", "lead", minutes)
        await w.until(at("18:00"))
        assert told(w) == [REMINDED]

    play(story)


def test_reminders_come_aloud_in_quiet_hours(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "quiet_from", 13 * 60)
        await w.prefers("an", "quiet_to", 15 * 60)
        await w.star("A-1")
        await w.until(at("18:00"))
        assert told(w) == [REMINDED]

    play(story)


def test_changes_come_silently_in_quiet_hours_and_cancellations_aloud(play: Play) -> None:
    async def story(w: World) -> None:
        await w.prefers("an", "quiet_from", 11 * 60)
        await w.prefers("an", "quiet_to", 12 * 60 + 10)
        await w.star("A-1", "B-1", "Panel")
        await w.move("A", "R3")
        await w.until(at("12:02"))
        await w.cancel("B-1")
        await w.until(at("12:09"))
        await w.restore("B-1")
        await w.until(at("12:30"))
        assert told(w) == ["12:01 (silent) change", "12:03 change", "12:10 change"]

    play(story)


def test_switched_off_there_are_none_and_on_again_the_next_ones_come(play: Play) -> None:
    async def story(w: World) -> None:
        (marked,) = await w.star("A-1")
        await w.prefers("an", "reminders", 0)
        (off,) = await w.star("Panel")
        await w.until(at("14:00"))
        await w.prefers("an", "reminders", 1)
        await w.until(at("18:00"))
        assert (marked.reminded, off.reminded) == (True, False)
        assert told(w) == ["16:20 ⏰ In 10 min  16:30 · R2 Panel"]

    play(story)


# The clock.


def test_on_two_days_and_across_midnight_it_is_the_conferences_own_clock_that_counts(play: Play) -> None:
    zone = ZoneInfo("America/New_York")
    first = datetime(2025, 8, 9, 23, 55, tzinfo=zone).astimezone(UTC)
    second = datetime(2025, 8, 10, 0, 5, tzinfo=zone).astimezone(UTC)
    evening = datetime(2025, 8, 9, 20, 0, tzinfo=zone).astimezone(UTC)

    async def story(w: World) -> None:
        await w.star("Late", "Early")
        await w.until(second)
        assert told(w) == ["23:45 ⏰ In 10 min  23:55 · R1 Late", "23:55 ⏰ In 10 min  00:05 · R2 Early"]

    given = programme(session("Late", first, 5, "R1", 0), session("Early", second, 5, "R2", 0), zone=zone.key)
    play(story, given, evening)


def test_a_clock_set_forward_past_the_start_and_back_reminds_when_it_is_time(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.jump(at("14:10"))
        await w.jump(at("13:30"))
        await w.until(at("18:00"))
        assert told(w) == [REMINDED]

    play(story)


def test_a_clock_set_forward_into_the_lead_reminds_at_once_and_set_back_not_again(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.jump(at("13:56"))
        await w.jump(at("13:00"))
        await w.until(at("18:00"))
        assert told(w) == ["13:56 ⏰ In 4 min  ≈14:00 · R1 A1"]

    play(story)


def test_a_clock_that_stands_still_reminds_once(play: Play) -> None:
    async def story(w: World) -> None:
        await w.star("A-1")
        await w.until(at("13:50"))
        for _ in range(5):
            await w.look()
        assert told(w) == [REMINDED]

    play(story)
