"""The conference in numbers, in words."""

from collections.abc import Mapping, Sequence

from bot.domain.model import LANGS, Lang
from bot.domain.numbers import Day, Kind, Lateness, Numbers, Starred
from bot.replies.reply import Block, Line, Reply
from bot.replies.voice import Voice
from bot.replies.words import catalogue


def stats(voice: Voice, seen: Numbers) -> Reply:
    """People by language and day, questions by kind and what found nothing, stars against rooms, lateness."""
    total = sum(seen.users.values())
    head = [
        voice.say("numbers.title"),
        voice.say("numbers.users", count=total, langs=_langs(voice, seen.users), reachable=seen.reachable),
    ]
    blocks = [Block(tuple(head))]
    if seen.days:
        lines = [voice.say("numbers.days"), *(_day(voice, one) for one in seen.days)]
        blocks.append(Block(tuple(lines)))
    if seen.kinds:
        lines = [voice.say("numbers.kinds", count=sum(one.asked for one in seen.kinds))]
        lines += [_kind(voice, one) for one in _named(voice, seen.kinds)]
        blocks.append(Block(tuple(lines)))
    if seen.misses:
        lines = [voice.say("numbers.misses")]
        lines += [voice.say("numbers.miss", words=one.words, count=one.people) for one in seen.misses]
        blocks.append(Block(tuple(lines)))
    if starred := [one for one in seen.sessions if one.stars]:
        blocks.append(Block((voice.say("numbers.sessions"), *(_session(voice, one) for one in starred))))
    if seen.notices:
        blocks.append(Block((voice.say("numbers.notices"), *(_late(voice, one) for one in seen.notices))))
    turn = (voice.button("button.refresh", "stats", edits=True),)
    return Reply(tuple(blocks), (turn,), ask="stats")


def _day(voice: Voice, one: Day) -> Line:
    return voice.say(
        "numbers.day",
        day=voice.day(one.day),
        active=sum(one.active.values()),
        langs=_langs(voice, one.active),
        new=sum(one.new.values()),
        asked=one.asked,
    )


def _langs(voice: Voice, counts: Mapping[Lang, int]) -> str:
    return voice.word("numbers.langs", **{lang: counts.get(lang, 0) for lang in LANGS})


def _named(voice: Voice, kinds: Sequence[Kind]) -> list[Kind]:
    """Those that people know by a name; the buttons of all others together, at the end."""
    known = [
        one for one in kinds if not {f"help.{one.kind}", f"numbers.asked_{one.kind}"}.isdisjoint(catalogue(voice.lang))
    ]
    others = [one for one in kinds if one not in known]
    rest = Kind(kind="other", asked=sum(one.asked for one in others), missed=sum(one.missed for one in others))
    return [*known, rest] if others else known


def _kind(voice: Voice, one: Kind) -> Line:
    kind = catalogue(voice.lang).get(f"numbers.asked_{one.kind}") or f"/{one.kind}"
    if one.missed:
        return voice.say("numbers.kind_nothing", kind=kind, count=one.asked, nothing=one.missed)
    return voice.say("numbers.kind", kind=kind, count=one.asked)


def _session(voice: Voice, one: Starred) -> Line:
    """A8: 143 stars, room 80."""
    what = one.code or one.title
    if one.capacity is None:
        return voice.say("numbers.session", what=what, stars=one.stars)
    key = "numbers.session_crowded" if one.is_crowded else "numbers.session_room"
    return voice.say(key, what=what, stars=one.stars, capacity=one.capacity)


def _late(voice: Voice, one: Lateness) -> Line:
    kind = voice.word(f"outbox.kind_{one.kind}")
    half, most, longest = map(_seconds, (one.median, one.p95, one.longest))
    return voice.say("numbers.notice", kind=kind, count=one.sent, median=half, most=most, longest=longest)


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}"
