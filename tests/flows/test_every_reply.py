"""Every command at every hour, and every button that can be reached, in both languages, within Telegram's limits."""

from datetime import UTC, datetime, timedelta

import pytest
from limits import broken, pages

from bot.app import App
from bot.commands.dispatch import Question, pressed, typed
from bot.commands.table import COMMANDS
from bot.domain.model import LANGS, Lang
from bot.replies.words import word

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
