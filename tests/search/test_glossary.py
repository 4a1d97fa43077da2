from pathlib import Path

import pytest
import yaml

from bot.domain.programme import Programme
from bot.domain.timetable import Event, Timetable
from bot.search.glossary import Glossary
from bot.search.index import Index
from bot.search.terms import atoms

FILE = Path(__file__).parents[2] / "data" / "glossary.yaml"
GROUPS: list[list[str]] = yaml.safe_load(FILE.read_text("utf-8"))


def spans(glossary: Glossary, question: str) -> list[tuple[str, list[str]]]:
    sequence = atoms(question)
    return [
        ("".join(sequence[span.start : span.end]), ["".join(term) for term in span.terms])
        for span in glossary.spans(sequence)
    ]


def test_the_longest_term_is_meant_whatever_its_case_and_number() -> None:
    glossary = Glossary([("模型", "model"), ("扩散模型", "diffusion model")])
    assert spans(glossary, "擴散模型加速 Diffusion Models, models") == [
        ("扩散模型", ["扩散模型", "diffusionmodel"]),
        ("diffusionmodel", ["diffusionmodel", "扩散模型"]),
        ("model", ["model", "模型"]),
    ]


def test_a_term_in_two_groups_means_either_and_does_not_join_them() -> None:
    glossary = Glossary([("推理", "reasoning"), ("推理", "inference")])
    assert spans(glossary, "推理 reasoning") == [
        ("推理", ["推理", "reasoning", "inference"]),
        ("reasoning", ["reasoning", "推理"]),
    ]


def test_no_group_of_the_glossary_says_a_term_twice_or_has_only_one() -> None:
    assert len(GROUPS) > 300
    odd = [group for group in GROUPS if len(group) < 2 or len(set(group)) < len(group) or "" in map(str.strip, group)]
    assert odd == []


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("扩散模型", "diffusion models"),
        ("多臂老虎机", "bandits"),
        ("多臂老虎机", "MAB"),
        ("脉冲神经网络", "SNN"),
        ("检索增强", "RAG"),
        ("物理信息神经网络", "PINNs"),
        ("最优传输", "optimal transport"),
        ("量子计算", "quantum computing"),
        ("具身智能", "embodied AI"),
        ("药物发现", "drug discovery"),
        ("定理证明", "theorem proving"),
    ],
)
def test_a_question_in_either_language_finds_the_same_talks(csml2025: Programme, chinese: str, english: str) -> None:
    index = Index(Timetable(csml2025), GROUPS)

    def sure(query: str) -> set[str]:
        hits = index.find(query, limit=50, kinds=("talk",))
        return {hit.subject.talk.code for hit in hits if hit.confident and isinstance(hit.subject, Event)}

    assert sure(chinese) == sure(english) != set()


def test_everyone_on_the_programme_is_found_by_name_in_both_scripts(csml2025: Programme) -> None:
    index = Index(Timetable(csml2025), GROUPS)
    asked = {query: person for person in csml2025.people for query in (person.name, person.latin)}
    found = {query: index.find(query, limit=1)[0].subject for query in asked}
    assert found == asked


def test_every_talk_is_found_by_its_code(csml2025: Programme) -> None:
    index = Index(Timetable(csml2025), GROUPS)
    codes = [talk.code for talk in csml2025.talks]
    found = [index.find(code.casefold().replace("-", "."), limit=1)[0].subject for code in codes]
    assert [event.talk.code for event in found if isinstance(event, Event)] == codes
