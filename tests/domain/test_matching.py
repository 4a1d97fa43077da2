from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import programmes

from bot.domain.finding import Finding
from bot.domain.matching import folded, match
from bot.domain.model import Text
from bot.domain.programme import Conference, Person, Programme, Room, Slot, Talk

NINE = datetime(2025, 8, 9, 1, tzinfo=UTC)
HISTORY = Conference(key="HIST2025", name=Text(en="History"))


def numbered(programme: Programme) -> Programme:
    """As the database would hand it back: an id for everything, no two alike."""
    ids = count(1)

    def talk(one: Talk) -> Talk:
        return one.model_copy(update={"id": next(ids)})

    def slot(one: Slot) -> Slot:
        return one.model_copy(update={"id": next(ids), "talks": tuple(map(talk, one.talks))})

    return programme.model_copy(
        update={
            "rooms": tuple(one.model_copy(update={"id": next(ids)}) for one in programme.rooms),
            "people": tuple(one.model_copy(update={"id": next(ids)}) for one in programme.people),
            "slots": tuple(map(slot, programme.slots)),
        }
    )


def talk(code: str, title: str, *speakers: str, id: int = 0) -> Talk:  # noqa: A002 - the model's own word
    return Talk(id=id, code=code, title=title, speakers=speakers)


def session(code: str, *talks: Talk, title: str = "", id: int = 0, hour: int = 0) -> Slot:  # noqa: A002
    start = NINE + timedelta(hours=hour)
    end = start + timedelta(hours=1)
    return Slot(id=id, kind="session", code=code, title=title or f"Topic {code}", start=start, end=end, talks=talks)


def item(kind: str, title: str, *talks: Talk, id: int = 0, minutes: int = 0) -> Slot:  # noqa: A002
    start = NINE + timedelta(minutes=minutes)
    return Slot(id=id, kind=kind, title=title, start=start, end=start + timedelta(minutes=20), talks=talks)


def programme(*slots: Slot) -> Programme:
    """The slots and whoever speaks in them; in an old programme a person's id is 100 and their first letter."""
    known = any(slot.id for slot in slots)
    names = sorted({key for slot in slots for one in slot.talks for key in one.speakers})
    people = (Person(id=100 + ord(name[0]) if known else 0, key=name, name=name) for name in names)
    return Programme(conference=HISTORY, people=tuple(people), slots=slots)


def talk_ids(old: Programme, new: Programme) -> dict[str, int]:
    return {one.code or one.title: one.id for one in match(old, new).programme.talks}


OLD = programme(
    session("A1", talk("A1-1", "Area of the circle", "liu", id=11), talk("A1-2", "Pi", "zu", id=12), id=1),
    session("A2", talk("A2-1", "Rings", "noether", id=21), talk("A2-2", "Graphs", "euler", id=22), id=2),
)


def new(*talks_of_a1: Talk, a2: tuple[Talk, ...] | None = None) -> Programme:
    rest = a2 if a2 is not None else (talk("A2-1", "Rings", "noether"), talk("A2-2", "Graphs", "euler"))
    return programme(session("A1", *talks_of_a1), session("A2", *rest))


def test_two_talks_that_trade_places_keep_their_ids_with_their_speakers():
    traded = new(talk("A1-1", "Pi", "zu"), talk("A1-2", "Area of the circle", "liu"))

    assert talk_ids(OLD, traded) == {"A1-1": 12, "A1-2": 11, "A2-1": 21, "A2-2": 22}


def test_two_talks_that_trade_sessions_keep_their_ids_with_their_speakers():
    traded = new(
        talk("A1-1", "Rings", "noether"),
        talk("A1-2", "Pi", "zu"),
        a2=(talk("A2-1", "Area of the circle", "liu"), talk("A2-2", "Graphs", "euler")),
    )

    assert talk_ids(OLD, traded) == {"A1-1": 21, "A1-2": 12, "A2-1": 11, "A2-2": 22}


