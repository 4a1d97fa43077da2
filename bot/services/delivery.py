"""Delivery: rows of the outbox claimed, put into words, handed to a channel, settled.

A claim is written before anything leaves, and the outcome after: whoever dies in between leaves a row that is in
doubt. What was certainly not sent goes again; what may have arrived goes again if it is better said twice than never.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog

from bot.domain.told import Told
from bot.domain.user import User
from bot.replies.reply import Reply
from bot.store import outbox, told, users
from bot.store.database import Connection, Database
from bot.store.outbox import Notice

log = structlog.get_logger(__name__)

HELD = ("broadcast",)
"""Kinds that are worse said twice than never: in doubt, they wait for a person to send them again."""
CLAIMED_AT_ONCE = 32
"""Messages put into words in one transaction; when the process dies these are what is in doubt."""
LONGEST_REST = 60.0
"""Seconds between two tries at most."""


class Undelivered(Exception):  # noqa: N818 - the outcome is its name
    """A message that a channel did not deliver, for a reason. Raised as one of the classes below."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class NotWritten(Undelivered):
    """Certainly nothing left: it may go again without any doubt."""


class InDoubt(Undelivered):
    """It may have arrived, or not."""


class Blocked(Undelivered):
    """The user does not want to hear from us."""


class Refused(Undelivered):
    """The channel says no to this message and will say so again."""


class Moved(Undelivered):
    """The user is reached elsewhere from now on; `reason` is the new address."""


class Channel(Protocol):
    """What delivers messages to users. Both methods raise `Undelivered` and nothing else."""

    async def send(self, user: User, reply: Reply, *, silent: bool) -> str:
        """Send a message; returns the channel's number for it."""

    async def edit(self, user: User, message: str, reply: Reply) -> None:
        """Give a message that was sent another content."""


@dataclass(frozen=True)
class Parcel:
    """One message for one user, and what is true once it is there.

    rows   the notices it settles. edits: the number of the message it replaces.
    shown  the facts in it, by reminder row. told: what the user has seen then.
    """

    rows: tuple[int, ...]
    user: User
    reply: Reply
    silent: bool = False
    edits: str | None = None
    shown: Mapping[int, str] = field(default_factory=dict)
    told: tuple[Told, ...] = ()
    doubts: int = 0


Compose = Callable[[Connection, Sequence[tuple[User, list[Notice]]]], Awaitable[list[Parcel]]]
"""Puts claimed notices into words, group by group; what it leaves out has nothing left to say."""


