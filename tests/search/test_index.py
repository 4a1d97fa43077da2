import pytest
from history import GLOSSARY, NINE, PEOPLE, PROGRAMME, TIMETABLE, name
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import programmes

from bot.domain.programme import Programme, Slot, Talk
from bot.domain.timetable import Event, Timetable
from bot.search.fold import fold
from bot.search.index import KINDS, LONGEST, Hit, Index, Kind

INDEX = Index(TIMETABLE, GLOSSARY)


def first(query: str, index: Index = INDEX) -> tuple[str, str, bool, str] | None:
    """Kind, name, whether it is sure, and why, of what comes first."""
    hits = index.find(query)
    return (hits[0].kind, name(hits[0]), hits[0].confident, hits[0].why) if hits else None


def sure(query: str, *kinds: Kind) -> list[str]:
    return [name(hit) for hit in INDEX.find(query, kinds=kinds or KINDS) if hit.confident]


@pytest.mark.parametrize(
    ("query", "kind", "code"),
    [
        ("a1-2", "talk", "A1-2"),
        ("A1.2", "talk", "A1-2"),
        ("Ａ１－２", "talk", "A1-2"),
        ("A1 2", "talk", "A1-2"),
        ("a1-2 在哪", "talk", "A1-2"),
        ("a12", "session", "A12"),
        ("a122", "talk", "A12-2"),
        ("a1", "session", "A1"),
        ("A1专题", "session", "A1"),
        ("session A1", "session", "A1"),
        ("A01", "session", "A1"),
        ("inv-1", "talk", "INV-1"),
        ("INV1", "talk", "INV-1"),
    ],
)
def test_a_code_is_understood_however_it_is_typed(query: str, kind: str, code: str) -> None:
    assert first(query) == (kind, code, True, "code")


def test_a_code_in_a_sentence_comes_first() -> None:
    assert first("张伟 A1-3 热扩散") == ("talk", "A1-3", True, "code")


def test_a_code_that_is_not_there_is_nothing() -> None:
    assert INDEX.find("Z9-4") == []


@pytest.mark.parametrize(
    ("query", "key", "why"),
    [
        ("董彬", "董彬", "name"),
        ("董 彬", "董彬", "name"),
        ("董彬老师的报告在哪", "董彬", "name"),
        ("劉徽", "刘徽", "name"),
        ("若愚", "孙若愚", "given-name"),
        ("九章", "欧阳九章", "given-name"),
        ("董斌", "董彬", "sounds-like"),
        ("孙若禺", "孙若愚", "sounds-like"),
        ("单精卫", "单经纬", "sounds-like"),
        ("周东卓", "周栋焯", "sounds-like"),
        ("董兵", "董彬", "sounds-like"),
        ("dongbin", "董彬", "name"),
        ("Bin Dong", "董彬", "name"),
        ("bindong", "董彬", "name"),
        ("dong bin", "董彬", "name"),
        ("when does Bin Dong speak", "董彬", "name"),
        ("sun ruo yu", "孙若愚", "name"),
        ("Ruo-Yu Sun", "孙若愚", "name"),
        ("lv kaifeng", "吕凯风", "name"),
        ("lyukaifeng", "吕凯风", "name"),
        ("Lü Kaifeng", "吕凯风", "name"),
        ("Lu Kaifeng", "吕凯风", "name"),
        ("shan jingwei", "单经纬", "name"),
        ("Schrodinger", "Erwin Schrödinger", "surname"),
        ("Schrödinger", "Erwin Schrödinger", "surname"),
        ("emmy noether", "Emmy Noether", "name"),
        ("Noether", "Emmy Noether", "surname"),
        ("R. Sun", "孙若愚", "initials"),
        ("RY Sun", "孙若愚", "initials"),
        ("dongbn", "董彬", "spelling"),
        ("Emmy Noehter", "Emmy Noether", "spelling"),
        ("ruoyuu sun", "孙若愚", "spelling"),
    ],
)
def test_a_person_is_found_by_what_is_typed_for_the_name(query: str, key: str, why: str) -> None:
    assert first(query) == ("person", key, True, why)
    assert sure(query, "person") == [key]


def test_the_very_characters_rank_above_the_same_sound_and_leave_no_doubt() -> None:
    hits = INDEX.find("章伟", kinds=("person",))
    assert [(name(hit), hit.confident, hit.why) for hit in hits] == [
        ("章伟", True, "name"),
        ("张伟", False, "sounds-like"),
        ("张玮", False, "sounds-like"),
    ]


