"""The queue of updates, as getUpdates and the webhook see it.

An update stays until it is confirmed by a higher offset or a webhook's 2xx; what is not confirmed comes again
(core.telegram.org/bots/api#getting-updates). Telegram keeps updates for 24 hours.
"""

import asyncio
from collections.abc import Callable, Iterable

from bot.sandbox.refusal import Json, Refusal

KEPT_SECONDS = 24 * 60 * 60.0
SILENT = {"chat_member", "message_reaction", "message_reaction_count"}
"""Kinds that a bot must ask for by name."""
REMEMBERED = 10_000
"""How many past updates can be delivered a second time."""
CONFLICT = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Updates:
    """Everything that happened and that the bot has not confirmed. `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._pending: list[tuple[float, Json]] = []
        self._again: list[Json] = []
        self._past: dict[int, Json] = {}
        self._next_id = 700_000_001
        self._poll: asyncio.Future[str] | None = None
        self._listeners: list[Callable[[], None]] = []
        self.allowed: list[str] = []
        self.closed = False

    def put(self, kind: str, payload: Json) -> int | None:
        """A new update of a kind such as `message`; None when the bot did not ask for that kind."""
        if kind not in self.allowed and (self.allowed or kind in SILENT):
            return None
        return self.put_raw({kind: payload})

    def put_raw(self, update: Json) -> int:
        """Any object at all as the next update, with the next update_id unless it has one."""
        update_id = update.get("update_id")
        if not isinstance(update_id, int):
            update_id = self._next_id
        self._next_id = max(self._next_id, update_id + 1)
        whole = {**update, "update_id": update_id} if "update_id" in update else {"update_id": update_id, **update}
        self._pending.append((self._monotonic(), whole))
        self._past[update_id] = whole
        if len(self._past) > REMEMBERED:
            del self._past[next(iter(self._past))]
        self.news()
        return update_id

    def repeat(self, update_id: int) -> None:
        """Deliver an update once more in the next answer, confirmed or not. Raises KeyError when it never was."""
        self._again.append(self._past[update_id])
        self.news()

    def reorder(self, update_ids: Iterable[int] | None = None) -> None:
        """Deliver what is pending in this order, or backwards; ids stay, and pending ones not named come last."""
        if update_ids is None:
            self._pending.reverse()
            return
        place = {update_id: number for number, update_id in enumerate(update_ids)}
        self._pending.sort(key=lambda pair: place.get(pair[1]["update_id"], len(place)))

    def pending(self) -> list[Json]:
        """What the bot has not confirmed, oldest first."""
        horizon = self._monotonic() - KEPT_SECONDS
        if self._pending and self._pending[0][0] < horizon:
            self._pending = [pair for pair in self._pending if pair[0] >= horizon]
        return [update for _, update in self._pending]

    def confirm(self, offset: int) -> None:
        """Forget what is below an offset; a negative one keeps that many from the end."""
        if offset < 0:
            self._pending = self._pending[offset:]
        elif offset:
            self._pending = [pair for pair in self._pending if pair[1]["update_id"] >= offset]
        self._tell()

    def forget(self, update: Json) -> None:
        """Forget one update, by identity: a webhook has taken it."""
        self._pending = [pair for pair in self._pending if pair[1] is not update]
        self._tell()

    def clear(self) -> None:
        """Forget everything (drop_pending_updates)."""
        self._pending.clear()
        self._again.clear()

    def take(self, limit: int) -> list[Json]:
        """The next batch. It stays pending."""
        again, self._again = self._again[:limit], self._again[limit:]
        return again + self.pending()[: limit - len(again)]

    def take_repeats(self) -> list[Json]:
        """What must be delivered once more, for a webhook."""
        again, self._again = self._again, []
        return again

    @property
    def polling(self) -> bool:
        """Whether a getUpdates waits for news right now."""
        return self._poll is not None

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """A getUpdates. It ends the one that waits, which is answered 409. Raises Refusal 409 when it is ended."""
        self.end_poll(CONFLICT)
        self.confirm(offset)
        batch = self.take(limit)
        if batch or seconds <= 0 or self.closed:
            return batch
        self._poll = poll = asyncio.get_running_loop().create_future()
        self._tell()
        try:
            ended = await asyncio.wait_for(poll, seconds)
        except TimeoutError:
            return []
        finally:
            if self._poll is poll:
                self._poll = None
        if ended:
            raise Refusal(409, ended)
        return self.take(limit)

    def end_poll(self, reason: str) -> None:
        """Answer the waiting getUpdates with 409 and this sentence."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(reason)
        self._poll = None

    def close(self) -> None:
        """Answer the waiting getUpdates with nothing, and every later one at once."""
        self.closed = True
        self.news()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this whenever something is put or confirmed, and whenever a getUpdates begins to wait."""
        self._listeners.append(listener)

    def news(self) -> None:
        """Wake whoever waits: there is something new, or the webhook has changed."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result("")
        self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
