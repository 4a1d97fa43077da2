"""What a channel does for delivery: it sends, edits and pins, and says how that ended."""

from collections.abc import Callable
from typing import Protocol

from bot.domain.user import User
from bot.replies.reply import Reply


class Undelivered(Exception):  # noqa: N818 - the outcome is its name
    """A message that a channel did not deliver, for a reason. Raised as one of the classes below."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class NotWritten(Undelivered):
    """Certainly nothing left: it may go again without any doubt."""


class Later(Undelivered):
    """Not accepted, and this user is not to be tried again before so many seconds are over."""

    def __init__(self, reason: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(reason)


class InDoubt(Undelivered):
    """It may have arrived, or not."""


class Blocked(Undelivered):
    """The user does not want to hear from us."""


class Refused(Undelivered):
    """The channel says no to this message and will say so again."""


class Moved(Undelivered):
    """The user is reached elsewhere from now on; `reason` is the new address."""


class Withdrawn(Undelivered):
    """Nobody wanted it sent any more when its turn came."""

    def __init__(self) -> None:
        super().__init__("stopped")


class Channel(Protocol):
    """What delivers messages to users. `send` and `edit` raise `Undelivered` and nothing else, `pin` raises nothing."""

    async def send(self, user: User, reply: Reply, *, silent: bool, wanted: Callable[[], bool]) -> str:
        """Send a message; returns the channel's number for it. Raises `Withdrawn` if it is not `wanted` at its turn."""

    async def edit(self, user: User, message: str, reply: Reply, *, made: float) -> None:
        """Give a message that was sent another content, put into words at `made` on the loop's time.

        Raises `Later` where the user has been answered in its place since, or is just being answered there.
        """

    async def pin(self, user: User, message: str, *, instead_of: str | None) -> None:
        """Pin a message silently, and take away the one it replaces. Where that can't be done nothing is lost."""
