"""Where the methods that the sandbox serves are written down."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.refusal import Json
from bot.sandbox.state import World

Method = Callable[[World, Json], Any]
"""The world and checked parameters in, the `result` out, or Refusal raised. It may be a coroutine function."""

METHODS: dict[str, Method] = {}


def method(function: Method) -> Method:
    """Serve a function as the Bot API's method of the same name in camel case."""
    first, *rest = function.__name__.split("_")
    METHODS[first + "".join(map(str.capitalize, rest))] = function
    return function
