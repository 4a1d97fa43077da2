"""What Telegram answers when it says no."""

from typing import Any

Json = dict[str, Any]
"""An object as it travels: the Bot API's own field names."""

PREFIXES = {400: "Bad Request", 403: "Forbidden", 409: "Conflict", 413: "Request Entity Too Large"}


class Refusal(Exception):  # noqa: N818 - an answer, not a fault of the program
    """A request that Telegram would not carry out: HTTP code, sentence, and `parameters` such as retry_after."""

    def __init__(self, code: int, sentence: str, **parameters: int) -> None:
        prefix = PREFIXES.get(code)
        self.code = code
        self.description = f"{prefix}: {sentence}" if prefix and sentence else prefix or sentence
        self.parameters = parameters
        super().__init__(self.description)

    def answer(self) -> Json:
        """The body of the answer."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(sentence: str, **parameters: int) -> Refusal:
    """HTTP 400, the answer to nearly everything that is wrong with a request."""
    return Refusal(400, sentence, **parameters)


def forbidden(sentence: str) -> Refusal:
    """HTTP 403: the user or the chat does not want the bot."""
    return Refusal(403, sentence)


def too_many_requests(seconds: int) -> Refusal:
    """HTTP 429 with the whole seconds to wait."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
