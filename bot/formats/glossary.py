"""The glossary of a field: groups of terms that mean the same, in either language."""

from pathlib import Path

import yaml

from bot.domain.problem import Problem

Glossary = tuple[tuple[str, ...], ...]


def read(path: Path) -> Glossary:
    """The groups of a glossary file, a YAML list of lists; none where there is no file.

    Raises Problem `glossary.wrong` for a file in another shape.
    """
    if not path.exists():
        return ()
    try:
        found = yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - makes nothing but strings
    except (yaml.YAMLError, UnicodeDecodeError):
        raise Problem("glossary.wrong", file=str(path)) from None
    if not isinstance(found, list) or not all(_is_group(group) for group in found):
        raise Problem("glossary.wrong", file=str(path))
    return tuple(tuple(group) for group in found)


def _is_group(group: object) -> bool:
    return isinstance(group, list) and all(isinstance(term, str) for term in group)
