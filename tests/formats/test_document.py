from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import programmes

from bot.domain.checks import check
from bot.domain.model import Text
from bot.domain.problem import Problem
from bot.domain.programme import Conference, Contact, Institution, Member, Person, Programme, Room, Slot, Talk, Window
from bot.domain.visible import visible
from bot.formats import document

HISTORY = """\
# Everything a file may have, as somebody would type it.
format: yicheng/1
conference:
  key: HIST2025
  name: {zh: 数学史大会, en: Congress of the History of Mathematics}
  timezone: Asia/Shanghai
  venue: {zh: 洛阳}
  address:
  check_in: [2025-08-08 15:00-18:00, 2025-08-09 7:30—17:00]
  contacts:
    - {name: 刘徽, email: hui@example.org, phone: 110, note: {en: students}}
  organisers: [太学]
  committees:
    - name: {zh: 主席}
      members: [刘徽, {person: Emmy Noether, note: 院士}]
rooms:
  - name: 太学 7 号
    number: 7
    aliases: [七号, Room 7]
people:
  - {name: 刘徽, latin: Hui Liu, affiliation: 太学}
  - name: Emmy Noether
    biography: |
      She changed algebra.

      Twice.
  - {key: 张伟（太学）, name: 张伟, affiliation: 太学}
institutions:
  太学: Imperial Academy
  Göttingen:
slots:
  - when: 2025-08-09 08:20-08:40
    kind: opening
    title: no
    room: 太学 7 号
    chairs: [刘徽]
  - when: 2025-08-09 ２３：００－01:00
    kind: session
    code: A1
    title: 割圆术
    translation: Cutting the circle
    track: {zh: 学生分会, en: Students}
    note: {en: Bring a compass}
    talks:
      - code: A1-1
        title: 8:20
        speakers: [Emmy Noether, 张伟（太学）]
        when: 23:00-23:30
        summary: {zh: 一句话。, en: One sentence.}
        abstract: 1e3
      - title: Second
        when: 2025-08-10 00:00-01:00
"""


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 8, day, hour, minute, tzinfo=UTC)


def problem_of(text: str) -> tuple[str, dict[str, object]]:
    with pytest.raises(Problem) as raised:
        document.read(text)
    return raised.value.key, raised.value.params


def faults_of(text: str) -> list[tuple[int, str, str, str, str]]:
    key, params = problem_of(text)
    assert key == "document.invalid"
    return [tuple(error[name] for name in ("line", "field", "kind", "value", "expected")) for error in params["errors"]]


def small(*lines: str) -> str:
    """A file with a room, a person and the given lines, the first of which is line 5."""
    head = ("format: yicheng/1", "conference: {key: X, name: {en: X}, timezone: Europe/Berlin}")
    return "\n".join((*head, "rooms: [{name: Hall}]", "people: [{name: Ada}]", *lines, ""))


def test_a_file_typed_by_hand_is_the_programme_it_says():
    assert document.read(HISTORY).programme == Programme(
        conference=Conference(
            key="HIST2025",
            name=Text(zh="数学史大会", en="Congress of the History of Mathematics"),
            venue=Text(zh="洛阳"),
            check_in=(Window(start=utc(8, 7), end=utc(8, 10)), Window(start=utc(8, 23, 30), end=utc(9, 9))),
            contacts=(Contact(name="刘徽", email="hui@example.org", phone="110", note=Text(en="students")),),
            organisers=("太学",),
            committees=(
                {
                    "name": {"zh": "主席"},
                    "members": (Member(person="刘徽"), Member(person="Emmy Noether", note="院士")),
                },
            ),
        ),
        rooms=(Room(name="太学 7 号", number=7, aliases=("七号", "Room 7")),),
        people=(
            Person(key="刘徽", name="刘徽", latin="Hui Liu", affiliation="太学"),
            Person(key="Emmy Noether", name="Emmy Noether", biography="She changed algebra.\n\nTwice.\n"),
            Person(key="张伟（太学）", name="张伟", affiliation="太学"),
        ),
        institutions=(Institution(name="太学", english="Imperial Academy"), Institution(name="Göttingen")),
        slots=(
            Slot(
                kind="opening", title="no", start=utc(9, 0, 20), end=utc(9, 0, 40), room="太学 7 号", chairs=("刘徽",)
            ),
            Slot(
                kind="session",
                code="A1",
                title="割圆术",
                translation="Cutting the circle",
                track=Text(zh="学生分会", en="Students"),
                start=utc(9, 15),
                end=utc(9, 17),
                note=Text(en="Bring a compass"),
                talks=(
                    Talk(
                        code="A1-1",
                        title="8:20",
                        speakers=("Emmy Noether", "张伟（太学）"),
                        start=utc(9, 15),
                        end=utc(9, 15, 30),
                        summary=Text(zh="一句话。", en="One sentence."),
                        abstract="1e3",
                    ),
                    Talk(code="", title="Second", start=utc(9, 16), end=utc(9, 17)),
                ),
            ),
        ),
    )


