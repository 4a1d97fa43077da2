"""What a user sets: reminders, notices, quiet hours, language. Setting the same twice changes nothing."""

from collections.abc import Mapping

from bot.domain.user import LEADS, QUIET_HOURS, User
from bot.services import languages
from bot.store import cards, users
from bot.store.database import Database
from bot.store.users import Preference

Values = Mapping[Preference, int | None]

_SWITCHES: tuple[Preference, ...] = ("reminders", "same_room", "notices")
_OFFERED: Mapping[str, Values] = {
    **{f"lead {minutes}": {"lead": minutes} for minutes in LEADS},
    **{f"{name} {on}": {name: on} for name in _SWITCHES for on in (0, 1)},
    **{f"quiet {start}-{end}": {"quiet_from": start * 60, "quiet_to": end * 60} for start, end in QUIET_HOURS},
    "quiet off": {"quiet_from": None, "quiet_to": None},
}
"""What can be set, as buttons ask it."""


async def choose(db: Database, user: User, wanted: str) -> User | None:
    """Set `lead 15`, `reminders 0`, `quiet 22-8`, `lang en` …; who the user is then. None for what is not offered."""
    name, _, value = wanted.partition(" ")
    async with db.transaction() as tx:
        if name == "lang" and (lang := languages.named(value)) is not None:
            await users.choose_language(tx, user.id, lang)
        elif wanted in _OFFERED:
            for preference, one in _OFFERED[wanted].items():
                await users.set_preference(tx, user.id, preference, one)
        else:
            return None
        await cards.touch(tx, user.id)
        return (await users.by_ids(tx, [user.id]))[user.id]
