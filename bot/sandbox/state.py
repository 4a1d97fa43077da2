"""The world in memory: the bot, people, chats and what was said in them.

Messages are kept as the objects the Bot API would send (core.telegram.org/bots/api#message), so that what is answered,
what becomes an update and what a user sees are one thing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.sandbox.refusal import Json, Refusal, bad_request, forbidden
from bot.sandbox.updates import Updates

CHAT_KINDS = Literal["private", "group", "supergroup", "channel"]
Kind = Literal["message", "gone", "pins", "chat", "user", "typing", "profile", "callback", "inline", "network"]
"""What can happen; the subject is

message: the Message, new or edited. gone: its message_id. typing: the action. user: the User. callback, inline: the
query. chat, pins, profile, network: nothing, for it is the whole thing that changed.
"""
CALLBACK_SECONDS = 60.0
"""How long a pressed button waits for its answer. Telegram does not say; a minute is of its order."""


@dataclass(slots=True)
class User:
    """Somebody with a Telegram account; the bot is one too."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    deactivated: bool = False

    def json(self) -> Json:
        """The User object. `language_code` is there only if the person's app tells it."""
        whole = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
        }
        return {name: value for name, value in whole.items() if value is not None}


@dataclass(slots=True)
class Chat:
    """A private chat, a group, a supergroup or a channel, with its messages by message_id."""

    id: int
    kind: CHAT_KINDS
    title: str = ""
    username: str | None = None
    user: User | None = None
    """Whose private chat it is."""
    members: dict[int, str] = field(default_factory=dict)
    """Status by user id: creator, administrator, member, left, kicked."""
    started: bool = True
    blocked: bool = False
    migrated_to: int | None = None
    messages: dict[int, Json] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    """The messages that the bot wrote, a channel's posts included."""
    topics: set[int] = field(default_factory=set)
    """The topics of a forum, by message_thread_id."""
    silent: set[int] = field(default_factory=set)
    """The messages that came without a sound. Telegram's Message does not tell; a user's phone does."""
    pinned: list[int] = field(default_factory=list)
    reply_keyboard: Json | None = None
    last_id: int = 0

    def json(self) -> Json:
        """The Chat object."""
        if self.user is not None:
            names = {
                "username": self.user.username,
                "first_name": self.user.first_name,
                "last_name": self.user.last_name,
            }
        else:
            names = {"title": self.title, "username": self.username}
        return {"id": self.id, **{k: v for k, v in names.items() if v is not None}, "type": self.kind}


@dataclass(slots=True)
class Callback:
    """A pressed button that waits for answerCallbackQuery."""

    id: str
    user_id: int
    pressed: float
    answer: Json | None = None


@dataclass(slots=True)
class Inline:
    """An inline query and, once given, its answer."""

    id: str
    user_id: int
    asked: float
    results: list[Json] | None = None
    answer: Json = field(default_factory=dict)


@dataclass(slots=True)
class StoredFile:
    """A file that was sent; it can be sent again by its id and fetched through getFile."""

    id: str
    name: str
    content_type: str
    data: bytes
    size: tuple[int, int] | None = None
    """Width and height, of a picture."""


@dataclass(slots=True)
class Webhook:
    """Where updates are pushed to, once setWebhook has said so; no url means long polling."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    certificate: bool = False
    last_error_date: int | None = None
    last_error_message: str | None = None


Listener = Callable[[Kind, Chat | None, Any], None]


class World:
    """All of it. `now` gives the conference's time, `monotonic` seconds for everything that expires."""

    def __init__(self, bot: User, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self.bot = bot
        self.now = now
        self.monotonic = monotonic
        self.updates = Updates(monotonic)
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.callbacks: dict[str, Callback] = {}
        self.inlines: dict[str, Inline] = {}
        self.inline_messages: dict[str, tuple[int, int]] = {}
        """Chat and message_id of what was sent through an inline query, by inline_message_id."""
        self.files: dict[str, StoredFile] = {}
        self.webhook = Webhook()
        self.profile: dict[tuple[str, str], Any] = {}
        """What the bot says of itself: by what it is (with the scope, for commands) and language."""
        self._last_private_id = 0
        self._last_query = 4_000_000_000_000_000_000
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Call this with everything that somebody looking at a phone would see happen."""
        self._listeners.append(listener)

    def happened(self, kind: Kind, chat: Chat | None = None, subject: Any = None) -> None:
        """Tell whoever watches. Called after the change it speaks of."""
        for listener in self._listeners:
            listener(kind, chat, subject)

    def date(self) -> int:
        """Conference time as Telegram's whole seconds."""
        return int(self.now().timestamp())

    def query_id(self) -> str:
        """A fresh id for a callback or inline query."""
        self._last_query += 1
        return str(self._last_query)

    def user_json(self, user_id: int) -> Json | None:
        """The User object of somebody, or None."""
        if user_id == self.bot.id:
            return self.bot.json()
        user = self.users.get(user_id)
        return user.json() if user else None

    def next_message_id(self, chat: Chat) -> int:
        """Supergroups and channels count for themselves; all other chats of a bot share one counter."""
        if chat.kind in ("supergroup", "channel"):
            chat.last_id += 1
            return chat.last_id
        self._last_private_id += 1
        return self._last_private_id

    def put(self, chat: Chat, sender: User | None, content: Json, *, silent: bool = False) -> Json:
        """A new message in a chat. It becomes no update here."""
        message: Json = {"message_id": self.next_message_id(chat)}
        if chat.kind == "channel":
            message["sender_chat"] = chat.json()
        elif sender is not None:
            message["from"] = sender.json()
        message |= {"chat": chat.json(), "date": self.date(), **content}
        chat.messages[message["message_id"]] = message
        if sender is self.bot:
            chat.own.add(message["message_id"])
        if silent:
            chat.silent.add(message["message_id"])
        self.happened("message", chat, message)
        return message

    def chat_named(self, chat_id: int | str) -> Chat:
        """The chat a request means. Raises Refusal: chat not found, or the group's new id after its upgrade."""
        if isinstance(chat_id, str):
            name = chat_id.removeprefix("@").lower()
            found = next(
                (chat for chat in self.chats.values() if chat.username and chat.username.lower() == name), None
            )
        else:
            found = self.chats.get(chat_id)
            if found is None and chat_id in self.users:
                raise forbidden("bot can't initiate conversation with a user")
        if found is None:
            raise bad_request("chat not found")
        if found.migrated_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=found.migrated_to)
        return found

    def writable(self, chat_id: int | str) -> Chat:
        """The chat, if the bot may write there. Raises Refusal 400 or 403."""
        chat = self.chat_named(chat_id)
        if chat.kind == "private":
            refusal = _unreachable(chat)
        else:
            refusal = _not_a_writer(chat, chat.members.get(self.bot.id, "left"))
        if refusal is not None:
            raise refusal
        return chat


def _unreachable(chat: Chat) -> Refusal | None:
    if chat.user is not None and chat.user.deactivated:
        return forbidden("user is deactivated")
    if chat.blocked:
        return forbidden("bot was blocked by the user")
    return None if chat.started else forbidden("bot can't initiate conversation with a user")


def _not_a_writer(chat: Chat, status: str) -> Refusal | None:
    if status == "kicked":
        return forbidden(f"bot was kicked from the {chat.kind} chat")
    if status == "left":
        return forbidden(f"bot is not a member of the {chat.kind} chat")
    if chat.kind == "channel" and status == "member":
        return bad_request("need administrator rights in the channel chat")
    return None
