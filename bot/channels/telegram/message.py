"""What an answer becomes on Telegram: kept with its update until it has arrived, and sent in one part or two."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from bot.channels.telegram import calling
from bot.replies.reply import File


@dataclass(frozen=True)
class Message:
    """A message ready to be sent: HTML and keyboard, and the file that goes with them.

    apart  the text is too long to stand under the file: it comes before it.
    nothing  what was asked for was not found.
    """

    text: str
    keyboard: dict[str, Any] | None
    toast: str = ""
    file: File | None = None
    apart: bool = False
    nothing: bool = False

    @cached_property
    def said(self) -> str:
        """Its text and keyboard as parameters, written once for all who get it."""
        return calling.written(calling.content(self.text, self.keyboard))

    def as_json(self) -> str:
        file = self.file and [self.file.name, self.file.mime, b64encode(self.file.content).decode()]
        return json.dumps([self.text, self.keyboard, self.toast, file, self.apart], ensure_ascii=False)

    @classmethod
    def from_json(cls, outcome: str) -> "Message":
        text, keyboard, toast, file, apart = [*json.loads(outcome), None, False][:5]
        return cls(text, keyboard, toast, file and File(file[0], file[1], b64decode(file[2])), bool(apart))

    def parts(self) -> "list[Message]":
        """What is sent one after the other."""
        if self.file is None or not self.apart:
            return [self]
        return [replace(self, file=None), Message("", None, file=self.file)]
