import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.markup import parse
from bot.sandbox.refusal import Refusal
from bot.sandbox.units import units


def entity(kind, offset, length, **more):
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>a</b><strong>b</strong>", "ab", [entity("bold", 0, 1), entity("bold", 1, 1)]),
        ("<i>a</i><em>b</em>", "ab", [entity("italic", 0, 1), entity("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [entity("underline", 0, 1), entity("underline", 1, 1)]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", [entity("strikethrough", n, 1) for n in range(3)]),
        (
            '<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>',
            "ab",
            [entity("spoiler", 0, 1), entity("spoiler", 1, 1)],
        ),
        ('<a href="https://x.org/?a=1&amp;b=2">x</a>', "x", [entity("text_link", 0, 1, url="https://x.org/?a=1&b=2")]),
        ("<a href='https://x.org'>x</a>", "x", [entity("text_link", 0, 1, url="https://x.org/")]),
        ("<a>x.org/a</a>", "x.org/a", [entity("text_link", 0, 7, url="http://x.org/a")]),
        ('<a href="nowhere">x</a>', "x", []),
        ('<a href="tg://user?id=42">x</a>', "x", [entity("text_mention", 0, 1, user=42)]),
        ("<code>a</code><pre>b</pre>", "ab", [entity("code", 0, 1), entity("pre", 1, 1)]),
        ('<pre><code class="language-python">a</code></pre>', "a", [entity("pre", 0, 1, language="python")]),
        ('<code class="language-python">a</code>', "a", [entity("code", 0, 1)]),
        ("<blockquote>a</blockquote>", "a", [entity("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [entity("expandable_blockquote", 0, 1)]),
        ('<tg-emoji emoji-id="5368">👍</tg-emoji>', "👍", [entity("custom_emoji", 0, 2, custom_emoji_id="5368")]),
        (
            '<tg-time unix="1754712000" format="r">soon</tg-time>',
            "soon",
            [entity("date_time", 0, 4, unix_time=1754712000, date_time_format="r")],
        ),
        ("&lt;b&gt; &amp; &quot;&#38;&#x4f60;&nbsp;&apos;&", '<b> & "&你&nbsp;&apos;&', []),
        ("&amp;lt;", "&lt;", []),
        ("😀<b>好</b>", "😀好", [entity("bold", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("<B>a</b >", "a", [entity("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ("<b>a</>", "a", [entity("bold", 0, 1)]),
    ],
)
def test_html_becomes_text_and_entities(source, text, entities):
    assert parse(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("你<x>", 'Unsupported start tag "x" at byte offset 3'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("1 < 2 > 1", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a =x>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
        (
            "&#xd83d;",
            (
                "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate "
                "code units"
            ),
        ),
    ],
)
def test_html_that_telegram_cannot_read_is_refused_in_its_words(source, sentence):
    with pytest.raises(Refusal) as refused:
        parse(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {sentence}"


PIECES = st.sampled_from(
    ["<", ">", "/", "b", "a", "&", "&lt;", "</b>", "<b>", "<i>", "</i>", '"', "=", " ", "你", "😀", "href"]
)


@given(st.lists(PIECES).map("".join))
def test_any_text_is_either_read_or_refused_and_entities_lie_within_it(source):
    try:
        text, entities = parse(source)
    except Refusal as refusal:
        assert refusal.code == 400  # noqa: PT017 - either way is right
    else:
        assert all(0 <= e["offset"] < e["offset"] + e["length"] <= units(text) for e in entities)


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse(f"<b>{escaped}</b>")[0] == text
