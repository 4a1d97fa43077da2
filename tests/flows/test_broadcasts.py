"""Two staff tell fifty attendees and three chairs something: the ledger says exactly who read what."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from announced import (
    BOTH,
    BUS,
    HEAD,
    PNG,
    addresses,
    everybody,
    files,
    opened,
    reached,
    read,
    rows,
    seen,
    told,
    workers,
)  # fmt: skip
from staffed import Office, button
from telegram_bot import all_settled

from bot.app import App
from bot.channels.telegram.pacing import Rates
from bot.services import delivery


@pytest.fixture
async def desk(app: App) -> AsyncIterator[Office]:
    async with opened(app) as desk:
        yield desk


async def test_what_is_said_to_all_is_seen_before_and_told_to_all_once_confirmed(desk: Office) -> None:
    preview = await desk.ask(desk.qin, f"/broadcast 全体 {BUS}")
    before = told(desk)
    done = await desk.press(desk.qin, preview, "✅")
    await desk.settled()

    assert preview.text.splitlines() == ["群发　→ 全体", "52 人，约 2 秒发完。", "", "大家将看到", HEAD["zh"], BUS]
    assert before == {}
    assert told(desk) == read(desk, everybody(desk), BUS)
    assert seen(desk, desk.qin, done).text.splitlines() == ["群发　→ 全体", "✅ 发完了。", "送达 52"]


async def test_step_by_step_with_buttons_and_the_words_at_the_end(desk: Office) -> None:
    step = await desk.ask(desk.qin, "/broadcast")
    for label in ("某场的收藏者", "A3", "A3 整场"):
        step = await desk.press(desk.qin, step, label)
    preview = await desk.ask(desk.qin, BUS)
    english = await desk.press(desk.qin, preview, "＋ English")
    preview = await desk.ask(desk.qin, "The bus leaves at 17:30")
    await desk.press(desk.qin, preview, "✅")
    await desk.settled()

    assert step.text.splitlines()[0] == "群发：要说什么？可以带一张图片或一个文件。"
    assert english.text.splitlines()[0] == "群发：英文怎么说？"
    people = sorted([*desk.of_a3, *desk.of_a3_2], key=desk.crowd.index)
    assert told(desk) == read(desk, people, BUS, "The bus leaves at 17:30")


async def test_a_picture_that_is_answered_goes_along_under_the_words(desk: Office) -> None:
    picture = desk.box.send_photo(desk.qin, PNG)
    await desk.box.reply(desk.qin, after=picture)
    preview = await desk.box.reply(desk.qin, after=desk.box.say(desk.qin, f"/broadcast all {BOTH}", reply_to=picture))
    await desk.press(desk.qin, preview, "✅")
    await desk.settled()

    assert preview.text.splitlines()[2] == "📎 带一张图片"
    assert told(desk) == read(desk, everybody(desk), BUS, "The bus leaves at 17:30")
    assert {entry.params["photo"] for entry in files(desk)} == {picture["photo"][0]["file_id"]}


async def test_a_pdf_without_a_word_is_no_programme_and_the_answer_says_how_to_send_it(desk: Office) -> None:
    sent = desk.box.send_file(desk.qin, "map.pdf", b"%PDF-1.7 \xff")
    refused = await desk.box.reply(desk.qin, after=sent)
    preview = await desk.box.reply(desk.qin, after=desk.box.say(desk.qin, "/broadcast 会务组", reply_to=sent))
    await desk.press(desk.qin, preview, "✅")
    await desk.settled()

    assert refused.text.splitlines()[-1] == "若是想把这个文件发给大家，请回复它，写上 /broadcast。"
    assert told(desk) == {name: [said[0].strip()] for name, said in read(desk, workers(desk), "").items()}
    assert {entry.params["document"] for entry in files(desk)} == {sent["document"]["file_id"]}


async def test_a_pdf_with_the_command_under_it_is_told_and_not_taken_for_a_programme(desk: Office) -> None:
    sent = desk.box.send_file(desk.qin, "map.pdf", b"%PDF-1.7 \xff", caption=f"/broadcast 会务组 {BUS}")
    preview = await desk.box.reply(desk.qin, after=sent)
    await desk.press(desk.qin, preview, "✅")
    await desk.settled()

    assert told(desk) == read(desk, workers(desk), BUS)
    assert {entry.params["document"] for entry in files(desk)} == {sent["document"]["file_id"]}


async def test_a_picture_answers_the_question_what_to_say(desk: Office) -> None:
    await desk.ask(desk.qin, "/broadcast staff")
    preview = await desk.box.reply(desk.qin, after=desk.box.send_photo(desk.qin, PNG, caption=BUS))
    await desk.press(desk.qin, preview, "✅")
    await desk.settled()

    assert told(desk) == read(desk, workers(desk), BUS)
    assert len(files(desk)) == 5


async def test_words_that_are_answered_are_said(desk: Office) -> None:
    words = desk.box.say(desk.qin, "大巴停在南门")
    await desk.box.reply(desk.qin, after=words)
    preview = await desk.box.reply(desk.qin, after=desk.box.say(desk.qin, "/broadcast staff", reply_to=words))

    assert preview.text.splitlines()[-2:] == [HEAD["zh"], "大巴停在南门"]


async def test_the_progress_is_one_message_that_follows(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "PROGRESS", 0.0)
    async with opened(app, Rates(overall=40, private=0, group=0)) as desk:
        done = await desk.do(desk.qin, f"/broadcast all {BUS}")
        await desk.settled()
        drawn = [entry.text or "" for entry in desk.box.requests("editMessageText", chat=desk.qin)]
        left = [int(found[1]) for text in drawn if (found := re.search(r"还剩 (\d+) 人", text))]

        assert {entry.params["message_id"] for entry in desk.box.requests("editMessageText", chat=desk.qin)} == {
            done.message_id
        }
        assert (left, len(left) > 1) == (sorted(left, reverse=True), True)
        assert drawn[-1].splitlines()[1:] == ["✅ 发完了。", "送达 52"]


async def test_the_progress_waits_for_an_answer_that_is_late_in_its_place(desk: Office) -> None:
    preview = await desk.ask(desk.qin, f"/broadcast all {BUS}")
    desk.box.fault("delay", "answerCallbackQuery", count=1, seconds=1.0)
    done = await desk.press(desk.qin, preview, "✅")
    await all_settled(desk.box, desk.app)
    await desk.settled()

    drawn = [entry.text or "" for entry in desk.box.requests("editMessageText", chat=desk.qin) if entry.applied]
    assert [text.splitlines()[1] for text in drawn] == ["正在发：还剩 52 人，约 2 秒。", "✅ 发完了。"]
    assert seen(desk, desk.qin, done).text.splitlines()[1:] == ["✅ 发完了。", "送达 52"]


async def test_of_an_album_one_picture_goes_along_and_staff_are_told_so(desk: Office) -> None:
    first = desk.box.send_photo(desk.qin, PNG, caption=f"/broadcast staff {BUS}", album="7")
    desk.box.send_photo(desk.qin, PNG, album="7")
    preview = await desk.box.reply(desk.qin, after=first)

    assert preview.text.splitlines()[0] == "相册里的图片只能带一张，就是这一张。"


async def test_who_confirms_twice_sends_once_and_so_does_an_update_that_comes_twice(desk: Office) -> None:
    preview = await desk.ask(desk.qin, f"/broadcast all {BUS}")
    label = button(preview, "✅")
    pressed = [desk.box.press(desk.qin, preview.message_id, label) for _ in range(2)]
    number = desk.box.pending[-1]["update_id"]
    await asyncio.gather(*map(desk.box.answered, pressed))
    desk.box.duplicate(number)
    await desk.box.heard()
    await desk.settled()

    assert told(desk) == read(desk, everybody(desk), BUS)


async def test_what_is_dropped_or_too_long_or_for_nobody_is_told_to_nobody(desk: Office) -> None:
    dropped = await desk.do(desk.qin, f"/broadcast all {BUS}", "放弃")
    long = await desk.ask(desk.qin, "/broadcast all " + "长" * 3501)
    nobody = await desk.ask(desk.qin, f"/broadcast E5 {BUS}")
    left = await desk.ask(desk.qin, "/cancel")
    await desk.pass_(timedelta(hours=1))

    assert dropped.text.splitlines()[1] == "已放弃，谁也没有收到。"
    assert long.text == "太长了：3501 个字符，最多 3500。请分成两则发。"
    assert [one.text for row in nobody.buttons for one in row] == [
        "🕒 定时",
        "＋ English",
        "✏️ 改文字",
        "👥 改对象",
        "放弃",
    ]
    assert left.text == "已退出，什么都没有变。"
    assert told(desk) == {}


async def test_an_attendee_who_tries_learns_nothing(desk: Office) -> None:
    who = desk.crowd[4]
    unknown = (await desk.ask(who, "/nonsense")).text
    tried = ("broadcast", "audience", "words", "later", "send", "stop", "again", "draft", "progress")

    assert [(await desk.ask(who, f"/{name} 1 all")).text for name in tried] == [
        unknown.replace("nonsense", name) for name in tried
    ]


async def test_stopped_half_way_nothing_more_leaves_and_the_report_says_whom_it_reached(app: App) -> None:
    async with opened(app, Rates(overall=10, private=0, group=0)) as desk:
        away = desk.crowd[0]
        desk.box.fault("error", chat=away, code=403, count=1)
        picture = desk.box.send_photo(desk.qin, PNG)
        await desk.box.reply(desk.qin, after=picture)
        said = desk.box.say(desk.qin, f"/broadcast all {BOTH}", reply_to=picture)
        preview = await desk.box.reply(desk.qin, after=said)
        sending = await desk.press(desk.qin, preview, "✅")
        await desk.box.until(lambda: len(reached(desk)) >= 4)
        stopped = await desk.press(desk.qin, sending, "⏹")
        there = reached(desk)
        await desk.settled()
        report = seen(desk, desk.qin, preview)
        await desk.box.reply(away, after=desk.box.start(away))
        await desk.settled()

        people = [person for person in everybody(desk) if str(person.id) in there]
        assert {name: said for name, said in told(desk).items() if name != away.first_name} == read(
            desk, people, BUS, "The bus leaves at 17:30"
        )
        assert {entry.params["photo"] for entry in files(desk)} == {picture["photo"][0]["file_id"]}
        assert stopped.text.splitlines()[1] == "⏹ 已停止，没发出的都撤回了。"
        assert report.text.splitlines()[2] == f"送达 {len(there)} · 屏蔽 1 · 撤回 {51 - len(there)}"
        assert [one.text for row in report.buttons for one in row] == ["刷新"]
        left = addresses(desk) - set(there) - {str(away.id)}
        assert await rows(desk) == {"sent": set(there), "dropped": left, "failed": {str(away.id)}}
        assert reached(desk) == there


async def test_the_report_tells_delivered_blocked_failed_and_doubtful_which_are_resent_once(
    desk: Office,
) -> None:
    away, poison, doubt = desk.crowd[:3]
    desk.box.deactivate(away)
    desk.box.fault("error", "sendMessage", chat=poison, code=400)
    desk.box.fault("drop-after", "sendMessage", chat=doubt, count=1)
    done = await desk.do(desk.qin, f"/broadcast all {BUS}")
    await desk.box.until(lambda: "存疑 1" in seen(desk, desk.qin, done).text)
    report = seen(desk, desk.qin, done)
    again = await desk.press(desk.qin, report, "重发")
    await desk.box.until(lambda: "送达 50" in seen(desk, desk.qin, done).text)
    late = await desk.ask(desk.li, "/broadcast")

    assert report.text.splitlines() == [
        "群发　→ 全体", "✅ 发完了。", "送达 49 · 屏蔽 1 · 失败 1 · 存疑 1",
        "存疑的 1 人可能收到了，也可能没有，不会自动重发。",
    ]  # fmt: skip
    assert again.text.splitlines()[0] == "群发　→ 全体"
    assert sorted(reached(desk)) == sorted([*addresses(desk) - {str(away.id), str(poison.id)}, str(doubt.id)])
    assert late.text.splitlines()[-1] == "#1 → 全体：已发"


async def test_who_had_blocked_the_bot_and_comes_back_the_same_day_reads_it(desk: Office) -> None:
    who = desk.crowd[4]
    desk.box.fault("error", chat=who, code=403, count=1)
    await desk.do(desk.qin, f"/broadcast all {BUS}")
    await desk.settled()
    before = told(desk)
    await desk.box.reply(who, after=desk.box.start(who))
    await desk.settled()

    rest = [person for person in everybody(desk) if person is not who]
    assert before == read(desk, rest, BUS)
    assert reached(desk).count(str(who.id)) == 1


async def test_scheduled_it_goes_out_at_its_time_and_may_be_taken_back_before(desk: Office) -> None:
    asked = await desk.press(desk.qin, await desk.ask(desk.qin, f"/broadcast A1 {BUS}"), "🕒")
    preview = await desk.ask(desk.qin, "明天 8:00")
    scheduled = await desk.press(desk.qin, preview, "✅")
    other = await desk.do(desk.li, "/broadcast all 取消的")  # at once
    await desk.settled()
    later = await desk.press(desk.li, await desk.ask(desk.li, f"/broadcast all {BUS}"), "🕒")
    taken = await desk.press(desk.li, await desk.press(desk.li, await desk.press(desk.li, later, "30"), "✅"), "↩️")
    once = told(desk)
    await desk.pass_(timedelta(hours=11))
    early = told(desk)
    await desk.pass_(timedelta(hours=1))
    await desk.box.until(lambda: "送达 10" in desk.box.messages(desk.qin)[-1].text)

    assert asked.text.splitlines()[0] == "什么时候发？比如 17:30、明天 8:00。"
    assert preview.text.splitlines()[:3] == ["群发　→ A1 的收藏者", "10 人，约 1 秒发完。", "🕒 8月9日 周六 08:00 发出"]
    assert scheduled.text.splitlines()[1] == "🕒 8月9日 周六 08:00 发出，按现在算发给 10 人。"
    assert taken.text.splitlines()[1] == "已放弃，谁也没有收到。"
    assert other.message_id != later.message_id
    assert (once, early) == (read(desk, everybody(desk), "取消的"), once)
    expected = dict(once)
    for name, texts in read(desk, desk.of_a1, BUS).items():
        expected[name] = [*once[name], *texts]
    assert told(desk) == expected
    assert desk.box.messages(desk.qin)[-1].text.splitlines() == ["群发　→ A1 的收藏者", "✅ 发完了。", "送达 10"]


async def test_a_time_that_is_over_or_not_understood_is_asked_for_again(desk: Office) -> None:
    preview = await desk.ask(desk.qin, f"/broadcast all {BUS}")
    await desk.press(desk.qin, preview, "🕒")
    over = await desk.ask(desk.qin, "8月7日 9:00")
    unclear = await desk.ask(desk.qin, "再说吧")
    fine = await desk.ask(desk.qin, "明天 8:00")

    assert over.text == "这个时间已经过了。请换一个以后的时间。"
    assert unclear.text == "没看懂是几点。请写成 17:30、明天 8:00 或 8月10日 12:00。"
    assert fine.text.splitlines()[2] == "🕒 8月9日 周六 08:00 发出"
