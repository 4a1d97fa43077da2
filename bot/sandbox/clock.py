"""The conference's clock over HTTP: the sandbox owns it, a page sets it, bots in other processes follow it.

GET  /sandbox/clock           {"now": ISO UTC, "speed": 60.0, "until": null, "zone": "Asia/Shanghai", "paused": false}
POST /sandbox/clock           {"now"?: ISO, "speed"?: 0 … 100000, "paused"?: bool}; answers as GET, or 400 {"problem"}
GET  /sandbox/clock/changes   server-sent events: the same at once, and on every pause, jump and change of speed
"""

import asyncio
import json
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.client_exceptions import ClientConnectionResetError
from pydantic import AwareDatetime, BaseModel, Field, ValidationError, ValidationInfo, field_validator

from bot.clock import CHANGES_PATH, CLOCK_PATH, FASTEST, HEARTBEAT, Clock, parse


class Setting(BaseModel, extra="forbid"):
    """What can be asked of the clock. A time without an offset is local time of the conference."""

    now: AwareDatetime | None = None
    speed: float | None = Field(None, ge=0, le=FASTEST, allow_inf_nan=False)
    paused: bool | None = None

    @field_validator("now", mode="before")
    @classmethod
    def _local(cls, value: object, info: ValidationInfo) -> object:
        zone = info.context
        if isinstance(value, str) and isinstance(zone, ZoneInfo):
            return parse(value, zone)
        if value is None:
            return None
        raise ValueError("a time is a text such as 2025-08-09T13:20")


class ClockApi:
    """The three routes. `closing` ends the streams. A pause remembers the speed at which the clock goes on."""

    def __init__(self, clock: Clock, closing: asyncio.Event) -> None:
        self._clock = clock
        self._closing = closing
        self._resumes_at = clock.state().speed or 1.0

    def add_to(self, app: web.Application) -> None:
        """To come before routes that take any path under /sandbox/."""
        app.router.add_get(CLOCK_PATH, self.show)
        app.router.add_post(CLOCK_PATH, self.change)
        app.router.add_get(CHANGES_PATH, self.changes)

    async def show(self, _: web.Request) -> web.Response:
        return web.json_response(self._shown())

    async def change(self, request: web.Request) -> web.Response:
        try:
            asked = Setting.model_validate_json(await request.read(), context=self._clock.zone)
        except ValidationError as error:
            last = error.errors()[-1]
            named = f"{'.'.join(map(str, last['loc']))}: " if last["loc"] else ""
            return web.json_response({"problem": f"{named}{last['msg']}"}, status=400)
        speed = self._clock.state().speed if asked.speed is None else asked.speed
        self._resumes_at = speed or self._resumes_at
        if asked.paused is not None:
            speed = 0.0 if asked.paused else self._resumes_at
        self._clock.set(asked.now, speed)
        return web.json_response(self._shown())

    async def changes(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        closing = asyncio.create_task(self._closing.wait())
        try:
            while not closing.done():
                changed = self._clock.changed()
                await response.write(f"data: {json.dumps(self._shown())}\n\n".encode())
                while not await _either(changed, closing):
                    # A comment: it shows the reader that we live, and us that the reader has gone.
                    await response.write(b":\n\n")
        except ClientConnectionResetError:
            return response
        finally:
            closing.cancel()
        return response

    def _shown(self) -> dict[str, Any]:
        state = self._clock.state()
        return {**state.model_dump(mode="json"), "paused": state.paused}


async def _either(*waited: asyncio.Future[Any]) -> bool:
    """Whether one of them was done before the next heartbeat."""
    done, _ = await asyncio.wait(waited, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
    return bool(done)
