"""One thing in full: a session, a talk, a person."""

from bot.domain.model import language_of
from bot.domain.programme import Person, Slot
from bot.domain.timetable import Event, Roles
from bot.replies import openers, standing, stars
from bot.replies.reply import Block, Button, Line, Offer, Reply, Row, Share, paired, rows, struck, text
from bot.replies.voice import Voice


def session(voice: Voice, slot: Slot) -> Reply:
    """A session: title in both languages, time, room, chairs, its talks."""
    head = _called_off(voice, slot)
    other = slot.titles.en if voice.lang == "zh" else slot.titles.zh
    if slot.code:
        head.append(voice.say("session.title", code=slot.code, title=voice.title(slot)))
    else:
        head.append(voice.say("search.item", title=voice.title(slot)))
    if other and other != voice.title(slot):
        head.append(voice.say("session.other", title=other))
    if slot.track:
        head.append(voice.say("session.track", track=slot.track.within(voice.lang)))
    facts = [
        voice.say("session.when", day=voice.day_of(slot.start), times=voice.slot_times(slot), zone=voice.zone()),
        *_where(voice, slot),
        *standing.lines(voice, slot),
    ]
    if slot.panel:
        facts.append(voice.say("now.panelists", people=voice.people(slot.panel)))
    if slot.chairs:
        facts.append(voice.say("session.chair", people=voice.people(slot.chairs)))
    elif slot.is_session:  # a break has no chair to be announced
        facts.append(voice.say("session.no_chair"))
    if slot.note:
        facts.append(voice.say("session.note", note=slot.note.within(voice.lang)))
    placed = voice.timetable.events_of(slot)
    talks = [Block(_in_session(voice, event)) for event in placed]
    legend = [voice.block("time.legend")] if any(event.estimated for event in placed) else []
    talks_of = paired([openers.talk(voice, event) for event in placed])
    first = (stars.button(voice, slot), *_room_button(voice, slot))
    return Reply(
        (Block(tuple(head)), Block(tuple(facts)), *talks, *legend),
        (first, *standing.ways_out(voice, slot), *stars.under(voice, placed), *talks_of),
        ask=f"session #{slot.id}",
    )


def talk(voice: Voice, event: Event) -> Reply:
    """A talk: title in both languages, speakers, time, room, session, chair, summary, abstract when loaded."""
    one, slot = event.talk, event.slot
    head = [*_called_off(voice, event), *_titles(voice, event)]
    speakers = voice.timetable.people(one.speakers)
    head += [text(voice.affiliated(person)) for person in speakers]
    where = _of_session(voice, event)
    facts = [
        voice.say("talk.when", day=voice.day_of(event.start), times=voice.event_times(event), zone=voice.zone()),
        *_where(voice, slot),
        *standing.lines(voice, slot, event),
        where,
    ]
    if slot.chairs:
        facts.append(voice.say("talk.chair", people=voice.people(slot.chairs)))
    blocks = [Block(tuple(head)), Block(tuple(facts))]
    if one.summary:
        blocks.append(voice.block("talk.summary", summary=one.summary.within(voice.lang)))
    if one.abstract:
        blocks.append(_folded(voice, "talk.abstract", one.abstract))
    if event.estimated:
        blocks.append(voice.block("time.legend"))
    around = [voice.button("button.session", f"session #{slot.id}", code=slot.code)] if slot.is_session else []
    people = [Button(voice.person(person), f"speaker #{person.id}") for person in speakers]
    share = Button(voice.word("button.share"), f"talk #{one.id}", share=_share(event))
    return Reply(
        tuple(blocks),
        (
            (stars.button(voice, event), share),
            *_row(*around, *_room_button(voice, slot)),
            *standing.ways_out(voice, slot),
            *paired(people),
        ),
        ask=f"talk #{one.id}",
    )


def offer(voice: Voice, event: Event) -> Offer:
    """A talk as a short card for another chat."""
    one = event.talk
    people = [text(voice.affiliated(person)) for person in voice.timetable.people(one.speakers)]
    when = voice.say("talk.when", day=voice.day_of(event.start), times=voice.event_times(event), zone=voice.zone())
    where = _of_session(voice, event)
    blocks = (
        Block((*_called_off(voice, event), *_titles(voice, event), *people)),
        Block((when, *_where(voice, event.slot), where)),
    )
    return Offer(
        title=f"{voice.word('mark.cancelled') if event.cancelled else ''}{one.code} {voice.title(one)}",
        description=voice.whereabouts(event),
        blocks=blocks,
        button=voice.word("button.open"),
        share=_share(event),
    )


def _share(event: Event) -> Share:
    return Share(event.talk.code, f"t{event.talk.id}")


