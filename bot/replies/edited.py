"""An edit in words: each thing with what was, and what is set instead."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bot.domain.edits import Edit, Setting
from bot.domain.programme import Slot
from bot.domain.timetable import Event
from bot.replies.reply import Block, Line, plain
from bot.replies.voice import Voice

Fields = dict[str, Setting]

_SILENT = frozenset(("translation", "key", "latin", "printed", "aliases", "english", "number", "end", "kind"))
"""What goes along with another field, or is seen nowhere by itself."""


def blocks(voice: Voice, edit: Edit) -> list[Block]:
    """A block for each thing, in the order of the edit, where there is anything to see."""
    by_thing: dict[tuple[str, int], Fields] = {}
    for setting in edit:
        by_thing.setdefault((setting.thing, setting.id), {})[setting.field] = setting
    found = []
    for (thing, row), fields in by_thing.items():
        lines = _lines(voice, thing, row, fields)
        heading = [] if "exists" in fields else _heading(voice, thing, row)
        if lines:
            found.append(Block((*heading, *lines)))
    return found


def _heading(voice: Voice, thing: str, row: int) -> list[Line]:
    if thing == "slot" and (slot := voice.timetable.slot(row)):
        return [voice.say("edit.title", title=voice.named(slot))]
    if thing == "talk" and (event := voice.timetable.event(row)):
        return [voice.say("edit.title", title=voice.named(event))]
    return []


def _lines(voice: Voice, thing: str, row: int, fields: Fields) -> list[Line]:
    if (exists := fields.get("exists")) is not None:
        return _existence(voice, thing, exists)
    if thing == "programme":
        return [voice.say("edit.info")]
    lines: list[Line] = []
    if "start" in fields or "end" in fields:
        lines.append(_times(voice, thing, row, fields))
    for name, setting in fields.items():
        if name not in _SILENT and name != "start":
            lines += _line(voice, thing, row, setting)
    return lines


def _line(voice: Voice, thing: str, row: int, setting: Setting) -> list[Line]:  # noqa: PLR0911 - one for each field
    name, before, after = setting.field, setting.before, setting.after
    match name:
        case "cancelled":
            return [voice.say("edit.off" if after else "edit.on")]
        case "room":
            return [voice.say("notice.room", old=_room(voice, before), new=_room(voice, after))]
        case "note":
            note = _both(voice, after)
            return [voice.say("edit.note", note=note) if note else voice.say("edit.no_note")]
        case "title" | "name" | "affiliation" | "code":
            return [voice.say("edit.field", field=_field(voice, name), old=before or "—", new=after or "—")]
        case "speakers" | "chairs" | "panel":
            old, new = _people(voice, before), _people(voice, after)
            return [voice.say("edit.field", field=_field(voice, name), old=old, new=new)]
        case "slot":
            return [
                voice.say(
                    "edit.field", field=_field(voice, "session"), old=_slot(voice, before), new=_slot(voice, after)
                )
            ]
        case "capacity":
            label = voice.timetable.room_by_id(row)
            return (
                [voice.say("edit.capacity", room=voice.room(label), count=after or "—")]
                if label and thing == "room"
                else []
            )
        case "order":
            return [voice.say("edit.order")]
        case _:
            return [voice.say("edit.more", field=_field(voice, name))]


def _existence(voice: Voice, thing: str, setting: Setting) -> list[Line]:
    facts: dict[str, Any] = setting.after or setting.before
    key = "edit.added" if setting.after else "edit.gone"
    if thing == "talk":
        who = _people(voice, facts["speakers"])
        title = f"{facts['code']} {facts['title']}".strip()
        what = voice.word("edit.talk", title=title, speakers=who) if facts["speakers"] else title
    elif thing == "slot":
        what = f"{facts['code']} {facts['title']}".strip()
    elif thing == "person" and facts["affiliation"]:
        what = voice.word("person.affiliated", name=facts["name"], affiliation=facts["affiliation"])
    else:
        what = facts["name"]
    return [voice.say(key, kind=voice.word(f"edit.kind_{thing}"), what=what)]


def _times(voice: Voice, thing: str, row: int, fields: Fields) -> Line:
    """Times before and after. What is not set stands in the timetable at hand; a talk had perhaps only an estimate."""
    there: Slot | Event | None = voice.timetable.slot(row) if thing == "slot" else voice.timetable.event(row)

    def moment(name: str, pick: Callable[[Setting], Any]) -> datetime | None:
        if name in fields:
            value = pick(fields[name])
            return datetime.fromisoformat(value) if value else None
        return getattr(there, name, None)

    old = [moment(name, lambda setting: setting.before) for name in ("start", "end")]
    new = [moment(name, lambda setting: setting.after) for name in ("start", "end")]
    return voice.say("notice.time", old=_span(voice, old, new, there), new=_span(voice, new, old, there))


def _span(
    voice: Voice, span: Sequence[datetime | None], other: Sequence[datetime | None], there: Slot | Event | None
) -> str:
    start, end = span
    if start is None or end is None:
        if isinstance(there, Event) and there.estimated:
            return voice.event_times(there)
        return voice.word("edit.no_time")
    times = voice.times(start, end)
    before = other[0] or getattr(there, "start", None)
    same = before is not None and voice.day_of(start) == voice.day_of(before)
    return times if same else f"{voice.day_of(start)} {times}"


def _room(voice: Voice, name: Any) -> str:
    room = voice.timetable.room(name)
    return voice.room(room) if room is not None else name or voice.word("notice.nowhere")


def _people(voice: Voice, keys: Any) -> str:
    return voice.people_then(keys or ()) or "—"


def _slot(voice: Voice, row: Any) -> str:
    slot = voice.timetable.slot(row)
    return voice.called(slot) if slot is not None else "—"


def _both(voice: Voice, value: Any) -> str:
    """In each language that it is said in, the reader's first: whoever writes a line for both sees both."""
    return " / ".join(dict.fromkeys(filter(None, (_text(voice, value), *(value or {}).values()))))


def _text(voice: Voice, value: Any) -> str:
    facts: dict[str, str] = value or {}
    zh, en = facts.get("zh", ""), facts.get("en", "")
    return (zh or en) if voice.lang == "zh" else (en or zh)


def _field(voice: Voice, name: str) -> str:
    return voice.word(f"edit.field_{name}")


def summary(voice: Voice, edit: Edit) -> str:
    """The edit in one line, for a list."""
    return " · ".join(plain(line) for block in blocks(voice, edit) for line in block.lines)
