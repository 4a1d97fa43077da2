"""Who may use the sandbox through a browser: its own page, and no other site that happens to be open.

A program on this machine sends no Origin and is let through. A site elsewhere can make a visitor's browser ask things
here, and the browser says so in Origin and Sec-Fetch-Site. With DNS rebinding a site's own name leads to this machine,
and then it is the Host header that gives it away.
"""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

BOT_API = ("/bot", "/file/bot")
"""What bots ask, by any name a proxy may know; who asks it knows the token."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guard(bound: str) -> Middleware:
    """The middleware of a server that listens on the address `bound`."""

    @web.middleware
    async def watched(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(BOT_API) and not is_ours(request.host, bound):
            raise web.HTTPForbidden(text="this address is not the sandbox's own\n")
        if request.path.startswith("/sandbox/") and not _is_same_site(request):
            raise web.HTTPForbidden(text="only the sandbox's own page may ask this\n")
        return await handler(request)

    return watched


def is_ours(host: str, bound: str) -> bool:
    """Whether a Host header names this server: this machine, the address it is bound to, or a number if that is any."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name in ("localhost", bound.lower()):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or _is_any(bound)


def _is_any(bound: str) -> bool:
    try:
        return ip_address(bound).is_unspecified
    except ValueError:
        return False


def _is_same_site(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        return False
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
