"""From what was typed or pressed to the reply that answers it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import structlog

from bot.commands.ask import Ask
from bot.commands.table import COMMANDS, Command
from bot.domain.broadcast import Attachment
from bot.domain.visible import visible
from bot.replies import allowing, desk
from bot.replies.reply import Reply
from bot.search.fold import fold
from bot.search.imperatives import KINDS, instructed
from bot.search.ordinals import is_counting
from bot.search.phrases import smalltalk
from bot.search.understanding import read
from bot.services import invitations, lookup, planning, stars

log = structlog.get_logger(__name__)

_SLASH = re.compile(r"^[/／]([A-Za-z0-9_]+)(?:@\w+)?(?:\s+(.*))?$", re.DOTALL)
_PRESSED = re.compile(r"^([a-z]+)(?: (.*?))?(?:@(\d{1,4}))?$")
_WORDS = {
    fold(word): command
    for command in COMMANDS.values()
    if not command.hidden
    for word in (command.name, *command.words)
}
_BY_NAME = ("room", "day", "session", "talk", "speaker")
_LONGEST_FIRST = sorted((word for word in _WORDS if _WORDS[word].takes), key=len, reverse=True)


@dataclass(frozen=True)
class Question:
    """What is asked. `command` is None where a slash command is not ours; then `args` is its name.

    text  the message as it was typed; empty for a button.
    attached, quoted, message, group  what came with it, and where; see Ask.
    bare  a slash command in a group that names no bot: it may be meant for another one.
    """

    command: Command | None
    args: str = ""
    page: int = 1
    text: str = ""
    attached: Attachment | None = None
    quoted: str = ""
    message: str | None = None
    group: str = ""
    bare: bool = False


def typed(text: str) -> Question:
    """A message: a slash command, a command's word (下一场, 会场 7号), or anything else, which is searched for.

    What nobody sees in it, such as a mark that turns the writing round, goes no further: others may read it later.
    """
    text = visible(text).strip()
    if match := _SLASH.match(text):
        name = match[1].lower()
        command = COMMANDS.get(name)
        linked = COMMANDS.get(match[2] or "") if name == "start" else None
        if linked is not None and linked.own and not linked.hidden:  # a link from a group to what is somebody's own
            return Question(linked, text=text)
        if command is not None and command.hidden:
            command = None
        if name == "start" and (match[2] or "").startswith(invitations.LINK):
            command = COMMANDS["join"]
        return Question(command, (match[2] or "").strip() if command else match[1], text=text)
    folded = fold(text)
    if not folded and smalltalk(text) is None:
        return Question(COMMANDS["help"], text=text)
    if folded and folded in _WORDS:
        return Question(_WORDS[folded], text=text)
    for word in _LONGEST_FIRST:
        # 会场 7号 and 会场7号 are the command; 报告厅 is not: after a word comes a blank, a figure or a Latin letter.
        rest = folded.removeprefix(word)
        if rest != folded and (rest[0] == " " or (not word.isascii() and rest[0].isascii())):
            command = _WORDS[word]
            if command.name in _BY_NAME and is_counting(text):  # room 7 last talk
                break
            return Question(command, _after(text, word), text=text)
    return Question(COMMANDS["search"], text, text=text)


def pressed(data: str) -> Question:
    """A button's question: a command, ids, and the page to turn to (talk #17@2)."""
    match = _PRESSED.match(data)
    if match is None or match[1] not in COMMANDS:
        return Question(None, data)
    return Question(COMMANDS[match[1]], match[2] or "", int(match[3] or 1))


async def meant(ask: Ask, question: Question, asked: Callable[[], Awaitable[str | None]]) -> Question:
    """A message as it is meant by its user: the answer to what they were asked, if so, or an instruction of staff.

    `asked` looks up what they were asked; a command is meant as it is, whatever that was.
    """
    if not (question.text or question.attached) or _SLASH.match(question.text):
        return question
    ask = replace(ask, group=question.group)
    waits = await asked() or ""
    name, _, known = waits.partition(" ")
    if waits and await _is_answer(ask, waits, question):
        return replace(question, command=COMMANDS[name], args=f"{known} {question.text}".strip(), text="")
    if (
        question.command is COMMANDS["search"]
        and not question.group
        and (name := lookup.claimed(ask.edition, question.text))
    ):
        return replace(question, command=COMMANDS["iam"], args=name)
    # Move A3 to 14:00: what is done to it is seen from the whole sentence.
    named = question.command.name if question.command is not None else ""
    kind = instructed(question.text) if named == "search" or named in KINDS else None
    if kind not in (None, named) and (await ask.rights()).may(COMMANDS[kind].needs):
        return Question(COMMANDS[kind], question.text, group=question.group)
    return question