def test_a_written_file_is_one_that_people_can_edit():
    assert document.write(document.read(HISTORY).programme) == WRITTEN


WRITTEN = """\
format: yicheng/1

conference:
  key: HIST2025
  name: {zh: 数学史大会, en: Congress of the History of Mathematics}
  timezone: Asia/Shanghai
  venue: {zh: 洛阳}
  check_in:
    - 2025-08-08 15:00-18:00
    - 2025-08-09 07:30-17:00
  contacts:
    - {name: 刘徽, email: hui@example.org, phone: '110', note: {en: students}}
  organisers:
    - 太学
  committees:
    - name: {zh: 主席}
      members:
        - 刘徽
        - {person: Emmy Noether, note: 院士}

rooms:
  - name: 太学 7 号
    number: 7
    aliases: [七号, Room 7]

people:
  - {name: 刘徽, latin: Hui Liu, affiliation: 太学}
  - name: Emmy Noether
    biography: |
      She changed algebra.

      Twice.
  - {key: 张伟（太学）, name: 张伟, affiliation: 太学}

institutions:
  太学: Imperial Academy
  Göttingen: ''

slots:
  - when: 2025-08-09 08:20-08:40
    kind: opening
    title: 'no'
    room: 太学 7 号
    chairs: [刘徽]

  - when: 2025-08-09 23:00-01:00
    kind: session
    code: A1
    title: 割圆术
    translation: Cutting the circle
    track: {zh: 学生分会, en: Students}
    note: {en: Bring a compass}
    talks:
      - code: A1-1
        title: '8:20'
        speakers: [Emmy Noether, 张伟（太学）]
        when: 23:00-23:30
        summary:
          zh: 一句话。
          en: One sentence.
        abstract: 1e3
      - title: Second
        when: 2025-08-10 00:00-01:00
"""


@given(programmes())
@settings(deadline=None, max_examples=60)
def test_what_is_written_is_read_as_the_same_programme(programme):
    text = document.write(programme)

    assert document.read(text).programme == programme
    assert document.write(document.read(text).programme) == text


@given(programmes())
@settings(deadline=None, max_examples=30)
def test_random_programmes_have_no_errors(programme):
    assert [finding for finding in check(programme) if finding.level == "error"] == []


ANY = st.text(st.characters(exclude_categories=("Cs",)))


@given(ANY.filter(visible), ANY)
@settings(deadline=None)
def test_any_text_comes_back_as_it_was_blanks_too_but_for_what_nobody_sees(title, abstract):
    def programme(title: str, abstract: str) -> Programme:
        slot = Slot(
            kind="other",
            title=title,
            start=utc(9, 0),
            end=utc(9, 1),
            talks=(Talk(code="", title=title, abstract=abstract, summary=Text(zh=abstract)),),
        )
        return Programme(conference=Conference(key="X", name=Text(en=title)), slots=(slot,))

    written = document.write(programme(title, abstract))

    assert document.read(written).programme == programme(visible(title), visible(abstract))


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ('"Deep\\u202e Learning\\u2066"', "Deep Learning"),
        ("Deep\u202e Learning\u2069", "Deep Learning"),
        ("神\u200b经\u2060网\ufeff络", "神经网络"),
        ("neu\u00adral \u200enets\u200f", "neural nets"),
        ('"bell \\a, escape \\e[31m, delete \\x7F"', "bell , escape [31m, delete "),
        ('"two\\vlines\\rand a\\fpage"', "two lines and a page"),
        ('"\\tone\\ntwo"', "\tone\ntwo"),
        ("👩\u200d🔬 नमस्ते می\u200cخواهم", "👩\u200d🔬 नमस्ते می\u200cخواهم"),
    ],
)
def test_what_nobody_sees_or_turns_the_writing_round_is_left_out(title, shown):
    (slot,) = document.read(minimal(title)).programme.slots

    assert slot.title == shown


