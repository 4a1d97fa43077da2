"""The office with three chairs of the same afternoon, and what everybody hears from one moment to the next."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from staffed import Office, at, office, slot

from bot.app import App
from bot.sandbox.box import Sandbox
from bot.sandbox.seen import Seen
from bot.sandbox.state import User as Person
from bot.services import acquaintance, control, duties, reminders
from bot.store import roles

CHAIRED = {"Chen": "A3", "Luo": "A1", "Xu": "A8"}


@dataclass
class Afternoon:
    """Chen chairs A3, Luo A1, Xu A8, from half past one. `heard` is what came since it was last asked."""

    office: Office
    chairs: dict[str, Person]
    codes: Mapping[str, str]
    read: int = 0

    @property
    def app(self) -> App:
        return self.office.app

    @property
    def box(self) -> Sandbox:
        return self.office.box

    async def until(self, clock: str) -> None:
        """Conference time goes on to this minute, and everything due by then is said."""
        self.app.clock.set(now=at(self.app, f"2025-08-09T{clock}"))
        await self.settled()

    async def settled(self) -> None:
        """Everything that is due by now is queued and said."""
        await self.app.refresh()
        now, timetable = self.app.clock.now(), self.app.edition.timetable
        async with self.app.db.transaction() as tx:
            await reminders.look(tx, timetable, rate=None, now=now)
            await duties.look(tx, timetable, now=now)
            await control.look(tx, timetable, owners=self.app.terms.owners, now=now)
        await self.office.settled()

    async def joins(self, person: Person, code: str) -> None:
        """Somebody chairs a session from now on."""
        now = self.app.clock.now()
        user = await acquaintance.meet(self.app.db, "telegram", str(person.id), "zh", now=now)
        async with self.app.db.transaction() as tx:
            await roles.grant(tx, user.id, "chair", slot(self.app, code).id, now=now)

    async def leaves(self, name: str) -> None:
        """A chair is none any more."""
        now = self.app.clock.now()
        user = await acquaintance.meet(self.app.db, "telegram", str(self.chairs[name].id), "zh", now=now)
        async with self.app.db.transaction() as tx:
            await roles.take(tx, user.id, "chair", slot(self.app, self.codes[name]).id)

    def card(self, name: str) -> Seen:
        """The last control card in a chair's chat."""
        sent = self.box.messages(self.chairs[name])
        code = self.codes[name]
        return next(one for one in reversed(sent) if one.text.startswith(code) and one.buttons)

    async def press(self, name: str, label: str) -> Seen:
        """Press a button of one's card, and have everybody hear of it."""
        done = await self.office.press(self.chairs[name], self.card(name), label)
        await self.settled()
        return done

    def heard(self) -> dict[str, list[str]]:
        """What everybody was told since the last time, by name: the first line, and whether it was an edit."""
        names = {one.id: one.first_name for one in [*self.office.crowd, self.office.qin, self.office.li]}
        names |= {person.id: name for name, person in self.chairs.items()}
        entries = list(self.box.ledger)
        found: dict[str, list[str]] = {}
        for entry in entries[self.read :]:
            if entry.method in ("sendMessage", "editMessageText") and entry.applied and entry.chat_id in names:
                text = (entry.text or "").split("\n")[0]
                said = text if entry.method == "sendMessage" else f"edit: {text}"
                found.setdefault(names[int(entry.chat_id)], []).append(said)
        self.read = len(entries)
        return found


@asynccontextmanager
async def afternoon(app: App, box: Sandbox, chairs: Mapping[str, str] = CHAIRED) -> AsyncIterator[Afternoon]:
    """A quarter past one: chairs have been told of their duty, and nothing else was said."""
    app.clock.set(now=at(app, "2025-08-09T13:15"))
    people = {name: box.user(name, language_code="zh", started=True) for name in chairs}
    for name, person in people.items():
        user = await acquaintance.meet(app.db, "telegram", str(person.id), "zh", now=app.clock.now())
        async with app.db.transaction() as tx:
            await acquaintance.remember(tx, user.model_copy(update={"name": name}))
            await roles.grant(tx, user.id, "chair", slot(app, chairs[name]).id, now=app.clock.now())
    async with office(app, box) as desk:
        made = Afternoon(desk, people, chairs)
        await made.settled()
        made.heard()
        yield made


def each(people: Iterable[Person], *said: str) -> dict[str, list[str]]:
    return {person.first_name: list(said) for person in people}
