"""What the desk says besides the programme: welcome, help, practical information, choices, search results."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.model import LANGS, Lang
from bot.domain.problem import Problem
from bot.domain.programme import Contact, Person, Room, Slot
from bot.domain.timetable import Event
from bot.replies import openers, stars
from bot.replies.reply import Block, Button, Line, Reply, Row, Span, paired, rows, text
from bot.replies.voice import Voice
from bot.replies.words import catalogue, word

Subject = Event | Slot | Person | Room
Found = tuple[Subject, str, str]
"""What was found, why, and the word where that is another than was asked for."""


def start(voice: Voice, examples: Sequence[str], *, gone: bool = False) -> Reply:
    """The welcome. `examples` are questions that this programme answers; `gone`: a link led to nothing."""
    conference = voice.timetable.conference
    blocks = [voice.block("start.too_late")] if gone else []
    hello = [voice.say("start.hello", key=conference.key)]
    if conference.name:
        hello.append(voice.say("start.name", conference=conference.name.within(voice.lang)))
    if dates := voice.dates():
        hello.append(voice.say("start.when", dates=dates))
    if conference.venue:
        hello.append(voice.say("start.where", venue=conference.venue.within(voice.lang)))
    what = [voice.say("start.what"), *(voice.say("start.example", example=example) for example in examples)]
    blocks += [Block(tuple(hello)), Block(tuple(what)), voice.block("start.switch")]
    turn = openers.now_and_next(voice)
    days: Row = (voice.button("button.whole_day", "day"), voice.button("button.mine", "mine"))
    more: Row = (voice.button("button.info", "info"), voice.button("button.help", "help"))
    return Reply(tuple(blocks), (turn, days, more))


def menu(lang: Lang, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Commands, each with what it does."""
    return tuple((name, word(lang, f"help.{name}")) for name in names)


def help_page(voice: Voice, names: Sequence[str], staff: Sequence[str] = (), *, examples: Mapping[str, str]) -> Reply:
    """The commands, each with an example where it takes an argument. `staff`: those that staff have besides.

    examples  of this programme, by command.
    """
    lines = [_helped(voice, name, examples.get(name)) for name in names]
    about = Block((voice.say("help.free"), voice.say("help.about", zone=voice.zone())))
    turn = openers.now_and_next(voice)
    blocks = [Block((voice.say("help.title"), *lines)), about]
    if staff:
        blocks.append(Block((voice.say("help.staff_title"), *(_helped(voice, name) for name in staff))))
        turn = (*turn, voice.button("button.staff", "staff"))
    return Reply(tuple(blocks), (turn,), ask="help")


def _helped(voice: Voice, name: str, example: str | None = None) -> Line:
    key = f"help.example_{name}"
    if example is None and key in catalogue(voice.lang):
        example = voice.word(key)
    command = (
        voice.word("help.arguments", name=name, arguments=example) if example else voice.word("help.command", name=name)
    )
    return voice.say("help.line", command=command, words=voice.word(f"help.{name}"))


def info(voice: Voice) -> Reply:
    """Check-in, venue, meals, website, contacts."""
    conference = voice.timetable.conference
    head = [text(conference.name.within(voice.lang) or conference.key, bold=True)]
    if hours := voice.hours():
        head.append(voice.say("info.dates", dates=hours))
    if conference.venue:
        head.append(voice.say("info.venue", venue=conference.venue.within(voice.lang)))
        if voice.lang == "en" and conference.venue.en and conference.venue.zh:
            head.append(text(conference.venue.zh))
    head += [text(line) for line in dict.fromkeys(_address(voice)) if line]
    if conference.website:
        head.append(voice.say("info.site", url=(Span(conference.website, link=conference.website),)))
    blocks = [Block(tuple(head))]
    check_in = [
        voice.say("info.check_in_line", day=voice.day_of(w.start), times=voice.times(w.start, w.end))
        for w in conference.check_in
    ]
    meals = [_meal(voice, slot) for slot in voice.timetable.slots if slot.kind in ("meal", "break")]
    contacts = [_contact(voice, contact) for contact in conference.contacts]
    for key, lines in (("info.check_in", check_in), ("info.meals", meals), ("info.contacts", contacts)):
        if lines:
            blocks.append(Block((voice.say(key), *lines)))
    more = (voice.button("button.organisation", "info organisation"),) if conference.committees else ()
    return Reply(tuple(blocks), (more,) if more else (), ask="info")


