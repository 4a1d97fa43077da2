"""Rows that must reach users, delivered through a channel that fails in every way, on seconds that pass at once."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from virtual_time import TimelessDatabase, in_virtual_time

from bot.config import Settings
from bot.domain.user import User
from bot.replies.reply import Block, Reply, plain, text
from bot.services import acquaintance
from bot.services.channel import Blocked, InDoubt, Later, Moved, NotWritten, Refused, Undelivered
from bot.services.delivery import Delivery
from bot.services.parcel import Parcel
from bot.store import outbox, programmes, users
from bot.store.database import Connection, Database
from bot.store.outbox import New, Notice

NOW = datetime(2025, 8, 9, 6, tzinfo=UTC)
SOON = NOW + timedelta(minutes=10)

Outcome = Undelivered | None


def nobody() -> None:
    """Nobody looks again for what is no longer true."""


@dataclass
class Fake:
    """A channel that remembers who was told what and when, and fails as it is told to, message by message."""

    outcomes: dict[str, list[Outcome]] = field(default_factory=lambda: defaultdict(list))
    away: Outcome = None
    told: list[tuple[str, str]] = field(default_factory=list)
    tries: list[tuple[float, str]] = field(default_factory=list)
    open: int = 0
    most_open: int = 0
    takes: float = 0.0

    async def send(self, user: User, reply: Reply, *, silent: bool, wanted: object) -> str:
        said = plain(reply.blocks[0].lines[0])
        self.tries.append((asyncio.get_running_loop().time(), said))
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            await asyncio.sleep(self.takes)
        finally:
            self.open -= 1
        outcome = self.away or (self.outcomes[said].pop(0) if self.outcomes[said] else None)
        if outcome is not None:
            raise outcome
        self.told.append((user.address, said))
        return str(len(self.told))

    async def edit(self, user: User, message: str, reply: Reply, *, made: float) -> None:
        await self.send(user, reply, silent=True)


async def compose(_: Connection, groups: Sequence[tuple[User, list[Notice]]]) -> list[Parcel]:
    """A row says its key."""
    return [
        Parcel(
            rows=tuple(row.id for row in rows),
            user=user,
            reply=Reply((Block((text("+".join(row.key for row in rows)),)),)),
            doubts=max(row.doubts for row in rows),
        )
        for user, rows in groups
        if not rows[0].key.startswith("nothing")
    ]


class World:
    """A database of three users, its outbox, and a channel."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.channel = Fake()
        self.now = NOW
        self.users: dict[str, User] = {}
        self.compose = compose
        self.outdated: Callable[[], None] = nobody

    async def queue(self, *keys: str, **more: Any) -> None:
        """Rows for the users that their keys begin with: `an:1`."""
        async with self.db.transaction() as tx:
            for key in keys:
                name = key.split(":")[-2] if key.startswith("nothing") else key.split(":")[0]
                if name not in self.users:
                    self.users[name] = (await users.meet(tx, "fake", {name: "en"}, now=NOW))[name]
            rows = [
                New(
                    key=key,
                    user_id=self.users[key.split(":")[-2] if key.startswith("nothing") else key.split(":")[0]].id,
                    **{"kind": "reminder", "priority": 20, "expires": SOON, **more},
                )
                for key in keys
            ]
            await outbox.queue(tx, rows, now=NOW)

    async def states(self) -> dict[str, str]:
        async with self.db.snapshot() as conn:
            rows = await conn.execute_fetchall("SELECT key, state, reason FROM outbox ORDER BY id")
        return {row["key"]: row["state"] + (f": {row['reason']}" if row["reason"] else "") for row in rows}

    async def deliver(self, seconds: float = 60.0) -> Delivery:
        """Deliver for so long; then stop."""
        delivery = Delivery(
            self.db,
            {"fake": self.channel},
            self.compose,
            lambda: self.now,
            current=programmes.revision,
            outdated=self.outdated,
        )
        running = asyncio.create_task(delivery.run())
        await asyncio.sleep(seconds)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        return delivery

    def copies(self) -> dict[str, int]:
        return dict(Counter(said for _, said in self.channel.told))


Story = Callable[[World], Awaitable[None]]


@pytest.fixture
def play(tmp_path: Path) -> Callable[[Story], None]:
    """Runs a story in a world of its own."""

    async def on_stage(story: Story) -> None:
        db = await TimelessDatabase.open(tmp_path / "yicheng.sqlite3", Settings.migrations, now=NOW)
        async with db:
            await story(World(db))

    return lambda story: in_virtual_time(on_stage(story))


