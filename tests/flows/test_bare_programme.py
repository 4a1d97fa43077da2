"""A programme that says as little as can be: nothing that is missing leaves its sign, its brackets or its button."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from limits import broken, pages

from bot import app as wiring
from bot.commands.dispatch import Question, pressed, typed
from bot.commands.table import COMMANDS
from bot.config import Settings
from bot.domain.model import LANGS, Lang
from bot.replies.reply import plain
from bot.services import acquaintance

BARE = """\
format: yicheng/1
conference: {key: BARE, name: {en: Bare}}
slots:
  - when: 2025-08-09 09:00-10:00
    kind: opening
    title: Opening
    talks: [{title: Welcome}]
  - when: 2025-08-09 10:00-11:00
    kind: session
    code: A
    title: Remarks
    talks: [{title: Closing remarks}, {title: More remarks}]
  - {when: 2025-08-09 10:00-11:00, kind: session, code: B, title: Empty}
  - {when: 2025-08-09 11:00-12:00, kind: panel, title: Panel}
"""
# A line may be set in, or begin as one of a list does.
DANGLING = re.compile(r"^ *(?!· \S)[·：:、,，]|[ ·、,，]$|[·：:、,，] *[·：:、,，]|\( *\)|（\s*）|“”|  ·")
ASKED = (
    *(f"/{name}" for name, command in COMMANDS.items() if not command.hidden and not command.needs),
    "remarks", "Welcome", "panel", "closing remarks", "first talk", "talks at 10:30", "this morning",
)  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
async def test_what_a_programme_does_not_say_leaves_no_trace(tmp_path: Path, lang: Lang) -> None:
    file = tmp_path / "bare.yaml"
    file.write_text(BARE, "utf-8")
    options = Settings(_env_file=None, database=tmp_path / "bare.sqlite3", programme=file, clock="2025-08-09T09:55@0")  # type: ignore[call-arg]
    faults: dict[object, str] = {}
    async with wiring.app(options) as app:
        timetable = app.edition.timetable
        stars = [f"star s{slot.id} 1" for slot in timetable.slots]
        things = [f"t{one.talk.id}" for one in timetable.events] + [f"s{one.id}" for one in timetable.slots]
        for at in [datetime(2025, 8, 9, 8, 30, tzinfo=timetable.zone) + timedelta(minutes=30 * n) for n in range(9)]:
            questions: dict[str, Question] = {text: typed(text) for text in ASKED}
            questions |= {text: pressed(text) for text in (*stars, f"reminder {','.join(things)}")}
            seen = {"forgetme yes", "mydata"}
            while questions:
                name, question = questions.popitem()
                seen.add(name)
                user = await acquaintance.meet(app.db, "telegram", "7", lang, now=at)
                reply = await app.answer(question, lang, user=user, at=at)
                lines = [plain(line) for block in reply.blocks for line in block.lines]
                faults |= {line: f"{at:%H:%M} {name}" for line in (*lines, reply.toast) if DANGLING.search(line)}
                for page in pages(reply, lang) if reply.blocks else ():
                    if wrong := broken(page):
                        faults[str(wrong)] = f"{at:%H:%M} {name}"
                    for button in (button for row in page.rows for button in row):
                        if not button.label.strip() or DANGLING.search(button.label):
                            faults[button.label] = f"{at:%H:%M} {name}"
                        if button.ask not in seen:
                            questions[button.ask] = pressed(button.ask)

    assert faults == {}
