"""Documents, pictures and places, and fetching files back."""

import struct

from bot.sandbox.methods.messages import captioned, sent
from bot.sandbox.methods.registry import method
from bot.sandbox.parameters import Upload
from bot.sandbox.refusal import Json, Refusal, bad_request
from bot.sandbox.state import StoredFile, World

DOCUMENT_BYTES = 50 * 1024 * 1024
PHOTO_BYTES = 10 * 1024 * 1024
PHOTO_SIDES = 10_000
"""Width and height of a photo together, at most; and one side is at most 20 times the other."""


@method
def send_document(world: World, p: Json) -> Json:
    """core.telegram.org/bots/api#senddocument."""
    chat = world.writable(p["chat_id"])
    content = captioned(world, p)
    stored = _stored(world, p["document"], DOCUMENT_BYTES)
    document = {
        "file_name": stored.name,
        "mime_type": stored.content_type,
        **_file(stored),
        "file_size": len(stored.data),
    }
    return sent(world, chat, {"document": document, **content}, p)


@method
def send_photo(world: World, p: Json) -> Json:
    """core.telegram.org/bots/api#sendphoto. PNG and JPEG."""
    chat = world.writable(p["chat_id"])
    content = captioned(world, p)
    stored = _stored(world, p["photo"], PHOTO_BYTES)
    stored.size = stored.size or picture_size(stored.data)
    if stored.size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = stored.size
    if width + height > PHOTO_SIDES or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    photo = [{**_file(stored), "width": width, "height": height, "file_size": len(stored.data)}]
    return sent(world, chat, {"photo": photo, **content}, p)


@method
def send_venue(world: World, p: Json) -> Json:
    """core.telegram.org/bots/api#sendvenue."""
    chat = world.writable(p["chat_id"])
    if not (-90 <= p["latitude"] <= 90 and -180 <= p["longitude"] <= 180):
        raise bad_request("wrong venue location specified")
    for name in ("title", "address"):
        if not p[name].strip():
            raise bad_request(f"venue {name} must be non-empty")
    location = {"latitude": float(p["latitude"]), "longitude": float(p["longitude"])}
    venue = {"location": location, "title": p["title"], "address": p["address"]}
    return sent(world, chat, {"venue": venue, "location": location}, p)


@method
def get_file(world: World, p: Json) -> Json:
    """core.telegram.org/bots/api#getfile; the path is served under /file/bot<token>/."""
    stored = world.files.get(p["file_id"])
    if stored is None:
        raise bad_request("invalid file_id")
    return {**_file(stored), "file_size": len(stored.data), "file_path": f"files/{stored.id}"}


def _file(stored: StoredFile) -> Json:
    return {"file_id": stored.id, "file_unique_id": f"u{stored.id}"}


def _stored(world: World, source: Upload | str, limit: int) -> StoredFile:
    """The file of an upload, or one that was sent before."""
    if isinstance(source, str):
        if source.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        if source not in world.files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return world.files[source]
    if not source.data:
        raise bad_request("file must be non-empty")
    if len(source.data) > limit:
        raise Refusal(413, "")
    stored = StoredFile(f"BQACAgUAAx{len(world.files) + 1:06}", source.name, source.content_type, source.data)
    world.files[stored.id] = stored
    return stored


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG in pixels; None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    at = 2 if data.startswith(b"\xff\xd8") else len(data)
    # A JPEG is a row of segments; the frame header (SOF0 … SOF15 but for DHT, JPG, DAC) has the size.
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
