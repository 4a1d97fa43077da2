"""What goes on in the sandbox: what the bot did, what its users see, and what happens to requests on the way."""

from collections.abc import Callable, Iterable

from bot.clock import Clock
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.ledger import Entry
from bot.sandbox.methods.profile import menu, profile_words
from bot.sandbox.people import People, Where, Whom, id_of
from bot.sandbox.refusal import Json
from bot.sandbox.seen import Seen, seen
from bot.sandbox.server import Server
from bot.sandbox.state import User


class Scene(People):
    """A world and the server that the bot meets it by, wherever that listens.

    clock  the conference's time. stage: what the page shows of the conference beside its chats; see `sandbox`.
    """

    def __init__(self, server: Server, clock: Clock, stage: Json) -> None:
        super().__init__(server.world)
        self.clock = clock
        self.stage = stage
        self.limits = server.limits
        self.faults = server.faults
        self._ledger = server.ledger
        self._network: list[Fault] = []

    @property
    def bot(self) -> User:
        """The bot's own account."""
        return self.world.bot

    # What the bot did.

    @property
    def ledger(self) -> list[Entry]:
        """Every request of the bot, in order."""
        return self._ledger.entries

    @property
    def seconds(self) -> float:
        """Real seconds since the sandbox began: the time of the ledger's entries."""
        return self._ledger.seconds()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this whenever a request of the bot is carried out or settled."""
        self._ledger.listen(listener)

    def requests(self, method: str | None = None, *, chat: Where | None = None, after: int = 0) -> list[Entry]:
        """Requests by method and chat, getUpdates only when asked for; `after` is the number of an entry."""
        found = self._ledger.select(method=method, chat_id=None if chat is None else id_of(chat), after=after)
        return [entry for entry in found if method or entry.method != "getUpdates"]

    def told(self, chat: Where | None = None) -> list[tuple[int | str | None, str]]:
        """Who was told what, in order: chat id and plain text of each message, edit and toast that was carried out."""
        entries = self._ledger.told(chat_id=None if chat is None else id_of(chat))
        return [(entry.chat_id, entry.text or "") for entry in entries]

    def messages(self, chat: Where) -> list[Seen]:
        """A chat as a user sees it now, oldest first."""
        where = self.chat(chat)
        return [seen(message, pinned=number in where.pinned) for number, message in where.messages.items()]

    def answer(self, query_id: str) -> Json | None:
        """What a pressed button was answered: {"text", "show_alert"}; None while it is not."""
        return self.world.callbacks[query_id].answer

    def menu(self, user: Whom, chat: Where | None = None) -> list[Json]:
        """The commands that a user's app lists in the private chat or in a group, in their language."""
        person = self.world.users[id_of(user)]
        where = self.chat(chat) if chat is not None else None
        if where is None or where.kind == "private":
            scopes: list[Json] = [{"type": "chat", "chat_id": person.id}, {"type": "all_private_chats"}]
        else:
            scopes = [{"type": "chat_member", "chat_id": where.id, "user_id": person.id}]
            if where.members.get(person.id) in ("creator", "administrator"):
                scopes += [{"type": "chat_administrators", "chat_id": where.id}]
            scopes += [{"type": "chat", "chat_id": where.id}, {"type": "all_group_chats"}]
        return menu(self.world, (person.language_code or "")[:2], [*scopes, {"type": "default"}])

    def profile(self, user: Whom, chat: Where | None = None) -> Json:
        """What a user's app shows of the bot, in their language: name, description, about and the commands' menu."""
        language = (self.world.users[id_of(user)].language_code or "")[:2]
        return {
            "name": profile_words(self.world, "name", language) or self.bot.first_name,
            "description": profile_words(self.world, "description", language),
            "about": profile_words(self.world, "short_description", language),
            "commands": self.menu(user, chat),
        }

    # What happens to updates and requests on the way.

    def inject(self, update: Json) -> int:
        """Queue any object as an update, poison included; it is given an update_id if it has none. Returns that."""
        return self.world.updates.put_raw(update)

    def duplicate(self, update_id: int) -> None:
        """Deliver an update once more, even if it is confirmed."""
        self.world.updates.repeat(update_id)

    def reorder(self, update_ids: Iterable[int] | None = None) -> None:
        """Deliver pending updates in this order, or backwards."""
        self.world.updates.reorder(update_ids)

    @property
    def pending(self) -> list[Json]:
        """The updates that the bot has not confirmed."""
        return self.world.updates.pending()

    @property
    def polling(self) -> bool:
        """Whether the bot waits in getUpdates."""
        return self.world.updates.polling

    def fault(  # noqa: PLR0913 - each is one dial of a fault, given by name
        self,
        kind: FaultKind,
        method: str = "*",
        *,
        chat: Where | None = None,
        count: int | None = None,
        chance: float = 1.0,
        seconds: float = 0.0,
        code: int = 500,
        retry_after: int = 1,
    ) -> Fault:
        """Set a fault; see Fault for what each kind does."""
        chat_id = None if chat is None else id_of(chat)
        return self.faults.add(Fault(kind, method, chat_id, count, chance, seconds, code, retry_after))

    def clear_faults(self) -> None:
        """Everything works again."""
        self.faults.clear()
        self.network()

    def network(self, *, down: bool = False, seconds: float = 0.0) -> Json:
        """The weather of the whole network: Telegram out of reach, or every answer late. Other faults stay."""
        for old in self._network:
            if old in self.faults.set:
                self.faults.set.remove(old)
        # In this order: what is out of reach can't be late.
        self._network = [self.fault("drop-before")] if down else []
        if seconds > 0:
            self._network.append(self.fault("delay", seconds=seconds))
        # A getUpdates that waits already would still be answered; it ends, and the next one meets the weather.
        self.world.updates.news()
        self.world.happened("network")
        return self.network_state()

    def network_state(self) -> Json:
        """What `network` was last set to."""
        return {
            "down": any(fault.kind == "drop-before" for fault in self._network),
            "seconds": sum(fault.seconds for fault in self._network),
        }
