"""Who works on the conference: invitations, and who is what."""

from datetime import datetime

from bot.domain.programme import Slot
from bot.domain.team import Holding, Member, News, Role, Roster, subject
from bot.domain.timetable import Event
from bot.replies.reply import Block, Button, Line, Reply, Row, Share, Span, paired, rows, text
from bot.replies.voice import Voice

Thing = Slot | Event


def invite(voice: Voice) -> Reply:
    """Asks for the role."""
    buttons = tuple(
        voice.button(f"invitation.button.{role}", f"invite {role}", edits=True)
        for role in ("staff", "chair", "speaker")
    )
    return Reply(
        (voice.block("invitation.ask"),), (buttons, (voice.button("change.button.cancel", "cancel", edits=True),))
    )


def invited(voice: Voice, number: int, payload: str, role: Role, thing: Thing | None, expires: datetime) -> Reply:
    """The link, to be passed on: the only time that it is shown."""
    head = voice.say("invitation.made", role=named(voice, role, thing))
    until = voice.say("invitation.until", day=voice.day_of(expires), time=voice.clock(expires))
    link: Line = (Span(f"/start {payload}", start=payload),)
    send = Button(voice.word("invitation.button.send"), "invite", share=Share("", payload))
    again = voice.button("invitation.button.revoke", f"revoke {number}", edits=True)
    return Reply((Block((head, until)), Block((link,))), ((send,), (again,)))


def revoked(voice: Voice, *, then: str = "") -> Reply:
    line = voice.say("invitation.is_revoked")
    return Reply((Block((line,)),), toast=voice.word("invitation.revoked_toast"), then=then)


def welcome(voice: Voice, role: Role, thing: Thing | None) -> Reply:
    """Who somebody is now, and what they can do."""
    head = voice.say("team.you_are", role=named(voice, role, thing))
    return Reply((Block((head, voice.say(f"team.can_{role}"))),), (_views(voice, thing),))


PANEL = (
    ("move", "retime", "delay"),
    ("calloff", "restore", "swap"),
    ("settitle", "setspeaker", "note"),
    ("addtalk", "addroom", "import"),
    ("broadcast", "log", "undo"),
    ("invite", "team", "outbox"),
    ("stats",),
)


def panel(voice: Voice, *, stuck: int, claims: int, now: datetime) -> Reply:
    """Buttons to all that staff do. `stuck`: notices that wait for a person; `claims` likewise."""
    lines = [voice.say("staff.title"), voice.say("staff.now", day=voice.day_of(now), time=voice.clock(now))]
    if stuck:
        lines.append(voice.say("staff.stuck", count=stuck))
    if claims:
        lines.append(voice.say("staff.claims", count=claims))
    grid = tuple(tuple(voice.button(f"staff.{name}", name) for name in row) for row in PANEL)
    return Reply((Block(tuple(lines)), voice.block("staff.hint")), grid, ask="staff")


A_PAGE = 12
"""People in one list: as many buttons as can be looked over on a phone."""
LISTS: tuple[Role, ...] = ("staff", "chair", "speaker")


