"""The sandbox's own API under /sandbox/: what its Python methods do, for other processes and for a page.

POST /sandbox/<verb> with the method's parameters as a JSON object; people, chats and messages are given by id.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import Any, Literal

from aiohttp import web
from pydantic import ValidationError, validate_call

from bot.sandbox.events import Events
from bot.sandbox.refusal import Json
from bot.sandbox.scene import Scene
from bot.sandbox.state import Chat, User

Verb = Callable[..., Any]


def add_control(app: web.Application, box: Scene, events: Events) -> None:
    """Add the routes to the server's application."""

    @validate_call
    def group(
        title: str, members: list[int], kind: Literal["group", "supergroup"] = "supergroup", *, admin: bool = False
    ) -> Chat:
        return box.group(title, *members, kind=kind, admin=admin)

    @validate_call
    def limits(*, on: bool) -> Json:
        box.limits.on = on
        return {"on": on}

    plain: dict[str, Verb] = {
        "user": box.user,
        "channel": box.channel,
        "start": box.start,
        "say": box.say,
        "post": box.post,
        "edit": box.edit,
        "press": box.press,
        "block": box.block,
        "unblock": box.unblock,
        "deactivate": box.deactivate,
        "remove_bot": box.remove_bot,
        "upgrade": box.upgrade,
        "inline_query": box.inline_query,
        "choose": box.choose,
        "inject": box.inject,
        "duplicate": box.duplicate,
        "reorder": box.reorder,
        "fault": box.fault,
        "clear_faults": box.clear_faults,
        "network": box.network,
        "menu": box.menu,
        "profile": box.profile,
        "answer": box.answer,
        "messages": box.messages,
    }
    verbs: dict[str, Verb] = {name: validate_call(verb) for name, verb in plain.items()}
    verbs |= {"group": group, "limits": limits}

    async def act(request: web.Request) -> web.Response:
        verb = verbs.get(request.match_info["verb"])
        if verb is None:
            return _answer(404, {"problem": f"no such verb; there are: {', '.join(sorted(verbs))}"})
        try:
            given = await request.json() if request.can_read_body else {}
            return _answer(200, verb(**given))
        except ValidationError as error:
            last = error.errors()[-1]
            return _answer(400, {"problem": f"{'.'.join(map(str, last['loc']))}: {last['msg']}"})
        except (LookupError, ValueError, TypeError) as error:
            return _answer(400, {"problem": str(error)})

    async def ledger(request: web.Request) -> web.Response:
        asked = request.query
        chat_id = int(asked["chat_id"]) if "chat_id" in asked else None
        found = box.requests(asked.get("method"), chat=chat_id, after=int(asked.get("after", 0)))
        return _answer(200, [entry.json() for entry in found if asked.get("outcome") in (None, entry.outcome)])

    async def state(_: web.Request) -> web.Response:
        world = box.world
        chats = [chat.json() | {"started": chat.started, "blocked": chat.blocked} for chat in world.chats.values()]
        users = [user.json() for user in world.users.values()]
        return _answer(
            200,
            {
                "bot": world.bot.json(),
                "users": users,
                "chats": chats,
                "pending": len(box.pending),
                "polling": box.polling,
                "faults": [asdict(fault) for fault in box.faults.set],
                "limits": box.limits.on,
            },
        )

    app.router.add_get("/sandbox/events", events.serve)
    app.router.add_post("/sandbox/{verb}", act)
    app.router.add_get("/sandbox/ledger", ledger)
    app.router.add_get("/sandbox/state", state)


def _answer(status: int, result: Any) -> web.Response:
    return web.Response(status=status, text=json.dumps(_plain(result)), content_type="application/json")


def _plain(result: Any) -> Any:
    """As JSON: people and chats as the Bot API shows them, the rest by its fields."""
    if isinstance(result, User | Chat):
        return result.json()
    if isinstance(result, list):
        return [_plain(each) for each in result]
    return asdict(result) if is_dataclass(result) and not isinstance(result, type) else result
