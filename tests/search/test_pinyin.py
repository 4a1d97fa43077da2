import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.names import latin_keys
from bot.search.pinyin import flat, is_pinyin, latin, readings, sounds, split, syllabified


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("刘徽", "Hui Liu"),
        ("祖冲之", "Chongzhi Zu"),
        ("单墫", "Zun Shan"),
        ("曾纪鸿", "Jihong Zeng"),
        ("解缙", "Jin Xie"),
        ("仇英", "Ying Qiu"),
        ("朴仁老", "Renlao Piao"),
        ("盖吴", "Wu Ge"),
        ("查士标", "Shibiao Zha"),
        ("任昉", "Fang Ren"),
        ("区适子", "Shizi Ou"),
        ("翟让", "Rang Zhai"),
        ("覃沙", "Sha Qin"),
        ("乐毅", "Yi Yue"),
        ("卜商", "Shang Bu"),
        ("缪袭", "Xi Miao"),
        ("尉迟敬德", "Jingde Yuchi"),
        ("欧阳修", "Xiu Ouyang"),
        ("司马光", "Guang Sima"),
        ("單國璽", "Guoxi Shan"),
        ("吕才", "Cai Lyu"),
        ("女娲", "Wa Nyu"),
        ("林乾", "Qian Lin"),
        ("王重阳", "Chongyang Wang"),
        ("嬴", "Ying"),
        ("艾米·诺特", "Aimi Nuote"),
        (" 祖 冲之 ", "Chongzhi Zu"),
        ("Emmy  Noether", "Emmy Noether"),
        ("", ""),
    ],
)
def test_a_name_is_written_given_name_first_with_its_surname_read_as_a_surname(printed: str, written: str) -> None:
    assert latin(printed) == written


@given(st.text())
def test_any_name_can_be_written(name: str) -> None:
    assert isinstance(latin(name), str)
    assert all(sound == sound.casefold() for sound in sounds("".join(name.split()).casefold()))


def test_surnames_of_two_characters_are_kept_together() -> None:
    assert [split(name) for name in ("司马光", "司马", "王安石", "亚里士多德")] == [
        ("司马", "光"),
        ("司", "马"),
        ("王", "安石"),
        ("", "亚里士多德"),
    ]


def test_a_character_with_two_readings_sounds_both_ways() -> None:
    assert readings("乐") == ("le", "yue")
    assert sounds("单乐") == ("shanle", "shanyue", "danle", "danyue", "chanle", "chanyue")


def test_words_are_read_as_syllables_in_every_way() -> None:
    assert syllabified("fangan", 2) == [("fang", "an"), ("fan", "gan")]
    assert syllabified("douglas", 2) == []
    assert [is_pinyin(word) for word in ("liming", "dongbn", "noether")] == [True, False, False]


def test_sounds_that_many_do_not_tell_apart_are_one() -> None:
    assert [flat(word) for word in ("zhangsheng", "zansen")] == ["zansen", "zansen"]


def test_a_latin_name_has_keys_in_both_orders_and_for_initials_and_spellings_of_u() -> None:
    keys = latin_keys("Kaifeng Lyu", 2)
    assert keys.whole == {"kaifenglyu", "lyukaifeng", "kaifenglv", "lvkaifeng", "kaifenglu", "lukaifeng"}
    assert keys.given == {"kaifeng"}
    assert keys.surname == {"lyu", "lv", "lu"}
    assert keys.initials == {
        "klyu",
        "klv",
        "klu",
        "lyuk",
        "lvk",
        "luk",
        "kflyu",
        "kflv",
        "kflu",
        "lyukf",
        "lvkf",
        "lukf",
        "kl",
        "lk",
        "kfl",
        "lkf",
    }
    assert latin_keys("Kaifeng Lü", 2) == keys
