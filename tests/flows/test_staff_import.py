"""A new programme file sent by staff: it proposes what is new in it, and asks where staff were faster."""

from collections.abc import AsyncIterator

import pytest
from staffed import EVENING, Office, all_of, at, office, slot

from bot.app import App
from bot.formats import document
from bot.sandbox.box import sandbox
from bot.sandbox.seen import Seen
from bot.sandbox.state import User as Person

TITLE = "🔄 安排有变动\n\n"
OTHER = b"format: yicheng/1\nconference: {key: OTHER, name: {en: Other}}\n"
A3 = "A3 Optimization for AI"
A3_2 = "A3-2 Physics-Assisted and Topology-Informed Deep Learning for Weather Prediction"


@pytest.fixture
async def desk(app: App) -> AsyncIterator[Office]:
    app.clock.set(now=at(app, EVENING))
    async with sandbox() as box, office(app, box) as opened:
        yield opened


def file(app: App, *changes: tuple[str, str]) -> bytes:
    """The programme as a file, with texts of it replaced."""
    text = document.write(app.edition.timetable.programme)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def room_of_a3(app: App, room: str) -> tuple[str, str]:
    """The part of the file that says where A3 is."""
    text = document.write(app.edition.timetable.programme)
    part = text[text.index("title: Optimization for AI\n") :]
    part = part[: part.index("talks:")]
    return part, part.replace("友谊宫 1 号", room)


async def send(desk: Office, who: Person, data: bytes, name: str = "new.yaml") -> Seen:
    return await desk.box.reply(who, after=desk.box.send_file(who, name, data))


async def test_the_identical_file_proposes_nothing_whatever_staff_did_since(desk: Office) -> None:
    same = file(desk.app)
    await desk.do(desk.qin, "/move A3 聚英厅")
    answer = await send(desk, desk.li, same)
    await desk.app.refresh()

    assert answer.text == "new.yaml 没有新的改动。"
    assert slot(desk.app, "A3").room == "友谊宫 聚英厅"


async def test_what_is_new_in_a_file_is_one_change_with_one_preview_and_told_like_any(desk: Office) -> None:
    changed = file(desk.app, room_of_a3(desk.app, "友谊宫 聚英厅"))
    seen = await send(desk, desk.qin, changed)
    await desk.press(desk.qin, seen, "✅")
    await desk.pass_()

    move = "会场：友谊宫 1 号 → 友谊宫 聚英厅"
    assert seen.text.splitlines()[:6] == ["new.yaml：1 处改动", "导入日程", "", A3, move, ""]
    assert desk.told() == (
        all_of(desk.of_a3, f"{TITLE}{A3}\n时间：8月9日 周六 13:30–15:30\n{move}")
        | all_of(desk.of_a3_2, f"{TITLE}{A3_2}\n时间：8月9日 周六 ≈14:00–14:30\n{move}")
    )
    assert (await send(desk, desk.li, changed)).text == "new.yaml 没有新的改动。"


async def test_where_staff_changed_the_same_theirs_stands_until_the_file_s_is_taken(desk: Office) -> None:
    changed = file(desk.app, room_of_a3(desk.app, "友谊宫 聚英厅"))
    await desk.press(desk.qin, await desk.press(desk.qin, await desk.ask(desk.qin, "/move A3 友谊宫3号"), "＋"), "✅")
    await desk.pass_()
    asked = await send(desk, desk.li, changed)
    taken = await desk.press(desk.li, asked, "☐")
    back = await desk.press(desk.li, taken, "☑")
    settled = await desk.press(desk.li, back, "都保持现状")
    await desk.app.refresh()

    move = "会场：友谊宫 3 号 → 友谊宫 聚英厅"
    assert asked.text.splitlines() == [
        "new.yaml 没有新的改动。", "", "这些要您来定，不选则保持现状：", f"· {A3} · {move}（文件与现场的修改不同）",
    ]  # fmt: skip
    assert taken.text.splitlines()[5:9] == ["", A3, move, ""]
    assert (back.text, settled.text) == (asked.text, "好的，都保持现状，已记下这份文件。")
    assert slot(desk.app, "A3").room == "友谊宫 3 号"
    assert (await send(desk, desk.qin, changed)).text == "new.yaml 没有新的改动。"


async def test_a_talk_that_is_missing_from_the_file_is_asked_about_and_kept(desk: Office) -> None:
    text = document.write(desk.app.edition.timetable.programme)
    start = text.index("      - code: A3-2\n")
    without = text[:start] + text[text.index("      - code: A3-3\n") :]
    asked = await send(desk, desk.qin, without.encode())
    taken = await desk.press(desk.qin, asked, "☐")
    await desk.press(desk.qin, taken, "✅")
    await desk.pass_()

    off = f"{TITLE}{A3_2}\n⚠️ 已取消（原定8月9日 周六 ≈14:00）"
    assert asked.text.splitlines()[-1] == f"· {A3_2} · 照常举行 → 取消（文件里没有了）"
    assert desk.told() == all_of([*desk.of_a3, *desk.of_a3_2], off)


async def test_a_talk_that_staff_called_off_is_not_brought_back_by_a_file_that_has_it(desk: Office) -> None:
    same = file(desk.app)
    changed = file(desk.app, room_of_a3(desk.app, "友谊宫 聚英厅"))
    await desk.do(desk.qin, "/calloff A3-2")
    await desk.press(desk.qin, await send(desk, desk.qin, changed), "✅")
    await desk.app.refresh()
    event = desk.app.edition.timetable.event_by_code("A3-2")

    assert event is not None
    assert (event.talk.cancelled, event.slot.room) == (True, "友谊宫 聚英厅")
    assert same != changed


@pytest.mark.parametrize(
    ("name", "data", "answer"),
    [
        ("photo.jpg", b"\xff\xd8\xff\xe0", "photo.jpg 不是 UTF-8 文本。请导出成 UTF-8 文本或 YAML 再导入。"),
        ("notes.txt", b"To whom it may concern", "notes.txt 不是会议手册：没有找到日程表"),
        ("empty.yaml", b" ", "empty.yaml 是空的。"),
        ("other.yaml", OTHER, "数据库里是 CSML2025，文件是 OTHER。"),
        ("huge.yaml", b"#" * (20 * 2**20 + 1), "huge.yaml 超过 20 MiB，不像日程文件或会议手册。"),
    ],
)  # fmt: skip
async def test_a_file_that_is_no_programme_gets_a_clear_sentence(
    desk: Office, name: str, data: bytes, answer: str
) -> None:
    told = (await send(desk, desk.qin, data, name)).text
    assert told[: len(answer)] == answer


async def test_an_attendee_s_file_is_not_even_fetched(desk: Office) -> None:
    who = desk.crowd[0]
    answer = await send(desk, who, file(desk.app))

    assert answer.text.startswith("我只看得懂文字。")
    assert desk.box.requests("getFile") == []
