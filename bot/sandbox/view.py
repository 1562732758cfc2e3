"""What the page and out-of-process tests are shown: plain JSON of phones, messages, taps and calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.faults import Call
from bot.sandbox.phone import Phone
from bot.sandbox.profile import description_for
from bot.sandbox.wire import Json, Upload
from bot.sandbox.world import Message, Query

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox


def message(shown: Message) -> Json:
    """Bot API's Message, and on top what a phone shows: kind, from_bot, file_id."""
    return {
        **shown.wire(),
        "id": shown.id,
        "kind": shown.kind,
        "from_bot": shown.from_bot,
        "file_id": shown.file_id,
        "sender": (shown.sender or {}).get("id"),
        "force_reply": bool((shown.reply_markup or {}).get("force_reply")),
    }


def query(tap: Query) -> Json:
    """A tap and its answer: `answered`, `text`, `alert`."""
    return {
        "query_id": tap.id,
        "user": tap.user,
        "message_id": tap.message_id,
        "data": tap.data,
        "answered": tap.answered,
        "text": tap.text,
        "alert": tap.alert,
    }


def head(sandbox: Sandbox, phone: Phone) -> Json:
    """Everything about a phone but its messages."""
    chat = phone.chat
    return {
        "id": phone.id,
        "name": phone.user.name,
        "bot": sandbox.world.bot["first_name"],
        "started": chat.started,
        "blocked": chat.blocked,
        "keyboard": chat.keyboard,
        "commands": phone.commands,
        "description": description_for(sandbox.world, "description", phone.user.language),
        "unanswered": [query(tap) for tap in phone.unanswered],
    }


def snapshot(sandbox: Sandbox, phone: Phone) -> Json:
    """A phone with all its messages, oldest first."""
    return {**head(sandbox, phone), "messages": [message(shown) for shown in phone.messages]}


def call(made: Call) -> Json:
    """A call received; uploads only by name and size."""
    params = {name: repr(value) if isinstance(value, Upload) else value for name, value in made.params.items()}
    return {
        "method": made.method,
        "chat": made.chat,
        "params": params,
        "at": made.at.isoformat(),
        "clock": made.clock,
        "status": made.status,
    }
