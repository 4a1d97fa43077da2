"""Chairs who run late, catch up, fill their rooms or say nothing at all, and whether all that follows from it.

What they do is drawn before the bot says anything. Each is invited, gets a control card, and presses its buttons at a
quarter past a minute, when nobody else does anything.
"""

import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.sandbox.ledger import Entry
from bot.sandbox.rehearsal.acts import Act, Actor
from bot.sandbox.rehearsal.reminders import Count
from bot.sandbox.rehearsal.stage import Stage
from bot.sandbox.state import User

FIRST = 910_001
"""The first chair, by its id on Telegram."""
SHARE = 3
"""One session in so many has a chair."""
SILENT, FULL = 0.25, 0.3
"""How often a chair presses nothing before the start, and says that the room is full."""
LATE = (0, 0, 5, 10, 15)
"""Minutes late that a session is said to be before it starts."""
OVERRUN = (0, 4, 8, 12)
"""Minutes after its planned time that a talk begins."""
CARD, HERE, REPORT, WARNING = (timedelta(minutes=minutes) for minutes in (10, 8, 5, 3))
"""How long before the start the card comes, chairs are in the room, staff hear of the silent, lateness is said."""
QUARTER, MINUTE = timedelta(seconds=15), timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """A session that may have a chair; `talks` by the names that buttons give them, with their planned starts.

    apart  nothing else is in its room just before or after, so that lateness touches nothing but itself.
    """

    id: int
    code: str
    start: datetime
    end: datetime
    talks: tuple[tuple[str, datetime], ...]
    apart: bool = True


@dataclass(frozen=True)
class Chairing:
    """What can be chaired, and how that is said.

    invite    what staff write for a link, and join: what opens it, in its answer.
    press     the data of a button of a control card, by session, what is said and more numbers.
    carded    the session that a message is the control card of. reported: the sessions that a message reports.
    clock     how a time is written.
    """

    sessions: Sequence[Session]
    invite: Callable[[Session], str]
    join: Callable[[str], str]
    press: Callable[[int, str], str]
    carded: Callable[[Entry], int | None]
    reported: Callable[[Entry], list[int]]
    clock: Callable[[datetime], str]


