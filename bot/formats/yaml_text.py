"""YAML that people like to edit: texts in quotes only where they must be, short lists in one line, no line cut.

Built as nodes and written by PyYAML's own emitter in Python: libyaml's escapes every emoji.
"""

import math
from collections.abc import Iterable

import yaml

from bot.domain.model import Text

# YAML 1.1 takes these for line ends and folds or rewrites them unless they are escaped in double quotes.
_ODD_BREAKS = frozenset("\x85\u2028\u2029")

Field = str | int | Text | yaml.Node | tuple[str, ...] | None


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's own signature
        """Lists indented below their field, as people write them."""
        super().increase_indent(flow=flow, indentless=False)


def scalar(text: str) -> yaml.Node:
    """A text on one line."""
    style = '"' if "\n" in text or _ODD_BREAKS & set(text) else None
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)


def prose(text: str) -> yaml.Node | None:
    """A text of several lines, as a block where YAML gives the block back unchanged. None when it is empty."""
    if not text:
        return None
    lines = text.removesuffix("\n").split("\n")
    tame = len(lines) > 1 and all(line == line.strip() for line in lines) and lines[0] and lines[-1]
    if not tame or _ODD_BREAKS & set(text):
        return scalar(text)
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style="|")


def mapping(fields: Iterable[tuple[str, Field]], *, flow: bool = False) -> yaml.Node:
    """A mapping in the order given. Empty fields are left out; a node, even of an empty text, always stays."""
    nodes = [(scalar(name), node) for name, value in fields if (node := _node(value)) is not None]
    return yaml.MappingNode("tag:yaml.org,2002:map", nodes, flow_style=flow)


def sequence(nodes: Iterable[yaml.Node], *, flow: bool = False) -> yaml.Node | None:
    """A list; None when it is empty."""
    items = list(nodes)
    return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=flow) if items else None


def text(node: yaml.Node) -> str:
    """The node as a YAML document."""
    written: str = yaml.serialize(node, Dumper=_Dumper, allow_unicode=True, width=math.inf)
    return written


def _node(value: Field) -> yaml.Node | None:
    match value:
        case None | "" | ():
            return None
        case str():
            return scalar(value)
        case int():
            return yaml.ScalarNode("tag:yaml.org,2002:int", str(value))
        case tuple():
            return sequence(map(scalar, value), flow=True)
        case Text():
            return mapping([("zh", value.zh), ("en", value.en)], flow=True) if value else None
    return value
