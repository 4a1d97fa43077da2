"""What the bot promises, held against the record of a rehearsal. A promise returns a line for every time it broke."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from bot.sandbox.ledger import Entry
from bot.sandbox.rehearsal.record import Question, Record

Promise = Callable[[Record], list[str]]
TWICE = 2


def lost(record: Record) -> list[str]:
    """Every question is answered."""
    return [str(question) for question in record.questions if not question.answers]


def twice(record: Record) -> list[str]:
    """No question is answered twice, unless a kill left the bot in doubt."""
    return [
        str(question) for question in record.questions if len(question.answers) > 1 and not _excused(record, question)
    ]


def astray(record: Record) -> list[str]:
    """Each answer goes to the chat and to the question that it answers."""
    wrong = [
        f"{question} → {question.answers[0].text[:60]}"
        for question in record.questions
        if question.answers
        and not any(question.expects in answer.text for answer in question.answers)
        and not _excused(record, question)
    ]
    return wrong + [f"{entry.chat_id} → {(entry.text or '')[:60]}" for entry in record.unasked]


def refused(record: Record) -> list[str]:
    """Nothing is asked of the server that it must refuse."""
    return [
        f"{entry.method} {entry.chat_id or ''} {entry.status} {entry.description}"
        for entry in record.refused
        if not _orphaned(record, entry) and not _acknowledged_again(record, entry)
    ]


def held(record: Record) -> list[str]:
    """Without limits nothing is told to wait."""
    return [f"{entry.method} {entry.chat_id or ''} {entry.description}" for entry in record.held]


def died(record: Record) -> list[str]:
    """The bot does not end by itself."""
    return record.deaths


def sorry(apologies: Iterable[str]) -> Promise:
    """No question ends in one of these apologies for a fault of the bot's own."""
    sentences = frozenset(apologies)

    def promise(record: Record) -> list[str]:
        return [
            str(question)
            for question in record.questions
            if any(answer.text in sentences for answer in question.answers)
        ]

    return promise


def reminders_lost(record: Record) -> list[str]:
    """Everybody is reminded of what they starred, again if it was put off after that."""
    due = Counter((one.user, one.name) for one in record.due)
    return [f"{user} {name}" for (user, name), number in due.items() if len(record.told.get((user, name), ())) < number]


def reminders_twice(record: Record) -> list[str]:
    """Nobody is reminded twice, unless a kill left the bot in doubt."""
    due = Counter((one.user, one.name) for one in record.due)
    return [
        f"{user} {name}"
        for (user, name), times in record.told.items()
        if len(times) > max(1, due[user, name]) and not _in_doubt(record, times)
    ]


def reminders_unasked(record: Record) -> list[str]:
    """Nobody is reminded of what they did not star, or took the star from."""
    due = {(one.user, one.name) for one in record.due}
    return [f"{user} {name}" for user, name in record.told if (user, name) not in due]


def misplaced(record: Record) -> list[str]:
    """A reminder names the room of the moment."""
    return record.misplaced


def stale(record: Record) -> list[str]:
    """What was changed is shown so, and a reminder that stands in a chat is mended until what it is about begins."""
    return record.stale


def changes_lost(record: Record) -> list[str]:
    """Everybody hears of every change of what they starred."""
    due = Counter((one.user, one.name) for one in record.changes)
    return [
        f"{user} {name}" for (user, name), number in due.items() if len(record.noticed.get((user, name), ())) < number
    ]


def changes_twice(record: Record) -> list[str]:
    """Nobody hears twice of one change, unless a kill left the bot in doubt."""
    due = Counter((one.user, one.name) for one in record.changes)
    return [
        f"{user} {name}: {found[-1].text}"
        for (user, name), found in record.noticed.items()
        if len(found) > due[user, name] > 0 and not _in_doubt(record, [one.seconds for one in found])
    ]


def changes_unasked(record: Record) -> list[str]:
    """Nobody hears of what does not concern them, or is as they were told before."""
    due = {(one.user, one.name) for one in record.changes}
    return [
        f"{user} {name}: {found[0].text}" for (user, name), found in record.noticed.items() if (user, name) not in due
    ]


def changes_wrong(record: Record) -> list[str]:
    """A notice says what is different from what its reader was last told."""
    return [
        f"{one.user} {one.name}: {word}"
        for one in record.changes
        for word in one.words
        if (found := record.noticed.get((one.user, one.name))) and not any(word in notice.text for notice in found)
    ]


def broadcasts_lost(record: Record) -> list[str]:
    """Everybody whom a broadcast is for is told, unless it was stopped; or listed as doubtful after a kill."""
    lost = []
    for one in record.broadcasts:
        missing = [user for user in sorted(one.must) if not record.heard.get((user, one.word))]
        if one.stopped is None and len(missing) > (0 if one.resent else one.doubtful):
            lost += [f"{user} {one}" for user in missing]
    return lost


def broadcasts_twice(record: Record) -> list[str]:
    """Nobody is told one twice, kills or not, unless staff had it sent again to those of whom nobody knew."""
    again = []
    for one in record.broadcasts:
        told = {user: len(times) for (user, word), times in record.heard.items() if word == one.word}
        twice = [f"{user} {one}" for user, times in told.items() if times > 1]
        excused = one.resent and max(told.values(), default=0) <= TWICE and len(twice) <= one.doubtful
        again += [] if excused else twice
    return again


def broadcasts_astray(record: Record) -> list[str]:
    """Nobody is told one that is not for them, that was given up, or that was stopped before."""
    found = {one.word: one for one in record.broadcasts}
    return [
        f"{user} {found.get(word, word)}"
        for (user, word), times in record.heard.items()
        if (one := found.get(word)) is None
        or user not in one.must | one.may
        or (one.stopped is not None and max(times) > one.stopped)
    ]


def chairs(record: Record) -> list[str]:
    """Chairs get their card and can press what they have to say; staff hear of the silent."""
    return record.unkept


def _in_doubt(record: Record, times: Sequence[float]) -> bool:
    return any(kill.touches(at, at) for kill in record.kills for at in times)


def _excused(record: Record, question: Question) -> bool:
    last = question.answers[-1].seconds if question.answers else float("inf")
    return any(kill.touches(question.asked, last) for kill in record.kills)


def _orphaned(record: Record, entry: Entry) -> bool:
    """Whether whoever sent it was killed before the answer came."""
    answered = float("inf") if entry.answered is None else entry.answered
    return any(entry.received <= kill.at <= answered for kill in record.kills)


def _acknowledged_again(record: Record, entry: Entry) -> bool:
    """Whether it ends the waiting state of a button once more, because of a kill."""
    pressed = entry.params.get("callback_query_id")
    return pressed is not None and any(
        question.callback_id == pressed and _excused(record, question) for question in record.questions
    )
