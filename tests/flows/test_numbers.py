"""What is counted, against counts made by hand; the chat and the command line say the same."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from process import quickly
from staffed import at
from telegram_bot import all_settled, running_bot

from bot.app import App
from bot.domain.model import LANGS
from bot.domain.numbers import remembered
from bot.replies.numbers import stats
from bot.replies.reply import Reply, plain
from bot.replies.voice import Voice
from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.state import User
from bot.services import acquaintance, numbers, stars
from bot.store import outbox, roles

MORNING = "2025-08-09T08:00"


@pytest.fixture
async def box(app: App) -> AsyncIterator[Sandbox]:
    app.clock.set(now=at(app, MORNING))
    async with sandbox() as opened:
        yield opened


async def ask(box: Sandbox, who: User, *texts: str) -> None:
    for text in texts:
        await box.reply(who, after=box.say(who, text))


async def star(box: Sandbox, who: User, code: str) -> None:
    card = await box.reply(who, after=box.say(who, f"/session {code}"))
    label = next(one.text for row in card.buttons for one in row if one.text.startswith("☆"))
    await box.answered(box.press(who, card.message_id, label))


async def settled(app: App) -> None:
    """Wait until both reminders are written down as sent."""
    async with asyncio.timeout(20):
        while True:
            async with app.db.snapshot() as conn:
                if {state for kind, state, _ in await outbox.counts(conn) if kind == "reminder"} == {"sent"}:
                    return


async def conference(app: App, box: Sandbox) -> None:
    """An and Bo ask on the first day, An and Cy on the second; two star A8, whose room holds one; one reminder each."""
    an, bo = box.user("An", language_code="zh"), box.user("Bo", language_code="en")
    cy = box.user("Cy", language_code="en")
    await ask(box, an, "/now", "/next", "红烧排骨", "/room 99")
    await ask(box, bo, "/now", "红烧排骨", "call me at 138 0013 8000")
    await star(box, an, "A8")
    await star(box, bo, "A8")
    await all_settled(box, app)
    app.clock.set(now=at(app, "2025-08-09T13:20"))
    await box.until(lambda: len([m for m in box.requests("sendMessage") if "⏰" in (m.text or "")]) == 2)
    await settled(app)
    app.clock.set(now=at(app, "2025-08-10T09:00"))
    await ask(box, an, "/now")
    await ask(box, cy, "/help")
    await all_settled(box, app)


async def test_everything_counted_is_what_was_counted_by_hand(app: App, box: Sandbox) -> None:
    async with running_bot(app, box):
        await conference(app, box)
    seen = await numbers.see(app.db, app.edition.timetable)
    starred = [(one.code, one.stars) for one in seen.sessions if one.stars]
    facts = seen.model_dump(mode="json", include={"users", "reachable", "days", "kinds", "misses"})

    assert facts == {
        "users": {"zh": 1, "en": 2},
        "reachable": 3,
        "days": [
            {"day": "2025-08-09", "new": {"zh": 1, "en": 1}, "active": {"zh": 1, "en": 1}, "asked": 11, "missed": 4},
            {"day": "2025-08-10", "new": {"zh": 0, "en": 1}, "active": {"zh": 1, "en": 1}, "asked": 2, "missed": 0},
        ],
        "kinds": [
            {"kind": "now", "asked": 3, "missed": 0},
            {"kind": "search", "asked": 3, "missed": 3},
            {"kind": "session", "asked": 2, "missed": 0},
            {"kind": "star", "asked": 2, "missed": 0},
            {"kind": "help", "asked": 1, "missed": 0},
            {"kind": "next", "asked": 1, "missed": 0},
            {"kind": "room", "asked": 1, "missed": 1},
        ],
        "misses": [{"words": "红烧排骨", "people": 2}, {"words": "/room 99", "people": 1}],
    }
    assert starred == [("A8", 2)]
    assert [(one.kind, one.sent, one.longest) for one in seen.notices] == [("reminder", 2, 0.0)]


async def test_what_is_delivered_twice_is_counted_once(app: App, box: Sandbox) -> None:
    an = box.user("An", language_code="zh")
    async with running_bot(app, box):
        await box.reply(an, after=box.say(an, "/now"))
        box.say(an, "/next")
        number = box.pending[-1]["update_id"]
        await all_settled(box, app)
        box.duplicate(number)
        await all_settled(box, app)
    seen = await numbers.see(app.db, app.edition.timetable)

    assert {one.kind: one.asked for one in seen.kinds} == {"now": 1, "next": 1}


async def test_chat_and_command_line_say_the_same(app: App, box: Sandbox, tmp_path: Path) -> None:
    async with running_bot(app, box):
        await conference(app, box)
        qin = box.user("Qin", language_code="en", started=True)
        user = await acquaintance.meet(app.db, "telegram", str(qin.id), "en", now=app.clock.now())
        async with app.db.transaction() as tx:
            await roles.grant(tx, user.id, "staff", 0, now=app.clock.now())
        told = await box.reply(qin, after=box.say(qin, "/stats"))
    # Asking is counted as well, so the two are compared at the same state of the database.
    async with app.db.transaction() as tx:
        await tx.execute_fetchall("DELETE FROM questions WHERE kind = 'stats'")
        await tx.execute_fetchall("DELETE FROM visits WHERE user_id = ?", (user.id,))
    seen = await numbers.see(app.db, app.edition.timetable)
    code, printed, _ = await asyncio.to_thread(quickly, tmp_path, "stats", "--lang", "en")
    _, as_json, _ = await asyncio.to_thread(quickly, tmp_path, "stats", "--json")

    assert told.text.splitlines() == [
        "In numbers",
        "4 people (1 in Chinese, 3 in English), 4 of them within reach",
        "",
        "Day by day",
        "Sat 9 Aug  2 asked (1 in Chinese, 1 in English), 2 new, 11 questions",
        "Sun 10 Aug  2 asked (1 in Chinese, 1 in English), 2 new, 2 questions",
        "",
        "What was asked (13 in all)",
        "/now  3",
        "Anything typed  3 (3 found nothing)",
        "/session  2",
        "Starring, un-starring  2",
        "/help  1",
        "/next  1",
        "/room  1 (1 found nothing)",
        "",
        "Found nothing",
        "“红烧排骨”  2 people",
        "“/room 99”  1 person",
        "",
        "Stars",
        "A8: 2 stars",
        "",
        "How late notices were",
        "Reminders  2 sent; half within 0.0 s, 95% within 0.0 s, the last after 0.0 s",
    ]
    assert (code, printed) == (0, told.text.splitlines())
    assert json.loads("\n".join(as_json)) == seen.model_dump(mode="json")


def plain_lines(reply: Reply) -> list[str]:
    return [plain(line) for block in reply.blocks for line in block.lines]


async def told_late(app: App) -> None:
    """Reminders a second early, one second and three seconds late; a change seven seconds after its quiet time."""
    now = at(app, "2025-08-09T13:00")
    an = await acquaintance.meet(app.db, "telegram", "1", "zh", now=now)
    start = "2025-08-09T05:30:00.000Z"
    rows = [  # kind, moment, due, queued, settled; An's lead is ten minutes
        ("reminder", start, None, "05:15:00.000", "05:19:59.000"),
        ("reminder", start, None, "05:25:00.000", "05:25:01.000"),  # starred five minutes before
        ("reminder", start, None, "05:20:00.000", "05:20:03.000"),
        ("change", None, "05:02:00.000", "05:00:00.000", "05:02:07.000"),
        ("duty", start, None, "05:10:00.000", "05:10:02.500"),
        *(("broadcast", None, None, "05:00:00.000", f"05:00:{n:02}.000") for n in range(1, 41)),
        ("silent", start, None, "05:25:00.000", "05:26:00.000"),  # nobody waits for it
    ]
    day = "2025-08-09T{}Z".format
    async with app.db.transaction() as tx:
        await tx.executemany(
            "INSERT INTO outbox (key, kind, user_id, moment, priority, due, queued, settled, state)"
            " VALUES (?, ?, ?, ?, 1, ?, ?, ?, 'sent')",
            [
                (f"{n}", kind, an.id, moment, due and day(due), day(queued), day(settled))
                for n, (kind, moment, due, queued, settled) in enumerate(rows)
            ],
        )


async def test_lateness_is_what_was_counted_by_hand(app: App) -> None:
    await told_late(app)
    seen = await numbers.see(app.db, app.edition.timetable)
    said = plain_lines(stats(Voice("zh", app.edition.timetable), seen))

    assert [one.model_dump() for one in seen.notices] == [
        {"kind": "broadcast", "sent": 40, "median": 20.0, "p95": 38.0, "longest": 40.0},
        {"kind": "change", "sent": 1, "median": 7.0, "p95": 7.0, "longest": 7.0},
        {"kind": "duty", "sent": 1, "median": 2.5, "p95": 2.5, "longest": 2.5},
        {"kind": "reminder", "sent": 3, "median": 1.0, "p95": 3.0, "longest": 3.0},
    ]
    assert said[said.index("通知的快慢") + 1 :] == [
        "群发　已发 40；半数 20 秒内，95% 38 秒内，最慢 40 秒",
        "变动通知　已发 1；半数 7.0 秒内，95% 7.0 秒内，最慢 7.0 秒",
        "本人报告与主持　已发 1；半数 2.5 秒内，95% 2.5 秒内，最慢 2.5 秒",
        "提醒　已发 3；半数 1.0 秒内，95% 3.0 秒内，最慢 3.0 秒",
    ]


async def test_stars_stand_beside_what_a_room_holds_where_the_programme_says_it(app: App) -> None:
    """Three go to A8, whose room holds two: by the session, by a talk of it, by both; two to A1, which holds eighty."""
    timetable, now = app.edition.timetable, app.clock.now()
    async with app.db.transaction() as tx:
        for code, capacity in (("A8", 2), ("A1", 80)):
            slot = timetable.session(code)
            assert slot is not None
            await tx.execute_fetchall("UPDATE rooms SET capacity = ? WHERE name = ?", (capacity, slot.room))
        await tx.execute_fetchall("UPDATE revision SET number = number + 1")
    await app.refresh()
    timetable = app.edition.timetable
    marks = [(1, "A8", True), (2, "A8-2", True), (3, "A8", True), (3, "A8-1", True), (4, "A1", True), (5, "A1-3", True)]
    marks += [(4, "A3", True), (5, "A2-1", True), (5, "A2-1", False)]
    for number, code, starred in marks:
        user = await acquaintance.meet(app.db, "telegram", str(number), "en", now=now)
        thing = timetable.session(code) or timetable.event_by_code(code)
        assert thing is not None
        await stars.mark(app.db, timetable, user, thing, starred=starred, now=now)
    seen = await numbers.see(app.db, timetable)
    said = {lang: plain_lines(stats(Voice(lang, timetable), seen)) for lang in LANGS}

    assert [(one.code, one.stars, one.capacity) for one in seen.sessions if one.stars] == [
        ("A8", 3, 2),
        ("A1", 2, 80),
        ("A3", 1, None),
    ]
    assert said["zh"][said["zh"].index("收藏") + 1 :] == [
        "⚠️ A8：3 人收藏，会场只容 2 人",
        "A1：2 人收藏，会场可容纳 80 人",
        "A3：1 人收藏",
    ]
    assert said["en"][said["en"].index("Stars") + 1 :] == [
        "⚠️ A8: 3 stars, room 2",
        "A1: 2 stars, room 80",
        "A3: 1 star",
    ]


async def test_who_is_forgotten_takes_their_words_along_and_the_sums_stay(app: App, box: Sandbox) -> None:
    an = box.user("An", language_code="zh")
    async with running_bot(app, box):
        await ask(box, an, "红烧排骨")
        held = await box.reply(an, after=box.say(an, "/mydata"))
        kept = json.loads(box.world.files[held.raw["document"]["file_id"]].data)
        sure = await box.reply(an, after=box.say(an, "/forgetme"))
        await box.answered(box.press(an, sure.message_id, "全部删除"))
        await all_settled(box, app)
    seen = await numbers.see(app.db, app.edition.timetable)

    assert [{name: row[name] for name in ("day", "words")} for row in kept["misses"]] == [
        {"day": "2025-08-09", "words": "红烧排骨"}
    ]
    assert (seen.misses, seen.users, {one.kind: one.asked for one in seen.kinds}) == (
        (), {"zh": 0, "en": 0}, {"search": 1, "mydata": 1, "forgetme": 2},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("红烧  排骨", "红烧 排骨"),
        ("138 0013 8000", ""),
        ("me@example.org", ""),
        ("长" * 61, ""),
        ("A8-2 1", "A8-2 1"),
    ],
)
def test_what_may_be_somebody_s_own_is_not_kept(words: str, kept: str) -> None:
    assert remembered(words) == kept
