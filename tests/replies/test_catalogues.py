"""The two catalogues say the same things."""

import re

from bot.replies.words import catalogue

PLACEHOLDER = re.compile(r"\{([a-z_]+)(?:\|[^}]*)?\}")
TAG = re.compile(r"</?[a-z]+>")


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
