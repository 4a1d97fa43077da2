"""Everything the bot asked and what it was answered: who was told what, when, how often."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from bot.sandbox.parameters import Upload
from bot.sandbox.refusal import Json
from bot.sandbox.state import World

Outcome = Literal["open", "accepted", "refused", "dropped"]
TELLING = {
    "sendMessage",
    "sendDocument",
    "sendPhoto",
    "sendVenue",
    "editMessageText",
    "editMessageCaption",
    "answerCallbackQuery",
}


@dataclass(slots=True)
class Entry:
    """One request.

    accepted: carried out and answered 200. refused: answered with an error. dropped: the connection was cut; `applied`
    tells whether it had been carried out. open: not answered yet.
    """

    number: int
    method: str
    chat_id: int | str | None
    params: Json
    received: float
    """Monotonic seconds since the sandbox began."""
    at: datetime
    """Conference time."""
    outcome: Outcome = "open"
    applied: bool = False
    status: int | None = None
    description: str | None = None
    message_id: int | None = None
    text: str | None = None
    """What the user reads: plain text, caption or toast."""
    answered: float | None = None

    def json(self) -> Json:
        """The entry as JSON; a file is its name and size."""
        whole = asdict(self)
        whole["at"] = self.at.isoformat()
        whole["params"] = {
            name: {"file_name": value.name, "size": len(value.data)} if isinstance(value, Upload) else value
            for name, value in self.params.items()
        }
        return whole


class Ledger:
    """All requests in the order in which they came."""

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._now = now
        self._monotonic = monotonic
        self._began = monotonic()
        self.entries: list[Entry] = []
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this whenever a request is carried out or settled."""
        self._listeners.append(listener)

    def seconds(self) -> float:
        """Monotonic seconds since the sandbox began."""
        return self._monotonic() - self._began

    def received(self, method: str, params: Json) -> Entry:
        """A request has arrived."""
        chat_id = params.get("chat_id")
        if isinstance(chat_id, str) and chat_id.lstrip("-").isdecimal():
            chat_id = int(chat_id)
        entry = Entry(len(self.entries) + 1, method, chat_id, params, self.seconds(), self._now())
        self.entries.append(entry)
        return entry

    def applied(self, entry: Entry, result: Any, world: World) -> None:
        """It was carried out, with this result. A toast is told to whoever pressed the button."""
        entry.applied = True
        if isinstance(result, dict) and "message_id" in result:
            entry.message_id = result["message_id"]
            entry.chat_id = result["chat"]["id"]
            entry.text = result.get("text") or result.get("caption")
        elif entry.method == "answerCallbackQuery":
            entry.text = entry.params.get("text")
            entry.chat_id = world.callbacks[entry.params["callback_query_id"]].user_id
        self._tell()

    def settled(
        self, entry: Entry, outcome: Outcome, status: int | None = None, description: str | None = None
    ) -> None:
        """It was answered, or will never be."""
        entry.outcome, entry.status, entry.description = outcome, status, description
        entry.answered = self.seconds()
        self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    def select(
        self, *, method: str | None = None, chat_id: int | None = None, outcome: str | None = None, after: int = 0
    ) -> list[Entry]:
        """The entries that fit everything that is asked; `after` is the number of an entry."""
        return [
            entry
            for entry in self.entries[after:]
            if (method is None or entry.method == method)
            and (chat_id is None or entry.chat_id == chat_id)
            and (outcome is None or entry.outcome == outcome)
        ]

    def told(self, *, chat_id: int | None = None) -> list[Entry]:
        """The requests that told somebody something: carried out, whether or not the bot heard of it."""
        return [
            entry
            for entry in self.entries
            if entry.applied
            and entry.method in TELLING
            and entry.text
            and (chat_id is None or entry.chat_id == chat_id)
        ]
