"""Broadcasts: written, confirmed, scheduled, stopped. The fact and the rows for all it goes to are one transaction."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.broadcast import MIRROR, Attachment, Broadcast
from bot.domain.model import LANGS, Lang, Text, has_hanzi
from bot.domain.problem import Problem
from bot.domain.timetable import Timetable
from bot.domain.user import User
from bot.replies.reply import utf16
from bot.services import audiences
from bot.services.audiences import Whom
from bot.store import broadcasts, chats, outbox, users
from bot.store.database import Connection, Database
from bot.store.outbox import New

PRIORITY = 99
"""After everything else: a reminder can't wait for a crowd that is told something."""
WATCHED = 15
"""Staff look at the progress, or are asked to confirm, while the crowd is told."""
EXPIRES = timedelta(hours=12)
"""After that nobody is told any more who could not be reached: what is said to all at once is of the day."""
LONGEST, LONGEST_UNDER = 3_500, 950
"""UTF-16 units of a text, and of one under a picture or document (Telegram: 4,096 and 1,024), its heading besides."""
LATEST = 4
"""Broadcasts of late that are listed beside a new one."""
_RULE = re.compile(r"^[ \t]*[-—–=*_]{3,}[ \t]*$", re.MULTILINE)
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Terms:
    """What the settings say about broadcasts.

    owners  the addresses of the owners on Telegram. second: a second member of staff confirms what goes to everybody.
    mirror  the group or channel that reads along; "" for none. rate: messages a second; None without a limit.
    """

    owners: tuple[int, ...] = ()
    second: bool = False
    mirror: str = ""
    rate: float | None = None

    def mirrors(self, broadcast: Broadcast) -> bool:
        """Only what everybody may read."""
        return bool(self.mirror) and broadcast.audience == "all"


PLAIN = Terms()


def worded(words: str) -> Text:
    """A text in the language it is written in, or in both: two parts with a line of dashes between them."""
    parts = [part.strip() for part in _RULE.split(words)]
    by_language = {_language(part): part for part in parts if part}
    if len(parts) == 2 and len(by_language) == 2:
        return Text(**by_language)
    words = words.strip()
    return Text(**{_language(words): words}) if words else Text()


def _language(words: str) -> Lang:
    """Chinese where a quarter of the letters are: an English sentence may hold a name."""
    letters = _LETTER.findall(words)
    return "zh" if 4 * sum(map(has_hanzi, letters)) >= max(1, len(letters)) else "en"


async def begin(
    db: Database, by: User, text: Text, file: Attachment | None, whom: Whom | None, *, now: datetime
) -> Broadcast:
    """A new one, in the place of what they were writing. Raises Problem `broadcast.too-long`."""
    _fits(text, file)
    async with db.transaction() as tx:
        await broadcasts.drop_open(tx, by.id)
        made = await broadcasts.make(tx, by.id, text, file, now=now)
        if whom is not None:
            await broadcasts.address(tx, made.id, *whom)
        return await _get(tx, made.id)


async def draft(db: Database, number: int, *, by: User) -> Broadcast:
    """One that its author is writing. Raises Problem `broadcast.gone`."""
    found = await broadcasts.get(db.reader, number)
    if found is None or found.state != "open" or found.user_id != by.id:
        raise Problem("broadcast.gone")
    return found


async def to_confirm(db: Database, number: int, *, by: User) -> Broadcast:
    """One that awaits this user's word: their own draft, or what somebody else asks to confirm.

    Raises Problem `broadcast.gone`.
    """
    found = await broadcasts.get(db.reader, number)
    if found is not None and found.state == "asked" and found.user_id != by.id:
        return found
    return await draft(db, number, by=by)


async def address(db: Database, number: int, whom: Whom, *, by: User) -> Broadcast:
    """Raises Problem `broadcast.gone`."""
    async with db.transaction() as tx:
        await draft(db, number, by=by)
        await broadcasts.address(tx, number, *whom)
        return await _get(tx, number)


