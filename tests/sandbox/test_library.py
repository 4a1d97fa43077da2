"""The library that the bot is built on reads every answer and every update of the sandbox."""

import struct

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputFile,
    InputTextMessageContent,
    MenuButtonCommands,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, RetryAfter


@pytest.fixture
async def bot(box):
    async with Bot(box.token, base_url=f"{box.url}/bot", base_file_url=f"{box.url}/file/bot") as bot:
        yield bot


def whole(update: Update) -> dict:
    """What the library kept, without what it adds by itself."""
    added = ("channel_chat_created", "delete_chat_photo", "group_chat_created", "supergroup_chat_created")

    def clean(value):
        if isinstance(value, dict):
            return {k: clean(v) for k, v in value.items() if k not in added or v}
        return [clean(each) for each in value] if isinstance(value, list) else value

    return clean(update.to_dict())


async def test_every_kind_of_update_is_read_completely(box, bot, an):
    message = await bot.send_message(
        an.id, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Star", callback_data="star:1")]])
    )
    box.start(an, "x")
    box.press(an, message.message_id, "Star")
    box.edit(an, box.say(an, "/nxt 😀", reply_to=message.message_id), "/next")
    box.block(an)
    box.unblock(an)
    group = box.group("Attendees", an, kind="group")
    box.upgrade(group)
    box.remove_bot(box.group("Others", an, admin=True))
    box.post(box.channel("News", an), "news at https://x.org")
    query = box.inline_query(an, "A1")
    await bot.answer_inline_query(
        query, [InlineQueryResultArticle("A1", "A1", InputTextMessageContent("<b>A1</b>", parse_mode="HTML"))]
    )
    box.choose(query, "A1", an)
    sent = box.pending

    read = await bot.get_updates()

    assert [whole(update) for update in read] == sent
    assert [update.effective_chat is not None or update.effective_user is not None for update in read] == [True] * len(
        sent
    )


async def test_messages_of_every_kind_are_read(bot, an):
    text = await bot.send_message(
        an.id,
        '<b>A1</b> <tg-time unix="1754712000" format="r">soon</tg-time><blockquote expandable>more</blockquote>',
        parse_mode="HTML",
    )
    assert [entity.type for entity in text.entities] == ["bold", "date_time", "expandable_blockquote"]
    edited = await bot.edit_message_text("A2", an.id, text.message_id)
    assert (edited.text, edited.edit_date is not None) == ("A2", True)
    document = await bot.send_document(an.id, InputFile(b"BEGIN:VCALENDAR", "a.ics"), caption="Yours")
    file = await bot.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"BEGIN:VCALENDAR"
    picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 64, 48)
    photo = await bot.send_photo(an.id, picture)
    assert (photo.photo[0].width, photo.photo[0].height) == (64, 48)
    venue = await bot.send_venue(an.id, 39.9, 116.4, "Hall", "Beijing")
    assert venue.venue.title == "Hall"
    assert await bot.pin_chat_message(an.id, venue.message_id) is True
    assert (await bot.get_chat(an.id)).pinned_message == venue
    assert await bot.unpin_chat_message(an.id) is True
    assert await bot.delete_message(an.id, venue.message_id) is True


async def test_chats_and_members_are_read(box, bot, an):
    group = box.group("Attendees", an, admin=True)
    assert (await bot.get_chat(group.id)).title == "Attendees"
    found = [(await bot.get_chat_member(group.id, who)).status for who in (an.id, box.bot.id)]
    assert found == ["creator", "administrator"]
    assert [member.user.id for member in await bot.get_chat_administrators(group.id)] == [an.id, box.bot.id]


async def test_what_the_bot_says_of_itself_is_read_back(bot):
    commands = (BotCommand("next", "接下来"),)
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands(commands, scope=scope, language_code="zh")
    assert await bot.get_my_commands(scope=scope, language_code="zh") == commands
    await bot.set_my_name("议程", language_code="zh")
    assert (await bot.get_my_name("zh")).name == "议程"
    await bot.set_my_description("d")
    await bot.set_my_short_description("s")
    assert (await bot.get_my_description()).description == "d"
    assert (await bot.get_my_short_description()).short_description == "s"
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert await bot.get_chat_menu_button() == MenuButtonCommands()


async def test_refusals_become_the_librarys_errors(box, bot, an, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    group = box.group("Attendees", an, kind="group")
    box.upgrade(group)
    with pytest.raises(ChatMigrated):
        await bot.send_message(group.id, "x")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(5, "x")
    box.fault("error", code=429, retry_after=3, count=1)
    with pytest.raises(RetryAfter):
        await bot.send_message(an.id, "x")
    box.block(an)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(an.id, "x")
    await bot.set_webhook("https://x.org/hook")
    assert (await bot.get_webhook_info()).url == "https://x.org/hook"
    with pytest.raises(Conflict):
        await bot.get_updates()
