"""The language a user is answered in."""

from bot.domain.model import Lang
from bot.domain.user import User
from bot.store import cards, users
from bot.store.database import Database

_NAMES: dict[str, Lang] = {
    "zh": "zh", "cn": "zh", "chinese": "zh", "中文": "zh", "汉语": "zh", "简体中文": "zh",
    "en": "en", "english": "en", "英文": "en", "英语": "en",
}  # fmt: skip


def named(words: str) -> Lang | None:
    """The language these words name."""
    return _NAMES.get(words.strip().casefold())


def guessed(code: str | None) -> Lang:
    """The language for an IETF tag as a client reports it (zh-hans, en-GB); English for all but Chinese."""
    return "zh" if code and code.casefold().split("-")[0] in ("zh", "yue", "wuu") else "en"


async def choose(db: Database, user: User, lang: Lang) -> None:
    """Answer this user in `lang` from now on."""
    async with db.transaction() as tx:
        await users.choose_language(tx, user.id, lang)
        await cards.touch(tx, user.id)
