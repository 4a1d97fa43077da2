"""A group or channel reads along what goes to everybody."""

from dataclasses import replace

from announced import BOTH, BUS, HEAD, PNG, everybody, files, in_turn, opened, read, rows, seen, told
from staffed import Office

from bot.app import App
from bot.channels.telegram.pacing import Rates
from bot.sandbox.seen import Seen

BOTH_READ = f"{HEAD['zh']}\n{BUS}\n\n{HEAD['en']}\nThe bus leaves at 17:30"


async def test_what_goes_to_all_is_also_posted_in_the_channel_in_both_languages(app: App) -> None:
    app.terms = replace(app.terms, mirror="@csml")
    async with opened(app) as desk:
        channel = desk.box.channel("CSML", desk.qin, username="csml")
        done = await desk.do(desk.qin, f"/broadcast all {BOTH}")
        await desk.settled()
        await desk.do(desk.li, "/broadcast staff 开会")
        await desk.settled()

        assert [message.text for message in desk.box.messages(channel)] == [BOTH_READ]
        assert seen(desk, desk.qin, done).text.splitlines() == [
            "群发　→ 全体", "✅ 发完了。", "送达 52", "群或频道里也发了。",
        ]  # fmt: skip


async def test_where_both_languages_do_not_fit_one_is_posted_and_the_preview_says_so(app: App) -> None:
    app.terms = replace(app.terms, mirror="@csml")
    async with opened(app) as desk:
        channel = desk.box.channel("CSML", desk.qin, username="csml")
        long = "大巴" * 900, "the bus " * 400
        preview = await in_turn(desk, *long)
        await desk.press(desk.qin, preview, "✅")
        await desk.settled()

        assert preview.text.splitlines()[2] == "也会发到会议的群或频道，那里放不下两种语言，只发中文。"
        assert [message.text for message in desk.box.messages(channel)] == [f"{HEAD['zh']}\n{long[0]}"]
        assert told(desk) == read(desk, everybody(desk), long[0], long[1].strip())


async def test_where_the_bot_may_not_post_everybody_is_told_all_the_same(app: App) -> None:
    app.terms = replace(app.terms, mirror="-1002000000099")
    async with opened(app) as desk:
        done = await desk.do(desk.qin, f"/broadcast all {BUS}")
        await desk.settled()

        assert told(desk) == read(desk, everybody(desk), BUS)
        assert seen(desk, desk.qin, done).text.splitlines()[3].startswith("⚠️ 群或频道里没能发出")


async def test_a_group_that_was_made_a_supergroup_reads_every_one_under_its_picture(app: App) -> None:
    async with opened(app) as desk:
        group = desk.box.group("CSML", desk.qin, kind="group")
        app.terms = replace(app.terms, mirror=str(group.id))
        new = desk.box.upgrade(group)
        pictures = []
        for _ in range(2):
            picture = desk.box.send_photo(desk.qin, PNG)
            await desk.box.reply(desk.qin, after=picture)
            said = desk.box.say(desk.qin, f"/broadcast all {BOTH}", reply_to=picture)
            await desk.press(desk.qin, await desk.box.reply(desk.qin, after=said), "✅")
            await desk.settled()
            pictures.append(picture["photo"][0]["file_id"])

        posted = [entry for entry in files(desk) if entry.chat_id == new.id and entry.applied]
        assert [(entry.text, entry.params["photo"]) for entry in posted] == [(BOTH_READ, one) for one in pictures]
        assert await rows(desk, "mirror") == {"sent": {str(new.id)}}


async def report(desk: Office, message: Seen) -> list[str]:
    await desk.settled()
    return seen(desk, desk.qin, message).text.splitlines()


async def test_stopped_before_it_was_posted_the_report_says_so(app: App) -> None:
    app.terms = replace(app.terms, mirror="@csml")
    async with opened(app, Rates(overall=10, private=0, group=0)) as desk:
        channel = desk.box.channel("CSML", desk.qin, username="csml")
        sending = await desk.do(desk.qin, f"/broadcast all {BUS}")
        stopped = await desk.press(desk.qin, sending, "⏹")

        assert (await report(desk, stopped))[3:] == ["已停止，群或频道里没有发。"]
        assert desk.box.messages(channel) == []


async def test_where_nobody_knows_whether_it_was_posted_it_is_posted_again_when_staff_say_so(app: App) -> None:
    async with opened(app) as desk:
        channel = desk.box.channel("CSML", desk.qin)
        app.terms = replace(app.terms, mirror=str(channel.id))
        desk.box.fault("drop-after", "sendMessage", chat=channel, count=1)
        done = await desk.do(desk.qin, f"/broadcast all {BUS}")
        await desk.box.until(lambda: "可能发了" in seen(desk, desk.qin, done).text)
        unsure = seen(desk, desk.qin, done)
        again = await desk.press(desk.qin, unsure, "重发")
        await desk.box.until(lambda: "群或频道里也发了" in seen(desk, desk.qin, again).text)

        assert unsure.text.splitlines()[2:] == ["送达 52", "群或频道里可能发了，也可能没有，请看一眼。"]
        assert told(desk) == read(desk, everybody(desk), BUS)
        assert [message.text for message in desk.box.messages(channel)] == [f"{HEAD['zh']}\n{BUS}"] * 2
