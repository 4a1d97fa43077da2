"""What an update asks: the question in it, who asks, and where the answer goes. None for what is not for us.

In a private chat everything is for us. In a group only commands, replies to the bot and mentions of it are
(https://core.telegram.org/bots/features#privacy-mode); the bot is silent for the rest even if it sees it. It is silent
everywhere for what nobody said: service messages, other bots, posts that a channel copies into its group.
"""

from dataclasses import dataclass, replace

from telegram import User as Me
from telegram.constants import ChatMemberStatus, ChatType, MessageAttachmentType, MessageEntityType

from bot.channels.telegram.update import CallbackQuery, Document, Keyboard, Message, Update, User
from bot.commands.dispatch import Question, pressed, typed
from bot.commands.table import COMMANDS
from bot.domain.broadcast import Attachment
from bot.domain.model import Lang, has_hanzi
from bot.domain.visible import visible
from bot.services.languages import guessed

NAME = 64
"""Characters of a name that are looked at."""
WORDLESS = (*MessageAttachmentType, "checklist")
"""Fields of a message that are something somebody sent."""


@dataclass(frozen=True)
class Upload:
    """A document: what fetches it, how it is called, its size in bytes as far as Telegram tells."""

    id: str
    name: str
    size: int


@dataclass(frozen=True)
class Incoming:
    """A question and where its answer goes.

    file         a document that came instead of words, in a private chat.
    question     None where there is nothing to read: a sticker, a voice message. A picture without words is a question
                 without a command.
    user         None where nobody in particular speaks: an anonymous administrator, a channel.
    guess        the language of the asker's app.
    name         what the asker is called, with their @username.
    topic        the topic of a forum in which it was asked.
    edit         the message whose place the answer takes, and the keyboard it has.
    answers      the message that is answered, in a group.
    callback_id  the button press to acknowledge.
    """

    question: Question | None
    chat: int
    user: int | None
    guess: Lang
    group: bool = False
    topic: int | None = None
    edit: int | None = None
    keyboard: Keyboard | None = None
    answers: int | None = None
    callback_id: str | None = None
    name: str = ""
    file: Upload | None = None


@dataclass(frozen=True)
class Typing:
    """Words typed after the bot's name in some chat, which want cards to choose from."""

    query_id: str
    question: Question
    user: int
    guess: Lang


@dataclass(frozen=True)
class Reachability:
    """A user blocked the bot, or came back."""

    user: int
    guess: Lang
    reachable: bool


@dataclass(frozen=True)
class Upgrade:
    """A group became a supergroup, which has another number."""

    chat: int
    to: int


def read(update: Update, bot: Me) -> Incoming | Typing | Reachability | Upgrade | None:
    """What the update asks of the bot, if anything."""
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    if (typing := update.inline_query) is not None:
        asker = typing.from_user
        return Typing(typing.id, Question(COMMANDS["offer"], typing.query), asker.id, guessed(asker.language_code))
    if update.message is not None and update.message.migrate_to_chat_id is not None:
        return Upgrade(update.message.chat.id, update.message.migrate_to_chat_id)
    if update.message is not None and update.message.from_user is not None:
        return _typed(update.message, update.message.from_user, bot)
    member = update.my_chat_member
    if member is not None and member.chat.type == ChatType.PRIVATE:
        return Reachability(
            member.from_user.id, guessed(member.from_user.language_code), _is_present(member.new_chat_member.status)
        )
    return None


def _pressed(query: CallbackQuery) -> Incoming:
    data = query.data or ""
    message = query.message
    edits = data.startswith("~")
    # A message too old for its content to be known can't be edited.
    edit = message.message_id if message and message.is_accessible and edits else None
    group = message is not None and message.chat.is_group
    question = _in(pressed(data.removeprefix("~")), message.chat.id if message and group else None)
    return Incoming(
        question=question if edit is None else replace(question, message=str(edit)),
        chat=message.chat.id if message else query.from_user.id,
        user=query.from_user.id,
        guess=guessed(query.from_user.language_code),
        group=group,
        topic=_topic(message),
        edit=edit,
        keyboard=message.reply_markup if message and edit is not None else None,
        callback_id=query.id,
        name=_name(query.from_user),
    )


