"""What the bot says of itself: commands, name, descriptions, menu button."""

import json
import re
from typing import Any

from bot.sandbox.methods.registry import method
from bot.sandbox.refusal import Json, bad_request
from bot.sandbox.state import World

COMMAND_LIMIT = 100
LANGUAGE = re.compile(r"(?:[a-z]{2})?")
DEFAULT_SCOPE = {"type": "default"}


@method
def get_me(world: World, _: Json) -> Json:
    """core.telegram.org/bots/api#getme."""
    can = ["can_join_groups", "supports_inline_queries"]
    cannot = ["can_read_all_group_messages", "can_connect_to_business", "has_main_web_app", "has_topics_enabled"]
    return {**world.bot.json(), **dict.fromkeys(can, True), **dict.fromkeys(cannot, False)}


@method
def set_my_commands(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#setmycommands."""
    key = _commands_key(world, p)
    if len(p["commands"]) > COMMAND_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.profile[key] = [_command(each["command"].strip(), each["description"].strip()) for each in p["commands"]]
    world.happened("profile")
    return True


def _command(name: str, description: str) -> Json:
    name = name.removeprefix("/")
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > 32:
        raise bad_request("command length must not exceed 32")
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    return {"command": name, "description": description}


@method
def get_my_commands(world: World, p: Json) -> list[Json]:
    """core.telegram.org/bots/api#getmycommands: those of just this scope and language."""
    commands: list[Json] = world.profile.get(_commands_key(world, p), [])
    return commands


@method
def delete_my_commands(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#deletemycommands."""
    world.profile.pop(_commands_key(world, p), None)
    world.happened("profile")
    return True


def menu(world: World, language: str, scopes: list[Json]) -> list[Json]:
    """The commands a user's menu shows: the first scope that has any, in their language before in none."""
    for scope in scopes:
        for each in (language, ""):
            if commands := world.profile.get((_scope_key(scope), each)):
                return list(commands)
    return []


def _commands_key(world: World, p: Json) -> tuple[str, str]:
    scope = p.get("scope", DEFAULT_SCOPE)
    if "chat_id" in scope:
        scope = {**scope, "chat_id": world.chat_named(scope["chat_id"]).id}
    return _scope_key(scope), _language(p)


def _scope_key(scope: Json) -> str:
    return "commands " + json.dumps(scope, sort_keys=True)


def _language(p: Json) -> str:
    language: str = p.get("language_code", "")
    if not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _set_words(world: World, what: str, p: Json, limit: int) -> bool:
    """Name, description or short description, by language; empty words take them away."""
    words = p.get(what, "")
    if len(words) > limit:
        raise bad_request(f"{what.replace('_', ' ')} is too long")
    world.profile[what, _language(p)] = words
    world.happened("profile")
    return True


def _words(world: World, what: str, p: Json, otherwise: str = "") -> Json:
    return {what: profile_words(world, what, _language(p)) or otherwise}


def profile_words(world: World, what: str, language: str) -> str:
    """What a user of this language sees: words in it, else those for everybody."""
    words: str = world.profile.get((what, language)) or world.profile.get((what, ""), "")
    return words


@method
def set_my_name(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#setmyname: 64 characters."""
    return _set_words(world, "name", p, 64)


@method
def get_my_name(world: World, p: Json) -> Json:
    """core.telegram.org/bots/api#getmyname."""
    return _words(world, "name", p, world.bot.first_name)


@method
def set_my_description(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#setmydescription: 512 characters, shown in an empty chat."""
    return _set_words(world, "description", p, 512)


@method
def get_my_description(world: World, p: Json) -> Json:
    """core.telegram.org/bots/api#getmydescription."""
    return _words(world, "description", p)


@method
def set_my_short_description(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#setmyshortdescription: 120 characters, shown on the profile and with links."""
    return _set_words(world, "short_description", p, 120)


@method
def get_my_short_description(world: World, p: Json) -> Json:
    """core.telegram.org/bots/api#getmyshortdescription."""
    return _words(world, "short_description", p)


@method
def set_chat_menu_button(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#setchatmenubutton: of one private chat or of all."""
    button = p.get("menu_button", {"type": "default"})
    if "web_app" in button and not button["web_app"]["url"].startswith("https://"):
        raise bad_request("menu button Web App URL is invalid: Only HTTPS links are allowed")
    world.profile["menu_button", _private(world, p)] = button
    return True


@method
def get_chat_menu_button(world: World, p: Json) -> Any:
    """core.telegram.org/bots/api#getchatmenubutton."""
    everywhere = world.profile.get(("menu_button", ""), {"type": "commands"})
    return world.profile.get(("menu_button", _private(world, p)), everywhere)


def _private(world: World, p: Json) -> str:
    if "chat_id" not in p:
        return ""
    chat = world.chat_named(p["chat_id"])
    if chat.kind != "private":
        raise bad_request("chat must be private")
    return str(chat.id)


@method
def log_out(_: World, __: Json) -> bool:
    """core.telegram.org/bots/api#logout; the sandbox has no other server to go to."""
    return True


@method
def close(_: World, __: Json) -> bool:
    """core.telegram.org/bots/api#close."""
    return True
