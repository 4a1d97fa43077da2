"""Messages as a user sees them."""

from dataclasses import dataclass

from bot.sandbox.refusal import Json


@dataclass(frozen=True, slots=True)
class Button:
    """A button as a user sees it: `data` when pressing it asks the bot, `url` when it opens something."""

    text: str
    data: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as a user sees it."""

    message_id: int
    by: int | None
    """The user's id, or the bot's; None for a post in a channel."""
    text: str
    """Text or caption."""
    entities: tuple[Json, ...]
    buttons: tuple[tuple[Button, ...], ...]
    edited: bool
    pinned: bool
    raw: Json
    """The Message object of the Bot API."""


def seen(message: Json, *, pinned: bool) -> Seen:
    """A message as a user sees it."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return Seen(
        message["message_id"],
        message.get("from", {}).get("id"),
        message["text"] if "text" in message else message.get("caption", ""),
        tuple(message["entities"] if "entities" in message else message.get("caption_entities", ())),
        tuple(tuple(Button(b["text"], b.get("callback_data"), b.get("url")) for b in row) for row in rows),
        "edit_date" in message,
        pinned,
        message,
    )
