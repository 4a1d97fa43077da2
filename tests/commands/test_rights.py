"""Who lacks the right to a command gets what an unknown one gets."""

from collections.abc import Awaitable, Callable

import pytest

from bot.app import App
from bot.channels.terminal import as_text
from bot.commands import table
from bot.commands.ask import Ask
from bot.commands.dispatch import answer, pressed, typed
from bot.commands.table import Command
from bot.domain.user import User
from bot.replies import desk
from bot.replies.reply import Reply, Span
from bot.services import acquaintance
from bot.services.broadcasts import Terms
from bot.store import roles

OWNER = 77
Said = Callable[[User | None, str], Awaitable[str]]


async def secret(ask: Ask) -> Reply:
    return desk.sentence(ask.voice, [Span(f"secret {ask.args}")])


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("staff", "owner"):
        command = Command(f"{name}only", secret, (f"{name} word",), takes=True, needs=name)  # type: ignore[arg-type]
        monkeypatch.setitem(table.COMMANDS, command.name, command)


@pytest.fixture
def said(app: App, commands: None) -> Said:
    async def say(user: User | None, text: str) -> str:
        ask = Ask("", "en", app.clock.now(), app.edition, app.db, user=user, terms=Terms(owners=(OWNER,)))
        question = pressed(text[1:]) if text.startswith("~") else typed(text)
        return as_text(await answer(ask, question))

    return say


async def _user(app: App, address: str, channel: str = "telegram") -> User:
    return await acquaintance.meet(app.db, channel, address, "en", now=app.clock.now())


async def test_an_attendee_gets_what_an_unknown_command_and_an_outdated_button_get(app: App, said: Said) -> None:
    ann = await _user(app, "1")
    for user in (ann, None):
        assert await said(user, "/staffonly a") == (await said(user, "/nonsense a")).replace("nonsense", "staffonly")
        assert await said(user, "/owneronly a") == (await said(user, "/nonsense a")).replace("nonsense", "owneronly")
        assert await said(user, "~staffonly a") == await said(user, "~nonsense a")
        assert await said(user, "~staffonly") == await said(user, "~nonsense a")


async def test_staff_and_owners_are_answered(app: App, said: Said) -> None:
    ben, owner = await _user(app, "2"), await _user(app, str(OWNER))
    async with app.db.transaction() as tx:
        await roles.grant(tx, ben.id, "staff", 0, now=app.clock.now())
    assert await said(ben, "/staffonly a") == "secret a"
    assert await said(ben, "~staffonly a") == "secret a"
    assert await said(ben, "/owneronly a") == (await said(ben, "/nonsense a")).replace("nonsense", "owneronly")
    assert await said(owner, "/staffonly a") == "secret a"
    assert await said(owner, "/owneronly a") == "secret a"


async def test_an_owner_s_number_on_another_channel_owns_nothing_but_the_machine_does(app: App, said: Said) -> None:
    assert await said(await _user(app, str(OWNER), "wechat"), "/owneronly a") != "secret a"
    assert await said(await _user(app, "local", "terminal"), "/owneronly a") == "secret a"


async def test_a_chair_or_a_speaker_is_no_staff(app: App, said: Said) -> None:
    cy = await _user(app, "3")
    async with app.db.transaction() as tx:
        await roles.grant(tx, cy.id, "chair", 1, now=app.clock.now())
        await roles.grant(tx, cy.id, "speaker", 1, now=app.clock.now())
    assert await said(cy, "/staffonly a") != "secret a"
