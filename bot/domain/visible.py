"""Text as people see it: what is drawn as nothing, or turns the writing round to the end of the line, is left out."""

import re

# Marks that turn the direction of writing (Unicode Standard Annex #9), soft hyphens, blanks without width, and control
# characters. Joiners stay: emoji and some scripts are spelt with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
# Word processors write a break within a paragraph, and a page's end, like this.
_BREAK = re.compile("[\r\x0b\x0c\x1c-\x1f\x85]")


def visible(text: str) -> str:
    """The text without what nobody sees: it comes with a paste or a converted file, and no keyboard types it."""
    if text.isascii() and text.isprintable():  # as most is
        return text
    return _BREAK.sub(" ", _UNSEEN.sub("", text))
