"""An update, as far as it is read (https://core.telegram.org/bots/api#update).

PTB makes objects of all that Telegram may say, some hundred fields of a message, which takes longer than to find the
answer to it. These are the fields that somebody here asks for, under Telegram's names; what else comes is left alone,
unless its mere presence says something.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from telegram.constants import ChatType

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)

Json = dict[str, Any]


class Read(BaseModel):
    """What is wrong with one goes to the log; what somebody wrote does not."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class User(Read):
    id: int
    is_bot: bool
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str | None = None


class Chat(Read):
    id: int
    type: str

    @property
    def is_group(self) -> bool:
        return self.type in GROUPS


class Entity(Read):
    """A part of a text that means something. Offset and length in UTF-16 units."""

    type: str
    offset: int
    length: int

    def part(self, text: str) -> str:
        units = text.encode("utf-16-le", "surrogatepass")
        return units[2 * self.offset : 2 * (self.offset + self.length)].decode("utf-16-le", "replace")


class Photo(Read):
    """One of the sizes of a picture; the largest comes last."""

    file_id: str


class Document(Read):
    file_id: str
    file_name: str = ""
    file_size: int = 0


class Keyboard(Read):
    """Buttons as they came."""

    inline_keyboard: list[list[Json]]


class Message(Read):
    """Also what a message has become that is too old for its content to be known."""

    model_config = ConfigDict(extra="allow")

    message_id: int
    chat: Chat
    date: int
    from_user: User | None = Field(None, alias="from")
    sender_chat: Chat | None = None
    via_bot: User | None = None
    is_automatic_forward: bool = False
    is_topic_message: bool = False
    message_thread_id: int | None = None
    reply_to_message: "Message | None" = None
    media_group_id: str | None = None
    migrate_to_chat_id: int | None = None
    text: str | None = None
    entities: tuple[Entity, ...] = ()
    caption: str | None = None
    caption_entities: tuple[Entity, ...] = ()
    photo: tuple[Photo, ...] = ()
    document: Document | None = None
    reply_markup: Keyboard | None = None

    @property
    def is_accessible(self) -> bool:
        """Telegram dates what it does not show any more with 0."""
        return self.date != 0

    def holds(self, *names: str) -> bool:
        """Whether it has one of these fields that nobody here reads."""
        return not (self.model_extra or {}).keys().isdisjoint(names)


class CallbackQuery(Read):
    id: str
    from_user: User = Field(alias="from")
    message: Message | None = None
    data: str = ""


class InlineQuery(Read):
    id: str
    from_user: User = Field(alias="from")
    query: str


class Member(Read):
    status: str


class Membership(Read):
    """How the bot stands in a chat now."""

    chat: Chat
    from_user: User = Field(alias="from")
    new_chat_member: Member


class Update(Read):
    update_id: int
    message: Message | None = None
    callback_query: CallbackQuery | None = None
    inline_query: InlineQuery | None = None
    my_chat_member: Membership | None = None

    @property
    def chat(self) -> int:
        """Whose order it must keep: its chat's, or its sender's where there is none."""
        if self.message is not None:
            return self.message.chat.id
        if self.callback_query is not None:
            pressed = self.callback_query
            return pressed.message.chat.id if pressed.message is not None else pressed.from_user.id
        if self.my_chat_member is not None:
            return self.my_chat_member.chat.id
        return self.inline_query.from_user.id if self.inline_query is not None else 0