async def word(
    db: Database, number: int, words: str, lang: Lang | None, file: Attachment | None, *, by: User
) -> Broadcast:
    """Set the text: in one language, or all of it. A file that comes with it is taken as well.

    Raises Problem `broadcast.gone`, `broadcast.too-long`.
    """
    async with db.transaction() as tx:
        was = await draft(db, number, by=by)
        text = worded(words) if lang is None else was.text.model_copy(update={lang: words.strip()})
        if not words.strip():
            text = was.text
        _fits(text, file or was.file)
        for one in LANGS:
            await broadcasts.word(tx, number, one, getattr(text, one))
        if file is not None:
            await broadcasts.attach(tx, number, file)
        return await _get(tx, number)


async def schedule(db: Database, number: int, due: datetime | None, *, by: User, now: datetime) -> Broadcast:
    """For later, or at once after all. Raises Problem `broadcast.gone`, `broadcast.past`."""
    if due is not None and due <= now:
        raise Problem("broadcast.past")
    async with db.transaction() as tx:
        await draft(db, number, by=by)
        await broadcasts.schedule(tx, number, due)
        return await _get(tx, number)


async def confirm(
    db: Database, timetable: Timetable, number: int, terms: Terms, *, by: User, message: str | None, now: datetime
) -> Broadcast:
    """Send it, schedule it, or ask a second member of staff; once, however often it is confirmed.

    message  the channel's number of the message that shows its progress from now on; None for a new one.
    Raises Problem `broadcast.gone`, `broadcast.nobody`, `broadcast.alone`.
    """
    async with db.transaction() as tx:
        found = await broadcasts.get(tx, number)
        mine = found is not None and found.user_id == by.id
        if found is None or found.state == "dropped" or not found.is_complete or (found.state == "open" and not mine):
            raise Problem("broadcast.gone")
        if found.state not in ("open", "asked") or (found.state == "asked" and mine):
            return found
        if found.state == "open" and terms.second and found.audience == "all":
            others = [one for one in await audiences.staff(tx, terms.owners) if one != by.id]
            if not others:
                raise Problem("broadcast.alone")
            await broadcasts.advance(tx, number, ["open"], "asked")
            await _ask(tx, number, others, now=now)
        elif found.due is not None and found.due > now:
            await broadcasts.advance(tx, number, ["open", "asked"], "scheduled")
        else:
            await _send(tx, timetable, found, terms, now=now)
        await broadcasts.show(tx, [number])
        await _watch(tx, number, by, message, now=now)
        if found.state == "asked":
            await _ask_no_more(tx, number, besides=by, now=now)
        return await _get(tx, number)


async def release(tx: Connection, timetable: Timetable, terms: Terms, *, now: datetime) -> None:
    """Send what was scheduled for now or earlier. Whoever confirmed it gets a message with its progress."""
    for one in await broadcasts.due(tx, now=now):
        try:
            await _send(tx, timetable, one, terms, now=now)
        except Problem:  # everybody it was for has left
            await broadcasts.advance(tx, one.id, ["scheduled"], "sent")
        await broadcasts.show(tx, [one.id], anew=True)


async def stop(db: Database, number: int, *, by: User, now: datetime) -> Broadcast:
    """Go no further with one, wherever it is: being written, asked for, scheduled, or on its way.

    Raises Problem `broadcast.gone` for what is not theirs to stop: what somebody else is still writing.
    """
    async with db.transaction() as tx:
        found = await broadcasts.get(tx, number)
        if found is None or (found.state == "open" and found.user_id != by.id):
            raise Problem("broadcast.gone")
        if found.state in ("open", "asked", "scheduled"):
            await broadcasts.advance(tx, number, [found.state], "dropped")
            await _ask_no_more(tx, number, besides=by, now=now)
        elif found.state == "sent" and await broadcasts.is_under_way(tx, number):
            await broadcasts.advance(tx, number, ["sent"], "stopped")
            await broadcasts.withdraw(tx, number, now=now)
        await broadcasts.show(tx, [number])
        return await _get(tx, number)


