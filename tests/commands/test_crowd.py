"""What a hall asks at once is answered once; what differs between people never gets to the wrong one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import App
from bot.channels.terminal import as_text
from bot.commands.ask import Ask
from bot.commands.crowd import Crowd
from bot.commands.dispatch import answer, typed
from bot.domain.model import LANGS
from bot.domain.stars import Stars
from bot.domain.timetable import Timetable
from bot.services import acquaintance

EVERYTHING = (
    "/now",
    "/next",
    "/room 7",
    "/room",
    "/day",
    "/session A8",
    "/talk A8-1",
    "/speaker 董彬",
    "/info",
    "dongbn",
    "?",
)


@pytest.fixture
def ask(app: App) -> Ask:
    return Ask("", "zh", app.clock.now(), app.edition, app.db)


async def test_every_answer_is_the_one_that_would_be_given_to_each_by_themselves(app: App, ask: Ask) -> None:
    crowd = Crowd()
    user = await acquaintance.meet(app.db, "telegram", "1", "zh", now=ask.now)
    (session,) = [slot for slot in app.edition.timetable.slots if slot.code == "A8"]
    marks = (Stars(), Stars(slots=frozenset({session.id})), Stars(talks={session.talks[0].id: True}))
    moments = (ask.now, ask.now + timedelta(minutes=10), ask.now + timedelta(minutes=10, microseconds=5))
    for _ in range(2):
        for question in (replace(typed(text), group=group) for text in EVERYTHING for group in ("", "5")):
            for one in (
                replace(ask, lang=lang, stars=stars, now=now, user=user)
                for now in moments
                for lang in LANGS
                for stars in marks
            ):
                assert await crowd.answer(one, question) == await answer(one, question), (question, one)


async def test_a_crowd_gets_one_reply_until_the_second_or_the_programme_is_another(app: App, ask: Ask) -> None:
    crowd = Crowd()
    first = await crowd.answer(ask, typed("/next"))
    assert await crowd.answer(ask, typed("下一场")) is first
    assert await crowd.answer(replace(ask, now=ask.now + timedelta(seconds=1)), typed("/next")) is not first
    again = await crowd.answer(ask, typed("/next"))
    changed = replace(ask.edition, timetable=Timetable(app.edition.timetable.programme, revision=99))
    assert await crowd.answer(replace(ask, edition=changed), typed("/next")) is not again


async def test_many_different_questions_are_forgotten_in_time(app: App, ask: Ask) -> None:
    crowd = Crowd()
    first = await crowd.answer(ask, typed("/room 7"))
    for n in range(300):
        await crowd.answer(ask, typed(f"/room {n}"))
    again = await crowd.answer(ask, typed("/room 7"))
    assert again == first
    assert as_text(again) == as_text(first)
