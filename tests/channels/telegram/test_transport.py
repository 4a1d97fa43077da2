import asyncio
import errno
import gc
import io
import logging
import socket
import struct
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import BodyPartReader, web
from telegram import Bot, InputFile
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TimedOut

from bot.channels.telegram.transport import AiohttpRequest, Answered, Doubtful, DoubtfulTimeout, NotSent, in_doubt

TOKEN = "8100000000:AAsecretSecretSECRETsecretSecretSECRET"  # noqa: S105 - made up, to be looked for
YES = b'{"ok":true,"result":true}'
PAGE = b"<html>something stands between</html>"
BEHIND = {"scheme": "https", "host": "api.invalid"}
"""An address only a proxy can reach."""
SOON = 0.05
"""Seconds; for limits that a test wants to see reached."""


class Wire:
    """The server's end of one connection, played by the test."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.heard = b""

    async def listen(self, until: Callable[[bytes], bool]) -> bytes:
        while not until(self.heard):
            data = await asyncio.get_running_loop().sock_recv(self.sock, 65536)
            if not data:
                raise AssertionError(f"the client hung up after {self.heard!r}")
            self.heard += data
        heard, self.heard = self.heard, b""
        return heard

    async def request(self) -> bytes:
        return await self.listen(_complete)

    async def answer(self, body: bytes = YES, *, status: str = "200 OK", length: int | None = None) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body) if length is None else length}\r\n\r\n"
        await asyncio.get_running_loop().sock_sendall(self.sock, head.encode() + body)

    async def hangs_up(self) -> bytes:
        """What the client still says until it closes."""
        return await asyncio.get_running_loop().sock_recv(self.sock, 65536)

    def close(self) -> None:
        self.sock.close()

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


def _complete(heard: bytes) -> bool:
    head, end, body = heard.partition(b"\r\n\r\n")
    lengths = [int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return bool(end) and len(body) >= sum(lengths)


class Server:
    """A listening socket; the test accepts, so it decides the order of everything."""

    def __init__(self, backlog: int = 16) -> None:
        self.sock = socket.create_server(("127.0.0.1", 0), backlog=backlog)
        self.sock.setblocking(False)
        self.port = self.sock.getsockname()[1]
        self.wires: list[Wire] = []

    async def accept(self) -> Wire:
        sock, _ = await asyncio.get_running_loop().sock_accept(self.sock)
        self.wires.append(Wire(sock))
        return self.wires[-1]

    def nobody_else_waits(self) -> bool:
        try:
            self.sock.accept()[0].close()
        except BlockingIOError:
            return True
        return False

    def close(self) -> None:
        for wire in self.wires:
            wire.close()
        self.sock.close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def _no_token_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    gc.collect()  # what was never retrieved or closed is logged when it is collected
    records = [*caplog.get_records("call"), *caplog.records]
    assert [record for record in records if record.name == "asyncio" and record.levelno > logging.DEBUG] == []
    ours = [record for record in records if record.name != "telegram.Bot"]  # logs the address it is given, at DEBUG
    assert [text for text in map(logging.Formatter().format, ours) if "secret" in text.lower()] == []


@pytest.fixture(autouse=True)
def _waits_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it PTB warns of its own deprecation at each flood limit


@asynccontextmanager
async def opened(**settings: Any) -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest(**settings) as transport:
        yield transport


@pytest.fixture
async def transport() -> AsyncIterator[AiohttpRequest]:
    async with opened() as transport:
        yield transport


def bot(transport: AiohttpRequest, port: int, *, scheme: str = "http", host: str = "127.0.0.1") -> Bot:
    """PTB's own client on our transport."""
    return Bot(TOKEN, base_url=f"{scheme}://{host}:{port}/bot", request=transport, get_updates_request=transport)


def chat_action(transport: AiohttpRequest, port: int, **where: str) -> asyncio.Task[bool]:
    """The smallest call: its answer is YES."""
    return asyncio.ensure_future(bot(transport, port, **where).send_chat_action(7, "typing"))


async def asked(transport: AiohttpRequest, server: Server, **where: str) -> tuple[asyncio.Task[bool], Wire]:
    """A call whose request has arrived on a new connection and waits for its answer."""
    call = chat_action(transport, server.port, **where)
    wire = await server.accept()
    await wire.request()
    return call, wire


def call_by(method: str, transport: AiohttpRequest, port: int) -> asyncio.Future[Any]:
    """A call of the Bot API by POST, or a download by GET."""
    if method == "POST":
        return chat_action(transport, port)
    return asyncio.ensure_future(transport.retrieve(f"http://127.0.0.1:{port}/file/bot{TOKEN}/x"))


