"""What a user was asked and has not answered yet; and leaving it."""

from datetime import datetime, timedelta

from bot.domain.user import User
from bot.store import broadcasts, changes, dialogues
from bot.store.database import Database

ASKED_FOR = timedelta(minutes=10)
"""How long a question waits for its answer."""


async def turn_to(db: Database, user: User, asked: str | None, *, now: datetime) -> None:
    """What the user's next message answers: a command and what is known of it; None where it answers nothing."""
    async with db.transaction() as tx:
        if asked is None:
            await dialogues.end(tx, user.id)
        else:
            await dialogues.begin(tx, user.id, asked, until=now + ASKED_FOR)


async def leave(db: Database, user: User) -> bool:
    """Leave all that a user has begun: a question, a change that was shown, a broadcast. False where there was none."""
    async with db.transaction() as tx:
        asked = await dialogues.end(tx, user.id)
        drafted = await changes.drop_drafts(tx, user.id)
        written = await broadcasts.drop_open(tx, user.id)
    return asked or drafted or written
