"""How people ask: the phrases of questions.toml, and the courtesy around what is asked for."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from bot.domain.model import has_hanzi
from bot.search.courtesy import edges
from bot.search.fold import fold
from bot.search.said import Said

Asked = Literal["where", "when", "now", "next", "who", "speaks", "talks", "info"]
Alone = Literal["talks_alone", "next_alone", "info_alone"]
Smalltalk = Literal["thanks", "identity", "greeting", "nod", "farewell"]

_ASKED: tuple[Asked, ...] = ("where", "when", "now", "next", "who", "speaks", "talks")
_SMALLTALK: tuple[Smalltalk, ...] = ("thanks", "identity", "greeting", "nod", "farewell")
_POLITE = re.compile(r"^(?:你好|您好|请问|hi|hello|hey|ok|okay|好的) ?|(?:啊|呀|哈|啦|哦|吗|呢|的| bot)$")
# A mark inside a word (A1-2, GPT-4.1) is none; neither is the point of an abbreviation (Prof. Dong).
_PUNCTUATION = re.compile(
    r"(?<![a-z0-9])[^\w\s'+#/.-]+|[^\w\s'+#/.-]+(?![a-z0-9])|(?<!\w)[-/'.]+|[-/']+(?!\w)|(?<!\b[a-z])(?<!prof)(?<!dr)\.+(?!\w)"
)

# By itself; next-token prediction is a topic.
_NEXT = re.compile(
    r"(?<![\w-])(?:who'?s |who is |what'?s )?next(?=\s*(?:[^\w\s-]|$|\d|(?:in|at|for|on|from|by)\b)|\x1f)"
)
# At the ends of a piece these belong to the question; but 有限元 and 在线学习 begin so, and 签到 ends so.
_EDGE_BEFORE = re.compile(
    r"^(?:[的讲吗呢么了那我你您请都还也听是把]|有(?![限效序界向色机源监偏噪理])|在(?![线位轨])|会(?![议场])"
    r"|(?:i|we|you|me|one|can|is|are|was|does|do|did|will|has|have|there|it|the|on|in|at|s)\b(?![-']))"
)
_EDGE_AFTER = re.compile(
    r"(?:里面|里边|当中|[的讲吗呢么吧啊了里在呀哦有吃拍听场是来都做作]|'s|(?<![签报达])到|(?<!\w)(?:is|are|on|in|at|for|about|there|it))$"
)


def take_asked(said: Said) -> set[Asked]:
    """What a sentence asks; the words that ask are taken out, the longest phrase at each place."""
    found = [(match.group(), match.span()) for match in _either(*_ASKED).finditer(said.text)]
    for _, place in found:
        said.take(*place)
    asked: set[Asked] = {"next"} if said.take_all(_NEXT) else set()
    return asked | {kind for phrase, _ in found for kind in _ASKED if phrase in _phrases()[kind]}


def take_info(said: Said) -> bool:
    """Whether a sentence asks for something practical; the words that say so are taken out."""
    return bool(said.take_all(_either("info")))


def is_alone(folded: str, kind: Alone) -> bool:
    """Whether a folded piece is such a word and nothing else."""
    return folded in _folded(kind)


def smalltalk(text: str) -> Smalltalk | None:
    """What kind of courtesy a message is, when it is nothing else."""
    folded = fold(text)
    if not folded:
        return "nod" if any(sign in text for sign in _phrases()["signs"]) else None
    bare = _POLITE.sub("", folded)
    return next((kind for kind in _SMALLTALK if folded in _folded(kind) or bare in _folded(kind)), None)


def trim(said: Said) -> None:
    """Take punctuation and courtesy off the ends of every piece that is left."""
    for match in _PUNCTUATION.finditer(said.text):
        said.take(*match.span())
    for start, end in said.pieces():
        head, tail = _ends(said.text[start:end])
        said.take(start, start + head)
        said.take(start + tail, end)


def _ends(text: str) -> tuple[int, int]:
    """Where the part of a piece begins and ends that is not courtesy."""
    before, after = edges(titles=False)
    start, end, shrinking = 0, len(text), True
    while shrinking and start < end:
        inner = text[start:end]
        start += len(inner) - len(inner.lstrip())
        end -= len(inner) - len(inner.rstrip())
        shrinking = False
        for pattern in (before, _EDGE_BEFORE):
            if (match := pattern.search(text[start:end])) and match.end():
                start, shrinking = start + match.end(), True
        for pattern in (after, _EDGE_AFTER):
            if (match := pattern.search(text[start:end])) and match.group():
                end, shrinking = start + match.start(), True
    return start, max(start, end)


@cache
def _either(*kinds: Asked) -> re.Pattern[str]:
    words = sorted({word for kind in kinds for word in _phrases()[kind]}, key=len, reverse=True)
    hanzi = "|".join(re.escape(word) for word in words if has_hanzi(word))
    latin = "|".join(re.escape(word) for word in words if not has_hanzi(word))
    return re.compile(rf"{hanzi}|(?<![a-z0-9'-])(?:{latin})(?![a-z0-9'-])")


@cache
def _folded(kind: Alone | Smalltalk) -> frozenset[str]:
    return frozenset(map(fold, _phrases()[kind]))


@cache
def _phrases() -> dict[str, list[str]]:
    found: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("questions.toml").read_text("utf-8"))
    return found
