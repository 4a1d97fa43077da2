"""What Telegram finds in a text by itself: commands, mentions, hashtags, addresses."""

import re

from bot.sandbox.refusal import Json
from bot.sandbox.units import Ruler

# A command ends where a word ends, so "/next现在" is none; the same boundaries as Telegram's own clients draw.
COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")
MENTION = re.compile(r"(?<![\w@/.])@[A-Za-z0-9_]{2,32}(?!\w)")
HASHTAG = re.compile(r"(?<!\w)#(?=\w*[^\W\d])\w{1,256}(?!\w)")
EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?!\w)")
URL = re.compile(
    r"(?<![\w@.])(?:(?:https?|tg)://[^\s<>\"，。；：！？、（）【】《》「」“”]+"
    r"|(?:[A-Za-z0-9-]+\.)+(?:com|org|net|io|me|cn|edu|gov|dev|app|info|ai)(?![\w-])(?:/[^\s<>\"，。；：！？、（）【】《》]*)?)"
)
KINDS = (("url", URL), ("email", EMAIL), ("bot_command", COMMAND), ("mention", MENTION), ("hashtag", HASHTAG))
TELLTALE = re.compile(r"[/@#.:]")


def detected(text: str) -> list[Json]:
    """The entities of a plain text, in order, none over another."""
    if not TELLTALE.search(text):
        return []
    ruler = Ruler(text)
    found: list[Json] = []
    taken: list[tuple[int, int]] = []
    for kind, pattern in KINDS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if kind == "url":
                end = start + len(match[0].rstrip(".,;:!?)'"))
            if all(end <= other_start or other_end <= start for other_start, other_end in taken):
                taken.append((start, end))
                offset = ruler.unit(start)
                found.append({"type": kind, "offset": offset, "length": ruler.unit(end) - offset})
    return sorted(found, key=lambda entity: int(entity["offset"]))
