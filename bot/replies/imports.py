"""What a programme file proposes: its questions, each with a button that answers it."""

from collections.abc import Sequence

from bot.domain.problem import Problem
from bot.replies import reports
from bot.replies.reply import Block, Button, Line, Reply, Row, rows, text
from bot.replies.voice import Voice

Asked = tuple[str, str, str, bool]
"""A question: its name, why it is asked, what it is in words, whether it is answered for the file."""
LABEL = 40
"""Characters of a button."""
FAULTS = 10
"""Faults of a file that are listed."""


def asked(voice: Voice, number: int, questions: Sequence[Asked]) -> tuple[list[Block], tuple[Row, ...]]:
    """The questions as a block and as buttons that set the answer."""
    if not questions:
        return [], ()
    lines = [voice.say("import.undecided")]
    lines += [voice.say("import.question", why=voice.say(f"import.{why}"), what=what) for _, why, what, _ in questions]
    buttons = [
        Button(
            voice.word("import.button.keep" if taken else "import.button.take", what=what)[:LABEL],
            f"import {number} {'-' if taken else '+'} {name}",
            edits=True,
        )
        for name, _, what, taken in questions
    ]
    return [Block(tuple(lines))], rows(buttons, 1)


def only_questions(voice: Voice, number: int, file: str, questions: Sequence[Asked], *, head: Line) -> Reply:
    """A file that changes nothing unless a question is answered for it."""
    above, buttons = asked(voice, number, questions)
    title = voice.say("import.unchanged", file=file)
    settle: Row = (voice.button("import.button.settle", f"import {number} keep", edits=True),)
    return Reply((Block((head, title)[not head :]), *above), (*buttons, settle), ask=f"import {number}")


def refused(voice: Voice, problem: Problem) -> Reply:
    """A file that can't be taken, and why."""
    lines = reports.problem(voice.lang, problem)
    shown = [*lines[:FAULTS], *lines[-1:]] if len(lines) > FAULTS else lines
    if problem.key.partition(".")[0] in ("file", "booklet"):  # perhaps it was never meant to be a programme
        shown = [*shown, voice.word("import.to_tell")]
    return Reply((Block(tuple(text(line) for line in shown)),))