def _typed(message: Message, sender: User, bot: Me) -> Incoming | None:
    if _is_nobodys(message, sender, bot):
        return None
    group = message.chat.is_group
    written = message.text or message.caption
    text = _for_us(message, written, bot) if group and written else written
    if text is None and (group or not _is_wordless(message)):
        return None
    return Incoming(
        question=_asked(message, text, bot) if not group or text is None else _grouped(message, text, bot),
        chat=message.chat.id,
        user=None if message.sender_chat else sender.id,
        guess=_guess(sender, text or ""),
        group=group,
        topic=_topic(message),
        answers=message.message_id if group else None,
        name="" if message.sender_chat else _name(sender),
        file=None if group else _file(message.document),
    )


def _asked(message: Message, text: str | None, bot: Me) -> Question | None:
    """What a message in a private chat asks, with the picture or document in it, or in what it answers."""
    answered = message.reply_to_message
    attached = _attached(message) or (_attached(answered) if answered is not None else None)
    if text is None:
        return None if attached is None else Question(None, attached=attached)
    theirs = answered if answered is not None and not _is_from(answered, bot) else None
    quoted = visible(theirs.text or theirs.caption or "") if theirs is not None else ""
    return replace(typed(text), attached=attached, quoted=quoted)


def _attached(message: Message) -> Attachment | None:
    of_album = message.media_group_id is not None
    if message.photo:
        return Attachment(kind="photo", id=message.photo[-1].file_id, of_album=of_album)
    if message.document is not None:
        return Attachment(kind="document", id=message.document.file_id, of_album=of_album)
    return None


def _grouped(message: Message, text: str, bot: Me) -> Question:
    """What a message in a group asks. A command that neither names this bot nor answers it may be for another."""
    answered = message.reply_to_message
    names = f"@{bot.username}".casefold() in (message.text or message.caption or "").casefold()
    bare = text.startswith("/") and not names and not (answered is not None and _is_from(answered, bot))
    return replace(typed(text), group=str(message.chat.id), bare=bare)


def _in(question: Question, group: int | None) -> Question:
    return question if group is None else replace(question, group=str(group))


def _name(sender: User) -> str:
    """What somebody calls themselves, without what would make a line of text run the other way or break."""
    username = f"@{sender.username}" if sender.username else ""
    name = f"{sender.first_name} {sender.last_name} {username}"
    return " ".join("".join(one for one in name if one.isprintable() or one == " ").split())[:NAME]


def _file(document: Document | None) -> Upload | None:
    if document is None:
        return None
    return Upload(document.file_id, document.file_name, document.file_size)


def _is_nobodys(message: Message, sender: User, bot: Me) -> bool:
    """Whether no person has said this to us, so that an answer would come out of the blue, or start two bots talking.

    An anonymous administrator and somebody who speaks as a channel are people, though Telegram names a bot for them.
    """
    return (
        not (message.chat.is_group or message.chat.type == ChatType.PRIVATE)
        or message.is_automatic_forward
        or (sender.is_bot and message.sender_chat is None)
        or (message.via_bot is not None and message.via_bot.id == bot.id)
    )


def _is_wordless(message: Message) -> bool:
    """Whether somebody sent something that has no words. A service message is not sent, and an album only once."""
    return message.media_group_id is None and (
        bool(message.photo) or message.document is not None or message.holds(*WORDLESS)
    )


def _guess(sender: User, text: str) -> Lang:
    """The language of the sender's app; where it is not told, that of the words."""
    return "zh" if sender.language_code is None and has_hanzi(text) else guessed(sender.language_code)


def _topic(message: Message | None) -> int | None:
    # Outside a forum the same number names a chain of replies, to which nothing can be sent.
    return message.message_thread_id if message is not None and message.is_topic_message else None


def _for_us(message: Message, text: str, bot: Me) -> str | None:
    """What a group's message asks of this bot, without the mention; None when it asks nothing of it."""
    mention = f"@{bot.username}".casefold()
    for entity in message.entities if message.text else message.caption_entities:
        part = entity.part(text)
        if entity.type == MessageEntityType.BOT_COMMAND and entity.offset == 0:
            name, _, to = part.removeprefix("/").partition("@")
            if to:
                return text if f"@{to}".casefold() == mention else None
            return text if (known := COMMANDS.get(name.lower())) and not known.hidden else None
        if entity.type == MessageEntityType.MENTION and part.casefold() == mention:
            return text.replace(part, " ", 1).strip()
    replied = message.reply_to_message
    return text if replied is not None and _is_from(replied, bot) else None


def _is_from(message: Message, bot: Me) -> bool:
    return message.from_user is not None and message.from_user.id == bot.id


def _is_present(status: str) -> bool:
    return status not in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