def roster(voice: Voice, all_: Roster, shown: str, page: int) -> Reply:
    """Who works on the conference. `shown`: one of the roles, or `link`; "" for all at a glance."""
    if shown == "link":
        return _links(voice, all_)
    if shown == "claim":
        return _claims(voice, all_)
    if shown:
        return _list(voice, all_, next(role for role in LISTS if role == shown), page)
    owners = [_called(voice, one) for one in all_.members if one.owner]
    lines = [voice.say("team.title")]
    if owners or all_.strangers:
        names = voice.word("person.list_separator").join(owners)
        lines.append(voice.say("team.owners", names=names or voice.word("team.nobody_yet")))
    staff = [_called(voice, one) for one in all_.members if one.has("staff")]
    names = voice.word("person.list_separator").join(staff[:A_PAGE])
    lines.append(voice.say("team.staff_are", names=names or voice.word("team.nobody_yet")))
    counts = {role: sum(one.has(role) for one in all_.members) for role in LISTS}
    lines.append(voice.say("team.others", chairs=counts["chair"], speakers=counts["speaker"]))
    lines.append(voice.say("team.links", count=len(all_.invitations)))
    lists = tuple(
        voice.button(f"team.button.{role}", f"team {role}", edits=True, count=counts[role])
        for role in LISTS
        if counts[role]
    )
    links = (voice.button("team.button.link", "team link", edits=True, count=len(all_.invitations)),)
    waiting = (voice.button("team.button.claim", "team claim", edits=True, count=len(all_.claims)),)
    more: Row = (
        *(waiting if all_.claims else ()),
        *(links if all_.invitations else ()),
        voice.button("staff.invite", "invite"),
    )
    return Reply((Block(tuple(lines)),), (*((lists,) if lists else ()), more), ask="team")


