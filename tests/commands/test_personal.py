"""What users set for themselves, and what is kept about them: shown, handed over, forgotten."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

import editing
import pytest

from bot.app import App
from bot.channels.terminal import as_text
from bot.commands.dispatch import pressed, typed
from bot.domain.model import LANGS, Lang
from bot.domain.user import User
from bot.replies.reply import Reply
from bot.replies.words import word
from bot.services import acquaintance
from bot.store import outbox, personal, roles, updates
from bot.store.updates import Arrived

QUIET = (
    "🌙 Quiet hours: 22:00–8:00 (Beijing time); changes come without sound, reminders and cancellations ring as usual"
)
Says = Callable[[str], Awaitable[Reply]]


async def met(app: App, lang: Lang = "en") -> User:
    return await acquaintance.meet(app.db, "telegram", "7", lang, now=app.clock.now())


def chosen(reply: Reply) -> list[str]:
    """What is marked as the present choice in each row of the settings."""
    return [button.ask for row in reply.rows for button in row if button.label.startswith("✓")]


async def test_the_settings_show_how_things_stand_and_offer_every_choice(says: Says) -> None:
    reply = await says("/settings")

    assert as_text(reply).splitlines() == [
        "Settings",
        "⏰ Reminder 10 min before the start",
        "🔔 Reminders: on",
        "🚪 Next talk in the same room: reminder too, without sound",
        "🔄 Changes: on, I'll tell you when your programme changes",
        "🌙 Quiet hours: none",
        "🌐 Language: English",
    ]
    assert [[button.label for button in row] for row in reply.rows] == [
        ["5 min", "✓ 10 min", "15 min", "30 min"],
        ["✓ Reminders", "No reminders"],
        ["✓ Same room", "Not same room"],
        ["✓ Changes", "No changes"],
        ["✓ 🌙 none", "22–8", "23–7", "13–14"],
        ["中文", "✓ English"],
        ["Privacy"],
    ]


async def test_what_is_set_is_confirmed_kept_and_twice_the_same(app: App, says: Says) -> None:
    wanted = ["lead 30", "reminders 0", "same_room 0", "notices 0", "quiet 22-8", "lang zh"]
    toasts = [(await says(f"~settings {one}")).toast for one in wanted]
    again = [(await says(f"~settings {one}")).toast for one in wanted]

    assert toasts == [
        "⏰ Reminder 30 min before the start",
        "🔕 Reminders: off, I won't write before your starred talks begin",
        "🚪 Next talk in the same room: no reminder",
        "🔄 Changes: off, you won't hear of new rooms, new times or cancellations",
        QUIET,
        "🌐 语言：中文",
    ]
    assert again[-1] == toasts[-1]
    assert chosen(await says("/settings")) == [f"settings {one}" for one in wanted]
    user = await met(app)
    assert (user.lead, user.reminders, user.same_room, user.notices) == (30, False, False, False)
    assert (user.quiet_from, user.quiet_to, user.lang, user.chosen) == (22 * 60, 8 * 60, "zh", True)


async def test_what_is_not_offered_changes_nothing(says: Says) -> None:
    before = await says("/settings")

    odd = ("lead 7", "lead", "quiet 3-5", "lang fr", "users 0", "lead 30; --", "notices 2")
    assert [await says(f"/settings {one}") for one in odd] == [before] * len(odd)


@pytest.mark.parametrize("lang", LANGS)
async def test_nobody_has_settings_or_data(app: App, lang: Lang) -> None:
    said = [as_text(await app.answer(typed(one), lang)) for one in ("/settings", "/mydata", "/forgetme")]

    assert said == [word(lang, "personal.nobody")] * 3


async def everything_happens(app: App) -> User:
    """A user with a row in every table that knows users, and with a question that could not be handled."""
    user, now = await met(app), app.clock.now()
    for data in ("star t17 1", "star s3 1"):
        await app.answer(pressed(data), "en", user=user)
    await editing.move(app.db, 9, 1, by=user, now=now)
    payload = {"update_id": 5, "message": {"from": {"id": 7}, "chat": {"id": 7}, "text": "an odd question"}}
    others = {"update_id": 6, "message": {"from": {"id": 8}, "chat": {"id": 8}, "text": "of somebody else"}}
    async with app.db.transaction() as tx:
        await roles.grant(tx, user.id, "staff", 0, now=now)
        await outbox.queue(tx, [outbox.New("k", "reminder", user.id, 20)], now=now)
        stored = await updates.store(tx, "1", [Arrived(5, json.dumps(payload)), Arrived(6, json.dumps(others))])
        for one in stored.values():
            await updates.set_aside(tx, one.seq, "poison")
    return user


async def test_my_data_is_everything_with_what_it_is_about(app: App, says: Says) -> None:
    user = await everything_happens(app)
    reply = await says("/mydata")
    assert reply.file is not None
    found = json.loads(reply.file.content)

    assert (reply.file.name, reply.file.mime) == ("CSML2025-mydata.json", "application/json")
    async with app.db.snapshot() as conn:
        parts = {part.table: len(part.rows) for part in await personal.everything(conn, user.id)}
    assert {table: len(found[table]) for table in parts} == parts
    titles = [found["stars"][1][key] for key in ("kind", "subject_id", "starred", "title")]
    assert titles == ["talk", 17, 1, f"{(talk := talk_17(app)).code} {talk.title}"]
    assert [one["message"]["text"] for one in found["updates"]] == ["an odd question"]
    assert "of somebody else" not in reply.file.content.decode()


def talk_17(app: App):
    event = app.edition.timetable.event(17)
    assert event is not None
    return event.talk


async def test_forgetting_is_asked_first_then_says_what_was_deleted(app: App, says: Says) -> None:
    user = await everything_happens(app)
    before, kept_on = await says("/forgetme"), await says("~forgetme no")
    done = await says("~forgetme yes")

    async with app.db.snapshot() as conn:
        left = [part for part in await personal.everything(conn, user.id) if part.rows]
        aside = [row["payload"] for row in await conn.execute_fetchall("SELECT payload FROM updates ORDER BY seq")]
        change = [row["user_id"] for row in await conn.execute_fetchall("SELECT user_id FROM changes")]
    assert as_text(kept_on) == "All right, nothing was deleted."
    assert as_text(before).splitlines()[0].removesuffix(".") == (
        "Delete everything about you? That is "
        + as_text(done).splitlines()[0].removeprefix("Deleted: ").removesuffix(".")
    )
    assert as_text(done).splitlines() == [
        "Deleted: your settings, 2 stars, 1 record of a notice, 1 role, 3 other records.",
        "1 change you made to the programme stays in force, without your name.",
        "Reminders and a pinned day that are in this chat already are no longer updated.",
        "If you write to me again, it will be as if we had never met.",
    ]
    assert (left, aside[0], "of somebody else" in aside[1], change) == ([], "", True, [None])


async def test_whoever_was_forgotten_and_writes_again_is_new(app: App, says: Says) -> None:
    await says("~settings lead 30")
    await says("~star t17 1")
    await says("~forgetme yes")

    assert chosen(await says("/settings"))[0] == "settings lead 10"
    app.clock.set(now=app.clock.now() + timedelta(hours=1))
    assert as_text(await says("/forgetme")).splitlines()[0] == "Delete everything about you? That is your settings."
