from bot.domain.model import Lang, Model


class User(Model):
    """Someone who talks to the bot, on one channel.

    address    how the channel reaches them (Telegram: the chat id of their private chat).
    chosen     they chose the language themselves; a channel's guess no longer changes it.
    reachable  False once they blocked the bot, until they come back.
    """

    id: int
    channel: str
    address: str
    lang: Lang
    chosen: bool = False
    reachable: bool = True