def test_a_new_title_keeps_the_id():
    renamed = new(talk("A1-1", "Nine chapters", "liu"), talk("A1-2", "Pi", "zu"))

    assert talk_ids(OLD, renamed) == {"A1-1": 11, "A1-2": 12, "A2-1": 21, "A2-2": 22}


def test_two_speakers_who_trade_places_and_rename_their_talks_keep_their_ids():
    both = new(talk("A1-1", "The sphere", "zu"), talk("A1-2", "Nine chapters", "liu"))

    assert talk_ids(OLD, both) == {"A1-1": 12, "A1-2": 11, "A2-1": 21, "A2-2": 22}


def test_speakers_who_swap_titles_keep_their_ids_and_not_their_titles():
    swapped = new(talk("A1-1", "Pi", "liu"), talk("A1-2", "Area of the circle", "zu"))

    assert talk_ids(OLD, swapped) == {"A1-1": 11, "A1-2": 12, "A2-1": 21, "A2-2": 22}


def test_a_title_typed_in_other_width_case_and_punctuation_is_the_same():
    retyped = programme(session("B7", talk("B7-5", "ＡＲＥＡ of the circle.", "liu")))

    assert talk_ids(OLD, retyped) == {"B7-5": 11}


def test_a_replaced_speaker_keeps_the_talk():
    replaced = new(talk("A1-1", "Area of the circle", "liu"), talk("A1-2", "Pi", "archimedes"))

    assert talk_ids(OLD, replaced) == {"A1-1": 11, "A1-2": 12, "A2-1": 21, "A2-2": 22}


def test_another_speaker_with_another_title_under_an_old_code_is_another_talk():
    matching = match(OLD, new(talk("A1-1", "Area of the circle", "liu"), talk("A1-2", "Conics", "hypatia")))

    assert [one.id for one in matching.programme.talks] == [11, 0, 21, 22]


def test_a_placeholder_is_no_title_that_another_speaker_could_inherit():
    old = programme(session("A1", talk("A1-1", "TBD", "liu", id=11), id=1))

    assert talk_ids(old, programme(session("A1", talk("A1-1", "TBD", "zu")))) == {"A1-1": 0}


def test_one_of_many_talks_with_one_title_is_not_inherited_by_another_speaker():
    flashes = (talk(f"A1-{n}", "Lightning talk", name, id=10 + n) for n, name in enumerate(("liu", "zu", "euler")))
    old = programme(session("A1", *flashes, id=1))
    later = programme(
        session("A1", *(talk(f"A1-{n}", "Lightning talk", who) for n, who in enumerate(("liu", "gauss"))))
    )

    assert talk_ids(old, later) == {"A1-0": 10, "A1-1": 0}


def test_a_second_speaker_joins_and_the_first_may_leave():
    assert talk_ids(
        OLD, new(talk("A1-1", "Area of the circle", "zhang", "liu"), talk("A1-2", "Sphere", "geng", "zu"))
    ) == {
        "A1-1": 11,
        "A1-2": 12,
        "A2-1": 21,
        "A2-2": 22,
    }


def test_the_code_finds_a_talk_that_moved_to_another_session_under_a_new_title():
    old = programme(session("A1", talk("K7", "Pi", "zu", id=12), id=1), session("A2", id=2))

    assert talk_ids(old, programme(session("A1"), session("A2", talk("K7", "Spheres", "zu")))) == {"K7": 12}


def test_codes_are_told_apart_by_their_punctuation():
    old = programme(session("A1", talk("A1-11", "Pi", "zu", id=11), id=1), session("A11", id=2))

    assert talk_ids(old, programme(session("A1"), session("A11", talk("A11-1", "Spheres", "zu")))) == {"A11-1": 0}


def test_the_code_finds_a_talk_whose_speaker_was_not_known_yet():
    old = programme(session("A1", talk("A1-1", "TBD", id=11), talk("A1-2", "TBD", id=12), id=1))

    assert talk_ids(old, programme(session("A1", talk("A1-1", "TBD"), talk("A1-2", "Pi", "zu")))) == {
        "A1-1": 11,
        "A1-2": 12,
    }


