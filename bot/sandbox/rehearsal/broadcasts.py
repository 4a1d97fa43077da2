"""Broadcasts of staff: to everybody with the word of the second of them, to some, at once and later, some stopped.

Each ends in a word that no other has, so whoever is told of it can be seen. What is stopped half-way is slowed down
first: Telegram answers late, so that some of it is still to come. Of what the bot lists as doubtful after a kill, staff
have it sent again as often as not.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from string import ascii_lowercase

from bot.sandbox.ledger import Entry
from bot.sandbox.rehearsal.acts import Act
from bot.sandbox.rehearsal.attendees import EITHER_SIDE
from bot.sandbox.rehearsal.audiences import Audience, Audiences
from bot.sandbox.rehearsal.record import Broadcast
from bot.sandbox.rehearsal.stage import Stage

ACTS = 24
"""What staff say to many, over all days."""
AT = timedelta(seconds=55)
"""Of a minute, when nobody else does anything."""
IN_MINUTES = (10, 30)
LATER, STOPPED, TAKEN_BACK, DECLINED, RESENT = 0.25, 0.25, 0.2, 0.15, 0.5
"""How often one is for later, is stopped when it is on its way, is given up before, or by the second of the staff; and
how often what is in doubt is sent again."""
SLOW = 0.1
"""Seconds that Telegram takes to answer while one is stopped."""
KILLED, REQUESTS = 16, 30
"""How many times as likely a kill falls among broadcasts as among anything else, and among how many requests of one."""


@dataclass(frozen=True)
class Broadcasting:
    """How broadcasts are written.

    write   what to write, to whom and which words.
    number  that of a broadcast whose preview has a button with these data to send it, None of another button.
    press   the data of a button about a broadcast, by what it does and its number.
    heard   the word at the end of what somebody reads of a broadcast; "" of anything else.
    speaks  the language that words or a button choose, if they do.
    """

    write: Callable[[str, str], str]
    number: Callable[[str], int | None]
    press: Callable[[str, int], str]
    heard: Callable[[Entry], str]
    speaks: Callable[[str], str]


@dataclass(frozen=True)
class Sent:
    """One that was confirmed: who follows it, and in which message it was confirmed."""

    one: Broadcast
    whom: Callable[[], Audience]
    follower: int
    message: int
    number: int


@dataclass
class Speaking:
    """Staff who have something to say. `rooms`: their names; `scheduled`: what waits for its time."""

    stage: Stage
    broadcasting: Broadcasting
    audiences: Audiences
    staff: Sequence[int]
    rooms: Sequence[str]
    scheduled: dict[datetime, Sent] = field(default_factory=dict)

    def acts(self, starts: Sequence[datetime], begins: datetime, ends: datetime, seed: int) -> Iterator[Act]:
        """What they say, and a look at what was for later when its time has come."""
        for n, at in enumerate(moments(starts, begins, ends, seed)):
            rng = random.Random(f"{seed}/broadcast/{n}")  # noqa: S311 - chance for a rehearsal, and it must repeat
            yield Act(
                at, _Saying(self, self.staff[n % 2], self.staff[1 - n % 2], rng), weight=KILLED, requests=REQUESTS
            )
            for minutes in IN_MINUTES:
                due = at + timedelta(minutes=minutes)
                yield Act(due, _Falling(self, due, rng), requests=REQUESTS)

    async def press(self, who: int, message: int, does: str, number: int) -> list[str]:
        """Press a button of a message that gives it other ones; the data of those."""
        return await self.stage.press_on(who, message, self._data(who, message, does, number))

    def _data(self, who: int, message: int, does: str, number: int) -> str:
        wanted = self.broadcasting.press(does, number)
        return next((data for data in self.stage.buttons(who, message) if data.lstrip("~") == wanted), wanted)

    def found(self, who: int, does: str, number: int) -> int | None:
        """The last message of a chat that has a button which does this to a broadcast."""
        wanted = self.broadcasting.press(does, number)
        there = self.stage.box.world.chats[who].messages
        return next(
            (one for one in reversed(there) if wanted in (data.lstrip("~") for data in self.stage.buttons(who, one))),
            None,
        )

    async def follow(self, sent: Sent, rng: random.Random) -> None:
        """Wait until all of it is settled, and look at what is in doubt."""
        if not await self._is_settled(sent):
            return
        sent.one.doubtful = self._doubtful(sent)
        if sent.one.doubtful and rng.random() < RESENT:
            message = self.found(sent.follower, "again", sent.number) or sent.message
            sent.one.resent = True
            await self.press(sent.follower, message, "again", sent.number)
            await self._is_settled(sent)

    async def _is_settled(self, sent: Sent) -> bool:
        return await self.stage.until(
            lambda: (
                (message := self.found(sent.follower, "progress", sent.number)) is not None
                and message >= sent.message
                and self.found(sent.follower, "stop", sent.number) != message
            )
        )

    def _doubtful(self, sent: Sent) -> int:
        """How many may or may not have it, by the button that sends it to them again."""
        message = self.found(sent.follower, "again", sent.number)
        wanted = self.broadcasting.press("again", sent.number)
        shown = self.stage.box.world.chats[sent.follower].messages[message] if message is not None else {}
        labels = [
            button["text"]
            for row in shown.get("reply_markup", {}).get("inline_keyboard", [])
            for button in row
            if button.get("callback_data", "").lstrip("~") == wanted
        ]
        return sum(int(found[0]) for label in labels if (found := re.search(r"\d+", label)))


def moments(starts: Sequence[datetime], begins: datetime, ends: datetime, seed: int) -> list[datetime]:
    """When staff say something: around the starts of things; what was for later falls on none of these moments."""
    rng = random.Random(f"{seed}/broadcasts")  # noqa: S311 - as above
    found: list[datetime] = []
    taken: set[datetime] = set()
    for _ in range(ACTS * 5):
        around = rng.choice(starts) + timedelta(minutes=round(rng.gauss(-10, EITHER_SIDE)))
        earliest, latest = begins + timedelta(minutes=30), ends - timedelta(minutes=45)
        at = min(max(around, earliest), latest).replace(second=0, microsecond=0) + AT
        times = {at, *(at + timedelta(minutes=minutes) for minutes in IN_MINUTES)}
        if len(found) < ACTS and not times & taken:
            found.append(at)
            taken |= times
    return sorted(found)


@dataclass(frozen=True, slots=True)
class _Falling:
    """What was for later is due."""

    office: Speaking
    due: datetime
    rng: random.Random

    async def __call__(self) -> None:
        sent = self.office.scheduled.pop(self.due, None)
        if sent is not None:
            _address(sent.one, sent.whom())
            await self.office.follow(sent, self.rng)


@dataclass(frozen=True, slots=True)
class _Saying:
    """One of the staff says something; `other` is the second of them."""

    office: Speaking
    person: int
    other: int
    rng: random.Random

    async def __call__(self) -> None:
        office, stage, rng, broadcasting = self.office, self.office.stage, self.rng, self.office.broadcasting
        head, whom = self._choose()
        word = "".join(rng.choices(ascii_lowercase, k=12))
        began = stage.box.seconds
        await stage.ask(self.person, broadcasting.write(head, word), chat=self.person)
        preview = stage.answered_in(self.person)
        if preview is None:
            return
        number = next((n for one in stage.buttons(self.person, preview) if (n := broadcasting.number(one))), None)
        one = Broadcast(word, head)
        stage.record.broadcasts.append(one)
        if number is None:
            # There is nobody, says the preview; unless a kill put another message into its place.
            one.must = frozenset() if stage.record.was_killed(since=began) else whom().must
            return
        due = await self._schedule(preview, number) if rng.random() < LATER else None
        stops = due is None and rng.random() < STOPPED
        fault = stage.box.fault("delay", "sendMessage", seconds=SLOW) if stops else None
        try:
            sent = await self._confirm(one, whom, preview, number, is_later=due is not None)
            if sent is None:
                return
            if due is not None:
                office.scheduled[due] = sent
                return
            if stops:
                await self._stop(sent)
        finally:
            if fault is not None:
                stage.box.faults.set.remove(fault)
        await office.follow(sent, rng)

    def _choose(self) -> tuple[str, Callable[[], Audience]]:
        """Whom they tell, as it is written, and who that is by then."""
        audiences, rng = self.office.audiences, self.rng
        board = audiences.board
        kind = rng.choice(("all", "all", "zh", "en", "staff", "session", "talk", "room"))
        name, room = rng.choice(board.sessions), rng.choice(self.office.rooms)
        talk = rng.choice(board.parts[name])
        match kind:
            case "all":
                return kind, lambda: Audience(audiences.everybody())
            case "zh" | "en":
                return kind, lambda: Audience(audiences.readers(kind))
            case "staff":
                return kind, lambda: Audience(audiences.working())
            case "session" | "talk":
                one = name if kind == "session" else talk
                return board.code(one), lambda: Audience(audiences.starrers(one))
            case _:
                return room, lambda: audiences.coming(room)

    async def _schedule(self, preview: int, number: int) -> datetime:
        minutes = self.rng.choice(IN_MINUTES)
        now = self.office.stage.box.clock.now()
        await self.office.press(self.person, preview, "later", number)
        await self.office.press(self.person, preview, f"later +{minutes}", number)
        return now + timedelta(minutes=minutes)

    async def _confirm(
        self, one: Broadcast, whom: Callable[[], Audience], preview: int, number: int, *, is_later: bool
    ) -> Sent | None:
        """Confirm it, with the word of the second of the staff where it goes to all. None where it is given up."""
        office, rng = self.office, self.rng
        follower, message, addressed = self.person, preview, whom()
        gives_up, declines = rng.random() < TAKEN_BACK, rng.random() < DECLINED
        is_for_all = one.head == "all"
        began = office.stage.box.seconds
        if not self._is_taken(await office.press(follower, message, "send", number), number):
            # Asked twice because of a kill, the bot shows another preview, which takes the place of this one.
            if not office.stage.record.was_killed(since=began):
                _address(one, addressed)
            return None
        if is_for_all and not gives_up:
            if not await office.stage.until(lambda: office.found(self.other, "send", number) is not None):
                _address(one, addressed)
                return None
            follower, message = self.other, office.found(self.other, "send", number) or 0
            await office.press(follower, message, "stop" if declines else "send", number)
            if declines:
                return None
        if gives_up and (is_later or is_for_all):
            await office.press(follower, message, "stop", number)
            return None
        if not is_later:
            _address(one, addressed)
        return Sent(one, whom, follower, message, number)

    def _is_taken(self, shown: Sequence[str], number: int) -> bool:
        """Whether a message follows a broadcast from now on, by its buttons."""
        return self.office.broadcasting.press("progress", number) in (data.lstrip("~") for data in shown)

    async def _stop(self, sent: Sent) -> None:
        """Stop it, if it is still on its way."""
        if self.office.found(sent.follower, "stop", sent.number) is None:
            return
        await self.office.press(sent.follower, sent.message, "stop", sent.number)
        sent.one.stopped = self.office.stage.box.seconds


def _address(one: Broadcast, whom: Audience) -> None:
    one.must, one.may = whom.must, whom.may
