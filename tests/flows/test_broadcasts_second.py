"""What goes to everybody waits for a second member of staff, where the settings want that."""

from dataclasses import replace
from datetime import timedelta

from announced import BOTH, BUS, everybody, hired, in_turn, opened, reached, read, seen, told, workers
from staffed import button
from telegram_bot import all_settled

from bot.app import App


async def test_what_goes_to_all_is_confirmed_by_a_second_member_of_staff(app: App) -> None:
    app.terms = replace(app.terms, second=True)
    async with opened(app) as desk:
        first = await desk.do(desk.qin, f"/broadcast all {BUS}")
        list_ = await desk.ask(desk.qin, "/broadcast")
        desk.box.press(desk.qin, list_, "#1")
        mine = await desk.box.reply(desk.qin, after=list_)
        await desk.settled()
        before = told(desk)
        asked = desk.box.messages(desk.li)[-1]
        await desk.press(desk.li, asked, "✅")
        await desk.settled()

        assert first.text.splitlines()[1] == "等另一位工作人员确认，确认后发出。"
        assert mine.text == first.text
        assert asked.text.splitlines()[:2] == ["有一则发给全体的通知，请您确认：", "群发　→ 全体"]
        assert (before, told(desk)) == ({}, read(desk, everybody(desk), BUS))
        done = ["群发　→ 全体", "✅ 发完了。", "送达 52"]
        assert [seen(desk, who, one).text.splitlines() for who, one in ((desk.qin, first), (desk.li, asked))] == [
            done, done,
        ]  # fmt: skip
        # What goes to some needs nobody else.
        await desk.do(desk.qin, "/broadcast staff 开会")
        await desk.settled()
        expected = read(desk, everybody(desk), BUS)
        for name, texts in read(desk, workers(desk), "开会").items():
            expected[name] += texts
        assert told(desk) == expected


async def test_two_who_confirm_at_once_and_twice_send_it_once_and_a_third_is_asked_no_more(app: App) -> None:
    app.terms = replace(app.terms, second=True)
    async with opened(app) as desk:
        wu, zhao = await hired(desk, "Wu"), await hired(desk, "Zhao")
        mine = await desk.do(desk.qin, f"/broadcast all {BOTH}")
        await desk.settled()
        asked = {who.id: desk.box.messages(who)[-1] for who in (desk.li, wu, zhao)}
        for who in (desk.li, wu, desk.li, wu):
            desk.box.press(who, asked[who.id].message_id, button(asked[who.id], "✅"))
            desk.box.duplicate(desk.box.pending[-1]["update_id"])
        await all_settled(desk.box, desk.app)
        await desk.settled()
        settled = seen(desk, zhao, asked[zhao.id])
        open_ = await desk.press(zhao, settled, "看进度")

        assert {who: texts for who, texts in told(desk).items() if who not in ("Wu", "Zhao")} == read(
            desk, everybody(desk), BUS, "The bus leaves at 17:30"
        )
        assert [reached(desk).count(str(who.id)) for who in (wu, zhao)] == [1, 1]
        done = ["群发　→ 全体", "✅ 发完了。", "送达 54"]
        assert (seen(desk, desk.qin, mine).text.splitlines(), open_.text.splitlines()) == (done, done)
        assert (settled.text.splitlines(), [one.text for row in settled.buttons for one in row]) == (
            ["群发　→ 全体", "✅ 另一位工作人员已经确认了。"],
            ["看进度"],
        )


async def test_what_one_declines_the_others_are_asked_no_more(app: App) -> None:
    app.terms = replace(app.terms, second=True)
    async with opened(app) as desk:
        wu = await hired(desk, "Wu")
        await desk.do(desk.qin, f"/broadcast all {BUS}")
        await desk.settled()
        asked = desk.box.messages(wu)[-1]
        await desk.press(desk.li, desk.box.messages(desk.li)[-1], "不发")
        await desk.settled()

        assert told(desk) == {}
        assert seen(desk, wu, asked).text.splitlines() == ["群发　→ 全体", "已放弃，谁也没有收到。"]
        assert seen(desk, wu, asked).buttons == ()


async def test_whoever_is_asked_while_somebody_else_confirms_reads_that_too(app: App) -> None:
    app.terms = replace(app.terms, second=True)
    async with opened(app) as desk:
        wu = await hired(desk, "Wu")
        desk.box.fault("delay", "sendMessage", chat=wu, count=1, seconds=1.0)
        await desk.do(desk.qin, f"/broadcast all {BUS}")
        await desk.box.until(lambda: desk.box.messages(desk.li) and desk.box.messages(wu))
        asked = desk.box.messages(wu)[-1]
        await desk.press(desk.li, desk.box.messages(desk.li)[-1], "不发")
        await desk.settled()

        assert seen(desk, wu, asked).text.splitlines() == ["群发　→ 全体", "已放弃，谁也没有收到。"]


async def test_what_is_for_later_is_confirmed_by_a_second_member_of_staff_too(app: App) -> None:
    app.terms = replace(app.terms, second=True)
    async with opened(app) as desk:
        await desk.press(desk.qin, await desk.ask(desk.qin, f"/broadcast all {BUS}"), "🕒")
        await desk.press(desk.qin, await desk.ask(desk.qin, "明天 8:00"), "✅")
        await desk.settled()
        asked = desk.box.messages(desk.li)[-1]
        await desk.pass_(timedelta(hours=1))
        before = await desk.press(desk.li, asked, "✅")
        await desk.pass_(timedelta(hours=10))
        early = told(desk)
        await desk.pass_(timedelta(hours=1))
        await desk.box.until(lambda: any("送达 52" in one.text for one in desk.box.messages(desk.qin)))
        await desk.pass_(timedelta(hours=1))

        assert before.text.splitlines()[1] == "🕒 8月9日 周六 08:00 发出，按现在算发给 52 人。"
        assert (early, told(desk)) == ({}, read(desk, everybody(desk), BUS))


async def test_a_long_one_is_read_page_by_page_by_whoever_is_asked_to_confirm(app: App) -> None:
    app.terms = replace(app.terms, second=True)
    async with opened(app) as desk:
        await desk.press(desk.qin, await in_turn(desk, "大巴" * 1000, "the bus " * 400), "✅")
        await desk.settled()
        asked = desk.box.messages(desk.li)[-1]
        second = await desk.press(desk.li, asked, "第 2")

        assert second.text.splitlines()[0] == "英文用户将看到"
        assert [one.text for row in second.buttons[:2] for one in row] == ["✅ 确认发送", "不发"]


async def test_the_second_member_of_staff_may_say_no(app: App) -> None:
    app.terms = replace(app.terms, second=True)
    async with opened(app) as desk:
        first = await desk.do(desk.qin, f"/broadcast all {BUS}")
        await desk.settled()
        declined = await desk.press(desk.li, desk.box.messages(desk.li)[-1], "不发")
        await desk.settled()

        assert told(desk) == {}
        assert declined.text == seen(desk, desk.qin, first).text == "群发　→ 全体\n已放弃，谁也没有收到。"