def test_two_equally_good_candidates_are_a_finding_and_a_new_id():
    old = programme(
        session("A1", talk("A1-1", "Pi", "zu", id=11), id=1), session("A2", talk("A2-1", "Pi", "zu", id=21), id=2)
    )

    matching = match(old, programme(session("A3", talk("A3-1", "Pi", "zu"))))

    assert [one.id for one in matching.programme.talks] == [0]
    assert matching.findings == (
        Finding(code="match-ambiguous", place=("slots", 0, "talks", 0), params={"kind": "talk", "subject": "A3-1"}),
    )


def test_a_talk_given_twice_is_told_apart_by_code_and_then_by_session():
    old = programme(
        session("A1", talk("A1-1", "Pi", "zu", id=11), id=1), session("A2", talk("", "Pi", "zu", id=21), id=2)
    )

    matching = match(old, programme(session("A2", talk("", "Pi", "zu")), session("A3", talk("A1-1", "Pi", "zu"))))

    assert [one.id for one in matching.programme.talks] == [21, 11]
    assert matching.findings == ()


def test_sessions_whose_codes_shift_keep_their_ids_with_their_talks():
    shifted = programme(
        session("A1", talk("A1-1", "Conics", "hypatia"), title="Geometry"),
        session("A2", talk("A2-1", "Area of the circle", "liu"), title="Topic A1"),
        session("A3", talk("A3-1", "Rings", "noether"), title="Topic A2"),
    )

    assert [slot.id for slot in match(OLD, shifted).programme.slots] == [0, 1, 2]


def test_a_session_keeps_its_id_under_a_new_title_and_not_with_wholly_other_speakers():
    retitled = programme(
        session("A1", talk("A1-1", "Area of the circle", "liu"), title="Circles"),
        session("A2", talk("A2-1", "Conics", "hypatia"), title="Curves"),
    )

    matching = match(OLD, retitled)

    assert [slot.id for slot in matching.programme.slots] == [1, 0]


def test_items_follow_their_talk_then_their_title_then_their_start():
    old = programme(
        item("invited", "Invited 1", talk("INV-1", "Rings", "noether", id=31), id=3),
        item("invited", "Invited 2", talk("INV-2", "Graphs", "euler", id=41), id=4, minutes=20),
        item("break", "Tea", id=5, minutes=40),
        item("meal", "Lunch", id=6, minutes=60),
        item("break", "Tea", id=7, minutes=300),
    )

    matching = match(
        old,
        programme(
            item("invited", "Invited 1", talk("INV-1", "Graphs", "euler")),
            item("invited", "Invited 2", talk("INV-2", "Rings", "noether"), minutes=20),
            item("break", "Tea", minutes=50),
            item("meal", "Lunch buffet", minutes=60),
            item("break", "Tea", minutes=310),
            item("other", "Photo", minutes=400),
        ),
    )

    assert [slot.id for slot in matching.programme.slots] == [4, 3, 5, 6, 7, 0]
    assert [one.id for one in matching.programme.talks] == [41, 31]


def test_rooms_keep_their_ids_by_name_and_then_by_number_and_a_common_form():
    old = Programme(
        conference=HISTORY,
        rooms=(
            Room(id=1, name="友谊宫 7 号", printed="友谊宫 7 号会议室", number=7),
            Room(id=2, name="友谊宫 17 号", number=17),
            Room(id=3, name="Hall"),
        ),
    )
    later = Programme(
        conference=HISTORY,
        rooms=(
            Room(name="友谊宫１７号", number=17),
            Room(name="友谊宫 7 号会议室", number=7),
            Room(name="Another hall"),
            Room(name="Hall"),
        ),
    )

    matching = match(old, later)

    assert [room.id for room in matching.programme.rooms] == [2, 1, 0, 3]


