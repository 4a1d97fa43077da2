"""The terminal: replies printed with rich, buttons pressed by number."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bot.commands.dispatch import Question, pressed, typed
from bot.domain.problem import Problem
from bot.replies.reply import Block, Button, File, Line, Reply, plain


def as_text(reply: Reply) -> str:
    """The whole reply without style, as it is printed where nothing can be styled."""
    return "\n\n".join("\n".join(plain(line) for line in block.lines) for block in reply.blocks)


def show(console: Console, reply: Reply, *, buttons: bool = True) -> list[Button]:
    """Print a reply, whole; its buttons numbered from 1. Returns the buttons in the order of their numbers.

    A file is written to the working directory, in the place of an earlier one of its name, and its path is printed.
    Raises Problem `file.not-written`.
    """
    for n, block in enumerate(reply.blocks):
        if n:
            console.print()
        _block(console, block)
    if reply.file is not None:
        console.print(f"\n📎 {_saved(reply.file)}", markup=False)
    usable = [[one for one in row if one.share is None and not one.opens] for row in reply.rows]
    keyboard = [row for row in usable if row] if buttons else []
    if keyboard:
        console.print()
        _keyboard(console, keyboard)
    return [button for row in keyboard for button in row]


def figures(console: Console, title: str, rows: Sequence[tuple[str, str]]) -> None:
    """Print names and their figures as a table."""
    table = Table(title=title, title_justify="left", show_header=False, box=None, padding=(0, 3, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    for row in rows:
        table.add_row(*row)
    console.print(table)


@contextmanager
def progress(console: Console) -> Iterator[Callable[[int, int, str], None]]:
    """A bar that is told how many are done, how many there are, and what to say beside it; gone at the end.

    Nothing is shown where nobody watches.
    """
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, beside: bar.update(task, completed=done, total=total, description=beside)


def _saved(file: File) -> Path:
    path = Path.cwd() / file.name
    try:
        path.write_bytes(file.content)
    except OSError as error:
        raise Problem("file.not-written", file=str(path), reason=error.strerror or str(error)) from None
    return path


def _keyboard(console: Console, keyboard: Sequence[Sequence[Button]]) -> None:
    """Rows of buttons, numbered from 1; rows of as many buttons stand in columns."""
    number = 1
    digits = len(str(sum(map(len, keyboard))))
    for _, alike in groupby(keyboard, key=len):
        grid = list(alike)
        widths = [max(cell_len(button.label) for button in column) for column in zip(*grid, strict=True)]
        for row in grid:
            line = Text()
            for button, width in zip(row, widths, strict=True):
                line.append(f" {number:>{digits}} ", "reverse")
                line.append(f" {button.label}{' ' * (width - cell_len(button.label) + 3)}")
                number += 1
            line.rstrip()
            console.print(line)


def _block(console: Console, block: Block) -> None:
    lines = Text("\n").join(_styled(line) for line in block.lines)
    console.print(Padding(lines, (0, 0, 0, 2), style="dim") if block.quote else lines)


def _styled(line: Line) -> Text:
    text = Text()
    for span in line:
        style = " ".join(
            name for name, on in (("bold", span.bold), ("italic", span.italic), ("strike", span.struck)) if on
        )
        text.append(span.text, style=f"{style} link {span.link}".strip() if span.link else style or None)
    return text


def lines(console: Console, sample: Sequence[str]) -> Iterator[str]:
    """What is typed, line by line, to the end of input. Without a terminal: what is piped in, or else the sample."""
    if sys.stdin.isatty():
        while True:
            try:
                yield console.input("\n[bold]>[/bold] ").strip()
            except (EOFError, KeyboardInterrupt):
                console.print()
                return
    piped = [line.strip() for line in sys.stdin if line.strip()] if not sys.stdin.closed else []
    for line in piped or sample:
        console.print(Text(f"\n> {line}\n", style="bold"))
        yield line


def converse(console: Console, typed_lines: Iterator[str], answer: Callable[[Question], Reply]) -> None:
    """A conversation: a number presses the button of that number, anything else is asked."""
    buttons: list[Button] = []
    for line in typed_lines:
        if not line:
            continue
        number = int(line) if line.isascii() and line.isdigit() and len(line) < 4 else 0
        question = pressed(buttons[number - 1].ask) if 0 < number <= len(buttons) else typed(line)
        buttons = show(console, answer(question))