def chosen(sessions: Sequence[Session], seed: int) -> list[Session]:
    """The sessions that have a chair, in order of start."""
    rng = random.Random(f"{seed}/chairs")  # noqa: S311 - chance for a rehearsal, and it must repeat
    fit = [one for one in sessions if one.apart and one.talks]
    return sorted(rng.sample(fit, len(fit) // SHARE), key=lambda one: one.start)


def delays(chaired: Sequence[Session]) -> list[tuple[str, timedelta]]:
    """How late each of these may ever be, by the name that buttons give it."""
    return [(f"s{one.id}", minutes * MINUTE) for one in chaired for minutes in sorted({*LATE, *OVERRUN} - {0})]


def chairs(
    stage: Stage,
    chairing: Chairing,
    staff: Sequence[int],
    chaired: Sequence[Session],
    count: Count,
    begins: datetime,
    seed: int,
) -> list[Actor]:
    """A chair for each of these sessions, and the staff, of whom the first invites them."""
    host = stage.box.world.users[staff[0]]
    stage.workers |= set(staff)
    cast: list[Actor] = []
    silent: defaultdict[datetime, set[int]] = defaultdict(set)
    for n, session in enumerate(chaired, 1):
        person = stage.box.user(f"Chair {n}", id=FIRST + n, language_code=("zh", "en")[n % 2])
        stage.workers.add(person.id)
        one = _Chair(stage, chairing, count, person, session, random.Random(f"{seed}/chair/{n}"))  # noqa: S311 - as above
        if one.is_silent:
            silent[session.start].add(session.id)
        invited = begins + n * MINUTE + QUARTER
        cast.append([Act(invited, partial(_invite, stage, chairing, host, person, session)), *one.acts()])
    reports = [
        Act(start - REPORT + QUARTER, partial(_report, stage, chairing, staff, start, silent[start]))
        for start in sorted({session.start for session in chaired})
    ]
    return [*cast, reports]


async def _invite(stage: Stage, chairing: Chairing, host: User, person: User, session: Session) -> None:
    """Staff ask for a link, the chair opens it, and staff hear of that."""
    heard = len(stage.record.notices[host.id])
    await stage.ask(host, chairing.invite(session), chat=host)
    answers = [question.answers[-1].text for question in stage.record.questions[-1:] if question.answers]
    await stage.ask(person, f"/start {chairing.join(answers[0]) if answers else ''}", chat=person)
    await stage.until(lambda: len(stage.record.notices[host.id]) > heard)


async def _report(stage: Stage, chairing: Chairing, staff: Sequence[int], start: datetime, silent: set[int]) -> None:
    """Staff hear once, in one message, of the chairs who have pressed nothing, and of nobody else."""
    block = {session.id for session in chairing.sessions if session.start == start}
    due = {frozenset(silent)} if silent else set()

    def reports(number: int) -> set[frozenset[int]]:
        found = [frozenset(chairing.reported(entry)) for entry in stage.record.notices[number]]
        return {one for one in found if one & block}

    await stage.until(lambda: all(reports(number) for number in staff) or not silent)
    stage.record.unkept += [
        f"{start:%m-%dT%H:%MZ} silent {sorted(silent)}, reported {sorted(map(sorted, reports(number)))}"
        for number in staff
        if reports(number) != due
    ]


class _Chair:
    """One chair and what they will do."""

    def __init__(
        self, stage: Stage, chairing: Chairing, count: Count, person: User, session: Session, rng: random.Random
    ) -> None:
        self._stage, self._chairing, self._count = stage, chairing, count
        self._person, self._session, self._rng = person, session, rng
        self.is_silent = rng.random() < SILENT

    def acts(self) -> Iterator[Act]:
        session, rng = self._session, self._rng
        yield Act(session.start - CARD + QUARTER, self._get_card)
        late = 0 if self.is_silent else rng.choice(LATE)
        if not self.is_silent:
            yield Act(session.start - HERE + QUARTER, self._pressing("here"))
        for step, before in ((5, 0), (10, late - 10)):
            if late in (step, 15):
                at = session.start - WARNING + (step // 10) * MINUTE + QUARTER
                yield Act(at, self._pressing(f"late {before} {before + step}"))
        at = session.start + late * MINUTE + QUARTER
        yield Act(at, self._pressing("began"))
        if rng.random() < FULL:
            yield Act(at + MINUTE, self._pressing("full 1"))
        for name, planned in session.talks[1:]:
            at = max(planned + rng.choice(OVERRUN) * MINUTE + QUARTER, at + 2 * MINUTE)
            yield Act(at, self._pressing(f"talk {name[1:]}"))
        yield Act(max(session.end, at + MINUTE) + QUARTER, self._pressing("finished"))

    def _pressing(self, word: str) -> Callable[[], Awaitable[None]]:
        return partial(self._press, self._chairing.press(self._session.id, word))

    async def _get_card(self) -> None:
        """The card comes without being asked for."""

        def cards() -> int:
            sent = self._stage.record.notices[self._person.id]
            return sum(self._chairing.carded(entry) == self._session.id for entry in sent)

        if not await self._stage.until(lambda: cards() > 0):
            self._stage.record.unkept.append(f"no card for {self._session.code}")

    async def _press(self, data: str) -> None:
        """Press, and see every reminder in the chats mended that says another time than what is true now."""
        stage = self._stage

        def is_meant(one: str) -> bool:
            return one.lstrip("~") == data

        # After a kill an earlier press may be answered once more, before the card shows this one.
        there = await stage.until(lambda: stage.offers(self._person, is_meant))
        if not there or not await stage.press(self._person, chat=self._person, choice=0, among=is_meant):
            stage.record.unkept.append(f"no button {data}")
            return
        stage.record.chaired += 1
        if not await stage.until(lambda: not self._stale()):
            stage.record.unkept += [f"{self._session.code} {data}: {one}" for one in self._stale()]

    def _stale(self) -> list[str]:
        """The reminders of talks that are to come which show another time than the second hand counts."""
        now = self._stage.box.clock.now()
        times = {name: self._count.start_of(name) for name, _ in self._session.talks}
        shown = {name: self._chairing.clock(at) for name, at in times.items() if at > now}
        return [
            f"{user} {name} is not at {shown[name]}"
            for (user, name), message in self._stage.record.reminders.items()
            if name in shown and shown[name] not in self._text(user, message)
        ]

    def _text(self, user: int, message: int) -> str:
        text: str = self._stage.box.world.chats[user].messages[message].get("text", "")
        return text
