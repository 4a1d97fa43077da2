"""A question as a handler gets it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.broadcast import Attachment
from bot.domain.model import Lang
from bot.domain.stars import NOTHING, Stars
from bot.domain.user import User
from bot.replies.reply import Reply
from bot.replies.voice import Voice
from bot.services import rights
from bot.services.broadcasts import PLAIN, Terms
from bot.services.editions import Edition
from bot.services.rights import Rights
from bot.store.database import Database

QUERY_LIMIT = 200
"""Characters of a question that are looked at: a longer one is a pasted text, not a question."""


def row_id(words: str) -> int | None:
    """The id that a button names; None for what is none, or too long to be one."""
    number = words.strip().removeprefix("#")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else None


@dataclass(frozen=True)
class Ask:
    """One question of one user.

    args    what came after the command, trimmed; "#17" names a row by its id, as buttons do.
    user    None where nobody is known by name: a single question on the command line.
    terms   what the settings say about broadcasts.
    attached, quoted  a file that came with the question, or that it answers, and the words that it answers.
    message  the channel's number of the message whose place the answer takes, if it takes one's.
    group   the group it was asked in, by its number on the channel; "" in a private chat.
    """

    args: str
    lang: Lang
    now: datetime
    edition: Edition
    db: Database
    user: User | None = None
    stars: Stars = NOTHING
    terms: Terms = PLAIN
    attached: Attachment | None = None
    quoted: str = ""
    message: str | None = None
    group: str = ""

    @property
    def owners(self) -> tuple[int, ...]:
        """The addresses on Telegram of those who may do everything."""
        return self.terms.owners

    @property
    def voice(self) -> Voice:
        return Voice(self.lang, self.edition.timetable, self.stars, public=bool(self.group))

    @property
    def somebody(self) -> User:
        """Who asks for something of their own. Raises LookupError; the dispatch lets nobody else ask for it."""
        if self.user is None:
            raise LookupError("nobody known asks")
        return self.user

    async def rights(self) -> Rights:
        """What the user may do here, as it is now."""
        return await rights.of(self.db, self.user, self.owners, group=self.group)


Handler = Callable[[Ask], Awaitable[Reply]]
"""Answers one kind of question."""
