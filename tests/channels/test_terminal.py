"""Buttons in the terminal: numbered, in columns, and pressed by their number."""

from io import StringIO

from rich.console import Console

from bot.channels import terminal
from bot.commands.dispatch import Question
from bot.replies.reply import Block, Button, Reply, Share, text

NAMES = ("张林峰", "Wentao Zhang 张文涛", "袁坤")
PEOPLE = tuple((Button(name, f"speaker #{n}"),) for n, name in enumerate(NAMES, 1))
STARS = tuple(Button(f"☆ A1-{n}", f"star t{n} 1") for n in range(1, 9))
SHARE = Button("Share", "talk #1", share=Share("A1-1", "t1"))


def shown(*rows: tuple[Button, ...]) -> tuple[list[str], list[str]]:
    """The lines of the keyboard, and what its numbers ask."""
    console = Console(file=StringIO(), width=100)
    numbered = terminal.show(console, Reply((Block((text("Which?"),)),), rows))
    return console.file.getvalue().splitlines()[2:], [button.ask for button in numbered]  # type: ignore[attr-defined]


def test_rows_of_as_many_buttons_stand_in_columns_however_wide_their_letters() -> None:
    lines, asks = shown((PEOPLE[0][0], STARS[0]), (PEOPLE[1][0], STARS[1]), *(STARS[n : n + 3] for n in (2, 5)))

    assert lines == [
        "  1  张林峰                  2  ☆ A1-1",
        "  3  Wentao Zhang 张文涛     4  ☆ A1-2",
        "  5  ☆ A1-3     6  ☆ A1-4     7  ☆ A1-5",
        "  8  ☆ A1-6     9  ☆ A1-7    10  ☆ A1-8",
    ]
    assert len(asks) == 10


def test_choices_are_a_line_each() -> None:
    assert shown(*PEOPLE) == (
        [" 1  张林峰", " 2  Wentao Zhang 张文涛", " 3  袁坤"],
        ["speaker #1", "speaker #2", "speaker #3"],
    )


def test_a_button_that_the_terminal_cannot_press_is_left_out() -> None:
    assert shown((SHARE, STARS[0]), (SHARE,)) == ([" 1  ☆ A1-1"], ["star t1 1"])
    assert shown((SHARE,)) == ([], [])


def test_a_number_presses_the_last_reply_s_button_and_any_other_is_asked() -> None:
    asked: list[Question] = []

    def answer(question: Question) -> Reply:
        asked.append(question)
        return Reply((Block((text("Which?"),)),), PEOPLE)

    terminal.converse(Console(file=StringIO()), iter(["zhang", "2", "", "9"]), answer)

    assert [(question.command.name, question.args) for question in asked if question.command] == [
        ("search", "zhang"),
        ("speaker", "#2"),
        ("search", "9"),
    ]
