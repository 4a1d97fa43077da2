"""The methods of the Bot API, one file for each group of the official page."""

from bot.sandbox.methods import chats, inline, media, messages, profile, updates
from bot.sandbox.methods.registry import METHODS

__all__ = ["METHODS", "chats", "inline", "media", "messages", "profile", "updates"]