class Delivery:
    """Delivers while `run` runs; `wake` says that there may be something to do.

    ready  asked in the transaction of every claim: whether `compose` knows the programme as it is by now. Where it
           does not, nothing is claimed, and whoever says so wakes the delivery once it does.
    """

    def __init__(
        self,
        db: Database,
        channels: Mapping[str, Channel],
        compose: Compose,
        now: Callable[[], datetime],
        *,
        ready: Callable[[Connection], Awaitable[bool]],
        in_flight: int = 8,
    ) -> None:
        self._db = db
        self._channels = channels
        self._compose = compose
        self._ready = ready
        self._now = now
        self._parcels: asyncio.Queue[Parcel] = asyncio.Queue()
        self._in_flight = in_flight
        self._room = asyncio.Event()
        self._work = asyncio.Event()
        self._busy: set[int] = set()
        self._resting: dict[int, float] = {}
        self._away = 0
        self._outcomes: list[tuple[Parcel, str | Undelivered]] = []
        self._finished = asyncio.Event()

    def wake(self) -> None:
        self._work.set()

    @property
    def idle(self) -> bool:
        """Whether nothing is in hand."""
        return not self._busy

    async def run(self) -> None:
        """Deliver until cancelled. What is in flight then may have arrived; it is taken up again as doubtful."""
        async with self._db.transaction() as tx:
            await outbox.take_up(tx)
        self.wake()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._claim())
            tasks.create_task(self._settle())
            for _ in range(self._in_flight):
                tasks.create_task(self._send())

    async def _claim(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            while parcels := await self._claimed():
                self._room.clear()
                for parcel in parcels:
                    self._parcels.put_nowait(parcel)
                if self._parcels.qsize() > self._in_flight:
                    await self._room.wait()

    async def _claimed(self) -> list[Parcel]:
        """Claim what is open and put it into words, in one transaction."""
        moment = asyncio.get_running_loop().time()
        self._resting = {row: until for row, until in self._resting.items() if until > moment}
        if self._away and self._busy:
            return []  # one message finds out whether the channel is back
        async with self._db.transaction() as tx:
            if not await self._ready(tx):
                return []
            now = self._now()
            await outbox.expire(tx, now=now)
            open_rows = await outbox.ready(
                tx,
                besides=self._resting,
                users=self._busy,
                held=HELD,
                limit=1 if self._away else 2 * CLAIMED_AT_ONCE,
                now=now,
            )
            first = {row.user_id: row for row in reversed(open_rows)}
            heads = sorted(first.values(), key=lambda row: (row.priority, row.id))[:CLAIMED_AT_ONCE]
            if not heads:
                return []
            groups = [await outbox.together(tx, head) for head in heads]
            everybody = await users.by_ids(tx, [head.user_id for head in heads])
            claimed = await outbox.claim(tx, [row.id for group in groups for row in group])
            parcels = await self._compose(tx, [(everybody[group[0].user_id], group) for group in groups])
            said = {row for parcel in parcels for row in parcel.rows}
            await outbox.settle(tx, claimed - said, "dropped", None, now=now)
        self._busy |= {parcel.user.id for parcel in parcels}
        if not parcels:
            self.wake()  # all that was claimed had nothing left to say; there may be more behind it
        return parcels

    async def _send(self) -> None:
        while True:
            parcel = await self._parcels.get()
            if self._parcels.qsize() <= self._in_flight:
                self._room.set()
            outcome: str | Undelivered
            try:
                channel = self._channels[parcel.user.channel]
                if parcel.edits is None:
                    outcome = await channel.send(parcel.user, parcel.reply, silent=parcel.silent)
                else:
                    await channel.edit(parcel.user, parcel.edits, parcel.reply)
                    outcome = parcel.edits
            except Undelivered as error:
                outcome = error
            except KeyError:
                outcome = Refused(f"no channel {parcel.user.channel}")
            except Exception as error:
                log.exception("notice not sent", rows=parcel.rows)
                outcome = Refused(f"{type(error).__name__}: {error}")
            self._outcomes.append((parcel, outcome))
            self._finished.set()

    async def _settle(self) -> None:
        """Settle what is finished, in groups: all that came while the last group was being written."""
        while True:
            await self._finished.wait()
            self._finished.clear()
            outcomes, self._outcomes = self._outcomes, []
            async with self._db.transaction() as tx:
                for parcel, outcome in outcomes:
                    await self._settle_one(tx, parcel, outcome)
            for parcel, outcome in outcomes:
                self._after(parcel, outcome)
            self.wake()

    async def _settle_one(self, tx: Connection, parcel: Parcel, outcome: str | Undelivered) -> None:
        now = self._now()
        if isinstance(outcome, str):
            await outbox.sent(tx, parcel.rows, outcome, now=now)
            await outbox.set_shown(tx, parcel.shown)
            await told.write(tx, parcel.user.id, parcel.told)
        elif isinstance(outcome, NotWritten):
            await outbox.put_back(tx, parcel.rows, outcome.reason, doubtful=False)
        elif isinstance(outcome, InDoubt):
            await outbox.put_back(tx, parcel.rows, outcome.reason, doubtful=True)
        elif isinstance(outcome, Moved):
            await users.set_address(tx, parcel.user.id, outcome.reason)
            await outbox.put_back(tx, parcel.rows, "moved", doubtful=False)
        else:
            if isinstance(outcome, Blocked):
                await users.set_reachable(tx, parcel.user.id, reachable=False)
            reason = "blocked" if isinstance(outcome, Blocked) else outcome.reason
            await outbox.settle(tx, parcel.rows, "failed", reason, now=now)
            log.warning("notice failed", rows=parcel.rows, reason=reason)

    def _after(self, parcel: Parcel, outcome: str | Undelivered) -> None:
        self._busy.discard(parcel.user.id)
        if isinstance(outcome, NotWritten):
            self._away += 1
            self._rest(parcel, self._away)
        else:
            self._away = 0
            if isinstance(outcome, InDoubt):
                self._rest(parcel, parcel.doubts + 1)

    def _rest(self, parcel: Parcel, tries: int) -> None:
        """Not again at once: twice as long each time, and not all at the same moment. On monotonic time."""
        pause = min(LONGEST_REST, 0.5 * 2 ** min(tries, 10)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        loop = asyncio.get_running_loop()
        for row in parcel.rows:
            self._resting[row] = loop.time() + pause
        loop.call_later(pause + 0.001, self.wake)
