"""Where the commands of staff are seen and work: their own menus, private chats, and groups that an owner allowed."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from staffed import EVENING, Office, at, office
from telegram_bot import all_settled
from test_invitations import start

from bot.app import App
from bot.commands.table import COMMANDS, HELP, STAFF
from bot.config import Settings
from bot.sandbox.box import sandbox
from bot.sandbox.seen import Seen
from bot.sandbox.state import Callback, Chat
from bot.sandbox.state import User as Person
from bot.services import acquaintance
from bot.store import programmes, roles

OF_STAFF = [name for name, command in COMMANDS.items() if command.needs == "staff"]
OWNER = 77
UNKNOWN = "不认识 /{name} 这个命令。"
NOT_HERE = "本群还不能办会务。请在与我的私聊里发给我，或请负责人在本群发 /allow。"


@pytest.fixture
def options(options: Settings) -> Settings:
    return options.model_copy(update={"owners": (OWNER,)})


@pytest.fixture
async def desk(app: App) -> AsyncIterator[Office]:
    app.clock.set(now=at(app, EVENING))
    async with sandbox() as box, office(app, box) as opened:
        yield opened


@pytest.fixture
async def owned(app: App) -> AsyncIterator[tuple[Office, Person]]:
    """An office with an owner who has come."""
    app.clock.set(now=at(app, EVENING))
    async with sandbox() as box:
        owner = box.user("Zhao", id=OWNER, language_code="zh", started=True)
        await acquaintance.meet(app.db, "telegram", str(owner.id), "zh", now=app.clock.now())
        async with office(app, box) as opened:
            yield opened, owner


async def menu(desk: Office, who: Person, names: tuple[str, ...]) -> None:
    """Wait until somebody's menu lists these commands, in this order."""
    await desk.box.until(lambda: tuple(one["command"] for one in desk.box.menu(who)) == names)


async def in_group(desk: Office, who: Person, text: str, group: Chat) -> Seen:
    return await desk.box.reply(group, after=desk.box.say(who, text, chat=group))


async def test_staff_see_their_commands_in_their_menu_from_the_link_on_and_no_more_when_the_role_is_taken(
    desk: Office,
) -> None:
    an, bo = desk.crowd[:2]
    await menu(desk, desk.qin, (*STAFF, *HELP))
    await menu(desk, an, HELP)
    await desk.ask(an, start(await desk.ask(desk.qin, "/invite staff")))
    await menu(desk, an, (*STAFF, *HELP))
    words = next(one["description"] for one in desk.box.menu(an) if one["command"] == "move")
    user = await acquaintance.meet(desk.app.db, "telegram", str(an.id), "zh", now=desk.app.clock.now())
    somebody = await desk.ask(desk.li, f"/team #{user.id}")
    await desk.press(desk.li, somebody, "收回")
    await menu(desk, an, HELP)

    assert words == "换会场：A3 聚英厅"
    assert [one["command"] for one in desk.box.menu(bo)] == list(HELP)


async def test_an_owner_has_the_menu_of_staff(owned: tuple[Office, Person]) -> None:
    desk, owner = owned
    await menu(desk, owner, (*STAFF, *HELP))


async def test_whoever_has_themselves_forgotten_has_no_menu_of_staff(desk: Office) -> None:
    await menu(desk, desk.li, (*STAFF, *HELP))
    asked = await desk.ask(desk.li, "/forgetme")
    await desk.press(desk.li, asked, asked.buttons[0][0].text)
    await menu(desk, desk.li, HELP)

    await _all_with_menus(desk, desk.qin)


async def _all_with_menus(desk: Office, *people: Person) -> None:
    """Wait until these have the menu of staff in every language, and nobody else."""
    wanted = sorted(str(one.id) for one in people)
    async with asyncio.timeout(20):
        while await _with_menus(desk) != wanted:
            pass  # each look goes to the database's thread and back


async def _with_menus(desk: Office) -> list[str]:
    async with desk.app.db.snapshot() as conn:
        return [row["address"] for row in await conn.execute_fetchall("SELECT address FROM menus ORDER BY address")]


async def test_a_menu_is_set_when_telegram_is_back(desk: Office) -> None:
    an = desk.crowd[0]
    await _all_with_menus(desk, desk.qin, desk.li)
    user = await acquaintance.meet(desk.app.db, "telegram", str(an.id), "zh", now=desk.app.clock.now())
    desk.box.network(down=True)
    async with desk.app.db.transaction() as tx:
        await roles.grant(tx, user.id, "staff", 0, now=desk.app.clock.now())
    desk.app.alarm.ring()
    await desk.box.until(lambda: "dropped" in _menus_set(desk, an))
    before = [one["command"] for one in desk.box.menu(an)]
    desk.box.network(down=False)
    await _all_with_menus(desk, an, desk.qin, desk.li)

    assert before == list(HELP)
    assert [one["command"] for one in desk.box.menu(an)] == [*STAFF, *HELP]
    # In Chinese, in English, and for those who have another language.
    assert [one for one in _menus_set(desk, an) if one != "dropped"] == ["accepted"] * 3


def _menus_set(desk: Office, who: Person) -> list[str]:
    """What became of each request to list commands in somebody's private chat."""
    asked = desk.box.requests("setMyCommands")
    # Nobody reads what is dropped: its scope is still the JSON that came.
    scope = {"chat_id": who.id, "type": "chat"}
    return [one.outcome for one in asked if one.params.get("scope") in (scope, json.dumps(scope))]


