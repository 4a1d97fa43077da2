"""How things are called in both languages."""

import pytest

from bot.domain.model import Lang, Text
from bot.domain.programme import Conference, Programme, Room
from bot.domain.timetable import Timetable
from bot.replies.voice import Voice

ROOMS = (
    Room(name="友谊宫 5 号", english="Friendship Palace Room 5", number=5),
    Room(name="101 室", english="Room 101", number=101),
    Room(name="第 3 报告厅", english="Lecture Theatre 3", number=3),
    Room(name="理教 12", number=12),
    Room(name="东楼 7 号", english="East Room 7", number=7),
    Room(name="西楼 7 号", english="West Room 7", number=7),
    Room(name="大礼堂", english="Great Hall"),
)


@pytest.mark.parametrize(
    ("lang", "brief", "door"),
    [
        (
            "zh",
            ["5 号", "101 室", "第 3 报告厅", "理教 12", "东楼 7 号", "西楼 7 号", "大礼堂"],
            ["5号", "101 室", "第 3 报告厅", "理教 12", "东楼 7 号", "西楼 7 号", ""],
        ),
        (
            "en",
            ["Room 5", "Room 101", "Lecture Theatre 3", "Room 12", "East Room 7", "West Room 7", "Great Hall"],
            ["Rm 5", "Rm 101", "Lecture Theatre 3", "Rm 12", "East Room 7", "West Room 7", ""],
        ),
    ],
)
def test_a_room_is_called_by_its_number_as_its_door_says_it(lang: Lang, brief: list[str], door: list[str]) -> None:
    timetable = Timetable(Programme(conference=Conference(key="X", name=Text(zh="某会")), rooms=ROOMS))
    voice = Voice(lang, timetable)

    assert [voice.brief_room(room) for room in ROOMS] == brief
    assert [voice.door(room) for room in ROOMS] == door