Play = Callable[[Story], None]


def failing(*outcomes: Outcome) -> list[Outcome]:
    return list(outcomes)


def keys(names: Iterable[str], each: int) -> list[str]:
    return [f"{name}:{n}" for n in range(each) for name in names]


def test_each_users_notices_arrive_in_order_with_eight_on_the_way_at_most(play: Play) -> None:
    async def story(world: World) -> None:
        names = [f"user{n}" for n in range(20)]
        await world.queue(*keys(names, 5))
        await world.deliver()
        for name in names:
            assert [said for who, said in world.channel.told if who == name] == [f"{name}:{n}" for n in range(5)]
        assert set((await world.states()).values()) == {"sent"}
        assert world.channel.most_open == 8

    play(story)


def test_what_matters_more_goes_first(play: Play) -> None:
    async def story(world: World) -> None:
        broadcasts = [f"user{n}:broadcast" for n in range(100)]
        await world.queue(*broadcasts, kind="broadcast", priority=80)
        await world.queue("an:change", kind="change", priority=30)
        await world.queue("bo:reminder")
        await world.queue("an:cancelled", kind="change", priority=0)
        await world.deliver()
        told = [said for _, said in world.channel.told]
        # What is claimed with the cancellation is on its way already; the change is the first of the next ones.
        assert [*told[:2], told[32]] == ["an:cancelled", "bo:reminder", "an:change"]
        assert [said for said in told if said in broadcasts] == broadcasts

    play(story)


def test_reminders_of_one_moment_are_one_message(play: Play) -> None:
    async def story(world: World) -> None:
        await world.queue("an:1", "bo:1", "an:2", moment=SOON)
        await world.queue("an:3", moment=SOON + timedelta(minutes=20))
        await world.deliver()
        assert sorted(world.copies()) == ["an:1+an:2", "an:3", "bo:1"]

    play(story)


def test_what_was_certainly_not_written_goes_again_once(play: Play) -> None:
    async def story(world: World) -> None:
        world.channel.outcomes["an:1"] = failing(NotWritten("refused"), NotWritten("refused"))
        await world.queue("an:1", "an:2", "bo:1")
        await world.deliver()
        assert [said for who, said in world.channel.told if who == "an"] == ["an:1", "an:2"]
        assert (await world.states(), world.copies()["an:1"]) == ({"an:1": "sent", "an:2": "sent", "bo:1": "sent"}, 1)

    play(story)


def test_a_doubtful_reminder_goes_again_ever_more_rarely_until_an_answer_is_certain(play: Play) -> None:
    async def story(world: World) -> None:
        world.channel.outcomes["an:1"] = failing(*[InDoubt("no answer")] * 6)
        await world.queue("an:1")
        await world.deliver(120)
        moments = [moment for moment, _ in world.channel.tries]
        pauses = [later - earlier for earlier, later in pairwise(moments)]
        assert len(moments) == 7
        assert all(0.4 < pause < 16 for pause in pauses)
        assert pauses[0] < 1.3
        assert pauses[-1] > 5
        assert await world.states() == {"an:1": "sent"}

    play(story)


def test_a_reminder_is_not_given_up_because_it_is_doubtful_but_when_its_time_is_over(play: Play) -> None:
    async def story(world: World) -> None:
        world.channel.outcomes["an:1"] = failing(*[InDoubt("no answer")] * 1000)
        await world.queue("an:1")
        await world.deliver(100)
        tried = len(world.channel.tries)
        assert tried > 8
        assert await world.states() == {"an:1": "doubtful: no answer"}
        world.now = SOON
        await world.deliver()
        assert (await world.states(), len(world.channel.tries)) == ({"an:1": "expired"}, tried)

    play(story)


def test_a_doubtful_broadcast_waits_for_a_person(play: Play) -> None:
    async def story(world: World) -> None:
        world.channel.outcomes["an:1"] = failing(InDoubt("no answer"))
        await world.queue("an:1", "bo:1", kind="broadcast", priority=80, expires=None)
        await world.deliver()
        assert await world.states() == {"an:1": "doubtful: no answer", "bo:1": "sent"}
        async with world.db.transaction() as tx:
            in_trouble = await outbox.in_trouble(tx, now=NOW)
            await outbox.resend(tx, [row.id for row in in_trouble])
        await world.deliver()
        assert world.copies() == {"an:1": 1, "bo:1": 1}

    play(story)


