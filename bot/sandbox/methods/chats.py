"""Chats and their members, pins and "typing …"."""

from bot.sandbox.methods.registry import method
from bot.sandbox.refusal import Json, bad_request, forbidden
from bot.sandbox.state import Chat, World

ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
RIGHTS = [
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "is_anonymous",
]


@method
def send_chat_action(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#sendchataction."""
    world.writable(p["chat_id"])
    if p["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.happened("typing", world.chat_named(p["chat_id"]), p["action"])
    return True


@method
def get_chat(world: World, p: Json) -> Json:
    """core.telegram.org/bots/api#getchat: ChatFullInfo."""
    chat = _seen(world, p)
    gifts = ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"]
    whole: Json = {
        **chat.json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    if chat.pinned:
        whole["pinned_message"] = chat.messages[chat.pinned[-1]]
    return whole


@method
def get_chat_member(world: World, p: Json) -> Json:
    """core.telegram.org/bots/api#getchatmember."""
    chat = _seen(world, p)
    if world.user_json(p["user_id"]) is None:
        raise bad_request("user not found")
    return member(world, chat, p["user_id"])


@method
def get_chat_administrators(world: World, p: Json) -> list[Json]:
    """core.telegram.org/bots/api#getchatadministrators: all but other bots."""
    chat = _seen(world, p)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    return [
        member(world, chat, each) for each, status in chat.members.items() if status in ("creator", "administrator")
    ]


@method
def leave_chat(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#leavechat."""
    chat = _seen(world, p)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    set_bot_status(world, chat, "left", by=world.bot.id)
    return True


@method
def pin_chat_message(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#pinchatmessage; the chat then shows who pinned what."""
    chat = _pinnable(world, p)
    message = chat.messages.get(p["message_id"])
    if message is None:
        raise bad_request("message to pin not found")
    if p["message_id"] not in chat.pinned:
        chat.pinned.append(p["message_id"])
        world.happened("pins", chat)
        world.put(chat, world.bot, {"pinned_message": message}, silent=p.get("disable_notification", False))
    return True


@method
def unpin_chat_message(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#unpinchatmessage: the one named, or the one pinned last."""
    chat = _pinnable(world, p)
    message_id = p.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    world.happened("pins", chat)
    return True


def _seen(world: World, p: Json) -> Chat:
    """A chat the bot is in."""
    chat = world.chat_named(p["chat_id"])
    status = chat.members.get(world.bot.id, "left")
    if chat.kind != "private" and status in ("left", "kicked"):
        verb = "was kicked from" if status == "kicked" else "is not a member of"
        raise forbidden(f"bot {verb} the {chat.kind} chat")
    return chat


def _pinnable(world: World, p: Json) -> Chat:
    chat = world.writable(p["chat_id"])
    if chat.kind != "private" and chat.members.get(world.bot.id) != "administrator":
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


def member(world: World, chat: Chat, user_id: int) -> Json:
    """The ChatMember object of somebody in a chat."""
    status = chat.members.get(user_id, "left")
    if chat.kind == "private":
        status = "kicked" if user_id == world.bot.id and chat.blocked else "member"
    whole: Json = {"user": world.user_json(user_id), "status": status}
    if status == "creator":
        whole["is_anonymous"] = False
    elif status == "administrator":
        whole |= dict.fromkeys(RIGHTS, True) | {"is_anonymous": False, "can_pin_messages": True}
        if chat.kind == "channel":
            whole |= {"can_post_messages": True, "can_edit_messages": True}
    elif status == "kicked":
        whole["until_date"] = 0
    return whole


def set_bot_status(world: World, chat: Chat, status: str, *, by: int) -> None:
    """Change what the bot is in a chat; it hears of it through my_chat_member."""
    old = member(world, chat, world.bot.id)
    if chat.kind == "private":
        chat.blocked = status == "kicked"
    else:
        chat.members[world.bot.id] = status
    new = member(world, chat, world.bot.id)
    world.happened("chat", chat)
    if new != old:
        update = {"chat": chat.json(), "from": world.user_json(by), "date": world.date()}
        world.updates.put("my_chat_member", {**update, "old_chat_member": old, "new_chat_member": new})
