"""What of a group a bot hears: Telegram's privacy mode (core.telegram.org/bots/features#privacy-mode)."""

from bot.sandbox.refusal import Json
from bot.sandbox.state import Chat, World
from bot.sandbox.units import Ruler


def reaches_bot(world: World, chat: Chat, message: Json) -> bool:
    """Whether a message of a user becomes an update.

    In a group: commands that are not for another bot, mentions of the bot, replies to it and service messages; all of
    it when the bot is an administrator.
    """
    status = chat.members.get(world.bot.id, "member" if chat.kind == "private" else "left")
    if status in ("left", "kicked"):
        return False
    if chat.kind in ("private", "channel") or status == "administrator" or "text" not in message:
        return True
    replied = message.get("reply_to_message")
    if replied is not None and replied["message_id"] in chat.own:
        return True
    ruler = Ruler(message["text"])
    return any(_calls(world, message["text"], ruler, entity) for entity in message.get("entities", []))


def _calls(world: World, text: str, ruler: Ruler, entity: Json) -> bool:
    """Whether an entity of a text calls the bot."""
    start, end = entity["offset"], entity["offset"] + entity["length"]
    words = text[ruler.character(start) : ruler.character(end)].lower()
    name = f"@{world.bot.username}".lower()
    if entity["type"] == "bot_command":
        return start == 0 and ("@" not in words or words.endswith(name))
    return bool(entity["type"] == "mention" and words == name)
