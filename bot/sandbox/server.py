"""The Bot API over HTTP: /bot<token>/<method> by GET and POST, with a query, a form, JSON or multipart."""

import asyncio
import inspect
import json
import re
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.faults import Fault, Faults
from bot.sandbox.ledger import Entry, Ledger
from bot.sandbox.limits import Limits
from bot.sandbox.methods import METHODS
from bot.sandbox.parameters import Upload, checked, method_named
from bot.sandbox.refusal import Json, Refusal, bad_request, too_many_requests
from bot.sandbox.state import World

LARGEST_REQUEST = 64 * 1024 * 1024
TOKEN_SHAPE = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
REASONS = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


class Server:
    """One bot's Bot API server."""

    def __init__(self, world: World, token: str, *, ledger: Ledger, limits: Limits, faults: Faults) -> None:
        self.world = world
        self.token = token
        self.ledger = ledger
        self.limits = limits
        self.faults = faults
        self.closing = asyncio.Event()

    def application(self) -> web.Application:
        """The aiohttp application; the control API is added to it."""
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_route("*", "/bot{token}/{method}", self.serve)
        app.router.add_get("/file/bot{token}/files/{file}", self.serve_file)
        app.router.add_route("*", "/bot{rest:.*}", not_found)
        return app

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One call of a method."""
        try:
            self._check_token(request.match_info["token"])
            method = method_named(request.match_info["method"])
            given, files = await _read(request)
        except Refusal as refusal:
            return answer(refusal.code, refusal.answer())
        entry = self.ledger.received(method, {**given, **files})
        fault = self.faults.strike(method, given.get("chat_id"))
        if fault is not None and fault.kind == "drop-before":
            return self._cut(request, entry)
        if fault is not None and fault.kind == "error":
            return self._refuse(entry, _error(fault))
        status, body = await self._carry_out(entry, given, files)
        if fault is not None and fault.kind == "delay":
            await self._pause(fault.seconds)
        if (fault is not None and fault.kind == "drop-after") or self.closing.is_set():
            return self._cut(request, entry)
        self.ledger.settled(entry, "accepted" if body["ok"] else "refused", status, body.get("description"))
        return answer(status, body)

    async def serve_file(self, request: web.Request) -> web.Response:
        """The bytes of a file, by the path that getFile gives."""
        stored = self.world.files.get(request.match_info["file"])
        if request.match_info["token"] != self.token or stored is None:
            return answer(404, Refusal(404, "Not Found").answer())
        return web.Response(body=stored.data, content_type="application/octet-stream")

    def _check_token(self, token: str) -> None:
        """404 for what cannot be a token, 401 for one that is not the bot's, as Telegram does."""
        if not TOKEN_SHAPE.fullmatch(token):
            raise Refusal(404, "Not Found")
        if token != self.token:
            raise Refusal(401, "Unauthorized")

    async def _carry_out(self, entry: Entry, given: Json, files: dict[str, Upload]) -> tuple[int, Json]:
        """Check the parameters and the limits, then do it. HTTP status and body."""
        try:
            entry.params = params = checked(entry.method, given, files)
            function = METHODS.get(entry.method, unserved)
            if self.limits.on:
                self._hold(entry.method, params)
            result = function(self.world, params)
            if inspect.isawaitable(result):
                result = await result
        except Refusal as refusal:
            return refusal.code, refusal.answer()
        self.ledger.applied(entry, result, self.world)
        if isinstance(entry.chat_id, int):
            self.limits.count(entry.method, entry.chat_id)
        return 200, {"ok": True, "result": result}

    def _hold(self, method: str, params: Json) -> None:
        """Raise Refusal 429 when the limits say so."""
        if "chat_id" in params:
            wait = self.limits.wait(method, self.world.chat_named(params["chat_id"]).id)
            if wait:
                raise too_many_requests(wait)

    def _refuse(self, entry: Entry, refusal: Refusal) -> web.Response:
        self.ledger.settled(entry, "refused", refusal.code, refusal.description)
        return answer(refusal.code, refusal.answer())

    async def _pause(self, seconds: float) -> None:
        """Wait, but not longer than the sandbox lives."""
        try:
            await asyncio.wait_for(self.closing.wait(), seconds)
        except TimeoutError:
            return

    def _cut(self, request: web.Request, entry: Entry) -> web.Response:
        """Cut the connection without an answer."""
        if request.transport is not None:
            request.transport.abort()
        self.ledger.settled(entry, "dropped")
        return web.Response()


def unserved(_: World, __: Json) -> None:
    """A method of the Bot API that the sandbox checks but does not serve."""
    raise Refusal(501, "Not Implemented: the sandbox does not serve this method")


async def not_found(_: web.Request) -> web.Response:
    """Telegram's answer to anything that is no method of a bot."""
    return answer(404, Refusal(404, "Not Found").answer())


def answer(status: int, body: Any) -> web.Response:
    """JSON, as Telegram writes it."""
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json")


def _error(fault: Fault) -> Refusal:
    if fault.code == 429:
        return too_many_requests(fault.retry_after)
    return Refusal(fault.code, REASONS.get(fault.code, ""))


async def _read(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Parameters and files of a request, whichever way they came."""
    given: Json = dict(request.query)
    files: dict[str, Upload] = {}
    match request.content_type if request.can_read_body else "":
        case "application/json":
            given |= _json(await request.read())
        case "application/x-www-form-urlencoded":
            given |= parse_qsl((await request.read()).decode(), keep_blank_values=True)
        case "multipart/form-data":
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    files[name] = Upload(value.filename, value.content_type, value.file.read())
                else:
                    given[name] = value
    return given, files


def _json(raw: bytes) -> Json:
    try:
        given = json.loads(raw)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise bad_request("can't parse request body as JSON object")
    return given
