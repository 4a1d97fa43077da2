"""What happens in the sandbox, told to whoever watches: GET /sandbox/events, a stream of server-sent events.

The first event, `world`, is everything there is; each later one is one change. Whoever loses the connection, or reads
too slowly, is told the whole world again, so a page needs no memory of what it may have missed.
"""

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.sandbox.refusal import Json
from bot.sandbox.scene import Scene
from bot.sandbox.state import Callback, Chat, Inline, Kind, User

Event = tuple[str, Json]

KEPT = 500
"""Messages of a chat that a newcomer is told of."""
BEHIND = 1_000
"""Events that may wait for one watcher before it is told everything anew instead."""
PULSE = 15.0
"""Seconds between two signs of life, so that a connection that broke in silence is noticed."""


class Events:
    """The watchers of one sandbox."""

    def __init__(self, box: Scene) -> None:
        self._box = box
        self._watchers: set[asyncio.Queue[Event | None]] = set()
        box.world.listen(self._happened)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One watcher, until it leaves or the sandbox goes away."""
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await stream.prepare(request)
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        queue.put_nowait(("world", self._world()))
        self._watchers.add(queue)
        try:
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), PULSE)
                except TimeoutError:
                    await stream.write(b": here\n\n")
                    continue
                if event is None:
                    return stream
                kind, about = event
                await stream.write(f"event: {kind}\ndata: {json.dumps(about, ensure_ascii=False)}\n\n".encode())
        except ConnectionError:
            return stream
        finally:
            self._watchers.discard(queue)

    async def watch_clock(self) -> None:
        """Tell of every pause, jump and change of speed, until cancelled."""
        while True:
            await self._box.clock.changed()
            self.tell("clock", self._clock())

    def _clock(self) -> Json:
        return self._box.clock.state().model_dump(mode="json")

    def tell(self, kind: str, about: Json) -> None:
        """Tell every watcher."""
        for queue in self._watchers:
            if queue.qsize() >= BEHIND:
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(("world", self._world()))
            else:
                queue.put_nowait((kind, about))

    def close(self) -> None:
        """Send everybody away."""
        for queue in self._watchers:
            queue.put_nowait(None)

    def _happened(self, kind: Kind, chat: Chat | None, subject: Any) -> None:
        if self._watchers:
            self.tell(kind, self._about(kind, chat, subject))

    def _about(self, kind: Kind, chat: Chat | None, subject: Any) -> Json:  # noqa: PLR0911 - a line for each kind
        if chat is not None:
            match kind:
                case "message":
                    silent = subject["message_id"] in chat.silent
                    return {"chat": chat.id, "message": subject, "silent": silent}
                case "gone":
                    return {"chat": chat.id, "message_id": subject}
                case "pins":
                    return {"chat": chat.id, "pinned": chat.pinned}
                case "typing":
                    return {"chat": chat.id, "action": subject}
                case _:
                    return chat_json(chat)
        match subject:
            case User():
                return subject.json()
            case Callback():
                return {"query_id": subject.id, **(subject.answer or {})}
            case Inline():
                return {"query_id": subject.id, "results": subject.results, "button": subject.answer.get("button")}
        return self._box.network_state() if kind == "network" else {}

    def _world(self) -> Json:
        world = self._box.world
        chats = [
            {
                **chat_json(chat),
                "pinned": chat.pinned,
                "silent": sorted(chat.silent),
                "messages": list(chat.messages.values())[-KEPT:],
            }
            for chat in world.chats.values()
        ]
        return {
            "bot": world.bot.json(),
            "users": [user.json() for user in world.users.values()],
            "chats": chats,
            "clock": self._clock(),
            "network": self._box.network_state(),
            "stage": self._box.stage,
        }


def chat_json(chat: Chat) -> Json:
    """A chat for the page: the Bot API's Chat, who is in it, and whether its bot is welcome."""
    return {**chat.json(), "members": list(chat.members), "started": chat.started, "blocked": chat.blocked}
