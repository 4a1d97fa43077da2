"""A bot that reaches the Bot API through a proxy only."""

from pathlib import Path

from process import running, start

from bot.sandbox.box import Sandbox


async def test_a_bot_behind_a_proxy_answers(tmp_path: Path, box: Sandbox) -> None:
    # The sandbox takes a proxied request as its own: only the proxy can know a name under .invalid.
    elsewhere = {"YICHENG_TELEGRAM_API_URL": "http://telegram.invalid", "YICHENG_TELEGRAM_PROXY": box.url}
    an = box.user("An", language_code="en")
    asked = box.say(an, "room 7")

    async with running(tmp_path, box, **elsewhere):
        answer = await box.reply(an, after=asked)

    assert answer.text.splitlines()[0] == "Friendship Palace Room 7 友谊宫 7 号"


async def test_a_proxy_of_another_kind_is_refused_without_its_password(tmp_path: Path, box: Sandbox) -> None:
    process = await start(tmp_path, box, YICHENG_TELEGRAM_PROXY="socks5://me:secret@127.0.0.1:1080")
    printed, said = await process.communicate()

    sentence = (
        "YICHENG_TELEGRAM_PROXY must be an http:// or https:// address, such as http://127.0.0.1:7890;"
        " SOCKS can't be used.\n"
    )
    assert (process.returncode, printed.decode(), said.decode()) == (1, "", sentence)
