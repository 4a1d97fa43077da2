"""Logs: one line an event, on standard error; no secret in any of them, whoever wrote it and at whatever level."""

import logging
import sys
from collections.abc import Iterable
from typing import TextIO
from urllib.parse import quote

import structlog

HIDDEN = "<token>"


def configure(level: str, secrets: Iterable[str], *, stream: TextIO | None = None) -> None:
    """Send everything, our own and the libraries', through one handler that strikes out the secrets.

    httpx logs every URL, and with it the token; telegram.Bot does so at DEBUG. A filter of their loggers would miss the
    next library, so the finished line is what is cleaned.
    """
    to = stream or sys.stderr
    handler = logging.StreamHandler(to)
    handler.setFormatter(_Clean(secrets, colors=to.isatty()))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    if level.upper() != "DEBUG":
        # Every statement, and every wake-up twice: nothing an operator asked for.
        for chatty in ("aiosqlite", "apscheduler"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


class _Clean(structlog.stdlib.ProcessorFormatter):
    """Formats a record, traceback included, and strikes out the secrets in the result."""

    def __init__(self, secrets: Iterable[str], *, colors: bool) -> None:
        render = structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)
        super().__init__(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
        )
        known = [secret for secret in secrets if secret]
        self._secrets = sorted({*known, *(quote(secret, safe="") for secret in known)}, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line
