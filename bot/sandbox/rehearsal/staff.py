"""Staff who change the programme at random: rooms, times, what takes place; and who take some of it back.

They ask as people do, look at the preview, and press what is there to press. Only what the bot says is done counts. A
kind of act is a function of a board and of chance that gives what to write and what comes of it: another one is added
to `KINDS`.
"""

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.rehearsal.acts import Act
from bot.sandbox.rehearsal.attendees import EITHER_SIDE
from bot.sandbox.rehearsal.board import Board, Edit, back
from bot.sandbox.rehearsal.changes import Told
from bot.sandbox.rehearsal.stage import Stage
from bot.sandbox.rehearsal.standing import mended
from bot.sandbox.state import User

ACTS = 60
"""What they all do together, over all days."""
APART = timedelta(minutes=3)
"""Between two acts, so that the quiet time of one is over before the next; but some are taken back within it."""
AT = timedelta(seconds=45)
"""Of a minute: attendees act at thirty seconds, and at the whole minute things are due."""
AGAIN = timedelta(seconds=5)
TELL_NOW, TAKE_BACK, TAKE_BACK_LATER = 0.2, 0.3, 0.15
KILLED, REQUESTS = 8, 6
"""How many times as likely a kill falls on what staff do as on anything else, and among how many requests of it."""
LOOKS, BETWEEN = 100, 0.1
"""How often they look before they give up, and real seconds between two looks."""
DELAYS = (-10, -5, 5, 10, 15, 20)


@dataclass(frozen=True)
class Staffing:
    """What staff have to do with.

    ids      who they are, by their ids on Telegram: they have the right already.
    rooms    names of rooms, as they are printed.
    look     what to write to see a session, by its code.
    confirm  whether a button with these data confirms a preview, or does so and tells at once.
    done     the number of the change that a button with these data takes back, if it does so.
    """

    ids: Sequence[int]
    rooms: Sequence[str]
    look: Callable[[str], str]
    confirm: Callable[[str], bool]
    confirm_now: Callable[[str], bool]
    done: Callable[[str], int | None]


Deed = tuple[str, Edit]
"""What is written, and what comes of it if it is confirmed."""
Kind = Callable[[Board, Sequence[str], Sequence[str], random.Random], Deed | None]


def _move(board: Board, sessions: Sequence[str], rooms: Sequence[str], rng: random.Random) -> Deed | None:
    session, room = rng.choice(sessions), rng.choice(rooms)
    return f"/move {board.code(session)} {room}", board.move(session, room)


def _swap(board: Board, sessions: Sequence[str], _: Sequence[str], rng: random.Random) -> Deed | None:
    one = rng.choice(sessions)
    others = [name for name in sessions if name != one and board.times(name) == board.times(one)]
    if not others:
        return None
    other = rng.choice(others)
    return f"/swap {board.code(one)} {board.code(other)}", board.swap_rooms(one, other)


def _delay(board: Board, sessions: Sequence[str], _: Sequence[str], rng: random.Random) -> Deed | None:
    session, minutes = rng.choice(sessions), rng.choice(DELAYS)
    return f"/delay {board.code(session)} {minutes}", board.delay(session, timedelta(minutes=minutes))


def _swap_talks(board: Board, sessions: Sequence[str], _: Sequence[str], rng: random.Random) -> Deed | None:
    talks = board.parts[rng.choice(sessions)]
    if len(talks) == 1:
        return None
    one, other = rng.sample(talks, 2)
    return f"/swap {board.code(one)} {board.code(other)}", board.swap_times(one, other)


def _call_off(board: Board, sessions: Sequence[str], _: Sequence[str], rng: random.Random) -> Deed | None:
    session = rng.choice(sessions)
    name = rng.choice((session, *board.parts[session]))
    return f"/calloff {board.code(name)}", board.off(name, cancelled=True)


def _restore(board: Board, _: Sequence[str], __: Sequence[str], rng: random.Random) -> Deed | None:
    off = board.called_off()
    if not off:
        return None
    name = rng.choice(off)
    return f"/restore {board.code(name)}", board.off(name, cancelled=False)


KINDS: Sequence[Kind] = (_move, _swap, _swap, _delay, _swap_talks, _call_off, _restore)
"""As likely as each other; what stands here twice is twice as likely."""


@dataclass
class _Desk:
    """What all of them have done and may take back, by the number of the change: who, in which message, and what."""

    made: dict[int, tuple[int, int, Edit]] = field(default_factory=dict)


