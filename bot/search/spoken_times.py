"""Times as people say them: 明天下午, 三点半, 8月10日, Sunday morning, after lunch, in 20 minutes, 2 to 4 pm.

The words that were understood are taken out of the sentence, so that what is left can be read for something else.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache

from bot.domain.timetable import Timetable
from bot.domain.when import When
from bot.search.clocks import CLOCK, HALF_OF_DAY, HOUR, LENGTH, NUMBER
from bot.search.heard import DAYS_AND_PARTS, LAST, MONTHS, ORDINALS, PART_WORDS, RELATIVE, WEEKDAYS, Heard
from bot.search.said import Said


def take_time(said: Said, timetable: Timetable, now: datetime) -> When | None:
    """The time a sentence speaks of; its words are taken out of `said`. None when it speaks of none."""
    heard = Heard(timetable, timetable.local(now))
    for pattern, hear in _grammar():
        for match in pattern.finditer(said.text):
            if hear(heard, match):
                said.take(*match.span())
    return heard.settled()


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _english(words: Iterable[str]) -> str:
    return rf"\b(?:{_any(word for word in words if word.isascii())})\b"


def _hanzi(words: Iterable[str]) -> str:
    return _any(word for word in words if not word.isascii())


_PART = f"(?P<part>{_hanzi(PART_WORDS)}|{_english(PART_WORDS)})"
_PART_AHEAD = rf"(?=的? ?(?:{_hanzi(PART_WORDS)}|{NUMBER} ?[点时:]))"
_SHORT = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # in names too: the place must show that a day is meant
_LONG = [name for name in WEEKDAYS if name.isascii() and len(name) > 3]
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})[a-z]*\.?"
_ON = r"(?:\b(?:on|in|at|during|for|by|of) )?(?:\bthe )?"
_LATER, _EARLIER = "(?:之后|以后|过后|后)(?!天)", "(?:之前|以前|前)(?!天)"
_TO = r" ?(?:到|至|-|–|—|~|\bto\b|\band\b|\buntil\b|\btill\b) ?"
_MEAL = (
    r"(?:(?P<meal>吃?午饭|吃?午餐|吃?中饭|吃?完?饭|午休|\blunch(?: ?(?:break|time))?\b)"
    r"|(?P<pause>茶歇|休息|\b(?:tea|coffee)(?: break)?\b|\bbreak\b))"
)

_Hear = Callable[[Heard, re.Match[str]], bool]

# In this order: what is surer comes first; days come before meals and clock times, which are a day's.
_PATTERNS: tuple[tuple[str, _Hear], ...] = (
    (rf"再?过?(?:{LENGTH}){_LATER}", Heard.in_a_while),
    (rf"再?过 ?(?:{LENGTH})", Heard.in_a_while),
    (rf"\bin (?:about )?(?:{LENGTH})(?: time)?", Heard.in_a_while),
    (rf"(?:{LENGTH}) (?:from now|later)\b", Heard.in_a_while),
    (rf"(?:接下来|未来|之后|今后|往后)的? ?(?:{LENGTH})[之以]?[内里]?", Heard.for_a_while),
    (rf"(?:{LENGTH})[之以]?[内里]", Heard.for_a_while),
    (rf"\b(?:within |in |over |during |for )?(?:the )?next (?:{LENGTH})", Heard.for_a_while),
    (rf"\bwithin (?:the )?(?:{LENGTH})", Heard.for_a_while),
    (r"\b(?:in |within |over |during )?(?:the )?next hour\b|下个?小时", Heard.next_hour),
    (r"等一?会儿?|待会儿?|一会儿|过会儿|稍后|晚点|\b(?:later(?! today)|soon|in a (?:moment|while|bit))\b", Heard.soon),
    (r"\b(?:later|the rest of) today\b", Heard.rest_of_today),
    (r"刚才|刚刚|方才|\bjust now\b|\ba (?:moment|minute) ago\b", Heard.just_now),
    # Days.
    (r"(?<!\d)(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2}) ?日?(?!\d)", Heard.iso_date),
    (rf"({NUMBER}) ?月 ?({NUMBER}) ?[日号]?", Heard.month_and_day),
    (rf"{_ON}\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?![\w])", Heard.english_date),
    (rf"{_ON}\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:])", Heard.english_date),
    (r"(?<![a-z\d./:-])(\d{1,2})[/.](\d{1,2})(?![a-z\d./:-])", Heard.slashed),
    (rf"{_ON}(?<!\w)(?P<day>\d{{1,2}})(?:st|nd|rd|th)\b(?! (?:day|talk|session|speaker|floor))", Heard.day_of_month),
    (rf"(?P<day>{NUMBER}) ?日(?!本)", Heard.day_of_month),
    (rf"(?<![宫厅室第]) ?(?P<day>{NUMBER}) ?号(?P<part>{_PART_AHEAD})?(?! ?[会厅室楼房])", Heard.numbered),
    (rf"(?:第(?P<n>{NUMBER})|(?P<w>{_hanzi([*ORDINALS, *LAST])}))[天日]", Heard.nth_day),
    (rf"{_ON}\b(?P<w>{_any(w for w in (*ORDINALS, *LAST) if w.isascii())}) day\b", Heard.nth_day),
    (rf"{_ON}\bday (?P<n>\d|one|two|three|four)\b", Heard.nth_day),
    (rf"(?P<both>{_hanzi(DAYS_AND_PARTS)}|{_english(DAYS_AND_PARTS)})上?", Heard.day_and_part),
    (rf"(?:\bfor )?(?P<day>{_hanzi(RELATIVE)}|{_english(RELATIVE)})(?:'s\b)?", Heard.relative_day),
    (r"(?:[这本下] ?个?)?(?:周|星期|礼拜) ?(?P<weekday>[一二三四五六日天1-7])(?!\d)", Heard.weekday),
    (rf"{_ON}(?:\b(?:this|next|coming) )?\b(?P<weekday>{_any(_LONG)})\b(?:'s\b)?", Heard.weekday),
    (rf"\bon (?P<weekday>{_any(_SHORT)})\b", Heard.weekday),
    (rf"\b(?P<weekday>{_any(_SHORT)})\b(?= (?:{_english(PART_WORDS)}|at \d|\d))", Heard.weekday),
    # Meals and the parts of a day.
    (rf"吃[完过]{_MEAL.replace('P<', 'P<had_')}(?:{_LATER})?", Heard.after_pause),
    (rf"{_MEAL}{_LATER}|\b(?:right |just )?after (?:the )?{_MEAL.replace('P<', 'P<en_')}", Heard.after_pause),
    (rf"{_MEAL}{_EARLIER}|\b(?:right |just )?before (?:the )?{_MEAL.replace('P<', 'P<en_')}", Heard.before_pause),
    (rf"(?:{CLOCK}){_LATER}", Heard.after),
    (rf"(?:{CLOCK}){_EARLIER}", Heard.before),
    (rf"\b(?:after|since|from) (?:{CLOCK}|(?P<bare>{HOUR})(?![\w:.-]| to\b| and\b))", Heard.after),
    (rf"\b(?:before|until|till|by) (?:{CLOCK}|(?P<bare>{HOUR})(?![\w:.-]))", Heard.before),
    (
        rf"(?:\b(?:from|between) )?(?<![\w:.-])(?P<first>{HOUR}){_TO}(?P<last>{HOUR}) ?(?P<half>{HALF_OF_DAY})",
        Heard.hours,
    ),
    (rf"\b(?:from|between) (?P<first>{HOUR}){_TO}(?P<last>{HOUR})(?![\w:.-])(?P<half>)", Heard.hours),
    (rf"(?<![a-z\d.:-])(?P<first>{NUMBER}){_TO}(?P<last>{NUMBER}) ?点钟?(?![半{'一1三3'}])(?P<half>)", Heard.hours),
    (rf"(?:\b(?:from|between|at) |从)?(?:{CLOCK}){_TO}(?={HOUR}|{NUMBER})", Heard.clock),
    (rf"(?:\b(?:at|around|about) )?(?:{CLOCK})(?:左右)?", Heard.clock),
    (rf"\bthis {_PART}", Heard.this_part),
    (rf"{_ON}{_PART}", Heard.part_of_day),
)


@cache
def _grammar() -> tuple[tuple[re.Pattern[str], _Hear], ...]:
    # Compiled at the first sentence: it takes as long as a tenth of the bot's start.
    return tuple((re.compile(pattern), hear) for pattern, hear in _PATTERNS)
