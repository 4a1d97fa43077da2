"""What staff are shown of what they can do."""

import pytest

from bot.app import App
from bot.channels.terminal import as_text
from bot.commands.dispatch import pressed, typed
from bot.commands.table import STAFF
from bot.domain.model import LANGS, Lang
from bot.replies.reply import plain
from bot.replies.team import PANEL
from bot.replies.voice import Voice
from bot.services import acquaintance
from bot.store import roles

GONE = "This change is no longer there. Please start again."


def test_everything_that_staff_do_is_on_their_panel_once() -> None:
    assert sorted(name for row in PANEL for name in row) == sorted(set(STAFF) - {"staff"})


async def test_help_shows_the_commands_of_staff_to_those_who_have_the_right(app: App) -> None:
    now = app.clock.now()
    an, qin = [await acquaintance.meet(app.db, "telegram", address, "en", now=now) for address in ("1", "2")]
    async with app.db.transaction() as tx:
        await roles.grant(tx, qin.id, "staff", 0, now=now)
    for_all, for_staff = [as_text(await app.answer(typed("/help"), "en", user=user)) for user in (an, qin)]

    assert for_staff.startswith(for_all)
    assert for_staff.removeprefix(for_all).split("\n")[2:5] == [
        "For staff",
        "/staff  Everything staff do, as buttons",
        "/move  Another room: A3 main hall",
    ]


@pytest.mark.parametrize("lang", LANGS)
async def test_a_talk_without_code_and_speaker_is_called_by_its_title(app: App, lang: Lang) -> None:
    qin = await acquaintance.meet(app.db, "telegram", "2", lang, now=app.clock.now())
    async with app.db.transaction() as tx:
        await roles.grant(tx, qin.id, "staff", 0, now=app.clock.now())
    panel = next(slot for slot in app.edition.timetable.slots if slot.kind == "panel")
    preview = await app.answer(typed(f"/addtalk #s{panel.id} Closing remarks"), lang, user=qin)
    await app.answer(pressed(preview.rows[0][0].ask), lang, user=qin)
    await app.refresh()
    event = next(event for event in app.edition.timetable.events if event.talk.title == "Closing remarks")
    card = await app.answer(pressed(f"session #{panel.id}"), lang, user=qin)
    lines = as_text(await app.answer(pressed(f"talk #{event.talk.id}"), lang, user=qin)).splitlines()

    assert [button.label for button in card.rows[-1]] == ["Closing remarks"]
    assert Voice(lang, app.edition.timetable).session(event.slot) in lines


ODD = {
    "zh": "没看懂“{}”是几分钟。请写整数，最多 999。",
    "en": "I can't read “{}” as minutes. Please write a whole number, 999 at most.",
}
BY = {"zh": "推迟或提前：{} 推迟几分钟？", "en": "Delay: {}, by how many minutes?"}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("said", "odd"),
    [("A3 1e9", "1e9"), ("A3 1,000", "1,000"), ("A3 2000 minutes", "2000 minutes"), ("A3", ""), ("A3 很久", "")],
)
async def test_what_is_no_number_of_minutes_is_said_to_be_none(app: App, lang: Lang, said: str, odd: str) -> None:
    qin = await acquaintance.meet(app.db, "telegram", "2", lang, now=app.clock.now())
    async with app.db.transaction() as tx:
        await roles.grant(tx, qin.id, "staff", 0, now=app.clock.now())
    reply = await app.answer(typed(f"/delay {said}"), lang, user=qin)

    slot = app.edition.timetable.session("A3")
    assert slot is not None
    asked = BY[lang].format(Voice(lang, app.edition.timetable).session(slot))
    lines = [plain(line) for block in reply.blocks for line in block.lines]
    assert lines == [*([ODD[lang].format(odd)] if odd else []), asked]


@pytest.mark.parametrize(
    ("button", "read"),
    [
        *((name, GONE) for name in ("preview", "confirm", "change", "drop", "undo", "import")),
        ("send", "This broadcast is no longer there. Please begin again: /broadcast"),
        ("resend", "Outbox  Sat 9 Aug 13:20\nNothing has been queued yet."),
        ("revoke", "This link no longer works. Whoever used it before keeps the role; /team takes it away."),
    ],
)
async def test_a_number_too_long_to_be_one_is_nothing(app: App, button: str, read: str) -> None:
    now = app.clock.now()
    qin = await acquaintance.meet(app.db, "telegram", "2", "en", now=now)
    async with app.db.transaction() as tx:
        await roles.grant(tx, qin.id, "staff", 0, now=now)

    assert as_text(await app.answer(pressed(f"{button} {20 * '9'}"), "en", user=qin)) == read
