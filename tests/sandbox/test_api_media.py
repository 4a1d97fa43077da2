import io
import struct

import aiohttp
import pytest

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def png(width, height):
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0"


def jpeg(width, height):
    frame = b"\xff\xc0\0\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\0" * 9
    return b"\xff\xd8\xff\xe0\0\x04JF" + frame + b"\xff\xd9"


@pytest.fixture
def upload(box, session):
    async def call(method, **params):
        form = aiohttp.FormData()
        for name, value in params.items():
            if isinstance(value, bytes):
                form.add_field(name, io.BytesIO(value), filename="a.ics", content_type="text/calendar")
            else:
                form.add_field(name, str(value))
        async with session.post(f"{box.url}/bot{box.token}/{method}", data=form) as response:
            body = await response.json()
        return body["result"] if body["ok"] else (body["error_code"], body["description"])

    return call


async def test_a_document_can_be_fetched_and_sent_again(box, api, an, upload, session):
    message = await upload("sendDocument", chat_id=an.id, document=CALENDAR, caption="<b>Yours</b>", parse_mode="HTML")

    document = message["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == ("a.ics", "text/calendar", 32)
    assert (message["caption"], message["caption_entities"]) == (
        "Yours",
        [{"type": "bold", "offset": 0, "length": 5}],
    )
    found = await api("getFile", file_id=document["file_id"])
    async with session.get(f"{box.url}/file/bot{box.token}/{found['file_path']}") as response:
        assert await response.read() == CALENDAR
    async with session.get(f"{box.url}/file/bot1:x/{found['file_path']}") as response:
        assert response.status == 404
    again = await api("sendDocument", chat_id=an.id, document=document["file_id"])
    assert again["document"] == document


async def test_an_attached_file_is_found_by_its_name(an, upload):
    message = await upload("sendDocument", chat_id=an.id, document="attach://calendar", calendar=CALENDAR)
    assert message["document"]["file_size"] == 32


@pytest.mark.parametrize(("picture", "size"), [(png(640, 480), (640, 480)), (jpeg(800, 600), (800, 600))])
async def test_a_photo_has_its_size(an, upload, picture, size):
    message = await upload("sendPhoto", chat_id=an.id, photo=picture)
    assert [(photo["width"], photo["height"]) for photo in message["photo"]] == [size]


async def test_what_is_no_photo_is_refused(an, upload):
    async def send(photo):
        return await upload("sendPhoto", chat_id=an.id, photo=photo)

    assert await send(CALENDAR) == (400, "Bad Request: IMAGE_PROCESS_FAILED")
    assert await send(png(9000, 2000)) == (400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    assert await send(png(2100, 100)) == (400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    assert await send(png(1, 1) + b"\0" * 10 * 1024 * 1024) == (413, "Request Entity Too Large")


async def test_files_that_are_not_there_are_refused(api, an, upload):
    async def send(document):
        return await api("sendDocument", chat_id=an.id, document=document)

    assert await send("nothing") == (400, "Bad Request: wrong file identifier/HTTP URL specified")
    assert await send("https://x.org/a.pdf") == (400, "Bad Request: failed to get HTTP URL content")
    assert await api("getFile", file_id="nothing") == (400, "Bad Request: invalid file_id")
    assert await upload("sendDocument", chat_id=an.id, document=b"") == (400, "Bad Request: file must be non-empty")


async def test_a_caption_has_1024_units_at_most_and_can_be_edited(box, api, an, upload):
    too_long = (400, "Bad Request: message caption is too long")
    assert await upload("sendDocument", chat_id=an.id, document=CALENDAR, caption="😀" * 513) == too_long
    message = await upload("sendDocument", chat_id=an.id, document=CALENDAR, caption="😀" * 512)
    which = {"chat_id": an.id, "message_id": message["message_id"]}
    assert await api("editMessageCaption", **which, caption="好" * 1025) == too_long
    await api("editMessageCaption", **which, caption="<i>short</i>", parse_mode="HTML")
    assert [(m.text, m.entities) for m in box.messages(an)] == [
        ("short", ({"type": "italic", "offset": 0, "length": 5},))
    ]
    words = await api("sendMessage", chat_id=an.id, text="x")
    assert await api("editMessageCaption", chat_id=an.id, message_id=words["message_id"], caption="y") == (
        400,
        "Bad Request: there is no caption in the message to edit",
    )


async def test_a_venue_is_a_place_with_a_name(api, an):
    hall = {"chat_id": an.id, "latitude": 39.9, "longitude": 116.4, "title": "Hall", "address": "Beijing"}
    assert (await api("sendVenue", **hall))["venue"] == {
        "location": {"latitude": 39.9, "longitude": 116.4},
        "title": "Hall",
        "address": "Beijing",
    }
    assert await api("sendVenue", **hall | {"latitude": 91}) == (400, "Bad Request: wrong venue location specified")
    assert await api("sendVenue", **hall | {"title": " "}) == (400, "Bad Request: venue title must be non-empty")
