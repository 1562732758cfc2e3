"""The sandbox's Bot API, as python-telegram-bot finds it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken

from bot.sandbox import Phone, Sandbox
from bot.sandbox.pictures import png
from tests.sandbox_bot import CARER, COORDINATOR, STRANGER, buttons, listening, talking


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with listening(Sandbox()) as sandbox:
        yield sandbox


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with talking(sandbox) as bot:
        yield bot


@pytest.fixture
def carer(sandbox: Sandbox) -> Phone:
    phone = sandbox.phone(CARER)
    phone.command("/start")
    return phone


async def updates(bot: Bot) -> tuple[Update, ...]:
    return await bot.get_updates(timeout=5)


async def test_the_bot_learns_who_it_is(bot: Bot) -> None:
    me = await bot.get_me()

    assert (me.id, me.is_bot, me.username) == (100000, True, "backwatch_demo_bot")


async def test_a_command_arrives_with_its_entity(bot: Bot, carer: Phone) -> None:
    [update] = await updates(bot)

    assert update.message is not None
    assert update.message.text == "/start"
    assert update.message.chat.id == CARER
    assert [(entity.type, entity.offset, entity.length) for entity in update.message.entities] == [
        ("bot_command", 0, 6)
    ]


async def test_a_long_poll_wakes_at_once(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    [first] = await updates(bot)
    poll = asyncio.create_task(bot.get_updates(offset=first.update_id + 1, timeout=50))
    await sandbox.calls.wait_for("getUpdates", 2)

    async with asyncio.timeout(2):
        carer.say("hello")
        [update] = await poll

    assert update.update_id == first.update_id + 1


async def test_an_offset_confirms_everything_below_it(bot: Bot, carer: Phone) -> None:
    carer.say("one")
    carer.say("two")
    start, one, two = await updates(bot)

    again = await bot.get_updates(offset=two.update_id)
    newest = await bot.get_updates(offset=-1)

    assert [update.update_id for update in again] == [update.update_id for update in newest] == [two.update_id]
    assert (start.update_id, one.update_id) == (two.update_id - 2, two.update_id - 1)


async def test_of_two_pollers_the_older_is_told_of_a_conflict(sandbox: Sandbox, bot: Bot) -> None:
    async with talking(sandbox) as other:
        older = asyncio.create_task(bot.get_updates(timeout=50))
        await sandbox.calls.wait_for("getUpdates", 1)
        newer = asyncio.create_task(other.get_updates(timeout=50))

        with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
            await older
        sandbox.phone(CARER).say("hello")

        assert len(await newer) == 1


async def test_a_message_is_shown_on_the_phone_as_it_was_sent(bot: Bot, carer: Phone) -> None:
    text = "👍 bold and https://example.org/a."
    sent = await bot.send_message(
        CARER, text, entities=[MessageEntity("bold", 3, 4)], reply_markup=buttons(("Yes", "No"))
    )

    shown = await carer.wait_for("bold")

    assert (shown.id, shown.text, shown.labels) == (sent.message_id, text, ["Yes", "No"])
    assert sent.parse_entities() == {sent.entities[0]: "bold", sent.entities[1]: "https://example.org/a"}


async def test_spaces_around_a_text_are_trimmed_and_entities_move_along(bot: Bot, carer: Phone) -> None:
    sent = await bot.send_message(CARER, "  now  ", entities=[MessageEntity("bold", 0, 7)])

    assert (sent.text, sent.entities[0].offset, sent.entities[0].length) == ("now", 0, 3)


async def test_a_tap_is_answered_once(bot: Bot, carer: Phone) -> None:
    await bot.send_message(CARER, "Well?", reply_markup=buttons(("Yes", "No")))
    tap = carer.tap(carer.last, "Yes")
    query = (await updates(bot))[-1].callback_query
    assert query is not None

    await query.answer("Noted", show_alert=True)

    assert query.data == "yes"
    assert (tap.answered, tap.text, tap.alert, carer.unanswered) == (True, "Noted", True, [])
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await query.answer()


async def test_an_old_or_unknown_tap_cannot_be_answered(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    sandbox.world.query_life = 0
    tap = carer.press(1, "old")

    for query in (tap.id, "12345"):
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(query)

    assert carer.unanswered == [tap]


async def test_an_edit_shows_and_takes_the_buttons_away(bot: Bot, carer: Phone) -> None:
    sent = await bot.send_message(CARER, "Well?", reply_markup=buttons(("Yes",)))

    edited = await bot.edit_message_text("Thank you", CARER, sent.message_id)

    assert (carer.last.text, carer.last.buttons) == ("Thank you", [])
    assert isinstance(edited, Message)
    assert edited.edit_date is not None


@pytest.mark.parametrize(
    ("text", "entities", "words"),
    [
        (" ", [], "Text must be non-empty"),
        ("x" * 4097, [], "Message is too long"),
        ("😀" * 2049, [], "Message is too long"),
        ("hello", [MessageEntity("bold", 0, 6)], "ends after the end of the text at utf-16 offset 6"),
        ("hello", [MessageEntity("bold", 9, 1)], "begins after the end of the text at utf-16 offset 9"),
        ("hello", [MessageEntity("bold", -1, 1)], "Receive an entity with incorrect offset -1"),
        ("😀", [MessageEntity("bold", 1, 1)], "Entity begins in a middle of a utf-16 symbol"),
        ("hello", [MessageEntity("loud", 0, 1)], "Unsupported type specified"),
        ("hello", [MessageEntity("text_link", 0, 1, url="javascript:1")], "Wrong http url"),
    ],
)
async def test_a_text_telegram_would_refuse_is_refused(
    bot: Bot, carer: Phone, text: str, entities: list[MessageEntity], words: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.send_message(CARER, text, entities=entities)

    assert carer.received == []


@pytest.mark.parametrize(
    ("button", "words"),
    [
        (InlineKeyboardButton("A", callback_data="é" * 33), "Button_data_invalid"),
        (InlineKeyboardButton("A", callback_data=""), "Text buttons are unallowed in the inline keyboard"),
        (InlineKeyboardButton("", callback_data="a"), "button text must be non-empty"),
        (InlineKeyboardButton("A", url="ftp://example.org"), "Unsupported url protocol"),
    ],
)
async def test_a_button_telegram_would_refuse_is_refused(
    bot: Bot, carer: Phone, button: InlineKeyboardButton, words: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.send_message(CARER, "Well?", reply_markup=InlineKeyboardMarkup([[button]]))


async def test_the_longest_that_telegram_takes_is_taken(bot: Bot, carer: Phone) -> None:
    await bot.send_message(
        CARER, "x" * 4096, reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="x" * 64)]])
    )

    assert len(carer.last.text) == 4096


async def test_an_edit_that_changes_nothing_or_finds_nothing_is_refused(bot: Bot, carer: Phone) -> None:
    own = carer.say("mine")
    sent = await bot.send_message(CARER, "Well?", reply_markup=buttons(("Yes",)))
    plain = await bot.send_message(CARER, "Menu", reply_markup=ReplyKeyboardMarkup([["Help"]]))

    with pytest.raises(BadRequest, match="exactly the same as a current content and reply markup of the message"):
        await bot.edit_message_text("Well?", CARER, sent.message_id, reply_markup=buttons(("Yes",)))
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_reply_markup(CARER, 999)
    for fixed in (own.id, plain.message_id):
        with pytest.raises(BadRequest, match="Message can't be edited"):
            await bot.edit_message_text("x", CARER, fixed)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(CARER, 999)


async def test_a_bot_writes_only_to_people_who_wrote_first_and_have_not_blocked_it(bot: Bot, carer: Phone) -> None:
    carer.block()

    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(CARER, "hello")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(COORDINATOR, "hello")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(STRANGER, "hello")

    carer.unblock()
    await bot.send_message(CARER, "hello")
    assert carer.texts == ["hello"]
    changes = [update.my_chat_member for update in await updates(bot)]
    assert [change.new_chat_member.status for change in changes if change] == ["kicked", "member"]


async def test_a_reply_keyboard_stays_until_it_is_removed(bot: Bot, carer: Phone) -> None:
    keyboard = ReplyKeyboardMarkup([["Symptoms", "Help"]], is_persistent=True, resize_keyboard=True)
    await bot.send_message(CARER, "Menu", reply_markup=keyboard)
    await bot.send_message(CARER, "More")
    assert carer.keyboard == [["Symptoms", "Help"]]
    await bot.send_message(CARER, "Bye", reply_markup=ReplyKeyboardRemove())

    assert carer.keyboard == []


async def test_a_forced_reply_points_at_the_question(bot: Bot, carer: Phone) -> None:
    asked = await bot.send_message(CARER, "How much?", reply_markup=ForceReply())

    carer.say("5")

    message = (await updates(bot))[-1].message
    assert message is not None
    assert message.reply_to_message is not None
    assert message.reply_to_message.message_id == asked.message_id


async def test_files_go_both_ways(bot: Bot, carer: Phone) -> None:
    carer.photo(png(800, 600), "the letter")
    [_, update] = await updates(bot)
    assert update.message is not None
    sizes = update.message.photo
    got = await (await bot.get_file(sizes[-1].file_id)).download_as_bytearray()

    sent = await bot.send_document(CARER, b"a,b\n", filename="answers.csv", caption="Yours")
    again = await bot.send_photo(CARER, sizes[-1].file_id)

    assert ([(size.width, size.height) for size in sizes], bytes(got)) == ([(320, 240), (800, 600)], png(800, 600))
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size, sent.caption) == ("answers.csv", 4, "Yours")
    assert again.photo[-1].file_unique_id == sizes[-1].file_unique_id
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(CARER, png(10, 10), caption="x" * 1025)
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_document(CARER, "nothing")


async def test_each_person_sees_the_commands_meant_for_them(sandbox: Sandbox, bot: Bot, carer: Phone) -> None:
    everyone, staff = [BotCommand("help", "Help")], [BotCommand("alerts", "Open alerts")]
    await bot.set_my_commands(everyone)
    await bot.set_my_commands(staff, scope=BotCommandScopeChat(COORDINATOR))

    assert [command["command"] for command in carer.commands] == ["help"]
    assert [command["command"] for command in sandbox.phone(COORDINATOR).commands] == ["alerts"]
    assert await bot.get_my_commands(BotCommandScopeChat(COORDINATOR)) == tuple(staff)

    await bot.delete_my_commands(BotCommandScopeChat(COORDINATOR))
    assert [command["command"] for command in sandbox.phone(COORDINATOR).commands] == ["help"]
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Help me", "Help")])


async def test_a_wrong_token_is_refused(sandbox: Sandbox) -> None:
    for token in ("100000:another", "nonsense"):
        async with talking(sandbox, token) as other:
            with pytest.raises(InvalidToken):
                await other.get_me()
