"""`python -m bot` is `yicheng`."""

from bot.cli import main

main()
