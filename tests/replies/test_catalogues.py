"""The two catalogues say the same things, and nothing that nobody asks for."""

import ast
import re
from pathlib import Path

import bot
from bot.replies.words import catalogue

PLACEHOLDER = re.compile(r"\{([a-z_]+)(?:\|[^}]*)?\}")
TAG = re.compile(r"</?[a-z]+>")
PLAIN = re.compile(r"[a-z]+(?:[.][\w/-]+)+")


def test_both_languages_have_the_same_keys() -> None:
    assert set(catalogue("zh")) == set(catalogue("en"))


def test_both_languages_use_the_same_placeholders() -> None:
    zh, en = catalogue("zh"), catalogue("en")
    different = {key for key in zh if set(PLACEHOLDER.findall(zh[key])) != set(PLACEHOLDER.findall(en[key]))}
    assert different == set()


def test_tags_are_ours_and_closed() -> None:
    for lang in ("zh", "en"):
        for key, template in catalogue(lang).items():
            tags = TAG.findall(template)
            assert tags[::2] == [tag.replace("</", "<") for tag in tags[1::2]], (lang, key)
            assert set(tags) <= {"<b>", "</b>", "<i>", "</i>"}, (lang, key)


def test_a_template_is_one_line_without_exclamation_marks() -> None:
    loud = {(lang, key) for lang in ("zh", "en") for key, text in catalogue(lang).items() if re.search("[!！\n]", text)}
    assert loud == set()


def test_every_key_is_asked_for_as_it_stands_or_by_a_part_that_varies() -> None:
    asked = {key for path in Path(bot.__file__).parent.rglob("*.py") for key in _keys(ast.parse(path.read_text()))}
    said = re.compile("|".join(asked))
    assert {key for key in catalogue("en") if not said.fullmatch(key)} == set()


def _keys(tree: ast.AST) -> list[str]:
    """What may be a key, as patterns; `.+` stands for what varies."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_] as parts) if "." in start:
                found.append("".join(re.escape(one.value) if isinstance(one, ast.Constant) else ".+" for one in parts))
            case ast.Constant(value=str(literal)) if PLAIN.fullmatch(literal):
                found.append(re.escape(literal))
    return found
