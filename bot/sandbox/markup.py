"""Telegram's HTML: text in, plain text and entities out, and its sentences about what it cannot read.

Follows the "HTML style" section of the Bot API (core.telegram.org/bots/api#html-style). Offsets of entities are UTF-16
units; the offset in a refusal is the byte of the tag in the UTF-8 text that was sent.
"""

import re
from dataclasses import dataclass

from bot.sandbox.refusal import Json, Refusal, bad_request
from bot.sandbox.units import units

SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS = {*SIMPLE, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
# Only these four names and numbers exist; anything else that starts with & stays as it is. The ; may be missing.
REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|([A-Za-z]+));?")
SPACE = r"[ \t\r\n\v\0]"
PLAIN = re.compile(r"[^<&]+")
NAME = re.compile(r"[^ \t\r\n\v\0>]*")
SPACES = re.compile(rf"{SPACE}*")
ATTRIBUTE = re.compile(r"[^ \t\r\n\v\0=]*")
LONE_ATTRIBUTE = re.compile(r"[^ \t\r\n\v\0=>]*")
TOKEN = re.compile(r"[A-Za-z0-9.-]*")
USER_LINK = re.compile(r"tg://user\?id=([0-9]{1,18})")
HALF_PAIR = re.compile("[\ud800-\udfff]")
TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")


@dataclass(slots=True)
class Open:
    """A tag that waits for its end."""

    tag: str
    argument: str
    attributes: dict[str, str]
    start: int
    """In units of the plain text."""
    piece: int
    """In pieces of the plain text."""


def parse(source: str) -> tuple[str, list[Json]]:
    """Plain text and its entities in order. Raises Refusal with Telegram's sentence, `can't parse entities: …`."""
    return _Parser(source).parsed() if "<" in source or "&" in source else (source, [])