def moments(starts: Sequence[datetime], begins: datetime, ends: datetime, seed: int) -> list[datetime]:
    """When staff do something: most of it around the start of sessions."""
    rng = random.Random(f"{seed}/staff")  # noqa: S311 - chance for a rehearsal, and it must repeat
    found: list[datetime] = []
    for _ in range(ACTS * 5):
        around = rng.choice(starts) + timedelta(minutes=round(rng.gauss(-10, EITHER_SIDE)))
        at = min(max(around, begins + APART), ends - APART).replace(second=0, microsecond=0) + AT
        if len(found) < ACTS and all(abs(at - other) >= APART for other in found):
            found.append(at)
    return sorted({moment for at in found for moment in (at, at + AGAIN)})


def staff(stage: Stage, staffing: Staffing, told: Told, when: Sequence[datetime], seed: int) -> Iterator[Act]:
    """Two moments belong together: at the second, some of what was done at the first is taken back."""
    people = [stage.box.world.users[one] for one in staffing.ids]
    desk = _Desk()
    for n, at in enumerate(when):
        rng = random.Random(f"{seed}/staff/{n}")  # noqa: S311 - as above
        person = people[n // 2 % len(people)]
        yield Act(
            at, _Acting(stage, staffing, told, desk, person, rng, second=n % 2 == 1), weight=KILLED, requests=REQUESTS
        )


@dataclass(frozen=True, slots=True)
class _Acting:
    stage: Stage
    staffing: Staffing
    told: Told
    desk: _Desk
    person: User
    rng: random.Random
    second: bool

    async def __call__(self) -> None:
        rng, board = self.rng, self.told.board
        mine = [number for number, (whose, *_) in self.desk.made.items() if whose == self.person.id]
        if self.second:
            if mine and rng.random() < TAKE_BACK:
                await self._take_back(mine[-1])
            return
        if mine and rng.random() < TAKE_BACK_LATER:
            await self._take_back(rng.choice(mine))
            return
        now = self.stage.box.clock.now()
        coming = [name for name in board.sessions if board.times(name)[1] > now]
        deed = rng.choice(KINDS)(board, coming, self.staffing.rooms, rng) if coming else None
        if deed is not None and deed[1]:
            words, edit = deed
            await self.stage.ask(self.person, words, chat=self.person)
            preview = self.stage.answered_in(self.person)
            if preview is not None:
                await self._confirm(preview, self.stage.buttons(self.person, preview), edit)

    async def _take_back(self, number: int) -> None:
        message, edit = self.desk.made.pop(number)[1:]
        wanted = [data for data in self.stage.buttons(self.person, message) if self.staffing.done(data) == number]
        if wanted:
            await self._confirm(
                message, await self.stage.press_on(self.person, message, wanted[0]), back(edit), undo=True
            )

    async def _confirm(self, preview: int, buttons: Sequence[str], edit: Edit, *, undo: bool = False) -> None:
        """Press the button of a preview, if it has one, and see what came of it."""
        at_once = [data for data in buttons if self.staffing.confirm_now(data)]
        if self.rng.random() >= TELL_NOW:
            at_once = []
        wanted = at_once or [data for data in buttons if self.staffing.confirm(data)]
        if not wanted:
            return
        now = self.stage.box.clock.now()
        board = self.told.board
        session = board.session_of(edit[0].name)
        # Of what is called off as a whole, what becomes of its talks is not shown.
        shows = not (board.is_off(session) and all(one.name != session for one in edit))
        before = await self._shown(board.code(session)) if shows else ""
        for data in await self.stage.press_on(self.person, preview, wanted[0]):
            number = self.staffing.done(data)
            if number is not None:
                self.told.changed(edit, now, at_once=bool(at_once))
                self.stage.record.made += 1
                if not undo:
                    self.desk.made[number] = (self.person.id, preview, edit)
                if shows:
                    await self._see(board.code(session), before)
                await mended(self.told, f"change {number}")
                return

    async def _see(self, code: str, before: str) -> None:
        """Look at a session until it is shown otherwise than before: until then everybody is shown what was."""
        for _ in range(LOOKS):
            if await self._shown(code) != before:
                return
            await asyncio.sleep(BETWEEN)
        self.stage.record.stale.append(f"{code} is shown as it was")

    async def _shown(self, code: str) -> str:
        await self.stage.ask(self.person, self.staffing.look(code), chat=self.person)
        answers = self.stage.record.questions[-1].answers
        return answers[0].text if answers else ""
