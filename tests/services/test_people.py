"""Users as they come and go, and the language they are answered in."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Settings
from bot.services import acquaintance, languages
from bot.services.acquaintance import Guest
from bot.store.database import Database

NOW = datetime(2025, 8, 9, 5, 20, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "yicheng.sqlite3", Settings.migrations, now=NOW) as db:
        yield db


async def written(db: Database) -> int:
    """SQLite's number for the state of the file, another one after every commit of another connection."""
    return next(iter(await db.reader.execute_fetchall("PRAGMA data_version")))[0]


async def test_a_user_is_who_they_are_on_their_channel(db):
    an = await acquaintance.meet(db, "telegram", "7", "zh", now=NOW)
    bo = await acquaintance.meet(db, "terminal", "7", "zh", now=NOW)
    again = await acquaintance.meet(db, "telegram", "7", "zh", now=LATER)

    assert (an.id, bo.id, again) == (1, 2, an)
    assert await acquaintance.known(db, "telegram", "7") == an
    assert await acquaintance.known(db, "telegram", "8") is None


async def test_those_who_come_together_are_met_as_each_of_them_comes(db):
    await acquaintance.meet(db, "telegram", "1", "zh", now=NOW)
    an, bo, yu = Guest("1", "en"), Guest("2", "zh", name="Bo"), Guest("3", "en", reachable=False)

    met = await acquaintance.meet_all(db, "telegram", [an, bo, yu], now=LATER)

    found = {guest.address: (user.address, user.lang, user.reachable, user.name) for guest, user in met.items()}
    assert found == {"1": ("1", "en", True, ""), "2": ("2", "zh", True, ""), "3": ("3", "en", False, "")}
    assert [await acquaintance.known(db, "telegram", one.address) for one in met] == list(met.values())


async def test_meeting_somebody_known_writes_nothing(db):
    await acquaintance.meet(db, "telegram", "7", "zh", now=NOW)
    before = await written(db)

    await acquaintance.meet(db, "telegram", "7", "zh", now=LATER)
    assert await written(db) == before
    await acquaintance.meet(db, "telegram", "7", "en", now=LATER)
    assert await written(db) != before


async def test_a_language_is_guessed_until_it_is_chosen(db):
    async def met(guess):
        return await acquaintance.meet(db, "telegram", "7", guess, now=NOW)

    langs = [(await met("zh")).lang, (await met("en")).lang]
    await languages.choose(db, await met("en"), "zh")
    langs += [(await met("en")).lang, (await met("zh")).lang]

    assert langs == ["zh", "en", "zh", "zh"]


async def test_who_blocked_the_bot_is_unreachable_until_they_come_back_or_ask_something(db):
    seen, rung = [], []

    async def look() -> None:
        user = await acquaintance.known(db, "telegram", "7")
        seen.append((user.reachable, len(rung)))

    async def met():
        return await acquaintance.meet(db, "telegram", "7", "zh", now=NOW, returned=lambda: rung.append(1))

    user = await met()
    await look()
    await acquaintance.is_away(db, user)
    await look()
    again = await met()
    await look()
    await met()
    await look()

    assert (seen, again) == ([(True, 0), (False, 0), (True, 1), (True, 1)], user)


async def test_who_is_met_where_the_bot_cannot_write_first_is_unreachable_until_met_elsewhere(db):
    async def met(*, reachable):
        return (await acquaintance.meet(db, "telegram", "7", "zh", now=NOW, reachable=reachable)).reachable

    seen = [await met(reachable=one) for one in (False, False, True, False)]

    assert seen == [False, False, True, True]


async def test_what_a_question_wrote_is_read_by_the_rest_of_it(db):
    async with db.transaction():
        user = await acquaintance.meet(db, "telegram", "7", "zh", now=NOW)
        await languages.choose(db, user, "en")
        assert (await acquaintance.known(db, "telegram", "7")).lang == "en"


@pytest.mark.parametrize(
    ("words", "lang"),
    [(" 中文 ", "zh"), ("ZH", "zh"), ("Chinese", "zh"), ("English", "en"), ("英语", "en"), ("fr", None), ("", None)],
)
def test_a_language_is_named_as_people_name_it(words, lang):
    assert languages.named(words) == lang


@pytest.mark.parametrize(
    ("code", "lang"),
    [("zh-hans", "zh"), ("zh", "zh"), ("yue", "zh"), ("zha", "en"), ("en-GB", "en"), ("de", "en"), ("", "en")],
)
def test_a_client_tag_is_chinese_or_else_english(code, lang):
    assert languages.guessed(code) == lang