def test_a_namesake_who_joins_does_not_take_the_id_or_the_talk():
    old = Programme(
        conference=HISTORY,
        people=(Person(id=1, key="张伟", name="张伟", affiliation="北大"),),
        slots=(session("A1", talk("A1-1", "Pi", "张伟", id=11), id=1),),
    )
    later = Programme(
        conference=HISTORY,
        people=(
            Person(key="张伟", name="张伟", affiliation="清华"),
            Person(key="张伟（北大）", name="张伟", affiliation="北大"),
        ),
        slots=(session("A1", talk("A1-1", "Rings", "张伟"), talk("A1-2", "Spheres", "张伟（北大）")),),
    )

    matching = match(old, later)

    assert [person.id for person in matching.programme.people] == [0, 1]
    assert [one.id for one in matching.programme.talks] == [0, 11]


def test_what_returns_after_it_was_retired_gets_its_id_back():
    without = new(talk("A1-1", "Area of the circle", "liu"), a2=())
    now = match(OLD, without).programme

    matching = match(now, new(talk("A1-1", "Area of the circle", "liu"), talk("A1-2", "Pi", "zu")), former=OLD)

    assert [one.id for one in matching.programme.talks] == [11, 12, 21, 22]
    assert [person.id for person in matching.programme.people] == [100 + ord(letter) for letter in "elnz"]
    assert match(now, new(talk("A1-2", "Pi", "zu"))).programme.talks[0].id == 0


def test_what_was_never_retired_goes_before_what_was():
    both = programme(session("A1", talk("A1-1", "Pi", "zu", id=11), talk("A1-2", "Pi", "zu", id=12), id=1))
    now = programme(session("A1", talk("A1-2", "Pi", "zu", id=12), id=1))

    assert talk_ids(now, programme(session("A5", talk("A5-1", "Pi", "zu")))) == {"A5-1": 12}
    assert [
        one.id for one in match(now, programme(session("A5", talk("A5-1", "Pi", "zu"))), former=both).programme.talks
    ] == [12]


@given(programmes())
@settings(deadline=None, max_examples=50)
def test_the_same_programme_again_changes_nothing(programme):
    old = numbered(programme)

    matching = match(old, programme, former=old)

    assert matching.programme == old
    assert matching.findings == ()


@given(programmes(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=50)
def test_in_whatever_order_ids_are_given_once_and_to_a_speaker_of_before(programme, random):
    old = numbered(programme)
    shuffled = [
        slot.model_copy(update={"talks": tuple(random.sample(slot.talks, len(slot.talks)))})
        for slot in random.sample(programme.slots, len(programme.slots))
    ]

    found = match(old, programme.model_copy(update={"slots": tuple(shuffled)})).programme

    ids = [one.id for one in (*found.talks, *found.slots) if one.id]
    assert len(ids) == len(set(ids))
    speakers = {one.id: one.speakers for one in old.talks}
    assert [one for one in found.talks if one.id and one.speakers and one.speakers != speakers[one.id]] == []


@pytest.mark.parametrize("alike", [False, True])
def test_a_large_meeting_is_matched(alike):
    # So many that comparing each talk with each other would be noticed: that takes a minute, and this half a second.
    def big(rename: int) -> Programme:
        return programme(
            *(
                session(
                    f"S{s}",
                    *(
                        talk(f"S{s}-{t}", "Same" if alike else f"{s} {t} {rename * (t % 2)}", f"p{s % 97}")
                        for t in range(6)
                    ),
                )
                for s in range(1_000)
            )
        )

    found = match(numbered(big(0)), big(1)).programme

    assert len({one.id for one in found.talks} - {0}) == 6_000


@pytest.mark.parametrize(
    ("text", "same"),
    [("Ａ１ ： b", "a1b"), ("C++", "c++"), ("深度 学习（I）", "深度学习i"), ("???", "???"), ("Straße", "STRASSE")],
)
def test_folding_removes_what_people_write_differently(text, same):
    assert folded(text) == folded(same)
