import json
from collections.abc import Iterable


def json_list(values: Iterable[object]) -> str:
    """A parameter for SQL's json_each: a list as long as it comes, in one placeholder."""
    return json.dumps(list(values))
