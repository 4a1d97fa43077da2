"""The command table: the index of the bot, in the order in which help and menus list it.

The help of a command is the key `help.NAME` in the catalogues, an example of what it takes `help.example_NAME`.
"""

from dataclasses import dataclass

from bot.commands import (
    allowing,
    broadcasting,
    changing,
    claiming,
    controlling,
    handlers,
    importing,
    inviting,
    keeping,
    manning,
    numbers,
    offers,
    outboxes,
    personal,
    sentences,
)
from bot.commands.ask import Ask, Handler
from bot.commands.examples import for_help
from bot.replies import desk
from bot.replies.reply import Reply
from bot.services.rights import Need


@dataclass(frozen=True)
class Command:
    """A command by its slash name and by the words people use instead.

    takes   it takes an argument (help shows an example).
    writes  its effect is written in the transaction that marks the question as handled.
    alike   whoever asks it at the same moment, with the same stars, gets the same answer.
    hidden  only buttons ask it; it is in no menu.
    needs   who else asks it gets the answer that an unknown command gets.
    own     it is about whoever asks: answered to somebody known, and not in front of others.
    """

    name: str
    handler: Handler
    words: tuple[str, ...] = ()
    takes: bool = False
    writes: bool = False
    alike: bool = False
    hidden: bool = False
    needs: Need | None = None
    own: bool = False


async def _help(ask: Ask) -> Reply:
    """The table as people read it; staff also what they can do."""
    staff = STAFF if (await ask.rights()).may("staff") else ()
    return desk.help_page(ask.voice, HELP, staff, examples=for_help(ask.voice))