async def test_staff_work_in_a_group_once_an_owner_allowed_it_there(owned: tuple[Office, Person]) -> None:
    desk, owner = owned
    group = desk.box.group("会务", owner, desk.qin, desk.crowd[0])
    other = desk.box.group("别处", owner, desk.qin)
    mention = f"@{desk.box.bot.username}"
    before = await in_group(desk, desk.qin, f"/move{mention} A3 聚英厅", group)
    asked = await in_group(desk, owner, "/move A3 聚英厅", group)
    allowed = await in_group(desk, owner, "/allow", group)
    seen = await in_group(desk, desk.qin, "/move A3 聚英厅", group)
    elsewhere = await in_group(desk, desk.qin, f"/move{mention} A3 聚英厅", other)
    said = await in_group(desk, desk.qin, f"{mention} A3 改到 聚英厅", group)
    invited = await in_group(desk, desk.qin, "/invite staff", group)
    off = await in_group(desk, owner, "/allow off", group)
    after = await in_group(desk, desk.qin, f"/move{mention} A3 聚英厅", group)

    assert [before.text, elsewhere.text, after.text] == [NOT_HERE] * 3
    assert asked.text == "本群还没有允许工作人员办事。要允许吗？群里的人都看得到过程。"
    assert allowed.text == "工作人员可以在本群办事了。群里的人都看得到过程。"
    assert [seen.text.splitlines()[0], said.text.splitlines()[0]] == ["换会场", "换会场"]
    assert invited.text == "这件事不在群里办，请到与我的私聊里来。"
    assert off.text == "工作人员不能再在本群办事，与我的私聊不受影响。"


async def test_a_group_that_becomes_a_supergroup_stays_allowed(owned: tuple[Office, Person]) -> None:
    desk, owner = owned
    group = desk.box.group("会务", owner, desk.qin, kind="group")
    await in_group(desk, owner, "/allow", group)
    new = desk.box.upgrade(group)
    await all_settled(desk.box, desk.app)

    assert (await in_group(desk, desk.qin, "/undo", new)).text == "没有可以撤销的修改。"


async def test_nobody_but_an_owner_allows_a_group(owned: tuple[Office, Person]) -> None:
    desk, _ = owned
    group = desk.box.group("会务", desk.qin, desk.crowd[0])
    mention = f"@{desk.box.bot.username}"
    said = [(await in_group(desk, who, f"/allow{mention}", group)).text for who in (desk.qin, desk.crowd[0])]

    assert said == [NOT_HERE, UNKNOWN.format(name="allow")]


async def test_an_attendee_who_tries_every_command_and_button_of_staff_changes_nothing_and_learns_nothing(
    owned: tuple[Office, Person],
) -> None:
    desk, owner = owned
    who = desk.crowd[4]
    user = await acquaintance.meet(desk.app.db, "telegram", str(who.id), "zh", now=desk.app.clock.now())
    group = desk.box.group("会务", owner, desk.qin, who)
    await in_group(desk, owner, "/allow", group)
    await desk.ask(desk.qin, "/move A3 聚英厅")
    shown = await in_group(desk, desk.qin, "/move A3 聚英厅", group)
    await desk.ask(desk.qin, "/invite staff")
    own = await desk.ask(who, "/now")
    tables = await _everything(desk)

    private = [(await desk.ask(who, f"/{name} 1 A3 聚英厅")).text for name in OF_STAFF]
    mention = f"@{desk.box.bot.username}"
    public = [(await in_group(desk, who, f"/{name}{mention} 1", group)).text for name in OF_STAFF]
    messages = len(desk.box.messages(group))
    for name in OF_STAFF:
        desk.box.say(who, f"/{name} 1", chat=group)
    forged = [*(f"{name} 1" for name in OF_STAFF), f"role {user.id} staff 0 1", "verify 1 1", "confirm 2 now"]
    for data in forged:
        await desk.box.answered(_pressed(desk, who, own, data))
    toasts = [
        await desk.box.answered(desk.box.press(who, shown.message_id, one.text, chat=group))
        for row in shown.buttons
        for one in row
    ]
    await all_settled(desk.box, desk.app)

    assert private == [UNKNOWN.format(name=name) for name in OF_STAFF]
    assert public == private
    assert {toast["text"] for toast in toasts} == {"这个按钮是给工作人员的。"}
    assert len(desk.box.messages(group)) - messages == len(OF_STAFF)  # his own words, and not one of the bot's
    assert desk.box.messages(group)[[m.message_id for m in desk.box.messages(group)].index(shown.message_id)] == shown
    assert set(desk.told(of=[who])["n4"][1 + len(OF_STAFF) :]) == {"这个按钮对应的内容已经不在日程里了。"}
    assert len(desk.told(of=[who])["n4"]) == 1 + len(OF_STAFF) + len(forged)
    assert await _everything(desk) == tables


def _pressed(desk: Office, who: Person, message: Seen, data: str) -> str:
    """A button that somebody's own client makes up, under a message in their chat."""
    world = desk.box.world
    query_id = world.query_id()
    world.callbacks[query_id] = Callback(query_id, who.id, world.monotonic())
    shown = desk.box.message(desk.box.chat(who), message.message_id)
    query = {"id": query_id, "from": who.json(), "message": shown, "chat_instance": str(who.id), "data": data}
    world.updates.put("callback_query", query)
    return query_id


async def _everything(desk: Office) -> dict[str, list[tuple[object, ...]]]:
    """What staff can change, row by row."""
    async with desk.app.db.snapshot() as conn:
        tables = ("roles", "invitations", "claims", "changes", "drafts", "broadcasts", "groups", "imports")
        found = {
            table: [tuple(row) for row in await conn.execute_fetchall(f"SELECT * FROM {table}")]  # noqa: S608 - ours
            for table in tables
        }
        return {**found, "revision": [(await programmes.revision(conn),)]}
