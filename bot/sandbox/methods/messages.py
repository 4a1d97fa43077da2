"""Sending, editing and deleting messages, and answering pressed buttons."""

from typing import Any

from bot.sandbox.formatting import caption, formatted, message_text
from bot.sandbox.keyboards import inline_keyboard
from bot.sandbox.methods.registry import method
from bot.sandbox.refusal import Json, bad_request
from bot.sandbox.state import CALLBACK_SECONDS, Chat, World

TOAST_LIMIT = 200
"""Characters in the answer to a pressed button."""
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@method
def send_message(world: World, p: Json) -> Json:
    """core.telegram.org/bots/api#sendmessage."""
    chat = world.writable(p["chat_id"])
    text, entities = message_text(*formatted(p["text"], p.get("parse_mode"), p.get("entities"), world.user_json))
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    if "link_preview_options" in p:
        content["link_preview_options"] = p["link_preview_options"]
    return sent(world, chat, content, p)


def sent(world: World, chat: Chat, content: Json, p: Json) -> Json:
    """Put a message of the bot into a chat, with all that every send method can say about it."""
    topic = p.get("message_thread_id")
    if topic is not None and topic not in chat.topics:
        raise bad_request("message thread not found")
    if "business_connection_id" in p:
        raise bad_request("BUSINESS_CONNECTION_INVALID")
    keyboard = inline_keyboard(p.get("reply_markup"))
    replied = _replied(world, chat, p.get("reply_parameters"))
    if "reply_markup" in p and "inline_keyboard" not in p["reply_markup"]:
        chat.reply_keyboard = p["reply_markup"]
    return world.put(
        chat,
        world.bot,
        {
            **({"message_thread_id": topic, "is_topic_message": True} if topic else {}),
            **({"reply_to_message": replied} if replied else {}),
            **content,
            **({"has_protected_content": True} if p.get("protect_content") else {}),
            **({"reply_markup": keyboard} if keyboard else {}),
        },
        silent=p.get("disable_notification", False),
    )


def captioned(world: World, p: Json) -> Json:
    """The caption of a picture or document as fields of its message."""
    text, entities = caption(
        *formatted(p.get("caption", ""), p.get("parse_mode"), p.get("caption_entities"), world.user_json)
    )
    return ({"caption": text} if text else {}) | ({"caption_entities": entities} if entities else {})


def _replied(world: World, chat: Chat, parameters: Json | None) -> Json | None:
    if parameters is None:
        return None
    where = world.chat_named(parameters["chat_id"]) if "chat_id" in parameters else chat
    message = where.messages.get(parameters["message_id"])
    if message is None:
        if parameters.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")
    return {name: value for name, value in message.items() if name != "reply_to_message"}


@method
def edit_message_text(world: World, p: Json) -> Any:
    """core.telegram.org/bots/api#editmessagetext."""
    chat, old = _editable(world, p)
    text, entities = message_text(*formatted(p["text"], p.get("parse_mode"), p.get("entities"), world.user_json))
    if "text" not in old:
        raise bad_request("there is no text in the message to edit")
    content = {"text": text, "entities": entities or None, "link_preview_options": p.get("link_preview_options")}
    return _edited(world, chat, old, content, p)


@method
def edit_message_caption(world: World, p: Json) -> Any:
    """core.telegram.org/bots/api#editmessagecaption."""
    chat, old = _editable(world, p)
    if "document" not in old and "photo" not in old:
        raise bad_request("there is no caption in the message to edit")
    return _edited(world, chat, old, {"caption": None, "caption_entities": None, **captioned(world, p)}, p)


@method
def edit_message_reply_markup(world: World, p: Json) -> Any:
    """core.telegram.org/bots/api#editmessagereplymarkup."""
    chat, old = _editable(world, p)
    return _edited(world, chat, old, {}, p)


def _editable(world: World, p: Json) -> tuple[Chat, Json]:
    """The chat and the bot's own message that an edit means."""
    if "inline_message_id" in p:
        if p["inline_message_id"] not in world.inline_messages:
            raise bad_request("MESSAGE_ID_INVALID")
        chat_id, message_id = world.inline_messages[p["inline_message_id"]]
        return world.chats[chat_id], world.chats[chat_id].messages[message_id]
    for name, sentence in (("chat_id", "chat_id is empty"), ("message_id", "message identifier is not specified")):
        if name not in p:
            raise bad_request(sentence)
    chat = world.writable(p["chat_id"])
    if p["message_id"] not in chat.messages:
        raise bad_request("message to edit not found")
    if p["message_id"] not in chat.own:
        raise bad_request("message can't be edited")
    return chat, chat.messages[p["message_id"]]


def _edited(world: World, chat: Chat, old: Json, content: Json, p: Json) -> Any:
    """Put the new message in the old one's place; what is None or empty goes. True for an inline message."""
    keyboard = inline_keyboard(p.get("reply_markup"))
    # A new object: the old one may still wait in an update, which tells what the user saw then.
    new = {name: value for name, value in {**old, **content, "reply_markup": keyboard}.items() if value is not None}
    if new == old:
        raise bad_request(NOT_MODIFIED)
    new["edit_date"] = world.date()
    chat.messages[old["message_id"]] = new
    world.happened("message", chat, new)
    return True if "inline_message_id" in p else new


@method
def delete_message(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#deletemessage, without its limit of 48 hours."""
    chat = world.chat_named(p["chat_id"])
    if p["message_id"] not in chat.messages:
        raise bad_request("message to delete not found")
    rights = chat.kind == "private" or chat.members.get(world.bot.id) == "administrator"
    if p["message_id"] not in chat.own and not rights:
        raise bad_request("message can't be deleted")
    del chat.messages[p["message_id"]]
    world.happened("gone", chat, p["message_id"])
    if p["message_id"] in chat.pinned:
        chat.pinned.remove(p["message_id"])
        world.happened("pins", chat)
    return True


@method
def answer_callback_query(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#answercallbackquery. One answer a press; the second comes too late."""
    if len(p.get("text", "")) > TOAST_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    query = world.callbacks.get(p["callback_query_id"])
    if query is None or query.answer is not None or world.monotonic() - query.pressed > CALLBACK_SECONDS:
        raise bad_request(TOO_OLD)
    if "url" in p:
        raise bad_request("URL_INVALID")
    query.answer = {"text": p.get("text", ""), "show_alert": p.get("show_alert", False)}
    world.happened("callback", None, query)
    return True
