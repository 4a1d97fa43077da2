"""Between two talks a whole hall asks what comes next: what is the same for all of them is put into words once."""

from dataclasses import replace
from datetime import datetime

from bot.commands.ask import Ask
from bot.commands.dispatch import Question, answer
from bot.domain.model import Lang
from bot.replies.reply import Reply
from bot.services.editions import Edition

KEPT = 256
"""Answers of one second that are kept."""

_Key = tuple[str, str, Lang, bool, frozenset[tuple[int, bool]], frozenset[int]]


class Crowd:
    """Answers questions as `answer` does, those that are alike with one and the same reply within a second."""

    def __init__(self) -> None:
        self._said: dict[_Key, Reply] = {}
        self._of: tuple[Edition, datetime] | None = None

    async def answer(self, ask: Ask, question: Question) -> Reply:
        command = question.command
        if command is None or not command.alike:
            return await answer(ask, question)
        second = ask.now.replace(microsecond=0)
        if self._of != (ask.edition, second) or len(self._said) >= KEPT:
            self._said, self._of = {}, (ask.edition, second)
        said = self._said
        marks = frozenset(ask.stars.talks.items())
        key = (command.name, question.args, ask.lang, bool(question.group), marks, ask.stars.slots)
        if key not in said:
            # Without the user, so that nothing of theirs but their stars can get into an answer that others get too.
            said[key] = await answer(replace(ask, user=None, now=second), question)
        return said[key]
