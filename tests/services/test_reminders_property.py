"""Whatever happens, in whatever order: everybody is told what a plain model of the promise says, when it says so.

`make soak` runs many more examples: the profile is chosen by the environment variable YICHENG_TEST_PROFILE.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from operator import neg
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from reminders_model import Model, Slot, Talk, Thing, parts_in_order
from reminding import ROOMS, World, at, programme, session, titled, world
from virtual_time import VirtualTimeLoop

from bot.domain import live as live_domain
from bot.domain.stars import subjects
from bot.domain.user import LEADS
from bot.services import live
from bot.services.channel import Blocked

PEOPLE = ("an", "bo", "cy")
SLOTS = (("A", "14:00", "R1", 2), ("B", "14:00", "R2", 2), ("C", "15:00", "R1", 2), ("Panel", "16:00", "R2", 0))
TALKS = tuple(f"{code}-{n}" for code, _, _, talks in SLOTS for n in range(1, talks + 1))
CODES = (*TALKS, *(code for code, *_ in SLOTS))
HALVES = tuple(code for code, _, _, talks in SLOTS if talks == 2)
"""Sessions that two talks share."""
SHIFTS = (0, 0, 1, 2, 3, 6, 12, -1, -3)
"""In steps of five minutes."""
LATEST = at("22:00")
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it

people = st.sampled_from(PEOPLE)
minutes = st.sampled_from((1, 1, 3, 5, 5, 8, 10, 15, 30))


class Reminders(RuleBasedStateMachine):
    """Every rule does a thing to the program and to the model; then both have told everybody the same."""

    @initialize(starred=st.lists(st.tuples(people, st.sampled_from(CODES)), min_size=6, max_size=15))
    def begins(self, starred: list[tuple[str, str]]) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
        self.runner = asyncio.Runner(loop_factory=VirtualTimeLoop)
        self.stack = AsyncExitStack()
        self.read = dict.fromkeys(PEOPLE, 0)
        given = programme(*(session(code, at(start), 60, room, talks) for code, start, room, talks in SLOTS))
        self.world: World = self.do(self.stack.enter_async_context(world(self.folder, given, at("13:25"))))
        slots = [
            Slot(code, at(start), at(start) + timedelta(hours=1), room, [Talk(f"{code}-{n + 1}") for n in range(talks)])
            for code, start, room, talks in SLOTS
        ]
        self.model = self.modelled(slots)
        for name in PEOPLE:
            self.do(self.world.prefers(name, "notices", 0))
        for who, code in starred:
            self.do(self.world.star(code, who=who))
            self.model.star(who, code, starred=True, now=self.world.now)
        self.do(self.world.start())

    def modelled(self, slots: list[Slot]) -> Model:
        return Model(slots, list(PEOPLE))

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            try:
                self.goes_on(600)
            finally:
                self.do(self.stack.aclose())
                self.runner.close()
                shutil.rmtree(self.folder)

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    def same(self) -> None:
        """Both have told everybody the same since the last time."""
        for name in PEOPLE:
            lines = self.world.channel.lines[name][self.read[name] :]
            self.read[name] += len(lines)
            assert sorted(map(_in_order, lines)) == sorted(map(_in_order, self.model.lines[name])), name
        self.model.lines.clear()

    def looked(self) -> None:
        self.model.look(self.world.now)
        self.same()

    # People.

    @rule(who=people, code=st.sampled_from(CODES), starred=st.sampled_from((True, True, False)))
    def stars(self, who: str, code: str, starred: bool) -> None:
        assume(not self.model.people[who].blocked)
        self.do(self.world.star(code, who=who, starred=starred))
        self.model.star(who, code, starred=starred, now=self.world.now)
        self.looked()

    @rule(who=people, lead=st.sampled_from(LEADS))
    def chooses_a_lead(self, who: str, lead: int) -> None:
        assume(not self.model.people[who].blocked)
        self.do(self.world.prefers(who, "lead", lead))
        self.model.people[who].lead = lead
        self.looked()

    @rule(who=people, wanted=st.sampled_from((True, True, False)))
    def wants_reminders(self, who: str, wanted: bool) -> None:
        assume(not self.model.people[who].blocked)
        self.do(self.world.prefers(who, "reminders", int(wanted)))
        self.model.people[who].reminders = wanted
        self.looked()

    @rule(who=people, wanted=st.booleans())
    def wants_those_in_the_same_room(self, who: str, wanted: bool) -> None:
        assume(not self.model.people[who].blocked)
        self.do(self.world.prefers(who, "same_room", int(wanted)))
        self.model.people[who].same_room = wanted
        self.looked()

    @rule(who=people)
    def blocks_the_bot(self, who: str) -> None:
        self.world.channel.failure[who] = Blocked("blocked by the user")
        self.model.people[who].blocked = True

    @rule(who=people)
    def comes_back(self, who: str) -> None:
        self.world.channel.failure.pop(who, None)
        self.model.people[who].blocked = False
        self.do(self.world.user(who))
        self.do(self.world.look())
        self.looked()

    # The programme.

    @rule(code=st.sampled_from([code for code, *_ in SLOTS]), room=st.sampled_from(ROOMS))
    def moves(self, code: str, room: str) -> None:
        self.do(self.world.move(code, room))
        self.model.slots[code].room = room
        self.looked()

    @rule(
        code=st.sampled_from(CODES),
        later=st.sampled_from(SHIFTS),
        length=st.sampled_from((30, 60, 75)),
    )
    def retimes(self, code: str, later: int, length: int) -> None:
        thing = self.world.thing(code)
        start = min(thing.start + timedelta(minutes=5 * later), LATEST)
        end = start + timedelta(minutes=length if code not in TALKS else length // 2)
        self.do(self.world.retime(code, start, end))
        self.model.retime(code, start, end)
        self.looked()

    @rule(code=st.sampled_from(HALVES), by=minutes)
    def swaps_its_talks_and_shares_its_time_out_again(self, code: str, by: int) -> None:
        self.do(self.world.swap(f"{code}-1", f"{code}-2"))
        self.model.swap(f"{code}-1", f"{code}-2")
        self.looked()
        self.goes_on(by)
        self.shares_its_time_out(code)

    @rule(code=st.sampled_from(HALVES))
    def shares_its_time_out(self, code: str) -> None:
        self.do(self.world.share_out(code))
        self.model.share_out(code)
        self.looked()

    @rule(code=st.sampled_from(CODES), cancelled=st.booleans())
    def calls_off_or_restores(self, code: str, cancelled: bool) -> None:
        self.do(self.world.cancel(code) if cancelled else self.world.restore(code))
        self.model.cancel(code, cancelled=cancelled)
        self.looked()

    # Time, and the process.

    @rule(by=minutes)
    def goes_on(self, by: int) -> None:
        now, end = self.world.now, self.world.now + timedelta(minutes=by)
        self.do(self.world.until(end))
        while (now := self.model.next_due(now) or end) < end:
            self.model.look(now)
        self.model.look(end)
        self.same()

    @precondition(lambda self: self.world.now < LATEST)
    @rule(by=st.one_of(minutes, minutes.map(neg)))
    def jumps(self, by: int) -> None:
        self.do(self.world.jump(self.world.now + timedelta(minutes=by)))
        self.looked()

    @precondition(lambda self: self.world.now < LATEST)
    @rule(by=st.sampled_from((0, 1, 10, 30)))
    def is_down(self, by: int) -> None:
        self.do(self.world.stop())
        self.do(self.world.jump(self.world.now + timedelta(minutes=by)))
        self.do(self.world.start())
        self.looked()

    @rule(arrives=st.booleans())
    def dies_with_reminders_on_their_way(self, arrives: bool) -> None:
        due = self.model.next_due(self.world.now)
        if due is None:
            return
        channel = self.world.channel
        channel.mute, channel.arrives = True, arrives
        self.do(self.world.until(due))
        self.do(self.world.stop())
        channel.mute = False
        self.do(self.world.start())
        self.model.look(due, copies=2 if arrives else 1)
        self.same()

    @rule(room=st.sampled_from(ROOMS), called_off=st.booleans())
    def changes_while_what_is_due_was_queued_and_not_said(self, room: str, called_off: bool) -> None:
        """Something is moved or called off, the bot starts and says what is left to say, and it is restored."""
        due = self.queued_and_not_said()
        code = due[0][1] if due else "A"
        slot = code.split("-")[0]
        self.do(self.world.move(slot, room))
        self.model.slots[slot].room = room
        if called_off:
            self.do(self.world.cancel(code))
            self.model.cancel(code, cancelled=True)
        self.do(self.world.start())
        self.looked()
        self.do(self.world.restore(code))
        self.model.cancel(code, cancelled=False)
        self.looked()

    @rule(again=st.booleans())
    def takes_the_stars_of_what_is_due_while_it_was_queued_and_not_said(self, again: bool) -> None:
        for who, code in self.queued_and_not_said():
            for starred in (False, True) if again else (False,):
                self.do(self.world.star(code, who=who, starred=starred))
                self.model.star(who, code, starred=starred, now=self.world.now)
        self.do(self.world.start())
        self.looked()

    def queued_and_not_said(self) -> list[tuple[str, str]]:
        """Time goes on to when somebody is due, and the bot stops before it says so. Who is due, and of what."""
        now = self.model.next_due(self.world.now) or self.world.now
        self.do(self.world.stop())
        self.world.channel.now = now
        self.do(self.world.look())
        return self.model.due(now)


def _in_order(line: str) -> str:
    """A line with its parts in an order that does not matter: `13:50 (silent) …`."""
    head, mark, rest = line.partition(" (silent) ") if " (silent) " in line else line.partition(" ")
    edit = "edit: " if rest.startswith("edit: ") else ""
    return f"{head}{mark}{edit}{parts_in_order(rest.removeprefix(edit))}"


class Placed(Model):
    """Where things are is read from the program: what is told of them is what counts here."""

    def __init__(self, slots: list[Slot], people: list[str], made: World) -> None:
        super().__init__(slots, people)
        self._made = made

    def things(self) -> list[Thing]:
        found = []
        for one in subjects(self._made.timetable):
            talk = one.event.talk if one.event else None
            found.append(
                Thing(
                    code=talk.code if talk else one.slot.title,
                    slot=one.slot.code or one.slot.title,
                    start=one.start,
                    end=one.end,
                    room=one.slot.room or "",
                    cancelled=one.cancelled,
                    official=one.official,
                    printed=one.slot.start,
                    estimated=one.event is not None and one.event.estimated,
                    own=talk is not None and talk.start is not None,
                    planned=one.event.planned if one.event else None,
                )
            )
        return found


class LateReminders(Reminders):
    """The same while chairs say how their sessions go."""

    def modelled(self, slots: list[Slot]) -> Model:
        self.world.channel.words = titled
        return Placed(slots, list(PEOPLE), self.world)

    @rule(code=st.sampled_from([code for code, *_ in SLOTS]), minutes=st.sampled_from((-10, -3, 0, 3, 5, 10, 20, 45)))
    def is_late(self, code: str, minutes: int) -> None:
        self.says(code, live.late(self.stood(code).late, minutes))

    @rule(code=st.sampled_from([code for code, *_ in SLOTS]))
    def begins_now(self, code: str) -> None:
        self.says(code, live.began(self.world.now))

    @rule(code=st.sampled_from([code for code, *_ in SLOTS]))
    def goes_to_its_next_talk(self, code: str) -> None:
        slot = self.world.thing(code)
        following = live_domain.following(self.stood(code), live.order(slot))
        if following is not None:
            self.says(code, live.talk(following, self.world.now))

    @rule(code=st.sampled_from([code for code, *_ in SLOTS]), over=st.booleans())
    def is_over(self, code: str, over: bool) -> None:
        self.says(code, live.finished(self.world.now) if over else live.go_on)

    def stood(self, code: str) -> live_domain.Live:
        slot = self.world.thing(code)
        return live_domain.of(self.world.timetable.live.get(slot.id), slot.id, slot.start)

    def says(self, code: str, word: live.Word) -> None:
        self.do(self.world.chair(code, word))
        self.looked()


LONG = os.environ.get("YICHENG_TEST_PROFILE") == "soak"
TestReminders, TestLateReminders = Reminders.TestCase, LateReminders.TestCase
TestReminders.settings = TestLateReminders.settings = settings(
    derandomize=not LONG,
    max_examples=700 if LONG else 60,
    stateful_step_count=60 if LONG else 30,
    phases=[Phase.generate],
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
