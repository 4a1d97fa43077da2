"""A rehearsal finds out a bot that loses broadcasts, says them twice, or to others. The bots here are played."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from played import bot

from bot.sandbox.rehearsal import promises
from bot.sandbox.rehearsal.audiences import Audience, Audiences
from bot.sandbox.rehearsal.board import Board, Thing
from bot.sandbox.rehearsal.broadcasts import Broadcasting, Speaking
from bot.sandbox.rehearsal.record import Broadcast
from bot.sandbox.rehearsal.reminders import Count, Starring
from bot.sandbox.rehearsal.stage import Stage

NOON = datetime(2025, 8, 9, 4, tzinfo=UTC)
ONE, TWO, THREE = (NOON + timedelta(hours=hours) for hours in (1, 2, 3))
THINGS = [
    Thing("t1", ONE, "s1", TWO, "R", "A1-1"),
    Thing("t2", TWO, "s1", THREE, "R", "A1-2"),
    Thing("t3", ONE, "s2", TWO, "Q", "A2-1"),
]
SESSIONS = [Thing("s1", ONE, "", THREE, "R", "A1"), Thing("s2", ONE, "", TWO, "Q", "A2")]
STAFF = (901, 902)
BROADCASTING = Broadcasting(
    write=lambda whom, word: f"/broadcast {whom} {word}",
    number=lambda data: int(data.split()[1]) if data.startswith("send ") else None,
    press=lambda does, number: " ".join((does.split()[0], str(number), *does.split()[1:])),
    heard=lambda entry: (entry.text or "").removeprefix("📢 ") if (entry.text or "").startswith("📢 ") else "",
    speaks=lambda words: words.removeprefix("/lang ") if words.startswith("/lang ") else "",
)


def mark(data):
    name, _, wanted = data.partition(" ")
    return (name, wanted == "on") if wanted in ("on", "off") else None


@pytest.fixture
def stage(box):
    box.clock.set(NOON, 0)
    stage = Stage(box, patience=5, heard=BROADCASTING.heard)
    stage.workers |= set(STAFF)
    for lang, number in zip(("zh", "en"), STAFF, strict=True):
        box.user(f"Staff {number}", id=number, language_code=lang, started=True)
    return stage


@pytest.fixture
def audiences(stage):
    board = Board(THINGS, SESSIONS)
    return Audiences(stage, board, Count(stage, Starring(THINGS, 10, mark), board), STAFF, [], BROADCASTING.speaks)


@dataclass
class Letter:
    number: int
    author: int
    whom: str
    word: str
    state: str = "open"
    due: datetime | None = None
    shown: dict[int, int] = field(default_factory=dict)


class Herald:
    """A bot that knows broadcasts, and may have a fault."""

    def __init__(self, api, box, people, fault):
        self.api, self.box, self.people, self.fault = api, box, people, fault
        self.letters: list[Letter] = []
        self.tasks: list[asyncio.Task] = []

    async def hear(self, update):
        if "message" in update:
            await self.read(update["message"]["from"]["id"], update["message"]["text"])
        else:
            query = update["callback_query"]
            does, number, *rest = query["data"].split(" ")
            letter = self.letters[int(number) - 1]
            letter.shown[query["from"]["id"]] = query["message"]["message_id"]
            await self.pressed(query["from"]["id"], letter, " ".join([does, *rest]))

    async def read(self, who, words):
        if not words.startswith("/broadcast"):
            await self.api("sendMessage", chat_id=who, text="Hello")
            return
        _, whom, word = words.split(" ")
        letter = Letter(len(self.letters) + 1, who, whom, word)
        self.letters.append(letter)
        sent = await self.show(who, letter, "send", "later", "stop") if self.readers(letter) else await self.show(who)
        letter.shown[who] = sent["message_id"]

    def readers(self, letter):
        langs = self.people if letter.whom in ("zh", "en", "all") else {}
        return [
            *(one for one, lang in langs.items() if letter.whom in ("all", lang)),
            *(STAFF if letter.whom == "staff" else ()),
        ]

    async def show(self, who, letter=None, *does, message=None):
        rows = [
            [{"text": one, "callback_data": BROADCASTING.press(one, letter.number)} for one in does] if letter else []
        ]
        where = {"chat_id": who, "text": f"Now {does}", "reply_markup": {"inline_keyboard": rows if does else []}}
        if message is None:
            return await self.api("sendMessage", **where)
        return await self.api("editMessageText", message_id=message, **where)

    async def pressed(self, who, letter, does):
        message = letter.shown[who]
        if does == "later":
            await self.show(who, letter, "later +10", "later +30", message=message)
        elif does.startswith("later"):
            letter.due = self.box.clock.now() + timedelta(minutes=int(does.split("+")[1]))
            await self.show(who, letter, "send", "later", "stop", message=message)
        elif does == "stop":
            letter.state = "stopped"
            await self.show(who, letter, "progress", message=message)
            if self.fault == "deaf" and letter.due is not None:
                await self.tell(who, letter)
        elif letter.whom == "all" and letter.state == "open":
            letter.state = "asked"
            await self.show(who, letter, "stop", "progress", message=message)
            await self.show(next(one for one in STAFF if one != who), letter, "send", "stop")
        elif letter.due is not None:
            letter.state, letter.author = "scheduled", who
            await self.show(who, letter, "stop", "progress", message=message)
        else:
            letter.state = "sent"
            await self.show(who, letter, "stop", "progress", message=message)
            self.tasks.append(asyncio.create_task(self.tell(who, letter)))

    async def release(self):
        for letter in self.letters:
            if letter.state == "scheduled" and letter.due <= self.box.clock.now():
                letter.state, letter.shown = "sent", {}
                await self.tell(letter.author, letter)

    async def tell(self, who, letter):
        readers = self.readers(letter)
        if self.fault == "forgetful":
            readers = readers[1:]
        if self.fault == "repeats":
            readers = [*readers, readers[0]]
        if self.fault == "strays":
            readers = [*self.people]
        for one in readers:
            if letter.state == "sent" or self.fault == "deaf":
                await self.api("sendMessage", chat_id=one, text=f"📢 {letter.word}")
        if letter.state == "sent":
            await self.show(who, letter, "progress", message=letter.shown.get(who))


@asynccontextmanager
async def listening(api, herald):
    async with bot(api, herald.hear):
        yield
        await asyncio.gather(*herald.tasks)


def broken(record):
    kept = (promises.broadcasts_lost, promises.broadcasts_twice, promises.broadcasts_astray)
    return {promise.__name__ for promise in kept if promise(record)}


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("", set()),
        ("forgetful", {"broadcasts_lost"}),
        ("repeats", {"broadcasts_twice"}),
        ("strays", {"broadcasts_astray"}),
        ("deaf", {"broadcasts_astray"}),
    ],
)
async def test_a_bot_that_loses_repeats_or_misdirects_broadcasts_is_found_out(api, box, stage, audiences, fault, found):
    people = [box.user(f"n{n}", language_code=("zh", "en")[n % 2]) for n in range(6)]
    known = {one.id: one.language_code for one in people}
    herald = Herald(api, box, {STAFF[0]: "zh", STAFF[1]: "en", **known}, fault)
    speaking = Speaking(stage, BROADCASTING, audiences, STAFF, ["R", "Q"])
    async with listening(api, herald):
        for person in people:
            await stage.ask(person, "/start", chat=person)
        for act in sorted(speaking.acts([ONE, TWO], NOON, NOON + timedelta(hours=5), 3), key=lambda act: act.at):
            box.clock.set(act.at, 0)
            await herald.release()
            await act.do()

    assert (broken(stage.record), stage.given_up) == (found, 0)
    assert {letter.state for letter in herald.letters} == {"open", "sent", "stopped"}


@pytest.mark.parametrize(
    ("doubtful", "resent", "told", "found"),
    [
        (0, False, {1: [1.0], 2: [1.0]}, set()),
        (0, False, {1: [1.0]}, {"broadcasts_lost"}),
        (1, False, {1: [1.0]}, set()),
        (1, False, {}, {"broadcasts_lost"}),
        (1, True, {1: [1.0]}, {"broadcasts_lost"}),
        (1, True, {1: [1.0, 2.0], 2: [1.0]}, set()),
        (1, False, {1: [1.0, 2.0], 2: [1.0]}, {"broadcasts_twice"}),
        (1, True, {1: [1.0, 2.0], 2: [1.0, 2.0]}, {"broadcasts_twice"}),
        (1, True, {1: [1.0, 2.0, 3.0], 2: [1.0]}, {"broadcasts_twice"}),
        (0, False, {1: [1.0], 2: [1.0], 3: [1.0]}, set()),
        (0, False, {1: [1.0], 2: [1.0], 4: [1.0]}, {"broadcasts_astray"}),
    ],
)
def test_twice_is_excused_for_those_in_doubt_alone_and_only_when_staff_had_it_sent_again(
    stage, doubtful, resent, told, found
):
    one = Broadcast("word", "all", frozenset((1, 2)), frozenset((3,)), doubtful=doubtful, resent=resent)
    stage.record.broadcasts.append(one)
    stage.record.heard |= {(user, "word"): times for user, times in told.items()}

    assert broken(stage.record) == found


async def test_whom_a_broadcast_is_for_is_counted_from_what_people_wrote_and_pressed(
    api, box, stage, audiences, press, an, bo
):
    cy = box.user("Cy", language_code="zh")

    class Plain(Herald):
        async def hear(self, update):
            who = update.get("message", update.get("callback_query"))["from"]["id"]
            await self.api("sendMessage", chat_id=who, text="Done.")

    async with listening(api, Plain(api, box, {}, "")):
        for person in (an, bo):
            await stage.ask(person, "/start", chat=person)
        await stage.ask(bo, "/lang zh", chat=bo)
        await press(stage, an, "s1 on")
        await press(stage, bo, "t1 on")
        await press(stage, bo, "t3 on")

    assert audiences.everybody() == {*STAFF, an.id, bo.id}
    assert cy.id not in audiences.everybody()
    assert (audiences.readers("zh"), audiences.readers("en")) == ({STAFF[0], an.id, bo.id}, {STAFF[1]})
    assert audiences.starrers("s1") == {an.id, bo.id}
    assert audiences.starrers("t2") == {an.id}
    assert audiences.coming("R") == Audience(frozenset((an.id,)), frozenset((bo.id,)))
    assert audiences.coming("Q") == Audience(frozenset(), frozenset((bo.id,)))
