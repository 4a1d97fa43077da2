"""What people say around what they ask for: 董彬老师的报告在哪, when does Bin Dong speak, any talks on diffusion."""

import re
import tomllib
from functools import cache
from pathlib import Path

from bot.domain.model import has_hanzi
from bot.search.fold import fold

_TITLED = re.compile(r"老师|教授|博士|院士|研究员|\b(?:prof|professor|dr|mr|ms|mrs)\b")

_SHORTENED, _WITH_APOSTROPHE = re.compile(r"\b(what|where|when|who)s\b"), r"\1'?s"

_GREETING = re.compile(r"^(?:hi|hello|hey) (?=\S+ \S+)")  # hello world is no question about the world


def bare(folded: str) -> str:
    """A folded question without the courtesy words at its ends; as it was when nothing else would be left."""
    before, after = edges()
    text = _GREETING.sub("", _whether_there_is(folded))
    while (shorter := after.sub("", before.sub("", text, count=1), count=1).strip()) not in {"", text}:
        text = shorter
    return text


def titled(folded: str) -> bool:
    """Whether a question calls someone by a title: 孙老师, Prof. Sun."""
    return _TITLED.search(folded) is not None


@cache
def hollow() -> frozenset[str]:
    """Words that say nothing of a subject, wherever they stand."""
    return frozenset(_words()["hollow"])


@cache
def edges(*, titles: bool = True) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds courtesy before and after what is asked for; without `titles`, a title stays with its name."""
    words = {side: {fold(word) for word in _words()[side]} for side in ("before", "after")}
    if not titles:
        words = {side: {word for word in said if not titled(word)} for side, said in words.items()}
    before, after = (sorted(words[side], key=len, reverse=True) for side in ("before", "after"))
    # A Latin word ends at a blank or at hanzi (找RAG, RAG报告), never inside another word.
    starts, ends = (_either(before) + "(?![a-z0-9'])", "(?<![a-z0-9])" + _either(after))
    starts, ends = (f"(?:{_either(before, hanzi=True)}|{starts})", f"(?:{_either(after, hanzi=True)}|{ends})")
    return re.compile(rf"^{starts}\s*"), re.compile(rf"\s*{ends}$")


def _whether_there_is(folded: str) -> str:
    """What follows 有 in a question that ends in 吗 (明天有强化学习吗); elsewhere 有 may begin a word (有限元)."""
    said, _, subject = folded.partition("有")
    while (shorter := edges()[0].sub("", said)) != said:
        said = shorter
    return subject.removesuffix("吗") if not said and len(subject) > 2 and subject.endswith("吗") else folded


def _words() -> dict[str, list[str]]:
    words: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("courtesy.toml").read_text("utf-8"))
    return words


def _either(words: list[str], *, hanzi: bool = False) -> str:
    said = "|".join(word for word in words if has_hanzi(word) == hanzi)
    return f"(?:{_SHORTENED.sub(_WITH_APOSTROPHE, said)})"  # what is folded says whats, what is not says what's
