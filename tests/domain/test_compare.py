from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from strategies import programmes

from bot.domain.compare import Difference, Taken, differences, take_texts
from bot.domain.model import Text
from bot.domain.programme import (
    Committee,
    Conference,
    Contact,
    Institution,
    Member,
    Person,
    Programme,
    Room,
    Slot,
    Talk,
    Window,
)

NINE = datetime(2025, 8, 9, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)

OURS = Programme(
    conference=Conference(
        key="HIST2025",
        name=Text(zh="数学史大会", en="Congress of the History of Mathematics"),
        venue=Text(zh="洛阳"),
        website="https://example.org",
        check_in=(Window(start=NINE, end=NINE + HOUR),),
        contacts=(Contact(name="刘徽", email="hui@example.org"),),
        organisers=("太学", "Göttingen"),
        committees=(Committee(name=Text(zh="主席", en="Chairs"), members=(Member(person="刘徽"),)),),
    ),
    rooms=(Room(name="太学 7 号", number=7, english="Room 7", aliases=("七号",)), Room(name="大殿")),
    people=(
        Person(key="刘徽", name="刘徽", latin="Hui Liu", affiliation="太学"),
        Person(key="祖冲之", name="祖冲之", affiliation="华林学省"),
        Person(key="Noether", name="Noether"),
    ),
    institutions=(Institution(name="太学", english="Imperial Academy"),),
    slots=(
        Slot(
            kind="session",
            code="A1",
            title="圆",
            translation="Circles",
            track=Text(zh="学生分会", en="Students"),
            start=NINE,
            end=NINE + HOUR,
            room="太学 7 号",
            chairs=("刘徽", "Noether"),
            talks=(
                Talk(
                    code="A1-1",
                    title="割圆术",
                    translation="Cutting the circle",
                    speakers=("刘徽",),
                    summary=Text(en="Pi."),
                ),
                Talk(code="A1-2", title="密率", speakers=("祖冲之",), start=NINE + HOUR / 2, end=NINE + HOUR),
            ),
        ),
        Slot(kind="meal", title="午餐", start=NINE + HOUR, end=NINE + 2 * HOUR),
    ),
)


def theirs(**of_a1: object) -> Programme:
    """What the booklet says: our programme without what is ours alone, and its session A1 with the given changes."""
    first = OURS.slots[0]
    talks = [talk.model_copy(update={"translation": "", "summary": Text()}) for talk in first.talks]
    printed = {"translation": "", "track": Text(zh="学生分会"), "talks": tuple(talks)}
    return OURS.model_copy(
        update={
            "rooms": tuple(room.model_copy(update={"english": "", "aliases": ()}) for room in OURS.rooms),
            "people": tuple(person.model_copy(update={"latin": ""}) for person in OURS.people),
            "institutions": (Institution(name="太学"),),
            "slots": (first.model_copy(update=printed | of_a1), *OURS.slots[1:]),
        }
    )


def test_the_booklet_our_file_was_made_from_states_nothing_different():
    assert differences(OURS, theirs()) == []


@given(programmes())
@settings(deadline=None, max_examples=30)
def test_a_programme_does_not_differ_from_itself(programme):
    assert differences(programme, programme) == []


def test_what_the_other_leaves_empty_contradicts_nothing():
    bare = Programme(conference=Conference(key="HIST2025", name=Text()), slots=theirs(room=None, chairs=()).slots)

    assert differences(OURS, bare) == []


def test_width_and_blanks_and_the_order_of_chairs_are_no_facts():
    assert differences(OURS, theirs(title=" 圆 ", chairs=("Noether", "刘徽"))) == []


def test_each_fact_of_a_session_is_compared_for_itself():
    other = theirs(title="圆与方", start=NINE + HOUR / 4, room="大殿", chairs=("祖冲之",))

    assert differences(OURS, other) == [
        Difference(kind="session", subject="A1", field="title", ours=("圆",), theirs=("圆与方",)),
        Difference(
            kind="session",
            subject="A1",
            field="time",
            ours=("2025-08-09 09:00", "2025-08-09 10:00"),
            theirs=("2025-08-09 09:15", "2025-08-09 10:00"),
        ),
        Difference(kind="session", subject="A1", field="room", ours=("太学 7 号",), theirs=("大殿",)),
        Difference(kind="session", subject="A1", field="chairs", ours=("刘徽", "Noether"), theirs=("祖冲之",)),
    ]


def test_talks_differ_in_title_speaker_time_and_place_or_are_there_on_one_side_only():
    moved = Slot(
        kind="session",
        code="A2",
        title="球",
        start=NINE + 3 * HOUR,
        end=NINE + 4 * HOUR,
        talks=(Talk(code="A2-1", title="密率", speakers=("祖冲之",), start=NINE + 3 * HOUR, end=NINE + 4 * HOUR),),
    )
    first = theirs(
        talks=(
            Talk(code="A1-1", title="割圆术", speakers=("Noether",)),
            Talk(code="A1-3", title="环", speakers=("刘徽",)),
        )
    )
    other = first.model_copy(update={"slots": (first.slots[0], moved)})

    assert differences(OURS, other) == [
        Difference(kind="talk", subject="A1-1", field="code", ours=("A1-1",), theirs=("A1-3",)),
        Difference(kind="talk", subject="A1-1", field="title", ours=("割圆术",), theirs=("环",)),
        Difference(kind="talk", subject="A1-2", field="code", ours=("A1-2",), theirs=("A2-1",)),
        Difference(
            kind="talk",
            subject="A1-2",
            field="time",
            ours=("2025-08-09 09:30", "2025-08-09 10:00"),
            theirs=("2025-08-09 12:00", "2025-08-09 13:00"),
        ),
        Difference(kind="talk", subject="A1-2", field="session", ours=("A1",), theirs=("A2",)),
        Difference(kind="item", subject="午餐", field="missing", ours=("午餐",)),
        Difference(kind="talk", subject="A1-1", field="added", theirs=("割圆术",)),
        Difference(kind="session", subject="A2", field="added", theirs=("球",)),
    ]


