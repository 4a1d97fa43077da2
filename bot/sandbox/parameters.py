"""Parameters checked against the table of the Bot API in methods.json (tests/sandbox/make_table.py makes it).

Stricter than Telegram on purpose: Telegram ignores a parameter it does not know and reads a number it cannot read as
zero, so that a misspelt name is never noticed. Here both are refused.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.sandbox.refusal import Json, Refusal, bad_request

# What Telegram itself says when these are missing or empty; for the rest the sentence is ours.
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "document": "there is no document in the request",
    "photo": "there is no photo in the request",
}
# Our names for what a parameter holds, as Telegram names them in "can't parse … JSON object".
SPOKEN = {"reply_markup": "reply keyboard markup", "commands": "commands", "scope": "BotCommandScope"}
INTEGER = re.compile(r"-?\d{1,19}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a multipart request."""

    name: str
    content_type: str
    data: bytes


@cache
def table() -> Json:
    """The Bot API as data: methods and objects, each with its required and known fields."""
    made: Json = json.loads(Path(__file__).with_name("methods.json").read_text(encoding="utf-8"))
    made["lower"] = {name.lower(): name for name in made["methods"]}
    return made


def method_named(name: str) -> str:
    """The method's name as the Bot API spells it; Telegram reads it in any case. Raises Refusal 404."""
    found: str | None = table()["lower"].get(name.lower())
    if found is None:
        raise Refusal(404, "Not Found")
    return found


def checked(method: str, given: Json, files: dict[str, Upload]) -> Json:
    """The parameters with their types, files in place of `attach://` links. Raises Refusal 400.

    Values may be JSON values or, from a form or a query, text that holds one.
    """
    row = table()["methods"][method]
    result: Json = {}
    for name, value in given.items():
        kind = row["fields"].get(name)
        if kind is None:
            raise bad_request(f'unknown parameter "{name}" of {method}')
        if value is not None:
            result[name] = _typed(name, kind, value, files)
    attached = _attached(given) if files else []
    for name, upload in files.items():
        if name in row["fields"] and "InputFile" in row["fields"][name]:
            result[name] = upload
        elif name not in attached:
            raise bad_request(f'unknown parameter "{name}" of {method}')
    for name in row["required"]:
        if name not in result or (name in MISSING and result[name] == ""):
            raise bad_request(MISSING.get(name, f'parameter "{name}" is required by {method}'))
    return result


def _attached(value: Any) -> list[str]:
    """The names after every `attach://` anywhere in a request."""
    return re.findall(r"attach://([^\"\\\s]+)", json.dumps(value))


def _typed(name: str, kind: str, value: Any, files: dict[str, Upload]) -> Any:
    if isinstance(value, str) and not _takes_text(kind):
        value = _read(name, kind, value)
    return _fit(name, kind, value, files)


def _takes_text(kind: str) -> bool:
    return not kind.startswith("Array of ") and "String" in kind.split(" or ")


def _read(name: str, kind: str, text: str) -> Any:
    """A value out of a form: everything there is text."""
    if kind == "Boolean":
        lowered = text.lower()
        return True if lowered in ("true", "1") else False if lowered in ("false", "0") else text
    if kind == "Integer":
        return int(text) if INTEGER.fullmatch(text) else text
    try:
        return json.loads(text)
    except ValueError:
        raise bad_request(f"can't parse {SPOKEN.get(name, name)} JSON object") from None


def _fit(name: str, kind: str, value: Any, files: dict[str, Upload]) -> Any:
    """`value` as one of the kinds, or Refusal."""
    if kind == "":
        return value
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            raise bad_request(f'parameter "{name}" must be an Array')
        return [_fit(name, kind.removeprefix("Array of "), each, files) for each in value]
    if isinstance(value, dict):
        return _object(name, _members(kind), value, files)
    for each in _kinds(kind):
        fits, found = _scalar(each, value, files)
        if fits:
            return found
    raise bad_request(f'parameter "{name}" must be of type {kind}')


@cache
def _kinds(kind: str) -> Sequence[str]:
    """Text is what everything else could be, so it comes last: a chat_id "42" is the number."""
    return sorted(kind.split(" or "), key="String".__eq__)


@cache
def _members(kind: str) -> Sequence[str]:
    """The objects that a value of this kind may be, families opened."""
    return [member for each in _kinds(kind) if each in table()["objects"] for member in _family(each)]


def _scalar(kind: str, value: Any, files: dict[str, Upload]) -> tuple[bool, Any]:
    """Whether a plain value is of this kind, and what it is then."""
    match kind:
        case "Boolean":
            return isinstance(value, bool), value
        case "Integer":
            if isinstance(value, str) and INTEGER.fullmatch(value):
                return True, int(value)
            return isinstance(value, int) and not isinstance(value, bool), value
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool), value
        case "InputFile" if isinstance(value, str):
            upload = files.get(value.removeprefix("attach://")) if value.startswith("attach://") else None
            return upload is not None, upload
    return kind == "String" and isinstance(value, str), value


def _object(name: str, members: Sequence[str], value: Json, files: dict[str, Upload]) -> Json:
    """The one of `members` that the object is; constant fields such as `type` choose first."""
    fitting = [each for each in members if _could_be(each, value)]
    if not fitting:
        raise bad_request(f"can't parse {SPOKEN.get(name, name)} JSON object")
    refusals = []
    for member in fitting:
        try:
            return _filled(member, value, files)
        except Refusal as refusal:
            refusals.append(refusal)
    raise refusals[0]


def _family(kind: str) -> list[str]:
    row = table()["objects"][kind]
    return [member for each in row["one_of"] for member in _family(each)] if "one_of" in row else [kind]


def _could_be(kind: str, value: Json) -> bool:
    row = table()["objects"][kind]
    return all(value.get(field) == constant for field, constant in row.get("fixed", {}).items()) and all(
        field in value for field in row["required"]
    )


def _filled(kind: str, value: Json, files: dict[str, Upload]) -> Json:
    row = table()["objects"][kind]
    result: Json = {}
    for field, inner in value.items():
        if field in row.get("fixed", {}):
            result[field] = inner
        elif field not in row["fields"]:
            raise bad_request(f'unknown field "{field}" of {kind}')
        elif inner is not None:
            result[field] = _fit(f"{kind}.{field}", row["fields"][field], inner, files)
    return result
