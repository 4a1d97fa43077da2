"""The page itself: its files, the pictures and documents shown in it, and what a browser is told to allow it."""

from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.state import World

FOLDER = Path(__file__).parent / "page"
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
ALLOWED = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    # The browser itself refuses innerHTML and its kin: what the bot says can only ever become text.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)
HEADERS = {
    "Content-Security-Policy": "; ".join(ALLOWED),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
PICTURES = {"image/png", "image/jpeg"}
"""What is shown in place; every other file is handed over to be saved."""


def add_page(app: web.Application, world: World) -> None:
    """Add the page to the server's application."""

    async def index(_: web.Request) -> web.Response:
        return _file("index.html")

    async def part(request: web.Request) -> web.Response:
        return _file(request.match_info["name"])

    async def shown(request: web.Request) -> web.Response:
        stored = world.files.get(request.match_info["file"])
        if stored is None:
            raise web.HTTPNotFound
        picture = stored.size is not None and stored.content_type in PICTURES
        kind = stored.content_type if picture else "application/octet-stream"
        answer = web.Response(body=stored.data, headers=HEADERS, content_type=kind)
        if not picture:
            answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}"
        return answer

    app.router.add_get("/", index)
    app.router.add_get("/page/{name}", part)
    app.router.add_get("/sandbox/files/{file}", shown)


def _file(name: str) -> web.Response:
    """A file of the page, read anew each time so that working on it needs no restart."""
    path = FOLDER / name
    if path.suffix not in TYPES or path.parent != FOLDER or not path.is_file():
        raise web.HTTPNotFound
    return web.Response(body=path.read_bytes(), headers=HEADERS, content_type=TYPES[path.suffix], charset="utf-8")