def test_a_title_of_nothing_that_is_seen_is_missing():
    with pytest.raises(Problem) as caught:
        document.read(minimal("\u200b\u202e"))

    assert [one["kind"] for one in caught.value.params["errors"]] == ["missing-field"]


def minimal(title: str) -> str:
    return f"""\
format: yicheng/1
conference: {{key: X, name: {{en: X}}}}
slots:
  - when: 2025-08-09 09:00-10:00
    kind: other
    title: {title}
"""


@given(st.text())
@settings(deadline=None)
def test_no_text_does_worse_than_a_problem(text):
    with pytest.raises(Problem):
        document.read(text)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2037, 1, 1)),  # noqa: DTZ001 - hypothesis wants bounds without a zone
    st.integers(1, 6000),
    st.integers(-900, 900),
    st.integers(-900, 900),
)
@settings(deadline=None)
def test_moments_survive_every_change_of_clocks(zone, moment, length, talk_starts, talk_ends):
    start = int(moment.replace(tzinfo=UTC).timestamp()) // 60

    def at(minute: int) -> datetime:
        return datetime.fromtimestamp((start + minute) * 60, UTC)

    talks = (
        Talk(code="1", title="both", start=at(talk_starts), end=at(talk_ends)),
        Talk(code="2", title="start", start=at(talk_starts)),
        Talk(code="3", title="end", end=at(talk_ends)),
    )
    slot = Slot(kind="session", title="x", start=at(0), end=at(length), talks=talks)
    programme = Programme(conference=Conference(key="X", name=Text(en="X"), timezone=zone), slots=(slot,))

    assert document.read(document.write(programme)).programme == programme


def test_of_an_hour_that_comes_twice_the_first_is_meant_unless_the_file_says_later():
    text = small(
        "slots:",
        "  - {kind: other, title: night, when: 2025-10-26 02:30-02:30 later}",
        "  - {kind: other, title: long, when: 2025-10-26 02:45-24:00}",
    )

    assert [(slot.start, slot.end) for slot in document.read(text).programme.slots] == [
        (datetime(2025, 10, 26, 0, 30, tzinfo=UTC), datetime(2025, 10, 26, 1, 30, tzinfo=UTC)),
        (datetime(2025, 10, 26, 0, 45, tzinfo=UTC), datetime(2025, 10, 26, 23, 0, tzinfo=UTC)),
    ]


def test_times_that_the_clocks_skip_are_faults_with_their_lines():
    text = small(
        "slots:",
        "  - kind: other",
        "    when: 2025-03-30 02:30-04:00",
        "    title: skipped",
        "  - {kind: other, title: x, when: 2025-08-09 02:30 later-04:00}",
        "  - kind: session",
        "    title: x",
        "    when: 2025-03-30 01:00-04:00",
        "    talks:",
        "      - title: y",
        "        when: 02:00-02:10",
    )

    assert faults_of(text) == [
        (7, "when", "no-such-time", "2025-03-30 02:30-04:00", ""),
        (9, "when", "no-such-time", "2025-08-09 02:30 later-04:00", ""),
        (15, "when", "no-such-time", "02:00-02:10", ""),
    ]


