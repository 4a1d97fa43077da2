"""Whether a sentence tells to change the programme, and how: the command that it is.

It names something by its code, or a room, and says what to do with it; what is asked is never an instruction.
"""

import re

from bot.search.clocks import LENGTH
from bot.search.instructions import CODE

_ROOM = re.compile(r"\d\s*号|[一-鿿]厅|\b(?:room|rm|hall)\b", re.IGNORECASE)
_POLITE = r"^\W*(?:(?:please|pls|kindly|ok(?:ay)?|now|let'?s|(?:can|could|would|will) you)\b[\s,]*)*"
_ASKED = re.compile(
    r"[?？]\s*$|[吗么呢吧]\W*$|哪|几点|几时|什么|何时|谁|为何|怎么|怎样|如何|是否|是不是|有没有|会不会|多久|多少"
    r"|^\W*(?:is|are|was|were|am|do|does|did|has|have|had|will|would|shall|should|can|could|may|might|must"
    r"|isn'?t|aren'?t|wasn'?t|doesn'?t|didn'?t|hasn'?t|won'?t|when|where|why|who|whom|whose|what|which|how|if|whether"
    r"|any|tell me|show)\b",
    re.IGNORECASE,
)
_ASKED_OF_US = re.compile(r"^\W*(?:please\W+)?(?:can|could|would|will) you\b", re.IGNORECASE)
_CLOCK = r"(?:(?<![\d:.])\d{1,2}(?:[:：.]\d{2}|\s*(?:am|pm|a\.m|p\.m|o'?clock))|\bnoon\b)"
_BE = r"(?:(?:is|are|was|has been|have been|will be|gets|got)\s+)?(?:now\s+)?"
_LATE = r"\b(?:late|later|behind|early|earlier|sooner|back|forward)\b"


def _kind(kind: str, *patterns: str) -> tuple[str, re.Pattern[str]]:
    return kind, re.compile("|".join(patterns), re.IGNORECASE)


_SAID_SO = (
    _kind(
        "swap",
        "互换|对调|交换|[和跟与同].*(?:换一?下|换一换|换换|调换)",
        rf"{_POLITE}(?:swap|exchange|switch)\b.*\b(?:and|with)\b",
    ),
    _kind(
        "delay",
        r"(?:推迟|延迟|延后|顺延|提前|提早).*(?:\d|[一二三四五六十半]).*(?:分|刻|小时)",
        r"[晚早](?:点|了|到|开|开始)*\s*(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})\s*个?半?个?(?:分|刻|小时|钟头)",
        rf"(?:{LENGTH.replace('?P<', '?P<a_')}).*{_LATE}",
        rf"{_LATE}.*(?:{LENGTH.replace('?P<', '?P<b_')})",
        rf"{_POLITE}(?:delay|postpone|push|shift)\b.*(?:{LENGTH.replace('?P<', '?P<c_')})",
        rf"{_BE}(?:delayed|postponed|pushed)\b.*(?:{LENGTH.replace('?P<', '?P<d_')})",
    ),
    _kind(
        "retime",
        r"(?:改[到在为成至]|(?:推迟|延迟|延后|提前|提早|移|挪|调).*[到至]).*(?:\d[:：]\d{2}|[点點])",
        rf"{_POLITE}(?:move|shift|reschedule|postpone|delay|push|bring|start|begin)\b.*\b(?:to|until|till|at|from)\b.*{_CLOCK}",
        rf"\b(?:starts|begins|moves|moved|rescheduled|postponed|delayed)\b.*\b(?:at|to|until|till|from)\b.*{_CLOCK}",
    ),
    _kind(
        "move",
        "改[到在]|换[到去]|换(?=\\s*(?:\\d+\\s*号|[一-鿿]{1,6}厅))|移到|搬到|调到|挪到",
        rf"{_POLITE}(?:move|shift|relocate|put|bring)\b.*\b(?:to|into|in)\b",
        rf"{_BE}(?:moves|moved|relocated)\s+(?:in)?to\b|\bis now (?:in|at)\b",
    ),
    _kind(
        "calloff",
        "取消(?:了|掉)?$|^取消",
        rf"{_POLITE}(?:cancel|call off)\b",
        r"\d\s+(?:is|was|has been|will be|gets)?\s*(?:now )?(?:cancell?ed|called off)\b",
    ),
    _kind(
        "restore",
        "恢复(?:了|举行|原样)?$|^恢复",
        rf"{_POLITE}(?:restore|reinstate|un-?cancel)\b",
        r"\d\s+(?:is|will be) (?:back on|on again|on after all|restored|no longer cancell?ed)\b",
    ),
    _kind(
        "delay",
        r"\d\s+(?:is|starts|begins|runs|will be|will start)\s+(?:a (?:bit|little) )?(?:late|later|earlier|early)$",
    ),
)
KINDS = frozenset(kind for kind, _ in _SAID_SO)


def instructed(text: str) -> str | None:
    """The name of the command that a sentence is; None for what tells nothing."""
    if not (CODE.search(text) or _ROOM.search(text)) or (_ASKED.search(text) and not _ASKED_OF_US.match(text)):
        return None
    return next((kind for kind, said in _SAID_SO if said.search(text)), None)
