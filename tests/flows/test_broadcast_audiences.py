"""Whom staff can tell something: the ledger of all fifty-two people says who read what, and in which language."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from math import ceil

import pytest
from announced import BOTH, BUS, PNG, everybody, files, opened, read, send, told, workers
from staffed import Office

from bot.app import App
from bot.sandbox.state import User as Person
from bot.services import acquaintance, stars

BUS_EN = "The bus leaves at 17:30"
OWNER = 1013


@pytest.fixture
async def desk(app: App) -> AsyncIterator[Office]:
    """n4 has starred A1 and, later in another room, B6; n5 has taken A3-2 out of their A3; n10 owns the bot; n48 is
    gone."""
    app.terms = replace(app.terms, owners=(OWNER,))
    async with opened(app) as desk:
        assert desk.crowd[10].id == OWNER
        for n, code, starred in ((4, "A1", True), (4, "B6", True), (5, "A3-2", False)):
            await mark(desk, desk.crowd[n], code, starred=starred)
        desk.box.block(desk.crowd[48])
        await desk.box.heard()
        await desk.settled()
        yield desk


async def mark(desk: Office, who: Person, code: str, *, starred: bool) -> None:
    timetable, now = desk.app.edition.timetable, desk.app.clock.now()
    user = await acquaintance.meet(desk.app.db, "telegram", str(who.id), "zh", now=now)
    thing = timetable.session(code) or timetable.event_by_code(code)
    assert thing is not None
    await stars.mark(desk.app.db, timetable, user, thing, starred=starred, now=now)


Whom = Callable[[Office], Sequence[Person]]


@pytest.mark.parametrize(
    ("audience", "title", "whom"),
    [
        ("all", "全体", everybody),
        ("A3", "A3 的收藏者", lambda desk: [*desk.of_a3, *desk.of_a3_2]),
        ("A3-1", "A3-1 面向生成模型的高效训练与推理算法 的收藏者", lambda desk: desk.of_a3),
        (
            "A3-2",
            "A3-2 Physics-Assisted and Topology-Informed Deep Learning for Weather Prediction 的收藏者",
            lambda desk: [one for one in (*desk.of_a3, *desk.of_a3_2) if one != desk.crowd[5]],
        ),
        ("A1", "A1 的收藏者", lambda desk: [*desk.of_a1, desk.crowd[4]]),
        ("中文", "用中文的人", lambda desk: [*desk.crowd[0::2], desk.qin, desk.li]),
        ("English", "用英文的人", lambda desk: desk.crowd[1::2]),
        ("会务组", "会务组和主持人", lambda desk: [*workers(desk), desk.crowd[10]]),
        ("友谊宫 1 号", "下一场要去 友谊宫 1 号 的人", lambda desk: [*desk.of_a3, *desk.of_a3_2]),
        ("Room 5", "下一场要去 友谊宫 5 号 的人", lambda desk: [*desk.of_a1, desk.crowd[4]]),
    ],
)
async def test_an_audience_reads_it_under_the_picture_each_in_their_language_and_nobody_else_does(
    desk: Office, audience: str, title: str, whom: Whom
) -> None:
    picture = desk.box.send_photo(desk.qin, PNG)
    await desk.box.reply(desk.qin, after=picture)
    said = desk.box.say(desk.qin, f"/broadcast {audience} {BOTH}", reply_to=picture)
    preview = await desk.box.reply(desk.qin, after=said)
    before = told(desk)
    await desk.press(desk.qin, preview, "✅")
    await desk.settled()

    people = [one for one in whom(desk) if one != desk.crowd[48]]
    assert preview.text.splitlines()[:3] == [
        f"群发　→ {title}",
        f"{len(people)} 人，约 {ceil(len(people) / 30)} 秒发完。",
        "📎 带一张图片",
    ]
    assert (before, told(desk)) == ({}, read(desk, people, BUS, BUS_EN))
    assert [entry.params["photo"] for entry in files(desk)] == [picture["photo"][0]["file_id"]] * len(people)


async def test_whose_next_talk_is_in_a_room_is_seen_at_the_moment_it_goes_out(desk: Office) -> None:
    """At a quarter to four only n4 has something ahead, in room 1."""
    await desk.pass_(timedelta(hours=19, minutes=45))
    heard = {name: len(texts) for name, texts in told(desk).items()}
    await send(desk, f"/broadcast 友谊宫 1 号 {BUS}")
    rest = {name: texts[heard.get(name, 0) :] for name, texts in told(desk).items()}

    assert {name: texts for name, texts in rest.items() if texts} == read(desk, [desk.crowd[4]], BUS)


@pytest.mark.parametrize(("words", "zh", "en"), [(BUS, BUS, BUS), (BUS_EN, BUS_EN, BUS_EN), (BOTH, BUS, BUS_EN)])
async def test_each_reads_their_own_language_and_the_only_one_there_is(
    desk: Office, words: str, zh: str, en: str
) -> None:
    await send(desk, f"/broadcast all {words}")

    assert told(desk) == read(desk, [one for one in everybody(desk) if one != desk.crowd[48]], zh, en)


async def test_a_document_that_is_answered_goes_along_in_both_languages(desk: Office) -> None:
    sent = desk.box.send_file(desk.qin, "map.pdf", b"%PDF-1.7 \xff")
    await desk.box.reply(desk.qin, after=sent)
    said = desk.box.say(desk.qin, f"/broadcast A1 {BOTH}", reply_to=sent)
    await desk.press(desk.qin, await desk.box.reply(desk.qin, after=said), "✅")
    await desk.settled()

    assert told(desk) == read(desk, [*desk.of_a1, desk.crowd[4]], BUS, BUS_EN)
    assert [entry.params["document"] for entry in files(desk)] == [sent["document"]["file_id"]] * 11
