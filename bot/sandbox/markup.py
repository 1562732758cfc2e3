"""Keyboards, checked as Telegram checks them (Bot API, "Available types", reply markups)."""

from __future__ import annotations

from bot.sandbox.text import check_url
from bot.sandbox.wire import Json, Params, bad

MAX_CALLBACK_BYTES = 64  # Bot API, InlineKeyboardButton.callback_data: 1-64 bytes, UTF-8
MAX_BUTTONS = 100  # Telegram's own: more buttons than this in one keyboard are REPLY_MARKUP_TOO_LONG
ACTIONS = ("callback_data", "url", "copy_text", "web_app", "switch_inline_query", "switch_inline_query_current_chat")
FLAGS = ("resize_keyboard", "one_time_keyboard", "is_persistent", "selective", "remove_keyboard", "force_reply")

Rows = list[list[Json]]


def read_markup(params: Params) -> Json | None:
    """The call's reply_markup: exactly one of the four kinds, or None. Refuses in Telegram's words."""
    markup = params.parsed("reply_markup", "reply keyboard markup")
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    for flag in FLAGS:
        if not isinstance(markup.get(flag, False), bool):
            raise bad(f'field "{flag}" must be of type Boolean')
    if "inline_keyboard" in markup:
        rows = _rows(markup, "inline_keyboard", inline=True)
        return {"inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        return {**markup, "keyboard": _rows(markup, "keyboard", inline=False)}
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    return None


def _rows(markup: Json, field: str, *, inline: bool) -> Rows:
    given = markup[field]
    if not isinstance(given, list):
        raise bad(f'field "{field}" must be of type Array')
    rows: Rows = []
    for row in given:
        if not isinstance(row, list):
            raise bad(f'field "{field}" must be an Array of Arrays')
        if row:
            rows.append([_inline(button) if inline else _reply(button) for button in row])
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad("reply markup is too long")
    return rows


def _inline(button: object) -> Json:
    words = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad(words + "InlineKeyboardButton must be an Object")
    text = button.get("text")
    if text is None:
        raise bad(words + 'Can\'t find field "text"')
    if not str(text).strip():
        raise bad("inline keyboard button text must be non-empty")
    kept = {name: button[name] for name in ACTIONS if button.get(name) not in (None, "")}
    if not kept:
        raise bad(words + "Text buttons are unallowed in the inline keyboard")
    if "url" in kept:
        check_url(str(kept["url"]), "inline keyboard button URL")
    if "callback_data" in kept and len(str(kept["callback_data"]).encode()) > MAX_CALLBACK_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    return {"text": text, **kept}


def _reply(button: object) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad("can't parse keyboard button: KeyboardButton must be a String or an Object")
    if "text" not in button:
        raise bad("can't parse keyboard button: Can't find field \"text\"")
    if not str(button["text"]).strip():
        raise bad("keyboard button text must be non-empty")
    return button
