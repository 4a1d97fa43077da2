"""Roles and the one-time links by which people come to them."""

from datetime import timedelta

from bot.app import App
from bot.services import acquaintance
from bot.store import roles
from bot.store.roles import Holding

DAY = timedelta(days=1)


async def test_a_link_works_once_and_for_whoever_used_it_again(app: App) -> None:
    now = app.clock.now()
    an, bo = [await acquaintance.meet(app.db, "telegram", name, "zh", now=now) for name in ("an", "bo")]
    async with app.db.transaction() as tx:
        number = await roles.invite(tx, "hash", "chair", 7, by=None, expires=now + DAY, now=now)
        first = await roles.redeem(tx, "hash", an.id, now=now)
        other = await roles.redeem(tx, "hash", bo.id, now=now)
        again = await roles.redeem(tx, "hash", an.id, now=now)

    assert first is not None
    assert (first.id, first.role, first.subject_id, other, again) == (number, "chair", 7, None, first)


async def test_a_link_that_is_too_old_or_revoked_works_no_more(app: App) -> None:
    now = app.clock.now()
    an = await acquaintance.meet(app.db, "telegram", "an", "zh", now=now)
    async with app.db.transaction() as tx:
        await roles.invite(tx, "old", "staff", 0, by=None, expires=now, now=now - DAY)
        number = await roles.invite(tx, "taken back", "staff", 0, by=None, expires=now + DAY, now=now)
        await roles.invite(tx, "good", "staff", 0, by=None, expires=now + DAY, now=now)
        await roles.revoke(tx, number)
        redeemed = [await roles.redeem(tx, digest, an.id, now=now) for digest in ("old", "taken back", "unknown")]
        left = [one.id for one in await roles.open_invitations(tx, now=now)]

    assert (redeemed, left) == ([None, None, None], [number + 1])


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
