"""What can go wrong in a way that a person should hear of."""

from typing import Any


class Problem(Exception):  # noqa: N818 - a problem is what the person has, not what the program made
    """The one error class for people: a key of the catalogues and its parameters.

    It becomes words at the last moment, in the language of whoever reads it: in the chat by `replies.desk.refused`, in
    the terminal by `replies.reports.problem`.
    """

    def __init__(self, key: str, /, **params: Any) -> None:
        super().__init__(key, params)
        self.key = key
        self.params = params
