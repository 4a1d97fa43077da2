from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.model import Lang, Model

LEADS = (5, 10, 15, 30)
"""Minutes before a start that a user may choose to be reminded at."""

QUIET_HOURS = ((22, 8), (23, 7), (13, 14))
"""Quiet hours that a user may choose: from and to, in full hours of the conference's timezone."""


class User(Model):
    """Someone who talks to the bot, on one channel.

    address    how the channel reaches them (Telegram: the chat id of their private chat).
    name       what they are called on the channel: known while they ask, kept only of those whom the organisers must
               know (services.team).
    chosen     they chose the language themselves; a channel's guess no longer changes it.
    reachable  False where the bot can't write to them: they blocked it and are not back, were met in a group only, or
               sit at a terminal.
    lead       minutes before a start that they are reminded at.
    reminders, notices  whether they want reminders, and notices of changes.
    same_room  whether they want a reminder of what follows in the room they are in anyway; it comes silently.
    quiet_from, quiet_to  minutes after midnight, conference time, between which notices come silently.
    """

    id: int
    channel: str
    address: str
    lang: Lang
    name: str = ""
    chosen: bool = False
    reachable: bool = True
    lead: int = 10
    reminders: bool = True
    same_room: bool = True
    notices: bool = True
    quiet_from: int | None = None
    quiet_to: int | None = None

    def is_quiet(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether quiet hours hold; they may run past midnight."""
        if self.quiet_from is None or self.quiet_to is None:
            return False
        local = now.astimezone(zone)
        minute = local.hour * 60 + local.minute
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= minute < self.quiet_to
        return minute >= self.quiet_from or minute < self.quiet_to
