"""Which one of several is meant: 第一个报告, 最后一场, 前三个, the second talk, last session, who speaks first.

第一天, 第2会议室, last night, first-order methods and 一阶 are none of these: a place counts talks, sessions or what
else takes place, so a measure word or one of these nouns must say so.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache

from bot.domain.nth import COUNTED, Counted, Nth
from bot.search.clocks import HOUR_WORDS, NUMBER, number
from bot.search.said import Said

_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ENGLISH = {
    **{word: n for n, word in enumerate(_WORDS, start=1)},
    **{f"{n}{'st' if n == 1 else 'nd' if n == 2 else 'rd' if n == 3 else 'th'}": n for n in range(1, 11)},
    "earliest": 1, "opening": 1, "closing": -1, "last": -1, "final": -1, "penultimate": -2,
}  # fmt: skip
_ITEMS = r"(?:(?:tea|coffee) )?breaks?|lunch(?:es)?|panels?|keynotes?|plenar(?:y|ies)"
_TALKS = r"talks?|presentations?|lectures?|speech(?:es)?|papers?|speakers?|presenters?|ones?"
_SESSIONS = r"sessions?"
_SLOTS = r"(?:programme |program )?(?:things?|events?|items?|slots?|activit(?:y|ies))"
_A_FEW = 3
_WHICH_SESSION = re.compile(r"\b(?:which|what) sessions?\b|哪[一]?[个场]专题")
_ONLY_TALKS: tuple[Counted, ...] = ("talk",)
_ONLY_SESSIONS: tuple[Counted, ...] = ("session",)
_OF: tuple[tuple[str, Counted], ...] = ((_TALKS, "talk"), (_SESSIONS, "session"), (_SLOTS, "slot"))

_OF_TOPIC: tuple[tuple[str, Counted], ...] = ((rf"{_TALKS}|{_ITEMS}", "talk"), (_SESSIONS, "session"))

_BACK = rf"(?P<back>{'|'.join(_WORDS[1:])}|next)[ -]to[ -](?:the )?last|(?P<but>last) but one"
_PLACE = (
    rf"(?:(?:{_BACK})|(?P<place>{'|'.join(sorted(_ENGLISH.keys() - {'opening', 'closing'}, key=len, reverse=True))}))"
)
_SOME = rf"(?: (?P<count>[2-9]|few|{'|'.join(list(HOUR_WORDS)[1:])}))?"
# What may follow "first" and make another thing of it: first order, last week, second author.
_OTHERWISE = (
    "order|principles?|authors?|layers?|mile|iterates?|year|years|time|times|moment|derivatives?|hand|passage|hitting|price|class|"
    "stage|name|minute|token|floor|rooms?|day|days|night|week|month|hour|hours|morning|afternoon|evening|half|language|year's"
)
_WHOLE = r"(?: (?:of|in|at) (?:the )?(?:whole |entire )?conference\b)?"
_THE = r"\b(?:(?:of|in) )?(?:the )?(?:very )?"

_NOUNS: tuple[tuple[str, Counted], ...] = (
    (r"(?:专题报告会?|专题|专场|分会场|分会|分论坛)", "session"),
    (r"(?:活动|安排|环节|议程|日程|节目|项目|事项|事情?)", "slot"),
    (r"(?:大会|学术)?(?:报告人?|讲座|演讲者?|演讲人|讲者|讲演|主讲人?|发言人?|嘉宾|老师)", "talk"),
)
_MEASURE = "(?:个|场|位|篇|节|项|名|讲|轮)"
# What may follow 第一个 and is nothing that takes place, or a time.
_NOT = (
    "(?!会议室|会议厅|会场|房间|厅|教室|小时|钟头|半小时|月|星期|礼拜|周|早|晚|上午|下午|中午|作者|问题|人(?![讲发]))"
)
_IN_ORDER = "|".join((
    rf"第 ?(?P<nth>{NUMBER}) ?{_MEASURE}",
    rf"第 ?(?P<bare>{NUMBER}) ?(?=报告|讲座|演讲|专题)",
    rf"(?P<first>首|头一?){_MEASURE}",
))  # fmt: skip
_FROM_END = "|".join((
    rf"倒数第 ?(?P<back>{NUMBER}) ?{_MEASURE}",
    rf"(?P<last>最后[一1]?|末){_MEASURE}",
    r"(?P<last2>最后(?:的|[一1])?(?=报告|讲座|演讲|专题|茶歇))",
))  # fmt: skip
_FEW = "[2-9两二三四五六七八九几]"
_SEVERAL = rf"[前头](?P<some>{_FEW}){_MEASURE}|最后(?P<some_last>{_FEW}){_MEASURE}"
_EARLY = "最早|最先|先(?=讲|发言|开讲)|开场(?=的?(?:报告|讲座|演讲))"
_EXTREME = rf"(?:(?P<early>{_EARLY})|(?P<late>最晚|压轴))(?:开始|开讲)?的?(?:[那一1]?{_MEASURE})?"
_ALL = r"(?P<whole>(?:本次|这次|整个|全部)?(?:大会|会议|会期)(?:上|里)?的?)?"


def take_nth(said: Said) -> Nth | None:
    """Which one a sentence asks for; its words are taken out of `said`. None when it asks for none by its place."""
    nth = _take(said, COUNTED)
    if nth is None or nth.of == "slot":
        return nth
    if nth.of == "session":
        inner = _take(said, _ONLY_TALKS)
        return nth if inner is None else replace(inner, session=nth, whole=inner.whole or nth.whole)
    if _WHICH_SESSION.search(said.text):
        return replace(nth, of="session")
    outer = _take(said, _ONLY_SESSIONS)
    return nth if outer is None else replace(nth, session=outer, whole=nth.whole or outer.whole)


def is_counting(text: str) -> bool:
    """Whether a text asks for something by its place."""
    return take_nth(Said(text)) is not None


def _take(said: Said, wanted: Collection[Counted]) -> Nth | None:
    for pattern, of in _grammar():
        match = pattern.search(said.text) if of in wanted else None
        if match is not None and (nth := _nth(match, of)) is not None:
            said.take(*match.span())
            return nth
    return None


def _nth(match: re.Match[str], of: Counted) -> Nth | None:
    heard = {name: words for name, words in match.groupdict().items() if words}
    at = _at(heard)
    said = heard.get("count") or heard.get("some") or heard.get("some_last") or "1"
    count = _A_FEW if said in {"few", "几"} else number(said)
    if not 0 < abs(at) < 100 or (count > 1 and at not in {1, -1}):
        return None
    return Nth(at, count, of, whole="whole" in heard or match.group().endswith("conference"))


def _at(heard: Mapping[str, str]) -> int:
    """The place by what was heard in one of the patterns; 0 when it is none."""
    if heard.keys() & {"last", "last2", "late", "some_last"}:
        return -1
    if heard.keys() & {"first", "early", "some"}:
        return 1
    if "place" in heard:
        return _ENGLISH[heard["place"]]
    if "but" in heard or heard.get("back") == "next":
        return -2
    said = heard.get("nth") or heard.get("bare") or heard["back"]
    place = max(0, _ENGLISH.get(said) or number(said))
    return -place if "back" in heard else place


@cache
def _grammar() -> tuple[tuple[re.Pattern[str], Counted], ...]:
    # Compiled at the first sentence, as the times are.
    chinese = rf"{_ALL}(?:{_SEVERAL}|{_FROM_END}|{_IN_ORDER}|{_EXTREME})的? ?"
    return (
        *((re.compile(rf"{chinese}{noun}"), of) for noun, of in _NOUNS),
        (
            re.compile(rf"{_ALL}(?:{_SEVERAL}|{_FROM_END}|{_IN_ORDER}){_NOT}(?:(?:上台|上场|出场|登台|开讲)的?)?"),
            "talk",
        ),
        (re.compile(rf"{_ALL}(?:{_EXTREME})(?=[^\w]|$|的|是|讲)"), "talk"),
        *((re.compile(rf"{_THE}{_PLACE}{_SOME} (?:parallel )?(?:{nouns})\b(?!-){_WHOLE}"), of) for nouns, of in _OF),
        (re.compile(rf"{_THE}(?P<place>opening|closing) (?:talk|presentation|lecture|keynote)\b"), "talk"),
        # The last diffusion talk, the first invited talk, the second tea break: what stands between is a topic.
        *(
            (
                re.compile(rf"{_THE}{_PLACE}{_SOME}(?![ -](?:{_OTHERWISE})\b)(?= (?:[\w-]+ ){{0,4}}(?:{nouns})\b)"),
                of,
            )
            for nouns, of in _OF_TOPIC
        ),
        # Who speaks first tomorrow, what is on last in room 7.
        (
            re.compile(
                r"\b(?:(?:is|'s|goes|comes|up|on|talks?|talking|speaks?|speaking|presents?|presenting|starts?) )"
                r"(?P<place>first|second|third|last)"
                r"(?= *(?:$|[^\w\s-]|\x1f)| (?:in|on|at|of|for|today|tomorrow|this|after|before)\b)"
            ),
            "talk",
        ),
    )
