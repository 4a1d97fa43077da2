"""Every command at every hour, and every button that can be reached, in both languages, within Telegram's limits."""

from datetime import UTC, datetime, timedelta

import pytest
from limits import broken, pages

from bot.app import App
from bot.commands.dispatch import Question, pressed, typed
from bot.commands.table import COMMANDS
from bot.domain.model import LANGS, Lang
from bot.domain.user import User
from bot.replies.words import word
from bot.services import acquaintance
from bot.store import roles

FIRST = datetime(2025, 8, 7, 16, tzinfo=UTC)  # midnight in Beijing, before the day of check-in
HOURS = [FIRST + timedelta(hours=n) for n in range(3 * 24 + 6)]

ASKED = [
    *(f"/{name}" for name in COMMANDS),
    "/room 7", "/room 友谊宫 聚英厅", "/room 99", "/room 友谊宫", "/day 1", "/day 明天", "/day 2025-08-10",
    "/day Friday", "/day never", "/session A8", "/session E5", "/session nothing", "/talk A1-2", "/talk INV-1",
    "/talk Z9-9", "/speaker 董彬", "/speaker dongbn", "/speaker zhang", "/speaker nobody at all",
    "/search 扩散模型", "/search optimization", "/search xyzzy", "/info organisation", "/lang fr", "/nonsense",
    "下一场", "会场 7号", "会场7号", "日程", "？", "🤖", "<b>&amp;</b>", "长" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
async def test_every_command_at_every_hour_is_within_the_limits(app: App, lang: Lang) -> None:
    faults = {}
    for at in HOURS:
        for text in ASKED:
            reply = await app.answer(typed(text), lang, at=at)
            for page in pages(reply, lang):
                if found := broken(page):
                    faults[text[:20], at] = found
    assert faults == {}


@pytest.mark.parametrize("lang", LANGS)
async def test_every_button_leads_somewhere_within_the_limits(app: App, lang: Lang) -> None:
    gone = word(lang, "unknown.gone")
    questions: dict[str, Question] = {text: typed(text) for text in ASKED}
    faults: dict[str, object] = {}
    seen: set[str] = set()
    while questions:
        name, question = questions.popitem()
        seen.add(name)
        reply = await app.answer(question, lang)
        for page in pages(reply, lang):
            if found := broken(page):
                faults[name] = found
            for button in (button for row in page.rows for button in row):
                if button.ask not in seen:
                    questions[button.ask] = pressed(button.ask)
        if any(span.text == gone for block in reply.blocks for line in block.lines for span in line):
            faults[name] = "gone"
    talks = {f"talk #{talk.id}" for talk in app.edition.timetable.programme.talks}
    speakers = {f"speaker #{p.id}" for p in app.edition.timetable.people(app.edition.timetable.programme.speakers)}
    assert (faults, talks - seen, speakers - seen) == ({}, set(), set())


STAFF = [
    *(f"/{name}" for name, command in COMMANDS.items() if command.needs == "staff"),
    "/move A3 聚英厅", "/move A3 5号", "/move A3 友谊宫3号", "/move A3", "/retime A3", "/retime A3 23:30-00:30",
    "/delay A3 45", "/delay A3-2", "/delay A3-2 10", "/delay 7号 10", "/calloff A3-2", "/calloff 茶歇", "/restore",
    "/swap A3", "/swap A3-1", "/swap A3 A1", "/swap A3 A1-1", "/setspeaker A3-2", "/setspeaker A3-2 刘徽",
    "/settitle A3-2", "/settitle A3-2 割圆术", "/addtalk A3", "/addtalk A3 割圆术 / 刘徽", "/addroom", "/note A3",
    "/note A3 请带电脑", "/undo 99", "A3推迟15分钟",
]  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
async def test_every_view_of_staff_is_within_the_limits_and_every_button_leads_somewhere(app: App, lang: Lang) -> None:
    now = app.clock.now()
    qin = await acquaintance.meet(app.db, "telegram", "1", lang, now=now)
    async with app.db.transaction() as tx:
        await roles.grant(tx, qin.id, "staff", 0, now=now)
    faults: dict[str, object] = {}
    seen: set[str] = set()
    for text in STAFF:
        reply = await app.answer(await app.meant(typed(text), qin), lang, user=qin)
        # Two presses from a message on: whatever is confirmed is done, and what is done is undone in its turn.
        fresh = [(text, reply)]
        for _ in range(2):
            views, fresh = fresh, []
            for name, view in views:
                for page in pages(view, lang):
                    if found := broken(page):
                        faults[name] = found
                    for button in (button for row in page.rows for button in row):
                        question = pressed(button.ask)
                        if button.ask in seen or question.command is None or question.command.needs != "staff":
                            continue
                        seen.add(button.ask)
                        fresh.append((button.ask, await app.answer(question, lang, user=qin)))
    assert faults == {}
    assert {ask.partition(" ")[0] for ask in seen} >= {"confirm", "drop", "change", "undo", "preview", "swap", "move"}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("reachable", [True, False])
async def test_every_button_of_somebody_s_own_leads_somewhere_within_the_limits(
    app: App, lang: Lang, reachable: bool
) -> None:
    """What is theirs is set, starred, pinned, handed over and forgotten on the way."""

    async def somebody() -> User:
        return await acquaintance.meet(app.db, "telegram", "7", lang, now=app.clock.now(), reachable=reachable)

    gone = word(lang, "unknown.gone")
    own = [*(f"/{name}" for name, command in COMMANDS.items() if not command.hidden), "/talk A8-2", "/session A3"]
    questions: dict[str, Question] = {text: typed(text) for text in own}
    faults: dict[str, object] = {}
    seen: set[str] = set()
    while questions:
        name, question = questions.popitem()
        seen.add(name)
        user = await somebody()
        reply = await app.answer(question, user.lang, user=user)
        for page in pages(reply, user.lang) if reply.blocks else []:
            if found := broken(page):
                faults[name] = found
            for button in (button for row in page.rows for button in row):
                if button.ask not in seen and button.ask.split()[0] in OWN:
                    questions[button.ask] = pressed(button.ask)
        if len(reply.toast) > 190:
            faults[name] = "a long toast"
        if any(span.text == gone for block in reply.blocks for line in block.lines for span in line):
            faults[name] = "gone"
    buttons = {"settings lead 30", "settings quiet 22-8", "settings lang zh", "settings lang en", "mydata"}
    assert (faults, (buttons | {"forgetme yes", "forgetme no"}) - seen) == ({}, set())


OWN = {name for name, command in COMMANDS.items() if command.own or command.writes} | {"privacy"}


async def test_the_card_of_a_full_day_is_within_the_limits_at_every_hour(app: App) -> None:
    faults = {}
    user = await acquaintance.meet(app.db, "terminal", "local", "en", now=app.clock.now(), reachable=False)
    for slot in app.edition.timetable.slots:
        await app.answer(pressed(f"star s{slot.id} 1"), "en", user=user)
    for at in HOURS:
        for lang in LANGS:
            shown = pages(await app.answer(typed("/card"), lang, user=user, at=at), lang)
            if found := [fault for page in shown for fault in broken(page)] or shown[1:]:
                faults[at, lang] = found
    assert faults == {}
