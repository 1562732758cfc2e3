"""What goes out: a rendered message as the Bot API call it becomes, and the row it waits in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from content.voice import Message, Rows

TAP_EXPIRES = timedelta(minutes=5)  # Telegram forgets a callback query within minutes; answering one late is refused
NEW_MESSAGES = frozenset({"sendMessage", "sendPhoto", "sendDocument"})  # what Telegram's limits count

Call = tuple[str, dict[str, Any]]  # a Bot API method and its parameters, without the chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One call waiting to be made. `where`: the database its row stands in. `lane`: calls of one lane stay in order.

    `owner`: whom it is about. `params` may hold more than the call takes: see bot/pictures.py.
    """

    id: int
    where: str
    person: str
    chat: int
    lane: str
    method: str
    params: Mapping[str, Any]
    urgency: int
    expires: datetime | None
    kept: bool  # as what was said to the person; everything else is dropped once it is sent
    tries: int = 0
    not_before: datetime | None = None
    owner: str = ""

    @property
    def paced(self) -> bool:
        """Whether it counts as a new message."""
        return self.method in NEW_MESSAGES

    def ready(self) -> dict[str, Any]:
        """The parameters with the chat, which is stored nowhere but with the keys."""
        if self.method == "answerCallbackQuery":
            return dict(self.params)
        if self.method == "setMyCommands":
            return {**self.params, "scope": {"type": "chat", "chat_id": self.chat}}
        return {**self.params, "chat_id": self.chat}

    def in_words(self) -> "Parcel":
        """A picture's words alone."""
        names = {"caption": "text", "caption_entities": "entities"}
        params = {names.get(name, name): value for name, value in self.params.items() if name != "svg"}
        return replace(self, method="sendMessage", params=params)

    def otherwise(self, reason: str) -> "Parcel | None":
        """How to show it after all, now that this call was refused; None if there is no other way."""
        if self.method == "sendPhoto":
            return self.in_words()
        if self.method == "editMessageText" and reason == "no_message":
            params = {name: value for name, value in self.params.items() if name != "message_id"}
            return replace(self, method="sendMessage", params=params)  # anew
        return None


def call_for(message: Message, tapped: int) -> Call | None:
    """The call that shows a message. `tapped`: the message whose button was tapped, 0 if it cannot be changed.

    None if there is nothing to change.
    """
    if message.kind == "tick":
        return ("editMessageReplyMarkup", {"message_id": tapped, **_markup(message)}) if tapped else None
    entities = [{"type": "bold", "offset": offset, "length": length} for offset, length in message.bold if length]
    again = {} if message.instead is None else {"instead": message.instead}
    if message.svg:
        told = {"svg": message.svg, "caption": message.text, **({"caption_entities": entities} if entities else {})}
        return "sendPhoto", {**told, **_markup(message), **again}
    body = {"text": message.text, **({"entities": entities} if entities else {}), **_markup(message), **again}
    if message.kind == "edit" and tapped:
        return "editMessageText", {"message_id": tapped, **body}
    return "sendMessage", body


def answer_tap(tap: str, message: Message | None) -> Call:
    """The answer every tap gets, with a notice or without."""
    if message is None:
        return "answerCallbackQuery", {"callback_query_id": tap}
    return "answerCallbackQuery", {"callback_query_id": tap, "text": message.text, "show_alert": message.alert}


def pack(call: Call) -> bytes:
    """A call as it is sealed."""
    return json.dumps(call, ensure_ascii=False, separators=(",", ":")).encode()


def unpack(sealed: bytes) -> Call:
    """The inverse of pack."""
    method, params = json.loads(sealed)
    return method, params


def lane(chat: int, method: str, row: int) -> str:
    """Messages of a chat stay in order; the answer to a tap waits for nobody."""
    return f"tap {row}" if method == "answerCallbackQuery" else str(chat)


def _markup(message: Message) -> dict[str, Any]:
    if message.panic:
        keyboard = {"keyboard": [[{"text": message.panic}]], "resize_keyboard": True, "is_persistent": True}
        return {"reply_markup": keyboard}
    if not message.buttons and message.kind == "send":
        return {}
    return {"reply_markup": {"inline_keyboard": _rows(message.buttons)}}


def _rows(rows: Rows) -> list[list[dict[str, str]]]:
    return [[{"text": words, "callback_data": data} for words, data in row] for row in rows]
