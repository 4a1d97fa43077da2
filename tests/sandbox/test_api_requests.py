import json

import aiohttp
import pytest

SENT = {"chat_id": 1001, "text": "hello"}


async def answer(response):
    async with response as got:
        return got.status, await got.json()


async def test_a_wrong_token_is_unauthorized(box, session):
    assert await answer(session.post(f"{box.url}/bot110201543:wrong/getMe")) == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )


@pytest.mark.parametrize("path", ["botwrong/getMe", "bot:/getMe", "bot1/getMe", "bot", "bot110201543:x/a/b"])
async def test_what_cannot_be_a_token_is_not_found(box, session, path):
    assert await answer(session.post(f"{box.url}/{path}")) == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found"},
    )


async def test_an_unknown_method_is_not_found(api):
    assert await api("sendMesage", chat_id=1, text="x") == (404, "Not Found")


async def test_a_method_of_the_bot_api_that_the_sandbox_lacks_says_so(api):
    assert await api("sendDice", chat_id=1) == (501, "Not Implemented: the sandbox does not serve this method")


async def test_a_method_is_read_in_any_case(api):
    assert (await api("GETME"))["username"] == "YichengBot"


@pytest.mark.parametrize("way", ["query by GET", "query by POST", "form", "json", "multipart"])
async def test_parameters_come_in_every_way_telegram_reads(box, an, session, way):
    url = f"{box.url}/bot{box.token}/sendMessage"
    words = {
        **SENT,
        "chat_id": str(an.id),
        "reply_markup": json.dumps({"inline_keyboard": []}),
        "protect_content": "true",
    }
    match way:
        case "query by GET":
            request = session.get(url, params=words)
        case "query by POST":
            request = session.post(url, params=words)
        case "form":
            request = session.post(url, data=words)
        case "json":
            request = session.post(url, json={**SENT, "reply_markup": {"inline_keyboard": []}, "protect_content": True})
        case _:
            with aiohttp.MultipartWriter("form-data") as parts:
                for name, value in words.items():
                    parts.append(value).set_content_disposition("form-data", name=name)
            request = session.post(url, data=parts)

    status, body = await answer(request)

    assert (status, body["result"]["text"], body["result"]["has_protected_content"]) == (200, "hello", True)


@pytest.mark.parametrize(
    ("method", "params", "sentence"),
    [
        ("sendMessage", {"chat_id": 1001}, "message text is empty"),
        ("sendMessage", {"chat_id": 1001, "text": ""}, "message text is empty"),
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": "", "text": "x"}, "chat_id is empty"),
        ("sendMessage", SENT | {"txet": "x"}, 'unknown parameter "txet" of sendMessage'),
        ("sendMessage", SENT | {"text": 5}, 'parameter "text" must be of type String'),
        ("sendMessage", SENT | {"chat_id": True}, 'parameter "chat_id" must be of type Integer or String'),
        ("sendMessage", SENT | {"protect_content": "yes"}, 'parameter "protect_content" must be of type Boolean'),
        ("sendMessage", SENT | {"entities": {}}, 'parameter "entities" must be an Array'),
        ("sendMessage", SENT | {"entities": [{"type": "bold", "offset": 0}]}, "can't parse entities JSON object"),
        ("sendMessage", SENT | {"reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ("sendMessage", SENT | {"reply_markup": {}}, "can't parse reply keyboard markup JSON object"),
        (
            "sendMessage",
            SENT | {"reply_markup": {"inline_keyboard": [[{"text": "x", "callbackdata": "x"}]]}},
            'unknown field "callbackdata" of InlineKeyboardButton',
        ),
        ("getUpdates", {"limit": "ten"}, 'parameter "limit" must be of type Integer'),
        ("getUpdates", {"timeout": 1.5}, 'parameter "timeout" must be of type Integer'),
        ("deleteMessage", {"chat_id": 1001}, "message identifier is not specified"),
        ("sendVenue", {"chat_id": 1001, "title": "x", "address": "x"}, 'parameter "latitude" is required by sendVenue'),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat"}}, "can't parse BotCommandScope JSON object"),
        ("setMyCommands", {"commands": [], "scope": {"type": "nobody"}}, "can't parse BotCommandScope JSON object"),
        ("sendDocument", {"chat_id": 1001}, "there is no document in the request"),
    ],
)
@pytest.mark.usefixtures("an")
async def test_parameters_are_checked_against_the_table(api, method, params, sentence):
    assert await api(method, **params) == (400, f"Bad Request: {sentence}")


async def test_a_body_that_is_no_json_object_is_refused(box, session):
    headers = {"Content-Type": "application/json"}
    request = session.post(f"{box.url}/bot{box.token}/getMe", data="[1]", headers=headers)
    assert await answer(request) == (
        400,
        {"ok": False, "error_code": 400, "description": "Bad Request: can't parse request body as JSON object"},
    )


async def test_a_file_nobody_asked_for_is_refused(box, an, session):
    data = aiohttp.FormData({"chat_id": str(an.id), "text": "x"})
    data.add_field("surprise", b"x", filename="x.txt")
    status, body = await answer(session.post(f"{box.url}/bot{box.token}/sendMessage", data=data))
    assert (status, body["description"]) == (400, 'Bad Request: unknown parameter "surprise" of sendMessage')
