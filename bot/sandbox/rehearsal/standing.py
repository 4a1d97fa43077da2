"""Reminders that stand in the chats: whatever staff and chairs do, each is mended until what it says has begun."""

from bot.sandbox.rehearsal.changes import Told


async def mended(told: Told, why: str) -> None:
    """Wait until every one names the time and the room of by now; what does not is put down, with the reason."""
    if not await told.stage.until(lambda: not _stale(told)):
        told.stage.record.stale += [f"{why}: {one}" for one in _stale(told)]


def _stale(told: Told) -> list[str]:
    stage, board = told.stage, told.board
    now, chats = stage.box.clock.now(), stage.box.world.chats
    starts = {name: told.count.start_of(name) for name in board.names if not board.cancelled(name)}
    words = {name: (told.clock(start), board.room(name)) for name, start in starts.items() if start > now}
    return [
        f"{user} {name} does not say {word}"
        for (user, name), message in stage.record.reminders.items()
        for word in words.get(name, ())
        if word not in chats[user].messages[message].get("text", "")
    ]
