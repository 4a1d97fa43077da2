import re
from typing import Literal

from pydantic import BaseModel, ConfigDict

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, Lang] = ("zh", "en")

_HANZI = re.compile("[㐀-䶿一-鿿豈-﫿]")


class Model(BaseModel):
    """Frozen, and refuses fields it does not know: a misspelt field in a file is an error, not silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Model):
    """The same words in both languages; either may be missing."""

    zh: str = ""
    en: str = ""

    def within(self, lang: Lang) -> str:
        """The words in `lang`, or in the other language where they are missing."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


def has_hanzi(text: str) -> bool:
    """Whether any character is a Chinese ideograph (CJK Unified Ideographs, Extension A, compatibility)."""
    return _HANZI.search(text) is not None


def language_of(text: str) -> Lang:
    """The language a title is printed in: Chinese as soon as it has one ideograph."""
    return "zh" if has_hanzi(text) else "en"