def _list(voice: Voice, all_: Roster, role: Role, page: int) -> Reply:
    """Everybody with one role, in the order of the programme, each with a button that opens them."""
    held = [(one, holding) for one in all_.members for holding in one.holdings if holding.role == role]
    held.sort(key=lambda pair: (_place(voice, pair[1]), pair[0].user_id))
    last = max(1, -(-len(held) // A_PAGE))
    at = max(1, min(page, last))
    found = held[(at - 1) * A_PAGE : at * A_PAGE]
    lines = [voice.say(f"team.list_{role}", count=len(held))]
    lines += [
        voice.say("team.line", role=_code(voice, holding) or voice.word(f"team.{role}"), name=_called(voice, one))
        for one, holding in found
    ]
    openers = [
        Button(f"{_code(voice, holding)} {_called(voice, one)}".strip(), f"team #{one.user_id}", edits=True)
        for one, holding in found
    ]
    turns = [(at - 1, "page.back"), (at + 1, "page.forward")]
    turn = tuple(
        voice.button(key, f"team {role} {number}", edits=True, page=number, pages=last)
        for number, key in turns
        if 1 <= number <= last
    )
    return Reply((Block(tuple(lines)),), (*paired(openers), *((turn,) if turn else ()), _back(voice)))


def _links(voice: Voice, all_: Roster) -> Reply:
    """The links nobody has used yet, each with a button that revokes it."""
    shown = all_.invitations[:A_PAGE]
    lines = [voice.say("team.list_link", count=len(all_.invitations))]
    names = {one.user_id: _called(voice, one) for one in all_.members}
    for one in shown:
        role = named(voice, one.role, subject(voice.timetable, one.role, one.subject_id))
        by = names.get(one.made_by or 0, "—")
        until = f"{voice.day_of(one.expires)} {voice.clock(one.expires)}"
        lines.append(voice.say("team.link", number=one.id, role=role, until=until, by=by))
    openers = [voice.button("team.button.revoke", f"revoke {one.id} team", edits=True, number=one.id) for one in shown]
    return Reply((Block(tuple(lines)),), (*paired(openers), _back(voice)))


def _claims(voice: Voice, all_: Roster) -> Reply:
    """The claims that wait for staff, each with a button that opens it."""
    shown = all_.claims[:A_PAGE]
    lines = [voice.say("team.list_claim", count=len(all_.claims))]
    openers = [
        Button(f"#{one.id} {person_called(voice, one.person_id)}", f"verify {one.id}", edits=True) for one in shown
    ]
    return Reply((Block(tuple(lines)),), (*paired(openers), _back(voice)))


def member(voice: Voice, one: Member, *, back: Holding | int | None = None) -> Reply:
    """Somebody, their roles, each with a button that takes it away; those of a person go with the person.

    back  what was just taken, to be given back: a role or a person's id.
    """
    lines: list[Line] = [text(_called(voice, one), bold=True)]
    if one.owner:
        lines.append(voice.say("team.is_owner"))
    lines += [voice.say("team.is_person", name=person_called(voice, number)) for number in one.people]
    lines += [text(post(voice, holding)) for holding in one.holdings]
    if not one.holdings and not one.people and not one.owner:
        lines.append(voice.say("team.no_role"))
    buttons = [_setter(voice, one.user_id, number, "team.button.take", held=0) for number in one.people]
    buttons += [
        _setter(voice, one.user_id, holding, "team.button.take", held=0)
        for holding in one.holdings
        if holding.person_id is None
    ]
    if back is not None:
        was = post(voice, back) if isinstance(back, Holding) else person_called(voice, back)
        lines.append(voice.say("team.was_taken", role=was))
        buttons.append(_setter(voice, one.user_id, back, "team.button.give", held=1))
    return Reply((Block(tuple(lines)),), (*rows(buttons[:20], 1), _back(voice)))


def news(voice: Voice, one: News) -> Reply:
    """What happened to a role, to whom it concerns."""
    if one.person_id is not None:
        name = person_called(voice, one.person_id)
        lines = [voice.say(f"team.news_{one.what}", name=name)]
        return Reply((Block((*lines, voice.say("claim.can")) if one.what == "linked" else tuple(lines)),))
    thing = subject(voice.timetable, one.role, one.subject_id)
    role = named(voice, one.role, thing)
    line = voice.say(f"team.news_{one.what}", role=role, who=one.who or voice.word("team.somebody"))
    if one.what != "given":
        return Reply((Block((line,)),))
    return Reply((Block((line, voice.say(f"team.can_{one.role}"))),), (_views(voice, thing),))


def _setter(voice: Voice, user_id: int, one: Holding | int, key: str, *, held: int) -> Button:
    if isinstance(one, int):
        return voice.button(key, f"role {user_id} person {one} {held}", edits=True, role=person_called(voice, one))
    asked = f"role {user_id} {one.role} {one.subject_id} {held}"
    return voice.button(key, asked, edits=True, role=brief(voice, one))


def brief(voice: Voice, one: Holding) -> str:
    """A role as short as a button is: chair A3."""
    role = voice.word(f"team.{one.role}")
    return role if one.role == "staff" else f"{role} {_code(voice, one)}".strip()


def person_called(voice: Voice, person_id: int) -> str:
    """Somebody of the programme by their row; they may have left it."""
    person = voice.timetable.person_by_id(person_id)
    return voice.person(person) if person is not None else voice.word("team.somebody")


def post(voice: Voice, one: Holding) -> str:
    """A role in a few words."""
    return named(voice, one.role, subject(voice.timetable, one.role, one.subject_id))


def _code(voice: Voice, one: Holding) -> str:
    thing = subject(voice.timetable, one.role, one.subject_id)
    if isinstance(thing, Event):
        return thing.talk.code
    return voice.called(thing) if thing is not None else ""


def _place(voice: Voice, one: Holding) -> tuple[bool, str]:
    """The order of the programme; what has left it comes last."""
    thing = subject(voice.timetable, one.role, one.subject_id)
    return thing is None, thing.start.isoformat() + _code(voice, one) if thing is not None else ""


def _called(voice: Voice, one: Member) -> str:
    return one.name or voice.word("team.nameless", number=one.user_id)


def _back(voice: Voice) -> Row:
    return (voice.button("team.button.back", "team", edits=True),)


def named(voice: Voice, role: Role, thing: Thing | None) -> str:
    """A role in a few words: chair of A3 Optimization for AI. What has left the programme is not named."""
    if thing is None:
        return voice.word(f"team.{role}")
    return voice.word(f"team.{role}_of", what=voice.named(thing))


def _views(voice: Voice, thing: Thing | None) -> Row:
    if isinstance(thing, Event):
        return (Button(thing.talk.code or voice.word("button.details"), f"talk #{thing.talk.id}"),)
    if thing is not None:
        return (Button(thing.code or voice.word("button.details"), f"session #{thing.id}"),)
    return (voice.button("button.staff", "staff"),)
