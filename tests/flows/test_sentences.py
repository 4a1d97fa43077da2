"""Plain words answered, with a line that says how they were understood."""

import re

import pytest

from bot.app import App
from bot.commands.dispatch import pressed, typed
from bot.domain.model import Lang, has_hanzi
from bot.replies.reply import Reply, plain
from bot.services import acquaintance

SENTENCES = [
    ("下午7号会议室有什么", "🔎 8月9日 下午 · 友谊宫 7 号", "13:30–15:30　A8 大模型训练 · 7 号"),
    ("张林峰在哪讲", "🔎 张林峰 · 在哪", "张林峰"),
    ("明天上午有强化学习吗", "🔎 8月10日 上午 · 强化学习", "C1-3 大模型背景下的强化学习"),
    ("现在有什么大模型的报告", "🔎 现在 · 大模型", "您问的时段或会场没有，别处有："),
    ("下一场 5号", "🔎 接下来 · 友谊宫 5 号", "友谊宫 5 号"),
    (
        "what's on in room 7 after lunch",
        "🔎 9 Aug 13:30–18:00 · Friendship Palace Room 7 友谊宫 7 号",
        "13:30–15:30  A8 Training of Large Models 大模型训练 · Room 7",
    ),
    (
        "any talks on diffusion models this afternoon",
        "🔎 9 Aug, afternoon · diffusion models",
        "A1-1 Towards understanding the representation learning of diffusion models",
    ),
    ("when does Bin Dong speak", "🔎 Bin Dong 董彬 · when", "Bin Dong 董彬"),
    ("茶歇几点", "🔎 茶歇 · 什么时候", "8月9日 周六 10:10–10:30 茶歇"),
    ("午餐在哪", "🔎 午餐 · 在哪", "8月9日 周六 12:00–13:30 午餐（见餐券）"),
    ("下午三点7号", "🔎 8月9日 15:00 · 友谊宫 7 号", "13:30–15:30　1 场专题报告"),
    ("董彬下午讲什么", "🔎 8月9日 下午 · 董彬", "您问的时段或会场没有，别处有："),
    ("明天签到几点", "🔎 8月10日 · 签到 · 什么时候", "8月10日 周日 07:30–17:00"),
    ("晚宴几点", "🔎 晚餐 · 什么时候", "日程里没有晚餐这一项，可以问问会务组。"),
    ("后天有什么", "🔎 8月11日", "“8月11日 周一”不在会期内。大会的日子是："),
    ("/day 明天下午", "🔎 8月10日 下午", "12:10–13:30　午餐"),
    ("/room 7号 下午", "🔎 8月9日 下午 · 友谊宫 7 号", "13:30–15:30　A8 大模型训练 · 7 号"),
    ("明天第一个报告", "🔎 8月10日 · 第一个报告", "大模型新架构的初步探索与思考"),
    ("7号会议室最后一个报告", "🔎 8月9日 · 友谊宫 7 号 · 最后一个报告", "数据集的规模形式化"),
    ("董彬的最后一个报告", "🔎 董彬 · 最后一个报告", "AI for Mathematics: 数学的数字化与智能化"),
    ("会场7号最后一个报告", "🔎 8月9日 · 友谊宫 7 号 · 最后一个报告", "数据集的规模形式化"),
    ("7号会议室下午最后一个专题", "🔎 8月9日 下午 · 友谊宫 7 号 · 最后一个专题", "B4 AI for Math"),
    ("第二个茶歇几点", "🔎 8月9日 · 茶歇 · 第二个 · 什么时候", "8月9日 周六 15:30–16:00 茶歇"),
    ("第三个茶歇", "🔎 8月9日 · 茶歇 · 第三个", "没有这么多，一共只有 2 个。"),
    ("今天第二十个报告", "🔎 8月9日 · 第 20 个报告", "没有这么多：各会场同时进行，依次只排到第 11 个。"),
    (
        "算子学习专题第二个报告",
        "🔎 C7 算子学习 · 第二个报告",
        "Solving PDEs using deep neural networks with error control",
    ),
    ("上午第一个强化学习的报告", "🔎 8月9日 上午 · 强化学习", "您问的时段或会场没有，别处有："),
    ("大会最后一个专题", "🔎 大会最后一个专题", "16:00–18:00　专题报告"),
    (
        "first talk tomorrow",
        "🔎 10 Aug · first talk",
        "New Architectures for Large Language Models: Initial Explorations and Reflections (our translation)",
    ),
    ("last talk today", "🔎 9 Aug · last talk", "16:00–18:00  8 parallel sessions"),
    (
        "the second talk in A3",
        "🔎 A3 Optimization for AI · second talk",
        "Physics-Assisted and Topology-Informed Deep Learning for Weather Prediction",
    ),
    ("the ninth talk in A3", "🔎 A3 Optimization for AI · ninth talk", "There are only 4 talks."),
    (
        "room 7 last talk",
        "🔎 9 Aug · Friendship Palace Room 7 友谊宫 7 号 · last talk",
        "Formalizing Datasets at Scale (our translation)",
    ),
    (
        "the last talk of the first session in room 5",
        "🔎 9 Aug · Friendship Palace Room 5 友谊宫 5 号 · last talk of the first session",
        "Beyond Unconstrained Features: Neural Collapse for Shallow Neural Networks with General Data",
    ),
    ("first thing tomorrow", "🔎 10 Aug · first thing", "08:20–09:05  Invited Talk 3 · Friendship Palace Juying Hall"),
    ("Sunday evening", "🔎 10 Aug, evening", "Nothing is planned then."),
]


