"""One user who asks, presses and stars on the first day of CSML2025, as they would in a private chat or in a group."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import editing

from bot.app import App
from bot.channels.terminal import as_text
from bot.commands.dispatch import pressed, typed
from bot.domain.model import Lang
from bot.replies.reply import Reply
from bot.services import acquaintance

Asked = Callable[..., Awaitable[Reply]]


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2025-08-09T{clock}+08:00")


def asking(app: App) -> Asked:
    """Asks as the same user each time; `~` before what a button asks, `*` before what to star."""

    async def ask(text: str, lang: Lang = "zh", now: str | datetime = "08:00", group: str = "") -> Reply:
        moment = at(now) if isinstance(now, str) else now
        user = await acquaintance.meet(app.db, "telegram", "7", lang, now=moment)
        question = pressed(f"star {named(app, text[1:])} 1") if text[0] == "*" else typed(text)
        question = pressed(text[1:]) if text[0] == "~" else question
        return await app.answer(replace(question, group=group), lang, user=user, at=moment)

    return ask


def named(app: App, code: str) -> str:
    """What a button calls a talk, a session or an item: by its code or title."""
    event = app.edition.timetable.event_by_code(code)
    slot = next((slot for slot in app.edition.timetable.slots if code in (slot.code, slot.title)), None)
    return f"t{event.talk.id}" if event else f"s{slot.id}" if slot else ""


async def cancel(app: App, *codes: str) -> None:
    """Talks, sessions or items are called off."""
    for code in codes:
        name = named(app, code)
        kind = "talk" if name[0] == "t" else "slot"
        await editing.cancel(app.db, kind, int(name[1:]), by=None, now=at("08:00"))  # type: ignore[arg-type]
        await app.refresh()


def lines(reply: Reply) -> list[str]:
    return as_text(reply).splitlines()


def labels(reply: Reply) -> list[list[str]]:
    return [[button.label for button in row] for row in reply.rows]
