import pytest
from history import ROOMS, TIMETABLE
from hypothesis import given
from hypothesis import strategies as st

from bot.search.rooms import Rooms

find_room = Rooms(TIMETABLE.programme.rooms).find


def found(query: str) -> tuple[str | None, tuple[str, ...]]:
    match = find_room(query)
    return match.room and match.room.name, tuple(room.name for room in match.candidates)


@pytest.mark.parametrize(
    "query",
    [
        "友谊宫 7号",
        "7",
        "七号",
        "７号会议室",
        "友誼宮七號",
        "room 7",
        "Rm.7",
        "rm7",
        "七",
        "Friendship Palace 7",
        "no. 7",
        "7号厅",
        "友谊宫七",
        "youyigong 7",
        "freindship palace 7",
        "友谊宫 7 号会议室",
        "下午友谊宫7号会议室有什么",
        "7号在哪",
        "room 7 now",
        "what's on in room 7 after lunch",
        "13:30 7号",
        "9月1日 三点 七号",
        "007",
    ],
)
def test_seven_is_understood_however_it_is_written(query: str) -> None:
    assert found(query) == ("友谊宫 7 号", ("友谊宫 7 号",))


@pytest.mark.parametrize(
    ("query", "room"),
    [
        ("17", "友谊宫 17 号"),
        ("友谊宫十七号", "友谊宫 17 号"),
        ("1", "友谊宫 1 号"),
        ("一号", "友谊宫 1 号"),
        ("11", "友谊宫 11 号"),
        ("十一", "友谊宫 11 号"),
        ("room 10", "友谊宫 10 号"),
        ("两号", "友谊宫 2 号"),
    ],
)
def test_numbers_are_compared_as_numbers(query: str, room: str) -> None:
    assert found(query) == (room, (room,))


@pytest.mark.parametrize(
    "query",
    [
        "主会场",
        "main hall",
        "Main Hall?",
        "聚英厅",
        "聚英廳在哪裡",
        "juyingting",
        "juying ting",
        "聚映厅",
        "juyingtin",
        "main hal",
        "聚英",
        "Juying",
        "where is the main hall",
    ],
)
def test_a_room_is_found_by_its_names_their_sound_and_small_errors(query: str) -> None:
    assert found(query)[0] == "友谊宫 聚英厅"


def test_a_number_that_is_no_room_offers_those_a_slip_away_in_the_same_place() -> None:
    assert found("友谊宫16号") == (None, ("友谊宫 15 号", "友谊宫 17 号", "友谊宫 14 号", "友谊宫 13 号"))
    assert found("三号") == (None, ("友谊宫 2 号", "友谊宫 4 号", "友谊宫 1 号", "友谊宫 5 号"))


def test_a_number_in_a_place_called_otherwise_is_offered_and_not_taken() -> None:
    assert found("北楼 7号") == (None, ("友谊宫 7 号",))


def test_what_two_rooms_share_is_a_choice() -> None:
    assert found("报告厅") == (None, ("西楼 演讲厅", "东楼 演讲厅"))
    assert found("演讲厅") == (None, ("西楼 演讲厅", "东楼 演讲厅"))
    assert found("友谊宫") == (None, ("友谊宫 聚英厅", "友谊宫 1 号", "友谊宫 2 号", "友谊宫 4 号"))


@pytest.mark.parametrize("query", ["", "   ", "？", "号", "pizza", "刘徽", "下午3点", "quantum computing"])
def test_what_names_no_room_offers_none(query: str) -> None:
    assert found(query) == (None, ())


def test_numbers_of_building_and_room_are_read_together() -> None:
    rooms = Rooms(
        tuple(
            room.model_copy(update={"name": name, "printed": "", "english": "", "number": None})
            for room, name in zip(ROOMS, ("2号楼 301", "2号楼 302", "3号楼 301"), strict=False)
        )
    )
    names = {query: rooms.find(query) for query in ("2号楼301", "302", "301", "三号楼 301 室")}
    assert {query: match.room and match.room.name for query, match in names.items()} == {
        "2号楼301": "2号楼 301",
        "302": "2号楼 302",
        "301": None,
        "三号楼 301 室": "3号楼 301",
    }
    assert [room.name for room in names["301"].candidates] == ["2号楼 301", "3号楼 301"]


def test_a_question_with_a_word_for_a_room_is_told_from_others() -> None:
    worded = {query: find_room(query).worded for query in ("7号", "room 9", "rm9", "会议室", "刘徽", "1", "bathroom")}
    assert worded == {
        "7号": True,
        "room 9": True,
        "rm9": True,
        "会议室": True,
        "刘徽": False,
        "1": False,
        "bathroom": False,
    }


@given(st.text(st.characters(codec=None)) | st.text("0123456789〇一二十百号室room 友谊宫聚"))
def test_any_question_gives_at_most_four_rooms(query: str) -> None:
    match = find_room(query)
    assert len(match.candidates) <= 4
    assert match.room is None or match.candidates[0] == match.room