async def answered(app: App, text: str) -> Reply:
    lang: Lang = "zh" if has_hanzi(text) else "en"
    return await app.answer(typed(text), lang)


@pytest.mark.parametrize(("text", "understood", "first"), SENTENCES)
async def test_a_sentence_is_answered_under_what_was_understood(
    app: App, text: str, understood: str, first: str
) -> None:
    reply = await answered(app, text)
    assert [plain(block.lines[0]) for block in reply.blocks[:2]] == [understood, first]


async def test_pages_of_such_an_answer_are_turned_by_ids_and_bring_the_same_answer(app: App) -> None:
    for text, _, _ in SENTENCES:
        reply = await answered(app, text)
        if reply.ask.startswith("read"):
            again = await app.answer(pressed(reply.ask), "zh" if has_hanzi(text) else "en")
            assert (text, again) == (text, reply)


async def test_where_rooms_run_side_by_side_the_last_of_each_is_said_and_can_be_opened(app: App) -> None:
    reply = await answered(app, "今天最后一个报告")
    blocks = [[plain(line) for line in block.lines] for block in reply.blocks]
    assert (len(blocks), blocks[2]) == (
        11,
        ["友谊宫 5 号　B1 大模型相关理论", "≈17:30–18:00 刘勇：大模型推理机制分析"],
    )
    opened = [button.label.split()[0] for row in reply.rows[:4] for button in row]
    assert opened == ["B1-4", "B2-4", "B3-4", "B4-4", "B5-4", "B6-4", "B7-4", "B8-4"]


async def test_several_are_listed_in_order(app: App) -> None:
    reply = await answered(app, "last two talks in A3")
    assert [plain(block.lines[0]).split()[0] for block in reply.blocks] == ["🔎", "A3-3", "A3-4", "≈"]


@pytest.mark.parametrize(
    "ask", ["read talks p99999", "read room r99999", "read nonsense", "read", "read item iteapot", "read talks n0x1ta"]
)
async def test_a_reading_that_is_no_longer_there_is_gone(app: App, ask: str) -> None:
    reply = await app.answer(pressed(ask), "en")
    assert plain(reply.blocks[0].lines[0]) == "What this button stood for is no longer in the programme."


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("谢谢", "不客气，祝您在 CSML2025 收获满满。"),
        ("Thank you so much", "You're welcome. Enjoy CSML2025."),
        ("你是谁？", "我是 CSML2025 的会议助手，一个查日程的机器人。讲者、题目、会场、时间，问我就行。"),
        ("早上好", "您好，有关 CSML2025 的日程，直接问我就行。"),
        ("好的", "好的，有需要随时问我。"),
        ("👍🏻", "All right. Ask me whenever you need something."),
        ("ok", "All right. Ask me whenever you need something."),
        ("??", "What you can ask"),
        ("bye", "Goodbye. Ask me about CSML2025 whenever you like."),
        ("厕所在哪", "没有找到与“厕所在哪”有关的内容。"),
        ("董彬", "董彬"),
        ("dongbn", "Bin Dong 董彬"),
        ("A8", "A8 Training of Large Models"),
        ("7号", "友谊宫 7 号"),
    ],
)
async def test_what_is_no_sentence_is_answered_plainly(app: App, text: str, first: str) -> None:
    reply = await answered(app, text)
    assert plain(reply.blocks[0].lines[0]) == first