_ALL = (
    Command("now", handlers.now, ("现在", "正在进行", "正在讲什么", "what's on", "what is on"), alike=True),
    Command(
        "next", handlers.coming, ("下一场", "下一个", "接下来", "下一节", "what's next", "what is next"), alike=True
    ),
    Command("room", handlers.room, ("会场", "会议室", "房间"), takes=True, alike=True),
    Command("day", handlers.day, ("日程", "议程", "programme", "program", "schedule"), takes=True, alike=True),
    Command("session", handlers.session, ("专题", "分会"), takes=True, alike=True),
    Command("talk", handlers.talk, ("报告",), takes=True, alike=True),
    Command("speaker", handlers.speaker, ("讲者", "报告人", "嘉宾", "who is"), takes=True, alike=True),
    Command("topic", sentences.topic, ("主题", "topics"), takes=True),
    Command("search", sentences.sentence, ("搜索", "查找", "查", "找", "find"), takes=True),
    Command(
        "info",
        handlers.info,
        ("会务", "会务信息", "信息", "签到", "地点", "联系方式", "会务组", "check-in", "check in"),
        alike=True,
    ),
    Command("offer", offers.offer, hidden=True),
    Command("read", sentences.again, hidden=True),
    Command("star", handlers.star, hidden=True, writes=True),
    Command("reminder", handlers.reminder, hidden=True),
    Command("keep", handlers.keep, hidden=True, writes=True),
    Command("during", handlers.during, hidden=True),
    Command(
        "mine",
        keeping.mine,
        ("我的日程", "我的收藏", "我的议程", "my day", "my talks", "my schedule", "my stars"),
        takes=True,
        own=True,
    ),
    Command("ics", keeping.ics, ("日历", "calendar"), writes=True, own=True),
    Command("card", keeping.card, ("置顶", "置顶我的日程", "pin my day"), writes=True, own=True),
    Command(
        "settings",
        personal.settings,
        ("设置", "提醒", "提醒设置", "关闭提醒", "通知", "退订", "preferences", "reminders", "notifications", "stop"),
        writes=True,
        own=True,
    ),
    Command("privacy", personal.privacy, ("隐私",), alike=True),
    Command("mydata", personal.mydata, ("我的数据", "my data"), own=True),
    Command("forgetme", personal.forgetme, ("忘记我", "删除我的数据", "forget me"), writes=True, own=True),
    Command("live", controlling.say, hidden=True, writes=True, own=True),
    Command("iam", claiming.iam, ("我是", "我是谁", "i am"), takes=True, writes=True, own=True),
    Command("chair", controlling.chair, ("主持", "my session"), takes=True, own=True),
    Command("resign", claiming.resign, hidden=True, writes=True, own=True),
    Command("join", inviting.join, hidden=True, writes=True, own=True),
    Command("lang", handlers.lang, ("语言", "language"), takes=True, writes=True),
    Command("cancel", changing.cancel, ("算了",), writes=True),
    Command("staff", manning.panel, ("工作台",), needs="staff"),
    *(
        Command(kind, changing.asker(kind), words, takes=True, writes=True, needs="staff")
        for kind, words in {
            "move": ("换会场", "改会场", "移动"),
            "retime": ("改时间", "调时间"),
            "delay": ("推迟", "延迟", "顺延"),
            "calloff": ("取消", "停办"),
            "restore": ("恢复",),
            "swap": ("互换", "对调", "交换"),
            "setspeaker": ("改报告人", "换报告人"),
            "settitle": ("改题目",),
            "addtalk": ("加报告", "增加报告"),
            "addroom": ("加会场", "增加会场"),
            "note": ("备注",),
        }.items()
    ),
    Command("undo", changing.undo, ("撤销",), writes=True, needs="staff"),
    Command("log", changing.log, ("修改记录",), needs="staff"),
    Command("import", importing.answer, ("导入",), writes=True, needs="staff"),
    Command("preview", changing.preview, hidden=True, writes=True, needs="staff"),
    Command("confirm", changing.confirm, hidden=True, writes=True, needs="staff"),
    Command("change", changing.change, hidden=True, writes=True, needs="staff"),
    Command("drop", changing.drop, hidden=True, writes=True, needs="staff"),
    Command("broadcast", broadcasting.broadcast, ("群发",), takes=True, writes=True, needs="staff", own=True),
    *(
        Command(name, handler, hidden=True, writes=True, needs="staff", own=True)
        for name, handler in {
            "audience": broadcasting.audience,
            "words": broadcasting.words,
            "later": broadcasting.later,
            "send": broadcasting.send,
            "stop": broadcasting.stop,
            "again": broadcasting.again,
        }.items()
    ),
    Command("draft", broadcasting.draft, hidden=True, needs="staff", own=True),
    Command("progress", broadcasting.progress, hidden=True, needs="staff", own=True),
    Command("stats", numbers.stats, ("统计",), needs="staff"),
    Command("outbox", outboxes.seen, ("发件箱",), needs="staff"),
    Command("resend", outboxes.resend, hidden=True, writes=True, needs="staff"),
    Command("invite", inviting.invite, ("邀请",), takes=True, writes=True, needs="staff", own=True),
    Command("team", manning.team, ("团队",), needs="staff"),
    Command("role", manning.role, hidden=True, writes=True, needs="staff"),
    Command("revoke", inviting.revoke, hidden=True, writes=True, needs="staff"),
    Command("verify", claiming.verify, hidden=True, writes=True, needs="staff"),
    Command("allow", allowing.allow, takes=True, writes=True, needs="owner"),
    Command("help", _help, ("帮助", "怎么用")),
    Command("start", handlers.start, ("开始", "你好", "您好", "hello", "hi")),
)
COMMANDS = {command.name: command for command in _ALL}

_AT_HAND = ("help", "start")
"""What needs no telling: it is how one comes to be told."""


def _listed(needs: Need | None) -> tuple[str, ...]:
    return tuple(one.name for one in _ALL if one.needs == needs and not one.hidden and one.name not in _AT_HAND)


HELP, STAFF = _listed(None), _listed("staff")
"""The commands that help and menus list, everybody's and those of staff, as they stand in the table."""
