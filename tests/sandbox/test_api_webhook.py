import asyncio

import pytest
from aiohttp import web


@pytest.fixture
async def hook():
    """A webhook that remembers what it got and answers with the codes it is given, then 200."""

    class Hook:
        def __init__(self):
            self.got = asyncio.Queue()
            self.codes = []

        async def take(self, request):
            update = await request.json()
            await self.got.put((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), update))
            return web.Response(status=self.codes.pop(0) if self.codes else 200)

    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def test_updates_are_pushed_with_the_secret_and_forgotten_once_taken(box, api, an, hook):
    box.say(an, "before")
    await api("setWebhook", url=hook.url, secret_token="s3cret")  # noqa: S106 - no secret of anybody
    box.say(an, "after")
    assert [(secret, u["message"]["text"]) for secret, u in [await hook.got.get(), await hook.got.get()]] == [
        ("s3cret", "before"),
        ("s3cret", "after"),
    ]
    await box.heard()
    assert await api("getWebhookInfo") == {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 40,
    }


async def test_what_is_not_taken_comes_again_before_anything_later_of_that_chat(box, api, an, hook):
    bo = box.user("Bo", started=True)
    await api("setWebhook", url=hook.url, max_connections=1)
    hook.codes = [500, 502]
    box.say(an, "1")
    box.say(an, "2")
    await box.heard()
    box.say(bo, "3")
    got = [(await hook.got.get())[1]["message"]["text"] for _ in range(5)]
    assert got == ["1", "1", "1", "2", "3"]
    assert (await api("getWebhookInfo"))["last_error_message"] == ("Wrong response from the webhook: 502 Bad Gateway")


async def test_a_duplicate_is_pushed_too(box, api, an, hook):
    await api("setWebhook", url=hook.url)
    box.say(an, "1")
    _, update = await hook.got.get()
    await box.heard()
    box.duplicate(update["update_id"])
    assert (await hook.got.get())[1] == update


async def test_after_delete_webhook_updates_wait_for_polling(box, api, an, hook):
    await api("setWebhook", url=hook.url)
    await api("deleteWebhook")
    box.say(an, "1")
    assert [update["message"]["text"] for update in await api("getUpdates")] == ["1"]
    assert hook.got.empty()
    await api("deleteWebhook", drop_pending_updates=True)
    assert await api("getUpdates") == []


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"url": "http://x.org/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://x.org", "secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": "https://x.org", "secret_token": "a" * 257}, "secret token is too long"),
    ],
)
async def test_a_webhook_is_refused_as_telegram_refuses_it(api, params, sentence):
    assert await api("setWebhook", **params) == (400, f"Bad Request: {sentence}")
