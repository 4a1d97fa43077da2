"""A broadcast and a process that ends in the middle of it: nobody is told twice, and what was scheduled is not lost."""

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from announced import PNG
from crowd import known, opened
from process import kill, running, start

from bot.clock import Clock
from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.refusal import Json
from bot.sandbox.seen import Seen
from bot.sandbox.state import User

NOON = datetime(2025, 8, 9, 4, tzinfo=UTC)
HEAD = ("📢 会务组通知", "📢 From the organisers")


async def staffed(folder: Path, box: Sandbox) -> tuple[User, list[User]]:
    """A database with one member of staff and fifty attendees, every second of whom reads English."""
    async with running(folder, box):
        await box.until(lambda: box.requests("setMyCommands"), seconds=30)
    qin = box.user("Qin", language_code="zh", started=True)
    crowd = [box.user(f"n{n}", language_code=("zh", "en")[n % 2], started=True) for n in range(50)]
    with opened(folder) as conn:
        conn.execute("INSERT INTO roles (user_id, role, since) VALUES (?, 'staff', '2025-08-08')", (known(conn, qin),))
        for n, person in enumerate(crowd):
            conn.execute("UPDATE users SET lang = ? WHERE id = ?", (("zh", "en")[n % 2], known(conn, person)))
    return qin, crowd


async def confirmed(box: Sandbox, qin: User, picture: Json) -> Seen:
    """A broadcast to all in two languages, under a picture; its preview."""
    await box.reply(qin, after=picture, seconds=60)
    said = box.say(qin, "/broadcast 全体 大巴 17:30 出发\n---\nThe bus leaves at 17:30", reply_to=picture)
    preview = await box.reply(qin, after=said, seconds=60)
    await box.answered(box.press(qin, preview.message_id, "✅ 发送"))
    return preview


def now(box: Sandbox, who: User, message: Seen) -> Seen:
    return next(one for one in box.messages(who) if one.message_id == message.message_id)


def told(box: Sandbox, *, but: User) -> Counter[int]:
    """How often each attendee was told, whether or not the bot heard of it."""
    return Counter(
        int(entry.chat_id or 0)
        for entry in box.ledger
        if entry.method in ("sendMessage", "sendPhoto") and entry.applied and (entry.text or "").startswith(HEAD)
        if entry.chat_id != but.id
    )


def in_state(folder: Path, state: str, *, but: User) -> set[int]:
    with closing(sqlite3.connect(folder / "yicheng.sqlite3")) as conn:
        rows = conn.execute(
            "SELECT address FROM outbox JOIN users ON users.id = user_id WHERE kind = 'broadcast' AND state = ?",
            (state,),
        )
        return {int(address) for (address,) in rows} - {but.id}


@pytest.mark.parametrize("upto", [3, 30])
async def test_killed_half_way_nobody_is_told_twice_and_the_doubtful_are_listed_and_resent(
    tmp_path: Path, upto: int
) -> None:
    async with sandbox(clock=Clock(NOON, 0)) as box:
        qin, crowd = await staffed(tmp_path, box)
        settings = {"YICHENG_CLOCK": box.url, "YICHENG_RATE_OVERALL": "0", "YICHENG_RATE_PRIVATE": "0"}
        process = await start(tmp_path, box, **settings)
        picture = box.send_photo(qin, PNG)
        message = await confirmed(box, qin, picture)
        await box.until(lambda: told(box, but=qin).total() >= upto, seconds=60)
        await kill(process)
        in_hand = in_state(tmp_path, "sending", but=qin)
        async with running(tmp_path, box, **settings):
            await box.until(lambda: "发完了" in now(box, qin, message).text, seconds=60)
            doubtful = in_state(tmp_path, "doubtful", but=qin)
            once = told(box, but=qin)
            report = now(box, qin, message)
            again = [one.text for row in report.buttons for one in row if one.text.startswith("重发")]
            if doubtful:
                await box.answered(box.press(qin, message.message_id, again[0]))
            await box.until(lambda: now(box, qin, message).text.endswith("送达 51"), seconds=60)
        twice = told(box, but=qin)

    words = (f"{HEAD[0]}\n大巴 17:30 出发", f"{HEAD[1]}\nThe bus leaves at 17:30")
    sent = {
        (int(entry.chat_id or 0), entry.text, entry.params["photo"])
        for entry in box.requests("sendPhoto")
        if entry.applied and entry.chat_id != qin.id
    }
    assert sent == {(one.id, words[n % 2], picture["photo"][0]["file_id"]) for n, one in enumerate(crowd)}
    everybody = {person.id for person in crowd}
    assert doubtful == in_hand
    assert (set(once) | doubtful, max(once.values())) == (everybody, 1)
    assert twice == once + Counter(doubtful)


async def test_what_is_scheduled_goes_out_once_after_a_restart_and_what_was_taken_back_does_not(tmp_path: Path) -> None:
    async with sandbox(clock=Clock(NOON, 0)) as box:
        qin, crowd = await staffed(tmp_path, box)
        settings = {"YICHENG_CLOCK": box.url, "YICHENG_RATE_OVERALL": "0", "YICHENG_RATE_PRIVATE": "0"}
        process = await start(tmp_path, box, **settings)
        for text in ("大巴 17:30 出发", "谁也别听"):
            preview = await box.reply(qin, after=box.say(qin, f"/broadcast all {text}"), seconds=60)
            await box.answered(box.press(qin, preview.message_id, "🕒 定时"))
            await box.until(lambda preview=preview: "什么时候发" in now(box, qin, preview).text)
            await box.answered(box.press(qin, preview.message_id, "30 分钟后"))
            await box.until(lambda preview=preview: "发出" in now(box, qin, preview).text)
            await box.answered(box.press(qin, preview.message_id, "✅ 按时发送"))
            await box.until(lambda preview=preview: "按现在算" in now(box, qin, preview).text)
        await box.answered(box.press(qin, preview.message_id, "↩️ 撤回"))
        await box.heard()
        await kill(process)
        async with running(tmp_path, box, **settings):
            box.clock.set(NOON.replace(minute=30), 0)
            await box.until(lambda: any("发完了" in one.text for one in box.messages(qin)), seconds=60)
        texts = {entry.text for entry in box.ledger if (entry.text or "").startswith(HEAD)}

    assert told(box, but=qin) == Counter(person.id for person in crowd)
    assert texts == {f"{head}\n大巴 17:30 出发" for head in HEAD}
