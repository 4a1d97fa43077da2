"""The keyboard of a page."""

import pytest

from bot.replies.paging import page
from bot.replies.reply import Block, Button, Reply, text


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (24, list(range(24))),
        (25, [*range(21), 22, 23, 24]),
        (90, [*range(21), 87, 88, 89]),
    ],
)
def test_of_too_many_rows_the_last_which_lead_elsewhere_stay(count: int, shown: list[int]) -> None:
    reply = Reply((Block((text("a list"),)),), tuple((Button(str(n), f"talk #{n}"),) for n in range(count)))

    assert [row[0].label for row in page(reply, "en").rows] == [str(n) for n in shown]
