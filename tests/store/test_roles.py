"""Roles, and the one-time links by which people come to them."""

from datetime import timedelta

from bot.app import App
from bot.domain.team import Holding
from bot.services import acquaintance
from bot.store import roles

DAY = timedelta(days=1)


async def test_links_that_are_used_revoked_or_too_old_are_open_no_more(app: App) -> None:
    now = app.clock.now()
    an = await acquaintance.meet(app.db, "telegram", "an", "zh", now=now)
    async with app.db.transaction() as tx:
        await roles.invite(tx, "old", "staff", 0, by=None, expires=now, now=now - DAY)
        back, used, good = [
            await roles.invite(tx, name, "staff", 0, by=an.id, expires=now + DAY, now=now)
            for name in ("taken back", "used", "good")
        ]
        await roles.revoke(tx, back.id)
        await roles.redeem(tx, used.id, an.id, now=now)
        await roles.revoke(tx, used.id)
        left = await roles.open_invitations(tx, now=now)
        found = [await roles.invitation(tx, digest) for digest in ("used", "unknown")]

    assert (left, found) == ([good], [used.model_copy(update={"used": now}), None])


async def test_a_role_is_granted_once_and_taken_again(app: App) -> None:
    now = app.clock.now()
    an = await acquaintance.meet(app.db, "telegram", "an", "zh", now=now)
    async with app.db.transaction() as tx:
        await roles.grant(tx, an.id, "speaker", 5, now=now)
        await roles.grant(tx, an.id, "speaker", 5, now=now)
        await roles.grant(tx, an.id, "staff", 0, now=now)
        held, everybody = await roles.of(tx, an.id), await roles.everybody(tx)
        await roles.take(tx, an.id, "speaker", 5)
        left = await roles.of(tx, an.id)

    speaker = Holding(user_id=an.id, role="speaker", subject_id=5)
    staff = Holding(user_id=an.id, role="staff", subject_id=0)
    assert (held, everybody, left) == ([speaker, staff], [speaker, staff], [staff])
