"""The page as a server gives it: to whom, with which rules, in which words."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.guard import is_ours

PAGE = Path(__file__).parents[2] / "bot" / "sandbox" / "page"
PLACE = re.compile(r"\{(\w+)\}")


def words(lang: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((PAGE / f"{lang}.json").read_text("utf-8"))
    return found


def test_the_page_says_the_same_in_both_languages():
    zh, en = words("zh"), words("en")
    assert list(zh) == list(en)
    assert {key for key in zh if set(PLACE.findall(zh[key])) != set(PLACE.findall(en[key]))} == set()
    assert {key for key in zh if re.search("[!！]", zh[key] + en[key])} == set()


def test_every_word_of_the_page_is_said_somewhere():
    said = "".join(file.read_text("utf-8") for file in PAGE.glob("*.js"))
    used = {key for key in words("zh") if f'"{key}"' in said}
    assert set(words("zh")) - used == set()


def test_no_part_of_the_page_is_markup_from_elsewhere():
    written = {file.name: file.read_text("utf-8") for file in PAGE.iterdir()}
    banned = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|(?:src|href)=\"(?:https?:)?//|@import"
    )
    assert {name for name, text in written.items() if banned.search(text)} == set()


ANYWHERE = "0.0.0.0"  # noqa: S104 - compared with, not bound to


@pytest.mark.parametrize(
    ("host", "bound", "ours"),
    [
        ("127.0.0.1:8081", "127.0.0.1", True),
        ("localhost:8081", "127.0.0.1", True),
        ("[::1]:8081", "::1", True),
        ("rebound.example:8081", "127.0.0.1", False),
        ("192.168.1.7:8081", "127.0.0.1", False),
        ("192.168.1.7:8081", ANYWHERE, True),
        ("rebound.example:8081", ANYWHERE, False),
        ("demo.local:8081", "demo.local", True),
        ("[nonsense", "127.0.0.1", False),
    ],
)
def test_a_host_is_ours_or_it_is_not(host, bound, ours):
    assert is_ours(host, bound) is ours


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "{url}", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Host": "rebound.example"}, 403),
    ],
)
async def test_only_the_page_itself_may_act_through_a_browser(box, session, headers, status):
    filled = {name: value.format(url=box.url) for name, value in headers.items()}
    async with session.post(f"{box.url}/sandbox/user", json={"first_name": "An"}, headers=filled) as response:
        assert response.status == status
    assert len(box.world.users) == (status == 200)


async def test_nothing_of_the_sandbox_is_told_to_another_site(box, session):
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    for path in ("events", "state", "ledger", "clock"):
        async with session.get(f"{box.url}/sandbox/{path}", headers=elsewhere) as response:
            assert response.status == 403


async def test_the_page_allows_its_browser_nothing_but_itself(box, session):
    async with session.get(box.url) as response:
        policy = response.headers["Content-Security-Policy"].split("; ")
    assert {rule.partition(" ")[2] for rule in policy} == {"'none'", "'self'", "'script'"}


@pytest.mark.parametrize("name", ["..%2Fbox.py", "%2e%2e/box.py", "main.py", "", "page"])
async def test_only_files_of_the_page_are_served(box, session, name):
    async with session.get(f"{box.url}/page/{name}") as response:
        assert response.status == 404


class Stream:
    """Server-sent events, one after the other."""

    def __init__(self, content: Any) -> None:
        self._content = content

    async def next(self) -> tuple[str, Any]:
        kind = (await self._content.readline()).decode().removeprefix("event: ").strip()
        about = json.loads((await self._content.readline()).decode().removeprefix("data: "))
        await self._content.readline()
        return kind, about


async def test_whoever_watches_is_told_the_world_and_then_each_change(box, session, api, an):
    box.say(an, "before")
    async with session.get(f"{box.url}/sandbox/events") as response:
        events = Stream(response.content)
        kind, world = await events.next()
        assert kind == "world"
        assert [message["text"] for chat in world["chats"] for message in chat["messages"]] == ["before"]

        sent = await api("sendMessage", chat_id=an.id, text="after", disable_notification=True)
        assert await events.next() == ("message", {"chat": an.id, "message": sent, "silent": True})
        edited = await api("editMessageText", chat_id=an.id, message_id=sent["message_id"], text="later")
        assert await events.next() == ("message", {"chat": an.id, "message": edited, "silent": True})
        await api("pinChatMessage", chat_id=an.id, message_id=sent["message_id"])
        assert await events.next() == ("pins", {"chat": an.id, "pinned": [sent["message_id"]]})
        assert (await events.next())[1]["message"]["pinned_message"] == edited
        await api("deleteMessage", chat_id=an.id, message_id=sent["message_id"])
        assert await events.next() == ("gone", {"chat": an.id, "message_id": sent["message_id"]})
        assert await events.next() == ("pins", {"chat": an.id, "pinned": []})
        box.block(an)
        kind, chat = await events.next()
        assert (kind, chat["blocked"]) == ("chat", True)
        box.clock.set(speed=60)
        kind, clock = await events.next()
        assert (kind, clock["speed"]) == ("clock", 60)
        box.network(down=True)
        assert await events.next() == ("network", {"down": True, "seconds": 0})


async def test_the_weather_of_the_network_comes_and_goes_and_other_faults_stay(box, api):
    box.fault("error", "getMe", code=502)
    waiting = asyncio.create_task(api("getUpdates", timeout=30))
    await box.until(lambda: box.polling)
    assert box.network(down=True, seconds=2.0) == {"down": True, "seconds": 2.0}
    # The poll that was under way ends empty, and the next one would meet the weather.
    assert await waiting == []
    assert [fault.kind for fault in box.faults.set] == ["error", "drop-before", "delay"]
    assert box.network() == {"down": False, "seconds": 0}
    assert [fault.kind for fault in box.faults.set] == ["error"]


async def test_a_person_sees_the_bot_in_their_language(box, api, an):
    await api("setMyName", name="Companion")
    await api("setMyName", name="助手", language_code="zh")
    await api("setMyCommands", commands=[{"command": "now", "description": "现在"}], language_code="zh")
    assert box.profile(an) == {
        "name": "助手",
        "description": "",
        "about": "",
        "commands": [{"command": "now", "description": "现在"}],
    }
