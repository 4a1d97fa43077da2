"""Inline keyboards: what Telegram takes as a button."""

import re

from bot.sandbox.refusal import Json, bad_request

BUTTON_LIMIT = 100
DATA_LIMIT = 64
"""Bytes of callback_data."""
COPY_LIMIT = 256
STYLES = {"danger", "success", "primary"}
DRESS = {"text", "style", "icon_custom_emoji_id"}
"""The fields that do not say what a button does."""
URL = re.compile(r"(?:https?|tg|ton)://[^\s/]+\S*|[^\s:/]+\.[^\s:/]{2,}(?:[/?#]\S*)?")


def inline_keyboard(markup: Json | None) -> Json | None:
    """A reply_markup as the message will carry it; None for none, an empty one, or a keyboard that is not inline.

    Raises Refusal: BUTTON_DATA_INVALID, BUTTON_URL_INVALID and their kin.
    """
    if markup is None or "inline_keyboard" not in markup:
        return None
    rows = [[_button(button) for button in row] for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > BUTTON_LIMIT:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _button(button: Json) -> Json:
    """The button, or Refusal."""
    kinds = sorted(set(button) - DRESS)
    if not button["text"].strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be non-empty')
    if not kinds:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        raise bad_request(f"can't parse inline keyboard button: {' and '.join(kinds)} exclude each other")
    if button.get("style", "primary") not in STYLES:
        raise bad_request("BUTTON_STYLE_INVALID")
    value = button[kinds[0]]
    match kinds[0]:
        case "callback_data" if not 1 <= len(value.encode()) <= DATA_LIMIT:
            raise bad_request("BUTTON_DATA_INVALID")
        case "url" if not URL.fullmatch(value):
            raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
        case "copy_text" if not 1 <= len(value["text"]) <= COPY_LIMIT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
        case "web_app" if not value["url"].startswith("https://"):
            raise bad_request(
                f"inline keyboard button Web App URL '{value['url']}' is invalid: Only HTTPS links are allowed"
            )
    return button