async def failure(call: Awaitable[object]) -> Exception:
    """What the call raised; in no form does it hold the token."""
    [error] = await asyncio.gather(call, return_exceptions=True)
    assert isinstance(error, Exception)
    assert (error.__cause__, error.__context__) == (None, None)
    shown = ["".join(traceback.format_exception(error)), repr(error), str(error), repr(error.args)]
    assert [text for text in shown if "secret" in text.lower()] == []
    return error


# What goes out and comes in.


async def test_a_call_is_a_json_body_and_its_answer_the_result(transport: AiohttpRequest, server: Server) -> None:
    call = chat_action(transport, server.port)
    wire = await server.accept()
    request = await wire.request()
    await wire.answer()

    assert await call is True
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[0] == f"POST /bot{TOKEN}/sendChatAction HTTP/1.1".encode()
    assert [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-type")] == [
        b"Content-Type: application/json"
    ]
    assert body == b'{"chat_id": "7", "action": "typing"}'


async def test_a_file_goes_out_whole_and_under_its_name_in_chinese(transport: AiohttpRequest) -> None:
    received: list[tuple[str | None, str | None, str | None, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            received.append((part.name, part.filename, part.headers.get("Content-Type"), bytes(await part.read())))
        message = {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}}
        return web.json_response({"ok": True, "result": message})

    content = b"0123456789" * 200_000
    async with web_server(take) as port:
        await bot(transport, port).send_document(7, content, filename="日程.ics", caption="给你")
        await bot(transport, port).send_document(7, io.BytesIO(b"BEGIN"), filename='a "b".ics')

    assert received == [
        ("chat_id", None, "text/plain; charset=utf-8", b"7"),
        ("caption", None, "text/plain; charset=utf-8", "给你".encode()),
        ("document", "日程.ics", "text/calendar", content),
        ("chat_id", None, "text/plain; charset=utf-8", b"7"),
        ("document", 'a "b".ics', "text/calendar", b"BEGIN"),
    ]


async def test_a_download_is_the_bytes(transport: AiohttpRequest, server: Server) -> None:
    call = asyncio.ensure_future(transport.retrieve(f"http://127.0.0.1:{server.port}/file/bot{TOKEN}/a%20b.yaml"))
    wire = await server.accept()
    request = await wire.request()
    await wire.answer(b"\x00\xff")

    assert await call == b"\x00\xff"
    assert request.split(b"\r\n")[0] == f"GET /file/bot{TOKEN}/a%20b.yaml HTTP/1.1".encode()


async def test_many_at_once_share_the_connections_and_each_gets_its_own_answer() -> None:
    async def echo(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": {"name": (await request.json())["language_code"]}})

    async with opened(connections=4) as transport, web_server(echo) as port:
        client = bot(transport, port)
        names = await asyncio.gather(*(client.get_my_name(str(n)) for n in range(100)))

    assert [name.name for name in names] == [str(n) for n in range(100)]


@asynccontextmanager
async def web_server(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[int]:
    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


# Certainly not sent.


async def test_a_name_that_does_not_resolve_is_not_sent(
    transport: AiohttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)

    error = await failure(chat_action(transport, 80, host="api.invalid"))

    assert type(error) is NotSent
    assert str(error) == "Cannot connect to host api.invalid:80 ssl:default [Name or service not known]"


async def test_a_refused_connection_is_not_sent(transport: AiohttpRequest) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        assert type(await failure(chat_action(transport, bound.getsockname()[1]))) is NotSent


async def test_a_connection_that_is_never_made_is_not_sent() -> None:
    full = Server(backlog=0)
    waiting = [socket.socket() for _ in range(3)]
    for sock in waiting:
        sock.setblocking(False)
        sock.connect_ex(("127.0.0.1", full.port))
    async with opened(connect_timeout=SOON) as transport:
        error = await failure(chat_action(transport, full.port))
    for sock in waiting:
        sock.close()
    full.close()
    assert (type(error), str(error)) == (NotSent, "ConnectionTimeoutError")


async def test_no_free_connection_in_time_is_not_sent(server: Server) -> None:
    async with opened(connections=1, pool_timeout=SOON, connect_timeout=SOON) as transport:
        first, wire = await asked(transport, server)

        error = await failure(chat_action(transport, server.port))
        await wire.answer()
        assert await first is True
    assert (type(error), str(error)) == (NotSent, "ConnectionTimeoutError")
    assert await wire.hangs_up() == b""


async def test_failed_tls_is_not_sent(transport: AiohttpRequest, server: Server) -> None:
    call = chat_action(transport, server.port, scheme="https")
    wire = await server.accept()
    await wire.listen(bool)
    await wire.answer(PAGE, status="400 Bad Request")

    assert type(await failure(call)) is NotSent


async def test_tls_cut_in_its_handshake_is_not_sent(transport: AiohttpRequest, server: Server) -> None:
    call = chat_action(transport, server.port, scheme="https")
    wire = await server.accept()
    await wire.listen(bool)
    wire.reset()

    assert type(await failure(call)) is NotSent


async def test_a_server_that_closes_at_once_is_not_sent(transport: AiohttpRequest, server: Server) -> None:
    loop = asyncio.get_running_loop()

    def slam() -> None:
        server.sock.accept()[0].close()

    loop.add_reader(server.sock, slam)

    error = await failure(chat_action(transport, server.port))

    loop.remove_reader(server.sock)
    assert type(error) is NotSent


@pytest.mark.parametrize("end", [Wire.close, Wire.reset])
@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    "moment",
    [
        "before the call",
        pytest.param(
            "before its first byte",
            marks=pytest.mark.skipif(sys.version_info >= (3, 12), reason="aiohttp writes at once there"),
        ),
    ],
)
async def test_a_kept_connection_found_closed_is_not_sent_and_the_next_call_makes_a_new_one(
    transport: AiohttpRequest, server: Server, moment: str, method: str, end: Callable[[Wire], None]
) -> None:
    first = call_by(method, transport, server.port)
    wire = await server.accept()
    await wire.request()
    await wire.answer()
    await first

    if moment == "before the call":
        end(wire)  # the event loop has no turn to notice it
        second = call_by(method, transport, server.port)
    else:
        second = call_by(method, transport, server.port)
        asyncio.get_running_loop().call_soon(end, wire)  # only the kernel knows it when the writing begins
    assert type(await failure(second)) is NotSent
    assert server.nobody_else_waits()

    third = call_by(method, transport, server.port)
    wire = await server.accept()
    await wire.request()
    await wire.answer()
    await third


async def test_a_kept_connection_seen_to_close_is_replaced_in_silence(
    transport: AiohttpRequest, server: Server
) -> None:
    for _ in range(2):
        call, wire = await asked(transport, server)
        await wire.answer()
        assert await call is True
        wire.close()
        await asyncio.get_running_loop().run_in_executor(None, int)  # the loop turns


async def test_words_nobody_asked_for_are_never_the_answer_to_the_next_call(
    transport: AiohttpRequest, server: Server
) -> None:
    first, wire = await asked(transport, server)
    await wire.answer()
    await first
    await wire.answer(b'{"ok":true,"result":"stale"}')
    await asyncio.get_running_loop().run_in_executor(None, int)

    assert type(await failure(chat_action(transport, server.port))) is NotSent


async def test_a_malformed_address_is_not_sent(transport: AiohttpRequest) -> None:
    assert type(await failure(chat_action(transport, 99_999))) is NotSent


# Behind a proxy.


async def test_a_proxy_that_cannot_be_reached_is_not_sent() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        async with opened(proxy=f"http://me:secret@127.0.0.1:{bound.getsockname()[1]}") as transport:
            assert type(await failure(chat_action(transport, 443, scheme="https", host="api.invalid"))) is NotSent


async def test_a_proxy_that_refuses_the_tunnel_is_not_sent(server: Server) -> None:
    async with opened(proxy=f"http://me:secret@127.0.0.1:{server.port}") as transport:
        call = chat_action(transport, 443, scheme="https", host="api.invalid")
        wire = await server.accept()
        request = await wire.request()
        await wire.answer(PAGE, status="407 Proxy Authentication Required")

        error = await failure(call)

    assert (type(error), str(error)) == (NotSent, "the proxy answered 407")
    assert request.split(b"\r\n")[0] == b"CONNECT api.invalid:443 HTTP/1.1"


async def test_a_proxy_that_drops_the_tunnel_is_not_sent(server: Server) -> None:
    async with opened(proxy=f"http://127.0.0.1:{server.port}") as transport:
        call, wire = await asked(transport, server, **BEHIND)
        wire.close()

        assert type(await failure(call)) is NotSent


async def test_a_proxy_that_never_answers_is_not_sent(server: Server) -> None:
    async with opened(proxy=f"http://127.0.0.1:{server.port}", connect_timeout=SOON, pool_timeout=SOON) as transport:
        call, _ = await asked(transport, server, **BEHIND)

        assert type(await failure(call)) is NotSent


def test_a_socks_proxy_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="http://"):
        AiohttpRequest(proxy="socks5://127.0.0.1:1080")


async def test_the_proxy_of_the_environment_is_not_used(
    transport: AiohttpRequest, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    call, wire = await asked(transport, server)
    await wire.answer()
    assert await call is True


# Written, and no complete answer.


async def test_a_server_that_closes_without_reading_leaves_doubt(transport: AiohttpRequest, server: Server) -> None:
    call = chat_action(transport, server.port)
    wire = await server.accept()
    arrived = asyncio.Event()
    asyncio.get_running_loop().add_reader(wire.sock, arrived.set)
    await arrived.wait()
    asyncio.get_running_loop().remove_reader(wire.sock)
    wire.close()

    assert type(await failure(call)) is Doubtful
    assert server.nobody_else_waits()


@pytest.mark.parametrize("end", [Wire.close, Wire.reset])
async def test_a_connection_cut_after_the_headers_leaves_doubt(
    transport: AiohttpRequest, server: Server, end: Callable[[Wire], None]
) -> None:
    call = chat_action(transport, server.port)
    wire = await server.accept()
    await wire.listen(lambda heard: b"\r\n\r\n" in heard)
    end(wire)

    assert type(await failure(call)) is Doubtful
    assert server.nobody_else_waits()


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("kept", [False, True])
async def test_a_request_taken_and_not_answered_leaves_doubt_and_is_sent_once(
    transport: AiohttpRequest, server: Server, method: str, kept: bool
) -> None:
    if kept:
        first, wire = await asked(transport, server)
        await wire.answer()
        await first

    call = call_by(method, transport, server.port)
    wire = server.wires[0] if kept else await server.accept()
    await wire.request()
    wire.close()

    assert type(await failure(call)) is Doubtful
    assert server.nobody_else_waits()


async def test_half_an_answer_leaves_doubt(transport: AiohttpRequest, server: Server) -> None:
    call, wire = await asked(transport, server)
    await wire.answer(YES[:10], length=len(YES))
    wire.close()

    assert type(await failure(call)) is Doubtful


async def test_an_answer_that_is_no_http_leaves_doubt(transport: AiohttpRequest, server: Server) -> None:
    call, wire = await asked(transport, server)
    await asyncio.get_running_loop().sock_sendall(wire.sock, f"bot{TOKEN}?\r\n\r\n".encode())

    assert type(await failure(call)) is Doubtful


@pytest.mark.parametrize("answer", [PAGE, b"[]", b"{}", b'{"ok":true}', TOKEN.encode()])
async def test_a_yes_without_sense_leaves_doubt(transport: AiohttpRequest, server: Server, answer: bytes) -> None:
    call, wire = await asked(transport, server)
    await wire.answer(answer)

    assert type(await failure(call)) is Doubtful


async def test_an_answer_that_comes_too_late_leaves_doubt_and_answers_nothing_else(server: Server) -> None:
    async with opened(read_timeout=SOON) as transport:
        call = chat_action(transport, server.port)
        late = await server.accept()
        await late.request()
        error = await failure(call)
        await late.answer(b'{"ok":true,"result":"late"}')

        second, wire = await asked(transport, server)
        await wire.answer()
        assert await second is True

    assert type(error) is DoubtfulTimeout
    assert (isinstance(error, TimedOut), isinstance(error, Doubtful)) == (True, True)


async def test_half_an_answer_and_then_silence_is_a_timeout(server: Server) -> None:
    async with opened(read_timeout=SOON) as transport:
        call, wire = await asked(transport, server)
        await wire.answer(YES[:10], length=len(YES))

        assert type(await failure(call)) is DoubtfulTimeout


async def test_the_timeouts_of_a_call_win_over_those_of_the_transport(server: Server) -> None:
    async with opened(read_timeout=None) as transport:
        call = asyncio.ensure_future(bot(transport, server.port).send_chat_action(7, "typing", read_timeout=SOON))
        await (await server.accept()).request()

        assert type(await failure(call)) is DoubtfulTimeout
        assert transport.read_timeout is None


async def test_an_upload_cut_in_the_middle_leaves_doubt(transport: AiohttpRequest, server: Server) -> None:
    call = bot(transport, server.port).send_document(7, bytes(2**24))
    upload = asyncio.ensure_future(call)
    wire = await server.accept()
    await wire.listen(lambda heard: len(heard) > 2**20)
    wire.reset()

    assert type(await failure(upload)) is Doubtful


async def test_a_file_that_cannot_be_read_fails_without_the_address(transport: AiohttpRequest, server: Server) -> None:
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

    document = InputFile(Broken(b"BEGIN"), filename="a.ics", read_file_handle=False)
    upload = asyncio.ensure_future(bot(transport, server.port).send_document(7, document))
    await server.accept()

    error = await failure(upload)

    assert (type(error), str(error)) == (Doubtful, "ClientOSError: Input/output error")


async def test_an_upload_that_nobody_takes_is_a_timeout(server: Server) -> None:
    async with opened(media_write_timeout=SOON) as transport:
        upload = asyncio.ensure_future(bot(transport, server.port).send_document(7, bytes(2**24)))
        await server.accept()

        assert type(await failure(upload)) is DoubtfulTimeout


# Answered.


@pytest.mark.parametrize(
    ("status", "body", "text"),
    [
        ("500 Internal Server Error", PAGE, "500 Internal Server Error"),
        ("502 Bad Gateway", PAGE, "502 Bad Gateway"),
        ("599 Hm", TOKEN.encode(), "599 unknown status"),
        ("504 Gateway Timeout", b'{"ok":false,"error_code":504,"description":"restart"}', "504 restart"),
        ("302 Found\r\nLocation: /elsewhere", b"", "302 Found"),
        ("403 Forbidden", PAGE, "403 Forbidden"),
        ("404 Not Found", PAGE, "404 Not Found"),
        ("409 Conflict", b'["ok"]', "409 Conflict"),
    ],
)
async def test_an_answer_that_is_not_telegrams_word_is_told_apart(
    transport: AiohttpRequest, server: Server, status: str, body: bytes, text: str
) -> None:
    call, wire = await asked(transport, server)
    await wire.answer(body, status=status)

    error = await failure(call)

    assert (type(error), str(error)) == (Answered, text)
    assert in_doubt(error) is (status[0] == "5")
    assert server.nobody_else_waits()


@pytest.mark.parametrize(
    ("status", "parameters", "kind"),
    [
        (400, "", BadRequest),
        (401, "", InvalidToken),
        (403, "", Forbidden),
        (404, "", InvalidToken),
        (409, "", Conflict),
        (429, ',"parameters":{"retry_after":7}', RetryAfter),
        (400, ',"parameters":{"migrate_to_chat_id":-100}', ChatMigrated),
    ],
)
async def test_what_the_bot_api_refuses_is_ptbs_error(
    transport: AiohttpRequest, server: Server, status: int, parameters: str, kind: type[Exception]
) -> None:
    call, wire = await asked(transport, server)
    refusal = f'{{"ok":false,"error_code":{status},"description":"no"{parameters}}}'
    await wire.answer(refusal.encode(), status=f"{status} No")

    error = await failure(call)

    assert (type(error), in_doubt(error)) == (kind, False)


async def test_the_wait_of_a_flood_limit_is_kept(transport: AiohttpRequest, server: Server) -> None:
    call, wire = await asked(transport, server)
    body = b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}'
    await wire.answer(body, status="429 Too Many Requests")

    error = await failure(call)

    assert isinstance(error, RetryAfter)
    assert error.retry_after == timedelta(seconds=7)


def test_only_what_was_written_and_not_answered_for_certain_is_in_doubt() -> None:
    errors = [NotSent("x"), Doubtful("x"), DoubtfulTimeout("x"), Answered(500), Answered(404), BadRequest("x")]
    assert [in_doubt(error) for error in errors] == [False, True, True, True, False, False]


# Opening and closing.


async def test_a_transport_that_is_not_open_sends_nothing(server: Server) -> None:
    transport = AiohttpRequest()
    assert type(await failure(chat_action(transport, server.port))) is NotSent
    await transport.initialize()
    await transport.initialize()
    await transport.shutdown()
    await transport.shutdown()
    assert type(await failure(chat_action(transport, server.port))) is NotSent
    assert server.nobody_else_waits()


async def test_closing_ends_what_is_under_way_and_what_waits(server: Server) -> None:
    async with opened(connections=1) as transport:
        under_way, _ = await asked(transport, server)
        waiting = chat_action(transport, server.port)
        await asyncio.get_running_loop().run_in_executor(None, int)  # it has begun to wait

    assert type(await failure(under_way)) is Doubtful
    assert type(await failure(waiting)) is NotSent


async def test_a_call_cancelled_by_its_caller_is_cancelled(transport: AiohttpRequest, server: Server) -> None:
    call, wire = await asked(transport, server)
    call.cancel()

    with pytest.raises(asyncio.CancelledError):
        await call
    assert await wire.hangs_up() == b""


async def test_a_transport_opens_again(server: Server) -> None:
    transport = AiohttpRequest()
    for _ in range(2):
        async with transport:
            call, wire = await asked(transport, server)
            await wire.answer()
            assert await call is True
