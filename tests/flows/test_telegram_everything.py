"""Every command and button over HTTP, as people press them: in both languages, in private and in a group.

The server is stricter than Telegram, so what it accepts is within Telegram's limits.
"""

import pytest
from telegram_bot import all_settled, running_bot

from bot.app import App
from bot.commands.table import COMMANDS
from bot.domain.model import LANGS, Lang
from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.state import Chat, User

ASKED = (
    *(f"/{name}" for name, command in COMMANDS.items() if not command.hidden),
    "/room 7", "/room 99", "/day 1", "/day 2025-08-10", "/session A8",
    "/session E5", "/talk A1-2", "/talk INV-1", "/talk Z9-9", "/speaker dongbn", "/search optimization",
    "/search xyzzy", "/info organisation", "/lang fr", "/nonsense@YichengBot",
)  # fmt: skip
OF_STAFF = [f"/{name}" for name, command in COMMANDS.items() if command.needs is not None]
PRESSES = {"private": 1_000, "group": 100}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", ["private", "group"])
async def test_every_command_and_button_is_answered_and_every_answer_accepted(app: App, lang: Lang, kind: str) -> None:
    async with sandbox() as box, running_bot(app, box):
        an = box.user("An", language_code=lang, started=True)
        chat = box.chat(an) if kind == "private" else box.group("同学 Friends", an)
        for text in ASKED:
            # In a group a command of staff that names no bot may be for another, and is left alone.
            named = text in OF_STAFF and kind == "group"
            asked = box.say(an, f"{text}@{box.bot.username}" if named else text, chat=chat)
            await box.reply(chat, after=asked)

        pressed = await press_everything(box, app, an, chat, at_most=PRESSES[kind])
        await box.heard()

    assert refused(box) == []
    assert [entry.params["callback_query_id"] for entry in box.requests("answerCallbackQuery")] == pressed


async def press_everything(box: Sandbox, app: App, person: User, chat: Chat, *, at_most: int) -> list[str]:
    """Press every button once, breadth first. Returns the presses' ids."""
    seen: set[str] = set()
    pressed: list[str] = []
    while len(pressed) < at_most:
        fresh = {
            button.data: message.message_id
            for message in box.messages(chat)
            for row in message.buttons
            for button in row
            if button.data is not None and button.data not in seen
        }
        if not fresh:
            return pressed
        seen |= fresh.keys()
        for data, message in fresh.items():
            pressed.append(box.press(person, message, data, chat=chat))
        await all_settled(box, app)
    return pressed


def refused(box: Sandbox) -> list[tuple[str, str | None]]:
    """What the server did not accept; pressed twice, a button that changes nothing is refused by Telegram too."""
    return [
        (entry.method, entry.description)
        for entry in box.requests()
        if entry.outcome != "accepted" and "message is not modified" not in (entry.description or "")
    ]
