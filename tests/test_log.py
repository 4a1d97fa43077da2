"""The log, whoever writes to it."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import log

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # noqa: S105 - the example of the Bot API's own page


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is written while the log is configured as by `yicheng run`."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.configure("debug", [TOKEN], stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_no_secret_is_written_whoever_writes_it(written: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST %s", f"https://api.telegram.org/bot{TOKEN}/getMe")
    logging.getLogger("aiohttp").debug({"url": f"https://api.telegram.org/bot{TOKEN.replace(':', '%3A')}/getMe"})
    structlog.get_logger("bot").warning("telegram is away", reason=f"cannot reach {TOKEN}", headers=[TOKEN])
    error = ValueError(f"The token `{TOKEN}` was rejected by the server.")
    structlog.get_logger("bot").error("set aside", exc_info=error)

    said = written.getvalue()
    assert (said.count(log.HIDDEN), TOKEN.partition(":")[2] in said) == (5, False)