def test_a_broadcast_that_was_certainly_not_written_is_no_doubt(play: Play) -> None:
    async def story(world: World) -> None:
        world.channel.outcomes["an:1"] = failing(NotWritten("refused"))
        await world.queue("an:1", kind="broadcast", priority=80)
        await world.deliver()
        assert (await world.states(), world.copies()) == ({"an:1": "sent"}, {"an:1": 1})

    play(story)


def test_what_a_dead_process_had_in_hand_is_in_doubt_and_the_rest_is_not(play: Play) -> None:
    async def story(world: World) -> None:
        await world.queue("an:reminder", "bo:reminder")
        await world.queue("cy:broadcast", kind="broadcast", priority=80)
        async with world.db.transaction() as tx:
            claimed = await outbox.claim(tx, [1, 3])
        assert [[row.key for row in group] for group in claimed] == [["an:reminder"], ["cy:broadcast"]]
        await world.deliver()
        assert await world.states() == {
            "an:reminder": "sent",
            "bo:reminder": "sent",
            "cy:broadcast": "doubtful: interrupted",
        }

    play(story)


@pytest.mark.parametrize(("is_kept_true", "changes", "calls"), [(True, 1, 1), (True, 0, 0), (False, 1, 0)])
def test_what_is_kept_true_and_was_on_its_way_during_a_change_is_looked_at_again(
    play: Play, is_kept_true: bool, changes: int, calls: int
) -> None:
    async def story(world: World) -> None:
        async def showing(tx: Connection, groups: Sequence[tuple[User, list[Notice]]]) -> list[Parcel]:
            return [
                replace(one, shown=dict.fromkeys(one.rows, "14:00") if is_kept_true else {})
                for one in await compose(tx, groups)
            ]

        looked: list[float] = []
        world.compose, world.outdated = showing, lambda: looked.append(asyncio.get_running_loop().time())
        world.channel.takes = 2.0
        await world.queue("an:1")
        delivering = asyncio.create_task(world.deliver())
        await asyncio.sleep(1)
        async with world.db.transaction() as tx:
            await tx.execute_fetchall("UPDATE revision SET number = number + ?", (changes,))
        await delivering

        assert looked == [2.0] * calls

    play(story)


def test_an_outage_costs_few_tries_and_everything_arrives_once_when_it_is_over(play: Play) -> None:
    async def story(world: World) -> None:
        names = [f"user{n}" for n in range(60)]
        world.channel.away = NotWritten("nobody listens")
        await world.queue(*keys(names, 1))
        delivery = Delivery(
            world.db, {"fake": world.channel}, compose, lambda: world.now, current=programmes.revision, outdated=nobody
        )
        running = asyncio.create_task(delivery.run())
        await asyncio.sleep(60)
        tried = len(world.channel.tries)
        world.channel.away = None
        await asyncio.sleep(30)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        assert tried < 40
        assert world.copies() == dict.fromkeys((f"{name}:0" for name in names), 1)

    play(story)


def test_a_server_that_answers_nothing_is_not_asked_to_doubt_the_whole_outbox(play: Play) -> None:
    async def story(world: World) -> None:
        world.channel.away = InDoubt("502")
        await world.queue(*keys([f"user{n}" for n in range(60)], 1), kind="broadcast", priority=80, expires=None)
        await world.deliver(30)
        counted = Counter(state.split(":")[0] for state in (await world.states()).values())
        assert counted["doubtful"] < 20
        assert counted["doubtful"] + counted["waiting"] == 60

    play(story)


def test_whoever_blocked_the_bot_is_tried_once_and_told_when_they_are_back(play: Play) -> None:
    async def story(world: World) -> None:
        world.channel.outcomes["an:1"] = failing(Blocked("blocked by the user"))
        await world.queue("an:1", "an:2", "bo:1", kind="change")
        await world.deliver()
        assert await world.states() == {"an:1": "failed: blocked", "an:2": "failed: blocked", "bo:1": "sent"}
        assert [said for _, said in world.channel.tries] == ["an:1", "bo:1"]

        await acquaintance.meet(world.db, "fake", "an", "en", now=NOW)
        await world.deliver()
        assert [said for who, said in world.channel.told if who == "an"] == ["an:1", "an:2"]

    play(story)


