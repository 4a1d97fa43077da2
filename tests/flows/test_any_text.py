"""Whatever is typed has an answer within Telegram's limits, in both languages, at any hour of the conference."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from limits import broken, pages

from bot import app as wiring
from bot.app import App
from bot.commands.dispatch import Question, typed
from bot.commands.table import COMMANDS
from bot.config import Settings
from bot.domain.model import LANGS, Lang
from bot.replies.reply import plain

FIRST = datetime(2025, 8, 7, 16, tzinfo=UTC)
WORDS = [
    "明天", "下午", "7号", "会议室", "在哪", "董彬", "几点", "扩散模型", "有什么", "吗", "现在", "下一场", "茶歇",
    "签到", "A1-2", "清华", "老师", "的", "报告", "what's", "on", "in", "room", "5", "after", "lunch", "when", "does",
    "speak", "next", "any", "talks", "about", "tomorrow", "at", "3pm", "<b>", "&", "🦄", "'", '"', "@", "/",
    "\u200b", "\u202e", "١٢", "﷽",
]  # fmt: skip

anything = (
    st.text(st.characters(codec=None), max_size=300)
    | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
    | st.lists(st.sampled_from(WORDS), max_size=12).map("".join)
    | st.builds(lambda piece, times: piece * times, st.text(min_size=1, max_size=5), st.integers(1, 5000))
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, App]]:
    """One app for all examples: opening one takes longer than answering a thousand questions."""
    path: Path = tmp_path_factory.mktemp("any") / "yicheng.sqlite3"
    options = Settings(_env_file=None, database=path, clock="2025-08-09T13:20@0")  # type: ignore[call-arg]
    with asyncio.Runner() as runner:
        context = wiring.app(options)
        app = runner.run(context.__aenter__())
        yield runner, app
        runner.run(context.__aexit__(None, None, None))


@given(anything, st.sampled_from(LANGS), st.integers(0, 90))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # whole answers are made
def test_any_text_has_an_answer_within_the_limits(
    opened: tuple[asyncio.Runner, App], text: str, lang: Lang, hour: int
) -> None:
    runner, app = opened
    reply = runner.run(app.answer(typed(text), lang, at=FIRST + timedelta(hours=hour)))
    assert [fault for page in pages(reply, lang) for fault in broken(page)] == []


@given(anything, st.sampled_from(LANGS))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # whole answers are made
def test_any_text_in_another_chat_is_offered_cards_within_the_limits(
    opened: tuple[asyncio.Runner, App], text: str, lang: Lang
) -> None:
    runner, app = opened
    offers = runner.run(app.answer(Question(COMMANDS["offer"], text), lang)).offers
    assert len(offers) <= 50


def test_a_long_question_is_cut_and_told_so(opened: tuple[asyncio.Runner, App]) -> None:
    runner, app = opened
    reply = runner.run(app.answer(typed("blah " * 1_000), "en"))
    assert plain(reply.blocks[-1].lines[-1]) == "That was long: I looked at the first 200 characters."


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("/settitle A3-2 Deep\u202e Learning\u2066", "A3-2 Deep Learning"),
        ("\u2067/room\u200b 7\u202c", "7"),
        ("扩\u200b散\x1b模型", "扩散模型"),
        ("/note A3 one\r\n two 👩\u200d🔬", "A3 one \n two 👩\u200d🔬"),
    ],
)
def test_what_nobody_sees_in_a_question_goes_no_further(text: str, args: str) -> None:
    asked = typed(text)

    assert (asked.args, asked.text.endswith(args)) == (args, True)


def test_a_question_of_nothing_that_is_seen_is_answered_with_what_can_be_asked() -> None:
    assert typed("\u202e\u200b\u2060").command == COMMANDS["help"]
