"""Who is who: one person for all places that name them, two where two share a name."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from bot.domain.finding import Finding
from bot.domain.programme import Person
from bot.formats.booklet.names import Named
from bot.formats.booklet.text import bracketed, fold


@dataclass
class _Identity:
    name: str
    affiliation: str
    line: int
    key: str = ""


@dataclass
class People:
    """Everybody who is named.

    What stands beside a talk says who somebody is: two talks with one name and two affiliations are two people. Other
    places only add to it; where they contradict, the talk is right and the other place a finding.
    """

    findings: list[Finding]
    _by_name: dict[str, list[_Identity]] = field(default_factory=dict)

    def add_speakers(self, named: Iterable[Named]) -> None:
        for one in named:
            identities = self._by_name.setdefault(fold(one.name), [])
            known = next((identity for identity in identities if _compatible(identity, one)), None)
            if known is None:
                identities.append(_Identity(one.name, one.affiliation, one.line))
            else:
                self._compare(known, one)
        self._name()

    def add_others(self, named: Iterable[Named]) -> None:
        """Panelists, committee members, chairs: nobody of them becomes a second person of a name."""
        for one in named:
            identities = self._by_name.setdefault(fold(one.name), [])
            if not identities:
                identities.append(_Identity(one.name, one.affiliation, one.line, key=one.name))
                continue
            self._compare(self._resolve(one, ()), one)

    def key(self, named: Named, among: Collection[str] = ()) -> str:
        """What refers to this person. Of several that share the name, one of `among` if nothing else decides."""
        return self._resolve(named, among).key

    def person(self, key: str, biography: str) -> Person:
        identity = next(one for identities in self._by_name.values() for one in identities if one.key == key)
        return Person(key=key, name=identity.name, affiliation=identity.affiliation, biography=biography)

    def _resolve(self, named: Named, among: Collection[str]) -> _Identity:
        identities = self._by_name[fold(named.name)]
        same = [one for one in identities if named.affiliation and fold(one.affiliation) == fold(named.affiliation)]
        near = [one for one in identities if one.key in among]
        return (same or near or identities)[0]

    def _compare(self, identity: _Identity, named: Named) -> None:
        if not named.affiliation:
            return
        if not identity.affiliation:
            identity.affiliation = named.affiliation
        elif fold(identity.affiliation) != fold(named.affiliation):
            params = {"name": identity.name, "kept": identity.affiliation, "other": named.affiliation}
            self.findings.append(Finding(code="affiliation-differs", level="note", line=named.line, params=params))

    def _name(self) -> None:
        for identities in self._by_name.values():
            for identity in identities:
                shared = len(identities) > 1
                identity.key = bracketed(f"{identity.name}({identity.affiliation})") if shared else identity.name
            if len(identities) > 1:
                params = {"name": identities[0].name, "affiliations": "、".join(one.affiliation for one in identities)}
                self.findings.append(Finding(code="namesake", line=identities[1].line, params=params))


def _compatible(identity: _Identity, named: Named) -> bool:
    """Whether a talk may be by this person: the same affiliation, a part of it, or none printed."""
    known, other = fold(identity.affiliation), fold(named.affiliation)
    return known in other or other in known
