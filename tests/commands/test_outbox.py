"""The outbox: what staff see of it in the chat and operators in the terminal, and sending again what is stuck."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from process import quickly

from bot import app as wiring
from bot.app import App
from bot.channels.terminal import as_text
from bot.commands.dispatch import pressed, typed
from bot.config import Settings
from bot.domain.model import Lang
from bot.domain.user import User
from bot.services import acquaintance
from bot.store import outbox, roles, users
from bot.store.outbox import New

EMPTY = {
    "en": "Outbox  Sat 9 Aug 13:20\nNothing has been queued yet.",
    "zh": "发件箱　8月9日 周六 13:20\n还没有要发的通知。",
}
FULL = {
    "en": """Outbox  Sat 9 Aug 13:20
Broadcasts  1 doubtful
Changes  1 failed
Corrected reminders  1 failed
Reminders  2 waiting · 2 failed · 1 sent
The oldest has waited 3 min, since 13:17.

Stuck
#6 Broadcasts → user 1: doubtful (timed out)
#5 Changes A8 → user 1: failed (message is too long)

1 failed because people blocked me; they are sent again when those people return, unless it is too late by then.""",
    "zh": """发件箱　8月9日 周六 13:20
群发　存疑 1
变动通知　失败 1
提醒的更正　失败 1
提醒　待发 2 · 失败 2 · 已发 1
等得最久的一条已等 3 分钟（13:17 起）。

卡住的
#6 群发 → 用户 1：存疑（timed out）
#5 变动通知 A8 → 用户 1：失败（message is too long）

1 条因对方屏蔽了我而失败；对方回来后，还没过时的会补发。""",
}


@pytest.fixture
async def staff(app: App) -> User:
    user = await acquaintance.meet(app.db, "telegram", "5", "en", now=app.clock.now())
    async with app.db.transaction() as tx:
        await roles.grant(tx, user.id, "staff", 0, now=app.clock.now())
    return user


async def fill(app: App) -> None:
    """One row in each state that matters."""
    now = app.clock.now()
    slot = app.edition.timetable.session("A8")
    assert slot is not None
    rows = [
        ("one", "reminder", "waiting", None, None),
        ("two", "reminder", "waiting", None, None),
        ("three", "reminder", "failed", outbox.BLOCKED, None),
        ("four", "reminder", "failed", "refused", now),  # too late for anybody to send it again
        ("five", "change", "failed", "message is too long", None),
        ("six", "broadcast", "doubtful", "timed out", None),
        ("seven", "reminder", "sent", None, None),
        ("eight", "edit", "failed", "message to edit not found", None),
    ]
    async with app.db.transaction() as tx:
        await users.meet(tx, "telegram", {"1": "en"}, now=now)
        for key, kind, state, reason, expires in rows:
            about = {"subject": "slot", "subject_id": slot.id} if kind == "change" else {}
            new = New(key, kind, 1, 20, state=state, reason=reason, expires=expires, **about)  # type: ignore[arg-type]
            await outbox.queue(tx, [new], now=now - timedelta(minutes=3))


async def said(app: App, text: str, lang: Lang, user: User) -> str:
    question = pressed(text) if text.startswith("resend") else typed(text)
    return as_text(await app.answer(question, lang, user=user))


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_an_outbox_in_which_nothing_ever_was(app: App, staff: User, lang: Lang) -> None:
    assert await said(app, "/outbox", lang, staff) == EMPTY[lang]


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_how_much_of_what_and_what_is_stuck_and_why(app: App, staff: User, lang: Lang) -> None:
    await fill(app)
    assert await said(app, "/outbox", lang, staff) == FULL[lang]


async def test_a_button_sends_one_again_and_twice_is_once(app: App, staff: User) -> None:
    await fill(app)
    first = await app.answer(pressed("resend 6"), "en", user=staff)
    second = await app.answer(pressed("resend 6"), "en", user=staff)
    async with app.db.snapshot() as conn:
        stuck = [one.id for one in await outbox.in_trouble(conn, now=app.clock.now())]

    assert (first.toast, second.toast) == (
        "1 notice will be sent again.",
        "Nothing to send again: it is on its way already, or too late.",
    )
    assert stuck == [5]
    assert [button.label for row in first.rows for button in row] == ["Resend #5", "Refresh"]


async def test_all_that_is_stuck_is_sent_again_but_for_what_is_too_late_or_blocked(app: App, staff: User) -> None:
    await fill(app)
    reply = await app.answer(pressed("resend all"), "en", user=staff)
    assert reply.toast == "2 notices will be sent again."
    assert as_text(reply).splitlines()[1:5] == [
        "Broadcasts  1 waiting",
        "Changes  1 waiting",
        "Corrected reminders  1 failed",
        "Reminders  2 waiting · 2 failed · 1 sent",
    ]


async def test_an_attendee_neither_sees_it_nor_sends_anything_again(app: App) -> None:
    await fill(app)
    ann = await acquaintance.meet(app.db, "telegram", "1", "en", now=app.clock.now())
    assert await said(app, "/outbox", "en", ann) == "There is no command /outbox."
    await app.answer(pressed("resend all"), "en", user=ann)
    async with app.db.snapshot() as conn:
        assert [one.id for one in await outbox.in_trouble(conn, now=app.clock.now())] == [6, 5]


@pytest.fixture
def filled(options: Settings) -> Path:
    """A folder with the database of a bot that does not run."""

    async def work() -> None:
        async with wiring.app(options) as app:
            await fill(app)

    asyncio.run(work())
    return options.database.parent


def test_the_same_in_the_terminal(filled: Path) -> None:
    code, lines, complaints = quickly(filled, "outbox", "--lang", "en")
    assert (code, lines, complaints) == (0, FULL["en"].splitlines(), [])


def test_as_json_and_sent_again_from_the_terminal(filled: Path) -> None:
    code, lines, complaints = quickly(filled, "outbox", "--resend", "6", "--json")
    assert (code, json.loads("\n".join(lines)), complaints) == (
        0,
        {
            "counts": {
                "broadcast": {"waiting": 1},
                "change": {"failed": 1},
                "edit": {"failed": 1},
                "reminder": {"failed": 2, "sent": 1, "waiting": 2},
            },
            "oldest": "2025-08-09T05:17:00Z",
            "stuck": [
                {
                    "id": 5,
                    "kind": "change",
                    "user_id": 1,
                    "subject": "slot",
                    "subject_id": 14,
                    "state": "failed",
                    "reason": "message is too long",
                    "doubts": 0,
                }
            ],
            "blocked": 1,
            "resent": 1,
        },
        [],
    )
    code, lines, _ = quickly(filled, "outbox", "--resend", "all", "--lang", "en")
    assert (code, lines[-1]) == (0, "1 notice will be sent again.")


def test_a_number_that_is_none_is_said_so(filled: Path) -> None:
    code, lines, complaints = quickly(filled, "outbox", "--resend", "six")
    longest = quickly(filled, "outbox", "--resend", 20 * "9")
    assert (code, lines, complaints) == (
        1,
        [],
        ["--resend: “six” is not a notice's number. Write a number from the list, or all."],
    )
    assert longest == (1, [], [line.replace("six", 20 * "9") for line in complaints])
