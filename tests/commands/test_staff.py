"""What staff are shown of what they can do."""

from bot.app import App
from bot.channels.terminal import as_text
from bot.commands.dispatch import typed
from bot.commands.table import STAFF
from bot.replies.team import PANEL
from bot.services import acquaintance
from bot.store import roles


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
