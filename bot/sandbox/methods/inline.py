"""Answers to inline queries: `@bot words` typed in any chat."""

from bot.sandbox.formatting import caption, formatted, message_text
from bot.sandbox.keyboards import inline_keyboard
from bot.sandbox.methods.messages import TOO_OLD
from bot.sandbox.methods.registry import method
from bot.sandbox.refusal import Json, bad_request
from bot.sandbox.state import World

RESULT_LIMIT = 50
INLINE_SECONDS = 30.0
"""How long Telegram waits for the answer to an inline query."""


@method
def answer_inline_query(world: World, p: Json) -> bool:
    """core.telegram.org/bots/api#answerinlinequery."""
    results = p["results"]
    if len(results) > RESULT_LIMIT:
        raise bad_request("RESULTS_TOO_MUCH")
    if len(p.get("next_offset", "").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    ids = [result["id"] for result in results]
    if any(not 1 <= len(result_id.encode()) <= 64 for result_id in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    messages = [_message(world, result) for result in results]
    query = world.inlines.get(p["inline_query_id"])
    if query is None or query.results is not None or world.monotonic() - query.asked > INLINE_SECONDS:
        raise bad_request(TOO_OLD)
    query.results = [{**result, "message": message} for result, message in zip(results, messages, strict=True)]
    query.answer = {name: value for name, value in p.items() if name != "results"}
    world.happened("inline", None, query)
    return True


def _message(world: World, result: Json) -> Json:
    """The message that a result will become when somebody chooses it, checked now as Telegram does."""
    if result["type"] == "article" and not result["title"].strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content = result.get("input_message_content", {})
    made: Json = {}
    if "message_text" in content:
        text, entities = message_text(
            *formatted(content["message_text"], content.get("parse_mode"), content.get("entities"), world.user_json)
        )
        made = {"text": text} | ({"entities": entities} if entities else {})
    elif "latitude" in content:
        location = {"latitude": content["latitude"], "longitude": content["longitude"]}
        made = {"location": location}
        if "title" in content:
            made["venue"] = {"location": location, "title": content["title"], "address": content["address"]}
    elif "caption" in result:
        text, entities = caption(
            *formatted(result["caption"], result.get("parse_mode"), result.get("caption_entities"), world.user_json)
        )
        made = {"caption": text} | ({"caption_entities": entities} if entities else {})
    keyboard = inline_keyboard(result.get("reply_markup"))
    return made | ({"reply_markup": keyboard} if keyboard else {})
