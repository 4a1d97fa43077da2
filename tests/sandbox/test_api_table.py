import make_table

from bot.sandbox.methods import METHODS
from bot.sandbox.parameters import table


def test_the_table_is_what_the_library_says_of_the_bot_api():
    assert make_table.TABLE.read_text(encoding="utf-8") == make_table.text()


def test_every_method_that_is_served_is_in_the_table():
    assert set(METHODS) - set(table()["methods"]) == set()
