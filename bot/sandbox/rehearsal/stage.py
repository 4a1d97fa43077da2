"""Where actors act: they ask and press, wait for the answer, and all that the bot does is put down beside it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

from bot.sandbox.box import Sandbox
from bot.sandbox.ledger import Entry
from bot.sandbox.people import Where, Whom, id_of
from bot.sandbox.rehearsal.record import Answer, Notice, Question, Record

ANSWERING = ("sendMessage", "editMessageText", "editMessageReplyMarkup")
TOAST = "answerCallbackQuery"
UNCHANGED = "message is not modified"


class Stage:
    """A sandbox and the record of what happens in it.

    One question of a person and of a chat is in flight at a time, as people take turns; so a message belongs to the
    chat's latest question, or to the one that it replies to. A question without an answer after `patience` real seconds
    is given up and stays in the record as it is. `reminded` gives the names of what a message reminds of, if it is a
    reminder and no answer; `changed` those of what a message says has changed. `room`: where a thing is by now; a
    reminder names that. `unbidden`: what answers nobody, of what those hear who work there; `workers` are those.
    `heard`: the word by which a broadcast is known. `edits`: whether a button with these data has its message edited.
    """

    def __init__(  # noqa: PLR0913 - by what messages are known, given by name
        self,
        box: Sandbox,
        *,
        patience: float = 30.0,
        reminded: Callable[[Entry], Sequence[str]] = lambda _: (),
        changed: Callable[[Entry], Sequence[str]] = lambda _: (),
        room: Callable[[str], str] = lambda _: "",
        unbidden: Callable[[Entry], bool] = lambda _: False,
        heard: Callable[[Entry], str] = lambda _: "",
        edits: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self.box = box
        self.record = Record()
        self.given_up = 0
        self.workers: set[int] = set()
        self._patience = patience
        self._reminded = reminded
        self._changed = changed
        self._room = room
        self._unbidden = unbidden
        self._heard = heard
        self._edits = edits
        self._standing: set[tuple[int, int]] = set()
        self._people: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._chats: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._latest: dict[int, Question] = {}
        self._typed: dict[tuple[int, int], Question] = {}
        self._pressed: dict[str, Question] = {}
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._read = 0
        self._open: list[Entry] = []
        self._told: set[int] = set()
        box.listen(self._look)

    async def ask(self, user: Whom, words: str, *, chat: Where, expects: str = "") -> None:
        """Write to the bot in a chat; returns when it is answered, or given up."""
        async with self._people[id_of(user)], self._chats[id_of(chat)]:
            question = self._question(user, chat, words, expects)
            message = self.box.say(user, words, chat=None if id_of(chat) == id_of(user) else chat)
            question.message_id = message["message_id"]
            self._typed[question.chat, message["message_id"]] = question
            await self._answered(question)

    async def press(
        self, user: Whom, *, chat: Where, choice: float, among: Callable[[str], bool] = lambda _: True
    ) -> bool:
        """Press a button of the bot's last message with any `among` those wanted, `choice` (0 … 1) of the way along.

        Returns whether there was one.
        """
        async with self._people[id_of(user)], self._chats[id_of(chat)]:
            found = self._buttons(chat, among)
            if found is None:
                return False
            message_id, data = found
            await self._press(user, chat, message_id, data[int(choice * len(data))])
            return True

    async def until(self, condition: Callable[[], bool]) -> bool:
        """Wait for something that the bot must bring about by itself. Whether it came in time."""
        try:
            await self.box.until(condition, seconds=self._patience)
        except TimeoutError:
            self.given_up += 1
            return False
        return True

    def offers(self, chat: Where, among: Callable[[str], bool]) -> bool:
        """Whether a message of the bot has any button `among` those wanted."""
        return self._buttons(chat, among) is not None

    def awaits(self, question: Question) -> bool:
        """Whether its answer may still come."""
        return question.number in self._waiting

    async def press_on(self, user: Whom, message: int, data: str) -> list[str]:
        """Press a button that gives its message, in the private chat, another content; the data of its buttons then.

        What counts is the message itself: after a kill an earlier question may be answered once more meanwhile.
        """
        async with self._people[id_of(user)], self._chats[id_of(user)]:
            if data in self.buttons(user, message):
                await self._press(user, user, message, data)
        await self.until(lambda: data not in self.buttons(user, message))
        return self.buttons(user, message)

    def answered_in(self, chat: Where) -> int | None:
        """The message that answers the latest question of a chat."""
        answers = self._latest[id_of(chat)].answers
        return answers[-1].entry.message_id if answers else None

    def buttons(self, chat: Where, message: int) -> list[str]:
        """The data of the buttons that a message has by now."""
        shown = self.box.world.chats[id_of(chat)].messages.get(message, {})
        rows = shown.get("reply_markup", {}).get("inline_keyboard", [])
        return [button["callback_data"] for row in rows for button in row if "callback_data" in button]

    async def _press(self, user: Whom, chat: Where, message: int, data: str) -> None:
        question = self._question(user, chat, data, "")
        question.message_id = message
        question.callback_id = self.box.press(user, message, data, chat=chat)
        self._pressed[question.callback_id] = question
        await self._answered(question)

    def _question(self, user: Whom, chat: Where, words: str, expects: str) -> Question:
        number = len(self.record.questions) + 1
        now, asked = self.box.clock.now(), self.box.seconds
        question = Question(number, id_of(user), id_of(chat), words, expects, now, asked)
        self.record.questions.append(question)
        self._latest[question.chat] = question
        self._waiting[number] = asyncio.get_running_loop().create_future()
        return question

    async def _answered(self, question: Question) -> None:
        waiting = self._waiting[question.number]
        await asyncio.wait([waiting], timeout=self._patience)
        self.given_up += not waiting.done()
        del self._waiting[question.number]

    def _buttons(self, chat: Where, among: Callable[[str], bool]) -> tuple[int, list[str]] | None:
        """The last message of the bot with buttons that are wanted, and the data of these."""
        where = self.box.world.chats.get(id_of(chat))
        for message in reversed(where.messages.values()) if where else ():
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            data = [button["callback_data"] for row in rows for button in row if "callback_data" in button]
            if wanted := [each for each in data if among(each)]:
                return message["message_id"], wanted
        return None

    # What the bot does.

    def _look(self) -> None:
        """Put down what became of the requests that have come since, and of those that were open."""
        entries = self.box.ledger
        self._open += entries[self._read :]
        self._read = len(entries)
        still_open = []
        for entry in self._open:
            self._put_down(entry)
            if entry.outcome == "open":
                still_open.append(entry)
        self._open = still_open

    def _put_down(self, entry: Entry) -> None:
        if (entry.method in ANSWERING or self._is_toast(entry)) and (entry.applied or _unchanged(entry)):
            # Once: when it is settled, its question may no longer be the latest.
            if entry.number not in self._told:
                self._told.add(entry.number)
                self._answer(entry)
        elif entry.outcome == "refused" and entry.status == 429:
            self.record.held.append(entry)
        elif entry.outcome == "refused":
            self.record.refused.append(entry)

    def _is_toast(self, entry: Entry) -> bool:
        """Whether it is the whole answer to a press: in a group a star changes nothing that the others see."""
        question = self._pressed.get(entry.params.get("callback_query_id", "")) if entry.method == TOAST else None
        return question is not None and question.chat != question.user and bool(entry.params.get("text"))

    def _answer(self, entry: Entry) -> None:
        if isinstance(entry.chat_id, int) and self._unasked_for(entry, entry.chat_id):
            return
        question = self._asked_by(entry)
        if question is None:
            self.record.unasked.append(entry)
            return
        question.answers.append(Answer(entry, self.box.seconds, entry.text or ""))
        waiting = self._waiting.get(question.number)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def _unasked_for(self, entry: Entry, chat: int) -> bool:
        """Put down a broadcast, a reminder, a notice of a change, or a reminder in the chat that is mended."""
        record, text = self.record, entry.text or ""
        if word := self._heard(entry):
            record.heard[chat, word].append(self.box.seconds)
            return True
        if names := self._reminded(entry):
            for name in names:
                record.told[chat, name].append(self.box.seconds)
                if self._room(name) not in text:
                    record.misplaced.append(f"{chat} {name}: {self._room(name)} ≠ {text[:60]}")
            if entry.message_id is not None:
                self._standing.add((chat, entry.message_id))
                record.reminders |= dict.fromkeys(((chat, name) for name in names), entry.message_id)
            return True
        if names := self._changed(entry):
            for name in names:
                record.noticed[chat, name].append(Notice(self.box.seconds, text))
            return True
        if chat in self.workers and self._is_notice(entry, chat):
            record.notices[chat].append(entry)
            return True
        edited = (chat, entry.params.get("message_id"))
        if entry.method != "editMessageText" or edited not in self._standing:
            return False
        # Only a button under it that has it edited is answered so; it may be mended while something else is asked.
        latest = self._latest.get(chat)
        asking = latest is not None and latest.number in self._waiting and not self._waiting[latest.number].done()
        return latest is None or not asking or latest.message_id != edited[1] or not self._edits(latest.words)

    def _is_notice(self, entry: Entry, chat: int) -> bool:
        """Whether somebody who works there was told something unasked: presses are answered by edits, once."""
        question = self._latest.get(chat)
        if question is None or question.answers:
            return True
        if entry.method == "sendMessage":
            return question.callback_id is not None or self._unbidden(entry)
        return question.message_id != entry.params.get("message_id")

    def _asked_by(self, entry: Entry) -> Question | None:
        """The question that a message of the bot answers."""
        if entry.method == TOAST:
            return self._pressed[entry.params["callback_query_id"]]
        if not isinstance(entry.chat_id, int):
            return None
        replied = entry.params.get("reply_parameters")
        if replied is not None:
            return self._typed.get((entry.chat_id, replied["message_id"]))
        return self._latest.get(entry.chat_id)


def _unchanged(entry: Entry) -> bool:
    """Whether the bot was told that what it wanted to show is there already: an answer, too."""
    return entry.outcome == "refused" and UNCHANGED in (entry.description or "")
