"""A file in whatever format it is: told apart by what stands in it, not by its name."""

import io
import re
from pathlib import Path

from bot.domain.problem import Problem
from bot.formats import booklet, document
from bot.formats.reading import Reading

LARGEST = 32
"""MiB. Ten thousand talks with their abstracts are about 20."""


def read(path: Path) -> Reading:
    """The programme in a file, which is read once, so that it may be a pipe.

    Raises Problem `file.missing`, `file.directory`, `file.unreadable`, or as `read_bytes` does.
    """
    name = str(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST * 2**20 + 1)
    except FileNotFoundError:
        raise Problem("file.missing", file=name) from None
    except IsADirectoryError:
        raise Problem("file.directory", file=name) from None
    except OSError as error:
        raise Problem("file.unreadable", file=name, reason=error.strerror or type(error).__name__) from None
    return read_bytes(name, content)


def read_bytes(name: str, content: bytes) -> Reading:
    """The programme in the content of a file of this name.

    Raises Problem `file.too-large`, `file.not-text`, `file.empty`, or what its format's reader raises, with `file` as a
    parameter.
    """
    text = _text(name, content)
    # Our YAML has the key `format`; whoever forgot it should be told so, and not that this is no booklet.
    is_document = name.endswith((".yaml", ".yml")) or re.search(r"^format *:", text, re.MULTILINE)
    try:
        return document.read(text) if is_document else booklet.read(text)
    except Problem as problem:
        raise Problem(problem.key, **{"file": name, **problem.params}) from None


def _text(name: str, content: bytes) -> str:
    if len(content) > LARGEST * 2**20:
        raise Problem("file.too-large", file=name, largest=LARGEST)
    try:
        text = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig").read()
    except UnicodeDecodeError:
        raise Problem("file.not-text", file=name) from None
    if "\0" in text:
        raise Problem("file.not-text", file=name)
    if not text.strip():
        raise Problem("file.empty", file=name)
    return text