def test_a_replaced_speaker_is_one_difference():
    other = theirs(
        talks=(
            Talk(code="A1-1", title="割圆术", speakers=("刘徽",)),
            Talk(code="A1-2", title="密率", speakers=("Noether",)),
        )
    )

    assert differences(OURS, other) == [
        Difference(kind="talk", subject="A1-2", field="speakers", ours=("祖冲之",), theirs=("Noether",))
    ]


def test_facts_of_the_conference_and_its_people_are_compared():
    conference = OURS.conference.model_copy(
        update={
            "name": Text(zh="数学史年会"),
            "venue": Text(zh="洛 阳"),
            "website": "https://example.com",
            "check_in": (Window(start=NINE, end=NINE + 2 * HOUR),),
            "contacts": (Contact(name="刘徽", email="hui@example.com"),),
            "organisers": ("Göttingen", "太学"),
            "committees": (Committee(name=Text(zh="主席"), members=(Member(person="刘徽"), Member(person="祖冲之"))),),
        }
    )
    people = (OURS.people[0], OURS.people[1].model_copy(update={"affiliation": "太学"}), OURS.people[2])
    other = theirs().model_copy(update={"conference": conference, "people": people})

    assert differences(OURS, other) == [
        Difference(kind="conference", subject="HIST2025", field="name", ours=("数学史大会",), theirs=("数学史年会",)),
        Difference(
            kind="conference",
            subject="HIST2025",
            field="website",
            ours=("https://example.org",),
            theirs=("https://example.com",),
        ),
        Difference(
            kind="conference",
            subject="HIST2025",
            field="check-in",
            ours=("2025-08-09 09:00-10:00",),
            theirs=("2025-08-09 09:00-11:00",),
        ),
        Difference(
            kind="conference",
            subject="HIST2025",
            field="contacts",
            ours=("刘徽 hui@example.org",),
            theirs=("刘徽 hui@example.com",),
        ),
        Difference(kind="committee", subject="主席", field="members", ours=("刘徽",), theirs=("刘徽", "祖冲之")),
        Difference(kind="person", subject="祖冲之", field="affiliation", ours=("华林学省",), theirs=("太学",)),
    ]


def test_texts_are_taken_and_facts_are_left_alone():
    talks = (
        Talk(code="A1-2", title="割圆术", speakers=("刘徽",), abstract="圆。"),
        Talk(code="A1-7", title="环", speakers=("Hypatia",), abstract="Rings."),
    )
    people = (
        Person(key="刘徽", name="刘徽", affiliation="别处", biography="魏人。"),
        Person(key="Gauss", name="Gauss", biography="…"),
    )
    other = theirs(title="别的", room=None, talks=talks).model_copy(update={"people": people})

    found, taken = take_texts(OURS, other)

    first = OURS.slots[0]
    expected = first.model_copy(
        update={"talks": (first.talks[0].model_copy(update={"abstract": "圆。"}), first.talks[1])}
    )
    assert found == OURS.model_copy(
        update={
            "people": (OURS.people[0].model_copy(update={"biography": "魏人。"}), *OURS.people[1:]),
            "slots": (expected, *OURS.slots[1:]),
        }
    )
    assert taken == Taken(abstracts=1, biographies=1, cleared=0, unmatched=("A1-7", "Gauss"))


def test_a_text_that_the_other_no_longer_has_is_cleared_and_one_it_knows_nothing_of_stays():
    first = OURS.slots[0]
    old = OURS.model_copy(
        update={
            "slots": (
                first.model_copy(
                    update={"talks": tuple(talk.model_copy(update={"abstract": "旧"}) for talk in first.talks)}
                ),
            ),
            "people": tuple(person.model_copy(update={"biography": "旧"}) for person in OURS.people),
        }
    )
    other = theirs(talks=(Talk(code="A1-1", title="割圆术", speakers=("刘徽",)),))

    found, taken = take_texts(old, other)

    assert [talk.abstract for talk in found.talks] == ["", "旧"]
    assert [person.biography for person in found.people] == ["", "", ""]
    assert taken == Taken(cleared=4)


def test_taking_twice_changes_nothing_more_and_ids_stay():
    ours = OURS.model_copy(
        update={"people": tuple(person.model_copy(update={"id": 70 - at}) for at, person in enumerate(OURS.people))}
    )
    other = theirs(talks=(Talk(code="A1-1", title="割圆术", speakers=("刘徽",), abstract="圆。"),))

    once, taken = take_texts(ours, other)

    assert take_texts(once, other) == (once, taken)
    assert [person.id for person in once.people] == [70, 69, 68]
