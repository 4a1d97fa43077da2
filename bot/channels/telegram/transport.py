"""Requests to the Bot API over aiohttp, with exact errors: certainly not sent, perhaps sent, answered.

Every failure is one of these; nothing else leaves `do_request`:

| raised | what is known | for a notice |
| --- | --- | --- |
| `NotSent` | no byte of the request left this process | send again, no doubt |
| `Doubtful`, `DoubtfulTimeout` | bytes left, no complete answer came | in doubt |
| `Answered` from 500 | a server had the request and broke | in doubt: Telegram may have accepted it |
| `Answered` below 500 | something between us and Telegram refused it | not accepted |
| PTB's own (`BadRequest`, `Forbidden`, `RetryAfter`, …) | the Bot API said no | not accepted |

A call that is cancelled from outside is in doubt too, and only the caller knows that.

aiohttp has no event for "the first byte was written": its `on_request_headers_sent` fires while the headers are only
buffered. So the body of every request, even the empty one of a GET, is a payload of ours, which aiohttp asks to write
itself at exactly that moment. It also keeps aiohttp from silently sending a GET twice: one call is one attempt.

The token is part of every URL, and aiohttp's errors quote URLs, so no error of aiohttp's is chained, quoted or logged.
"""

import asyncio
import errno
import io
import json
import os
import select
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from aiohttp.client_proto import ResponseHandler
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

KEPT_ALIVE = 30.0
"""Seconds an idle connection is kept; shorter than servers and address translators usually do."""

_HUNG_UP = getattr(select, "POLLRDHUP", 0)  # Linux names a peer that has closed; elsewhere only errors are seen early


class NotSent(NetworkError):  # noqa: N818 - the outcome is its name, as it is in PTB's own classes
    """Certainly no byte of the request was written: it may be sent again without any doubt."""


class Doubtful(NetworkError):  # noqa: N818 - as above
    """The request was written at least in part and no complete answer came: it may have taken effect or not."""


class DoubtfulTimeout(Doubtful, TimedOut):
    """Doubtful because the time ran out, while writing or while waiting for the answer."""


class Answered(NetworkError):  # noqa: N818 - as above
    """An HTTP answer that is not the Bot API's yes or no: any 5xx, or a 3xx or 4xx in another form than its JSON.

    Kept from PTB because it would read a proxy's page with status 403 as a user who blocked the bot, and one with
    status 404 as a wrong token.
    """

    def __init__(self, status: int, description: str | None = None) -> None:
        self.status = status
        super().__init__(f"{status} {description or _phrase(status)}")


