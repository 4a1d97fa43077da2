"""From the text of a request to the text of a message: entities read, white space trimmed, length checked."""

from collections.abc import Callable

from bot.sandbox import markup
from bot.sandbox.detection import detected
from bot.sandbox.refusal import Json, bad_request
from bot.sandbox.units import units

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100
"""Telegram drops the rest without a word."""
ALONE = {"code", "pre"}
"""Nothing can be inside these, nor are links found in them."""
EXPLICIT = {
    *markup.SIMPLE.values(),
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
    "blockquote",
    "expandable_blockquote",
    "date_time",
}
NEEDS = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id", "date_time": "unix_time"}
FOUND = {"url", "email", "bot_command", "mention", "hashtag", "cashtag", "phone_number"}


def formatted(
    source: str, parse_mode: str | None, entities: list[Json] | None, user: Callable[[int], Json | None]
) -> tuple[str, list[Json]]:
    """Plain text and entities as the message will carry them; `user` looks up whom a link mentions.

    Raises Refusal: `can't parse entities: …`, `unsupported parse_mode`.
    """
    if parse_mode:
        # Telegram reads Markdown too; the project writes HTML only, so a request for another mode is a mistake.
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        text, explicit = markup.parse(source)
    else:
        text, explicit = source, _given(entities or [], units(source))
    text, explicit = _trimmed(text, explicit)
    kept = [whole for whole in (_with_user(entity, user) for entity in _unnested(explicit)) if whole]
    closed = [entity for entity in kept if entity["type"] in ALONE or entity["type"].startswith("text_")]
    links = [entity for entity in detected(text) if not any(_overlap(entity, other) for other in closed)]
    # A sort that is stable: of two entities on one stretch the outer was written first.
    both = sorted([*kept[:ENTITY_LIMIT], *links], key=lambda entity: (entity["offset"], -entity["length"]))
    return text, both[:ENTITY_LIMIT]


def message_text(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """The text of a message, or Refusal: empty, or longer than 4,096 UTF-16 units after entities are parsed."""
    if not text:
        raise bad_request("text must be non-empty")
    if units(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text, entities


def caption(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """A caption, or Refusal when it is longer than 1,024 UTF-16 units after entities are parsed."""
    if units(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return text, entities


def _given(entities: list[Json], length: int) -> list[Json]:
    """Entities a bot has worked out itself. Those Telegram finds alone are left to it."""
    for entity in entities:
        if entity["type"] not in EXPLICIT | FOUND:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        if NEEDS.get(entity["type"], "type") not in entity:
            raise bad_request(f"can't parse MessageEntity: Can't find field \"{NEEDS[entity['type']]}\"")
        if entity["offset"] < 0 or entity["length"] < 0 or entity["offset"] + entity["length"] > length:
            raise bad_request(
                f"entity beginning at UTF-16 offset {entity['offset']} ends after the end of the text "
                f"at UTF-16 offset {entity['offset'] + entity['length']}"
            )
    chosen = [
        {**entity, "user": entity["user"]["id"]} if entity["type"] == "text_mention" else dict(entity)
        for entity in entities
        if entity["type"] in EXPLICIT and entity["length"]
    ]
    return sorted(chosen, key=lambda entity: (entity["offset"], -entity["length"]))


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """White space at both ends goes, and entities with it."""
    bare = text.strip()
    if bare == text:
        return text, entities
    lead = units(text[: len(text) - len(text.lstrip())])
    length = units(bare)
    moved = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, length)
        if start < end:
            moved.append({**entity, "offset": start, "length": end - start})
    return bare, moved


def _unnested(entities: list[Json]) -> list[Json]:
    """Without what Telegram does not nest: anything inside code, and a quote in a quote."""
    kept: list[Json] = []
    for entity in entities:
        quote = entity["type"].endswith("blockquote")
        inside = [other for other in kept if _overlap(entity, other)]
        if any(other["type"] in ALONE or (quote and other["type"].endswith("blockquote")) for other in inside):
            continue
        if any(other == entity for other in inside):
            continue
        kept.append(entity)
    return kept


def _with_user(entity: Json, user: Callable[[int], Json | None]) -> Json | None:
    if entity["type"] != "text_mention":
        return entity
    mentioned = user(entity["user"])
    return {**entity, "user": mentioned} if mentioned else None


def _overlap(one: Json, other: Json) -> bool:
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])
