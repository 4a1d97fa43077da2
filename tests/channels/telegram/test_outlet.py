"""What Telegram's answers mean for a notice, over HTTP."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.channels.telegram.outlet import Outlet
from bot.channels.telegram.pacing import Pace, Rates
from bot.channels.telegram.places import Places
from bot.channels.telegram.transport import AiohttpRequest
from bot.domain.user import User
from bot.replies.reply import Block, Button, Reply, text
from bot.sandbox import state
from bot.sandbox.box import Sandbox
from bot.services.channel import Blocked, InDoubt, Later, Moved, NotWritten, Refused, Undelivered, Withdrawn

WORDS = Reply((Block((text("In 10 min <A1>", bold=True),)),), ((Button("Room 7", "room #7"),),))
OTHER = Reply((Block((text("Now in room 8"),)),))


def always() -> bool:
    return True


@pytest.fixture
async def outlet(box: Sandbox) -> AsyncIterator[Outlet]:
    request = AiohttpRequest(read_timeout=0.5)
    bot = Bot(box.token, base_url=f"{box.url}/bot", request=request)
    await request.initialize()
    yield Outlet(bot, Pace(Rates(overall=0, private=0, group=0)), Places())
    await request.shutdown()


@pytest.fixture
def an(box: Sandbox) -> state.User:
    return box.user("An", started=True)


def user(chat: int) -> User:
    return User(id=1, channel="telegram", address=str(chat), lang="en")


async def outcome(outlet: Outlet, chat: int, *, edits: str | None = None) -> tuple[type[Undelivered], str]:
    person = user(chat)
    going = (
        outlet.send(person, WORDS, silent=False, wanted=always)
        if edits is None
        else outlet.edit(person, edits, OTHER, made=0.0)
    )
    with pytest.raises(Undelivered) as caught:
        await going
    return type(caught.value), caught.value.reason


async def test_a_message_arrives_with_its_buttons_and_gives_its_number(
    outlet: Outlet, box: Sandbox, an: state.User
) -> None:
    number = await outlet.send(user(an.id), WORDS, silent=True, wanted=always)

    (entry,) = box.requests("sendMessage")
    (message,) = box.messages(an)
    assert (number, message.text, [[b.text for b in row] for row in message.buttons]) == (
        str(message.message_id),
        "In 10 min <A1>",
        [["Room 7"]],
    )
    assert (entry.params["disable_notification"], entry.params["link_preview_options"]) == (
        True,
        {"is_disabled": True},
    )


async def test_what_nobody_wants_any_more_at_its_turn_does_not_leave(
    outlet: Outlet, box: Sandbox, an: state.User
) -> None:
    with pytest.raises(Withdrawn):
        await outlet.send(user(an.id), WORDS, silent=False, wanted=lambda: False)

    assert box.messages(an) == []


async def test_a_message_is_given_another_content_and_the_same_again_is_no_failure(
    outlet: Outlet, box: Sandbox, an: state.User
) -> None:
    number = await outlet.send(user(an.id), WORDS, silent=False, wanted=always)

    await outlet.edit(user(an.id), number, OTHER, made=0.0)
    await outlet.edit(user(an.id), number, OTHER, made=0.0)

    assert [message.text for message in box.messages(an)] == ["Now in room 8"]
    assert [entry.outcome for entry in box.requests("editMessageText")] == ["accepted", "refused"]


async def test_whoever_blocked_the_bot_never_began_or_is_gone_is_not_reached(
    outlet: Outlet, box: Sandbox, an: state.User
) -> None:
    box.block(an)
    stranger = box.user("Bo")

    assert [await outcome(outlet, chat) for chat in (an.id, stranger.id, 4711)] == [
        (Blocked, "Forbidden: bot was blocked by the user"),
        (Blocked, "Forbidden: bot can't initiate conversation with a user"),
        (Blocked, "Chat not found"),
    ]


async def test_a_message_that_is_gone_cannot_be_edited(outlet: Outlet, an: state.User) -> None:
    assert await outcome(outlet, an.id, edits="77") == (Refused, "Message to edit not found")


async def test_a_group_that_became_a_supergroup_is_elsewhere(outlet: Outlet, box: Sandbox, an: state.User) -> None:
    group = box.group("Staff", an, kind="group")
    larger = box.upgrade(group)

    assert await outcome(outlet, group.id) == (Moved, str(larger.id))


@pytest.mark.parametrize(
    ("fault", "code", "kind"),
    [
        ("drop-before", 0, InDoubt),
        ("drop-after", 0, InDoubt),
        ("error", 500, InDoubt),
        ("error", 502, InDoubt),
        ("error", 429, Later),
    ],
)
async def test_what_goes_wrong_on_the_way_is_told_apart(
    outlet: Outlet, box: Sandbox, an: state.User, fault: str, code: int, kind: type[Undelivered]
) -> None:
    box.fault(fault, "sendMessage", count=1, code=code)  # type: ignore[arg-type]

    assert (await outcome(outlet, an.id))[0] is kind


async def test_an_answer_that_does_not_come_in_time_leaves_doubt(outlet: Outlet, box: Sandbox, an: state.User) -> None:
    box.fault("delay", "sendMessage", count=1, seconds=30)

    assert (await outcome(outlet, an.id))[0] is InDoubt
    assert len(box.messages(an)) == 1


async def test_nothing_left_when_nobody_listens(outlet: Outlet, box: Sandbox, an: state.User) -> None:
    await box.down()

    assert (await outcome(outlet, an.id))[0] is NotWritten


async def test_a_429_holds_its_chat_alone_for_as_long_as_it_says(outlet: Outlet, box: Sandbox, an: state.User) -> None:
    bo = box.user("Bo", started=True)
    box.fault("error", "sendMessage", chat=an, count=1, code=429, retry_after=30)
    with pytest.raises(Later) as caught:
        await outlet.send(user(an.id), WORDS, silent=False, wanted=always)

    waiting = asyncio.create_task(outlet.send(user(an.id), WORDS, silent=False, wanted=always))
    await outlet.send(user(bo.id), WORDS, silent=False, wanted=always)
    held = not waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    assert (caught.value.seconds, held, len(box.messages(bo)), len(box.messages(an))) == (30, True, 1, 0)
