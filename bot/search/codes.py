"""Codes as people type them: a1-2, A1.2, Ａ１－２, C3专题, INV 1."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from bot.search.fold import fold, with_digits

Subject = TypeVar("Subject")

_PART = re.compile(r"[^\W\d_]+|\d+")
# Words that may stand with a code and say nothing more.
_AROUND = re.compile(r"专题|专场|分会场|分会|分论坛|场次|报告|\b(?:session|track|talk|paper|no|code)s?\b")
_CODE_LIKE = re.compile(r"(?<![a-z0-9])([a-z]{1,8}) ?([0-9]{1,4})(?: ([0-9]{1,3}))?(?![a-z0-9])")


class Found(NamedTuple, Generic[Subject]):
    """`alone`: nothing but the code was typed."""

    subject: Subject
    alone: bool


class Codes(Generic[Subject]):
    """What codes refer to. Codes are compared part by part (letters, numbers), so A1-2 is a1.2 and never A12."""

    def __init__(self, codes: Iterable[tuple[str, Subject]]) -> None:
        self._subjects: dict[tuple[str, ...], list[Subject]] = defaultdict(list)
        self._run_together: dict[str, list[Subject]] = defaultdict(list)
        self._parts_of: dict[str, tuple[str, ...]] = {}
        for code, subject in codes:
            parts = _parts(fold(code))
            if parts:
                self._subjects[parts].append(subject)
                self._run_together["".join(parts)].append(subject)
                self._parts_of["".join(parts)] = parts

    def find(self, folded: str) -> list[Found[Subject]]:
        """What a folded question names by code.

        The question may say more (A1-2 在哪); then only letters with numbers count. A code typed in one piece (a12 for
        A1-2) is understood where it can mean one thing only.
        """
        alone = with_digits(_AROUND.sub(" ", folded), everywhere=True)
        parts = _parts(alone)
        if parts in self._subjects:
            return [Found(subject, alone=True) for subject in self._subjects[parts]]
        together = self._run_together.get("".join(parts), [])
        if len(together) == 1 and len(alone.split()) == 1:
            return [Found(together[0], alone=True)]
        found: dict[tuple[str, ...], None] = {}
        for letters, number, position in _CODE_LIKE.findall(folded):
            longer, shorter = _parts(f"{letters} {number} {position}"), _parts(f"{letters} {number}")
            key = longer if longer in self._subjects else shorter
            together = self._run_together.get(letters + number, [])
            if key in self._subjects:
                found[key] = None
            elif len(together) == 1 and not position:
                found[self._parts_of[letters + number]] = None
        return [Found(subject, alone=False) for key in found for subject in self._subjects[key]]


def _parts(folded: str) -> tuple[str, ...]:
    return tuple(part.lstrip("0") or "0" for part in _PART.findall(folded))
