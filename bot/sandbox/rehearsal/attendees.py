"""Attendees who ask: in both languages, alone with the bot and in groups, most of them around the start of a session.

What they ask is drawn before the bot says anything, each with a seed of their own, so it is the same whatever happens.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import ascii_lowercase

from bot.sandbox.people import Where
from bot.sandbox.rehearsal.acts import Act, Actor
from bot.sandbox.rehearsal.stage import Stage
from bot.sandbox.state import User

LANGS = ("zh", "en")
FEWEST, MOST = 4, 20
"""Questions of one attendee."""
IN_GROUPS = 5
"""One attendee in so many is in a group as well."""
GROUP_SIZE = 25
EITHER_SIDE = 40.0
"""Minutes around the start of a slot in which two thirds of its questions fall."""
PRESSES, STARS, UNSTARS, SETTLES, SWITCHES, RIDDLES, AT_ANY_TIME, IN_PUBLIC = 0.4, 0.4, 0.15, 0.1, 0.05, 0.1, 0.1, 0.4
"""How often a button is pressed, and then one that sets a star or takes it away; how often settings are chosen, the
language is changed, or a word asked for that nobody else asks for; how often a question falls on any time of day or
night, and how often it is asked in the group."""


@dataclass(frozen=True)
class Line:
    """Something to ask, and words that must be in its answer if any must."""

    text: str
    expects: str = ""


@dataclass(frozen=True)
class Material:
    """What a conference gives people to ask about.

    starts, begins, ends   when its slots start, and the window of the rehearsal.
    lines                  what people ask, by language ("zh", "en") and in kinds of questions, each as likely.
    presses                whether people press a button with these data at all.
    stars, unstars, sets   whether it sets a star, takes one away, chooses a setting.
    settings               what brings the settings; "" where the bot has none.
    """

    begins: datetime
    ends: datetime
    starts: tuple[datetime, ...]
    lines: dict[str, tuple[tuple[Line, ...], ...]]
    presses: Callable[[str], bool] = lambda _: True
    stars: Callable[[str], bool] = lambda _: False
    unstars: Callable[[str], bool] = lambda _: False
    sets: Callable[[str], bool] = lambda _: False
    settings: str = ""


def attendees(stage: Stage, material: Material, count: int, seed: int) -> list[Actor]:
    """So many attendees, half of them Chinese, and the groups that some of them are in."""
    box = stage.box
    people = [box.user(f"Attendee {n}", language_code=LANGS[n % 2]) for n in range(1, count + 1)]
    sociable = people[::IN_GROUPS]
    homes: dict[int, Where] = {}
    for n in range(0, len(sociable), GROUP_SIZE):
        members = sociable[n : n + GROUP_SIZE]
        group = box.group(f"Group {n // GROUP_SIZE + 1}", *members)
        homes |= dict.fromkeys((person.id for person in members), group)
    return [
        list(_attendee(stage, material, person, homes.get(person.id), f"{seed}/{n}")) for n, person in enumerate(people)
    ]


def _attendee(stage: Stage, material: Material, person: User, group: Where | None, seed: str) -> Iterator[Act]:
    rng = random.Random(seed)  # noqa: S311 - chance for a rehearsal, and it must repeat
    lang = person.language_code or LANGS[0]
    moments = sorted(_moment(material, rng) for _ in range(rng.randint(FEWEST, MOST)))
    for n, at in enumerate(moments):
        public = group is not None and n > 0 and rng.random() < IN_PUBLIC
        where: Where = group if group is not None and public else person
        line = _line(material, lang, rng, seed=f"{person.id} {n}") if n else Line("/start")
        if n and not public and rng.random() < SWITCHES:
            lang = LANGS[1 - LANGS.index(lang)]
            line = Line(f"/lang {lang}")
        settles = material.settings and n > 0 and not public and rng.random() < SETTLES
        if settles:
            line = Line(material.settings)
        text = _addressed(line.text, stage.box.bot.username or "", rng) if public else line.text
        presses = n > 0 and not line.text.startswith("/lang") and rng.random() < PRESSES
        among = material.sets if settles else _among(material, rng.random())
        choice = rng.random() if presses or settles else None
        yield Act(at, _Asking(stage, person, where, Line(text, line.expects), among, choice))


def _among(material: Material, chance: float) -> Callable[[str], bool]:
    """The buttons of which one is pressed."""
    if chance < STARS:
        return material.stars
    return material.unstars if chance < STARS + UNSTARS else material.presses


@dataclass(frozen=True, slots=True)
class _Asking:
    """Ask; or, with a `choice`, press a button `among` those wanted so far along, and ask first where there is none."""

    stage: Stage
    person: User
    where: Where
    line: Line
    among: Callable[[str], bool]
    choice: float | None

    async def __call__(self) -> None:
        if self.choice is not None and await self._press(self.choice):
            return
        await self.stage.ask(self.person, self.line.text, chat=self.where, expects=self.line.expects)
        if self.choice is not None:
            await self._press(self.choice)

    async def _press(self, choice: float) -> bool:
        return await self.stage.press(self.person, chat=self.where, choice=choice, among=self.among)


def _moment(material: Material, rng: random.Random) -> datetime:
    """When somebody asks: around the start of something, or at any time; at half past a minute, when nothing is due."""
    return _minute(material, rng) + timedelta(seconds=30)


def _minute(material: Material, rng: random.Random) -> datetime:
    length = (material.ends - material.begins).total_seconds() / 60
    if rng.random() < AT_ANY_TIME:
        return material.begins + timedelta(minutes=rng.randrange(int(length)))
    around = rng.choice(material.starts) + timedelta(minutes=round(rng.gauss(-5, EITHER_SIDE)))
    return min(max(around, material.begins), material.ends - timedelta(minutes=1))


def _line(material: Material, lang: str, rng: random.Random, *, seed: str) -> Line:
    if rng.random() < RIDDLES:
        # A word of nobody else: an answer that went to the wrong person does not repeat it.
        riddle = "".join(random.Random(seed).choices(ascii_lowercase, k=12))  # noqa: S311 - as above
        return Line(riddle, riddle)
    return rng.choice(rng.choice(material.lines[lang]))


def _addressed(text: str, username: str, rng: random.Random) -> str:
    """As one writes in a group, where the bot hears only what is meant for it."""
    if not text.startswith("/"):
        return f"@{username} {text}"
    command, _, rest = text.partition(" ")
    return f"{command}@{username} {rest}".rstrip() if rng.random() < 0.5 else text