def test_people_who_sound_the_same_are_a_choice() -> None:
    assert sure("Wei Zhang", "person") == ["张伟", "章伟", "张玮"]
    assert sure("章玮", "person") == ["张伟", "章伟", "张玮"]


def test_namesakes_are_a_choice_and_an_affiliation_decides() -> None:
    assert sure("刘勇", "person") == ["刘勇（稷下学宫）", "刘勇（曹魏学宫）"]
    assert sure("曹魏 刘勇", "person") == ["刘勇（曹魏学宫）"]
    assert sure("刘勇 Jixia", "person") == ["刘勇（稷下学宫）"]


def test_a_surname_alone_is_offered_and_with_a_title_comes_first() -> None:
    assert [(name(hit), hit.confident) for hit in INDEX.find("张", kinds=("person",))] == [
        ("张伟", False),
        ("张玮", False),
    ]
    assert first("孙老师") == ("person", "孙若愚", True, "surname")


def test_short_initials_and_one_wrong_character_are_offered_and_not_taken() -> None:
    assert first("sry") == ("person", "孙若愚", False, "initials")
    assert first("祖冲以") == ("person", "祖冲之", False, "spelling")


def test_a_name_spelt_as_pinyin_should_be_is_no_slip() -> None:
    assert first("zhang wen") == ("person", "张伟", False, "spelling")


def test_the_talks_of_whoever_is_meant_are_found_by_the_name() -> None:
    assert sure("祖冲之", "talk") == ["A1-2"]
    assert sure("chongzhi zu", "talk") == ["A1-2"]
    assert sure("祖充之", "talk") == ["A1-2"]


@pytest.mark.parametrize(
    ("query", "kind", "code", "why"),
    [
        ("割圆术", "talk", "A1-1", "title"),
        ("Cutting the Circle", "talk", "A1-1", "title"),
        ("圆与球", "session", "A1", "title"),
        ("circles and spheres", "session", "A1", "title"),
        ("热扩散", "talk", "A1-3", "translation"),
        ("diffusion", "talk", "A1-3", "title"),
        ("difusion", "talk", "A1-3", "title"),
        ("diffusoin of heat", "talk", "A1-3", "title"),
        ("多邊形", "talk", "A1-1", "summary"),
        ("polygon", "talk", "A1-1", "summary"),
        ("almagest", "talk", "A1-3", "abstract"),
        ("pretrained", "talk", "A12-2", "title"),
        ("pre trained", "talk", "A12-2", "title"),
        ("pendulum", "talk", "A12-2", "title"),
        ("regret", "talk", "A12-3", "translation"),
        ("不变量理论", "talk", "A12-1", "topic"),
        ("pi", "talk", "A1-1", "topic"),
        ("method of exhaustion", "talk", "A1-1", "topic"),
        ("稷下 老虎机", "talk", "A12-3", "title"),
        ("Göttingen", "talk", "INV-1", "affiliation"),
        ("茶歇", "item", "茶歇", "title"),
        ("coffee", "item", "茶歇", "kind"),
        ("午饭几点", "item", "午餐", "kind"),
        ("round table", "item", "圆桌论坛", "kind"),
        ("邀请报告", "item", "邀请报告一", "title"),
    ],
)
def test_a_topic_is_found_in_either_language(query: str, kind: str, code: str, why: str) -> None:
    assert first(query) == (kind, code, True, why)


def test_an_acronym_is_no_part_of_a_word() -> None:
    assert INDEX.find("RAG") == []
    assert sure("fragments") == ["A1-3"]


@pytest.mark.parametrize("query", ["友谊宫 7号", "７号会议室", "room 7", "七号在哪"])
def test_a_room_is_found_as_a_room(query: str) -> None:
    assert first(query) == ("room", "友谊宫 7 号", True, "room")


def test_a_room_that_is_not_there_is_only_a_suggestion() -> None:
    assert [(hit.kind, hit.confident) for hit in INDEX.find("友谊宫16号")] == [("room", False)] * 4


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "？！",
        "pizza",
        "asdfghjk",
        "红烧肉怎么做",
        "cheap flights to Rome",
        "天气",
        "wifi密码",
        "what is the meaning of life",
        "🤷",
    ],
)
def test_nonsense_has_no_sure_answer(query: str) -> None:
    assert sure(query) == []