async def test_what_is_unsure_is_offered_with_three_buttons_at_most(app: App) -> None:
    reply = await answered(app, "zhang")
    assert (plain(reply.blocks[0].lines[0]), [button.label for row in reply.rows for button in row]) == (
        "“zhang”  Did you mean:",
        ["Linfeng Zhang 张林峰", "Wuyang Zhang 张午阳", "Wentao Zhang 张文涛"],
    )


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("友谊宫 23号", "没有找到会场“友谊宫 23号”。"),
        ("Friendship Palace room 23", "I can't find a room called “Friendship Palace room 23”."),
        ("/room 23", "I can't find a room called “23”."),
        ("友谊宫", "“友谊宫”　您要找的是不是："),
    ],
)
async def test_a_room_that_does_not_exist_is_said_not_to(app: App, text: str, first: str) -> None:
    """A name that several rooms have is no such room."""
    assert plain((await answered(app, text)).blocks[0].lines[0]) == first


async def test_a_hit_says_why_it_is_there(app: App) -> None:
    reply = await answered(app, "/topic 扩散模型")
    assert [plain(line) for line in reply.blocks[1].lines] == [
        "A1-1 Towards understanding the representation learning of diffusion models",
        "邹获凡 · 8月9日 周六 ≈13:30–14:00 · 5 号",
        "题目的译文里有",
    ]


@pytest.mark.parametrize(
    ("text", "code", "why"),
    [
        ("/topic diffusion", "E7-3", "as “扩散”"),
        ("/topic 检索增强", "D7-4", "相关词：RAG"),
    ],
)
async def test_a_hit_by_another_word_names_it(app: App, text: str, code: str, why: str) -> None:
    reply = await answered(app, text)
    hits = [[plain(line) for line in block.lines] for block in reply.blocks]
    assert [lines[-1] for lines in hits if lines[0].startswith(code)] == [why]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("大会几点结束", "🗓 8月9日 周六 08:20 – 8月10日 周日 18:00"),
        ("when does the conference end", "🗓 Sat 9 Aug 08:20 – Sun 10 Aug 18:00"),
    ],
)
async def test_practical_information_says_from_when_to_when(app: App, text: str, hours: str) -> None:
    reply = await answered(app, text)
    assert hours in [plain(line) for block in reply.blocks for line in block.lines]


@pytest.mark.parametrize(
    ("lang", "shown"),
    [
        ("zh", ["/room 5", "/session A1", "/talk A1-1", "/topic 优化", "/search 董彬"]),
        ("en", ["/room 5", "/session A1", "/talk A1-1", "/topic AI for Math", "/search Bin Dong"]),
    ],
)
async def test_every_example_of_the_help_finds_something(app: App, lang: Lang, shown: list[str]) -> None:
    help_page = [plain(line) for block in (await app.answer(typed("/help"), lang)).blocks for line in block.lines]
    found = [(await app.answer(typed(example), lang)).nothing for example in shown]

    assert [one for one in shown if any(re.split(" {2}|　", line)[0] == one for line in help_page)] == shown
    assert found == [False] * len(shown)


async def test_a_panel_says_who_is_on_it_and_a_break_has_no_chair_to_be_announced(app: App) -> None:
    timetable = app.edition.timetable
    ids = [slot.id for slot in timetable.slots if slot.kind in ("panel", "opening", "meal")][:3]
    cards = [await app.answer(pressed(f"session #{one}"), "zh") for one in ids]
    listed = await answered(app, "圆桌论坛")

    people = ["嘉宾：董彬、文再文、谢伟迪、张午阳、张文涛", "主持：张林峰"]
    said = [
        [text for block in one.blocks for line in block.lines if (text := plain(line))[:2] in ("嘉宾", "主持")]
        for one in (*cards, listed)
    ]
    assert said == [["主持：吴磊"], people, [], people]


@pytest.mark.parametrize("text", ["提醒", "关闭提醒", "退订", "stop", "Notifications"])
async def test_whoever_wants_no_more_reminders_is_shown_the_settings(app: App, text: str) -> None:
    user = await acquaintance.meet(app.db, "telegram", "7", "zh", now=app.clock.now())
    reply = await app.answer(typed(text), "zh", user=user)
    assert plain(reply.blocks[0].lines[0]) == "设置"
