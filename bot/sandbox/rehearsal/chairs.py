"""Chairs who run late, catch up, fill their rooms or say nothing at all, while staff change the programme.

Each is invited, gets a control card, and goes by the programme as it stands: what they will do is drawn beforehand,
when they do it follows from where staff have put their session. They press at a quarter past a minute, when nobody else
does anything. What the bot shows them by itself is looked after in `cards`.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.sandbox.ledger import Entry
from bot.sandbox.rehearsal.acts import Act, Actor
from bot.sandbox.rehearsal.cards import Post
from bot.sandbox.rehearsal.changes import Told
from bot.sandbox.rehearsal.courses import Said
from bot.sandbox.rehearsal.standing import mended
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
HERE, WARNING = timedelta(minutes=8), timedelta(minutes=3)
"""How long before the start chairs are in the room, and lateness is said."""
BEFORE, AFTER = timedelta(minutes=45), timedelta(minutes=75)
"""How long before the printed start of their session and after its end chairs look at it: staff may have moved it."""
BUSY = timedelta(minutes=8)
"""Around the start of a session kills fall on what its chair does."""
QUARTER, MINUTE = timedelta(seconds=15), timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """A session that may have a chair; `name` and `talks`: as buttons name them; `start`, `end`: as printed."""

    id: int
    name: str
    code: str
    start: datetime
    end: datetime
    talks: tuple[str, ...]


@dataclass(frozen=True)
class Chairing:
    """What can be chaired, and how that is said.

    invite    what staff write for a link, and join: what opens it, in its answer.
    press     the data of a button of a control card, by session, what is said and more numbers.
    carded    the session that a message is the control card of. reported: the sessions that a message reports.
    """

    sessions: Sequence[Session]
    invite: Callable[[Session], str]
    join: Callable[[str], str]
    press: Callable[[int, str], str]
    carded: Callable[[Entry], int | None]
    reported: Callable[[Entry], list[int]]


def chosen(sessions: Sequence[Session], seed: int) -> list[Session]:
    """The sessions that have a chair, in order of start."""
    rng = random.Random(f"{seed}/chairs")  # noqa: S311 - chance for a rehearsal, and it must repeat
    fit = [one for one in sessions if one.talks]
    return sorted(rng.sample(fit, len(fit) // SHARE), key=lambda one: one.start)


def chairs(
    chairing: Chairing,
    host: User,
    told: Told,
    posts: list[Post],
    begins: datetime,
    seed: int,
) -> list[Actor]:
    """A chair for each of the sessions chosen, whom `host` invites. Whoever has come is put down in `posts`."""
    cast: list[Actor] = []
    for n, session in enumerate(chosen(chairing.sessions, seed), 1):
        person = told.stage.box.user(f"Chair {n}", id=FIRST + n, language_code=("zh", "en")[n % 2])
        told.stage.workers.add(person.id)
        rng = random.Random(f"{seed}/chair/{n}")  # noqa: S311 - as above
        one = _Chair(chairing, told, posts, person, session, rng)
        cast.append([Act(begins + n * MINUTE + QUARTER, partial(one.come, host)), *one.acts()])
    return cast


class _Chair:
    """One chair and what they will do."""

    def __init__(
        self,
        chairing: Chairing,
        told: Told,
        posts: list[Post],
        person: User,
        session: Session,
        rng: random.Random,
    ) -> None:
        self._stage, self._told = told.stage, told
        self._chairing, self._posts = chairing, posts
        self._person, self._session = person, session
        self._post: Post | None = None
        self._is_silent = rng.random() < SILENT
        self._late = 0 if self._is_silent else rng.choice(LATE)
        self._fills = rng.random() < FULL
        self._overrun = {name: rng.choice(OVERRUN) * MINUTE for name in session.talks}

    async def come(self, host: User) -> None:
        """Staff ask for a link, the chair opens it, and staff hear of that."""
        stage, chairing = self._stage, self._chairing
        heard = len(stage.record.notices[host.id])
        await stage.ask(host, chairing.invite(self._session), chat=host)
        asked = stage.record.questions[-1].message_id or 0

        def link() -> str:
            # After a kill, news of the chair before may come in between.
            there = stage.box.world.chats[host.id].messages.items()
            texts = [one.get("text", "") for number, one in there if number > asked]
            return next((chairing.join(text) for text in texts if self._session.code in text), "")

        await stage.until(lambda: link() != "")
        await stage.ask(self._person, f"/start {link()}", chat=self._person)
        await stage.until(lambda: len(stage.record.notices[host.id]) > heard)
        self._post = Post(self._session.id, self._session.name, self._person.id, stage.box.clock.now())
        self._posts.append(self._post)
        self._told.serving[self._person.id].add(self._session.name)

    def acts(self) -> Iterator[Act]:
        """A look at their session every minute."""
        session = self._session
        at = session.start - BEFORE + QUARTER
        while at < session.end + AFTER:
            yield Act(at, self._turn, weight=int(abs(at - session.start) < BUSY))
            at += MINUTE

    async def _turn(self) -> None:
        wanted = self._wanted(self._stage.box.clock.now())
        if wanted:
            await self._press(self._chairing.press(self._session.id, wanted))
        if wanted == "finished" and self._stage.offers(self._person, lambda data: data.endswith("finished sure")):
            await self._press(self._chairing.press(self._session.id, "finished sure"))

    def _wanted(self, now: datetime) -> str:
        """What they press at this moment; "" for nothing."""
        self._told.count.read_on()
        board, name = self._told.board, self._session.name
        if self._post is None or not self._post.carded or not board.takes_place(name):
            return ""
        said = self._told.count.courses.said(name)
        if said is None or said.began is None:
            return self._before(said or Said(board.times(name)[0]), now)
        return self._meanwhile(said, said.began, now) if said.finished is None else ""

    def _before(self, said: Said, now: datetime) -> str:
        if now >= said.start + self._late * MINUTE:
            return "began"
        if self._is_silent or now < said.start - HERE:
            return ""
        if not said.here:
            return "here"
        step = min(10, self._late - said.late)
        return f"late {said.late} {said.late + step}" if step > 0 and now >= said.start - WARNING else ""

    def _meanwhile(self, said: Said, began: datetime, now: datetime) -> str:
        board, coming = self._told.board, self._told.count.courses.coming(self._session.name)
        last = max((began, *said.begun.values()))
        if self._fills and now > last:
            self._fills = False
            return "full 1"
        if coming:
            at = max(board.times(coming[0])[0] + self._overrun[coming[0]], last + 2 * MINUTE)
            return f"talk {coming[0][1:]}" if now >= at else ""
        return "finished" if now >= max(board.times(self._session.name)[1], last + MINUTE) else ""

    async def _press(self, data: str) -> None:
        """Press, and see the reminders in the chats mended."""
        stage = self._stage

        def is_meant(one: str) -> bool:
            return one.lstrip("~") == data

        # After a kill an earlier press may be answered once more, before the card shows this one.
        there = await stage.until(lambda: stage.offers(self._person, is_meant))
        if not there or not await stage.press(self._person, chat=self._person, choice=0, among=is_meant):
            stage.record.unkept.append(f"{self._session.code} {stage.box.clock.now():%m-%dT%H:%M:%SZ} no button {data}")
            self._post = None  # once is enough to say so
            return
        stage.record.chaired += 1
        await mended(self._told, f"{self._session.code} {data}")