def organisation(voice: Voice) -> Reply:
    """Organisers and committees."""
    conference = voice.timetable.conference
    blocks = [voice.block("info.organisation")]
    for key, names in (("info.organisers", conference.organisers), ("info.co_organisers", conference.co_organisers)):
        if names:
            blocks.append(Block((voice.say(key), *(text(voice.institution(name)) for name in names))))
    for committee in conference.committees:
        members = []
        for member in committee.members:
            name = voice.affiliated(voice.timetable.person(member.person))
            members.append(text(name))
        blocks.append(Block((voice.say("info.committee", name=committee.name.within(voice.lang)), *members)))
    return Reply(tuple(blocks), ((voice.button("button.info", "info"),),), ask="info organisation")


def choose_language(voice: Voice) -> Reply:
    buttons = tuple(Button(voice.word(f"lang.{lang}"), f"lang {lang}") for lang in LANGS)
    return Reply((voice.block("lang.ask"),), (buttons,))


def language_chosen(voice: Voice) -> Reply:
    turn = openers.now_and_next(voice)
    return Reply((voice.block("lang.done"),), (turn,))


def sentence(voice: Voice, line: Line) -> Reply:
    """A sentence by itself, with the way to help."""
    return Reply((Block((line,)),), ((voice.button("button.help", "help"),),))


def gone(voice: Voice) -> Reply:
    """A button whose thing is there no more."""
    return sentence(voice, voice.say("unknown.gone"))


def refused(voice: Voice, problem: Problem) -> Reply:
    """Why something can't be done."""
    return sentence(voice, voice.say(problem.key, **problem.params))


def in_private(voice: Voice, start: str, *, staff: bool = False) -> Reply:
    """What is somebody's own, or of staff, is not for others to read; `start`: the way to it in the private chat."""
    opens: tuple[Row, ...] = ((Button(voice.word("button.private"), start, opens=start),),) if start else ()
    return Reply((voice.block("personal.staff" if staff else "personal.nobody"),), opens)


def ask_which(voice: Voice, key: str, example: str) -> Reply:
    """A command without what it needs: asks for it by an example that this programme answers."""
    return sentence(voice, voice.say(key, example=example))


def choose_person(voice: Voice, people: Sequence[Person]) -> Reply:
    """Namesakes and near misses to choose from."""
    buttons = [Button(voice.affiliated(person), f"speaker #{person.id}") for person in people]
    return Reply((voice.block("speaker.choose"),), rows(buttons, 1))


def noted(voice: Voice) -> Reply:
    """A notice was read: a toast and nothing else."""
    return Reply((), toast=voice.word("notice.noted"))


def results(voice: Voice, query: str, hits: Sequence[Found], *, sure: bool) -> Reply:
    """The bare list of what a search found, for an organiser's terminal."""
    if not hits:
        return Reply((voice.block("search.nothing", query=query),))
    return found(voice, query, hits, sure=sure)


def found(voice: Voice, query: str, hits: Sequence[Found], *, sure: bool, more: bool = False, long: int = 0) -> Reply:
    """What a search found and why, best first, with buttons to open each.

    sure  False for mere guesses.
    more  there is more than is shown.
    long  how many characters were read of a longer question.
    """
    blocks = [voice.block("search.title" if sure else "search.one_of", query=query)]
    blocks += [hit(voice, subject, why, word) for subject, why, word in hits]
    if more:
        blocks.append(voice.block("search.more", count=len(hits)))
    if long:
        blocks.append(voice.block("search.too_long", limit=long))
    to_open = paired([opener(voice, subject) for subject, *_ in hits])
    starry = stars.under(voice, [subject for subject, *_ in hits if isinstance(subject, Event | Slot)])
    return Reply(tuple(blocks), (*to_open, *starry))


