"""Delivery: rows of the outbox claimed, put into words, handed to a channel, settled.

A claim is written before anything leaves, and the outcome after: whoever dies in between leaves a row that is in
doubt. What was certainly not sent goes again; what may have arrived goes again if it is better said twice than never.
"""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from bot.domain.user import User
from bot.services import pinned, undelivered
from bot.services.channel import Channel, InDoubt, Later, NotWritten, Refused, Undelivered, Withdrawn
from bot.services.parcel import Compose, Parcel
from bot.store import broadcasts as rows
from bot.store import cards, outbox, told, users
from bot.store.database import Connection, Database
from bot.store.outbox import Notice

log = structlog.get_logger(__name__)

HELD = ("broadcast", "mirror")
"""Kinds that are worse said twice than never: in doubt, they wait for a person to send them again."""
CLAIMED_AT_ONCE = 32
"""Messages put into words in one transaction; when the process dies these are what is in doubt."""
UNSETTLED = 2
"""Messages begun and not settled at most, as a multiple of those in flight."""
BRIEFLY = 0.5
"""Seconds before another try of something that did not get out, though others do."""
LONGEST_REST = 15.0
"""Seconds between two tries at most."""
TOLERATED = 3
"""Messages in a row without an answer, beyond which the channel itself is taken to be away."""
PROGRESS = 3.0
"""Seconds between two looks at the progress of a broadcast."""
FINISH = 3.0
"""Seconds that messages on their way get to arrive when delivery is told to stop."""

Outcome = str | Undelivered
"""The channel's number of the message, or why it did not arrive."""
End = tuple[str, str | None]
"""How a row ended that was not sent: its state, and why."""