def in_doubt(error: BaseException) -> bool:
    """Whether a request that failed with this error may have taken effect."""
    return isinstance(error, Doubtful) or (isinstance(error, Answered) and error.status >= 500)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Parameters whose JSON is written already: what a crowd is told is the same but for the chat.

    Stands in for PTB's RequestData, which is final and which PTB only hands through to us.
    """

    json_payload: bytes
    contains_files: Literal[False] = False


class AiohttpRequest(BaseRequest):
    """PTB's request layer on one aiohttp session; open between `initialize` and `shutdown`.

    Timeouts are seconds, None for no limit; PTB's calls may give their own. `pool_timeout` is the wait for one of
    `connections`; it and `connect_timeout` (name resolution, TCP, a proxy's answer and TLS) share their sum.
    `read_timeout` is the longest silence of the server once the request is written. `write_timeout` and, with files,
    `media_write_timeout` are for the whole body. A file handle is read once and closed.

    `proxy` is an http:// or https:// URL, which may hold user and password; the environment's proxies are not used.
    """

    def __init__(
        self,
        connections: int = 64,
        connect_timeout: float | None = 5.0,
        read_timeout: float | None = 10.0,
        proxy: str | None = None,
        *,
        pool_timeout: float | None = 5.0,
        write_timeout: float | None = 10.0,
        media_write_timeout: float | None = 60.0,
    ) -> None:
        """Raises ValueError when the proxy is of a kind that aiohttp does not speak, such as SOCKS."""
        if proxy is not None and urlsplit(proxy).scheme not in {"http", "https"}:
            raise ValueError("the proxy must be an http:// or https:// URL")
        self._connections = connections
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._proxy = proxy
        self._pool_timeout = pool_timeout
        self._write_timeout = write_timeout
        self._media_write_timeout = media_write_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEPT_ALIVE),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=self._proxy,
                trust_env=False,
            )

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of an answer in the Bot API's form, or of any answer with a status of 2xx.

        Raises NotSent, Doubtful and Answered.
        """
        if self._session is None:
            raise NotSent("the transport is not open")
        with_files = request_data is not None and request_data.contains_files
        body = _Body(
            _encoded(method, request_data),
            timeout=_seconds(write_timeout, self._media_write_timeout if with_files else self._write_timeout),
        )
        connect = _seconds(connect_timeout, self._connect_timeout)
        pool = _seconds(pool_timeout, self._pool_timeout)
        timeout = aiohttp.ClientTimeout(
            connect=None if connect is None or pool is None else connect + pool,
            sock_connect=connect,
            sock_read=_seconds(read_timeout, self._read_timeout),
        )
        try:
            async with self._session.request(
                method, url, data=body, timeout=timeout, allow_redirects=False
            ) as response:
                status, payload = response.status, await response.read()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # A connector that closes cancels whoever waits for a connection, as if their task were to end.
            failure: TelegramError | None = NotSent("the transport was closed")
        except Exception as error:  # noqa: BLE001 - whatever it is, its text may hold the URL, and PTB would quote it
            failure = _failure(error, begun=body.begun)
        else:
            failure = _refusal(status, payload) if body.begun else NotSent("answered before it was asked")
        if failure is not None:
            raise failure  # outside the handlers, so that it has no context with the URL in it
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The Bot API's answer as an object; raises Doubtful when it is none.

        PTB's own writes what it could not parse to the log; a page of a proxy may show the URL.
        """
        answer = _parsed(payload)
        if answer is None:
            raise Doubtful("the answer is not the Bot API's")
        return answer


class _Body(aiohttp.Payload):
    """The body of one request, which knows whether its writing has begun."""

    def __init__(self, content: aiohttp.Payload, *, timeout: float | None) -> None:
        super().__init__(content, headers=content.headers)
        self._content = content
        self._timeout = timeout
        self.begun = False

    @property
    def size(self) -> int | None:
        return self._content.size

    @property
    def consumed(self) -> bool:
        return True  # aiohttp sends an idempotent request again by itself unless its body is used up

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self._content.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        await self.write_with_length(writer, None)

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        """Write the headers, which aiohttp has kept back until now, and the body."""
        transport = writer.transport
        if transport is None or transport.is_closing() or _has_spoken(transport) or _has_hung_up(transport):
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        self.begun = True
        try:
            async with asyncio.timeout(self._timeout):
                await self._content.write_with_length(writer, content_length)
        except TimeoutError:
            transport.abort()  # closing would wait for ever for the peer to take what is still buffered
            raise

    async def close(self) -> None:
        await self._content.close()


def _has_spoken(transport: asyncio.WriteTransport) -> bool:
    """Whether the peer said something unasked on an idle connection, which aiohttp would take for the next answer."""
    protocol = transport.get_protocol()
    return isinstance(protocol, ResponseHandler) and protocol.should_close


def _has_hung_up(transport: asyncio.WriteTransport) -> bool:
    """Whether the kernel knows that the peer has closed, though the event loop has not come to hear of it."""
    poll = select.poll()
    poll.register(transport.get_extra_info("socket").fileno(), _HUNG_UP)  # errors and hang-ups need no asking
    return bool(poll.poll(0))


def _encoded(method: str, data: RequestData | Prepared | None) -> aiohttp.Payload:
    """Multipart when there are files; JSON otherwise, which costs a fifteenth of a form when the text is Chinese."""
    if data is None or method == "GET":
        return aiohttp.BytesPayload(b"")
    if not data.contains_files:
        return aiohttp.BytesPayload(data.json_payload, content_type="application/json")
    form = aiohttp.FormData(quote_fields=False)  # file names as UTF-8, which is what the Bot API reads
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=filename, content_type=mime)
    return form()


def _seconds(given: object, default: float | None) -> float | None:
    """What the call gives, None included, unless it is PTB's mark for nothing given."""
    return given if given is None or isinstance(given, int | float) else default


def _failure(error: Exception, *, begun: bool) -> TelegramError:
    reason = _reason(error)
    if not begun:
        return NotSent(reason)
    return DoubtfulTimeout(reason) if isinstance(error, TimeoutError) else Doubtful(reason)


def _reason(error: Exception) -> str:
    """What happened, from parts that cannot hold a URL: a class, a host and port, a status, the system's words."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return str(error)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return f"the proxy answered {error.status}"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{type(error).__name__}: {os.strerror(error.errno)}"
    return type(error).__name__


def _refusal(status: int, payload: bytes) -> Answered | None:
    """None when PTB is to read the answer: all that came with 2xx, and the Bot API's own 3xx and 4xx."""
    if 200 <= status <= 299:
        return None
    answer = _parsed(payload)
    if answer is None:
        return Answered(status)
    return Answered(status, answer.get("description")) if status >= 500 else None


def _parsed(payload: bytes) -> dict[str, Any] | None:
    """An answer in the Bot API's form: an object with `ok`, and `result` when that is true."""
    try:
        answer = json.loads(payload.decode("utf-8", "replace"))
    except ValueError:
        return None
    if not isinstance(answer, dict) or not ("result" in answer or answer.get("ok") is False):
        return None
    return answer


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"
