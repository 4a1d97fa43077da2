"""A conference of mathematicians of history, with namesakes, same-sounding people and rooms up to 17."""

from datetime import UTC, datetime, timedelta

from bot.domain.model import Text
from bot.domain.programme import Conference, Institution, Person, Programme, Room, Slot, Talk
from bot.domain.timetable import Event, Timetable
from bot.search.index import Hit

NINE = datetime(2025, 9, 1, 1, tzinfo=UTC)

GLOSSARY = (
    ("圆周率", "pi", "ratio of circumference to diameter"),
    ("割圆术", "method of exhaustion"),
    ("不变量理论", "invariant theory"),
    ("RAG", "检索增强生成"),
)

ROOMS = (
    Room(id=100, name="友谊宫 聚英厅", english="Juying Hall", aliases=("聚英厅", "主会场", "main hall")),
    *(
        Room(
            id=number,
            name=f"友谊宫 {number} 号",
            printed=f"友谊宫 {number} 号会议室",
            english=f"Friendship Palace Room {number}",
            number=number,
        )
        for number in range(1, 18)
        if number not in {3, 16}
    ),
    Room(id=101, name="西楼 演讲厅", english="West Lecture Hall", aliases=("报告厅",)),
    Room(id=102, name="东楼 演讲厅", english="East Lecture Hall", aliases=("报告厅",)),
)

PEOPLE = (
    Person(id=1, key="刘徽", name="刘徽", latin="Hui Liu", affiliation="曹魏学宫"),
    Person(id=2, key="祖冲之", name="祖冲之", latin="Chongzhi Zu", affiliation="南朝华林学省"),
    Person(id=3, key="Emmy Noether", name="Emmy Noether", affiliation="University of Göttingen"),
    Person(id=4, key="Erwin Schrödinger", name="Erwin Schrödinger", affiliation="University of Vienna"),
    Person(id=5, key="董彬", name="董彬", latin="Bin Dong", affiliation="稷下学宫"),
    Person(id=6, key="张伟", name="张伟", latin="Wei Zhang", affiliation="稷下学宫"),
    Person(id=7, key="章伟", name="章伟", latin="Wei Zhang", affiliation="曹魏学宫"),
    Person(id=8, key="张玮", name="张玮", latin="Wei Zhang", affiliation="曹魏学宫"),
    Person(id=9, key="孙若愚", name="孙若愚", latin="Ruoyu Sun", affiliation="稷下学宫"),
    Person(id=10, key="吕凯风", name="吕凯风", latin="Kaifeng Lyu", affiliation="稷下学宫"),
    Person(id=11, key="单经纬", name="单经纬", latin="Jingwei Shan", affiliation="稷下学宫"),
    Person(id=12, key="周栋焯", name="周栋焯", latin="Douglas Zhou", affiliation="曹魏学宫"),
    Person(id=13, key="刘勇（稷下学宫）", name="刘勇", latin="Yong Liu", affiliation="稷下学宫"),
    Person(id=14, key="刘勇（曹魏学宫）", name="刘勇", latin="Yong Liu", affiliation="曹魏学宫"),
    Person(id=15, key="欧阳九章", name="欧阳九章", latin="Jiuzhang Ouyang", affiliation="曹魏学宫"),
)


def _talk(
    code: str, title: str, translation: str, speaker: str, zh: str = "", en: str = "", abstract: str = ""
) -> Talk:
    number = int("".join(c for c in code if c.isdigit()))
    return Talk(
        id=number, code=code, title=title, translation=translation, speakers=(speaker,), summary=Text(zh=zh, en=en),
        abstract=abstract,
    )  # fmt: skip


def _slot(number: int, **fields: object) -> Slot:
    start = NINE + timedelta(hours=number)
    return Slot.model_validate({"id": number, "start": start, "end": start + timedelta(hours=1), **fields})


SLOTS = (
    _slot(1, kind="invited", title="邀请报告一", translation="Invited Talk 1", room="友谊宫 聚英厅", talks=(
        _talk("INV-1", "数学的对称", "Symmetry in Mathematics", "Emmy Noether"),
    )),
    _slot(2, kind="break", title="茶歇", translation="Tea break"),
    _slot(3, kind="session", code="A1", title="圆与球", translation="Circles and Spheres", room="友谊宫 7 号",
          chairs=("董彬",), talks=(
        _talk("A1-1", "割圆术与圆周率", "Cutting the Circle", "刘徽", zh="以多边形逼近圆的面积。",
              en="Polygons approach the area of a circle."),
        _talk("A1-2", "密率三百五十五分之一百一十三", "The Close Ratio 355/113", "祖冲之"),
        _talk("A1-3", "Diffusion of Heat in a Ring", "环中的热扩散", "张伟",
              abstract="Fragments of the Almagest are read anew."),
    )),
    _slot(4, kind="session", code="A12", title="Invariants", translation="不变量", room="友谊宫 17 号", talks=(
        _talk("A12-1", "Invariant Theory of Ternary Forms", "三元型的不变量", "Emmy Noether"),
        _talk("A12-2", "Wave Mechanics and Pre-Trained Pendulums", "波动力学与摆", "Erwin Schrödinger"),
        _talk("A12-3", "多臂老虎机的遗憾", "Regret of Bandits", "孙若愚"),
    )),
    _slot(5, kind="meal", title="午餐", translation="Lunch"),
    _slot(6, kind="panel", title="圆桌论坛", translation="Panel", panel=("董彬", "刘徽")),
)  # fmt: skip

PROGRAMME = Programme(
    conference=Conference(key="HISTORY", name=Text(zh="数学史大会", en="History of Mathematics")),
    rooms=ROOMS,
    people=PEOPLE,
    institutions=(
        Institution(name="稷下学宫", english="Jixia Academy"),
        Institution(name="曹魏学宫", english="Academy of Cao Wei"),
    ),
    slots=SLOTS,
)

TIMETABLE = Timetable(PROGRAMME)


def name(hit: Hit) -> str:
    """How a test calls what was found: code, key, name or title."""
    subject = hit.subject
    if isinstance(subject, Event):
        return subject.talk.code
    if isinstance(subject, Person):
        return subject.key
    if isinstance(subject, Slot):
        return subject.code or subject.title
    return subject.name
