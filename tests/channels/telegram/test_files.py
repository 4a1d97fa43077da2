"""Files in answers: under their text, or after it where it is too long, and the same again after a kill."""

import asyncio

import pytest
from telegram_bot import running_bot, states

from bot.app import App
from bot.channels.telegram.message import Message
from bot.commands import table
from bot.commands.ask import Ask
from bot.commands.table import Command
from bot.replies.reply import Block, Button, File, Reply, text
from bot.sandbox.box import Sandbox
from bot.sandbox.state import User

FILE = File("我的 day.ics", "text/calendar", b"BEGIN:VCALENDAR\r\n")
WORDS = "长 words " * 125


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> None:
    def command(name: str, words: str, *, writes: bool = False) -> None:
        async def give(_: Ask) -> Reply:
            return Reply((Block((text(words, bold=True),)),), ((Button("More", name, edits=True),),), file=FILE)

        monkeypatch.setitem(table.COMMANDS, name, Command(name, give, writes=writes))

    command("short", "Here <it> is")
    command("long", WORDS)
    command("kept", "Written", writes=True)


@pytest.fixture
def an(box: Sandbox) -> User:
    return box.user("An", language_code="en", started=True)


def documents(box: Sandbox, who: User) -> list[tuple[str, str, str, bytes]]:
    found = [(m.text, m.raw["document"]) for m in box.messages(who) if "document" in m.raw]
    return [(words, d["file_name"], d["mime_type"], box.world.files[d["file_id"]].data) for words, d in found]


async def test_a_file_comes_with_its_text_and_buttons(
    commands: None, box: Sandbox, bot: "asyncio.Task[None]", an: User
) -> None:
    reply = await box.reply(an, after=box.say(an, "/short"))

    assert documents(box, an) == [("Here <it> is", FILE.name, FILE.mime, FILE.content)]
    assert [[button.text for button in row] for row in reply.buttons] == [["More"]]


async def test_pressed_it_comes_as_a_message_of_its_own(
    commands: None, box: Sandbox, bot: "asyncio.Task[None]", an: User
) -> None:
    first = await box.reply(an, after=box.say(an, "/short"))
    box.press(an, first.message_id, "More")
    await box.reply(an, after=first)

    assert len(documents(box, an)) == 2


async def test_a_text_too_long_to_stand_under_a_file_comes_before_it(
    commands: None, box: Sandbox, bot: "asyncio.Task[None]", an: User
) -> None:
    words = await box.reply(an, after=box.say(an, "/long"))
    await box.reply(an, after=words)

    assert (words.text, [[b.text for b in row] for row in words.buttons]) == (WORDS.strip(), [["More"]])
    assert documents(box, an) == [("", FILE.name, FILE.mime, FILE.content)]


async def test_in_a_group_it_answers_the_message_that_asked(
    commands: None, box: Sandbox, bot: "asyncio.Task[None]", an: User
) -> None:
    group = box.group("Friends", an)
    asked = box.say(an, "/short", chat=group)
    reply = await box.reply(group, after=asked)

    assert reply.raw["reply_to_message"]["message_id"] == asked["message_id"]


async def test_what_is_in_doubt_is_sent_again_until_an_answer_comes(
    commands: None, box: Sandbox, bot: "asyncio.Task[None]", an: User
) -> None:
    box.fault("drop-after", "sendDocument", count=1)
    first = await box.reply(an, after=box.say(an, "/short"))
    await box.reply(an, after=first)

    assert documents(box, an) == [("Here <it> is", FILE.name, FILE.mime, FILE.content)] * 2


async def test_after_a_kill_the_same_file_comes_again(commands: None, box: Sandbox, app: App, an: User) -> None:
    box.fault("delay", "sendDocument", count=1, seconds=30)
    async with running_bot(app, box) as task:
        await box.reply(an, after=box.say(an, "/kept"))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert await states(app) == {"applied"}
    async with running_bot(app, box):
        await box.until(lambda: len(documents(box, an)) == 2)

    assert documents(box, an) == [("Written", FILE.name, FILE.mime, FILE.content)] * 2


def test_an_outcome_of_an_earlier_version_is_understood() -> None:
    assert Message.from_json('["words", null, "toast"]') == Message("words", None, "toast")