def test_seconds_are_refused_rather_than_lost():
    start = datetime(2025, 8, 9, 8, 0, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    slot = Slot(kind="other", title="x", start=start, end=utc(9, 1))

    with pytest.raises(ValueError, match="whole minutes"):
        document.write(Programme(conference=Conference(key="X", name=Text(en="X")), slots=(slot,)))


def test_everything_wrong_is_said_at_once_each_with_its_line_and_field():
    text = small(
        "slots:",
        "  - when: tomorrow",
        "    kind: lecture",
        "    titel: Typo",
        "    chairs: Ada",
        "  - when: 2025-08-09 25:00-26:00",
        "    kind: session",
        "    title: [a, b]",
        "    track: students",
        "    id: 7",
        "    talks:",
        "      - title: ok",
        "        speekers: [Ada]",
        "        when: morning",
        "      - speakers: ['']",
        "        title: {zh: x}",
        "        summary: {de: x}",
        "institutions: [a]",
        "people: [{name: Ada}]",
    ).replace("{name: Hall}", "{name: Hall, capacity: many, number: -1}")

    assert faults_of(text) == [
        (3, "number", "not-a-number", "-1", ""),
        (3, "capacity", "not-a-number", "many", ""),
        (6, "when", "not-a-time", "tomorrow", ""),
        (6, "title", "missing-field", "", ""),
        (7, "kind", "wrong-value", "lecture", "session, opening, invited, panel, break, meal, check-in, other"),
        (8, "titel", "unknown-field", "Typo", "title"),
        (9, "chairs", "not-a-list", "Ada", ""),
        (10, "when", "not-a-time", "2025-08-09 25:00-26:00", ""),
        (12, "title", "not-text", "", ""),
        (13, "track", "not-a-mapping", "students", ""),
        (14, "id", "unknown-field", "7", ""),
        (17, "speekers", "unknown-field", "", "speakers"),
        (18, "when", "not-a-time", "morning", ""),
        (19, "speakers", "empty-value", "", ""),
        (20, "title", "not-text", "", ""),
        (21, "de", "unknown-field", "x", ""),
        (22, "institutions", "not-a-mapping", "", ""),
        (23, "people", "duplicate-field", "", ""),
    ]


@pytest.mark.parametrize("timezone", ["Asia/Peking", "Asia", "../x", "/etc/localtime", "8"])
def test_a_timezone_that_is_none_is_a_fault(timezone):
    text = f"format: yicheng/1\nconference:\n  key: X\n  name: {{en: X}}\n  timezone: {timezone}\n"

    assert faults_of(text) == [(5, "timezone", "unknown-timezone", timezone, "")]


def test_a_required_field_without_a_value_is_missing():
    assert faults_of("format: yicheng/1\nconference:\n  key:\n  name: {en: X}\nrooms:\n  - name: ''\n") == [
        (3, "key", "missing-field", "", ""),
        (6, "name", "empty-value", "", ""),
    ]


@pytest.mark.parametrize(
    ("text", "key", "params"),
    [
        ("", "document.not-a-programme", {}),
        ("# only a comment\n", "document.not-a-programme", {}),
        ("[1, 2]", "document.not-a-programme", {}),
        ("just a sentence", "document.not-a-programme", {}),
        ("conference: {}", "document.not-a-programme", {}),
        ("\nformat: frab/2", "document.unknown-format", {"line": 2, "found": "frab/2", "known": "yicheng/1"}),
        ("format: [x]", "document.unknown-format", {"line": 1, "found": "['x']", "known": "yicheng/1"}),
        ("format: yicheng/1\na: [1\nb: 2\n", "document.not-yaml", {"line": 3, "column": 2}),
        ("format: yicheng/1\nab: 1\x00\n", "document.not-yaml", {"line": 2, "column": 6}),
        ("a: 1\n---\nb: 2\n", "document.several", {"line": 2}),
        ("a: &x [1]\nb:\n  - *x\n", "document.alias", {"line": 3}),
        ("a: &x [*x]", "document.alias", {"line": 1}),
        ("- " * 100_000, "document.too-deep", {"line": 1}),
        ("[" * 1_000_000, "document.too-deep", {"line": 1}),
    ],
)
def test_what_is_no_programme_file_is_refused_in_one_sentence(text, key, params):
    assert problem_of(text) == (key, params)


def test_a_field_whose_name_is_no_text_is_a_fault():
    assert faults_of("format: yicheng/1\nconference:\n  ? [a]\n  : b\n") == [(3, "conference", "not-text", "", "")]


def test_findings_stand_at_the_lines_of_the_file():
    text = small(
        "slots:",
        "  - when: 2025-08-09 09:00-10:00",
        "    kind: session",
        "    title: x",
        "    room: Attic",
        "    chairs:",
        "      - Ada",
        "      - Bob",
        "    talks:",
        "      - title: y",
        "        when: 10:10-10:20",
        "      - title: z",
        "        speakers: [Carl]",
    )

    found = document.read(text).findings

    assert sorted((finding.code, finding.line) for finding in found) == [
        ("talk-outside-slot", 14),
        ("unknown-person", 12),
        ("unknown-person", 17),
        ("unknown-room", 9),
    ]