def test_what_is_out_of_date_is_not_sent_to_whoever_comes_back(play: Play) -> None:
    async def story(world: World) -> None:
        world.channel.outcomes["an:1"] = failing(Blocked("blocked by the user"))
        await world.queue("an:1")
        await world.deliver()
        await acquaintance.meet(world.db, "fake", "an", "en", now=SOON)
        await world.deliver()
        assert (await world.states(), world.channel.told) == ({"an:1": "expired"}, [])

    play(story)


def test_what_is_refused_fails_with_the_reason_and_harms_nothing_else(play: Play) -> None:
    async def story(world: World) -> None:
        world.channel.outcomes["an:1"] = failing(Refused("message is too long"))
        await world.queue("an:1", "an:2")
        await world.deliver()
        assert await world.states() == {"an:1": "failed: message is too long", "an:2": "sent"}
        assert world.copies() == {"an:2": 1}

    play(story)


def test_a_row_that_cannot_be_put_into_words_falls_alone(play: Play) -> None:
    async def story(world: World) -> None:
        async def poisoned(tx: Connection, groups: Sequence[tuple[User, list[Notice]]]) -> list[Parcel]:
            if any(row.key == "an:poison" for _, rows in groups for row in rows):
                raise LookupError("no such talk")
            return await compose(tx, groups)

        world.compose = poisoned
        await world.queue("bo:1", "an:poison", "cy:1", "an:2", "nothing:bo:2")
        await world.deliver()
        assert await world.states() == {
            "bo:1": "sent",
            "an:poison": "failed: LookupError: no such talk",
            "cy:1": "sent",
            "an:2": "sent",
            "nothing:bo:2": "dropped",
        }

    play(story)


def test_a_channel_that_breaks_is_a_failure_of_that_notice(play: Play) -> None:
    async def story(world: World) -> None:
        world.channel.outcomes["an:1"] = failing(ZeroDivisionError("ours"))  # type: ignore[arg-type]
        await world.queue("an:1", "bo:1")
        await world.deliver()
        assert await world.states() == {"an:1": "failed: ZeroDivisionError: ours", "bo:1": "sent"}

    play(story)


def test_whoever_is_reached_elsewhere_is_told_there(play: Play) -> None:
    async def story(world: World) -> None:
        world.channel.outcomes["an:1"] = failing(Moved("an's new place"))
        world.channel.outcomes["bo:1"] = failing(Moved("cy"))
        await world.queue("an:1", "bo:1", "cy:1")
        await world.deliver()
        assert await world.states() == {"an:1": "sent", "bo:1": "sent", "cy:1": "sent"}
        assert sorted(world.channel.told) == [("an's new place", "an:1"), ("cy", "bo:1"), ("cy", "cy:1")]

    play(story)


def test_a_chat_that_must_wait_keeps_its_order_and_holds_nobody_else(play: Play) -> None:
    async def story(world: World) -> None:
        world.channel.outcomes["an:1"] = failing(Later("too many requests", 20))
        await world.queue("an:1", "an:2", *keys([f"user{n}" for n in range(30)], 2))
        await world.deliver()
        when = {said: moment for moment, said in world.channel.tries}
        assert when["an:1"] >= 20
        assert [said for who, said in world.channel.told if who == "an"] == ["an:1", "an:2"]
        assert max(moment for said, moment in when.items() if not said.startswith("an")) < 20
        assert set(world.copies().values()) == {1}

    play(story)


def test_told_to_stop_it_finishes_what_is_on_its_way_and_leaves_the_rest_undoubted(play: Play) -> None:
    async def story(world: World) -> None:
        world.channel.takes = 2.0
        await world.queue(*keys([f"user{n}" for n in range(30)], 1), kind="broadcast", priority=80)
        await world.deliver(1.0)
        assert Counter((await world.states()).values()) == {"sent": 8, "waiting: interrupted": 22}
        assert len(world.channel.told) == 8

    play(story)


def test_whoever_is_forgotten_while_a_message_is_on_its_way_stops_nothing(play: Play) -> None:
    async def story(world: World) -> None:
        await world.queue("an:1", "bo:1")
        world.channel.takes = 1.0
        delivering = asyncio.create_task(world.deliver(10))
        await asyncio.sleep(0.5)
        async with world.db.transaction() as tx:
            await users.forget(tx, world.users["an"].id)
        await delivering
        assert await world.states() == {"bo:1": "sent"}

    play(story)
