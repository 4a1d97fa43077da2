"""YAML as plain texts, lists and mappings, with the line of everything in it.

No scalar is interpreted: `no`, `8:20` and `1e3` stay the texts they are, but for what nobody sees in them, and the
models decide what a field is. The tree is built from the parser's events and not by PyYAML's composer, because the
composer recurses in C: a few hundred kilobytes of `- - - -` end the process instead of raising.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from bot.domain.finding import Place
from bot.domain.problem import Problem
from bot.domain.visible import visible
from bot.formats.faults import Fault, field_of, invalid

Value = str | list["Value"] | dict[str, "Value"] | None

# A programme file is seven levels deep (slots, slot, talks, talk, summary, zh); more is not one.
DEPTH = 12

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the same language without libyaml, only slower


@dataclass
class Tree:
    """A document: its value, and the 1-based line of every place in it. A field left empty is None."""

    value: Value = None
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest thing around it that the file has."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return self.lines.get((), 1)


@dataclass
class _Open:
    """A list or mapping whose end has not come yet. `key` is the field whose value comes next."""

    value: list[Value] | dict[str, Value]
    place: Place
    key: str | None = None


def tree(text: str) -> Tree:
    """Read one YAML document. A field that stands twice in a mapping is a fault of the tree, and the last one counts.

    Raises Problem: document.not-yaml (line, column), document.alias (line), document.too-deep (line),
    document.several (line), or document.invalid where the name of a field is no text.
    """
    read = Tree()
    stack: list[_Open] = []
    documents = 0
    for event, line in _events(text):
        match event:
            case yaml.AliasEvent():
                # One line of aliases to aliases can stand for gigabytes; no programme needs one.
                raise Problem("document.alias", line=line)
            case yaml.DocumentStartEvent():
                documents += 1
                if documents > 1:
                    raise Problem("document.several", line=line)
            case yaml.ScalarEvent() if _awaits_key(stack):
                _open_field(read, stack[-1], event.value, line)
            case yaml.ScalarEvent():
                value, plain = visible(event.value), event.implicit[0]
                _put(read, stack, None if plain and not value else value, line)
            case yaml.SequenceStartEvent():
                _open(read, stack, [], line)
            case yaml.MappingStartEvent():
                _open(read, stack, {}, line)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                stack.pop()
    return read


def _awaits_key(stack: list[_Open]) -> bool:
    return bool(stack) and isinstance(stack[-1].value, dict) and stack[-1].key is None


def _open(read: Tree, stack: list[_Open], inner: list[Value] | dict[str, Value], line: int) -> None:
    if _awaits_key(stack):
        raise invalid([Fault(line=line, field=field_of(stack[-1].place), kind="not-text")])
    if len(stack) == DEPTH:
        raise Problem("document.too-deep", line=line)
    stack.append(_Open(inner, _put(read, stack, inner, line)))


def _open_field(read: Tree, mapping: _Open, key: str, line: int) -> None:
    mapping.key = key
    if key in mapping.value:
        read.faults.append(Fault(line=line, field=key, kind="duplicate-field"))
    read.lines[(*mapping.place, key)] = line


def _put(read: Tree, stack: list[_Open], value: Value, line: int) -> Place:
    """Put a value where the document stands, and say where that is."""
    if not stack:
        read.value = value
        read.lines[()] = line
        return ()
    around = stack[-1]
    if isinstance(around.value, list):
        place: Place = (*around.place, len(around.value))
        read.lines[place] = line
        around.value.append(value)
        return place
    key = around.key or ""
    around.value[key] = value
    around.key = None
    return (*around.place, key)


def _events(text: str) -> Iterator[tuple[yaml.Event, int]]:
    """The parser's events with their lines."""
    try:
        for event in yaml.parse(text, Loader=_Loader):
            yield event, event.start_mark.line + 1 if event.start_mark else 1
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Problem("document.not-yaml", line=line, column=column) from None
    except (yaml.reader.ReaderError, UnicodeEncodeError):
        # A character that YAML does not allow. libyaml counts in bytes and Python in characters, so look for it here.
        odd = yaml.reader.Reader.NON_PRINTABLE.search(text)
        before = text[: odd.start() if odd else 0]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise Problem("document.not-yaml", line=line, column=column) from None
