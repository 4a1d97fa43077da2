"""What is cancelled is shown as cancelled wherever it appears, stays starred, and is never what comes next."""

import pytest
from asking import Asked, cancel, lines

from bot.app import App
from bot.domain.model import LANGS, Lang
from bot.replies.reply import Reply, plain


def struck(reply: Reply) -> list[str]:
    """The lines with something struck out."""
    return [
        plain(line) for block in reply.blocks for line in block.lines if any(span.struck and span.text for span in line)
    ]


@pytest.mark.parametrize("lang", LANGS)
async def test_a_cancelled_session_is_so_in_every_list(app: App, asked: Asked, lang: Lang) -> None:
    await cancel(app, "A8")
    views = {
        "/now": "13:35",
        "/next": "13:20",
        "/day": "08:00",
        "/room 7": "13:35",
        "13:30": "08:00",
        {"zh": "7号下午", "en": "room 7 this afternoon"}[lang]: "08:00",
        "/search 大模型训练": "08:00",
        "/speaker 许志钦": "08:00",
        "/speaker 赵鑫": "08:00",
    }
    found = {view: struck(await asked(view, lang, now=now)) for view, now in views.items()}

    assert list(found.values()) == SESSION[lang]


A8 = "A8 Training of Large Models 大模型训练"
SESSION = {
    "zh": [
        ["已取消　友谊宫 7 号　A8 大模型训练"],
        ["已取消　友谊宫 7 号　A8 大模型训练"],
        ["已取消　A8 大模型训练 · 7 号"],
        ["已取消　13:30–15:30 A8 大模型训练"],
        ["已取消　友谊宫 7 号　A8 大模型训练"],
        ["已取消　13:30–15:30　A8 大模型训练 · 7 号"],
        [
            "已取消　A8 大模型训练",
            "已取消　A8-1 大模型复杂推理技术",
            "已取消　A8-2 大模型密度法则与高密度大模型关键技术",
        ],
        ["已取消　8月9日 周六 13:30–15:30 A8 大模型训练 · 友谊宫 7 号"],
        ["已取消　8月9日 周六 ≈13:30–14:00 A8-1 大模型复杂推理技术"],
    ],
    "en": [
        ["Cancelled  Room 7 友谊宫 7 号  A8 Training of Large Models 大模型训练"],
        ["Cancelled  Room 7 友谊宫 7 号  A8 Training of Large Models 大模型训练"],
        ["Cancelled  A8 Training of Large Models 大模型训练 · Room 7"],
        ["Cancelled  13:30–15:30 A8 Training of Large Models 大模型训练"],
        ["Cancelled  Room 7 友谊宫 7 号  A8 Training of Large Models 大模型训练"],
        ["Cancelled  13:30–15:30  A8 Training of Large Models 大模型训练 · Room 7"],
        [
            "Cancelled  A8 Training of Large Models",
            "Cancelled  A8-1 Techniques for Complex Reasoning in Large Language Models",
            "Cancelled  A8-2 The Densing Law of Large Models and Key Techniques for High-Density Large Models",
        ],
        [f"Cancelled  Sat 9 Aug 13:30–15:30 {A8} · Friendship Palace Room 7 友谊宫 7 号"],
        ["Cancelled  Sat 9 Aug ≈13:30–14:00 A8-1 Techniques for Complex Reasoning in Large Language Models"],
    ],
}


@pytest.mark.parametrize("lang", LANGS)
async def test_a_cancelled_talk_is_so_on_its_card_and_its_session_s(app: App, asked: Asked, lang: Lang) -> None:
    await cancel(app, "A8-2", "INV-1", "圆桌论坛", "午餐")
    card = lines(await asked("/talk A8-2", lang))
    cards = [struck(await asked(one, lang)) for one in ("/session A8", "/day", "/speaker 刘知远", "/info")]
    panel = lines(await asked({"zh": "圆桌论坛", "en": "panel"}[lang], lang))
    offers = (await asked("~offer A8-2", lang)).offers

    assert (card[0], cards, panel[2], offers[0].title) == TALK[lang]


DENSING = {
    "zh": "A8-2 大模型密度法则与高密度大模型关键技术",
    "en": "A8-2 The Densing Law of Large Models and Key Techniques for High-Density Large Models",
}
TALK = {
    "zh": (
        "⚠️ 已取消",
        [
            ["已取消　≈14:00–14:30 刘知远（清华大学）"],
            [
                "已取消　08:40–09:25　邀请报告一 · 友谊宫 聚英厅",
                "已取消　10:30–12:00　圆桌论坛 · 友谊宫 聚英厅",
                "已取消　12:00–13:30　午餐",
            ],
            [f"已取消　8月9日 周六 ≈14:00–14:30 {DENSING['zh']}"],
            ["已取消　8月9日 周六 12:00–13:30 午餐（见餐券）"],
        ],
        "已取消　8月9日 周六 10:30–12:00 圆桌论坛",
        f"已取消　{DENSING['zh']}",
    ),
    "en": (
        "⚠️ Cancelled",
        [
            ["Cancelled  ≈14:00–14:30 Zhiyuan Liu 刘知远 (Tsinghua University)"],
            [
                "Cancelled  08:40–09:25  Invited Talk 1 · Friendship Palace Juying Hall",
                "Cancelled  10:30–12:00  Panel Discussion · Friendship Palace Juying Hall",
                "Cancelled  12:00–13:30  Lunch",
            ],
            [f"Cancelled  Sat 9 Aug ≈14:00–14:30 {DENSING['en']}"],
            ["Cancelled  Sat 9 Aug 12:00–13:30 Lunch (see your meal voucher)"],
        ],
        "Cancelled  Sat 9 Aug 10:30–12:00 Panel Discussion",
        f"Cancelled  {DENSING['en']}",
    ),
}


async def test_the_session_of_a_cancelled_talk_goes_on_without_it(app: App, asked: Asked) -> None:
    await cancel(app, "A8-2", "A3")
    following = [line for line in lines(await asked("/next", now="13:35")) if "束俊" in line or "刘知远" in line]

    assert following == ["≈14:30–15:00 束俊：初探大模型“智能涌现”现象：从线性到非线性"]


async def test_a_block_of_which_nothing_takes_place_is_not_next(app: App, asked: Asked) -> None:
    await cancel(app, "午餐", *(f"A{n}" for n in range(1, 9)))

    assert [line for line in lines(await asked("/next", now="11:50")) if line[:5] in ("13:30", "15:30", "16:00")] == [
        "15:30–16:00　茶歇",
        "16:00–18:00　8 场专题报告",
    ]
    assert lines(await asked("/now", now="13:40"))[2] == "现在没有安排。"


async def test_cards_for_other_chats_offer_what_takes_place(app: App, asked: Asked) -> None:
    await cancel(app, "A8-1", "A3")
    offered = {one.title.split()[0] for one in (await asked("~offer", now="13:35")).offers}

    assert offered & {"A8-1", "A8-2", "A3-1", "A3-2"} == {"A8-2"}


@pytest.mark.parametrize("lang", LANGS)
async def test_it_stays_starred(app: App, asked: Asked, lang: Lang) -> None:
    await asked("*A8-2", lang)
    await cancel(app, "A8-2")
    day = await asked("/mine", lang)

    assert [button.label for row in day.rows for button in row if "⭐" in button.label] == ["⭐ A8-2"]
