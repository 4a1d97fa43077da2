"""Being somebody of the programme: claimed, put before staff, and what one is."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.programme import Person
from bot.domain.team import Claim, Member
from bot.replies.reply import Block, Button, Line, Reply, rows, text
from bot.replies.team import brief, person_called, post
from bot.replies.voice import Voice


@dataclass(frozen=True)
class Names:
    """What people are called: who claims, who decided, who is linked to the same person already. "" if not known."""

    who: str
    by: str
    others: tuple[str, ...] = ()


def ask(voice: Voice, person: Person) -> Reply:
    """Is it really this person? It says what will be seen of whom, before anything is sent."""
    lines = [voice.say("claim.ask", name=voice.affiliated(person)), *_does(voice, person)]
    yes = voice.button("claim.yes", f"iam #{person.id} yes", edits=True)
    no = voice.button("claim.no", "cancel", edits=True)
    return Reply((Block(tuple(lines)), voice.block("claim.will_see")), ((yes, no),))


def asked(voice: Voice, person: Person) -> Reply:
    return Reply((voice.block("claim.sent", name=voice.person(person)),))


def linked(voice: Voice, person: Person) -> Reply:
    """Linked at once, or by the word of staff."""
    lines = [voice.say("claim.you_are", name=voice.person(person)), *_does(voice, person), voice.say("claim.can")]
    openers = [Button(event.talk.code, f"talk #{event.talk.id}") for event in voice.timetable.roles(person).events]
    return Reply((Block(tuple(lines)),), rows(openers[:6], 3))


def choose(voice: Voice, people: Sequence[Person]) -> Reply:
    """Namesakes and near misses."""
    buttons = [Button(voice.affiliated(one), f"iam #{one.id}", edits=True) for one in people]
    return Reply((voice.block("speaker.choose"),), rows(buttons, 1))


def claim(voice: Voice, one: Claim, names: Names) -> Reply:
    """A claim as staff see it: to be decided, or by whom it was."""
    person = voice.timetable.person_by_id(one.person_id)
    name = voice.affiliated(person) if person is not None else voice.word("team.somebody")
    who = names.who or voice.word("team.nameless", number=one.user_id)
    if one.state != "open":
        by = names.by or voice.word("team.somebody")
        how = "unlinked" if one.state == "ended" and one.decided_by != one.user_id else one.state
        return Reply((voice.block(f"claim.is_{how}", who=who, name=name, by=by),))
    lines = [voice.say("claim.to_staff", who=who, name=name), *(_does(voice, person) if person is not None else ())]
    if names.others:
        others = voice.word("person.list_separator").join(
            other or voice.word("team.somebody") for other in names.others
        )
        lines.append(voice.say("claim.others", names=others))
    yes = voice.button("claim.confirm", f"verify {one.id} 1", edits=True)
    no = voice.button("claim.decline", f"verify {one.id} 0", edits=True)
    return Reply((Block(tuple(lines)),), ((yes, no),), ask=f"verify {one.id}")


def yourself(voice: Voice, one: Member, waiting: Sequence[Claim]) -> Reply:
    """What whoever asks is, each with a button that ends it, and what staff have not decided yet."""
    lines: list[Line] = [voice.say("claim.yours")]
    if one.owner:
        lines.append(voice.say("team.is_owner"))
    lines += [voice.say("team.is_person", name=person_called(voice, number)) for number in one.people]
    lines += [text(post(voice, holding)) for holding in one.holdings]
    lines += [voice.say("claim.waiting", name=person_called(voice, claim.person_id)) for claim in waiting]
    buttons = [
        voice.button("claim.not_me", f"resign person {number}", edits=True, name=person_called(voice, number))
        for number in (*one.people, *(claim.person_id for claim in waiting))
    ]
    buttons += [
        voice.button(
            "claim.resign", f"resign {holding.role} {holding.subject_id}", edits=True, role=brief(voice, holding)
        )
        for holding in one.holdings
        if holding.person_id is None
    ]
    return Reply((Block(tuple(lines)),), rows(buttons[:20], 1), ask="iam")


def resign(voice: Voice, role: str, asked: str) -> Reply:
    """Asks before somebody gives up what they are: only staff can give it back."""
    yes = voice.button("claim.resign_yes", f"{asked} yes", edits=True)
    no = voice.button("claim.resign_no", "iam", edits=True)
    return Reply((voice.block("claim.resign_ask", role=role),), ((yes, no),))


def _does(voice: Voice, person: Person) -> list[Line]:
    does = voice.timetable.roles(person)
    spoken = [voice.word("team.speaker_of", what=voice.named(event)) for event in does.events]
    return [
        text(one) for one in (*spoken, *(voice.word("team.chair_of", what=voice.named(slot)) for slot in does.chairs))
    ]
