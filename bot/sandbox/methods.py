"""The Bot API's methods, each a function of the world and one call's parameters."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.sandbox import profile, sending
from bot.sandbox.markup import read_markup
from bot.sandbox.text import MAX_CAPTION, MAX_TEXT, read_text
from bot.sandbox.wire import Json, Params, bad
from bot.sandbox.world import Message, World

Method = Callable[[World, Params], object]

MAX_ANSWER = 200  # Bot API, answerCallbackQuery: 0-200 characters
OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def get_me(world: World, _: Params) -> Json:
    """Bot API, getMe."""
    return world.bot


def _editable(world: World, params: Params) -> Message:
    if params.text("inline_message_id"):
        raise bad("MESSAGE_ID_INVALID")
    chat = world.open_chat(params.text("chat_id"))
    if not params.text("message_id"):
        raise bad("message identifier is not specified")
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad("message to edit not found")
    if not message.from_bot or message.reply_markup is not None:  # Bot API, "Updating messages": none or inline only
        raise bad("message can't be edited")
    return message


def _inline_only(params: Params) -> Json | None:
    markup = read_markup(params)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad("inline keyboard expected")
    return markup


def edit_message_text(world: World, params: Params) -> Json:
    """Bot API, editMessageText. Without reply_markup the inline keyboard goes, as at Telegram."""
    message = _editable(world, params)
    if "text" not in message.content:
        raise bad("there is no text in the message to edit")
    text, entities = read_text(params, "text", MAX_TEXT)
    if not text:
        raise bad("message text is empty")
    content: Json = {**message.content, "text": text}
    content.pop("entities", None)
    if entities:
        content["entities"] = entities
    return _edit(world, message, content, _inline_only(params))


def edit_message_caption(world: World, params: Params) -> Json:
    """Bot API, editMessageCaption."""
    message = _editable(world, params)
    if "text" in message.content:
        raise bad("there is no caption in the message to edit")
    caption, entities = read_text(params, "caption", MAX_CAPTION)
    content = {name: value for name, value in message.content.items() if name not in ("caption", "caption_entities")}
    content.update(sending.captioned(caption, entities))
    return _edit(world, message, content, _inline_only(params))


def edit_message_reply_markup(world: World, params: Params) -> Json:
    """Bot API, editMessageReplyMarkup."""
    message = _editable(world, params)
    return _edit(world, message, message.content, _inline_only(params))


def _edit(world: World, message: Message, content: Json, markup: Json | None) -> Json:
    if content == message.content and markup == message.markup:
        raise bad(NOT_MODIFIED)
    if content != message.content:
        message.edited_at = world.now()
    message.content, message.markup = content, markup
    world.changed("message", message.chat, message)
    return message.wire()


def delete_message(world: World, params: Params) -> bool:
    """Bot API, deleteMessage; the 48-hour limit is not kept."""
    chat = world.open_chat(params.text("chat_id"))
    message = chat.messages.pop(params.integer("message_id"), None)
    if message is None:
        raise bad("message to delete not found")
    world.changed("deleted", chat, message)
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    """Bot API, answerCallbackQuery. A query is answered once, while it lives."""
    query = world.queries.get(params.text("callback_query_id"))
    if query is None or query.answered or time.monotonic() - query.born >= world.query_life:
        raise bad(OLD_QUERY)
    text = params.text("text")
    if len(text) > MAX_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    query.text, query.alert, query.answered = text, params.flag("show_alert"), True
    del world.queries[query.id]
    world.changed("query", query.chat, query)
    return True


METHODS: dict[str, Method] = {
    "getme": get_me,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "sendchataction": sending.send_chat_action,
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_callback_query,
    "getfile": sending.get_file,
    "getchat": profile.get_chat,
    "setmycommands": profile.set_my_commands,
    "getmycommands": profile.get_my_commands,
    "deletemycommands": profile.delete_my_commands,
    "setmydescription": profile.set_my_description,
    "getmydescription": profile.get_my_description,
    "setmyshortdescription": profile.set_my_short_description,
    "getmyshortdescription": profile.get_my_short_description,
    "deletewebhook": profile.delete_webhook,
    "getwebhookinfo": profile.get_webhook_info,
}
PACED = frozenset({"sendmessage", "sendphoto", "senddocument"})  # what Telegram's flood limits count