def nothing_found(voice: Voice, query: str, example: str, *, long: int = 0) -> Reply:
    """Nothing fits: says so, and what can be asked."""
    hint = voice.say("search.nothing_hint", example=example)
    turn = openers.now_and_next(voice)
    help_row: Row = (voice.button("button.rooms", "room"), voice.button("button.help", "help"))
    cut = (voice.block("search.too_long", limit=long),) if long else ()
    return Reply((Block((voice.say("search.nothing", query=query), hint)), *cut), (turn, help_row), nothing=True)


def courtesy(voice: Voice, kind: str) -> Reply:
    """A human sentence for thanks, greetings and the question who is there."""
    turn = openers.now_and_next(voice)
    line = voice.say(f"courtesy.{kind}", key=voice.timetable.conference.key)
    return Reply((Block((line,)),), ((*turn, voice.button("button.help", "help")),))


TOLD_WHY = (
    "sounds-like",
    "spelling",
    "initials",
    "translation",
    "topic",
    "summary",
    "abstract",
    "affiliation",
    "chair",
)
"""The reasons for a hit that its line does not show by itself."""


def hit(voice: Voice, subject: Subject, why: str = "", word: str = "") -> Block:
    """A thing in a list of results: what it is, where and when, and why it is there; `word`: the synonym found."""
    block = _found(voice, subject)
    return replace(block, lines=(*block.lines, voice.say(f"why.{why}", word=word))) if why in TOLD_WHY else block


def _found(voice: Voice, subject: Subject) -> Block:
    if isinstance(subject, Event):
        head = voice.say("search.talk", code=subject.talk.code, title=voice.title(subject.talk))
        return Block((voice.marked(subject, head), text(voice.whereabouts(subject))))
    if isinstance(subject, Slot):
        head = (
            voice.say("search.session", code=subject.code, title=voice.title(subject))
            if subject.code
            else voice.say("search.item", title=voice.title(subject))
        )
        head = voice.marked(subject, head)
        day, times = voice.day_of(subject.start), voice.slot_times(subject)
        if not subject.room:
            return Block((head, voice.say("search.where_nowhere", day=day, times=times)))
        return Block((head, voice.say("search.where", day=day, times=times, room=voice.brief_room_of(subject))))
    if isinstance(subject, Person):
        return Block((text(voice.affiliated(subject), bold=True),))
    return voice.block("search.room", room=voice.room(subject))


def opener(voice: Voice, subject: Subject) -> Button:
    """The button that opens a thing."""
    if isinstance(subject, Event):
        return openers.talk(voice, subject)
    if isinstance(subject, Slot):
        return Button(voice.called(subject), f"session #{subject.id}")
    if isinstance(subject, Person):
        return Button(voice.person(subject), f"speaker #{subject.id}")
    return Button(voice.brief_room(subject), f"room #{subject.id}")


def _address(voice: Voice) -> tuple[str, ...]:
    address = voice.timetable.conference.address
    return (address.zh,) if voice.lang == "zh" else (address.en, address.zh)


def _meal(voice: Voice, slot: Slot) -> Line:
    day, times, what = voice.day_of(slot.start), voice.slot_times(slot), voice.title(slot)
    if slot.note:
        note = slot.note.within(voice.lang)
        return voice.marked(slot, voice.say("info.meal_note", day=day, times=times, what=what, note=note))
    return voice.marked(slot, voice.say("info.meal", day=day, times=times, what=what))


def _contact(voice: Voice, contact: Contact) -> Line:
    people = [person for person in voice.timetable.programme.people if person.name == contact.name]
    name = voice.person(people[0]) if len(people) == 1 else contact.name
    how = "  ".join(part for part in (contact.email, contact.phone) if part)
    if contact.note:
        return voice.say("info.contact_note", name=name, note=contact.note.within(voice.lang), how=how)
    return voice.say("info.contact", name=name, how=how)