async def answer(ask: Ask, question: Question) -> Reply:
    """The reply, whole; the channel shows the page that was asked for. `ask` is all but the question's arguments."""
    asked = replace(
        ask,
        args=question.args,
        attached=question.attached,
        quoted=question.quoted,
        message=question.message,
        group=question.group,
    )
    if question.command is not None and not (await _allowed(asked, question.command)):
        if question.group and (refusal := await _refused_in_group(asked, question)) is not None:
            return refusal
        question = _unknown(question)
        asked = replace(asked, args=question.args)
    if question.command is not None and question.command.own and (ask.user is None or question.group):
        start = question.command.name if question.group else ""
        return desk.in_private(ask.voice, start, staff=question.command.needs is not None)
    if question.command is not None:
        reply = await question.command.handler(asked)
        return await _view(asked, reply) if reply.then else reply
    if question.args.isidentifier():
        return desk.sentence(ask.voice, ask.voice.say("unknown.command", name=question.args[:32]))
    return desk.gone(asked.voice)


async def _allowed(ask: Ask, command: Command) -> bool:
    if command.needs is None or (await ask.rights()).may(command.needs):
        return True
    log.info("not allowed", command=command.name, user=ask.user and ask.user.id, group=ask.group or None)
    return False


async def _refused_in_group(ask: Ask, question: Question) -> Reply | None:
    """What a group reads of a question that is not allowed; None for what anybody reads of an unknown command."""
    rights = await ask.rights()
    if rights.owner:
        return allowing.not_yet(ask.voice)
    staff = rights.staff and rights.muted
    if not question.text:
        # The message under which the button stands is for those who may; a curious thumb must not take its place.
        return Reply((), toast=ask.voice.word("group.not_here" if staff else "unknown.staff_only"))
    if staff:
        return allowing.not_here(ask.voice)
    return Reply(()) if question.bare else None


async def _is_answer(ask: Ask, asked: str, question: Question) -> bool:
    """Whether a message answers what its user was asked."""
    if question.group and not await _answers_here(ask, COMMANDS[asked.partition(" ")[0]]):
        return False
    if asked == "iam":  # a name that nobody has is an answer; what is asked of the programme is none
        person = lookup.person(ask.edition, question.text)
        plain = question.command is COMMANDS["search"]
        return bool(person.one or person.candidates) or (
            plain and read(question.text, ask.edition.index, ask.now).what == "unknown"
        )
    return await planning.answers(ask.db, ask.edition, asked, question.text, now=ask.now)


async def _answers_here(ask: Ask, command: Command) -> bool:
    """Whether what somebody says in a group may be the answer to a question: one of staff, where they work there."""
    return command.needs is not None and not command.own and (await ask.rights()).may(command.needs)


def _unknown(question: Question) -> Question:
    """The question to somebody for whom its command does not exist."""
    if match := _SLASH.match(question.text):
        return replace(question, command=None, args=match[1])
    if question.text:
        return replace(question, command=COMMANDS["search"], args=question.text)
    return replace(question, command=None, args="#")


async def _view(ask: Ask, confirmed: Reply) -> Reply:
    """The view a button stands under, as it is after what the button did."""
    view = pressed(confirmed.then)
    if view.command is None or view.command.writes or not (await _allowed(ask, view.command)):
        return confirmed
    marks = await stars.of(ask.db, ask.user)
    reply = await view.command.handler(replace(ask, args=view.args, stars=marks))
    return replace(reply, toast=confirmed.toast)


def _after(text: str, word: str) -> str:
    """What follows the word in the text as typed: the shortest tail whose head folds to the word."""
    end = next(n for n in range(1, len(text) + 1) if fold(text[:n]) == word)
    return text[end:].strip(" \t\n:：,，")
