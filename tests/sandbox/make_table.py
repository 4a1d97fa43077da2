"""Writes bot/sandbox/methods.json, the table of the Bot API that the sandbox checks requests against.

Developers run it when python-telegram-bot is raised: `python tests/sandbox/make_table.py`. It reads the signatures of
`telegram.Bot` and of the objects its methods take. A test holds the file against what this makes.
"""

import datetime as dt
import inspect
import json
import types
import typing
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import telegram
from telegram import Bot, InputFile, TelegramObject
from telegram._files._basemedium import _BaseMedium
from telegram._utils import types as telegram_types
from telegram._utils.defaultvalue import DefaultValue

TABLE = Path(__file__).parents[2] / "bot" / "sandbox" / "methods.json"

# The library makes these optional because it also takes a whole Venue, Location, …; the Bot API requires them.
REQUIRED = {
    "sendVenue": ["latitude", "longitude", "title", "address"],
    "sendLocation": ["latitude", "longitude"],
    "sendContact": ["phone_number", "first_name"],
    "editMessageLiveLocation": ["latitude", "longitude"],
}
# Names with a trailing meaning in Python that the wire spells otherwise.
WIRE = {"from_user": "from"}
PLAIN = {int: "Integer", str: "String", bool: "Boolean", float: "Float", dt.datetime: "Integer", bytes: "InputFile"}
REPLY_MARKUP = (
    telegram.InlineKeyboardMarkup | telegram.ReplyKeyboardMarkup | telegram.ReplyKeyboardRemove | telegram.ForceReply
)
# What the library imports for its type checker only.
NAMES = {**vars(telegram), **vars(telegram_types), "ReplyMarkup": REPLY_MARKUP, "dtm": dt, "Sequence": Sequence}


def names(hint: Any) -> list[str]:  # noqa: PLR0911 - one line for each shape a hint can have
    """The Bot API's names for a Python type: `int | str` is ["Integer", "String"]."""
    if isinstance(hint, typing.ForwardRef | str):
        hint = NAMES[hint if isinstance(hint, str) else hint.__forward_arg__]
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        found = [name for part in typing.get_args(hint) for name in names(part)]
        # A file's own object (`FileInput | Document`) stands for its file_id; a timedelta beside an int for the int.
        return list(dict.fromkeys(found))
    if origin is not None and inspect.isclass(origin) and issubclass(origin, Sequence) and origin is not tuple:
        (inner,) = typing.get_args(hint)
        return ["Array of " + (" or ".join(names(inner)))]
    if origin is typing.Literal:
        return [PLAIN[type(typing.get_args(hint)[0])]]
    if origin in (DefaultValue, tuple, dict) or origin is Callable or not inspect.isclass(hint):
        return []
    if hint in PLAIN:
        return [PLAIN[hint]]
    if issubclass(hint, InputFile):
        return ["InputFile"]
    if issubclass(hint, TelegramObject):
        return [] if issubclass(hint, _BaseMedium) else [hint.__name__]
    return []


def fixed(cls: type[TelegramObject]) -> dict[str, Any]:
    """What an object always says and its constructor does not ask, such as {"type": "article"}; or nothing."""
    parameters = inspect.signature(cls.__init__).parameters
    try:
        made = cls(**{name: dummy(str(p.annotation)) for name, p in parameters.items() if required(name, p)})
    except (TypeError, ValueError, AttributeError):
        return {}
    return {name: value for name, value in made.to_dict().items() if WIRE.get(name, name) not in parameters}


def dummy(hint: str) -> Any:
    return [] if "Sequence" in hint else "1" if "str" in hint else 1


def required(name: str, parameter: inspect.Parameter) -> bool:
    return name != "self" and parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD


def fields(function: Callable[..., Any]) -> dict[str, Any]:
    """Required and known fields of a method or constructor. Keyword-only ones are the library's own conveniences."""
    hints = typing.get_type_hints(function, localns=NAMES)
    asked = {
        name: p
        for name, p in inspect.signature(function).parameters.items()
        if name not in ("self", "filename_depr") and p.kind is p.POSITIONAL_OR_KEYWORD
    }
    return {
        "required": [WIRE.get(name, name) for name, p in asked.items() if required(name, p)],
        "fields": {WIRE.get(name, name): " or ".join(names(hints[name])) for name in asked},
    }


def sisters(cls: type[TelegramObject]) -> list[type[TelegramObject]]:
    found = [sub for sub in vars(telegram).values() if inspect.isclass(sub) and issubclass(sub, cls) and sub is not cls]
    return sorted(found, key=lambda sub: sub.__name__)


def described(cls: type[TelegramObject]) -> dict[str, Any]:
    """An object's fields; or, for a family such as InlineQueryResult, its members."""
    if members := sisters(cls):
        return {"one_of": [member.__name__ for member in members]}
    row = fields(cls.__init__)
    if always := fixed(cls):
        row["fixed"] = always
    return row


def mentioned(row: dict[str, Any]) -> list[str]:
    words = " or ".join([*row.get("fields", {}).values(), *row.get("one_of", [])])
    return [name for name in words.replace("Array of ", "").split(" or ") if hasattr(telegram, name)]


def table() -> dict[str, Any]:
    """Every method of the Bot API that the library knows, and every object their parameters are made of."""
    methods = {}
    for name in sorted(dir(Bot)):
        if name == "close" or (name[0] != "_" and any(letter.isupper() for letter in name)):
            row = fields(getattr(Bot, name))
            row["required"] += REQUIRED.get(name, [])
            methods[name] = row
    objects: dict[str, Any] = {}
    waiting = [name for row in methods.values() for name in mentioned(row)]
    while waiting:
        name = waiting.pop()
        if name not in objects and name != "InputFile":
            objects[name] = described(getattr(telegram, name))
            waiting += mentioned(objects[name])
    return {"bot_api": telegram.__bot_api_version__, "methods": methods, "objects": dict(sorted(objects.items()))}


def text() -> str:
    """The table as JSON, one method or object a line, so that a diff shows which one changed."""

    def block(rows: dict[str, Any]) -> str:
        return ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())

    made = table()
    return (
        f'{{"bot_api": {json.dumps(made["bot_api"])},\n'
        f'"methods": {{\n{block(made["methods"])}\n}},\n"objects": {{\n{block(made["objects"])}\n}}}}\n'
    )


if __name__ == "__main__":
    TABLE.write_text(text(), encoding="utf-8")