def person(voice: Voice, one: Person, roles: Roles) -> Reply:
    """A person and everything they do at the conference."""
    head = [voice.say("speaker.name", name=voice.person(one))]
    if voice.lang == "zh" and one.latin and one.latin != one.name:
        head.append(voice.say("speaker.other", name=one.latin))
    if one.affiliation:
        head.append(voice.say("speaker.affiliation", affiliation=voice.institution(one.affiliation)))
        if voice.institution(one.affiliation) != one.affiliation:
            head.append(text(one.affiliation))
    blocks = [Block(tuple(head))]
    if roles.events:
        first, *more = [_talk_of(voice, event) for event in roles.events]
        blocks += [Block((voice.say("speaker.talks"), *first.lines)), *more]
    if roles.chairs:
        blocks.append(Block((voice.say("speaker.chairs"), *(_slot(voice, slot) for slot in roles.chairs))))
    if roles.panels:
        blocks.append(Block((voice.say("speaker.panels"), *(_slot(voice, slot) for slot in roles.panels))))
    sat_on = [
        voice.say("speaker.committee", committee=committee.name.within(voice.lang))
        for committee in voice.timetable.conference.committees
        if any(member.person == one.key for member in committee.members)
    ]
    if sat_on:
        blocks.append(Block((voice.say("speaker.committees"), *sat_on)))
    if one.biography:
        blocks.append(_folded(voice, "speaker.biography", one.biography))
    if any(event.estimated for event in roles.events):
        blocks.append(voice.block("time.legend"))
    talks = [Button(stars.name(voice, event), f"talk #{event.talk.id}") for event in roles.events]
    slots = [slot for slot in (*roles.chairs, *roles.panels) if slot.is_session]
    sessions = [voice.button("button.session", f"session #{slot.id}", code=slot.code) for slot in slots]
    starry = stars.under(voice, (*roles.events, *roles.chairs, *roles.panels))
    me = ((voice.button("button.this_is_me", f"iam #{one.id}"),),) if roles.events or roles.chairs else ()
    return Reply(tuple(blocks), (*rows([*talks, *sessions], 3), *starry, *me), ask=f"speaker #{one.id}")


def _called_off(voice: Voice, thing: Event | Slot) -> list[Line]:
    """What comes first, if it is so."""
    return [voice.say("mark.card")] if thing.cancelled else []


def _titles(voice: Voice, event: Event) -> tuple[Line, ...]:
    """The printed title and ours in the other language, the reader's language first."""
    one = event.talk
    printed = language_of(one.title) == voice.lang
    if not one.translation:
        return (voice.say("talk.title", title=one.title),)
    if printed or voice.lang == "zh":
        return voice.say("talk.title", title=one.title), voice.say("talk.translation", title=one.translation)
    return voice.say("talk.translation", title=one.translation), voice.say("talk.printed", title=one.title)


def _where(voice: Voice, slot: Slot) -> tuple[Line, ...]:
    return (voice.say("room.where", room=voice.room_of(slot)),) if slot.room else ()


def _of_session(voice: Voice, event: Event) -> Line:
    code = event.talk.code
    return voice.say("talk.session", code=code, sep=" · " if code else "", session=voice.session(event.slot))


def _in_session(voice: Voice, event: Event) -> tuple[Line, ...]:
    """A talk on its session's card, which says by itself that all of it is cancelled."""
    speakers = voice.timetable.people(event.talk.speakers)
    people = voice.word("person.list_separator").join(voice.affiliated(person) for person in speakers)
    times = voice.event_times(event)
    line = voice.say("session.talk", times=times, people=people) if people else text(times)
    if event.talk.cancelled and not event.slot.cancelled:
        line = (*voice.say("mark.cancelled"), *struck(line))
    return line, text(voice.title(event.talk))


def _spoken(voice: Voice, event: Event) -> Line:
    day, times = voice.day_of(event.start), voice.event_times(event)
    line = voice.say("speaker.talk", day=day, times=times, code=event.talk.code, title=voice.title(event.talk))
    return voice.marked(event, line)


def _talk_of(voice: Voice, event: Event) -> Block:
    """A talk on its speaker's card."""
    stands = [] if event.cancelled else standing.lines(voice, event.slot, event, others=False)
    return Block((_spoken(voice, event), *_where(voice, event.slot), *stands))


def _slot(voice: Voice, slot: Slot) -> Line:
    day, times, what = voice.day_of(slot.start), voice.slot_times(slot), voice.session(slot)
    if not slot.room:
        return voice.marked(slot, voice.say("speaker.slot_nowhere", day=day, times=times, what=what))
    return voice.marked(slot, voice.say("speaker.slot", day=day, times=times, what=what, room=voice.room_of(slot)))


def _folded(voice: Voice, key: str, words: str) -> Block:
    """The author's own words: a quote that folds away."""
    return Block((voice.say(key), *(text(line) for line in words.splitlines() if line.strip())), quote=True)


def _room_button(voice: Voice, slot: Slot) -> tuple[Button, ...]:
    room = voice.timetable.room(slot.room)
    return (voice.button("button.room", f"room #{room.id}", room=voice.brief_room(room)),) if room else ()


def _row(*buttons: Button) -> tuple[Row, ...]:
    return (buttons,) if buttons else ()
