"""The second hand of a rehearsal puts sessions that run late, and are changed meanwhile, where the bot does."""

import random
from datetime import datetime, timedelta

import pytest
from reminding import ROOMS, at, programme, session

from bot import rehearse as wired
from bot.domain import edits, live
from bot.domain.edits import Edit
from bot.domain.live import STALE, Live
from bot.domain.timetable import Timetable
from bot.domain.timetable import events as planned
from bot.sandbox.rehearsal.board import Board
from bot.sandbox.rehearsal.board import Edit as Deed
from bot.sandbox.rehearsal.courses import Courses

MINUTE = timedelta(minutes=1)
SESSIONS = (
    session("A", at("13:30"), 120, "R1", 4),
    session("B", at("15:45"), 90, "R1", 3),
    session("C", at("13:30"), 125, "R2", 5),
)
NUMBERED = tuple(
    one.model_copy(
        update={
            "id": n,
            "talks": tuple(talk.model_copy(update={"id": 10 * n + m}) for m, talk in enumerate(one.talks, 1)),
        }
    )
    for n, one in enumerate(SESSIONS, 1)
)


class Both:
    """What the bot makes of what is said and done, and what the second hand does."""

    def __init__(self) -> None:
        self.timetable = Timetable(programme(*NUMBERED))
        starring = wired.starring(self.timetable)
        self.board = Board(starring.things, starring.sessions)
        self.courses = Courses(self.board)
        self.lives: dict[int, Live] = {}

    def staff(self, edit: Edit, deed: Deed) -> None:
        self.timetable = Timetable(edits.apply(self.timetable.programme, edit), live=self.lives.values())
        self.board.apply(deed)

    def chair(self, number: int, word: str, now: datetime, minutes: int) -> None:
        """Say this, unless it makes no sense: then nobody could press it."""
        slot = self.timetable.slot(number)
        assert slot is not None
        before = live.of(self.lives.get(number), number, slot.start)
        order = [(one.talk.id, one.start) for one in planned(slot) if not one.talk.cancelled]
        following = live.following(before, order)
        if slot.called_off or (word == "talk" and following is None):
            return
        after = {
            "here": lambda: live.here(before),
            "began": lambda: live.begin(before, order, now),
            "talk": lambda: live.talk(before, order, following or 0, now),
            "late": lambda: live.late(before, before.late, minutes),
            "finished": lambda: live.finish(before, now),
        }[word]()
        if after == STALE:
            return
        assert isinstance(after, Live)
        self.lives[number] = after
        self.timetable = Timetable(self.timetable.programme, live=self.lives.values())
        sure = 1 if word == "finished" else 0
        said = {"talk": following or 0, "late": minutes}.get(word, sure)
        self.courses.hear(f"s{number}", word, said, at=now)

    def bots(self) -> dict[str, tuple[datetime, datetime]]:
        talks = {f"t{one.talk.id}": (one.start, one.end) for one in self.timetable.events}
        courses = {f"s{one.id}": self.timetable.course(one) for one in self.timetable.slots}
        return talks | {name: (one.start, one.end) for name, one in courses.items()}

    def second_hands(self) -> dict[str, tuple[datetime, datetime]]:
        return {name: self.courses.times(name) for name in (*self.board.names, *self.board.parts)}


def does(both: Both, rng: random.Random) -> None:
    """Something that staff do."""
    slot = rng.choice(both.timetable.plan.slots)
    name, by = f"s{slot.id}", rng.choice((-10, 5, 15, 20)) * MINUTE
    match rng.choice(("move", "delay", "swap", "off")):
        case "move":
            room = both.timetable.room(rng.choice(ROOMS))
            assert room is not None
            both.staff(edits.move(slot, room), both.board.move(name, room.name))
        case "delay":
            both.staff(edits.delay(slot, by), both.board.delay(name, by))
        case "swap":
            one, other = rng.sample(planned(slot), 2)
            deed = both.board.swap_times(f"t{one.talk.id}", f"t{other.talk.id}")
            both.staff(edits.swap_times(one, other), deed)
        case "off":
            talk = rng.choice(slot.talks)
            cancelled = not talk.cancelled
            both.staff(edits.cancel(talk, cancelled=cancelled), both.board.off(f"t{talk.id}", cancelled=cancelled))


@pytest.mark.parametrize("seed", range(60))
def test_whatever_chairs_say_and_staff_change_both_put_everything_at_the_same_times(seed: int) -> None:
    rng, both = random.Random(seed), Both()  # noqa: S311 - chance for a test, and it must repeat
    now = at("13:15")
    while now < at("18:00"):
        now += rng.randint(1, 12) * MINUTE + 15 * timedelta(seconds=1)
        if rng.random() < 0.2:
            does(both, rng)
        word = rng.choice(("here", "late", "began", "began", "talk", "talk", "talk", "talk", "finished"))
        both.chair(rng.randint(1, 3), word, now, rng.choice((-10, 0, 5, 10, 20, 40)))

        assert both.second_hands() == both.bots()


def test_what_was_said_is_of_the_start_it_was_said_of() -> None:
    both = Both()
    both.chair(1, "late", at("13:20"), 10)
    delayed = both.board.delay("s1", 5 * MINUTE)

    late = both.courses.times("t11")[0]
    both.board.apply(delayed)
    put_off = both.courses.times("t11")[0]
    both.board.apply(both.board.delay("s1", -5 * MINUTE))

    assert [late, put_off, both.courses.times("t11")[0]] == [at("13:40"), at("13:35"), at("13:40")]
