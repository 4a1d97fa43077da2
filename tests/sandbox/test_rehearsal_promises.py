"""A rehearsal finds out a bot that breaks its promises. The bots here are played by the test, over real HTTP."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from played import bot

from bot.clock import Clock
from bot.sandbox.box import sandbox
from bot.sandbox.rehearsal import promises
from bot.sandbox.rehearsal.acts import Act
from bot.sandbox.rehearsal.attendees import Line, Material, attendees
from bot.sandbox.rehearsal.driver import play
from bot.sandbox.rehearsal.process import BotEnded, BotProcess
from bot.sandbox.rehearsal.record import Change, Due, Kill
from bot.sandbox.rehearsal.report import Lateness, report
from bot.sandbox.rehearsal.stage import Stage

NOON = datetime(2025, 8, 9, 4, tzinfo=UTC)
KEPT = {
    "lost": promises.lost,
    "twice": promises.twice,
    "astray": promises.astray,
    "sorry": promises.sorry(["Sorry."]),
    "refused": promises.refused,
}


@pytest.fixture
def stage(box):
    return Stage(box, patience=5)


def broken(stage):
    """How often each promise was broken, but for those that were kept."""
    found = report(stage.record, KEPT, seconds=0).broken
    return {name: len(cases) for name, cases in found.items() if cases}


async def test_an_echo_keeps_every_promise(api, stage, an, bo, seconds):
    async def echo(update):
        message = update["message"]
        seconds.now += 2 if message["text"] == "two" else 0
        await api("sendMessage", chat_id=message["chat"]["id"], text=message["text"])

    async with bot(api, echo):
        await asyncio.gather(
            stage.ask(an, "one", chat=an, expects="one"),
            stage.ask(an, "two", chat=an, expects="two"),
            stage.ask(bo, "three", chat=bo, expects="three"),
        )
    found = report(stage.record, KEPT, seconds=1.0)
    assert (found.asked, found.answered, found.kept) == (3, 3, True)
    assert found.answers == Lateness(0, 2, 2)


async def test_a_question_without_an_answer_is_lost(box, an):
    stage = Stage(box, patience=0.01)
    await stage.ask(an, "anybody there", chat=an)
    assert (broken(stage), stage.given_up) == ({"lost": 1}, 1)


async def test_an_answer_twice_is_found_though_the_second_comes_later(api, stage, an):
    async def twice(update):
        for _ in range(2):
            await api("sendMessage", chat_id=update["message"]["chat"]["id"], text="Yes.")

    async with bot(api, twice):
        await stage.ask(an, "are you there", chat=an)
        await stage.box.until(lambda: len(stage.box.requests("sendMessage")) == 2 or None)
    assert broken(stage) == {"twice": 1}


async def test_a_kill_excuses_the_second_answer_of_what_it_touched(api, stage, an):
    async def twice(update):
        for _ in range(2):
            await api("sendMessage", chat_id=update["message"]["chat"]["id"], text="Yes.")

    async with bot(api, twice):
        await stage.ask(an, "are you there", chat=an)
        await stage.box.until(lambda: len(stage.box.requests("sendMessage")) == 2 or None)
    stage.record.kills.append(Kill(stage.box.seconds))
    assert broken(stage) == {}


async def test_answers_that_change_places_are_found(api, stage, an, bo):
    async def swap(update):
        message = update["message"]
        other = bo if message["chat"]["id"] == an.id else an
        await api("sendMessage", chat_id=other.id, text=message["text"])

    async with bot(api, swap):
        await asyncio.gather(
            stage.ask(an, "mine", chat=an, expects="mine"), stage.ask(bo, "yours", chat=bo, expects="yours")
        )
    assert broken(stage) == {"astray": 2}


async def test_a_message_that_nobody_asked_for_is_found(api, stage, an):
    await api("sendMessage", chat_id=an.id, text="By the way")
    assert broken(stage) == {"astray": 1}


async def test_in_a_group_the_message_that_is_replied_to_tells_the_question(api, stage, box, an, bo):
    group = box.group("Attendees", an, bo)

    async def reply(update):
        if "text" in update.get("message", {}):
            answered = {"message_id": update["message"]["message_id"]}
            await api("sendMessage", chat_id=group.id, text=update["message"]["text"], reply_parameters=answered)

    async with bot(api, reply):
        await asyncio.gather(
            stage.ask(an, "/one", chat=group, expects="one"), stage.ask(bo, "/two", chat=group, expects="two")
        )
    assert [question.answers[0].text for question in stage.record.questions] == ["/one", "/two"]
    assert broken(stage) == {}


async def test_a_pressed_button_is_answered_by_an_edit_even_one_that_changes_nothing(api, stage, an):
    keyboard = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}

    async def edit(update):
        if "message" in update:
            await api("sendMessage", chat_id=an.id, text="Page 1", reply_markup=keyboard)
        else:
            shown = update["callback_query"]["message"]["message_id"]
            await api("editMessageText", chat_id=an.id, message_id=shown, text="Page 2", reply_markup=keyboard)

    async with bot(api, edit):
        assert await stage.press(an, chat=an, choice=0.5) is False
        await stage.ask(an, "page", chat=an)
        assert await stage.press(an, chat=an, choice=0.5) is True
        assert await stage.press(an, chat=an, choice=0.5) is True
    assert [len(question.answers) for question in stage.record.questions] == [1, 1, 1]
    assert broken(stage) == {}


async def test_an_apology_and_a_refused_request_are_found(api, stage, an):
    async def stumble(update):
        await api("sendMessage", chat_id=an.id, text="<b>", parse_mode="HTML")
        await api("sendMessage", chat_id=an.id, text="Sorry.")

    async with bot(api, stumble):
        await stage.ask(an, "well", chat=an)
    assert broken(stage) == {"sorry": 1, "refused": 1}


async def test_the_clock_stands_at_an_acts_time_until_all_it_set_off_is_over(tmp_path: Path):
    times = [NOON + timedelta(minutes=n) for n in (1, 1, 90)]
    seen = []
    async with sandbox(clock=Clock(NOON, 0.0)) as box:

        async def act():
            before = box.clock.now()
            await asyncio.sleep(0)
            seen.append((before, box.clock.now()))

        await play(
            Stage(box),
            [[Act(times[2], act)], [Act(at, act) for at in times[:2]]],
            BotProcess((), {}, tmp_path),
            speed=100_000,
            kills=0,
            seed=1,
            ends=NOON + timedelta(hours=2),
            progress=lambda done, total: seen.append((done, total)),
        )
        assert box.clock.now() == NOON + timedelta(hours=2)
    assert seen == [(times[0],) * 2, (times[1],) * 2, (2, 3), (times[2],) * 2, (3, 3)]


async def test_the_same_seed_asks_the_same(stage):
    material = Material(
        NOON,
        NOON + timedelta(days=1),
        (NOON + timedelta(hours=6),),
        {lang: (tuple(Line(f"{lang} {n}") for n in range(50)), (Line("/now"),)) for lang in ("zh", "en")},
    )

    async def asked(seed):
        async with sandbox() as box:
            cast = attendees(Stage(box), material, 20, seed)
            return [
                (act.at, act.do.person.id, act.do.line, act.do.choice, getattr(act.do.where, "kind", "private"))
                for actor in cast
                for act in actor
            ]

    first = await asked(7)
    assert first == await asked(7)
    assert first != await asked(8)
    assert {kind for *_, kind in first} == {"private", "supergroup"}
    assert all(material.begins <= at <= material.ends for at, *_ in first)


async def test_a_bot_that_does_not_start_is_said_so_with_its_last_words(tmp_path: Path):
    process = BotProcess((sys.executable, "-c", "exit('Starting.\\nNo token.')"), {}, tmp_path)
    never = asyncio.get_running_loop().create_future()
    with pytest.raises(BotEnded) as raised:
        await process.start(never)
    await process.stop()
    assert raised.value.args == ("No token.",)


async def test_reminders_are_held_against_what_was_due(api, box, an, bo):
    stage = Stage(box, reminded=lambda entry: entry.text.removeprefix("⏰ ").split(",") if "⏰" in entry.text else [])
    stage.record.due = [Due(an.id, "t1", 0), Due(an.id, "t2", 0), Due(bo.id, "t2", 0)]
    for person, words in ((an, "⏰ t1,t2"), (an, "⏰ t1"), (bo, "⏰ t1")):
        await api("sendMessage", chat_id=person.id, text=words)

    assert promises.reminders_lost(stage.record) == [f"{bo.id} t2"]
    assert promises.reminders_twice(stage.record) == [f"{an.id} t1"]
    assert promises.reminders_unasked(stage.record) == [f"{bo.id} t1"]


async def test_a_reminder_that_names_another_room_is_found(api, box, an):
    stage = Stage(box, reminded=lambda entry: ["t1"], room=lambda name: "R")
    for text in ("⏰ in R", "⏰ in Q"):
        await api("sendMessage", chat_id=an.id, text=text)

    assert promises.misplaced(stage.record) == [f"{an.id} t1: R ≠ ⏰ in Q"]


async def test_notices_of_changes_are_held_against_what_was_due(api, box, an, bo):
    stage = Stage(
        box, changed=lambda entry: entry.text.removeprefix("🔄 ").split(" ")[:1] if "🔄" in entry.text else []
    )
    stage.record.changes = [Change(an.id, "t1", 0, ("R → ", "Q")), Change(an.id, "t2", 0), Change(bo.id, "t2", 0)]
    for person, words in ((an, "🔄 t1 R → P"), (an, "🔄 t2"), (an, "🔄 t2"), (bo, "🔄 t1")):
        await api("sendMessage", chat_id=person.id, text=words)

    assert promises.changes_lost(stage.record) == [f"{bo.id} t2"]
    assert promises.changes_twice(stage.record) == [f"{an.id} t2: 🔄 t2"]
    assert promises.changes_unasked(stage.record) == [f"{bo.id} t1: 🔄 t1"]
    assert promises.changes_wrong(stage.record) == [f"{an.id} t1: Q"]


async def test_a_reminder_that_is_mended_answers_no_question_but_that_of_a_button_that_edits_it(api, box, an):
    stage = Stage(
        box,
        patience=5,
        reminded=lambda entry: ["t1"] if entry.method == "sendMessage" and "⏰" in entry.text else [],
        edits=lambda data: data.startswith("~"),
    )
    rows = [[{"text": data, "callback_data": data} for data in ("room", "~off")]]
    sent = await api("sendMessage", chat_id=an.id, text="⏰ t1", reply_markup={"inline_keyboard": rows})

    async def mend_and_answer(update):
        pressed = update.get("callback_query", {}).get("data")
        where = {"chat_id": an.id, "message_id": sent["message_id"], "reply_markup": {"inline_keyboard": rows}}
        await api("editMessageText", text=f"⏰ t1, {pressed} {update['update_id']}", **where)
        if pressed != "~off":
            await api("sendMessage", chat_id=an.id, text="Room R")

    async with bot(api, mend_and_answer):
        await stage.ask(an, "where", chat=an)
        for data in ("room", "~off"):
            await stage.press(an, chat=an, choice=0, among=lambda one, data=data: one == data)

    assert [[answer.entry.method for answer in question.answers] for question in stage.record.questions] == [
        ["sendMessage"],
        ["sendMessage"],
        ["editMessageText"],
    ]
    assert broken(stage) == {}
