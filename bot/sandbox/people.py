"""What people do in the sandbox: they come, write, press buttons, block the bot. Each makes its update."""

from itertools import count
from typing import Any, Literal

from bot.sandbox.detection import detected
from bot.sandbox.formatting import TEXT_LIMIT
from bot.sandbox.methods.chats import set_bot_status
from bot.sandbox.methods.media import picture_size
from bot.sandbox.privacy import reaches_bot
from bot.sandbox.refusal import Json
from bot.sandbox.seen import Seen
from bot.sandbox.state import Callback, Chat, Inline, StoredFile, User, World
from bot.sandbox.units import units

Whom = User | int
Where = Chat | User | int
"""A chat; a person means the private chat with them."""
Which = Json | Seen | int
"""A message as the Bot API or a user sees it, or its message_id."""


def id_of(thing: Where) -> int:
    """The id of a person or chat."""
    return thing if isinstance(thing, int) else thing.id


def message_id_of(message: Which) -> int:
    """The message_id of a message."""
    if isinstance(message, int):
        return message
    return message.message_id if isinstance(message, Seen) else int(message["message_id"])


class People:
    """The people and their chats. What cannot be raises LookupError or ValueError, for it is the test's slip."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._user_ids = count(1001)
        self._chat_ids = count(1)

    def user(
        self,
        first_name: str,
        *,
        id: int | None = None,  # noqa: A002 - Telegram's word
        language_code: str | None = "en",
        username: str | None = None,
        last_name: str | None = None,
        started: bool = False,
    ) -> User:
        """A person. `started`: they have pressed Start before the test began; no update tells of it."""
        free = (number for number in self._user_ids if number not in self.world.users)
        person = User(id or next(free), first_name, last_name, username, language_code)
        if person.id in self.world.users:
            raise ValueError(f"there is a user {person.id} already")
        self.world.users[person.id] = person
        if started:
            self._private(person.id).started = True
        self.world.happened("user", None, person)
        return person

    def group(
        self,
        title: str,
        *members: Whom,
        kind: Literal["group", "supergroup"] = "supergroup",
        username: str | None = None,
        admin: bool = False,
    ) -> Chat:
        """A group, made by its first member, who adds the bot. `admin`: as an administrator, who hears everything."""
        chat = self._new_chat(kind, title, username, members)
        by = next(iter(chat.members))
        set_bot_status(self.world, chat, "administrator" if admin else "member", by=by)
        self._heard(chat, self.world.users[by], {"new_chat_members": [self.world.bot.json()]})
        return chat

    def channel(self, title: str, owner: Whom, *, username: str | None = None) -> Chat:
        """A channel, whose owner makes the bot an administrator."""
        chat = self._new_chat("channel", title, username, (owner,))
        set_bot_status(self.world, chat, "administrator", by=id_of(owner))
        return chat

    def start(self, user: Whom, payload: str = "") -> Json:
        """Press Start, or Restart after a block; `payload` comes from a deep link. Returns the message."""
        chat = self._private(id_of(user))
        if chat.blocked:
            self.unblock(user)
        return self.say(user, f"/start {payload}".rstrip())

    def say(self, user: Whom, text: str, *, chat: Where | None = None, reply_to: Which | None = None) -> Json:
        """Write to the bot, or into a group. Returns the message, whether or not the bot hears of it."""
        where = self._private(id_of(user)) if chat is None else self.chat(chat)
        person = self.world.users[id_of(user)]
        if where.blocked:
            raise ValueError(f"{person.first_name} has blocked the bot and must restart it to write")
        if where.kind != "private" and where.members.get(person.id, "left") == "left":
            raise LookupError(f"{person.first_name} is not in {where.title}")
        content = _typed(text)
        if not where.started:
            where.started = True
            self.world.happened("chat", where)
        if reply_to is not None:
            content = {"reply_to_message": self.message(where, reply_to), **content}
        return self._heard(where, person, content)

    def send_file(self, user: Whom, name: str, data: bytes, *, caption: str = "") -> Json:
        """Send a document to the bot, in the private chat. Returns the message."""
        stored = self._stored(name, "application/octet-stream", data)
        document = {**_file(stored), "file_name": name, "mime_type": stored.content_type}
        return self._sent(user, {"document": document, **_captioned(caption)})

    def send_photo(self, user: Whom, data: bytes, *, caption: str = "", album: str = "") -> Json:
        """Send a PNG or JPEG as a picture to the bot, alone or as one of an album. Returns the message."""
        stored = self._stored("photo.jpg", "image/jpeg", data)
        stored.size = picture_size(data)
        if stored.size is None:
            raise ValueError("neither PNG nor JPEG")
        width, height = stored.size
        photo = [{**_file(stored), "width": width, "height": height}]
        together = {"media_group_id": album} if album else {}
        return self._sent(user, {"photo": photo, **together, **_captioned(caption)})

    def post(self, channel: Chat | int, text: str) -> Json:
        """Write a post into a channel, as its owner."""
        return self._heard(self.chat(channel), None, _typed(text))

    def edit(self, user: Whom, message: Which, text: str, *, chat: Where | None = None) -> Json:
        """Edit a message of one's own."""
        where = self.chat(user if chat is None else chat)
        old = self.message(where, message)
        if old.get("from", {}).get("id") != id_of(user):
            raise LookupError("it is not theirs to edit")
        new = {k: v for k, v in old.items() if k != "entities"} | _typed(text) | {"edit_date": self.world.date()}
        where.messages[new["message_id"]] = new
        self.world.happened("message", where, new)
        if reaches_bot(self.world, where, new):
            self.world.updates.put("edited_message", new)
        return new

    def press(self, user: Whom, message: Which, button: str, *, chat: Where | None = None) -> str:
        """Press a button, named by its words or its callback_data. Returns the id of the callback query."""
        where = self.chat(user if chat is None else chat)
        shown = self.message(where, message)
        rows = shown.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [each for row in rows for each in row if "callback_data" in each]
        named = [each for each in buttons if button in (each["callback_data"], each["text"])]
        if not named:
            there = ", ".join(f"{each['text']} ({each['callback_data']})" for each in buttons)
            raise LookupError(f"no button {button!r} to press; there are: {there or 'none'}")
        query_id = self.world.query_id()
        self.world.callbacks[query_id] = Callback(query_id, id_of(user), self.world.monotonic())
        query: Json = {"id": query_id, "from": self.world.users[id_of(user)].json(), "message": shown}
        self.world.updates.put(
            "callback_query", {**query, "chat_instance": str(where.id), "data": named[0]["callback_data"]}
        )
        return query_id

    def block(self, user: Whom) -> None:
        """Block the bot."""
        set_bot_status(self.world, self._private(id_of(user)), "kicked", by=id_of(user))

    def unblock(self, user: Whom) -> None:
        """Unblock the bot."""
        set_bot_status(self.world, self._private(id_of(user)), "member", by=id_of(user))

    def deactivate(self, user: Whom) -> None:
        """Delete one's account."""
        self.world.users[id_of(user)].deactivated = True

    def remove_bot(self, chat: Chat | int, *, by: Whom | None = None) -> None:
        """Throw the bot out of a group or channel; `by` its first member unless told."""
        where = self.chat(chat)
        set_bot_status(self.world, where, "kicked", by=next(iter(where.members)) if by is None else id_of(by))

    def upgrade(self, chat: Chat | int) -> Chat:
        """Make a supergroup of a group: it has a new id, and requests to the old one are told so."""
        old = self.chat(chat)
        new = Chat(self._chat_id("supergroup"), "supergroup", old.title, old.username, members=dict(old.members))
        self.world.chats[new.id] = new
        person = self.world.users[next(iter(old.members))]
        self._heard(old, person, {"migrate_to_chat_id": new.id})
        self.world.happened("chat", new)
        self._heard(new, person, {"migrate_from_chat_id": old.id})
        old.migrated_to = new.id
        return new

    def inline_query(self, user: Whom, query: str, *, offset: str = "") -> str:
        """Type `@bot query` in some chat. Returns the id of the inline query."""
        query_id = self.world.query_id()
        self.world.inlines[query_id] = Inline(query_id, id_of(user), self.world.monotonic())
        asked = {"id": query_id, "from": self.world.users[id_of(user)].json(), "query": query, "offset": offset}
        self.world.updates.put("inline_query", {**asked, "chat_type": "sender"})
        return query_id

    def choose(self, query_id: str, result_id: str, chat: Where) -> Json:
        """Choose a result of an inline query; it becomes a message by the person, via the bot."""
        inline = self.world.inlines[query_id]
        found = [each for each in inline.results or [] if each["id"] == result_id]
        if not found:
            raise LookupError(f"no result {result_id!r} in the answer")
        where, person = self.chat(chat), self.world.users[inline.user_id]
        message = self.world.put(where, person, {"via_bot": self.world.bot.json(), **found[0]["message"]})
        self.world.inline_messages[f"inline{query_id}"] = (where.id, message["message_id"])
        self.world.updates.put(
            "chosen_inline_result",
            {"result_id": result_id, "from": person.json(), "query": "", "inline_message_id": f"inline{query_id}"},
        )
        return message

    def chat(self, where: Where) -> Chat:
        """A chat by itself, its id or, for a private one, the person."""
        return self.world.chats[id_of(where)]

    def message(self, where: Where, message: Which) -> Json:
        """A message as it is now. Raises LookupError when it is not, or no longer, there."""
        found = self.chat(where).messages.get(message_id_of(message))
        if found is None:
            raise LookupError(f"no message {message_id_of(message)} there")
        return found

    def _stored(self, name: str, content_type: str, data: bytes) -> StoredFile:
        stored = StoredFile(f"BQACAgUAAx{len(self.world.files) + 1:06}", name, content_type, data)
        self.world.files[stored.id] = stored
        return stored

    def _sent(self, user: Whom, content: Json) -> Json:
        where = self._private(id_of(user))
        where.started = True
        return self._heard(where, self.world.users[id_of(user)], content)

    def _private(self, user_id: int) -> Chat:
        """The private chat with somebody, started or not."""
        if user_id not in self.world.chats:
            self.world.chats[user_id] = Chat(user_id, "private", user=self.world.users[user_id], started=False)
            self.world.happened("chat", self.world.chats[user_id])
        return self.world.chats[user_id]

    def _new_chat(
        self,
        kind: Literal["group", "supergroup", "channel"],
        title: str,
        username: str | None,
        members: tuple[Whom, ...],
    ) -> Chat:
        if not members:
            raise ValueError("somebody must make it")
        statuses = {id_of(each): "member" for each in members} | {id_of(members[0]): "creator"}
        chat = Chat(self._chat_id(kind), kind, title, username, members=statuses)
        self.world.chats[chat.id] = chat
        self.world.happened("chat", chat)
        return chat

    def _chat_id(self, kind: str) -> int:
        """Groups have small negative ids; supergroups and channels begin with -100."""
        number = next(self._chat_ids)
        return -4_000_000_000 - number if kind == "group" else -1_002_000_000_000 - number

    def _heard(self, chat: Chat, person: User | None, content: dict[str, Any]) -> Json:
        """Put a message into a chat and, if the bot may hear of it, into its updates."""
        message = self.world.put(chat, person, content)
        if reaches_bot(self.world, chat, message):
            self.world.updates.put("channel_post" if chat.kind == "channel" else "message", message)
        return message


def _file(stored: StoredFile) -> Json:
    return {"file_id": stored.id, "file_unique_id": f"u{stored.id}", "file_size": len(stored.data)}


def _captioned(caption: str) -> Json:
    """What was typed under a file, as the fields of a message."""
    typed = _typed(caption) if caption else {}
    return {{"text": "caption", "entities": "caption_entities"}[name]: value for name, value in typed.items()}


def _typed(text: str) -> Json:
    """What a person has typed, as the fields of a message."""
    bare = text.strip()
    if not 1 <= units(bare) <= TEXT_LIMIT:
        raise ValueError("Telegram's apps send texts of 1 to 4096 UTF-16 units")
    entities = detected(bare)
    return {"text": bare, "entities": entities} if entities else {"text": bare}
