"""Examples come from the programme at hand: an example that finds nothing teaches the wrong thing."""

from bot.replies.voice import Voice


def a_session(voice: Voice) -> str:
    """The code of a session."""
    return next((slot.code for slot in voice.timetable.slots if slot.code), "A1")


def a_code(voice: Voice) -> str:
    """The code of a talk; where talks have none, a title."""
    return next((voice.called(event) for event in voice.timetable.events if event.slot.is_session), "A1-2")


def a_topic(voice: Voice) -> str:
    """The shortest title of a session; "" where there is none."""
    return min((voice.title(slot) for slot in voice.timetable.slots if slot.is_session), key=len, default="")


def somebody(voice: Voice) -> str:
    """The name of a speaker, in the reader's script."""
    keys = (key for event in voice.timetable.events for key in event.talk.speakers)
    person = next((voice.timetable.person(key) for key in keys), None)
    if person is None:
        return voice.word("help.example_speaker")
    return person.latin if voice.lang == "en" and person.latin else person.name


def for_help(voice: Voice) -> dict[str, str]:
    """What a command is shown with in the help, by its name; the others are shown with a word of the catalogues."""
    rooms = voice.timetable.programme.rooms
    found = {
        "room": next((str(room.number) for room in rooms if room.number is not None), ""),
        "session": a_session(voice),
        "talk": a_code(voice),
        "topic": a_topic(voice),
        "search": somebody(voice),
    }
    return {name: example for name, example in found.items() if example}


def examples(voice: Voice) -> list[str]:
    """Questions that this programme answers: a person, a room, a code."""
    rooms = voice.timetable.programme.rooms
    room = next((room for room in rooms if room.number is not None), next(iter(rooms), None))
    people = [somebody(voice)] if any(event.talk.speakers for event in voice.timetable.events) else []
    return [*people, *([voice.brief_room(room)] if room else []), a_code(voice)]
