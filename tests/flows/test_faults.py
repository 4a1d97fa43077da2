"""Everything goes wrong a little: whoever can be reached is told, and no more often than doubt asks for."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from telegram_bot import running_bot

from bot.app import App
from bot.channels.telegram.pacing import Rates
from bot.sandbox.box import Sandbox, sandbox
from bot.sandbox.ledger import Entry
from bot.sandbox.state import User
from bot.store import outbox, stars, users

PEOPLE = 200


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with sandbox(seed=3) as opened:
        yield opened


async def waiting_for_a8(app: App, box: Sandbox, people: int) -> list[User]:
    """Users who starred A8: its first talk is due now, at twenty past one."""
    crowd = [box.user(f"User {n}", started=True) for n in range(people)]
    session = app.edition.timetable.session("A8")
    assert session is not None
    async with app.db.transaction() as tx:
        for person in crowd:
            user = (await users.meet(tx, "telegram", {str(person.id): "en"}, now=app.clock.now()))[str(person.id)]
            await stars.set_star(tx, user.id, "slot", session.id, starred=True, now=app.clock.now())
    return crowd


def tries(box: Sandbox) -> dict[int, list[Entry]]:
    """Every attempt to tell somebody something, by chat."""
    found: dict[int, list[Entry]] = {}
    for entry in box.requests("sendMessage"):
        assert isinstance(entry.chat_id, int)
        found.setdefault(entry.chat_id, []).append(entry)
    return found


async def test_who_can_be_reached_is_told_and_copies_come_of_doubt_alone(app: App, box: Sandbox) -> None:
    crowd = await waiting_for_a8(app, box, PEOPLE)
    blocked = crowd[::50]
    reachable = [person for person in crowd if person not in blocked]
    for person in blocked:
        box.block(person)
    box.fault("drop-before", "sendMessage", chance=0.05)
    box.fault("drop-after", "sendMessage", chance=0.05)
    box.fault("error", "sendMessage", chance=0.03, code=429, retry_after=1)
    box.fault("error", "sendMessage", chance=0.03, code=500)

    def certain() -> bool:
        found = tries(box)
        return all(person.id in found and found[person.id][-1].status == 200 for person in reachable)

    async with running_bot(app, box):
        await box.until(certain, seconds=60)
        async with asyncio.timeout(60):
            while {state for _, state, _ in await outbox.counts(app.db.reader)} - {"sent", "failed"}:
                pass  # each look goes to the database's thread and back

    found = tries(box)
    # After a certain answer nobody is tried again; before it there was only doubt or a plain no. Some who blocked the
    # bot are known to have done so before their turn comes.
    assert [codes(entries) for entries in found.values() if {200, 403} & set(codes(entries)[:-1])] == []
    assert [person.id for person in blocked if 200 in codes(found.get(person.id, []))] == []
    copies = {chat: sum(entry.applied for entry in entries) for chat, entries in found.items()}
    doubts = {chat: sum(entry.status in (None, 500) for entry in entries) for chat, entries in found.items()}
    assert [chat for chat, number in copies.items() if number > doubts[chat] + 1] == []
    assert min(copies[person.id] for person in reachable) == 1
    assert max(copies[person.id] for person in reachable) > 1
    assert await outbox.counts(app.db.reader) == [
        ("reminder", "failed", len(blocked)),
        ("reminder", "sent", len(reachable)),
    ]


async def test_a_question_goes_before_the_notices_that_wait(app: App, box: Sandbox) -> None:
    await waiting_for_a8(app, box, 40)
    asker = box.user("Asker", started=True)

    async with running_bot(app, box, Rates(overall=3, private=0, group=0)):
        await box.until(lambda: len(box.requests("sendMessage")) >= 3)
        asked = len(box.ledger)
        box.say(asker, "/next")
        await box.until(lambda: any(entry.applied for entry in box.requests("sendMessage", chat=asker)))

    before = [entry for entry in box.requests("sendMessage", after=asked) if entry.number < answer(box, asker).number]
    assert len(before) <= 3
    assert len(box.requests("sendMessage")) < 40


def answer(box: Sandbox, person: User) -> Entry:
    (entry,) = box.requests("sendMessage", chat=person)
    return entry


def codes(entries: Sequence[Entry]) -> list[int | None]:
    """HTTP codes, in order; None where the connection was cut."""
    return [entry.status for entry in entries]