class _Parser:
    """One walk over one text."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.pieces: list[str] = []
        self.length = 0
        self.open: list[Open] = []
        self.entities: list[Json] = []

    def parsed(self) -> tuple[str, list[Json]]:
        source = self.source
        while self.at < len(source):
            if plain := PLAIN.match(source, self.at):
                self.add(plain[0])
                self.at = plain.end()
            elif source[self.at] == "&":
                character, self.at = reference(source, self.at)
                self.add(character)
            elif source.startswith("/", self.at + 1):
                self.end_tag()
            else:
                self.start_tag()
        if self.open:
            raise bad_request(
                f"can't parse entities: Can't find end tag corresponding to start tag \"{self.open[-1].tag}\""
            )
        text = "".join(self.pieces)
        if HALF_PAIR.search(text):
            raise bad_request(
                "can't parse entities: Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return text, sorted(self.entities, key=lambda entity: (entity["offset"], -entity["length"]))

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += units(text)

    def refused(self, before: str, at: int, after: str = "") -> Refusal:
        byte = len(self.source[:at].encode("utf-8", "surrogatepass"))
        return bad_request(f"can't parse entities: {before} at byte offset {byte}{after}")

    def skip(self, pattern: re.Pattern[str]) -> str:
        """What the pattern matches here, which may be nothing; the walk goes on behind it."""
        found = pattern.match(self.source, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def here(self) -> str:
        return self.source[self.at : self.at + 1]

    def start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self.skip(NAME).lower()
        if not self.here():
            raise self.refused("Unclosed start tag", begin)
        if tag not in TAGS:
            raise self.refused(f'Unsupported start tag "{tag}"', begin)
        attributes = self.attributes(tag, begin)
        argument = _argument(tag, attributes)
        if tag == "span" and argument != "tg-spoiler":
            raise self.refused('Tag "span" must have class "tg-spoiler"', begin)
        if tag == "tg-time" and (not argument.isdecimal() or not TIME_FORMAT.fullmatch(attributes.get("format", ""))):
            raise self.refused('Tag "tg-time" must have a valid attribute "unix" and format', begin)
        self.at += 1
        self.open.append(Open(tag, argument, attributes, self.length, len(self.pieces)))

    def attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self.skip(SPACES)
            if not self.here():
                raise self.refused("Unclosed start tag", begin)
            if self.here() == ">":
                return found
            name = self.skip(LONE_ATTRIBUTE if tag == "blockquote" else ATTRIBUTE)
            if not name:
                raise self.refused(f'Empty attribute name in the tag "{tag}"', begin)
            self.skip(SPACES)
            if self.here() != "=":
                # The one attribute that stands alone: <blockquote expandable>.
                if tag == "blockquote" and name == "expandable":
                    found[name] = ""
                    continue
                raise self.refused(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
            self.at += 1
            self.skip(SPACES)
            if not self.here():
                raise self.refused(f'Unclosed start tag "{tag}"', begin)
            found[name] = self.value(begin)

    def value(self, begin: int) -> str:
        quote = self.here()
        if quote not in ("'", '"'):
            token_begin = self.at
            token = self.skip(TOKEN).lower()
            if self.here() and self.here() not in " \t\r\n\v\0>":
                raise self.refused("Unexpected end of name token", token_begin)
            return token
        end = self.source.find(quote, self.at + 1)
        if end < 0 or end + 1 == len(self.source):
            raise self.refused("Unclosed start tag", begin)
        raw = self.source[self.at + 1 : end]
        self.at = end + 1
        return REFERENCE.sub(lambda match: reference(match[0], 0)[0] if _known(match) else match[0], raw)

    def end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self.refused("Unexpected end tag", begin)
        self.at += 2
        tag = self.skip(NAME).lower()
        self.skip(SPACES)
        if self.here() != ">":
            raise self.refused("Unclosed end tag", begin)
        self.at += 1
        opened = self.open[-1]
        if tag and tag != opened.tag:
            raise self.refused("Unmatched end tag", begin, f', expected "</{opened.tag}>", found "</{tag}>"')
        self.open.pop()
        if self.length > opened.start:
            self.close(opened)

    def close(self, opened: Open) -> None:
        """The entity of a tag that has ended, if it makes one. A code that fills a pre becomes one with it."""
        made = _entity(opened, "".join(self.pieces[opened.piece :]))
        if made is None:
            return
        entity: Json = {**made, "offset": opened.start, "length": self.length - opened.start}
        last = self.entities[-1] if self.entities else {}
        if (last.get("offset"), last.get("length")) == (entity["offset"], entity["length"]):
            if opened.tag == "pre" and last["type"] == "code" and "language" in last:
                last["type"] = "pre"
                return
            if opened.tag == "code" and last["type"] == "pre" and "language" in entity:
                last["language"] = entity["language"]
                return
        self.entities.append(entity)


def _entity(opened: Open, inside: str) -> Json | None:  # noqa: PLR0911 - one line for each tag
    """What a tag with this text inside is, without its place; None when it is nothing."""
    match opened.tag:
        case "a":
            return _link(opened.argument or inside)
        case "code":
            return {"type": "code"} | ({"language": opened.argument} if opened.argument else {})
        case "pre":
            return {"type": "pre"}
        case "blockquote":
            return {"type": "expandable_blockquote" if "expandable" in opened.attributes else "blockquote"}
        case "tg-emoji":
            if not opened.argument.isdecimal() or int(opened.argument) == 0:
                raise bad_request("can't parse entities: Invalid custom emoji identifier specified")
            return {"type": "custom_emoji", "custom_emoji_id": opened.argument}
        case "tg-time":
            shape = opened.attributes.get("format")
            return {"type": "date_time", "unix_time": int(opened.argument)} | (
                {"date_time_format": shape} if shape else {}
            )
    return {"type": SIMPLE[opened.tag]}


def reference(text: str, at: int) -> tuple[str, int]:
    """The character that `&…` at this place means and where it ends; the & itself when it means nothing."""
    found = REFERENCE.match(text, at)
    if found is None or not _known(found):
        return "&", at + 1
    hexadecimal, decimal, name = found.groups()
    return (NAMED[name] if name else chr(int(hexadecimal or decimal, 16 if hexadecimal else 10))), found.end()


def _known(found: re.Match[str]) -> bool:
    hexadecimal, decimal, name = found.groups()
    return name in NAMED if name else 0 < int(hexadecimal or decimal, 16 if hexadecimal else 10) < 0x10FFFF


def _argument(tag: str, attributes: dict[str, str]) -> str:
    """The one attribute of a tag that counts."""
    match tag:
        case "a":
            return attributes.get("href", "")
        case "code":
            language = attributes.get("class", "")
            return language.removeprefix("language-") if language.startswith("language-") else ""
        case "span":
            return attributes.get("class", "")
        case "tg-emoji":
            return attributes.get("emoji-id", "")
        case "tg-time":
            return attributes.get("unix", "")
    return ""


def _link(url: str) -> Json | None:
    """A text_link; a mention of a user by id; or no entity at all when Telegram would not take the address."""
    if user := USER_LINK.fullmatch(url):
        return {"type": "text_mention", "user": int(user[1])}
    if re.fullmatch(r"(?:https?|tg|ton|tonsite)://[^\s/?#]+\S*", url):
        return {"type": "text_link", "url": url if re.search(r"://[^/]+[/?#]", url) else f"{url}/"}
    if re.fullmatch(r"[^\s:/]+\.[^\s:/]{2,}(?:[/?#]\S*)?", url):
        return {"type": "text_link", "url": f"http://{url}" if "/" in url else f"http://{url}/"}
    return None