async def confirmed(db: Database, number: int) -> Broadcast:
    """One that its author has confirmed, whatever became of it. Raises Problem `broadcast.gone`."""
    found = await _get(db.reader, number)
    if found.state == "open":
        raise Problem("broadcast.gone")
    return found


async def latest(db: Database) -> list[Broadcast]:
    """Those of late, the newest first."""
    return await broadcasts.latest(db.reader, LATEST)


async def resend(db: Database, number: int) -> tuple[Broadcast, int]:
    """Have the doubtful ones sent again. How many there were: none where that was done before.

    Raises Problem `broadcast.gone`.
    """
    async with db.transaction() as tx:
        found = await _get(tx, number)
        if found.state != "sent":
            return found, 0
        return found, await outbox.resend(tx, await broadcasts.doubtful(tx, number))


async def _send(tx: Connection, timetable: Timetable, broadcast: Broadcast, terms: Terms, *, now: datetime) -> None:
    """A row for everybody. Raises Problem `broadcast.nobody`."""
    whom = await audiences.find(tx, timetable, broadcast, owners=terms.owners, now=now)
    if not whom:
        raise Problem("broadcast.nobody")
    await broadcasts.advance(tx, broadcast.id, ["open", "asked", "scheduled"], "sent")
    expires = (broadcast.due or now) + EXPIRES
    rows = [
        New(f"broadcast:{user_id}:{broadcast.id}", "broadcast", user_id, PRIORITY, None, broadcast.id, expires=expires)
        for user_id in whom
    ]
    if terms.mirrors(broadcast):
        mirror = (await users.meet(tx, MIRROR, {terms.mirror: "zh"}, now=now))[terms.mirror]
        await users.set_reachable(tx, mirror.id, reachable=True)
        for wish in ("reminders", "notices"):
            await users.set_preference(tx, mirror.id, wish, 0)
        key = broadcasts.mirror_key(broadcast.id)
        rows.append(New(key, "mirror", mirror.id, PRIORITY, None, broadcast.id, expires=expires))
    await outbox.queue(tx, rows, now=now)


async def _ask(tx: Connection, number: int, others: Sequence[int], *, now: datetime) -> None:
    rows = [New(f"approval:{user_id}:{number}", "approval", user_id, WATCHED, None, number) for user_id in others]
    await outbox.queue(tx, rows, now=now)


async def _ask_no_more(tx: Connection, number: int, *, besides: User, now: datetime) -> None:
    """Whoever was asked to confirm, and has not answered, reads in its place that somebody has."""
    edits = []
    for user_id, message in await chats.messages(tx, "approval", number):
        if user_id != besides.id:
            key = f"approval:{user_id}:{number}:{message or 'next'}"
            edits.append(New(key, "approval", user_id, WATCHED, None, number, message=message))
    await outbox.queue(tx, edits, now=now)


async def _watch(tx: Connection, number: int, by: User, message: str | None, *, now: datetime) -> None:
    """Whoever confirmed follows the progress, in the message they confirmed in."""
    if by.reachable:
        state = "waiting" if message is None else "sent"  # the answer to the confirmation shows it already
        key = f"progress:{by.id}:{number}"
        await outbox.queue(
            tx, [New(key, "progress", by.id, WATCHED, None, number, message=message, state=state)], now=now
        )


async def _get(conn: Connection, number: int) -> Broadcast:
    found = await broadcasts.get(conn, number)
    if found is None:
        raise Problem("broadcast.gone")
    return found


def _fits(text: Text, file: Attachment | None) -> None:
    """Raises Problem `broadcast.too-long`, or `broadcast.too-long-under` a file."""
    most = LONGEST if file is None else LONGEST_UNDER
    for lang in LANGS:
        if (units := utf16(getattr(text, lang))) > most:
            raise Problem("broadcast.too-long" if file is None else "broadcast.too-long-under", count=units, most=most)
