"""A file in whatever format it is: told apart by what stands in it, not by its name."""

from pathlib import Path

from bot.domain.problem import Problem
from bot.formats import booklet, document
from bot.formats.reading import Reading


def read(path: Path) -> Reading:
    """The programme in a file.

    Raises Problem `file.missing`, `file.not-text`, or what its format's reader raises, with `file` as a parameter.
    """
    content = _content(path)
    try:
        return document.read(content) if _is_document(content) else booklet.read(content)
    except Problem as problem:
        raise Problem(problem.key, **{"file": str(path), **problem.params}) from None


def is_document(path: Path) -> bool:
    """Whether a file is a programme file of ours rather than a booklet. Raises Problem as `read` does."""
    return _is_document(_content(path))


def _is_document(content: str) -> bool:
    # Our YAML begins with the key `format`.
    lines = (line for line in content.splitlines() if line.strip() and not line.startswith(("#", "---")))
    return next(lines, "").startswith("format:")


def _content(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem("file.not-text", file=str(path)) from None
    except OSError as error:
        raise Problem("file.missing", file=str(path), reason=error.strerror or type(error).__name__) from None