class Delivery:
    """Delivers while `run` runs; `wake` says that there may be something to do.

    current  asked in the transaction of every claim: the revision of the programme, if `compose` knows that one. Where
             it is None, nothing is claimed, and whoever says so wakes the delivery once it is known.
    outdated  called when the programme was changed while messages that are kept true were on their way: whoever looked
           then for what is no longer true did not know yet what they would show.
    """

    def __init__(
        self,
        db: Database,
        channels: Mapping[str, Channel],
        compose: Compose,
        now: Callable[[], datetime],
        *,
        current: Callable[[Connection], Awaitable[int | None]],
        outdated: Callable[[], None],
        in_flight: int = 8,
    ) -> None:
        self._db = db
        self._channels = channels
        self._compose = compose
        self._current = current
        self._outdated = outdated
        self._now = now
        self._in_flight = in_flight
        self._parcels: deque[Parcel] = deque()
        self._fresh: list[Parcel] = []
        self._requests: set[asyncio.Task[None]] = set()
        self._unsettled = 0
        self._outcomes: list[tuple[Parcel, Outcome]] = []
        self._kept_true: set[int] = set()  # revisions that messages show which arrived since the last claim
        self._busy: set[int] = set()
        self._resting: dict[int, float] = {}
        self._unanswered = self._tries = 0
        self._away_until = 0.0
        self._withdrawn: frozenset[int] = frozenset()
        self._drawn: dict[int, float] = {}
        self._work = asyncio.Event()
        self._finished = asyncio.Event()

    def wake(self) -> None:
        self._work.set()

    def withdraw(self, broadcasts: frozenset[int]) -> None:
        """Nothing of these broadcasts leaves any more, even if it is claimed."""
        self._withdrawn = broadcasts

    async def run(self) -> None:
        """Deliver until cancelled; what is on its way then is waited for, but not for long.

        What an earlier process left in hand is in doubt.
        """
        async with self._db.transaction() as tx:
            await rows.show(tx, await outbox.take_up(tx))
        self.wake()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._claim())
                tasks.create_task(self._settle())
        finally:
            await self._lay_down()

    async def _claim(self) -> None:
        """Keep enough in hand that nobody waits for words to be made."""
        while True:
            await self._work.wait()
            self._work.clear()
            while len(self._parcels) <= self._in_flight and (claimed := await self._claimed()):
                self._parcels.extend(claimed)
                self._send_on()

    async def _claimed(self) -> list[Parcel]:
        """Claim what is open and put it into words, in one transaction."""
        moment = asyncio.get_running_loop().time()
        self._resting = {user: until for user, until in self._resting.items() if until > moment}
        at_once = CLAIMED_AT_ONCE
        if self._unanswered > TOLERATED:
            # One message finds out whether the channel is back.
            at_once = 0 if self._busy or self._away_until > moment else 1
        async with self._db.transaction() as tx:
            revision = await self._current(tx)
            if revision is None:
                return []
            if self._kept_true - {revision}:
                self._outdated()
            self._kept_true.clear()
            now = self._now()
            heads = await outbox.heads(
                tx, besides=self._busy | self._resting.keys(), held=HELD, limit=2 * at_once, now=now
            )
            if not heads:
                await outbox.expire(tx, now=now)
                return []
            claimed = await outbox.claim(tx, heads[:at_once])
            made = [replace(one, made=moment, revision=revision) for one in await self._in_words(tx, claimed, now)]
            # Told to stop while this is committed, we know what to give back.
            parcels = self._fresh = made
        self._fresh = []
        self._busy |= {parcel.user.id for parcel in parcels}
        if not parcels:
            self.wake()  # all that was claimed had nothing left to say; there may be more behind it
        return parcels

    async def _in_words(self, tx: Connection, claimed: Sequence[list[Notice]], now: datetime) -> list[Parcel]:
        """Messages out of claimed rows; rows that will not be sent are settled."""
        everybody = await users.by_ids(tx, [group[0].user_id for group in claimed])
        ends: dict[int, End] = {}
        groups = []
        for group in claimed:
            user = everybody[group[0].user_id]
            ends |= {row.id: ("expired", None) for row in group if row.expires is not None and row.expires <= now}
            left = [row for row in group if row.id not in ends]
            if not user.reachable:
                ends |= {row.id: ("failed", outbox.BLOCKED) for row in left}
            elif left:
                groups.append((user, left))
        parcels, failed = await self._composed(tx, groups)
        said = {row for parcel in parcels for row in parcel.rows}
        ends |= {row.id: ("dropped", None) for _, group in groups for row in group if row.id not in said} | failed
        if ends:
            await outbox.settle(tx, ends, now=now)
        return parcels

    async def _composed(
        self, tx: Connection, groups: Sequence[tuple[User, list[Notice]]]
    ) -> tuple[list[Parcel], dict[int, End]]:
        """All together; if that breaks one by one, so that what can't be said harms only itself."""
        try:
            return await self._compose(tx, groups), {}
        except Exception:
            log.exception("notices not put into words")
        parcels: list[Parcel] = []
        failed: dict[int, End] = {}
        for group in groups:
            try:
                parcels += await self._compose(tx, [group])
            except Exception as error:  # noqa: BLE001 - it was logged above
                failed |= {row.id: ("failed", f"{type(error).__name__}: {error}") for row in group[1]}
        return parcels, failed

    def _send_on(self) -> None:
        """As many requests at once as there may be, unless the disk falls behind: what is not settled is in doubt."""
        most_unsettled = UNSETTLED * self._in_flight
        while self._parcels and len(self._requests) < self._in_flight and self._unsettled < most_unsettled:
            self._unsettled += 1
            request = asyncio.create_task(self._send(self._parcels.popleft()))
            self._requests.add(request)
            request.add_done_callback(self._sent)

    def _sent(self, request: asyncio.Task[None]) -> None:
        self._requests.discard(request)
        self._send_on()
        if len(self._parcels) <= self._in_flight:
            self.wake()

    async def _send(self, parcel: Parcel) -> None:
        outcome: Outcome
        try:
            outcome = await self._handed_over(parcel)
        except Undelivered as error:
            outcome = error
        except Exception as error:
            log.exception("notice not sent", rows=parcel.rows)
            outcome = Refused(f"{type(error).__name__}: {error}")
        self._outcomes.append((parcel, outcome))
        self._finished.set()

    async def _handed_over(self, parcel: Parcel) -> str:
        """The channel's number of the message. Raises `Undelivered`."""
        loop = asyncio.get_running_loop()
        if self._away_until > loop.time():
            raise NotWritten("the channel is away")
        channel = self._channels.get(parcel.user.channel)
        if channel is None:
            raise Refused(f"no channel {parcel.user.channel}")
        if not self._wanted(parcel):
            raise Withdrawn
        try:
            if parcel.edits is None:
                wanted = partial(self._wanted, parcel)
                message = await channel.send(parcel.user, parcel.reply, silent=parcel.silent, wanted=wanted)
                if parcel.card is not None:
                    await channel.pin(parcel.user, message, instead_of=parcel.card.replaces)
            else:
                await channel.edit(parcel.user, parcel.edits, parcel.reply, made=parcel.made)
                message = parcel.edits
        except (NotWritten, InDoubt):
            self._unanswered += 1
            if self._unanswered > TOLERATED and self._away_until <= loop.time():
                self._tries += 1
                self._away_until = loop.time() + _rest(self._tries)
                loop.call_at(self._away_until, self.wake)
            raise
        except Undelivered:
            self._unanswered = self._tries = 0
            raise
        self._unanswered = self._tries = 0
        return message

    def _wanted(self, parcel: Parcel) -> bool:
        return parcel.broadcast not in self._withdrawn or parcel.is_progress

    async def _settle(self) -> None:
        """Settle what is finished, in groups: all that came while the last group was being written."""
        while True:
            await self._finished.wait()
            self._finished.clear()
            await self._settle_now()
            self._send_on()
            self.wake()

    async def _settle_now(self) -> None:
        outcomes, self._outcomes = self._outcomes, []
        try:
            await self._settled(outcomes)
        except BaseException:
            # Told to stop meanwhile: what arrived is still to be settled, or the next process would say it again.
            self._outcomes = [*outcomes, *self._outcomes]
            raise
        for parcel, outcome in outcomes:
            if isinstance(outcome, str) and parcel.shown and not parcel.is_progress:
                self._kept_true.add(parcel.revision)
            self._busy.discard(parcel.user.id)
            self._let_rest(parcel, outcome)
        self._unsettled -= len(outcomes)

    async def _settled(self, outcomes: Sequence[tuple[Parcel, Outcome]]) -> None:
        """Write how messages ended, in one transaction. What arrived may be written twice."""
        async with self._db.transaction() as tx:
            now = self._now()
            arrived = [(parcel, outcome) for parcel, outcome in outcomes if isinstance(outcome, str)]
            if arrived:
                messages = {row: message for parcel, message in arrived for row in parcel.rows}
                shown = {row: facts for parcel, _ in arrived for row, facts in parcel.shown.items()}
                await outbox.sent(tx, messages, shown, now=now)
                await told.write(tx, [(parcel.user.id, seen) for parcel, _ in arrived for seen in parcel.told])
            for parcel, outcome in outcomes:
                if isinstance(outcome, Undelivered):
                    await undelivered.settle(tx, parcel, outcome, now=now)
                elif parcel.card is not None:
                    await cards.shown(tx, parcel.user.id, outcome, parcel.card.digest, edited=parcel.edits is not None)
            if any(parcel.card is not None for parcel, _ in outcomes):
                await pinned.queue(tx, now=now)  # what changed while they were on their way
            await self._show_progress(tx, [parcel for parcel, _ in outcomes if parcel.broadcast is not None])

    async def _show_progress(self, tx: Connection, parcels: Sequence[Parcel]) -> None:
        """Draw the progress of broadcasts again: now and then while they are under way, and when they are through."""
        moment = asyncio.get_running_loop().time()
        numbers = set()
        for number in {parcel.broadcast for parcel in parcels if parcel.broadcast is not None}:
            if not await rows.is_under_way(tx, number):
                self._drawn.pop(number, None)
                numbers.add(number)
            elif moment - self._drawn.setdefault(number, moment) >= PROGRESS:
                self._drawn[number] = moment
                numbers.add(number)
        if numbers:
            await rows.show(tx, numbers)

    def _let_rest(self, parcel: Parcel, outcome: Outcome) -> None:
        """The turn of this user does not come at once again, so that their order is kept. On monotonic time."""
        if isinstance(outcome, Later):
            pause = outcome.seconds
        elif isinstance(outcome, InDoubt):
            pause = _rest(parcel.doubts + 1)
        elif isinstance(outcome, NotWritten):
            pause = BRIEFLY
        else:
            return
        loop = asyncio.get_running_loop()
        self._resting[parcel.user.id] = loop.time() + pause
        loop.call_later(pause + 0.001, self.wake)

    async def _lay_down(self) -> None:
        """Give back what was not begun, and let what was come to its end."""
        waiting, self._parcels = [*self._parcels, *self._fresh], deque()
        if self._requests:
            _, late = await asyncio.wait(self._requests, timeout=FINISH)
            for request in late:
                request.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._settle_now()
        async with self._db.transaction() as tx:
            await outbox.put_back(tx, [row for parcel in waiting for row in parcel.rows], "interrupted", doubtful=False)


def _rest(tries: int) -> float:
    """Seconds: about twice as long each time, and not for all the same."""
    return min(LONGEST_REST, BRIEFLY * 2.0 ** min(tries, 10)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