def test_a_title_called_by_its_very_words_leaves_no_doubt_among_its_kind() -> None:
    assert [(name(hit), hit.confident, hit.why) for hit in INDEX.find("invariants", kinds=("talk", "session"))] == [
        ("A12", True, "title"),
        ("A12-1", True, "title"),
        ("A12-3", True, "session"),
        ("A12-2", True, "session"),
    ]


def test_only_the_kinds_asked_for_are_found_and_no_more_than_the_limit() -> None:
    assert {hit.kind for hit in INDEX.find("圆", kinds=("talk",))} <= {"talk"}
    assert [name(hit) for hit in INDEX.find("stdin", kinds=())] == []
    assert len(INDEX.find("曹魏学宫", limit=3)) == 3
    assert INDEX.find("董彬", limit=0) == []


def test_without_a_glossary_synonyms_are_not_known() -> None:
    found = INDEX.find("method of exhaustion")[0]
    assert (found.why, found.word) == ("topic", "割圆术")
    assert [hit for hit in Index(TIMETABLE).find("method of exhaustion") if hit.confident] == []


def test_a_glossary_may_be_a_mapping() -> None:
    assert first("exhaustion", Index(TIMETABLE, {"exhaustion": ["割圆术"]})) == ("talk", "A1-1", True, "topic")


def test_people_whose_file_gives_no_latin_name_are_found_by_their_sound() -> None:
    unnamed = PROGRAMME.model_copy(update={"people": tuple(p.model_copy(update={"latin": ""}) for p in PEOPLE)})
    assert first("lvkaifeng", Index(Timetable(unnamed))) == ("person", "吕凯风", True, "name")


def test_an_empty_programme_finds_nothing() -> None:
    index = Index(Timetable(Programme(conference=PROGRAMME.conference)))
    assert [index.find(query) for query in ("董彬", "7", "diffusion", "a1")] == [[], [], [], []]


def test_a_large_programme_ranks_the_title_asked_for_first() -> None:
    words = ("heat", "wave", "prime", "curve", "proof", "field", "group", "number", "knot", "graph", "flow")
    titles = [f"On the {a} {b} of {c}" for a in words for b in words for c in words]
    slots = [
        Slot(
            id=n + 1,
            kind="session",
            code=f"S{n}",
            title=f"Day {n}",
            start=NINE,
            end=NINE.replace(hour=5),
            talks=tuple(
                Talk(id=11 * n + k + 1, code=f"S{n}-{k + 1}", title=title)
                for k, title in enumerate(titles[11 * n : 11 * n + 11])
            ),
        )
        for n in range(len(titles) // 11)
    ]
    index = Index(Timetable(Programme(conference=PROGRAMME.conference, slots=tuple(slots))))
    asked = titles[::37]
    assert [index.find(title, limit=1)[0].subject.talk.title for title in asked] == asked  # type: ignore[union-attr]


@given(st.text(st.characters(codec=None), max_size=60) | st.text("a1-2.Bin dong董彬章伟圆的在哪号七17 ", max_size=30))
def test_any_question_gives_ranked_hits_each_once(query: str) -> None:
    hits = INDEX.find(query)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 100 for hit in hits)
    assert len({(hit.kind, name(hit), id(hit.subject)) for hit in hits}) == len(hits) <= 10


@pytest.mark.parametrize("piece", ["董彬", "a1-", "lining ", "热", "7 ", "é", "\ud83d"])
def test_a_long_question_is_cut(piece: str) -> None:
    def seen(hits: list[Hit]) -> list[tuple[str, float]]:
        return [(name(hit), hit.score) for hit in hits]

    long = piece * 50_000
    assert seen(INDEX.find(long)) == seen(INDEX.find(long[:LONGEST]))


@given(programmes(), st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])  # whole programmes are slow to make up
def test_any_programme_finds_what_is_called_by_its_own_name(programme: Programme, data: st.DataObject) -> None:
    index = Index(Timetable(programme))
    titled = [thing for thing in (*programme.slots, *programme.talks) if fold(thing.title[:LONGEST])]
    for thing in data.draw(st.lists(st.sampled_from(titled), max_size=3)) if titled else []:
        assert thing.title in {title_of(hit) for hit in index.find(thing.title, limit=100)}


def title_of(hit: Hit) -> str:
    if isinstance(hit.subject, Event):
        return hit.subject.talk.title
    return hit.subject.title if isinstance(hit.subject, Slot) else ""
