"""Cards for other chats: what the words typed there find, or what runs now and comes next."""

from collections.abc import Iterable, Iterator

from bot.commands.ask import Ask
from bot.domain import moment as moments
from bot.domain.moment import moment
from bot.domain.programme import Person, Slot
from bot.domain.timetable import Event
from bot.replies import cards
from bot.replies.reply import Reply
from bot.search.index import Hit
from bot.services import searching

OFFERED = 50
"""Cards in one answer (https://core.telegram.org/bots/api#answerinlinequery)."""
GUESSES = 5


async def offer(ask: Ask) -> Reply:
    """Talks as cards: those that the words find, best first; without words those that run now and come next."""
    words = ask.args.strip()
    found = _found(ask, words) if words else _now_and_next(ask)
    chosen = list({event.talk.id: event for event in found}.values())[:OFFERED]
    return Reply((), offers=tuple(cards.offer(ask.voice, event) for event in chosen))


def _found(ask: Ask, words: str) -> Iterator[Event]:
    hits = searching.hits(ask.edition, words, now=ask.now, limit=OFFERED)
    sure = [hit for hit in hits if hit.confident]
    for hit in sure or hits[:GUESSES]:
        yield from _talks(ask, hit)


def _talks(ask: Ask, hit: Hit) -> Iterable[Event]:
    """The talks of a hit: a talk is one, and a session, a person and a room have theirs."""
    timetable, subject = ask.edition.timetable, hit.subject
    if isinstance(subject, Event):
        return [subject]
    if isinstance(subject, Slot):
        return timetable.events_of(subject)
    if isinstance(subject, Person):
        return timetable.roles(subject).events
    return [event for slot in moments.in_room(timetable, subject, ask.now) for event in timetable.events_of(slot)]


def _now_and_next(ask: Ask) -> Iterator[Event]:
    timetable = ask.edition.timetable
    now = moment(timetable, ask.now)
    for slot in now.running:
        placed = timetable.events_of(slot)
        yield from (event for event in placed if event.start <= ask.now < event.end and not event.cancelled)
    for slot in now.running:
        yield from (event for event in timetable.events_of(slot) if event.start > ask.now and not event.cancelled)
    for block in (now.next, now.then):
        for slot in block.slots if block else ():
            yield from [event for event in timetable.events_of(slot) if not event.cancelled][:1]
